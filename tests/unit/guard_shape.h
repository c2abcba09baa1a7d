/* guard_shape: what the tests of the guard share: made-up values, and placeholders by their kinds.
 * Needs: mem. Used by: tests/unit/test_guard*.c. */
#ifndef TESTS_UNIT_GUARD_SHAPE_H
#define TESTS_UNIT_GUARD_SHAPE_H

#include "core/mem.h"
#include <string.h>

/* All values are made up. */
#define CPF "529.982.247-25"
#define CPF_BARE "52998224725"
#define KEY_TAIL "Zx81kLm0pQ2rS4tU6vW8yA1bC3dE5fG7hJ9"
#define UUID "123e4567-e12b-12d1-a456-426655440000"
#define HIDDEN "•••"

/* The text with each placeholder as {KIND}. */
static inline const char *shape(apr_pool_t *pool, const char *masked)
{
	struct buf b = buf_new(pool, 1 << 20);

	for (const char *s = masked; *s; s++) {
		size_t name = strspn(s + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

		if (*s == '[' && name && s[1 + name] == '_' &&
		    strspn(s + 2 + name, "0123456789abcdef") == 12 && s[14 + name] == ']') {
			buf_fmt(&b, "{%.*s}", (int)name, s + 1);
			s += 14 + name;
		} else {
			buf_char(&b, *s);
		}
	}
	return b.p ? b.p : "";
}

#endif
