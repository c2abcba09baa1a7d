/* product: the real binary, started and killed by a test.
 * Needs: fixture, the stand-in's client. Used by: tests/e2e. */
#ifndef TESTS_E2E_PRODUCT_H
#define TESTS_E2E_PRODUCT_H

#include "tests/integration/fixture.h"
#include "tests/standins/client.h"

struct product {
	struct test *t;
	struct fixture db;
	struct standin *s;
	const char *dir;      /* its working directory; holds "log" */
	const char *log_path; /* everything it wrote */
	int port;             /* of HTTP_LISTEN */
	int pid;              /* of the supervisor; 0: not running */
	const char *const *pairs;
	const char *program; /* the binary to run; NULL: that of the build */
	bool webhook;
};

/* A database and a stand-in, nothing running. pairs: further "NAME=value" settings, NULL-terminated, or NULL. */
NODISCARD err_t *product_new(struct test *t, bool webhook, const char *const *pairs, struct product **ret);
/* `lembra run`; waits until it serves. In webhook mode the stand-in is told to deliver to it. */
NODISCARD err_t *product_start(struct product *p);
/* `lembra ARGS...` to its end; what it printed, and its exit code. */
NODISCARD err_t *product_command(struct product *p, const char *input, const char *const *args,
				 const char **ret_output, int *ret_code);
/* Kills the latest process of a role ("web", "worker", "scheduler", "supervisor"). */
NODISCARD err_t *product_kill(struct product *p, const char *role, int signal);
/* SIGTERM and wait; the exit code. */
NODISCARD err_t *product_stop(struct product *p, int *ret_code);
/* Everything logged so far. */
NODISCARD err_t *product_log(struct product *p, const char **ret_text);
/* Waits until `event` was logged n times. */
NODISCARD err_t *product_await(struct product *p, const char *event, int n, int64_t timeout_ms);
int product_count(const char *text, const char *part);

#endif
