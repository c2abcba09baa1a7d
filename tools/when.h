/* when: days and times as tools take and show them: the person's wall clock.
 * Needs: zone, date, req. Used by: tools, bot/talk, cron. */
#ifndef TOOLS_WHEN_H
#define TOOLS_WHEN_H

#include "core/req.h"

struct when {
	int64_t wall;  /* seconds, as in ml/date/date.h; midnight without a time */
	bool has_time; /* else a whole day */
	bool has_other; /* only of when_find: the words can also mean `other`, with a time where wall has one */
	int64_t other;
	bool has_end;      /* only of when_find: an end or a length was said */
	int64_t end;       /* exclusive; of whole days the midnight after */
	const char *rrule; /* only of when_find: RFC 5545 without "RRULE:", or NULL */
};

/* The instant at which the person's clocks show it (core/zone.h). */
int64_t when_instant(struct req *req, int64_t wall);
/* The same in a zone of that name; the person's own when there is none such. */
int64_t when_instant_in(struct req *req, const char *zone, int64_t wall);
int64_t when_now_in(struct req *req, const char *zone);
/* The same, but of an hour that comes twice the one that is still to come. */
int64_t when_instant_ahead(struct req *req, int64_t wall);
/* What the person's clocks show at an instant. */
int64_t when_wall(struct req *req, int64_t instant);
/* The person's wall clock now. */
int64_t when_now(struct req *req);
/* "2026-11-30", "2026-11-30T14:00[:00]", or that with Z or an offset, which is brought to the person's wall. */
bool when_read(struct req *req, const char *iso, struct when *ret);
/* The time said in text, if any; *ret_rest: what is left. */
bool when_find(struct req *req, const char *text, struct when *ret, const char **ret_rest);
/* "2026-11-30" or "2026-11-30T14:00:00", as when_read takes it. */
const char *when_iso(struct req *req, const struct when *when);
/* The same, but of the other reading. */
const char *when_other_iso(struct req *req, const struct when *when);
/* "É 05:00" or "É hoje (sáb, 21/11)": what a button says that corrects one to the other. */
const char *when_other_label(struct req *req, const struct when *when, const struct when *other);
/* "2026-11-30" and "14:00"; NULL time without one. In req->pool. */
const char *when_date(struct req *req, const struct when *when);
const char *when_time(struct req *req, const struct when *when);
/* "hoje (sáb, 21/11) às 14:00": never without weekday and date, so that a misunderstanding is seen. */
const char *when_text(struct req *req, const struct when *when);

#endif
