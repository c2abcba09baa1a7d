/* program: a stand-in as a process of its own, from its start until the test ends.
 * Needs: tests/test.h. Used by: tests/standins/client.c, llm_client.c, google_client.c. */
#ifndef TESTS_STANDINS_PROGRAM_H
#define TESTS_STANDINS_PROGRAM_H

#include "tests/test.h"

/* Runs tests/standin-NAME of the build under test, or what the environment's `override` names, with two further arguments where
 * option is not NULL, and waits until it answers. *ret_base: "http://127.0.0.1:PORT". */
NODISCARD err_t *program_start(struct test *t, const char *name, const char *override, const char *option,
			       const char *value, int *ret_pid, const char **ret_base);

#endif
