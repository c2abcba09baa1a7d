/* The jobs of messages at the person's own hours, with the real scheduler: when they run, and when they say nothing. */
#include "core/text.h"
#include "core/zone.h"
#include "ml/date/date.h"
#include "tests/integration/job_scene.h"

extern const struct job job_morning, job_evening;

/* From now on so, with jobs of the kinds that run here alone. */
static NODISCARD err_t *lives(struct scene *s, int64_t user, const char *set)
{
	const char *kinds = "''";

	for (const struct job **job = s->jobs; *job; job++)
		kinds = mem_fmt(s->pool, "%s, '%s'", kinds, (*job)->kind);
	return job_scene_sql(
		s, mem_fmt(s->pool,
			   "BEGIN; SELECT set_config('app.now', '%lld', true); UPDATE profiles SET %s "
			   "WHERE user_id = %lld; SELECT routine_jobs_for(%lld, app_now()); "
			   "DELETE FROM jobs WHERE kind NOT IN (%s); COMMIT",
			   (long long)clock_now(), set, (long long)user, (long long)user, kinds));
}

static NODISCARD err_t *due(struct scene *s, const char *kind, int64_t user, const char *at)
{
	return job_scene_await(
		s,
		mem_fmt(s->pool,
			"SELECT count(*) FROM jobs WHERE kind = '%s' AND user_id = %lld AND due_at = '%s'",
			kind, (long long)user, at),
		1);
}

/* Put for that date so often, in that state. */
static NODISCARD err_t *told(struct scene *s, const char *kind, int64_t user, const char *day,
			     const char *state, int64_t n)
{
	return job_scene_await(
		s,
		mem_fmt(s->pool, "SELECT count(*) FROM outbox WHERE dedupe = '%s:%lld:%s' AND state = '%s'",
			kind, (long long)user, day, state),
		n);
}

/* That date's run is over. */
static NODISCARD err_t *over(struct scene *s, const char *kind, int64_t user, const char *day,
			     const char *state)
{
	return job_scene_await(s,
			       mem_fmt(s->pool,
				       "SELECT count(*) FROM job_runs WHERE kind = '%s' AND user_id = %lld "
				       "AND occurrence = '%s' AND state = '%s'",
				       kind, (long long)user, day, state),
			       1);
}

static err_t *play_new_york(struct scene *s)
{
	s->jobs[0] = &job_morning;
	ERR(lives(s, s->ana, "zone = 'America/New_York', morning_at = '02:30'"));
	ERR(lives(s, s->bia, "zone = 'Europe/Lisbon'"));
	job_scene_up(s);
	ERR(due(s, "morning", s->ana, "2027-03-13 07:30Z"));
	ERR(job_scene_clock(s, "2027-03-13T07:30:00Z"));
	ERR(told(s, "morning", s->ana, "2027-03-13", "pending", 1)); /* its own hour, though it is quiet */
	ERR(told(s, "morning", s->bia, "2027-03-13", "pending", 1));
	/* There is no half past two on the 14th: half past three. */
	ERR(due(s, "morning", s->ana, "2027-03-14 07:30Z"));
	ERR(job_scene_clock(s, "2027-03-14T07:30:00Z"));
	ERR(told(s, "morning", s->ana, "2027-03-14", "pending", 1));
	ERR(due(s, "morning", s->ana, "2027-03-15 06:30Z"));
	/* In November half past one comes twice, and once is enough. */
	ERR(job_scene_clock(s, "2027-11-06T12:00:00Z"));
	ERR(lives(s, s->ana, "morning_at = '01:30'"));
	ERR(due(s, "morning", s->ana, "2027-11-07 05:30Z"));
	ERR(job_scene_clock(s, "2027-11-07T05:30:00Z"));
	ERR(told(s, "morning", s->ana, "2027-11-07", "pending", 1));
	ERR(due(s, "morning", s->ana, "2027-11-08 06:30Z"));
	ERR(job_scene_clock(s, "2027-11-07T06:30:00Z"));
	ERR(job_scene_calm(s));
	ERR(told(s, "morning", s->ana, "2027-11-07", "pending", 1));
	return job_scene_down(s);
}

