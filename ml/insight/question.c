#include "ml/insight/question.h"

#include "core/text.h"
#include "ml/stats/association.h"
#include <math.h>

enum {
	GROUP = 8, /* days on either side of a comparison */
	GROUP_POSTS = 5,
	POSTS = 20,     /* before posts are compared */
	WEEKS = 8,      /* before weekdays are compared, */
	WEEKS_WITH = 5, /* of which so many have the weekday noted */
	WEEKS_HOLD = 3, /* where one is only asked whether it still holds */
	YEAR = 365,     /* what was longer ago says nothing of now */
	COVERAGE = 60,  /* days of a hundred that must have a value */
	SEED = 20261128,
};

/* What seldom comes by chance is held against whole weeks in another order, which assume nothing of how days lean on one another. */
enum { ROUNDS = 199 };
#define RARE 0.02
#define CONTRADICTS 0.2

/* Of a question's weight. */
static const double lag_share[QUESTION_LAGS] = { 0.7, 0.3 };
static const double expected_share = 0.8;

const struct question questions[QUESTIONS] = {
	{ "sleep_energy", QUESTION_PAIR, DAY_SLEEP, DAY_ENERGY, true, 0.25, 1, { "sleep", "energy" } },
	{ "workout_mood", QUESTION_PAIR, DAY_WORKOUT, DAY_MOOD, true, 0.25, 1, { "workout", "mood" } },
	{ "energy_tasks", QUESTION_PAIR, DAY_ENERGY, DAY_DONE, true, 0.16, 1, { "energy", "tasks" } },
	{ "peak_hour", QUESTION_HOUR, .core = true, .weight = 0.08, .note = { "tasks" } },
	{ "best_weekday", QUESTION_WEEKDAY, .core = true, .weight = 0.16, .note = { "tasks" } },
	{ "content_theme", QUESTION_THEME, .core = true, .weight = 0.1, .note = { "posts" } },
	{ "sleep_mood", QUESTION_PAIR, DAY_SLEEP, DAY_MOOD, false, 0.2, 1, { "sleep", "mood" } },
	{ "workout_energy", QUESTION_PAIR, DAY_WORKOUT, DAY_ENERGY, false, 0.2, 1, { "workout", "energy" } },
	{ "meetings_energy",
	  QUESTION_PAIR,
	  DAY_MEETINGS,
	  DAY_ENERGY,
	  false,
	  0.2,
	  0,
	  { "meetings", "energy" } },
	{ "sleep_tasks", QUESTION_PAIR, DAY_SLEEP, DAY_DONE, false, 0.1, 1, { "sleep", "tasks" } },
	{ "content_hour", QUESTION_POST_HOUR, .weight = 0.15, .note = { "posts" } },
	{ "content_format", QUESTION_FORMAT, .weight = 0.15, .note = { "posts" } },
};

static const char *const weekdays[] = { "monday", "tuesday",  "wednesday", "thursday",
					"friday", "saturday", "sunday" };

const struct question *question_find(const char *kind)
{
	for (size_t i = 0; i < QUESTIONS; i++)
		if (text_same(questions[i].kind, kind))
			return &questions[i];
	return NULL;
}

/* --- what there is --- */

static int weekday_at(const struct days *d, size_t day)
{
	int64_t of = (d->first + (int64_t)day + 3) % 7; /* 1970-01-01 was a Thursday; 0 is Monday */

	return (int)(of < 0 ? of + 7 : of);
}

static bool is_hourly(const int counts[SHUFFLE_HOURS])
{
	for (int h = 0; h < SHUFFLE_HOURS; h++)
		if (counts[h])
			return true;
	return false;
}

static int label_of(const struct question *q, const struct day_post *post)
{
	return q->sort == QUESTION_THEME    ? post->theme
	       : q->sort == QUESTION_FORMAT ? post->format
					    : post->hour;
}

