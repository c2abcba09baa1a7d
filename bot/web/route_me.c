/* GET /me and DELETE /session: who a session's person is, and its end. A worker answers both: call_me.c. */
#include "bot/web/web_person.h"
#include "bot/web/web_session.h"

enum { PERSON_MS = 10000, NO_BODY = 1024 };

static NODISCARD err_t *session_end_run(struct web_request *r)
{
	struct handover_answer answer;

	ERR(web_person_ask(r, NULL, &answer));
	ERR(web_session_cookie(r, NULL, 0));
	web_person_answer(r, &answer);
	return NULL;
}

const struct web_route routes_me[] = {
	{ "GET", "/me", "me", WEB_PERSON, LOG_INFO, web_person_run, PERSON_MS, NO_BODY, .call = "me" },
	{ "DELETE", "/session", "session", WEB_PERSON, LOG_INFO, session_end_run, PERSON_MS, NO_BODY,
	  .call = "session_end" },
	{ 0 },
};
