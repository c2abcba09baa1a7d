/* shuffle: what counts and labels say, held against the same with nothing in it but their own habits.
 * Needs: series. Used by: ml/stats, days.
 * The same seed gives the same answer on every machine. */
#ifndef ML_STATS_SHUFFLE_H
#define ML_STATS_SHUFFLE_H

#include "ml/stats/series.h"

struct chance {
	uint64_t state;
};
uint64_t chance_next(struct chance *c);
/* Below n; n > 0. */
size_t chance_below(struct chance *c, size_t n);

enum { SHUFFLE_HOURS = 24, SHUFFLE_WEEK = 7 };

struct peak {
	int at;        /* the hour, the weekday (0..6), the label */
	size_t n;      /* days, or things, that it is judged by */
	double effect; /* how many times the others' mean; of labels: standard deviations above the rest */
	double p;
};

/* Each tells of the best there is, and what p is then worth among all that might have been the best; or of `at` alone, where that
 * is not -1.
 * The hour at which most is done, counts[day][hour]: each day is turned by chance within the hours in which the person does
 * anything. False: fewer than `least` days with any. */
bool shuffle_hour(apr_pool_t *pool, const int (*counts)[SHUFFLE_HOURS], size_t days, size_t least, int at,
		  struct peak *ret);
/* The weekday on which x is highest: working days are held against working days and the weekend against itself, and values change
 * places within their week. weekday: of day 0, 0 Monday. False: fewer than `least` days with a value, or no weekday is in as many
 * as `weeks` weeks. */
bool shuffle_weekday(apr_pool_t *pool, const double *x, size_t n, int weekday, size_t least, size_t weeks,
		     int at, struct peak *ret);
/* The label whose things do best: of n things in their order, of values and labels 0..labels-1 (below 0: none). Ranks without
 * their trend; only labels with at least `least` things, and as many without. False: there is none. */
bool shuffle_label(apr_pool_t *pool, const double *value, const int *label, size_t n, int labels,
		   size_t least, int at, uint64_t seed, struct peak *ret);

#endif
