/* days: one person's days as the statistics take them.
 * Needs: json, date_civil, shuffle. Used by: ml/insight, features.
 * Days follow one another; what was not recorded is NaN, of counts 0 with `any` false. */
#ifndef ML_INSIGHT_DAYS_H
#define ML_INSIGHT_DAYS_H

#include "core/json.h"
#include "ml/stats/shuffle.h"

enum day_number {
	DAY_SLEEP,   /* hours */
	DAY_ENERGY,  /* 1..10 */
	DAY_MOOD,    /* 1..10 */
	DAY_WORKOUT, /* 0 or 1 */
	DAY_DUE,     /* tasks */
	DAY_DONE,
	DAY_MEETINGS,
	DAY_NUMBERS
};
enum { DAYS_MAX = 20 * 366, POSTS_MAX = 20000, LABELS_MAX = 200 };

/* In the order of their days. */
struct day_post {
	size_t day;
	int theme, format, hour; /* places in days->themes, days->formats; -1: not told */
	double engagement, followers;
};

struct days {
	apr_pool_t *pool;
	int64_t first; /* number of day 0 (date_civil) */
	size_t n;
	double *v[DAY_NUMBERS];
	int (*hours)[SHUFFLE_HOURS];
	struct day_post *posts;
	size_t posts_n, posts_cap;
	const char *themes[LABELS_MAX], *formats[LABELS_MAX];
	int themes_n, formats_n;
	size_t cap; /* days there is room for */
};

struct days *days_new(apr_pool_t *pool);
/* A day as a line of `lembra insights` says it: {"date","sleep",...}. ERR_INVALID names what is wrong, and nothing is kept; a day that
 * came before is replaced, and one that is earlier than the first makes room. */
NODISCARD err_t *days_add(struct days *days, const struct json *line);

#endif