size_t question_pairs(const struct question *q, const struct days *days, size_t n)
{
	size_t pairs = 0;

	n = n < days->n ? n : days->n;
	switch (q->sort) {
	case QUESTION_PAIR: return series_pairs(days->v[q->x], days->v[q->y], n);
	case QUESTION_WEEKDAY: return series_pairs(days->v[DAY_DONE], days->v[DAY_DONE], n);
	case QUESTION_HOUR:
		for (size_t i = 0; i < n; i++)
			pairs += is_hourly(days->hours[i]);
		return pairs;
	case QUESTION_THEME:
	case QUESTION_FORMAT:
	case QUESTION_POST_HOUR: break;
	}
	for (size_t i = 0; i < days->posts_n && days->posts[i].day < n; i++)
		pairs += label_of(q, &days->posts[i]) >= 0;
	return pairs;
}

/* From the first value on. */
static bool is_covered(const double *v, size_t n)
{
	size_t first = 0, with = 0;

	while (first < n && isnan(v[first]))
		first++;
	for (size_t i = first; i < n; i++)
		with += !isnan(v[i]);
	return n > first && with * 100 >= (n - first) * COVERAGE;
}

/* Of a yes or no: enough days of each. */
static bool is_split(const double *x, size_t n)
{
	size_t yes = 0, no = 0;

	for (size_t i = 0; i < n; i++) {
		yes += x[i] > 0.5;
		no += x[i] < 0.5;
	}
	return yes >= GROUP && no >= GROUP;
}

/* Eight of each weekday have passed since the first value. */
static bool is_long(const double *x, size_t n)
{
	size_t first = 0;

	while (first < n && isnan(x[first]))
		first++;
	return n - first >= WEEKS * SHUFFLE_WEEK;
}

/* --- answers --- */

/* Some days of a person. */
struct stretch {
	apr_pool_t *pool;
	const struct question *q;
	const struct days *days;
	size_t from, n;
};

static struct stretch stretch_of(apr_pool_t *pool, const struct question *q, const struct days *days,
				 size_t from, size_t to)
{
	to = to < days->n ? to : days->n;
	if (to > YEAR && from < to - YEAR)
		from = to - YEAR;
	return (struct stretch){ pool, q, days, from, to > from ? to - from : 0 };
}

static bool pair_find(const struct stretch *s, size_t lag, struct association *ret)
{
	const double *x = s->days->v[s->q->x] + s->from, *y = s->days->v[s->q->y] + s->from;

	return is_covered(x, s->n) && is_covered(y, s->n) && (s->q->x != DAY_WORKOUT || is_split(x, s->n)) &&
	       association_find(s->pool, x, y, s->n, lag, weekday_at(s->days, s->from), INSIGHT_LEAST, ret);
}

/* p, or that of the shuffled weeks where they see nothing in it. */
static double pair_doubt(const struct stretch *s, size_t lag, double p)
{
	const double *x = s->days->v[s->q->x] + s->from, *y = s->days->v[s->q->y] + s->from;
	double shuffled;

	if (p > RARE)
		return p;
	shuffled = association_shuffled(s->pool, x, y, s->n, lag, weekday_at(s->days, s->from), ROUNDS, SEED);
	return shuffled > CONTRADICTS ? shuffled : p;
}

static double direction_share(const struct question *q, double effect)
{
	if (!q->expected)
		return 0.5;
	return effect * q->expected > 0 ? expected_share : 1 - expected_share;
}

static size_t pair_answer(const struct stretch *s, struct answer ret[QUESTION_LAGS])
{
	struct association a;
	size_t n = 0;

	for (size_t lag = 0; lag < QUESTION_LAGS; lag++) {
		if (!pair_find(s, lag, &a))
			continue;
		ret[n].found = (struct insight){ .n = a.n,
						 .lag = lag,
						 .detail = "",
						 .effect = a.r,
						 .unit = "r",
						 .low = a.low,
						 .high = a.high,
						 .p = a.p };
		ret[n].weight = s->q->weight * lag_share[lag];
		ret[n++].p = fmin(pair_doubt(s, lag, a.p) / 2 / direction_share(s->q, a.r), 1);
	}
	return n;
}

