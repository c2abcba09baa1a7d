#include "ml/insight/insight.h"

#include "ml/stats/association.h"
#include "ml/stats/discovery.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	ROUNDS = 999,
	GROUP = 8,      /* days, or posts, on either side of a comparison */
	POSTS = 20,     /* before posts are compared */
	TESTS_MAX = 64, /* of one look */
	COVERAGE = 60,  /* days of a hundred that must have a value */
};
#define CORE_SHARE 0.8 /* of a level; the rest is for what was not fixed beforehand: a quarter of it */

/* A question of one look, answered. */
struct question {
	struct insight found;
	bool core;
};

struct looking {
	const struct days *days;
	size_t n;
	apr_pool_t *pool;
	struct question v[TESTS_MAX];
	size_t tests;
	struct chance chance;
};

static void put(struct looking *l, struct insight found, bool core)
{
	if (l->tests < TESTS_MAX)
		l->v[l->tests++] = (struct question){ found, core };
}

static int weekday_of(const struct days *d)
{
	return (int)(((d->first + 3) % 7 + 7) % 7); /* 1970-01-01 was a Thursday; 0 is Monday */
}

static bool is_covered(const struct looking *l, enum day_number k)
{
	const double *v = l->days->v[k];
	size_t first = 0, with = 0;

	while (first < l->n && isnan(v[first]))
		first++;
	for (size_t i = first; i < l->n; i++)
		with += !isnan(v[i]);
	return l->n > first && with * 100 >= (l->n - first) * COVERAGE;
}

/* Of a yes or no: enough days of each. */
static bool is_split(const struct looking *l, const double *x)
{
	size_t yes = 0, no = 0;

	for (size_t i = 0; i < l->n; i++) {
		yes += x[i] > 0.5;
		no += x[i] < 0.5;
	}
	return yes >= GROUP && no >= GROUP;
}

static void pair(struct looking *l, const char *kind, enum day_number x, enum day_number y, bool core)
{
	const struct days *d = l->days;
	struct association a;

	if (!is_covered(l, x) || !is_covered(l, y) || (x == DAY_WORKOUT && !is_split(l, d->v[x])))
		return;
	for (size_t lag = 0; lag <= 1; lag++) {
		if (!association_find(l->pool, d->v[x], d->v[y], l->n, lag, weekday_of(d), INSIGHT_LEAST, &a))
			continue;
		put(l,
		    (struct insight){ .kind = kind,
				      .detail = "",
				      .n = a.n,
				      .lag = lag,
				      .effect = a.r,
				      .unit = "r",
				      .low = a.low,
				      .high = a.high,
				      .p = a.p },
		    core);
	}
}

static void peak(struct looking *l, const char *kind, const char *detail, const struct peak *p,
		 const char *unit, bool core)
{
	put(l,
	    (struct insight){ .kind = kind,
			      .detail = detail,
			      .n = p->n,
			      .effect = p->effect,
			      .unit = unit,
			      .low = NAN,
			      .high = NAN,
			      .p = p->p },
	    core);
}

static void when_done(struct looking *l)
{
	static const char *const names[] = { "monday", "tuesday",  "wednesday", "thursday",
					     "friday", "saturday", "sunday" };
	const struct days *d = l->days;
	struct peak p;

	if (shuffle_hour(l->pool, d->hours, l->n, INSIGHT_LEAST, ROUNDS, &l->chance, &p))
		peak(l, "peak_hour", mem_fmt(d->pool, "%d", p.at), &p, "x", true);
	if (is_covered(l, DAY_DONE) && shuffle_weekday(l->pool, d->v[DAY_DONE], l->n, weekday_of(d),
						       INSIGHT_LEAST, ROUNDS, &l->chance, &p))
		peak(l, "best_weekday", names[p.at], &p, "x", true);
}

/* Posts of the days looked at: how each did, for its followers where they are known. */
static void posts(struct looking *l)
{
	const struct days *d = l->days;
	double *value = mem_alloc(l->pool, sizeof *value * (d->posts_n + 1));
	int *label = mem_alloc(l->pool, sizeof *label * (d->posts_n + 1));
	size_t n = 0;
	struct peak p;

	while (n < d->posts_n && d->posts[n].day < l->n) {
		const struct day_post *post = &d->posts[n];
		double followers = post->followers > 0 ? post->followers : 1;

		value[n++] = log1p(post->engagement / followers * 1000);
	}
	if (n < POSTS)
		return;
	for (size_t i = 0; i < n; i++)
		label[i] = d->posts[i].theme;
	if (shuffle_label(l->pool, value, label, n, d->themes_n, GROUP, ROUNDS, &l->chance, &p))
		peak(l, "content_theme", d->themes[p.at], &p, "sd", true);
	for (size_t i = 0; i < n; i++)
		label[i] = d->posts[i].format;
	if (shuffle_label(l->pool, value, label, n, d->formats_n, GROUP, ROUNDS, &l->chance, &p))
		peak(l, "content_format", d->formats[p.at], &p, "sd", false);
	for (size_t i = 0; i < n; i++)
		label[i] = d->posts[i].hour;
	if (shuffle_label(l->pool, value, label, n, SHUFFLE_HOURS, GROUP, ROUNDS, &l->chance, &p))
		peak(l, "content_hour", mem_fmt(d->pool, "%d", p.at), &p, "sd", false);
}

/* Those of one part that its level lets through. */
static void judge(struct looking *l, bool core, double level)
{
	double p[TESTS_MAX], q[TESTS_MAX];

	for (size_t i = 0; i < l->tests; i++)
		p[i] = l->v[i].core == core ? l->v[i].found.p : NAN;
	discovery_q(l->pool, p, l->tests, q);
	for (size_t i = 0; i < l->tests; i++)
		if (l->v[i].core == core) {
			l->v[i].found.q = q[i];
			l->v[i].found.tier = q[i] <= level ? "likely" : "observation";
		}
}

static int by_p(const void *a, const void *b)
{
	const struct insight *l = a, *r = b;

	return (l->p > r->p) - (l->p < r->p);
}

double insight_level(size_t k)
{
	static const double share[] = { 0.3, 0.25, 0.2 };

	if (k < sizeof share / sizeof *share)
		return 0.05 * share[k];
	return 0.05 * 0.25 / exp2((double)(k - 2)); /* all that come after share a quarter */
}

size_t insight_look(const struct days *days, size_t n, double level, struct insight ret[INSIGHT_MAX])
{
	apr_pool_t *pool = pool_child(days->pool);
	struct looking *l = MEM_NEW(pool, struct looking);
	size_t told = 0;

	*l = (struct looking){ .days = days, .n = n < days->n ? n : days->n, .pool = pool };
	l->chance.state = 20261128 + n;
	pair(l, "sleep_energy", DAY_SLEEP, DAY_ENERGY, true);
	pair(l, "workout_mood", DAY_WORKOUT, DAY_MOOD, true);
	pair(l, "energy_tasks", DAY_ENERGY, DAY_DONE, true);
	when_done(l);
	posts(l);
	pair(l, "sleep_mood", DAY_SLEEP, DAY_MOOD, false);
	pair(l, "workout_energy", DAY_WORKOUT, DAY_ENERGY, false);
	pair(l, "meetings_energy", DAY_MEETINGS, DAY_ENERGY, false);
	judge(l, true, level * CORE_SHARE);
	judge(l, false, level * (1 - CORE_SHARE));
	for (size_t i = 0; i < l->tests && told < INSIGHT_MAX; i++)
		ret[told++] = l->v[i].found;
	pool_free(pool);
	qsort(ret, told, sizeof *ret, by_p);
	return told;
}
