/* web_answer: what a request is answered with.
 * Needs: web_server. Used by: bot/web.
 * Each request is answered once; what comes after the first answer is dropped. */
#ifndef BOT_WEB_WEB_ANSWER_H
#define BOT_WEB_WEB_ANSWER_H

#include "bot/web/web_server.h"
#include "core/json.h"

/* One header more for this request's answer, before it; a name may come twice. value is copied. ERR_INVALID when name
 * is no token or value holds a control character: no end of a line gets through. Cache-Control takes the place of
 * the usual no-store. */
NODISCARD err_t *web_answer_header(struct web_request *r, const char *name, const char *value);

/* Without a text of its own: {"status":"ok"} or {"error":"..."}, as the status says. */
void web_answer(struct web_request *r, int status);
/* body lives in r->pool, or for ever. */
void web_answer_text(struct web_request *r, int status, const char *type, const char *body);
void web_answer_bytes(struct web_request *r, int status, const char *type, const void *body, size_t n);
void web_answer_json(struct web_request *r, int status, const struct json *body);
/* status 302, 303, 307 or 308; to an absolute path of ours, or to an https (or http) URL. ERR_INVALID otherwise, so
 * that "//elsewhere" is none. */
NODISCARD err_t *web_answer_redirect(struct web_request *r, int status, const char *to);

/* For web: the answers without a text of their own are made before the first request, told when the server closes, and
 * unmade after the last. False: out of memory. */
bool web_answer_make(void);
void web_answer_closing(void);
void web_answer_unmake(void);
/* For web_stream: puts the request's headers, and those that all answers have, on a response; NULL stays NULL. */
struct MHD_Response *web_answer_dress(struct web_request *r, struct MHD_Response *response, const char *type);

#endif
