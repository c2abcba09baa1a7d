/* answers: words that answer what Lembra asked last, and the few words that are commands without a slash.
 * Needs: pending, registry, replies, when. Used by: understand.
 * No model and no rules: "sim" to a card, "amanhã às 9h" to "until when?", "desfazer", "ajuda". */
#ifndef BOT_TALK_ANSWERS_H
#define BOT_TALK_ANSWERS_H

#include "bot/turn/turn.h"

/* *ret_was false: the text is something else, and nothing was said. */
NODISCARD err_t *answers_find(struct turn *turn, bool *ret_was);

#endif