TEST(the_clocks_of_new_york_change)
{
	return job_scene_run(t, "2027-03-13T05:00:00Z", play_new_york);
}

static err_t *play_lisbon(struct scene *s)
{
	s->jobs[0] = &job_morning;
	ERR(lives(s, s->ana, "morning_on = true"));
	ERR(lives(s, s->bia, "morning_on = true"));
	job_scene_up(s);
	ERR(due(s, "morning", s->bia, "2027-03-28 06:00Z")); /* forward at one that night */
	ERR(due(s, "morning", s->ana, "2027-03-28 10:00Z"));
	ERR(job_scene_clock(s, "2027-03-28T06:00:00Z"));
	ERR(told(s, "morning", s->bia, "2027-03-28", "pending", 1));
	ERR(job_scene_calm(s));
	ERR(told(s, "morning", s->ana, "2027-03-28", "pending", 0));
	ERR(job_scene_clock(s, "2027-03-28T10:00:00Z"));
	ERR(told(s, "morning", s->ana, "2027-03-28", "pending", 1));
	/* Ana flies to Lisbon, where it is eleven already: today's was told, tomorrow's is at seven there. */
	ERR(lives(s, s->ana, "zone = 'Europe/Lisbon'"));
	ERR(due(s, "morning", s->ana, "2027-03-29 06:00Z"));
	ERR(job_scene_clock(s, "2027-03-29T06:00:00Z"));
	ERR(told(s, "morning", s->ana, "2027-03-29", "pending", 1));
	/* And back, where it is not seven yet: this date is told. */
	ERR(lives(s, s->ana, "zone = 'America/Sao_Paulo'"));
	ERR(due(s, "morning", s->ana, "2027-03-29 10:00Z"));
	ERR(job_scene_clock(s, "2027-03-29T10:00:00Z"));
	ERR(due(s, "morning", s->ana, "2027-03-30 10:00Z"));
	ERR(told(s, "morning", s->ana, "2027-03-29", "pending", 1));
	return job_scene_down(s);
}

TEST(lisbon_changes_too_and_who_flies_there_hears_each_date_once)
{
	return job_scene_run(t, "2027-03-27T12:00:00Z", play_lisbon);
}

static err_t *play_mute(struct scene *s)
{
	s->jobs[0] = &job_morning;
	s->jobs[1] = &job_evening;
	ERR(lives(s, s->ana, "quiet_from = '22:00', quiet_to = '09:00'"));
	ERR(lives(s, s->bia, "daily_cap = 1"));
	job_scene_up(s);
	ERR(due(s, "evening", s->ana, "2026-11-24 00:00Z"));
	ERR(due(s, "evening", s->bia, "2026-11-23 21:00Z"));
	ERR(job_scene_down(s));
	/* Late into hours that are quiet until tomorrow: a day is not closed on the next one. */
	ERR(job_scene_clock(s, "2026-11-24T01:30:00Z"));
	job_scene_up(s);
	ERR(over(s, "evening", s->ana, "2026-11-23", "done"));
	ERR(told(s, "evening", s->ana, "2026-11-23", "pending", 0));
	ERR(told(s, "evening", s->ana, "2026-11-23", "held", 0));
	/* In Lisbon the date is over. */
	ERR(over(s, "evening", s->bia, "2026-11-23", "done"));
	ERR(told(s, "evening", s->bia, "2026-11-23", "pending", 0));
	ERR(job_scene_clock(s, "2026-11-24T07:00:00Z"));
	ERR(told(s, "morning", s->bia, "2026-11-24", "pending", 1));
	ERR(job_scene_down(s));
	/* Late into hours that are quiet until later today: then. */
	ERR(job_scene_clock(s, "2026-11-24T11:00:00Z"));
	job_scene_up(s);
	ERR(told(s, "morning", s->ana, "2026-11-24", "held", 1));
	/* The day's one message is used up. */
	ERR(job_scene_clock(s, "2026-11-24T21:00:00Z"));
	ERR(over(s, "evening", s->bia, "2026-11-24", "done"));
	ERR(told(s, "evening", s->bia, "2026-11-24", "pending", 0));
	/* Two messages count as one. */
	ERR(lives(s, s->bia, "morning_on = false"));
	ERR(job_scene_clock(s, "2026-11-25T21:00:00Z"));
	ERR(told(s, "evening", s->bia, "2026-11-25", "pending", 2));
	return job_scene_down(s);
}

