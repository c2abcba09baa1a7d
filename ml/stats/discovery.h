/* discovery: how many looks one may take and still be believed.
 * Needs: nothing. Used by: insight. */
#ifndef ML_STATS_DISCOVERY_H
#define ML_STATS_DISCOVERY_H

#include "core/mem.h"

/* What each of n tests is worth among them all: q[i] is the least level at which Benjamini and Hochberg (1995) would tell it. p
 * NaN: not tested, and q is NaN. */
void discovery_q(apr_pool_t *pool, const double *p, size_t n, double *ret_q);

#endif
