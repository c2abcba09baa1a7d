/* insights: people in whom there is nothing and people in whom there is something, and how often each is told:
 *   build/bench/insights [PEOPLE]      of each kind; 4000 when it is not said
 * Writes "name|measured|wanted" lines, which ./dev bench insights shows as a table.
 * Method: tests/people makes a person's days out of a world, of what is planted in them and of a seed, their number: the same in each
 * run. Each core takes its share of the people. "told": likely or confirmed. */
#include "core/text.h"
#include "ml/insight/insight.h"
#include "ml/insight/schedule.h"
#include "tests/people/people.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LOOKS = 3, YEAR = 365, CORES_MAX = 64, SIZES_LEAST = 2000 };

static const size_t look_days[LOOKS] = { 30, 60, 90 };

static const struct world no_effect[] = {
	{ "a shared weekend", .3, .1, 0, WEEK_END, DRIFT_NONE, .25, 5, .4, 0 },
	{ "own drift", .3, .1, 0, WEEK_EVEN, DRIFT_LINE, .25, 5, .4, 0 },
};
static const struct world plain = { "plain", .3, .1, 0, WEEK_EVEN, DRIFT_NONE, .25, 5, .4, 0 };
/* People of other kinds, for what the two above do not try. */
static const struct world others[] = {
	{ "no inertia, nothing missing", 0, 0, 0, WEEK_EVEN, DRIFT_NONE, .25, 10, 1, 0 },
	{ "inertia .5", .5, .1, 0, WEEK_END, DRIFT_NONE, .5, 10, 1, .3 },
	{ "inertia .7", .7, .1, 0, WEEK_END, DRIFT_NONE, .5, 5, 1, .3 },
	{ "walks of chance", .3, .1, 0, WEEK_EVEN, DRIFT_WALK, .5, 10, 1, .3 },
	{ "drift, weekend, days away", .5, .1, .1, WEEK_END, DRIFT_LINE, .5, 5, 1, .3 },
	{ "shared weekdays", .3, .1, 0, WEEK_DAYS, DRIFT_NONE, .5, 10, 1, .3 },
	{ "a quarter missing", .3, .15, .1, WEEK_END, DRIFT_NONE, .5, 5, .6, .3 },
};

static const struct plan {
	enum planted planted;
	const char *name, *kind;
	double wanted[LOOKS];
} plans[] = {
	{ PLANT_SLEEP_5, "sleep -> energy, r .5", "sleep_energy", { .18, .50, .75 } },
	{ PLANT_SLEEP_7, "sleep -> energy, r .7", "sleep_energy", { .55, .88, .97 } },
	{ PLANT_WORKOUT, "workout -> mood, +1.2", "workout_mood", { .27, .50, .80 } },
	{ PLANT_ENERGY, "energy -> tasks, +30 %/SD", "energy_tasks", { NAN, .33, .60 } },
	{ PLANT_HOUR, "peak hour x3", "peak_hour", { .40, .80, .95 } },
	{ PLANT_WEEKDAY, "weekday +100 %", "best_weekday", { NAN, .53, .82 } },
	{ PLANT_THEME, "theme +1.5 SD", "content_theme", { NAN, .15, .40 } },
};

/* What is counted of one kind of people. */
struct count {
	int people, fooled, hit, told, untrue, confirmed, withdrawn;
	int tested[QUESTIONS][QUESTION_LAGS], small[QUESTIONS][QUESTION_LAGS];
	double ms;
};

/* What a kind of people is made of, and what is done with them. */
struct cell {
	const struct world *world;
	enum planted planted;
	const char *kind; /* what is there to be found; NULL: nothing is */
	size_t days;
	bool schedule;
};

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void test_count(struct count *c, const struct cell *cell, const struct insight *found)
{
	size_t at = (size_t)(question_find(found->kind) - questions);

	if (text_same(found->kind, cell->kind))
		return;
	c->tested[at][found->lag]++;
	c->small[at][found->lag] += found->p < 0.05;
}

/* What a person is told: *ret_hit what is there, *ret_fooled what is not. */
static void told_count(struct count *c, const struct cell *cell, const char *kind, bool *ret_hit,
		       bool *ret_fooled)
{
	bool there = text_same(kind, cell->kind);

	c->told++;
	c->untrue += !there;
	*ret_hit |= there;
	*ret_fooled |= !there;
}

