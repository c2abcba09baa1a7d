/* mydata: a person's own data: taken along as a ZIP, or erased for good.
 * Needs: replies, pending, people_admin. Used by: answers, commands. */
#ifndef BOT_TALK_MYDATA_H
#define BOT_TALK_MYDATA_H

#include "bot/turn/turn.h"

/* /exportar: a ZIP as a document, made when it is sent. */
NODISCARD err_t *mydata_export(struct turn *turn, const char *rest);
/* /apagar_tudo: asks for the word, which has to be typed within ten minutes. */
NODISCARD err_t *mydata_erase(struct turn *turn, const char *rest);
/* The typed word, after it was asked for: everything goes, and the receipt is the last thing that is said. Without the
 * question, how to ask. *ret_was false: the text is something else. */
NODISCARD err_t *mydata_word(struct turn *turn, bool *ret_was);

#endif
