/* child: another program's run, out of a fiber: bytes in, bytes out.
 * Needs: fiber, mem, libuv. Used by: chart_png. */
#ifndef CORE_CHILD_H
#define CORE_CHILD_H

#include "core/mem.h"
#include <stdint.h>

struct child_call {
	const char *path; /* of the program; it gets no arguments and no environment of ours */
	const void *in;   /* its stdin */
	size_t in_n;
	int64_t timeout_ms; /* of the whole run */
	size_t out_max;     /* bytes of its stdout */
};

/* Runs it and waits; what it wrote is in pool, its stderr goes nowhere. Whatever happens, it has ended before this returns.
 * ERR_NOT_FOUND: there is no such program. ERR_TIMEOUT, ERR_TOO_LARGE, ERR_CANCELLED: it was killed. ERR_INVALID: it ended with
 * an exit code other than 0. ERR_INTERNAL: by a signal. */
NODISCARD err_t *child_run(apr_pool_t *pool, const struct child_call *call, const char **ret_out,
			   size_t *ret_n);

/* The path of a program of ours of that name: beside the one that runs, above it, or in the lib/lembra beside its folder.
 * ERR_NOT_FOUND. */
NODISCARD err_t *child_find(apr_pool_t *pool, const char *name, const char **ret_path);

#endif
