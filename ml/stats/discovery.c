#include "ml/stats/discovery.h"

#include <math.h>
#include <stdlib.h>

struct tested {
	double p, weight; /* p over weight */
	size_t at;
};

static int by_p(const void *a, const void *b)
{
	const struct tested *l = a, *r = b;

	return (l->p > r->p) - (l->p < r->p);
}

/* Those that were tested, least first; *ret_all: what they weigh. */
static struct tested *sorted(apr_pool_t *pool, const double *p, const double *weight, size_t n, double *ret_q,
			     size_t *ret_m, double *ret_all)
{
	struct tested *v = mem_alloc(pool, sizeof *v * (n + 1));
	size_t m = 0;

	*ret_all = 0;
	for (size_t i = 0; i < n; i++) {
		double w = weight ? weight[i] : 1;

		ret_q[i] = NAN;
		if (isnan(p[i]))
			continue;
		v[m++] = (struct tested){ p[i] / w, w, i };
		*ret_all += w;
	}
	qsort(v, m, sizeof *v, by_p);
	*ret_m = m;
	return v;
}

void discovery_q(apr_pool_t *pool, const double *p, const double *weight, size_t n, double *ret_q)
{
	double all, least = 1;
	size_t m;
	struct tested *v = sorted(pool, p, weight, n, ret_q, &m, &all);

	for (size_t i = m; i-- > 0;) {
		double q = v[i].p * all / ((double)i + 1);

		if (q < least)
			least = q;
		ret_q[v[i].at] = least;
	}
}

void discovery_holm(apr_pool_t *pool, const double *p, const double *weight, size_t n, double *ret_q)
{
	double left, most = 0;
	size_t m;
	struct tested *v = sorted(pool, p, weight, n, ret_q, &m, &left);

	for (size_t i = 0; i < m; i++) {
		double q = fmin(v[i].p * left, 1);

		if (q > most)
			most = q;
		ret_q[v[i].at] = most;
		left -= v[i].weight;
	}
}
