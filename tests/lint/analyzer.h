/* analyzer: tells clang's analyzer what it cannot see: err_new never returns NULL.
 * Needs: err. Used by: ./dev lint, which includes it in front of every file but core/err.c.
 * Without it each `return err_new(...)` is also followed as if it had succeeded. */
#ifndef LINT_ANALYZER_H
#define LINT_ANALYZER_H

#include "core/err.h"

static inline err_t *lint_not_null(err_t *err)
{
	if (!err)
		__builtin_unreachable();
	return err;
}
#define err_new(...) lint_not_null(err_new(__VA_ARGS__))

#endif