TEST(quiet_hours_and_the_daily_cap_hold)
{
	return job_scene_run(t, "2026-11-23T12:00:00Z", play_mute);
}

/* Ana has another bot's chat and one of the terminal, Bia only the terminal. */
static err_t *play_where(struct scene *s)
{
	s->jobs[0] = &job_morning;
	ERR(lives(s, s->ana, "morning_on = true"));
	ERR(lives(s, s->bia, "morning_on = true"));
	ERR(job_scene_sql(
		s, mem_fmt(s->pool,
			   "UPDATE telegram_chats SET bot_id = 0 WHERE user_id = %lld; "
			   "INSERT INTO telegram_chats (user_id, bot_id, chat_id, state, created_at) VALUES "
			   "(%lld, 0, -1, 'active', now()), (%lld, 9, 41, 'blocked', now())",
			   (long long)s->bia, (long long)s->ana, (long long)s->ana)));
	job_scene_up(s);
	ERR(due(s, "morning", s->ana, "2026-11-23 10:00Z"));
	ERR(job_scene_clock(s, "2026-11-23T10:00:00Z"));
	ERR(told(s, "morning", s->ana, "2026-11-23", "pending", 1));
	ERR(told(s, "morning", s->bia, "2026-11-23", "pending", 1));
	ERR(job_scene_await(s, "SELECT count(*) FROM outbox WHERE (bot_id, chat_id) IN ((7, 41), (0, 42))",
			    2));
	return job_scene_down(s);
}

TEST(a_chat_that_is_read_and_the_terminal_where_there_is_no_other)
{
	return job_scene_run(t, "2026-11-23T05:00:00Z", play_where);
}

static err_t *play_paced(struct scene *s)
{
	int64_t ms;

	s->jobs[0] = &job_morning;
	s->config->telegram_rate_per_s = 12;
	ERR(job_scene_sql(
		s,
		"SELECT person_add('user', 50 + g, 7, 'X', NULL, 'en', now()) FROM generate_series(1, 6) g"));
	ERR(lives(s, s->ana, "zone = 'Europe/Lisbon'"));
	ERR(job_scene_sql(
		s, mem_fmt(s->pool,
			   "SELECT job_plan_for(user_id, 'morning', '', '07:00', NULL, '%s') FROM users",
			   clock_iso(s->pool, clock_now()))));
	job_scene_up(s);
	ERR(job_scene_calm(s));
	ERR(job_scene_clock(s, "2026-11-23T10:00:00Z"));
	ERR(job_scene_await(s, "SELECT count(*) FROM outbox WHERE dedupe LIKE 'morning:%'", 8));
	ERR(job_scene_int(
		s,
		"SELECT (extract(epoch FROM max(first_at) - min(first_at)) * 1000)::bigint FROM job_runs "
		"WHERE kind = 'morning'",
		&ms));
	CHECK(ms >= 600 && ms < 5000); /* eight, a tenth of a second apart */
	return job_scene_down(s);
}

TEST(a_crowd_goes_out_at_the_pace_of_its_messages)
{
	return job_scene_run(t, "2026-11-23T05:00:00Z", play_paced);
}

static NODISCARD err_t *jobs_of(struct fixture *f, int64_t user, int64_t expected)
{
	int64_t n;

	ERR(fixture_int(
		f,
		mem_fmt(f->pool,
			"SELECT count(*) FROM jobs WHERE user_id = %lld AND kind IN ('morning', 'evening', "
			"'week_plan', 'week_report', 'recommend', 'nightly')",
			(long long)user),
		&n));
	CHECK_INT(n, expected);
	return NULL;
}

