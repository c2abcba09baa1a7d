/* Two months of two people's days in minutes of ours: what Lembra says by itself, at the hours of their walls, through the end of
 * daylight saving time in New York, kills and an outage; and what it finds in their days. */
#include "core/text.h"
#include "ml/date/date.h"
#include "ml/stats/shuffle.h"
#include "tests/e2e/talk.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANA = 951, BOB = 952, DAY = 86400, HOUR = 3600, DAYS = 63, OUTAGE = 20, KILL_EACH = 10 };
#define BEGIN "2026-09-28T14:00:01Z" /* a Monday */

struct life {
	struct product *p;
	int64_t midnight; /* of the day under way, in UTC */
	struct chance chance;
};

static const char *instant(struct life *l, int64_t s)
{
	return mem_fmt(l->p->t->pool, "%sZ", date_iso(l->p->t->pool, l->midnight + s));
}

/* Everything that is due by then has been done. */
static NODISCARD err_t *done_by(struct life *l, const char *at)
{
	apr_pool_t *pool = l->p->t->pool;
	const char *due = mem_fmt(pool, "FROM jobs WHERE local AND (due_at IS NULL OR run_at <= '%s')", at),
		   *left;
	err_t *err = talk_await_int(l->p, mem_fmt(pool, "SELECT count(*) %s", due), 0);

	if (!err)
		return NULL;
	err_clear(fixture_text(&l->p->db, mem_fmt(pool, "SELECT json_agg(jobs)::text %s", due), &left));
	return err_wrap(err, "at %s: %s", at, left ? left : "");
}

static NODISCARD err_t *at(struct life *l, int64_t s, bool kill)
{
	const char *when = instant(l, s + 1);

	ERR(talk_clock(l->p, when));
	if (kill)
		ERR(product_kill(l->p, "scheduler", SIGKILL));
	return done_by(l, when);
}

/* Hours of sleep, by halves, and an energy that goes with them. */
static void night(struct life *l, int *ret_halves, int *ret_energy)
{
	int noise = (int)chance_below(&l->chance, 3) - 1;

	*ret_halves = 11 + (int)chance_below(&l->chance, 8); /* 5h30 to 9h */
	*ret_energy = (*ret_halves - 10) + noise;
	*ret_energy = *ret_energy < 1 ? 1 : *ret_energy > 10 ? 10 : *ret_energy;
}

static NODISCARD err_t *say(struct life *l, int64_t who, const char *text)
{
	return talk_say(l->p, who, who == BOB ? "en" : NULL, text);
}

/* What both say about a day, and do in it. */
static NODISCARD err_t *live(struct life *l, int day)
{
	apr_pool_t *pool = l->p->t->pool;
	int halves, energy;

	night(l, &halves, &energy);
	ERR(say(l, ANA,
		mem_fmt(pool, "/checkin dormi %dh%s, energia %d", halves / 2, halves % 2 ? "30" : "",
			energy)));
	ERR(say(l, ANA, "/tarefa regar as plantas hoje"));
	ERR(say(l, ANA, "/feito regar as plantas"));
	night(l, &halves, &energy);
	ERR(say(l, BOB,
		mem_fmt(pool, "/checkin slept %dh%s, energy %d", halves / 2, halves % 2 ? "30" : "",
			energy)));
	if (day % 3)
		ERR(say(l, BOB, "/done walk the dog"));
	ERR(say(l, BOB, "/task walk the dog today"));
	return talk_settle(l->p);
}

static NODISCARD err_t *outage(struct life *l)
{
	int code;

	ERR(product_stop(l->p, &code));
	ERR(talk_clock(l->p, instant(l, 13 * HOUR + 1800)));
	ERR(product_start(l->p));
	return done_by(l, instant(l, 13 * HOUR + 1800));
}

/* From 03:00 in UTC, midnight in São Paulo, to the next. */
static NODISCARD err_t *one_day(struct life *l, int day)
{
	int weekday = (int)((l->midnight / DAY + 3) % 7); /* Monday 0 */
	bool kill = day % KILL_EACH == 0;

	if (day == OUTAGE)
		ERR(outage(l));
	else
		for (int h = 10; h <= 13; h++)
			ERR(at(l, h * HOUR, kill && day % 20 && h == 10));
	ERR(at(l, 14 * HOUR, false));
	ERR(live(l, day));
	for (int h = 22; weekday == 6 && h <= 23; h++)
		ERR(at(l, h * HOUR, false));
	ERR(at(l, 24 * HOUR, kill && day % 20 == 0));
	ERR(at(l, 25 * HOUR, false));
	return at(l, 26 * HOUR, false);
}

static NODISCARD err_t *count(struct life *l, const char *sql, int64_t expected)
{
	int64_t n;

	ERR(fixture_int(&l->p->db, sql, &n));
	return n == expected
		       ? NULL
		       : err_new(ERR_INTERNAL, "%s: %lld, not %lld", sql, (long long)n, (long long)expected);
}

static NODISCARD err_t *sent(struct life *l, int64_t who, const char *part, int expected)
{
	int texts, pictures;

	ERR(talk_sent(l->p, who, "sendMessage", part, &texts));
	ERR(talk_sent(l->p, who, "sendPhoto", part, &pictures));
	return texts + pictures == expected ? NULL
					    : err_new(ERR_INTERNAL, "\"%s\" was sent %d times, not %d", part,
						      texts + pictures, expected);
}

