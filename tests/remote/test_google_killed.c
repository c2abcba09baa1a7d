/* Acts at Google, killed at every step and answered in every bad way: no event, mail, draft or file twice, none lost without
 * a word, and what is said is what is there. */
#include "core/text.h"
#include "cron/job.h"
#include "integrations/google/google_scope.h"
#include "tests/remote/apart.h"
#include "tests/standins/google_client.h"
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POINTS = 90, SEEDS = 16, LATE_MS = 40 };

static struct google_standin *google;

/* --- what can be done there --- */

/* An act, and how often it is found to have taken effect. */
struct kind {
	const char *name, *tool, *args; /* args with the seed's name in it */
	const char *calls;              /* that may go wrong, separated by spaces */
	err_t *(*prepare)(struct scene *s, const char *name, const char **ret_args);
	err_t *(*effects)(struct scene *s, const char *name, int *ret_n);
	err_t *(*instead)(const struct run *run, struct req *req); /* a job, and no turn's act */
};

extern const struct job job_mail_out;

static NODISCARD err_t *list_of(const char *path, struct json **ret)
{
	return google_standin_control(google, path, NULL, ret);
}

static err_t *events_named(struct scene *s, const char *name, int *ret_n)
{
	struct json *reply, *events;

	(void)s;
	ERR(list_of("events", &reply));
	events = json_at(reply, "events");
	*ret_n = 0;
	for (size_t i = 0; i < json_len(events); i++)
		*ret_n += text_same(json_text(json_item(events, i), "summary"), name) &&
			  !text_same(json_text(json_item(events, i), "status"), "cancelled");
	return NULL;
}

static err_t *event_moved(struct scene *s, const char *name, int *ret_n)
{
	return events_named(s, mem_fmt(s->t->pool, "%s novo", name), ret_n);
}

static err_t *event_gone(struct scene *s, const char *name, int *ret_n)
{
	ERR(events_named(s, name, ret_n));
	*ret_n = 1 - *ret_n;
	return NULL;
}

