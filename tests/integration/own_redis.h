/* own_redis: a Redis of a test's own, to be killed, stopped and revived.
 * Needs: tests/test.h; redis-server. Used by: tests/integration, tests/e2e. */
#ifndef TESTS_INTEGRATION_OWN_REDIS_H
#define TESTS_INTEGRATION_OWN_REDIS_H

#include "tests/test.h"

struct own_redis {
	const char *dir, *socket, *password;
	const char *url;     /* unix://... */
	const char *tcp_url; /* redis://...@localhost:PORT */
	int port, pid;       /* pid 0: not running */
};

/* password: "" for none. Ends with the test. */
NODISCARD err_t *own_redis_new(struct test *t, const char *password, struct own_redis **ret);
/* Starts it, again after a kill, and waits until it answers. Empty then. */
NODISCARD err_t *own_redis_start(struct own_redis *r);
/* SIGKILL, and gone on return; SIGSTOP, SIGCONT. */
NODISCARD err_t *own_redis_signal(struct own_redis *r, int signal);
/* One command of words without spaces, asked by redis-cli; its output without the last newline. */
NODISCARD err_t *own_redis_ask(struct test *t, struct own_redis *r, const char *command,
			       const char **ret_answer);

#endif
