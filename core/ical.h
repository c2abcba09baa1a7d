/* ical: one of two doors to libical (ical_read is the other): recurrence rules in wall time.
 * Needs: libical. Used by: ical_read, tools, job_reminder, mydata_zip.
 * Wall times as in core/zone.h: a rule is followed on the wall, and each occurrence becomes an instant by zone_instant. Never
 * from a fiber_work thread. */
#ifndef CORE_ICAL_H
#define CORE_ICAL_H

#include "core/mem.h"
#include <stdint.h>

/* ERR_INVALID when rrule (RFC 5545, without "RRULE:") is none that we follow: no FREQ, SECONDLY or MINUTELY, over 500 bytes,
 * HOURLY by days of the month, a day or position that no month has. UNTIL is a wall time, whether or not it ends in Z; a bare
 * date means all of that day. */
NODISCARD err_t *ical_rule_check(const char *rrule);

/* The first occurrence of the rule begun at start that is after `after` (or at start itself when that is after it, and is
 * one of the rule's days). What does not come within 40 years counts as ended. *ret_wall untouched and *ret_found
 * false when the rule has ended. */
NODISCARD err_t *ical_rule_next(const char *rrule, int64_t start, int64_t after, int64_t *ret_wall,
				bool *ret_found);
/* How many occurrences lie after `after` and not after `until`; counting stops at max. */
NODISCARD err_t *ical_rule_count(const char *rrule, int64_t start, int64_t after, int64_t until, int64_t max,
				 int64_t *ret_n);

struct ical_item {                              /* something in a calendar file */
	const char *uid, *title, *text, *place; /* text, place: may be "" */
	const char *zone;                       /* IANA; the file carries its rules */
	int64_t start, end;                     /* wall; end exclusive, or 0: a moment */
	bool all_day;
	const char *rrule; /* "" or NULL: none */
	int64_t stamp;     /* instant of its last change, microseconds */
};
/* An iCalendar file (RFC 5545) of them, in the pool. Items whose rule or zone the library does not take go in without. */
const char *ical_calendar(apr_pool_t *pool, const struct ical_item *items, size_t n);

#endif
