/* inbox_view: what inbox items are about, and the buttons that sort them.
 * Needs: tool. Used by: tools/inbox. */
#ifndef TOOLS_INBOX_INBOX_VIEW_H
#define TOOLS_INBOX_INBOX_VIEW_H

#include "tools/tool.h"

#define INBOX_KINDS "text link file voice photo place other"
#define INBOX_CATEGORIES "personal work health content finance other"

struct inbox_row {
	int64_t id;
	const char *kind, *text, *date, *day, *status, *category, *suggested,
		*tags; /* as tools/inbox/inbox.sql says */
	struct json_texts tag_list;
	bool outside;
};
/* Reads the columns from col on; valid as long as rows. */
struct inbox_row inbox_row(struct req *req, const struct rows *rows, int row, int col);
/* The data of one, over struct inbox_row. */
extern const struct json_field inbox_fields[];

/* The category that words of the text speak for; NULL: none does. */
const char *inbox_category(apr_pool_t *pool, const char *text);

/* " · 💼 trabalho", with a "?" when it is only suggested; "" for none. HTML. */
const char *inbox_about(struct req *req, const char *category, const char *suggested);

/* A row of buttons that turn the item into a task, a note or an event, or archive it. numbered: the first carries the item's number. */
void inbox_buttons(struct req *req, int64_t id, int row, bool numbered, struct outcome *ret);

#endif
