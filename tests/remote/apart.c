#include "tests/remote/apart.h"

#include "core/clock.h"
#include "core/fault.h"
#include "db/db.h"
#include "db/outbox.h"
#include "db/people.h"
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

	fault_arm(FAULT_KILL, run->kill_at);
	if (run->undo) {
		struct act_end end = { .finish = finish, .ctx = run };

		err = act_undo(req, NULL, end);
	} else if (run->sweep) {
		req->bot_id = req->chat_id = req->update_id = 0;
		err = remote_resume(req, run->sweep, &settled);
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

err_t *apart_open_with(struct test *t, const char *const *pairs, struct scene *s)
{
	bool killed;

	*s = (struct scene){ .t = t };
	ERR(fixture_db(t, &s->f));
	ERR(fixture_config(&s->f, pairs, &s->config));
	ERR(apart(s, person_fiber, s, &killed));
	return fixture_int(&s->f, "SELECT user_id FROM users", &s->user);
}

err_t *apart_open(struct test *t, struct scene *s)
{
	const char *pairs[] = { "ACCESS=open", NULL };

	ERR(apart_open_with(t, pairs, s));
	ERR(far_start(t, &s->far));
	CHECK(setenv("FAR_BASE", far_base(s->far), 1) == 0);
	return NULL;
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
