#include "tests/test.h"

#include <check.h>
#include <errno.h>
#include <fnmatch.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum ending { FAILED, RAN, SKIPPED, ENDINGS };

/* RAN or SKIPPED by a test that came to its end: one that calls exit(0) on the way has not passed. */
static volatile sig_atomic_t *finished;

/* How long escaped children may take to die once the test is over. */
#define GRACE_MS 5000

struct options {
	const char *only; /* part of the name, or a glob */
	unsigned shard, shards;
	bool list;
};

err_t *test_text(const char *file, int line, const char *what, const char *actual, const char *expected)
{
	if (actual == expected || (actual && expected && !strcmp(actual, expected)))
		return NULL;
	return err_new(ERR_INTERNAL, "%s:%d: %s is %s%s%s, expected %s%s%s", file, line, what,
		       actual ? "\"" : "", actual ? actual : "NULL", actual ? "\"" : "", expected ? "\"" : "",
		       expected ? expected : "NULL", expected ? "\"" : "");
}

err_t *test_int(const char *file, int line, const char *what, int64_t actual, int64_t expected)
{
	if (actual == expected)
		return NULL;
	return err_new(ERR_INTERNAL, "%s:%d: %s is %" PRId64 ", expected %" PRId64, file, line, what, actual,
		       expected);
}

err_t *test_err(const char *file, int line, const char *what, err_t *actual, enum err_code expected)
{
	if (actual && actual->code == expected) {
		err_clear(actual);
		return NULL;
	}
	if (actual)
		return err_wrap(actual, "%s:%d: %s failed with %s, expected %s", file, line, what,
				err_name(actual->code), err_name(expected));
	return err_new(ERR_INTERNAL, "%s:%d: %s succeeded, expected %s", file, line, what,
		       err_name(expected));
}

err_t *test_skip(const char *why)
{
	printf("SKIP %s\n", why);
	fflush(stdout);
	*finished = SKIPPED;
	return NULL;
}

/* Runs in the test's own process; Check hands the message over to ours. */
START_TEST(run_case)
{
	const struct test_case *c = &test_cases[_i];
	struct test t = { .pool = pool_root(), .name = c->name };
	err_t *err = c->run(&t);

	if (err)
		ck_abort_msg("%s", err_message(err));
	pool_free(t.pool);
	if (!*finished)
		*finished = RAN;
}
END_TEST

static int suite_timeout(void)
{
	const char *override = getenv("TEST_TIMEOUT_S");

	if (override)
		return (int)strtol(override, NULL, 10);
	return strcmp(test_suite, "e2e") ? 60 : 300;
}

static bool selected(const struct test_case *c, const struct options *o)
{
	if (!o->only)
		return true;
	if (strpbrk(o->only, "*?["))
		return !fnmatch(o->only, c->name, 0);
	return strstr(c->name, o->only) != NULL;
}

/* Kills what is now a child of ours; returns how many were alive. */
static int kill_children(const char *name)
{
	int killed = 0;
	char path[64], *word = NULL;
	size_t size = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	f = fopen(path, "re");
	while (f && getdelim(&word, &size, ' ', f) > 0) {
		pid_t pid = (pid_t)strtol(word, NULL, 10);

		if (pid <= 1)
			continue;
		printf("# %s left process %d behind\n", name, (int)pid);
		killed += !kill(pid, SIGKILL);
	}
	free(word);
	if (f)
		fclose(f);
	return killed;
}

static void pause_ms(long ms)
{
	nanosleep(&(struct timespec){ .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 }, NULL);
}

/* Waits until every process the test started is gone. As subreaper we inherit those whose parent died:
 * Check has killed the test's group, and what left the group has GRACE_MS. False when one had to be killed. */
static bool reap(const char *name)
{
	int killed = 0;

	for (int waited = 0;; waited += 5) {
		pid_t pid;

		while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
			;
		if (pid < 0 && errno == ECHILD)
			return killed == 0;
		if (waited >= GRACE_MS)
			killed += kill_children(name);
		pause_ms(5);
	}
}

static void print_failure(const char *name, const char *message)
{
	printf("FAIL %s: ", name);
	for (; *message; message++)
		putchar(*message == '\n' ? ' ' : *message);
	putchar('\n');
}

static enum ending run_one(int index)
{
	const struct test_case *c = &test_cases[index];
	Suite *suite = suite_create(test_suite);
	TCase *tcase = tcase_create(c->name);
	SRunner *runner = srunner_create(suite);
	bool ok;

	tcase_set_timeout(tcase, suite_timeout());
	tcase_add_loop_test(tcase, run_case, index, index + 1);
	suite_add_tcase(suite, tcase);
	srunner_set_fork_status(runner, CK_FORK);
	*finished = 0;
	fflush(NULL);
	srunner_run_all(runner, CK_SILENT);
	ok = srunner_ntests_failed(runner) == 0;
	if (!ok) {
		TestResult **failures = srunner_failures(runner);

		print_failure(c->name, tr_msg(failures[0]));
		free(failures);
	}
	srunner_free(runner);
	if (ok && !*finished) {
		print_failure(c->name, "exited before its end");
		ok = false;
	}
	if (!reap(c->name) && ok) {
		print_failure(c->name, "left a process behind");
		ok = false;
	}
	if (ok)
		printf("%s %s\n", *finished == SKIPPED ? "skipped" : "ok", c->name);
	fflush(stdout);
	return ok ? (enum ending) * finished : FAILED;
}

static bool read_options(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{ "list", no_argument, NULL, 'l' },
		{ "only", required_argument, NULL, 'o' },
		{ "shard", required_argument, NULL, 's' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		char *end = NULL;

		if (c == 'l') {
			o->list = true;
		} else if (c == 'o') {
			o->only = optarg;
		} else if (c == 's') {
			o->shard = (unsigned)strtoul(optarg, &end, 10);
			o->shards = *end == '/' ? (unsigned)strtoul(end + 1, &end, 10) : 0;
			if (*end || o->shard < 1 || o->shard > o->shards)
				return false;
		} else {
			return false;
		}
	}
	return optind == argc;
}

/* Lists or runs the chosen tests; returns how many failed. */
static unsigned run_chosen(const struct options *o)
{
	unsigned n[ENDINGS] = { 0 }, chosen = 0;

	for (int i = 0; test_cases[i].name; i++) {
		if (!selected(&test_cases[i], o) || chosen++ % o->shards != o->shard - 1)
			continue;
		if (o->list)
			puts(test_cases[i].name);
		else
			n[run_one(i)]++;
	}
	if (!o->list)
		printf("%u passed, %u failed\n", n[RAN], n[FAILED]);
	return n[FAILED];
}

int main(int argc, char **argv)
{
	struct options o = { .shard = 1, .shards = 1 };

	if (!read_options(argc, argv, &o)) {
		fprintf(stderr, "usage: %s [--list] [--only PART-OR-GLOB] [--shard I/N]\n", argv[0]);
		return 2;
	}
	mem_init();
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	finished = mmap(NULL, sizeof(*finished), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return finished == MAP_FAILED || run_chosen(&o) ? 1 : 0;
}
