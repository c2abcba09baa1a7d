/* discovery: how many looks one may take and still be believed.
 * Needs: nothing. Used by: insight.
 * Tests that matter more may weigh more, if that is said beforehand (Genovese, Roeder and Wasserman 2006). */
#ifndef ML_STATS_DISCOVERY_H
#define ML_STATS_DISCOVERY_H

#include "core/mem.h"

/* What each of n tests is worth among them all: q[i] is the least level at which Benjamini and Hochberg (1995) would tell it.
 * weight: NULL for all alike. p NaN: not tested, and q is NaN. */
void discovery_q(apr_pool_t *pool, const double *p, const double *weight, size_t n, double *ret_q);
/* The same of Holm (1979): the least level at which it is told when not one of them all may be told for nothing. */
void discovery_holm(apr_pool_t *pool, const double *p, const double *weight, size_t n, double *ret_q);

#endif
