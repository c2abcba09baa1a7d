/* web_guard: who may come in, as a route says.
 * Needs: web_answer, session. Used by: web. */
#ifndef BOT_WEB_WEB_GUARD_H
#define BOT_WEB_WEB_GUARD_H

#include "bot/web/web_server.h"

/* By the headers alone, before a byte of the body is read. here: the route also has the method. False: answered. */
bool web_guard_admit(struct web_request *r, bool here);
/* The rest, in the request's fiber: whose session it is, into r->person. False: answered. */
NODISCARD err_t *web_guard_begin(struct web_request *r, bool *ret_in);

#endif
