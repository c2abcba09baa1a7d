/* ical_read: the events of an iCalendar file (RFC 5545) that somebody sends.
 * Needs: libical, zone. Used by: tools/event, bot/talk.
 * The words are somebody else's. Never from a fiber_work thread. */
#ifndef CORE_ICAL_READ_H
#define CORE_ICAL_READ_H

#include "core/mem.h"
#include <stdint.h>

#define ICAL_BYTES (1024 * 1024) /* of a file */
#define ICAL_EVENTS 50           /* taken of one */
#define ICAL_GUESTS 50           /* of one event */

struct ical_event {
	const char *uid, *title, *text, *place, *organizer; /* clean UTF-8, shortened; "" when none */
	const char *guests[ICAL_GUESTS];                    /* mail addresses */
	size_t guests_n;
	int64_t start,
		end; /* walls of zone; of whole days midnights; end exclusive, start where none is told */
	const char *zone; /* IANA; "" : the reader's own */
	bool all_day;
	const char *rrule;         /* without "RRULE:", one that ical_rule_check takes; "" when none */
	bool cancelled, exception; /* exception: one occurrence of a series that is told apart */
};

/* In the pool; at most ICAL_EVENTS, *ret_more says how many there are beyond. What has no start is left out. ERR_INVALID: it
 * is no calendar; ERR_TOO_LARGE: over ICAL_BYTES. */
NODISCARD err_t *ical_read(apr_pool_t *pool, const char *bytes, size_t n, size_t *ret_n,
			   struct ical_event **ret_events, size_t *ret_more);

/* The IANA name of a zone as Outlook and Windows call it ("E. South America Standard Time"); NULL: unknown. */
const char *ical_windows_zone(const char *name);

#endif
