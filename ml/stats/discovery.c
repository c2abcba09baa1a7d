#include "ml/stats/discovery.h"

#include <math.h>
#include <stdlib.h>

struct tested {
	double p;
	size_t at;
};

static int by_p(const void *a, const void *b)
{
	const struct tested *l = a, *r = b;

	return (l->p > r->p) - (l->p < r->p);
}

void discovery_q(apr_pool_t *pool, const double *p, size_t n, double *ret_q)
{
	struct tested *v = mem_alloc(pool, sizeof *v * (n + 1));
	double least = 1;
	size_t m = 0;

	for (size_t i = 0; i < n; i++) {
		ret_q[i] = NAN;
		if (!isnan(p[i]))
			v[m++] = (struct tested){ p[i], i };
	}
	qsort(v, m, sizeof *v, by_p);
	for (size_t i = m; i-- > 0;) {
		double q = v[i].p * (double)m / ((double)i + 1);

		if (q < least)
			least = q;
		ret_q[v[i].at] = least;
	}
}
