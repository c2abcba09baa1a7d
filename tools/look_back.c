#include "tools/look_back.h"

#include "tools/when.h"

static const int64_t week_s = 7 * 86400, year_s = INT64_C(365) * 86400;

err_t *look_back(struct req *req, const char *start, const char *end, struct pg_val *ret_from,
		 struct pg_val *ret_to)
{
	struct when from = { 0 }, to = { 0 };
	int64_t now = when_now(req), back = 0;

	*ret_from = *ret_to = PG_TIME_NULL;
	if (start && !when_read(req, start, &from))
		return err_new(ERR_INVALID, "\"start\": not a local day like 2026-11-30");
	if (end && !when_read(req, end, &to))
		return err_new(ERR_INVALID, "\"end\": not a local day like 2026-11-30");
	/* a weekday is a week away at most; what is further is a date of the year */
	if (start && from.wall > now)
		back = from.wall - now <= week_s ? week_s : year_s;
	if (start)
		*ret_from = PG_TIME(when_instant(req, from.wall - back));
	if (end)
		*ret_to = PG_TIME(when_instant(req, to.wall - back));
	return NULL;
}
