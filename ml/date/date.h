/* date: finds when something is said to happen, in Portuguese or English words, and what is left of the text.
 * Needs: text, i18n. Used by: ml, tools, cron, bot.
 * Wall times are int64_t seconds since 1970-01-01T00:00:00 of the same wall; no time zone enters here. */
#ifndef ML_DATE_DATE_H
#define ML_DATE_DATE_H

#include "core/i18n.h"
#include "core/mem.h"
#include <stdbool.h>
#include <stdint.h>

#define DATE_MAX_SPANS 4

struct date_span {
	int begin, finish; /* bytes of the text */
};

struct date_found {
	int64_t start; /* wall time; midnight when allday; of a set its first occurrence */
	int64_t end;   /* exclusive; of whole days the midnight after the last. Only with has_end */
	bool has_end;
	bool has_time; /* a time of day was said or follows from what was said ("in 20 minutes") */
	bool allday;
	bool deadline;     /* "by Friday": start is the reference, end is what was said */
	bool has_duration; /* a length was said ("for 45 minutes") */
	double duration_s;
	const char *rrule; /* RFC 5545 without "RRULE:", or NULL */
	bool rolled;       /* the time is past today, so it is tomorrow's */
	bool dayless;      /* a time of day alone was said: the day is only the next that has it */
	bool has_other; /* what was said can also be read as `other`, a start too: 5 in the morning, this */
	int64_t other;  /* Friday and not the next, day and month the other way round */
	int begin, finish; /* first to last byte that was understood */
	int n_spans;
	struct date_span spans[DATE_MAX_SPANS]; /* in order; time and day may stand apart */
	const char *rest;                       /* the text without them, tidied; "" when nothing is left */
};

/* The one best reading of valid UTF-8 text; false when it says nothing of a time. Strings live in the pool. */
bool date_find(apr_pool_t *pool, const char *text, enum lang lang, int64_t reference,
	       struct date_found *ret_found);

/* "YYYY-MM-DDTHH:MM:SS" both ways (seconds may be missing, and the time of a day alone); false when it is none. */
const char *date_iso(apr_pool_t *pool, int64_t wall);
bool date_parse_iso(const char *iso, int64_t *ret_wall);

#endif
