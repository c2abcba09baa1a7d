/* insights: people in whom there is nothing and people in whom there is something, and how often each is told:
 *   build/bench/insights [PEOPLE]      4000 of each kind, when it is not said
 * Method: tests/people makes a person's days out of a world, of what is planted in them and of a seed, their number; all seeds are
 * fixed, so that each run tells the same. "wanted" stands beside what was measured. */
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

enum { LOOKS = 3, YEAR = 365, CORES_MAX = 64 };

static const size_t look_days[LOOKS] = { 30, 60, 90 };

static const struct world
	weekends = { "nothing, a shared weekend", .3, .1, 0, WEEK_END, DRIFT_NONE, .25, 5, .4, 0 },
	drifts = { "nothing, own drift", .3, .1, 0, WEEK_EVEN, DRIFT_LINE, .25, 5, .4, 0 },
	plain = { "plain", .3, .1, 0, WEEK_EVEN, DRIFT_NONE, .25, 5, .4, 0 };
/* People of other kinds, for what the two above do not try. */
static const struct world others[] = {
	{ "even, without inertia", 0, 0, 0, WEEK_EVEN, DRIFT_NONE, .25, 10, 1, 0 },
	{ "inertia .5", .5, .1, 0, WEEK_END, DRIFT_NONE, .5, 10, 1, .3 },
	{ "inertia .7", .7, .1, 0, WEEK_END, DRIFT_NONE, .5, 5, 1, .3 },
	{ "a walk of each number's own", .3, .1, 0, WEEK_EVEN, DRIFT_WALK, .5, 10, 1, .3 },
	{ "drift and weekend", .5, .1, .1, WEEK_END, DRIFT_LINE, .5, 5, 1, .3 },
	{ "a shared pattern of weekdays", .3, .1, 0, WEEK_DAYS, DRIFT_NONE, .5, 10, 1, .3 },
	{ "a third missing", .3, .2, .1, WEEK_END, DRIFT_NONE, .5, 5, .6, .3 },
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
	int people, any, hit, told, untrue;
	int tested[QUESTIONS][QUESTION_LAGS], small[QUESTIONS][QUESTION_LAGS];
	int confirmed, withdrawn;
	double ms;
};

