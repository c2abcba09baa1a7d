/* note_view: what notes are called, and the buttons that change one.
 * Needs: tool. Used by: tools/note. */
#ifndef TOOLS_NOTE_NOTE_VIEW_H
#define TOOLS_NOTE_NOTE_VIEW_H

#include "tools/tool.h"

#define NOTE_CHARS 20000
#define NOTE_TITLE_CHARS 500

/* The given title, or the first line of a text of several; "" for none. */
const char *note_title(apr_pool_t *pool, const char *given, const char *text);
/* The title, or the beginning of the text. */
const char *note_shown(apr_pool_t *pool, const char *title, const char *text);

void note_pin_button(struct req *req, int64_t id, bool pinned, struct outcome *ret);
void note_delete_button(struct req *req, int64_t id, struct outcome *ret);

/* The one note that these words mean in *ret_id; else 0, and ret says that there is none, or asks which, with a button each:
 * data followed by the number. */
NODISCARD err_t *note_find(struct req *req, struct tx *tx, const char *words, const char *data,
			   struct outcome *ret, int64_t *ret_id);

#endif