TEST(jobs_follow_profile_and_role)
{
	struct fixture f;
	int64_t user, guest, n;

	ERR(fixture_db(t, &f));
	ERR(fixture_int(&f, "SELECT person_add('user', 41, 7, 'Ana', NULL, 'en', now())", &user));
	ERR(fixture_int(&f, "SELECT person_add('guest', 42, 7, 'Bia', NULL, 'en', now())", &guest));
	ERR(jobs_of(&f, user, 6));
	ERR(jobs_of(&f, guest, 0));
	ERR(fixture_sql(&f, mem_fmt(t->pool, "UPDATE users SET role = 'user' WHERE user_id = %lld",
				    (long long)guest)));
	ERR(jobs_of(&f, guest, 6));
	ERR(fixture_sql(&f, mem_fmt(t->pool, "UPDATE users SET role = 'guest' WHERE user_id = %lld",
				    (long long)guest)));
	ERR(jobs_of(&f, guest, 0));
	ERR(fixture_sql(&f, "UPDATE profiles SET morning_on = false, week_report_on = false"));
	ERR(jobs_of(&f, user, 4));
	ERR(jobs_of(&f, guest, 0));
	ERR(fixture_sql(&f, "UPDATE profiles SET morning_on = true, morning_at = '06:00'"));
	ERR(jobs_of(&f, user, 5));
	/* Made by six, and before the morning tells it; at night, spread over an hour. */
	ERR(fixture_int(
		&f,
		"SELECT count(*) FROM jobs WHERE (kind = 'recommend' AND at_time >= '05:00' AND at_time < '06:00') "
		"OR (kind = 'nightly' AND at_time >= '03:30' AND at_time < '04:30')",
		&n));
	CHECK_INT(n, 2);
	ERR(fixture_sql(
		&f,
		"SELECT person_add('user', 1000 + g, 7, 'X', NULL, 'en', now()) FROM generate_series(1, 600) g"));
	ERR(fixture_int(
		&f,
		"SELECT max(n) FROM (SELECT count(*) AS n FROM jobs WHERE kind IN ('recommend', 'nightly') "
		"GROUP BY kind, date_trunc('minute', at_time::interval)) x",
		&n));
	CHECK(n <= 25); /* of 600 in 55 or 60 minutes */
	ERR(fixture_int(&f,
			mem_fmt(t->pool, "SELECT person_erase(%lld, 'abcdef0123456789', now())",
				(long long)user),
			&n));
	ERR(jobs_of(&f, user, 0));
	return NULL;
}

/* SQL's instants of a wall are those of core/zone. */
TEST(a_wall_has_one_instant)
{
	static const char *const zones[] = { "America/New_York",    "Europe/Lisbon",    "America/Sao_Paulo",
					     "Australia/Lord_Howe", "Antarctica/Troll", "Asia/Kolkata" };
	static const char *const days[] = { "2027-03-14", "2027-03-28", "2027-11-07",
					    "2027-10-31", "2027-04-04", "2027-10-03" };
	struct fixture f;
	const struct zone *zone;
	int64_t wall, found;

	ERR(fixture_db(t, &f));
	for (size_t z = 0; z < sizeof zones / sizeof *zones; z++) {
		ERR(zone_find(zones[z], &zone));
		for (size_t d = 0; d < sizeof days / sizeof *days; d++)
			for (int m = 0; m < 16; m++) {
				const char *at =
					mem_fmt(t->pool, "%sT%02d:%02d:00", days[d], m / 4, m % 4 * 15);

				CHECK(date_parse_iso(at, &wall));
				ERR(fixture_int(&f,
						mem_fmt(t->pool,
							"SELECT time_to_us(wall_instant('%s', '%s'))", at,
							zones[z]),
						&found));
				if (found != zone_instant(zone, wall))
					return err_new(ERR_INTERNAL, "%s in %s", at, zones[z]);
			}
	}
	ERR(fixture_int(&f, "SELECT time_to_us(wall_instant('2026-11-23 07:00', 'Nowhere/Here'))", &found));
	CHECK_INT(found, INT64_C(1795428000000000)); /* as in São Paulo */
	return NULL;
}

