/* google_raw: a stand-in for Google, a token, and calls to it.
 * Needs: google_client. Used by: tests/integration/test_standin_google*. */
#ifndef TESTS_INTEGRATION_GOOGLE_RAW_H
#define TESTS_INTEGRATION_GOOGLE_RAW_H

#include "tests/standins/google_client.h"

struct google_raw {
	struct google_standin *g;
	const char *token;
	struct google_answer a; /* of the last call */
};

/* It is 28 November 2026, noon. scopes: short ("calendar.events"), separated by spaces. */
NODISCARD err_t *google_raw_new(struct test *t, const char *scopes, struct google_raw *ret);
NODISCARD err_t *google_raw_token(struct google_raw *s, const char *scopes);
NODISCARD err_t *google_raw_ask(struct google_raw *s, const char *method, const char *path, const char *body,
				const char *header);
/* The same, and the status; of an error its reason where one is given. */
NODISCARD err_t *google_raw_expect(struct google_raw *s, const char *method, const char *path,
				   const char *body, int status, const char *reason);

#endif
