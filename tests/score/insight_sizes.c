/* insight_sizes: how often each test finds something where there is nothing: build/score/insight_sizes [PEOPLE]. */
#include "core/mem.h"
#include "ml/stats/association.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t state = 12345;

static double uniform(void)
{
	uint64_t z = state += 0x9E3779B97F4A7C15U;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9U;
	z = (z ^ z >> 27) * 0x94D049BB133111EBU;
	return ((double)((z ^ z >> 31) >> 11) + 0.5) / 9007199254740992.0;
}

static double normal(void)
{
	return sqrt(-2 * log(uniform())) * cos(6.283185307179586 * uniform());
}

/* Inertia, a weekend of its own, and a drift; a part of the days missing. */
static void person(double *x, size_t n, double inertia, double weekend, double drift, double missing)
{
	double e = normal();

	for (size_t i = 0; i < n; i++) {
		e = inertia * e + sqrt(1 - inertia * inertia) * normal();
		x[i] = e + (i % 7 >= 5 ? weekend : 0) + drift * (double)i / (double)n;
		x[i] = uniform() < missing ? NAN : round(x[i] * 2) / 2;
	}
}

int main(int argc, char **argv)
{
	static const size_t days[] = { 30, 60, 90 };
	int people = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 4000;
	apr_pool_t *pool;

	mem_init();
	pool = pool_root();
	for (int kind = 0; kind < 3; kind++)
		for (size_t d = 0; d < 3; d++) {
			int found = 0, told = 0;

			for (int p = 0; p < people; p++) {
				double x[90], y[90];
				struct association a;

				pool_clear(pool);
				person(x, days[d], kind == 2 ? 0.6 : 0.2, kind == 0 ? 1 : 0,
				       kind == 1 ? 2 : 0, 0.1);
				person(y, days[d], kind == 2 ? 0.6 : 0.2, kind == 0 ? 1 : 0,
				       kind == 1 ? -2 : 0, 0.1);
				if (!association_find(pool, x, y, days[d], 0, 2, 21, &a))
					continue;
				told++;
				found += a.p < 0.05;
			}
			printf("kind %d, %2zu days: %.4f of %d\n", kind, days[d], (double)found / told, told);
		}
	return 0;
}