/* What is put for someone who has blocked the bot. */
static NODISCARD err_t *swallowed(struct fixture *f, const char *dedupe, const char *class, const char *text)
{
	return fixture_sql(
		f,
		mem_fmt(f->pool,
			"INSERT INTO outbox (bot_id, chat_id, dedupe, method, text, class, created_at) VALUES "
			"(7, 41, '%1$s', 'send', '%2$s', '%3$s', '2026-11-23 12:00Z'); "
			"UPDATE outbox SET state = 'failed', error = 'blocked' WHERE dedupe = '%1$s'",
			dedupe, text, class));
}

TEST(what_a_block_swallows_is_kept_until_it_is_told)
{
	struct fixture f;
	int64_t user, n;

	ERR(fixture_db(t, &f));
	ERR(fixture_int(&f, "SELECT person_add('user', 41, 7, 'Ana', NULL, 'en', now())", &user));
	ERR(swallowed(&f, "r1", "reminder", "tirar o lixo"));
	ERR(swallowed(&f, "m1", "unasked", "bom dia"));
	ERR(fixture_int(
		&f, "SELECT count(*) FROM missed_messages WHERE text = 'tirar o lixo' AND told_at IS NULL",
		&n));
	CHECK_INT(n, 1);
	ERR(fixture_int(&f, "SELECT count(*) FROM missed_messages", &n));
	CHECK_INT(n, 1);
	ERR(fixture_sql(&f, "UPDATE missed_messages SET told_at = now(), told_in = 'missed:x'"));
	/* Blocked again before it arrived: it is still to be told, and its list is nothing to tell. */
	ERR(swallowed(&f, "missed:x", "reply", "the list"));
	ERR(fixture_int(
		&f, "SELECT count(*) FROM missed_messages WHERE told_at IS NULL AND text = 'tirar o lixo'",
		&n));
	CHECK_INT(n, 1);
	ERR(fixture_int(&f, "SELECT count(*) FROM missed_messages", &n));
	CHECK_INT(n, 1);
	return NULL;
}

/* Over the date line a date comes twice, and is told once; a clock that was a year ahead parks nothing, and tells no year. */
static err_t *play_date_line(struct scene *s)
{
	s->jobs[0] = &job_morning;
	ERR(lives(s, s->ana, "zone = 'Pacific/Auckland'"));
	ERR(lives(s, s->bia, "morning_on = false"));
	job_scene_up(s);
	ERR(due(s, "morning", s->ana, "2026-11-28 18:00Z"));
	ERR(job_scene_clock(s, "2026-11-28T18:00:00Z"));
	ERR(told(s, "morning", s->ana, "2026-11-29", "pending", 1));
	ERR(lives(s, s->ana, "zone = 'Pacific/Honolulu'")); /* where it is eight on the 28th */
	ERR(due(s, "morning", s->ana, "2026-11-29 17:00Z"));
	ERR(job_scene_clock(s, "2026-11-29T17:00:00Z"));
	ERR(due(s, "morning", s->ana, "2026-11-30 17:00Z"));
	ERR(told(s, "morning", s->ana, "2026-11-29", "pending", 1));
	ERR(job_scene_clock(s, "2026-11-30T17:00:00Z"));
	ERR(told(s, "morning", s->ana, "2026-11-30", "pending", 1));
	ERR(due(s, "morning", s->ana, "2026-12-01 17:00Z"));
	ERR(job_scene_clock(s, "2027-11-30T17:30:00Z"));
	ERR(told(s, "morning", s->ana, "2027-11-30", "pending", 1));
	ERR(due(s, "morning", s->ana, "2027-12-01 17:00Z"));
	ERR(job_scene_clock(s, "2026-12-01T16:00:00Z"));
	ERR(due(s, "morning", s->ana, "2026-12-01 17:00Z"));
	ERR(job_scene_clock(s, "2026-12-01T17:00:00Z"));
	ERR(told(s, "morning", s->ana, "2026-12-01", "pending", 1));
	ERR(job_scene_await(s, "SELECT count(*) FROM outbox WHERE dedupe LIKE 'morning:%'", 4));
	return job_scene_down(s);
}

TEST(over_the_date_line_and_a_year_there_and_back)
{
	return job_scene_run(t, "2026-11-28T05:00:00Z", play_date_line);
}
