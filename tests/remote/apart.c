#include "tests/remote/apart.h"

#include "core/clock.h"
#include "core/fault.h"
#include "db/db.h"
#include "db/outbox.h"
#include "db/people.h"
#include "integrations/google/google.h"
#include "integrations/google/google_account.h"
#include "tools/act.h"
#include "tools/remote.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHAT = 41, BOT = 7, SWEEPS = 20 };

static err_t *finish(void *ctx, struct tx *tx, const struct outcome *outcome)
{
	const struct run *run = ctx;

	return outbox_put(tx, &(struct outgoing){ .dedupe = mem_fmt(tx_req(tx)->pool, "u%lld:0.0",
								    (long long)run->update),
						  .method = "send",
						  .text = outcome->html,
						  .class = "reply" });
}

static struct req *req_of(const struct run *run)
{
	struct req *req = req_begin(NULL);

	req->config = run->s->config;
	req->user_id = run->s->user;
	req->role = ROLE_USER;
	req->bot_id = BOT;
	req->chat_id = CHAT;
	req->update_id = run->update;
	req->autonomy = AUTONOMY_CONFIRM;
	req->zone = "America/Sao_Paulo";
	return req;
}

static err_t *turn(struct run *run, struct req *req)
{
	struct act_end end = { .finish = finish, .ctx = run };
	struct json *args = json_object(req->pool);
	struct outcome outcome;

	if (run->args) {
		ERR(json_read(req->pool, run->args, strlen(run->args), &args));
	} else {
		json_set_text(args, "words", run->words);
		json_set_text(args, "faults", run->faults);
	}
	return act_step(req, run->tool, args, run->ref, end, &outcome);
}

err_t *apart_run(void *ctx)
{
	struct run *run = ctx;
	struct req *req = req_of(run);
	bool settled;
	err_t *err;

	google_tune(5);
	req_serve(run->s->config);
	fault_arm(FAULT_KILL, run->kill_at);
	if (run->undo) {
		struct act_end end = { .finish = finish, .ctx = run };

		err = act_undo(req, NULL, end);
	} else if (run->sweep) {
		req->bot_id = req->chat_id = req->update_id = 0;
		err = remote_resume(req, run->sweep, &settled);
	} else if (run->instead) {
		err = run->instead(run, req);
	} else {
		err = turn(run, req);
	}
	fault_arm(FAULT_NONE, 0);
	req_end(req);
	return err;
}

static err_t *person_fiber(void *ctx)
{
	struct scene *s = ctx;
	struct person_seen seen = { .login_id = CHAT, .bot_id = BOT, .name = "Ana", .lang = "pt-BR" };
	int64_t user;

	ERR(people_open(s->t->pool, &seen, clock_now(), &user));
	return people_chat(s->t->pool, &seen, clock_now());
}

/* In a process of its own, which may be killed. *ret_killed. */
err_t *apart(struct scene *s, err_t *(*fn)(void *ctx), void *ctx, bool *ret_killed)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		err_t *err;

		db_open_urls(s->f.app_url, s->f.queue_url, 2);
		err = fixture_loop(fn, ctx);
		/* What may be tried again later is no failure of the test. */
		if (!err || err_retryable(err) || err->code == ERR_NOT_FOUND || err->code == ERR_CONFLICT)
			_exit(0);
		fprintf(stderr, "apart: %s: %s\n", err_name(err->code), err_message(err));
		_exit(1);
	}
	CHECK(pid > 0 && waitpid(pid, &status, 0) == pid);
	*ret_killed = WIFSIGNALED(status);
	if (WIFEXITED(status) && WEXITSTATUS(status))
		return err_new(ERR_INTERNAL, "it failed");
	return NULL;
}

err_t *apart_open(struct test *t, struct scene *s)
{
	const char *pairs[] = { "ACCESS=open", NULL };
	bool killed;

	*s = (struct scene){ .t = t };
	ERR(fixture_db(t, &s->f));
	ERR(fixture_config(&s->f, pairs, &s->config));
	ERR(far_start(t, &s->far));
	CHECK(setenv("FAR_BASE", far_base(s->far), 1) == 0);
	ERR(apart(s, person_fiber, s, &killed));
	return fixture_int(&s->f, "SELECT user_id FROM users", &s->user);
}

/* --- with Google --- */

struct connecting {
	struct scene *s;
	struct google_tokens tokens;
};

static err_t *connect_fiber(void *ctx)
{
	struct connecting *c = ctx;
	struct run run = { .s = c->s };
	struct req *req = req_of(&run);
	int64_t account;
	struct tx *tx;

	ERR(tx_begin_user(req, &tx));
	return tx_end(tx, google_account_put(tx, &c->tokens, 0, &account));
}

static NODISCARD err_t *google_config(struct test *t, struct scene *s)
{
	static const char *const names[] = { "GOOGLE_AUTH_BASE", "GOOGLE_TOKEN_BASE", "GOOGLE_API_BASE",
					     "GMAIL_API_BASE" };
	const char *pairs[] = { "ACCESS=open",
				NULL,
				NULL,
				NULL,
				NULL,
				NULL,
				NULL,
				"PUBLIC_URL=https://lembra.example.org",
				"DATA_ENCRYPTION_KEY=k1:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
				NULL };

	for (int i = 0; i < 4; i++)
		pairs[i + 1] = mem_fmt(t->pool, "%s=%s", names[i], s->google->base);
	pairs[5] = mem_fmt(t->pool, "GOOGLE_CLIENT_ID=%s", s->google->client_id);
	pairs[6] = mem_fmt(t->pool, "GOOGLE_CLIENT_SECRET=%s", s->google->client_secret);
	return fixture_config(&s->f, pairs, &s->config);
}

err_t *apart_open_google(struct test *t, unsigned features, struct scene *s)
{
	struct connecting c = { .s = s,
				.tokens = { .email = "ana@example.org", .sub = "1", .expires_s = 3599 } };
	bool killed;

	*s = (struct scene){ .t = t };
	ERR(fixture_db(t, &s->f));
	ERR(google_standin_start(t, &s->google));
	ERR(google_config(t, s));
	ERR(apart(s, person_fiber, s, &killed));
	ERR(fixture_int(&s->f, "SELECT user_id FROM users", &s->user));
	c.tokens.scopes = google_scopes(t->pool, features);
	ERR(google_standin_token(s->google, c.tokens.email, c.tokens.scopes, &c.tokens.access,
				 &c.tokens.refresh));
	return apart(s, connect_fiber, &c, &killed);
}

/* Until no operation is open: as the scheduler would, when the lease has run out. */
err_t *apart_sweep(struct scene *s, const struct run *run)
{
	const char *left;

	for (int i = 0; i < SWEEPS; i++) {
		struct run again = *run;
		bool killed;

		ERR(fixture_sql(&s->f, "UPDATE operations SET lease_until = NULL WHERE settled_at IS NULL"));
		ERR(fixture_text(&s->f, "SELECT min(id) FROM operations WHERE settled_at IS NULL",
				 &again.sweep));
		if (!again.sweep)
			return NULL;
		again.kill_at = 0;
		again.undo = false;
		ERR(apart(s, apart_run, &again, &killed));
	}
	ERR(fixture_text(
		&s->f,
		"SELECT string_agg(concat_ws(' ', tool, state, attempts, lease_until), ', ') FROM operations "
		"WHERE settled_at IS NULL",
		&left));
	return err_new(ERR_INTERNAL, "an operation never ends: %s", left);
}
