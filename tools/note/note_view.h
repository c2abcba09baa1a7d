/* note_view: what notes are called, and the buttons that change one.
 * Needs: tool. Used by: tools/note, tool_process_inbox, tool_save_file. */
#ifndef TOOLS_NOTE_NOTE_VIEW_H
#define TOOLS_NOTE_NOTE_VIEW_H

#include "tools/tool.h"

#define NOTE_CHARS 20000
#define NOTE_TITLE_CHARS 500

struct note_row {
	int64_t id;
	const char *title, *text, *tags; /* tags as "a #b" */
	const char *date, *day;          /* when it was kept: "18/11", "2026-11-18" */
	struct json_texts tag_list;
	bool pinned, outside;
};
/* Reads the columns from col on; valid as long as rows. */
struct note_row note_row(struct req *req, const struct rows *rows, int row, int col);
/* The data of one, over struct note_row. */
extern const struct json_field note_fields[];
/* The first rows, at most max, as that; of each text the beginning. */
struct json_list note_rows(struct req *req, const struct rows *rows, int col, int max);

/* A note that was kept or changed, as the data of such an act. */
struct note_result {
	const struct note_row *note;
	struct json_list candidates;
};
extern const struct json_field note_result[];

/* The given title, or the first line of a text of several; "" for none. */
const char *note_title(apr_pool_t *pool, const char *given, const char *text);
/* The title, or the beginning of the text. */
const char *note_shown(apr_pool_t *pool, const char *title, const char *text);

void note_pin_button(struct req *req, int64_t id, bool pinned, struct outcome *ret);
void note_delete_button(struct req *req, int64_t id, struct outcome *ret);

/* Refuses: there is no note of that number. */
void note_absent(struct req *req, int64_t id, struct outcome *ret);

/* The one note that these words mean in *ret_id; else 0, and ret says that there is none, or asks which, with a button each that
 * runs the tool; pinned: its argument, or NULL. */
NODISCARD err_t *note_find(struct req *req, struct tx *tx, const char *words, const char *tool,
			   const char *pinned, struct outcome *ret, int64_t *ret_id);

#endif
