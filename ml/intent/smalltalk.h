/* smalltalk: greetings, thanks and the like: words that want an answer and nothing else.
 * Needs: text. Used by: understand (when there is no model). */
#ifndef ML_INTENT_SMALLTALK_H
#define ML_INTENT_SMALLTALK_H

#include "core/mem.h"

enum smalltalk { SMALLTALK_NONE, SMALLTALK_HELLO, SMALLTALK_THANKS, SMALLTALK_OK, SMALLTALK_BYE };

/* Only when that is all that was said ("oi, tudo bem?", not "oi, cria uma tarefa"). */
enum smalltalk smalltalk_find(apr_pool_t *pool, const char *text);

#endif
