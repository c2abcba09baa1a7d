/* test: what a test file needs: TEST, the CHECKs, and a pool.
 * Needs: err, mem. Used by: tests/unit, tests/integration, tests/e2e.
 * A test runs in a process and process group of its own, which is killed when the test ends. */
#ifndef TESTS_TEST_H
#define TESTS_TEST_H

#include "core/err.h"
#include "core/mem.h"
#include <stdbool.h>
#include <stdint.h>

struct test {
	apr_pool_t *pool; /* freed after the test */
	const char *name; /* "file/name" */
};

/* TEST(adds_up) { ... return NULL; }: found by core/gen/tests.awk, so the head starts its line.
 * The file's name goes into the symbol; the build passes it as TEST_FILE. */
#define TEST_PASTE(file, name) file##__##name
#define TEST_SYMBOL(file, name) TEST_PASTE(file, name)
#define TEST(name)                                            \
	err_t *TEST_SYMBOL(TEST_FILE, name)(struct test * t); \
	err_t *TEST_SYMBOL(TEST_FILE, name)(struct test * t __attribute__((unused)))

/* Each returns from the test when what it says does not hold. Arguments are evaluated once. */
#define CHECK(cond)                                                                                     \
	do {                                                                                            \
		if (!(cond))                                                                            \
			return err_new(ERR_INTERNAL, "%s:%d: not true: %s", __FILE__, __LINE__, #cond); \
	} while (0)
#define CHECK_TEXT(actual, expected) ERR(test_text(__FILE__, __LINE__, #actual, (actual), (expected)))
#define CHECK_INT(actual, expected) \
	ERR(test_int(__FILE__, __LINE__, #actual, (int64_t)(actual), (int64_t)(expected)))
/* expr (an err_t *) fails with this code; the error is freed. CHECK_ERR(json_read(...), ERR_INVALID) */
#define CHECK_ERR(expr, code) ERR(test_err(__FILE__, __LINE__, #expr, (expr), (code)))

NODISCARD err_t *test_text(const char *file, int line, const char *what, const char *actual,
			   const char *expected);
NODISCARD err_t *test_int(const char *file, int line, const char *what, int64_t actual, int64_t expected);
NODISCARD err_t *test_err(const char *file, int line, const char *what, err_t *actual,
			  enum err_code expected);

/* Ends the test without a result, neither passed nor failed; why is printed: "no Chromium". return test_skip("..."); */
NODISCARD err_t *test_skip(const char *why);

/* The generated table of the suite; ends with a NULL name. */
struct test_case {
	const char *name;
	err_t *(*run)(struct test *t);
};
extern const char *const test_suite;
extern const struct test_case test_cases[];

#endif
