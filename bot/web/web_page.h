/* web_page: a page for people: one frame, no scripts, nothing from elsewhere.
 * Needs: web_answer, web_static, i18n. Used by: route_home, route_oauth. */
#ifndef BOT_WEB_WEB_PAGE_H
#define BOT_WEB_WEB_PAGE_H

#include "bot/web/web_server.h"

/* The language that the browser asks for. */
enum lang web_page_lang(const struct web_request *r);
/* Answers with a page in that language. title: plain text; body: HTML, so that what is not ours went through
 * text_html or tr(). */
NODISCARD err_t *web_page_answer(struct web_request *r, int status, enum lang lang, const char *title,
				 const char *body);
/* The same, with a form that leads on to another site ("https://accounts.google.com"): browsers hold the redirect after it
 * against the page, too. */
NODISCARD err_t *web_page_answer_to(struct web_request *r, int status, enum lang lang, const char *title,
				    const char *body, const char *origin);

#endif
