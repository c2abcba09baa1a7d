/* web_static: the files of bot/web/static, built in and served under names that change with their content.
 * Needs: web_route; the table is generated. Used by: web_page, route_static. */
#ifndef BOT_WEB_WEB_STATIC_H
#define BOT_WEB_WEB_STATIC_H

#include <stddef.h>

struct web_static {
	const char *name; /* "page.css" */
	const char *path; /* "/static/page.0123456789abcdef.css" */
	const char *etag, *type;
	const unsigned char *data;
	size_t n;
};
extern const struct web_static web_statics[]; /* ends with a NULL name */

/* The path of a file for a page: "/static/page.0123456789abcdef.css". NULL: there is no such file. Lives for ever. */
const char *web_static_path(const char *name);

#endif