static err_t *files_named(struct scene *s, const char *name, int *ret_n)
{
	struct json *files;

	(void)s;
	ERR(list_of("files", &files));
	*ret_n = 0;
	for (size_t i = 0; i < json_len(files); i++)
		*ret_n += text_starts(json_text(json_item(files, i), "name"), name) &&
			  !json_true(json_item(files, i), "trashed");
	return NULL;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
/* An event that the cache has seen already; its name is the argument. */
static err_t *event_there(struct scene *s, const char *name, const char **ret_args)
{
	struct json *reply;

	ERR(google_standin_control(
		google, "event",
		mem_fmt(s->t->pool,
			"{\"event\":{\"summary\":\"%s\",\"start\":{\"dateTime\":\"2026-12-10T10:00:00-03:00\"},\"end\":"
			"{\"dateTime\":\"2026-12-10T11:00:00-03:00\"}}}",
			name),
		&reply));
	*ret_args = mem_fmt(s->t->pool, *ret_args, name, name);
	return NULL;
}

static err_t *only_name(struct scene *s, const char *name, const char **ret_args)
{
	*ret_args = mem_fmt(s->t->pool, *ret_args, name);
	return NULL;
}

static NODISCARD err_t *subjects(const char *path, const char *at, const char *name, int *ret_n)
{
	struct json *list;

	ERR(list_of(path, &list));
	*ret_n = 0;
	for (size_t i = 0; i < json_len(list); i++)
		*ret_n += text_same(json_text(json_item(list, i), at), name);
	return NULL;
}

static err_t *drafts_named(struct scene *s, const char *name, int *ret_n)
{
	(void)s;
	return subjects("drafts", "message.subject", name, ret_n);
}

static err_t *mails_sent(struct scene *s, const char *name, int *ret_n)
{
	(void)s;
	return subjects("sent", "subject", name, ret_n);
}

static err_t *mail_archived(struct scene *s, const char *name, int *ret_n)
{
	struct json *list;

	(void)s;
	ERR(list_of("mails", &list));
	*ret_n = 0;
	for (size_t i = 0; i < json_len(list); i++) {
		const struct json *mail = json_item(list, i);

		*ret_n += text_same(json_text(mail, "subject"), name) &&
			  !strstr(json_write(s->t->pool, json_at(mail, "labelIds")), "INBOX");
	}
	return NULL;
}

static err_t *mail_there(struct scene *s, const char *name, const char **ret_args)
{
	struct json *reply;

	ERR(google_standin_control(google, "mail",
				   mem_fmt(s->t->pool,
					   "{\"from\":\"b@example.org\",\"subject\":\"%s\",\"text\":\"x\"}",
					   name),
				   &reply));
	*ret_args = mem_fmt(s->t->pool, *ret_args, name);
	return NULL;
}

/* Confirmed, and its wait is over; the run's argument is its number. */
static err_t *mail_waits(struct scene *s, const char *name, const char **ret_args)
{
	apr_pool_t *pool = s->t->pool;

	ERR(fixture_sql(
		&s->f,
		mem_fmt(pool,
			"INSERT INTO mails_out (user_id, id, account_id, bot_id, chat_id, state, mail, message_id, "
			"send_at, created_at) SELECT %lld, 1 + count(*), 1, 7, 41, 'waiting', "
			"'{\"account\":1,\"from\":\"ana@example.org\",\"to\":[{\"name\":\"\",\"address\":"
			"\"b@example.org\"}],\"cc\":[],\"subject\":\"%s\",\"body\":\"x\",\"thread\":\"\","
			"\"in_reply_to\":\"\",\"references\":\"\"}', 'lembra.%s@example.org', now(), now() FROM "
			"mails_out",
			(long long)s->user, name, name)));
	return fixture_text(&s->f, "SELECT max(id)::text FROM mails_out", ret_args);
}

/* As the scheduler does. */
static err_t *mail_leaves(const struct run *run, struct req *req)
{
	const struct job_run job = { .ref = run->args };

	req->update_id = 0;
	return job_mail_out.run(req, &job);
}

static const struct kind kinds[] = {
	{ "event", "create_event", "{\"title\":\"%s\",\"start\":\"2026-12-10T10:00:00\"}",
	  "calendar.insert calendar.get", only_name, events_named },
	{ "change", "update_event", "{\"title\":\"%s\",\"new_title\":\"%s novo\"}",
	  "calendar.patch calendar.get", event_there, event_moved },
	{ "removal", "delete_event", "{\"title\":\"%s\"}", "calendar.delete calendar.get", event_there,
	  event_gone },
	{ "file", "save_file", "{\"title\":\"%s\",\"text\":\"x\"}",
	  "drive.upload drive.get drive.generateIds", only_name, files_named },
	{ "draft", "create_draft", "{\"to\":\"b@example.org\",\"subject\":\"%s\",\"body\":\"x\"}",
	  "gmail.draftCreate gmail.drafts", only_name, drafts_named },
	{ "archive", "archive_email", "{\"query\":\"%s\"}", "gmail.modify gmail.list", mail_there,
	  mail_archived },
	{ "mail", "deliver_email", "", "gmail.draftSend gmail.draftCreate gmail.draftGet", mail_waits,
	  mails_sent, mail_leaves },
};
#pragma GCC diagnostic pop
enum { KINDS = sizeof kinds / sizeof *kinds };

/* --- one seed --- */

static unsigned next(unsigned *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

/* Up to three bad answers for one of the calls that matter. */
static NODISCARD err_t *faults_set(struct scene *s, const struct kind *kind, unsigned *seed,
				   const char **ret_told)
{
	static const char *const faults[] = { "",
					      "after",
					      "drop",
					      "500",
					      "503",
					      "late:40",
					      "cut",
					      "garbage",
					      "429:rateLimitExceeded",
					      "403:rateLimitExceeded",
					      "401",
					      "403:forbidden" };
	const char *calls = kind->calls, *list = "", *call;
	unsigned n = next(seed) % 4, which = next(seed) % 3;
	struct json *reply;

	while (which-- && strchr(calls, ' '))
		calls = strchr(calls, ' ') + 1;
	call = mem_textn(s->t->pool, calls, strcspn(calls, " "));
	ERR(google_standin_control(google, "faults_clear", NULL, &reply));
	for (unsigned i = 0; i < n; i++)
		list = mem_fmt(s->t->pool, "%s%s\"%s\"", list, i ? "," : "",
			       faults[next(seed) % (sizeof faults / sizeof *faults)]);
	*ret_told = mem_fmt(s->t->pool, "%s: %s", call, list);
	if (!n)
		return NULL;
	return google_standin_control(google, "fault",
				      mem_fmt(s->t->pool, "{\"call\":\"%s\",\"schedule\":[%s]}", call, list),
				      &reply);
}

struct verdict {
	const char *state; /* NULL: nothing was begun */
	int64_t ends;
	int effects;
};

/* Its row says how it ended, in the words of operations; what it said is gone. */
static NODISCARD err_t *judge_mail(struct scene *s, const struct run *run, struct verdict *ret)
{
	apr_pool_t *pool = s->t->pool;

	ERR(fixture_text(
		&s->f,
		mem_fmt(pool,
			"SELECT CASE state WHEN 'sent' THEN 'done' WHEN 'not_sent' THEN 'refused' WHEN 'unknown' "
			"THEN 'lost' ELSE 'open ' || state END || CASE WHEN mail IS NULL THEN '' ELSE ' kept' END "
			"FROM mails_out WHERE id = %s",
			run->args),
		&ret->state));
	if (!text_has_word("done refused lost", ret->state))
		return err_new(ERR_INTERNAL, "a mail is \"%s\"", ret->state);
	return fixture_int(&s->f,
			   mem_fmt(pool, "SELECT count(*) FROM outbox WHERE replaces LIKE 'mail:%%:%s'",
				   run->args),
			   &ret->ends);
}

static NODISCARD err_t *judge(struct scene *s, const struct kind *kind, const struct run *run,
			      const char *name, struct verdict *ret)
{
	apr_pool_t *pool = s->t->pool;

	poll(NULL, 0, LATE_MS + 10); /* what comes late has come */
	ERR(kind->effects(s, name, &ret->effects));
	if (kind->instead)
		return judge_mail(s, run, ret);
	ERR(fixture_text(&s->f,
			 mem_fmt(pool, "SELECT min(state) FROM operations WHERE update_id = %lld",
				 (long long)run->update),
			 &ret->state));
	return fixture_int(
		&s->f,
		mem_fmt(pool,
			"SELECT count(*) FROM outbox o WHERE text NOT LIKE '%%te aviso%%' AND (dedupe LIKE 'u%lld:%%' OR "
			"dedupe IN (SELECT 'op:' || id FROM operations WHERE update_id = %lld))",
			(long long)run->update, (long long)run->update),
		&ret->ends);
}

static NODISCARD err_t *check(const struct verdict *v)
{
	bool done = text_same(v->state, "done");

	if (v->ends != 1)
		return err_new(ERR_INTERNAL, "told %lld times how it ended (%s)", (long long)v->ends,
			       v->state ? v->state : "nothing begun");
	if (v->effects > 1)
		return err_new(ERR_INTERNAL, "%d effects", v->effects);
	if (done && v->effects != 1)
		return err_new(ERR_INTERNAL, "\"done\" without an effect");
	if ((!v->state || text_same(v->state, "refused")) && v->effects)
		return err_new(ERR_INTERNAL, "\"%s\" with an effect", v->state ? v->state : "not begun");
	return NULL;
}

struct tally {
	int done, refused, lost, unbegun, kills;
};

/* Killed at one point, again at another, then left to run, then swept; at the end replayed once more. */
static NODISCARD err_t *go(struct scene *s, struct run *run, const unsigned points[2], bool replay,
			   int *ret_kills)
{
	unsigned kills[] = { points[0], points[1], 0 };
	struct json *reply;
	bool killed = true;

	for (int i = 0; i < 3 && killed; i++) {
		if (i && !replay)
			break;
		run->kill_at = kills[i];
		ERR(apart(s, apart_run, run, &killed));
		*ret_kills += killed;
	}
	ERR(fixture_sql(&s->f, "UPDATE google_accounts SET lease_until = NULL"));
	ERR(fixture_sql(&s->f, "UPDATE google_syncs SET lease_until = NULL"));
	ERR(google_standin_control(google, "faults_clear", NULL, &reply));
	ERR(apart_sweep(s, run));
	run->kill_at = 0;
	ERR(apart(s, apart_run, run, &killed));
	return apart_sweep(s, run);
}

static NODISCARD err_t *seeded(struct scene *s, unsigned n, struct tally *tally)
{
	unsigned seed = n * 7919 + 29;
	const struct kind *kind = &kinds[next(&seed) % KINDS];
	unsigned points[] = { next(&seed) % POINTS, next(&seed) % POINTS };
	const char *name = mem_fmt(s->t->pool, "semente%ux", n), *faults = "";
	struct run run = {
		.s = s, .tool = kind->tool, .update = 1000 + n, .args = kind->args, .instead = kind->instead
	};
	struct verdict v = { 0 };
	err_t *err;

	ERR(kind->prepare(s, name, &run.args));
	ERR(fixture_sql(&s->f, "UPDATE google_syncs SET synced_at = now() - interval '5 minutes'"));
	ERR(faults_set(s, kind, &seed, &faults));
	err = go(s, &run, points, next(&seed) % 3 != 0, &tally->kills);
	if (!err)
		err = judge(s, kind, &run, name, &v);
	if (!err)
		err = check(&v);
	if (err)
		return err_wrap(err, "seed %u, %s, faults %s, killed at %u and %u", n, kind->name, faults,
				points[0], points[1]);
	tally->done += text_same(v.state, "done");
	tally->refused += text_same(v.state, "refused");
	tally->lost += text_same(v.state, "lost");
	tally->unbegun += !v.state;
	return NULL;
}

TEST(killed_at_every_step_an_act_at_google_happens_once)
{
	const char *wanted = getenv("REMOTE_SEEDS"), *from = getenv("REMOTE_FIRST");
	unsigned seeds = wanted ? (unsigned)strtoul(wanted, NULL, 10) : SEEDS;
	struct tally tally = { 0 };
	struct scene s;

	ERR(apart_open_google(t, (1U << GOOGLE_FEATURES) - 1, &s));
	google = s.google;
	for (unsigned n = from ? (unsigned)strtoul(from, NULL, 10) : 0; n < seeds; n++)
		ERR(seeded(&s, n, &tally));
	if (wanted)
		printf("%u seeds at google: %d kills; %d done, %d refused, %d not known, %d never begun\n",
		       seeds, tally.kills, tally.done, tally.refused, tally.lost, tally.unbegun);
	CHECK(from || (tally.kills > (int)seeds / 4 && tally.done > (int)seeds / 4));
	return NULL;
}
