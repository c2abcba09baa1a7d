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
};
/* Reads the nine columns of the statements on ideas from col on. */
struct idea idea_row(const struct rows *rows, int row, int col);

/* What a line says; NULL: nothing of that. Numbers below 0: not said. */
struct content_words {
	const char *channel, *format, *status;
	int64_t views, likes, comments, shares;
	int64_t idea;   /* the idea's number, or 0 */
	bool published; /* somebody says that they have published */
};
struct content_words content_words_read(apr_pool_t *pool, const char *line);

/* All of an idea, with buttons, after the line lead (HTML, or NULL). Sets html, buttons and data only. */
void idea_card(struct req *req, const struct idea *idea, const char *lead, struct outcome *ret);
/* "💡 <b>3</b> · mitos sobre café · instagram". HTML. */
const char *idea_line(struct req *req, const struct idea *idea);

#endif