static void look(struct count *c, const struct cell *cell, const struct days *days, bool *ret_hit,
		 bool *ret_fooled)
{
	struct insight found[INSIGHT_MAX];
	size_t n = insight_look(days, days->n, INSIGHT_LEVEL, found);

	for (size_t i = 0; i < n; i++) {
		test_count(c, cell, &found[i]);
		if (!text_same(found[i].tier, "observation"))
			told_count(c, cell, found[i].kind, ret_hit, ret_fooled);
	}
}

/* A life by the schedule, night by night. */
static void live(struct count *c, const struct cell *cell, const struct days *days, bool *ret_hit,
		 bool *ret_fooled)
{
	struct schedule *s = MEM_NEW(days->pool, struct schedule);

	for (size_t n = 1; n <= days->n; n++) {
		if (!schedule_night(s, days, n))
			continue;
		for (size_t i = 0; i < s->findings_n; i++) {
			const struct finding *f = &s->findings[i];

			if (f->news == NEWS_LIKELY)
				told_count(c, cell, f->is.kind, ret_hit, ret_fooled);
			c->confirmed += f->news == NEWS_CONFIRMED;
			c->withdrawn += f->news == NEWS_WITHDRAWN;
		}
	}
}

static void persons(struct count *c, const struct cell *cell, int from, int to, int step)
{
	apr_pool_t *pool;

	/* APR's own allocator: a pool of ours gives memory back after each person, which takes half of the time. */
	if (apr_pool_create(&pool, NULL) != APR_SUCCESS)
		abort();
	for (int i = from; i < to; i += step) {
		const struct days *days = person_live(pool, cell->world, cell->planted,
						      (uint64_t)i * 31 + cell->days, cell->days);
		double begin = now_ms();
		bool hit = false, fooled = false;

		(cell->schedule ? live : look)(c, cell, days, &hit, &fooled);
		c->ms += now_ms() - begin;
		c->people++;
		c->hit += hit;
		c->fooled += fooled;
		pool_clear(pool);
	}
	pool_free(pool);
}

static void add(struct count *sum, const struct count *c)
{
	sum->people += c->people;
	sum->fooled += c->fooled;
	sum->hit += c->hit;
	sum->told += c->told;
	sum->untrue += c->untrue;
	sum->confirmed += c->confirmed;
	sum->withdrawn += c->withdrawn;
	sum->ms += c->ms;
	for (size_t i = 0; i < QUESTIONS; i++)
		for (size_t lag = 0; lag < QUESTION_LAGS; lag++) {
			sum->tested[i][lag] += c->tested[i][lag];
			sum->small[i][lag] += c->small[i][lag];
		}
}

/* Each core takes its share of the people. */
static struct count measure(const struct cell *cell, int people)
{
	static struct count *shared;
	int cores = (int)sysconf(_SC_NPROCESSORS_ONLN);
	struct count sum = { 0 };

