/* content_view: ideas as they are shown, and what a line says of ideas and posts.
 * Needs: tool. Used by: tools/content. */
#ifndef TOOLS_CONTENT_CONTENT_VIEW_H
#define TOOLS_CONTENT_CONTENT_VIEW_H

#include "tools/tool.h"

#define CONTENT_STATUSES "idea draft scheduled published archived"
#define CONTENT_CHANNELS "instagram linkedin twitter blog youtube other"

struct idea {
	int64_t id;
	const char *title, *text, *status, *channel, *theme, *format, *tags, *day;
	struct json_texts tag_list;
	bool outside;
};
/* Reads the columns from col on; valid as long as rows. */
struct idea idea_row(struct req *req, const struct rows *rows, int row, int col);
/* The data of one, over struct idea. */
extern const struct json_field idea_fields[];
/* The rows as that; of each text the beginning. */
struct json_list idea_rows(struct req *req, const struct rows *rows, int col);

/* An idea that was kept, changed or shown, as the data of such an act. */
struct idea_result {
	const struct idea *idea;
	struct json_list candidates;
};
extern const struct json_field idea_result[];

/* Refuses: there is no idea of that number. */
void idea_absent(struct req *req, int64_t id, struct outcome *ret);

/* What a line says; NULL: nothing of that. Numbers below 0: not said. */
struct content_words {
	const char *channel, *format, *status;
	int64_t views, likes, comments, shares;
	int64_t idea;   /* the idea's number, or 0 */
	bool published; /* somebody says that they have published */
};
struct content_words content_words_read(apr_pool_t *pool, const char *line);

/* All of an idea, with buttons, after the line lead (HTML, or NULL). Sets html, buttons, data (idea_result) and outside only. */
void idea_card(struct req *req, const struct idea *idea, const char *lead, struct outcome *ret);
/* "💡 <b>3</b> · mitos sobre café · instagram". HTML. */
const char *idea_line(struct req *req, const struct idea *idea);

#endif
