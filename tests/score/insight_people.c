/* insight_people: people in whom there is nothing, and people in whom there is something, and how often each is told:
 *   build/score/insight_people [PEOPLE]
 * Method: each person has daily sleep, energy, mood, workouts, tasks by the hour and posts, with inertia, a tenth of the days
 * missing, values rounded as people give them. Nothing: a weekend pattern that all numbers share, or a drift of each number's own. Planted:
 * one effect, of the size that is named. Seeds are the people's numbers, so that each run tells the same. */
#include "core/mem.h"
#include "core/text.h"
#include "ml/insight/insight.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum planted { WEEKEND, DRIFT, SLEEP_5, SLEEP_7, WORKOUT, ENERGY, HOUR, WEEKDAY, THEME, PLANTED };

static const struct {
	const char *name, *kind;
	double wanted[3]; /* at 30, 60 and 90 days; of people without an effect: at most */
} plans[PLANTED] = {
	[WEEKEND] = { "nothing, a shared weekend", NULL, { .05, .05, .05 } },
	[DRIFT] = { "nothing, own drift", NULL, { .05, .05, .05 } },
	[SLEEP_5] = { "sleep -> energy, r .5", "sleep_energy", { .18, .50, .75 } },
	[SLEEP_7] = { "sleep -> energy, r .7", "sleep_energy", { .55, .88, .97 } },
	[WORKOUT] = { "workout -> mood, +1.2", "workout_mood", { .27, .50, .80 } },
	[ENERGY] = { "energy -> tasks, +30 %/SD", "energy_tasks", { 0, .33, .60 } },
	[HOUR] = { "peak hour x3", "peak_hour", { .40, .80, .95 } },
	[WEEKDAY] = { "weekday +100 %", "best_weekday", { 0, .53, .82 } },
	[THEME] = { "theme +1.5 SD", "content_theme", { 0, .15, .40 } },
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

/* --- a person --- */

struct living {
	struct chance chance;
	enum planted plan;
	double sleep, energy, mood; /* what is left of yesterday */
	double weekend, drift[3];
};

static double inert(struct chance *c, double *state)
{
	*state = 0.3 * *state + sqrt(1 - 0.09) * normal(c);
	return *state;
}

static double between(double v, double low, double high)
{
	return v < low ? low : v > high ? high : v;
}

static double kept(struct living *l, double v)
{
	return uniform(&l->chance) < 0.1 ? NAN : v;
}

static void posts_live(struct living *l, struct days *d, size_t day)
{
	struct chance *c = &l->chance;
	struct day_post *p = &d->posts[d->posts_n];

	if (uniform(c) > 0.4)
		return;
	*p = (struct day_post){ .day = day,
				.theme = (int)chance_below(c, 4),
				.format = (int)chance_below(c, 3) };
	p->hour = 8 + (int)chance_below(c, 12);
	p->followers = 1000 + (double)day;
	p->engagement = round(exp(3 + 0.7 * normal(c) + (l->plan == THEME && p->theme == 0 ? 1.05 : 0)));
	d->posts_n++;
}

static void tasks_live(struct living *l, struct days *d, size_t day, double energy)
{
	struct chance *c = &l->chance;
	size_t weekday = day % 7;
	double mean = 4 * (weekday >= 5 ? 0.6 : 1) * (l->plan == ENERGY ? pow(1.3, energy) : 1) *
		      (l->plan == WEEKDAY && weekday == 2 ? 2 : 1);
	int done = poisson(c, mean);

	d->v[DAY_DONE][day] = done;
	for (int i = 0; i < done; i++) {
		/* Twelve hours alike; the peak is as if it were three. */
		size_t h = chance_below(c, l->plan == HOUR ? 14 : 12);

		d->hours[day][h >= 12 ? 10 : 8 + h]++;
	}
}

static void day_live(struct living *l, struct days *d, size_t day, size_t n)
{
	struct chance *c = &l->chance;
	double weekend = l->plan == WEEKEND && day % 7 >= 5 ? l->weekend : 0,
	       at = (double)day / (double)n - 0.5;
	double sleep = inert(c, &l->sleep), energy = inert(c, &l->energy), mood = inert(c, &l->mood),
	       r = l->plan == SLEEP_5   ? 0.5
		   : l->plan == SLEEP_7 ? 0.7
					: 0;
	bool workout = uniform(c) < 0.4;

	energy = r * sleep + sqrt(1 - r * r) * energy;
	tasks_live(l, d, day, energy);
	d->v[DAY_SLEEP][day] = kept(l, round(between(7 + sleep + weekend + l->drift[0] * at, 3, 11) * 4) / 4);
	d->v[DAY_ENERGY][day] =
		kept(l, round(between(6 + 1.5 * (energy + weekend) + l->drift[1] * at, 1, 10)));
	mood += l->plan == WORKOUT && workout ? 1.2 : 0;
	d->v[DAY_MOOD][day] = kept(l, round(between(3 + mood + weekend + l->drift[2] * at, 1, 5)));
	d->v[DAY_WORKOUT][day] = kept(l, workout);
	posts_live(l, d, day);
}

static struct days *person(apr_pool_t *pool, enum planted plan, uint64_t seed, size_t n)
{
	static const char *const themes[] = { "a", "b", "c", "d" }, *const formats[] = { "x", "y", "z" };
	struct living l = { .chance = { seed * 2654435761U + 17 }, .plan = plan };
	struct days *d = days_new(pool);

	d->first = 20458; /* a Monday */
	d->n = d->cap = n;
	for (int k = 0; k < DAY_NUMBERS; k++) {
		d->v[k] = mem_alloc(pool, sizeof **d->v * n);
		for (size_t i = 0; i < n; i++)
			d->v[k][i] = NAN;
	}
	d->hours = mem_alloc(pool, sizeof *d->hours * n);
	d->posts = mem_alloc(pool, sizeof *d->posts * (n + 1));
	for (int i = 0; i < 4; i++)
		d->themes[d->themes_n++] = themes[i];
	for (int i = 0; i < 3; i++)
		d->formats[d->formats_n++] = formats[i];
	l.weekend = 2 * uniform(&l.chance) - 1;
	for (int k = 0; k < 3; k++)
		l.drift[k] = plan == DRIFT ? 3 * (2 * uniform(&l.chance) - 1) : 0;
	for (size_t day = 0; day < n; day++)
		day_live(&l, d, day, n);
	return d;
}

/* --- counting --- */

struct count {
	int people, any, hit, told, untrue, tested, small;
};

static void look(struct count *c, enum planted plan, uint64_t seed, size_t n)
{
	apr_pool_t *pool = pool_root();
	struct insight found[INSIGHT_MAX];
	size_t told = insight_look(person(pool, plan, seed, n), n, 0.05, found);
	bool any = false, hit = false;

	for (size_t i = 0; i < told; i++) {
		bool planted = text_same(found[i].kind, plans[plan].kind);

		c->tested += !planted;
		c->small += !planted && found[i].p < 0.05;
		if (text_same(found[i].tier, "observation"))
			continue;
		any = true;
		hit |= planted;
		c->told++;
		c->untrue += !planted;
	}
	c->people++;
	c->any += any;
	c->hit += hit;
	pool_free(pool);
}

int main(int argc, char **argv)
{
	static const size_t days[] = { 30, 60, 90 };
	int people = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 1000;

	mem_init();
	printf("%-28s %5s %8s %8s %8s %8s\n", "people", "days", "told", "wanted", "untrue", "p < .05");
	for (enum planted plan = 0; plan < PLANTED; plan++)
		for (int k = 0; k < 3; k++) {
			struct count c = { 0 };

			for (int i = 0; i < people; i++)
				look(&c, plan, (uint64_t)i * 31 + (uint64_t)k, days[k]);
			printf("%-28s %5zu %8.3f %8.2f %8.3f %8.3f\n", plans[plan].name, days[k],
			       (double)(plans[plan].kind ? c.hit : c.any) / c.people, plans[plan].wanted[k],
			       c.told ? (double)c.untrue / c.told : 0,
			       (double)c.small / (c.tested ? c.tested : 1));
		}
	return 0;
}
