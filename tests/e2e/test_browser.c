/* People in a browser, over the real processes: web, which may see nothing of theirs, and the workers behind it. */
#include "core/clock.h"
#include "core/crypt.h"
#include "core/text.h"
#include "tests/e2e/talk.h"
#include <signal.h>
#include <string.h>

enum { CHAT = 900, ASK_MS = 12000 };

static NODISCARD err_t *session(struct product *p, const char **ret_token)
{
	*ret_token = crypt_random_hex(p->t->pool, 32);
	return fixture_sql(
		&p->db,
		mem_fmt(p->t->pool,
			"INSERT INTO web_sessions (user_id, hash, expires_at) SELECT user_id, sha256('%s'), "
			"clock_timestamp() + interval '1 hour' FROM directory WHERE login_id = %d",
			*ret_token, CHAT));
}

static NODISCARD err_t *ask(struct product *p, const char *token, int *ret_status, const char **ret_body)
{
	/* What is put behind the head becomes the value of one header more. */
	return talk_http(p,
			 mem_fmt(p->t->pool,
				 "GET /me HTTP/1.1\r\nAuthorization: Bearer %s\r\nX-More:", token),
			 "", 0, ret_status, ret_body);
}

/* Until the status is as expected: a process may still be starting, and its port be closed. */
static NODISCARD err_t *ask_until(struct product *p, const char *token, int expected)
{
	int64_t end = clock_mono_ms() + 3 * ASK_MS;
	const char *body;
	int status;

	do {
		status = 0;
		err_clear(ask(p, token, &status, &body));
	} while (status != expected && clock_mono_ms() < end);
	CHECK_INT(status, expected);
	return NULL;
}

/* A worker that hangs and one that is killed: people hear so, and are served again. */
TEST(a_person_is_served_by_a_worker_and_told_when_there_is_none)
{
	const char *token, *body;
	struct product *p;
	int64_t began, n;
	int status, code;

	ERR(product_new(t, true, NULL, &p));
	ERR(product_start(p));
	ERR(talk_expect(p, CHAT, NULL, "/status", "acordada"));
	ERR(session(p, &token));
	ERR(ask(p, token, &status, &body));
	CHECK_INT(status, 200);
	CHECK(strstr(body, "\"user_id\":") && strstr(body, "\"lang\":\"pt-BR\""));

	ERR(product_kill(p, "worker", SIGSTOP));
	began = clock_mono_ms();
	ERR(ask(p, token, &status, &body));
	CHECK_INT(status, 503);
	CHECK(clock_mono_ms() - began < ASK_MS);
	ERR(product_kill(p, "worker", SIGCONT));
	ERR(ask_until(p, token, 200));

	ERR(product_kill(p, "worker", SIGKILL));
	ERR(ask_until(p, token, 200));
	ERR(product_kill(p, "web", SIGKILL));
	ERR(ask_until(p, token, 200));
	ERR(fixture_int(&p->db, "SELECT count(*) FROM handovers WHERE answered_at IS NULL", &n));
	CHECK_INT(n, 0);
	ERR(product_stop(p, &code));
	CHECK_INT(code, 0);
	return NULL;
}
