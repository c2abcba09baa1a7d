/* lembra-chart: one chart's JSON from stdin, its PNG to stdout. A program of its own, so that the service carries no cairo,
 * and so that a picture that goes wrong takes nothing with it. Exit code 1 and a line on stderr for what it cannot draw. */
#include "ml/chart/draw/draw.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum { CPU_S = 5, WALL_S = 10, MEMORY = 512 << 20 };

/* Whatever the chart says: it ends soon, stays small, and not behind whoever wanted it. */
static void stay_small(void)
{
	struct rlimit cpu = { CPU_S, CPU_S }, memory = { MEMORY, MEMORY }, core = { 0, 0 };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close_range(STDERR_FILENO + 1, ~0U, 0);
	setrlimit(RLIMIT_CPU, &cpu);
#ifndef __SANITIZE_ADDRESS__
	setrlimit(RLIMIT_AS, &memory);
#else
	(void)memory;
#endif
	setrlimit(RLIMIT_CORE, &core);
	alarm(WALL_S);
}

static NODISCARD err_t *take(apr_pool_t *pool, const char **ret_text, size_t *ret_n)
{
	char *text = mem_alloc(pool, CHART_BYTES + 1);
	size_t n = fread(text, 1, CHART_BYTES + 1, stdin);

	if (ferror(stdin))
		return err_new(ERR_INTERNAL, "stdin: errno %d", errno);
	*ret_text = text;
	*ret_n = n;
	return NULL;
}

static cairo_status_t give(void *ctx, const unsigned char *bytes, unsigned n)
{
	(void)ctx;
	return fwrite(bytes, 1, n, stdout) == n ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static NODISCARD err_t *run(apr_pool_t *pool)
{
	struct chart chart;
	cairo_surface_t *surface;
	cairo_status_t status;
	const char *text = NULL;
	size_t n = 0;

	ERR(take(pool, &text, &n));
	ERR(chart_read(pool, text, n, &chart));
	ERR(draw(pool, &chart, &surface));
	status = cairo_surface_write_to_png_stream(surface, give, NULL);
	cairo_surface_destroy(surface);
	if (status != CAIRO_STATUS_SUCCESS || fflush(stdout))
		return err_new(ERR_INTERNAL, "png: %s", cairo_status_to_string(status));
	return NULL;
}

int main(void)
{
	apr_pool_t *pool;
	err_t *err;

	stay_small();
	mem_init();
	pool = pool_root();
	err = run(pool);
	if (err)
		fprintf(stderr, "lembra-chart: %s\n", err_message(err));
	pool_free(pool);
	_exit(err != NULL); /* at once: what libraries keep of their letters goes with the process */
}