/* Each kind once a local day, at its hour; the day of the outage late, and told all the same. */
static NODISCARD err_t *right_hours(struct life *l)
{
	static const struct {
		const char *kind, *hour;
		int runs;
	} kinds[] = {
		{ "morning", "07:00", DAYS },
		{ "evening", "21:00", DAYS },
		{ "week_plan", "19:00", 9 },
		{ "week_report", "09:00", 9 },
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		for (int64_t user = 1; user <= 2; user++) {
			const char *of = mem_fmt(
				l->p->t->pool,
				"SELECT count(*) FROM job_runs r JOIN profiles p USING (user_id) WHERE user_id = %lld "
				"AND kind = '%s' AND state = 'done' AND to_char(due_at AT TIME ZONE zone, 'HH24:MI') = '%s' "
				"AND (due_at AT TIME ZONE zone)::date::text = occurrence",
				(long long)user, kinds[i].kind, kinds[i].hour);

			ERR(count(l, of, kinds[i].runs));
			ERR(count(l,
				  mem_fmt(l->p->t->pool, "%s AND last_at > due_at + interval '1 minute'", of),
				  text_same(kinds[i].kind, "morning")));
		}
	return count(l, "SELECT count(*) FROM job_runs WHERE state <> 'done'", 0);
}

/* What each person read, for people to read: TRANSCRIPT=FOLDER. */
static NODISCARD err_t *transcript(struct life *l, int64_t who, const char *name)
{
	apr_pool_t *pool = l->p->t->pool;
	const char *dir = getenv("TRANSCRIPT");
	struct json *messages;
	FILE *f;

	if (!dir)
		return NULL;
	f = fopen(mem_fmt(pool, "%s/%s", dir, name), "we");
	if (!f)
		return err_new(ERR_INTERNAL, "cannot write to \"%s\"", dir);
	ERR(standin_chat(l->p->s, who, &messages));
	for (size_t i = 0; i < json_len(messages); i++) {
		struct json *m = json_item(messages, i);
		const char *text = json_text(m, "text") ? json_text(m, "text") : json_text(m, "caption");

		fprintf(f, "%s%s\n", json_true(m, "from_bot") ? "" : "> ", text ? text : json_write(pool, m));
		if (json_at(m, "reply_markup"))
			fprintf(f, "%s\n", json_write(pool, json_at(m, "reply_markup")));
		fprintf(f, "\n");
	}
	fclose(f);
	return NULL;
}

TEST(messages_and_findings_of_two_months)
{
	struct life l = { .chance = { 20261128 } };
	int64_t begin = 0;
	int code, told;

	ERR(product_new(t, true, NULL, &l.p));
	ERR(talk_clock(l.p, BEGIN));
	ERR(product_start(l.p));
	ERR(talk_expect(l.p, ANA, NULL, "/status", "acordada"));
	ERR(talk_expect(l.p, BOB, "en", "/status", "awake"));
	ERR(talk_expect(l.p, BOB, "en", "/config New York", "New York"));
	CHECK(date_parse_iso("2026-09-28", &begin));
	l.midnight = begin;
	ERR(live(&l, 0));
	for (int h = 24; h <= 26; h++)
		ERR(at(&l, h * HOUR, false));
	for (int day = 1; day < DAYS; day++) {
		l.midnight = begin + day * (int64_t)DAY;
		ERR(one_day(&l, day));
	}
	l.midnight += DAY; /* Monday, until the last report */
	for (int h = 10; h <= 14; h++)
		ERR(at(&l, h * HOUR, false));
	ERR(talk_settle(l.p));
	ERR(transcript(&l, ANA, "two-months.pt.txt"));
	ERR(transcript(&l, BOB, "two-months.en.txt"));
	ERR(right_hours(&l));
	ERR(sent(&l, ANA, "Bom dia", DAYS));
	ERR(sent(&l, ANA, "Fechando o dia", DAYS));
	ERR(sent(&l, ANA, "Sua próxima semana", 9));
	ERR(sent(&l, ANA, "Sua semana em números", 9));
	ERR(sent(&l, BOB, "Good morning", DAYS));
	ERR(sent(&l, BOB, "Closing the day", DAYS));
	ERR(sent(&l, BOB, "Your week ahead", 9));
	ERR(sent(&l, BOB, "Your week in numbers", 9));
	ERR(sent(&l, BOB, "Bom dia", 0));
	ERR(sent(&l, ANA, "walk the dog", 0));
	/* Noted each day, told after thirty, confirmed by the thirty after them. */
	ERR(count(&l, "SELECT count(*) FROM metrics WHERE sleep IS NOT NULL AND energy IS NOT NULL",
		  2 * DAYS));
	ERR(count(&l, "SELECT count(*) FROM findings WHERE kind = 'sleep_energy' AND tier = 'confirmed'", 2));
	ERR(count(&l, "SELECT count(*) FROM metrics WHERE day < '2026-09-28'",
		  0)); /* nothing of days before */
	ERR(count(&l, "SELECT count(*) FROM recommendations", 2 * DAYS));
	ERR(talk_sent(l.p, ANA, "sendMessage", "anda junto com mais energia", &told));
	CHECK(told > 0);
	ERR(talk_sent(l.p, BOB, "sendMessage", "goes together with more energy", &told));
	CHECK(told > 0);
	ERR(talk_sent(l.p, BOB, "sendPhoto", NULL, &told));
	CHECK(told >= 9);
	ERR(count(&l, "SELECT count(*) FROM updates WHERE state = 'dead'", 0));
	return product_stop(l.p, &code);
}