/* Posts of the stretch: how each did, for its followers where they are known. */
static bool posts_find(const struct stretch *s, int label, struct peak *ret)
{
	const struct days *d = s->days;
	double *value = mem_alloc(s->pool, sizeof *value * (d->posts_n + 1));
	int *labels = mem_alloc(s->pool, sizeof *labels * (d->posts_n + 1)),
	    all = s->q->sort == QUESTION_THEME    ? d->themes_n
		  : s->q->sort == QUESTION_FORMAT ? d->formats_n
						  : SHUFFLE_HOURS;
	size_t n = 0;

	for (size_t i = 0; i < d->posts_n && d->posts[i].day < s->from + s->n; i++) {
		const struct day_post *post = &d->posts[i];
		double followers = post->followers > 0 ? post->followers : 1;

		if (post->day < s->from)
			continue;
		labels[n] = label_of(s->q, post);
		value[n++] = log1p(post->engagement / followers * 1000);
	}
	return n >= POSTS && shuffle_label(s->pool, value, labels, n, all, GROUP_POSTS, label, SEED + n, ret);
}

/* `at`: the hour, weekday or label that is asked for; -1: the best. */
static bool peak_find(const struct stretch *s, int at, struct peak *ret)
{
	const struct days *d = s->days;
	const double *done = d->v[DAY_DONE] + s->from;

	if (s->q->sort == QUESTION_HOUR)
		return shuffle_hour(s->pool, d->hours + s->from, s->n, INSIGHT_LEAST, at, ret);
	if (s->q->sort == QUESTION_WEEKDAY)
		return is_covered(done, s->n) && (at >= 0 || is_long(done, s->n)) &&
		       shuffle_weekday(s->pool, done, s->n, weekday_at(d, s->from), INSIGHT_LEAST,
				       at < 0 ? WEEKS_WITH : WEEKS_HOLD, at, ret);
	return posts_find(s, at, ret);
}

static const char *detail_of(const struct question *q, const struct days *d, int at)
{
	switch (q->sort) {
	case QUESTION_WEEKDAY: return weekdays[at];
	case QUESTION_THEME: return d->themes[at];
	case QUESTION_FORMAT: return d->formats[at];
	case QUESTION_HOUR:
	case QUESTION_POST_HOUR: return mem_fmt(d->pool, "%d", at);
	case QUESTION_PAIR: break;
	}
	return "";
}

size_t question_answer(apr_pool_t *pool, const struct question *q, const struct days *days, size_t from,
		       size_t to, struct answer ret[QUESTION_LAGS])
{
	struct stretch s = stretch_of(pool, q, days, from, to);
	struct peak p;
	size_t n = 0;

	if (q->sort == QUESTION_PAIR) {
		n = pair_answer(&s, ret);
	} else if (peak_find(&s, -1, &p)) {
		ret[n++] = (struct answer){
			.found = { .n = p.n,
				   .detail = detail_of(q, days, p.at),
				   .effect = p.effect,
				   .unit = q->sort == QUESTION_HOUR || q->sort == QUESTION_WEEKDAY ? "x"
												   : "sd",
				   .low = NAN,
				   .high = NAN,
				   .p = p.p },
			.p = p.p,
			.weight = q->weight
		};
	}
	for (size_t i = 0; i < n; i++) {
		ret[i].found.kind = q->kind;
		ret[i].found.tier = "observation";
		ret[i].found.q = NAN;
	}
	return n;
}

/* The place of a detail; -1: these days do not know it. */
static int place_of(const struct question *q, const struct days *d, const char *detail)
{
	const int all = q->sort == QUESTION_WEEKDAY  ? SHUFFLE_WEEK
			: q->sort == QUESTION_THEME  ? d->themes_n
			: q->sort == QUESTION_FORMAT ? d->formats_n
						     : 0;
	int64_t hour;

	for (int i = 0; i < all; i++)
		if (text_same(detail_of(q, d, i), detail))
			return i;
	if (!all && text_int(detail, &hour) && hour >= 0 && hour < SHUFFLE_HOURS)
		return (int)hour;
	return -1;
}

double question_holds(apr_pool_t *pool, const struct question *q, const struct days *days, size_t from,
		      size_t to, const struct insight *found)
{
	struct stretch s = stretch_of(pool, q, days, from, to);
	struct association a;
	struct peak p;
	int at;

	if (q->sort == QUESTION_PAIR) {
		if (!pair_find(&s, found->lag, &a))
			return NAN;
		return a.r * found->effect > 0 ? a.p / 2 : 1 - a.p / 2;
	}
	at = place_of(q, days, found->detail);
	return at >= 0 && peak_find(&s, at, &p) ? p.p : NAN;
}