/* What a kind of people is made of, and what is done with them. */
struct cell {
	const struct world *world;
	enum planted planted;
	const char *kind; /* planted; NULL: nothing is */
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

static void look(struct count *c, const struct cell *cell, const struct days *days)
{
	struct insight found[INSIGHT_MAX];
	double begin = now_ms();
	size_t n = insight_look(days, days->n, INSIGHT_LEVEL, found);
	bool any = false, hit = false;

	c->ms += now_ms() - begin;
	for (size_t i = 0; i < n; i++) {
		bool planted = text_same(found[i].kind, cell->kind);

		test_count(c, cell, &found[i]);
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
}

/* A life by the schedule, night by night. */
static void live(struct count *c, const struct cell *cell, const struct days *days)
{
	struct schedule *s = MEM_NEW(days->pool, struct schedule);
	double begin = now_ms();
	bool any = false, hit = false;

	for (size_t n = 1; n <= days->n; n++) {
		if (!schedule_night(s, days, n))
			continue;
		for (size_t i = 0; i < s->findings_n; i++) {
			const struct finding *f = &s->findings[i];
			bool planted = text_same(f->is.kind, cell->kind);

			any |= f->news == NEWS_LIKELY;
			hit |= f->news == NEWS_LIKELY && planted;
			c->told += f->news == NEWS_LIKELY;
			c->untrue += f->news == NEWS_LIKELY && !planted;
			c->confirmed += f->news == NEWS_CONFIRMED;
			c->withdrawn += f->news == NEWS_WITHDRAWN;
		}
	}
	c->ms += now_ms() - begin;
	c->people++;
	c->any += any;
	c->hit += hit;
}

static void persons(struct count *c, const struct cell *cell, int from, int to, int step)
{
	for (int i = from; i < to; i += step) {
		apr_pool_t *pool = pool_root();
		const struct days *days = person_live(pool, cell->world, cell->planted,
						      (uint64_t)i * 31 + cell->days, cell->days);

		(cell->schedule ? live : look)(c, cell, days);
		pool_free(pool);
	}
}

static void add(struct count *sum, const struct count *c)
{
	sum->people += c->people;
	sum->any += c->any;
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

static void sizes(const struct count *c, const char *name, size_t days, bool all)
{
	for (size_t i = 0; i < QUESTIONS; i++)
		for (size_t lag = 0; lag < QUESTION_LAGS; lag++) {
			double p = share(c->small[i][lag], c->tested[i][lag]);

			if (c->tested[i][lag] < 400 || (!all && p >= 0.035 && p <= 0.06))
				continue;
			printf("    %-30s %3zu days  %-16s lag %zu  p < .05: %.3f of %d\n", name, days,
			       questions[i].kind, lag, p, c->tested[i][lag]);
		}
}

static void nothing(const struct world *world, int people, bool all)
{
	for (int k = 0; k < LOOKS; k++) {
		const struct cell cell = { world, PLANT_NOTHING, NULL, look_days[k], false };
		struct count c = measure(&cell, people);

		printf("%-32s %3zu days  told %.3f (wanted <= .05)\n", world->name, look_days[k],
		       share(c.any, c.people));
		sizes(&c, world->name, look_days[k], all);
	}
}

static void nothing_lived(const struct world *world, int people)
{
	const struct cell cell = { world, PLANT_NOTHING, NULL, YEAR, true };
	struct count c = measure(&cell, people);

	printf("%-32s a year    told %.3f (wanted <= .05)  confirmed %.4f  withdrawn %.3f  ms a night %.3f\n",
	       world->name, share(c.any, c.people), share(c.confirmed, c.people),
	       share(c.withdrawn, c.people), c.ms / c.people / YEAR);
}

static void planted(const struct world *world, int people)
{
	int told = 0, untrue = 0;
	double ms = 0;

	for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
		if (getenv("PLAN") && !strstr(plans[i].name, getenv("PLAN")))
			continue;
		printf("%-28s", plans[i].name);
		for (int k = 0; k < LOOKS; k++) {
			const struct cell cell = { world, plans[i].planted, plans[i].kind, look_days[k],
						   false };
			struct count c = measure(&cell, people);
			double hit = share(c.hit, c.people);

			printf("  %.3f", hit);
			if (isnan(plans[i].wanted[k]))
				printf(" (-)     ");
			else
				printf(" (%.2f)%s", plans[i].wanted[k],
				       hit < plans[i].wanted[k] ? "!! " : "   ");
			told += c.told;
			untrue += c.untrue;
			ms = fmax(ms, c.ms / c.people);
		}
		printf("\n");
	}
	printf("untrue among told %.3f (wanted <= .05), ms a look %.2f\n", share(untrue, told), ms);
}

static void planted_lived(const struct world *world, int people)
{
	for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
		const struct cell cell = { world, plans[i].planted, plans[i].kind, YEAR, true };
		struct count c = measure(&cell, people);

		printf("%-28s a year: told %.3f, confirmed %.3f, withdrawn %.3f, untrue among told %.3f\n",
		       plans[i].name, share(c.hit, c.people), share(c.confirmed, c.people),
		       share(c.withdrawn, c.people), share(c.untrue, c.told));
	}
}

int main(int argc, char **argv)
{
	int64_t people = 4000;
	const char *only = argc > 2 ? argv[2] : "all";

	if (argc > 1 && !text_int(argv[1], &people))
		return 2;
	mem_init();
	if (strstr("all,nothing", only)) {
		nothing(&weekends, (int)people, false);
		nothing(&drifts, (int)people, false);
	}
	if (strstr("all,planted", only))
		planted(&plain, (int)people);
	if (strstr("planted_others", only) && argc > 3)
		for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
			printf("== %s\n", others[i].name);
			planted(&others[i], (int)people);
		}
	if (strstr("all,others", only))
		for (size_t i = 0; i < sizeof others / sizeof *others; i++)
			if (argc < 4 || strstr(others[i].name, argv[3]))
				nothing(&others[i], (int)people, false);
	if (strstr("all,year", only)) {
		nothing_lived(&weekends, (int)people / 4);
		nothing_lived(&drifts, (int)people / 4);
		planted_lived(&plain, (int)people / 10);
	}
	return 0;
}
