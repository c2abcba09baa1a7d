/* web_session: how a session's token travels: as a bearer token, or as a cookie that scripts cannot read.
 * Needs: web_answer, session. Used by: web_guard, route_me, route_oauth. */
#ifndef BOT_WEB_WEB_SESSION_H
#define BOT_WEB_WEB_SESSION_H

#include "bot/web/web_server.h"

/* The request's token, in r->pool; NULL: none that could be one. *ret_cookie: it came by itself, as a cookie does. The
 * header Authorization goes before the cookie. */
const char *web_session_token(const struct web_request *r, bool *ret_cookie);
/* Whether a page of ours sent it, and not another site's: by Sec-Fetch-Site and Origin; false when neither is there. */
bool web_session_same_origin(const struct web_request *r);
/* Sets the cookie with the answer, for life_s seconds; token NULL takes it away. Behind https its name has the prefix
 * __Host-, so that no neighbouring domain can plant it. */
NODISCARD err_t *web_session_cookie(struct web_request *r, const char *token, int64_t life_s);
/* The same of a consent at Google, which has a cookie of its own; NULL: none that could be one. */
const char *web_session_consent(const struct web_request *r);
NODISCARD err_t *web_session_consent_cookie(struct web_request *r, const char *token, int64_t life_s);
/* s when it could be a token, else NULL. */
const char *web_session_token_read(const char *s);
/* Whether the browser says that another site's page made it send this: for forms that no cookie guards. Our own pages, which tell
 * nobody where they are, come with the origin "null". */
bool web_session_elsewhere(const struct web_request *r);

#endif
