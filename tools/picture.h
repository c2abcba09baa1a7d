/* picture: a message with a chart on its way out, however long its text.
 * Needs: outbox, telegram_html. Used by: replies, routine. */
#ifndef TOOLS_PICTURE_H
#define TOOLS_PICTURE_H

#include "db/outbox.h"

/* Puts a message that has a chart. Its text is the caption where it fits; a longer one follows as messages of their own, with the next
 * parts, and the picture has `caption` (HTML; NULL: the first line of the text). The keyboard is under the last. *ret_parts:
 * how many there were. */
NODISCARD err_t *picture_put(struct tx *tx, const struct outgoing *message, const char *caption,
			     int *ret_parts);

#endif