	cores = cores < 1 ? 1 : cores > CORES_MAX ? CORES_MAX : cores;
	if (!shared)
		shared = mmap(NULL, sizeof *shared * CORES_MAX, PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	memset(shared, 0, sizeof *shared * CORES_MAX);
	fflush(stdout);
	for (int i = 0; i < cores; i++)
		if (fork() == 0) {
			persons(&shared[i], cell, i, people, cores);
			_exit(0);
		}
	while (wait(NULL) > 0)
		;
	for (int i = 0; i < cores; i++)
		add(&sum, &shared[i]);
	return sum;
}

static double share(int of, int all)
{
	return all ? (double)of / all : 0;
}

/* --- tables --- */

static void row(const char *name, size_t days, const char *what, double value, const char *wanted)
{
	printf("%s, %zu days: %s|%.3f|%s\n", name, days, what, value, wanted);
}

/* The least and the greatest of all tests. */
static void sizes(const struct count *c, const char *name, size_t days)
{
	double least = 1, greatest = 0;
	const char *of_least = "", *of_greatest = "";
	char what[64];

	for (size_t i = 0; i < QUESTIONS; i++)
		for (size_t lag = 0; lag < QUESTION_LAGS; lag++) {
			double p = share(c->small[i][lag], c->tested[i][lag]);

			if (c->tested[i][lag] < c->people / 4)
				continue;
			if (p < least) {
				least = p;
				of_least = questions[i].kind;
			}
			if (p > greatest) {
				greatest = p;
				of_greatest = questions[i].kind;
			}
		}
	/* Of few people chance makes more. */
	snprintf(what, sizeof what, "p < .05, least (%s)", of_least);
	row(name, days, what, least, c->people < SIZES_LEAST ? "" : ">= .03");
	snprintf(what, sizeof what, "p < .05, most (%s)", of_greatest);
	row(name, days, what, greatest, c->people < SIZES_LEAST ? "" : "<= .065");
}

static void nothing(const struct world *world, int people)
{
	/* A pattern of weekdays is there to be found. */
	const char *kind = world->week == WEEK_DAYS ? "best_weekday" : NULL;

	for (int k = 0; k < LOOKS; k++) {
		const struct cell cell = { world, PLANT_NOTHING, kind, look_days[k], false };
		struct count c = measure(&cell, people);

		row(world->name, look_days[k], "told at one look", share(c.fooled, c.people), "<= .05");
		sizes(&c, world->name, look_days[k]);
	}
}

static void nothing_lived(const struct world *world, int people)
{
	const struct cell cell = { world, PLANT_NOTHING, world->week == WEEK_DAYS ? "best_weekday" : NULL,
				   YEAR, true };
	struct count c = measure(&cell, people);

	row(world->name, YEAR, "ever told by the schedule", share(c.fooled, c.people), "<= .05");
}

static void planted(int people)
{
	int told = 0, untrue = 0;
	char wanted[16];

	for (size_t i = 0; i < sizeof plans / sizeof *plans; i++)
		for (int k = 0; k < LOOKS; k++) {
			const struct cell cell = { &plain, plans[i].planted, plans[i].kind, look_days[k],
						   false };
			struct count c = measure(&cell, people);

			snprintf(wanted, sizeof wanted, ">= %.2f", plans[i].wanted[k]);
			row(plans[i].name, look_days[k], "found", share(c.hit, c.people),
			    isnan(plans[i].wanted[k]) ? "" : wanted);
			told += c.told;
			untrue += c.untrue;
		}
	printf("of all that these are told, untrue|%.3f|<= .05\n", share(untrue, told));
}

static void planted_lived(int people)
{
	for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
		const struct cell cell = { &plain, plans[i].planted, plans[i].kind, YEAR, true };
		struct count c = measure(&cell, people);

		row(plans[i].name, YEAR, "found by the schedule", share(c.hit, c.people), "");
		row(plans[i].name, YEAR, "times confirmed", share(c.confirmed, c.people), "");
		row(plans[i].name, YEAR, "times withdrawn", share(c.withdrawn, c.people), "");
	}
}

/* Of somebody who has noted everything for three years. */
static void costs(void)
{
	enum { DAYS = 1095, TIMES = 200 };
	struct days *days = person_live(pool_root(), &others[1], PLANT_SLEEP_5, 1, DAYS);
	double due = 0, idle, begin;
	struct schedule *s = MEM_NEW(days->pool, struct schedule);

	for (int i = 0; i < TIMES; i++) {
		memset(s, 0, sizeof *s);
		begin = now_ms();
		schedule_night(s, days, DAYS);
		due += (now_ms() - begin) / TIMES;
	}
	begin = now_ms();
	for (int i = 0; i < TIMES; i++)
		schedule_night(s, days, DAYS);
	idle = (now_ms() - begin) / TIMES;
	printf("a night with every look due, three years of days, ms|%.2f|<= 10\n", due);
	printf("a night with none due, three years of days, ms|%.3f|<= 1\n", idle);
	pool_free(days->pool);
}

int main(int argc, char **argv)
{
	int64_t people = 4000;

	if (argc > 1 && (!text_int(argv[1], &people) || people < 40))
		return 2;
	mem_init();
	printf("%d people of each kind with nothing in them\n", (int)people);
	for (size_t i = 0; i < sizeof no_effect / sizeof *no_effect; i++)
		nothing(&no_effect[i], (int)people);
	for (size_t i = 0; i < sizeof no_effect / sizeof *no_effect; i++)
		nothing_lived(&no_effect[i], (int)people);
	printf("%d people of each kind with one thing in them\n", (int)people);
	planted((int)people);
	printf("%d of them, for a year by the schedule\n", (int)people / 16);
	planted_lived((int)people / 16);
	printf("%d people of other kinds, with nothing in them\n", (int)people / 2);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		nothing(&others[i], (int)people / 2);
		nothing_lived(&others[i], (int)people / 8);
	}
	printf("what it costs\n");
	costs();
	return 0;
}
