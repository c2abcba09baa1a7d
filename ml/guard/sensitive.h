/* sensitive: what is never kept as a memory, however it is asked for.
 * Needs: text, guard. Used by: tool_remember, tool_set_preference.
 * Health, religion, politics, sexuality, documents and secrets (LGPD, article 5 II, and what DOMAIN adds). By words: it errs
 * on the side of not keeping. */
#ifndef ML_GUARD_SENSITIVE_H
#define ML_GUARD_SENSITIVE_H

#include "core/mem.h"

enum sensitive {
	SENSITIVE_NONE,
	SENSITIVE_HEALTH,
	SENSITIVE_RELIGION,
	SENSITIVE_POLITICS,
	SENSITIVE_SEXUALITY,
	SENSITIVE_DOCUMENT, /* CPF, cards, passwords, keys */
};

/* What the text touches, in Portuguese or English; the first that is found. */
enum sensitive sensitive_find(apr_pool_t *pool, const char *text);

#endif
