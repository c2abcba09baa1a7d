/* web_input: what a request brings besides its path: query, form, cookies, language.
 * Needs: web_server, query. Used by: web_page, web_session, route_oauth. */
#ifndef BOT_WEB_WEB_INPUT_H
#define BOT_WEB_WEB_INPUT_H

#include "bot/web/web_server.h"
#include "core/query.h"

/* The query string; empty when there is none. ERR_INVALID (400) when it is malformed or too long. */
NODISCARD err_t *web_input_query(const struct web_request *r, struct query *ret_query);
/* The body as application/x-www-form-urlencoded; ERR_INVALID when it is of another type, malformed or too long. */
NODISCARD err_t *web_input_form(const struct web_request *r, struct query *ret_query);
/* A cookie's value as it came, in r->pool; NULL: none. Names are told apart by case (RFC 6265). */
const char *web_input_cookie(const struct web_request *r, const char *name);
/* Which of our languages an Accept-Language header prefers (RFC 9110); NULL or "": Portuguese; only others: English. */
enum lang web_input_lang_of(const char *header);

#endif
