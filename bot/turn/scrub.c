#include "bot/turn/scrub.h"

#include "ml/guard/guard.h"

const char *scrub_text(struct turn *turn, const char *text)
{
	unsigned kinds = 0;

	if (turn->req->config->privacy_guard == PRIVACY_OFF || !*text)
		return text;
	text = guard_scrub(turn->req->pool, text, &kinds);
	if (kinds)
		turn->reply.lead = tr(turn->req->pool, turn->req->lang, "guard.scrubbed");
	return text;
}
