#include "tests/people/people.h"

#include <math.h>

enum { WEEK = 7, NOTED = 4 }; /* sleep, energy, mood, tasks */

struct living {
	struct chance chance;
	const struct world *world;
	enum planted plan;
	double state[NOTED], walk[NOTED], line[NOTED], noise, post;
	double week[WEEK];
};

/* --- chance --- */

static double uniform(struct chance *c)
{
	return ((double)(chance_next(c) >> 11) + 0.5) / 9007199254740992.0;
}

static double normal(struct chance *c)
{
	return sqrt(-2 * log(uniform(c))) * cos(6.283185307179586 * uniform(c));
}

static int poisson(struct chance *c, double mean)
{
	double limit = exp(-mean), p = uniform(c);
	int n = 0;

	while (p > limit && n < 60) {
		p *= uniform(c);
		n++;
	}
	return n;
}

static double inert(struct living *l, double *state)
{
	double a = l->world->inertia;

	*state = a * *state + sqrt(1 - a * a) * normal(&l->chance);
	return *state;
}

static double between(double v, double low, double high)
{
	return v < low ? low : v > high ? high : v;
}

static double noted(struct living *l, double v)
{
	return uniform(&l->chance) < l->world->missing ? NAN : v;
}

/* --- a day --- */

/* What a number has of its weekday and its drift. */
static double beside(struct living *l, int of, size_t day, size_t n)
{
	switch (l->world->drift) {
	case DRIFT_WALK: l->walk[of] += 0.12 * normal(&l->chance); return l->week[day % WEEK] + l->walk[of];
	case DRIFT_LINE: return l->week[day % WEEK] + l->line[of] * ((double)day / (double)n - 0.5);
	case DRIFT_NONE: break;
	}
	return l->week[day % WEEK];
}

static void posts_live(struct living *l, struct days *d, size_t day)
{
	struct chance *c = &l->chance;

	inert(l, &l->post);
	for (int n = poisson(c, l->world->posts); n > 0; n--) {
		struct day_post *p = &d->posts[d->posts_n++];

		*p = (struct day_post){ .day = day,
					.theme = (int)chance_below(c, 4),
					.format = (int)chance_below(c, 3),
					.hour = 8 + (int)chance_below(c, 12),
					.followers = 1000 + (double)day };
		p->engagement = round(exp(3 + 0.7 * (0.4 * l->post + sqrt(0.84) * normal(c) +
						     (l->plan == PLANT_THEME && p->theme == 0 ? 1.5 : 0))));
	}
}

static void tasks_live(struct living *l, struct days *d, size_t day, double energy, double extra)
{
	struct chance *c = &l->chance;
	size_t weekday = day % WEEK;
	double mean = 4 * (weekday >= 5 ? 0.6 : 1) * exp(0.3 * extra + l->world->uneven * normal(c)) *
		      (l->plan == PLANT_ENERGY ? pow(1.3, energy) : 1) *
		      (l->plan == PLANT_WEEKDAY && weekday == 2 ? 2 : 1);
	int done = poisson(c, mean);

	d->v[DAY_DONE][day] = done;
	for (int i = 0; i < done; i++) {
		/* Twelve hours alike; the peak is as if it were three. */
		size_t h = chance_below(c, l->plan == PLANT_HOUR ? 14 : 12);

		d->hours[day][h >= 12 ? 10 : 8 + h]++;
	}
}

static void day_live(struct living *l, struct days *d, size_t day, size_t n)
{
	const struct world *w = l->world;
	struct chance *c = &l->chance;
	double sleep = inert(l, &l->state[0]), energy = inert(l, &l->state[1]), mood = inert(l, &l->state[2]),
	       r = l->plan == PLANT_SLEEP_5   ? 0.5
		   : l->plan == PLANT_SLEEP_7 ? 0.7
					      : 0,
	       extra[NOTED];
	bool workout = uniform(c) < 0.4;

	for (int k = 0; k < NOTED; k++)
		extra[k] = beside(l, k, day, n);
	energy = r * sleep + sqrt(1 - r * r) * energy;
	mood += l->plan == PLANT_WORKOUT && workout ? 1.2 : 0;
	tasks_live(l, d, day, energy, extra[3]);
	posts_live(l, d, day);
	d->v[DAY_SLEEP][day] = noted(l, round(between(7 + sleep + extra[0], 3, 11) / w->step) * w->step);
	d->v[DAY_ENERGY][day] = noted(l, round(between(6 + 1.5 * (energy + extra[1]), 1, 10)));
	d->v[DAY_MOOD][day] =
		noted(l, round(between((w->mood + 1) / 2.0 + (w->mood > 5 ? 1.8 : 1) * (mood + extra[2]), 1,
				       w->mood)));
	d->v[DAY_WORKOUT][day] = noted(l, workout);
	d->v[DAY_MEETINGS][day] = poisson(c, 2 + (day % WEEK >= 5 ? -1.8 : 0));
}

/* A day on which the person was not there has nothing at all. */
static void day_leave(struct days *d, size_t day)
{
	for (int k = 0; k < DAY_NUMBERS; k++)
		d->v[k][day] = NAN;
	for (int h = 0; h < SHUFFLE_HOURS; h++)
		d->hours[day][h] = 0;
	while (d->posts_n && d->posts[d->posts_n - 1].day == day)
		d->posts_n--;
}

static void room_make(struct days *d, size_t n)
{
	static const char *const themes[] = { "a", "b", "c", "d" }, *const formats[] = { "x", "y", "z" };

	d->first = 20458; /* a Monday */
	d->n = d->cap = n;
	for (int k = 0; k < DAY_NUMBERS; k++) {
		d->v[k] = mem_alloc(d->pool, sizeof **d->v * n);
		for (size_t i = 0; i < n; i++)
			d->v[k][i] = NAN;
	}
	d->hours = mem_alloc(d->pool, sizeof *d->hours * n);
	d->posts = mem_alloc(d->pool, sizeof *d->posts * (n * 12 + 60));
	for (int i = 0; i < 4; i++)
		d->themes[d->themes_n++] = themes[i];
	for (int i = 0; i < 3; i++)
		d->formats[d->formats_n++] = formats[i];
}

struct days *person_live(apr_pool_t *pool, const struct world *world, enum planted plan, uint64_t seed,
			 size_t n)
{
	struct living l = { .chance = { seed * 2654435761U + 17 }, .world = world, .plan = plan };
	struct days *d = days_new(pool);
	double end = 2 * uniform(&l.chance) - 1;

	room_make(d, n);
	for (int k = 0; k < WEEK; k++)
		l.week[k] = world->week == WEEK_END    ? (k >= 5) * end
			    : world->week == WEEK_DAYS ? 0.6 * normal(&l.chance)
						       : 0;
	for (int k = 0; k < NOTED; k++)
		l.line[k] = 3 * (2 * uniform(&l.chance) - 1);
	for (size_t day = 0; day < n; day++) {
		day_live(&l, d, day, n);
		if (uniform(&l.chance) < world->away)
			day_leave(d, day);
	}
	return d;
}
