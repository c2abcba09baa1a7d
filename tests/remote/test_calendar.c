/* Events at Google, killed at every step and answered badly: made, moved, taken away and taken back once, and told once. */
#include "core/clock.h"
#include "core/text.h"
#include "tests/remote/apart.h"
#include "integrations/google/google_scope.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POINTS = 90, SEEDS = 24 };

static unsigned next(unsigned *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

/* What a call meets, one after the other. */
static NODISCARD err_t *faults(struct scene *s, const char *call, unsigned *seed)
{
	static const char *const words[] = { "\"\"",      "\"503\"",     "\"drop\"",
					     "\"after\"", "\"late:40\"", "\"429\"" };
	struct json *reply;

	ERR(google_standin_control(s->google, "faults_clear", NULL, &reply));
	return google_standin_control(s->google, "fault",
				      mem_fmt(s->t->pool, "{\"call\":\"calendar.%s\",\"schedule\":[%s,%s]}",
					      call, words[next(seed) % 6], words[next(seed) % 6]),
				      &reply);
}

/* Living events of that title, and the start of the first. */
static NODISCARD err_t *events(struct scene *s, const char *title, int *ret_n, const char **ret_start)
{
	struct json *reply;
	const struct json *list;

	ERR(google_standin_list(s->google, NULL, "events", &reply));
	list = json_at(reply, "events");
	*ret_n = 0;
	*ret_start = "";
	for (size_t i = 0; i < json_len(list); i++) {
		const struct json *e = json_item(list, i);

		if (!text_same(json_text(e, "summary"), title) ||
		    text_same(json_text(e, "status"), "cancelled"))
			continue;
		if ((*ret_n)++ == 0)
			*ret_start = mem_textn(s->t->pool, json_text(e, "start.dateTime"), 16);
	}
	return NULL;
}

/* Killed at one step, again at another, replayed or not, swept. */
static NODISCARD err_t *tortured(struct scene *s, struct run *run, unsigned *seed, int *kills)
{
	unsigned at[] = { 1 + next(seed) % POINTS, 1 + next(seed) % POINTS, 0 };
	bool replay = next(seed) % 3 != 0, killed = true;
	struct json *reply;

	for (int i = 0; i < 3 && killed && (i == 0 || replay); i++) {
		run->kill_at = at[i];
		ERR(apart(s, apart_run, run, &killed));
		*kills += killed;
	}
	ERR(apart_sweep(s, run));
	ERR(google_standin_control(s->google, "faults_clear", NULL, &reply));
	run->kill_at = 0;
	ERR(apart(s, apart_run, run, &killed));
	return apart_sweep(s, run);
}

static NODISCARD err_t *ends(struct scene *s, int64_t update, int64_t *ret)
{
	return fixture_int(
		&s->f,
		mem_fmt(s->t->pool,
			"SELECT count(*) FROM outbox o WHERE text NOT LIKE '%%te aviso%%' AND (dedupe LIKE 'u%lld:%%' OR "
			"dedupe IN (SELECT 'op:' || id FROM operations WHERE update_id = %lld))",
			(long long)update, (long long)update),
		ret);
}

/* What happened, with all that was said and how its operations stand. */
static NODISCARD err_t *failed(struct scene *s, const struct run *run, const char *what)
{
	const char *said, *states;

	ERR(fixture_text(
		&s->f,
		mem_fmt(s->t->pool,
			"SELECT string_agg(dedupe || ': ' || text, ' | ' ORDER BY id) FROM outbox WHERE "
			"dedupe LIKE 'u%lld:%%' OR dedupe LIKE 'op:%%'",
			(long long)run->update),
		&said));
	ERR(fixture_text(
		&s->f,
		mem_fmt(s->t->pool,
			"SELECT string_agg(concat_ws(' ', id, tool, state, attempts), ', ') FROM operations "
			"WHERE update_id = %lld",
			(long long)run->update),
		&states));
	return err_new(ERR_INTERNAL, "%s; %s; %s", what, said ? said : "nothing", states ? states : "none");
}

/* A read that was killed holds its lease for a while, and the person hears that the calendar is not known yet: they ask
 * again once it has run out. */
static NODISCARD err_t *asked_again(struct scene *s, struct run *run)
{
	int64_t unread;
	bool killed;

	ERR(fixture_int(
		&s->f,
		mem_fmt(s->t->pool,
			"SELECT count(*) FROM outbox WHERE dedupe LIKE 'u%lld:%%' AND text LIKE '%%Ainda estou lendo%%'",
			(long long)run->update),
		&unread));
	if (unread) {
		ERR(fixture_sql(&s->f, "UPDATE google_syncs SET lease_until = NULL"));
		run->update++;
		ERR(apart(s, apart_run, run, &killed));
	}
	return apart_sweep(s, run);
}

struct step {
	const char *call, *tool, *args, *start; /* start "": there is none then */
	bool undo;
};

static NODISCARD err_t *one(struct scene *s, unsigned n, int *kills)
{
	apr_pool_t *pool = s->t->pool;
	const char *title = mem_fmt(pool, "evento%u", n), *day = mem_fmt(pool, "2026-12-%02u", 1 + n % 28),
		   *start;
	const struct step steps[] = {
		{ "insert", "create_event",
		  mem_fmt(pool, "{\"title\":\"%s\",\"start\":\"%sT10:00:00\"}", title, day),
		  mem_fmt(pool, "%sT10:00", day), false },
		{ "patch", "update_event",
		  mem_fmt(pool, "{\"title\":\"%s\",\"start\":\"%sT15:00:00\"}", title, day),
		  mem_fmt(pool, "%sT15:00", day), false },
		{ "patch", NULL, NULL, mem_fmt(pool, "%sT10:00", day), true },
		{ "delete", "delete_event", mem_fmt(pool, "{\"title\":\"%s\"}", title), "", false },
		{ "patch", NULL, NULL, mem_fmt(pool, "%sT10:00", day), true },
	};
	unsigned seed = n * 7451 + 3;
	int there;
	int64_t told;

	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		struct run run = { .s = s,
				   .tool = steps[i].tool,
				   .args = steps[i].args,
				   .undo = steps[i].undo,
				   .update = 1000 + 20 * (int64_t)n + 2 * (int64_t)i };

		ERR(faults(s, steps[i].call, &seed));
		ERR(err_wrap(tortured(s, &run, &seed, kills), "seed %u, step %zu", n, i));
		ERR(asked_again(s, &run));
		ERR(events(s, title, &there, &start));
		ERR(ends(s, run.update, &told));
		if (there != (*steps[i].start != '\0') || !text_same(start, steps[i].start) || told != 1)
			return failed(s, &run,
				      mem_fmt(pool,
					      "seed %u, step %zu: %d events, at \"%s\", told %lld times", n,
					      i, there, start, (long long)told));
	}
	return NULL;
}

TEST(an_event_killed_at_every_step_happens_once)
{
	const char *wanted = getenv("REMOTE_SEEDS"), *from = getenv("REMOTE_FIRST");
	unsigned seeds = wanted ? (unsigned)strtoul(wanted, NULL, 10) : SEEDS / 4;
	struct scene s;
	int kills = 0;

	ERR(apart_open_google(t, 1U << GOOGLE_CALENDAR, &s));
	for (unsigned n = from ? (unsigned)strtoul(from, NULL, 10) : 0; n < seeds; n++)
		ERR(one(&s, n, &kills));
	CHECK(from || kills > (int)seeds);
	return NULL;
}
