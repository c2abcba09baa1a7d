/* guard_group: the digits of a number in groups as they stand, in figures or in words, whatever separates them.
 * Needs: guard_part. Used by: guard_number. */
#ifndef ML_GUARD_GUARD_GROUP_H
#define ML_GUARD_GUARD_GROUP_H

#include "ml/guard/guard_part.h"

enum { GROUP_DIGITS_MAX = 20 };

/* What stands between groups. */
enum gap {
	GAP_SPACE = 1,
	GAP_DOT = 2,
	GAP_DASH = 4,
	GAP_SLASH = 8,
	GAP_PAREN = 16,
	GAP_ODD = 32, /* any other sign */
	GAP_LINE = 64,
};

/* "(11) 91234-5678" is 11, 91234, 5678; "vinte e um nove" is 21, 9. */
struct guard_groups {
	char d[GROUP_DIGITS_MAX];
	char lens[GROUP_DIGITS_MAX];
	size_t ends[GROUP_DIGITS_MAX];
	unsigned char gaps[GROUP_DIGITS_MAX + 1]; /* before each */
	int n, digits;
	int spelled; /* groups in words */
	bool cut;    /* more digits follow than any number has */
};

/* Reads as many groups as there are; false when a run has more digits than any number. ret: zeroed. */
bool guard_groups_read(const struct guard_view *v, size_t i, struct guard_groups *ret);
/* Whether two numbers in words begin at i. */
bool guard_spelled(const struct guard_view *v, size_t i);

#endif
