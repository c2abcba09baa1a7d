/* web_person: a person's request is answered by a worker: this process may not see what people keep.
 * Needs: handover, web_session. Used by: route_me, route_oauth.
 * It is not the person's id that is handed on but the session's token, which the database looks up by itself. */
#ifndef BOT_WEB_WEB_PERSON_H
#define BOT_WEB_WEB_PERSON_H

#include "bot/web/web_server.h"
#include "db/handover.h"

/* For .run: hands the request over to the call that the route names (.call), and answers with its answer. */
NODISCARD err_t *web_person_run(struct web_request *r);
/* The same with another body than the request's, NUL-terminated; NULL: the request's. And without answering. ERR_UNAVAILABLE when no worker answers within a few seconds; a failure of the call is
 * its error. */
NODISCARD err_t *web_person_ask(struct web_request *r, const char *body, struct handover_answer *ret_answer);
/* Answers with it. */
void web_person_answer(struct web_request *r, const struct handover_answer *answer);

/* For tests: how long a worker has. */
void web_person_wait_ms(int64_t ms);

#endif
