/* chart SPEC...: how long lembra-chart takes for each spec (a file), the start of its process included, as the service has it
 * drawn; and how large what it draws is. Prints one JSON object: of the slowest spec, and of the largest picture. */
#include "core/clock.h"
#include "core/fiber.h"
#include "ml/chart/chart_png.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 40, WARM = 3, SPEC_MAX = 64 * 1024 };

static char **specs;
static int failed;

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static NODISCARD err_t *spec_read(apr_pool_t *pool, const char *path, const char **ret)
{
	char *text = mem_alloc(pool, SPEC_MAX);
	FILE *f = fopen(path, "r");

	if (!f)
		return err_new(ERR_NOT_FOUND, "no file \"%s\"", path);
	text[fread(text, 1, SPEC_MAX - 1, f)] = '\0';
	fclose(f);
	*ret = text;
	return NULL;
}

/* Microseconds of each round, sorted. */
static NODISCARD err_t *measure(apr_pool_t *pool, const char *spec, int64_t *v, size_t *ret_bytes)
{
	apr_pool_t *each = pool_child(pool);
	const char *png;

	for (int i = -WARM; i < ROUNDS; i++) {
		int64_t begun = clock_mono_us();

		pool_clear(each);
		ERR(chart_png(each, spec, &png, ret_bytes));
		if (i >= 0)
			v[i] = clock_mono_us() - begun;
	}
	qsort(v, ROUNDS, sizeof *v, by_value);
	return NULL;
}

static NODISCARD err_t *run(apr_pool_t *pool)
{
	int64_t v[ROUNDS] = { 0 };
	double median = 0, p95 = 0;
	size_t largest = 0, bytes = 0;
	const char *spec = NULL;

	for (char **path = specs; *path; path++) {
		ERR(spec_read(pool, *path, &spec));
		ERR(measure(pool, spec, v, &bytes));
		if ((double)v[ROUNDS / 2] / 1000 > median)
			median = (double)v[ROUNDS / 2] / 1000;
		if ((double)v[ROUNDS * 95 / 100] / 1000 > p95)
			p95 = (double)v[ROUNDS * 95 / 100] / 1000;
		if (bytes > largest)
			largest = bytes;
	}
	printf("{\"median_ms\":%.1f,\"p95_ms\":%.1f,\"largest_kb\":%.1f}\n", median, p95,
	       (double)largest / 1000);
	return NULL;
}

static void run_main(void *arg)
{
	apr_pool_t *pool = pool_root();
	err_t *err = run(pool);

	(void)arg;
	if (err)
		fprintf(stderr, "chart: %s\n", err_message(err));
	failed = err != NULL;
	err_clear(err);
	pool_free(pool);
	fiber_stop();
}

int main(int argc, char **argv)
{
	(void)argc;
	mem_init();
	signal(SIGPIPE, SIG_IGN);
	fiber_init();
	specs = argv + 1;
	fiber_go("bench", run_main, NULL);
	fiber_run();
	return failed;
}
