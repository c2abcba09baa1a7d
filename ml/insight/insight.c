#include "ml/insight/insight.h"

#include "ml/stats/discovery.h"
#include <math.h>
#include <stdlib.h>

struct looking {
	struct answer v[INSIGHT_MAX];
	const struct question *of[INSIGHT_MAX];
	size_t n;
};

/* The least level at which each test of one part would be told. */
static void judge(apr_pool_t *pool, struct looking *l, bool core, double level)
{
	double p[INSIGHT_MAX], weight[INSIGHT_MAX], q[INSIGHT_MAX], holm[INSIGHT_MAX];

	for (size_t i = 0; i < l->n; i++) {
		p[i] = l->of[i]->core == core ? l->v[i].p : NAN;
		weight[i] = l->v[i].weight;
	}
	discovery_q(pool, p, weight, l->n, q);
	discovery_holm(pool, p, weight, l->n, holm);
	for (size_t i = 0; i < l->n; i++) {
		if (isnan(p[i]))
			continue;
		l->v[i].found.q = q[i];
		l->v[i].found.tier = (core ? holm[i] : q[i]) <= level ? "likely" : "observation";
	}
}

/* Of two lags of a question the one that says more is told. */
static void lags_judge(struct looking *l)
{
	for (size_t i = 1; i < l->n; i++) {
		struct answer *a = &l->v[i - 1], *b = &l->v[i];
		bool first = a->p / a->weight <= b->p / b->weight;

		if (l->of[i] == l->of[i - 1])
			(first ? b : a)->found.tier = "observation";
	}
}

static int by_p(const void *a, const void *b)
{
	const struct insight *l = a, *r = b;

	return (l->p > r->p) - (l->p < r->p);
}

size_t insight_look(const struct days *days, size_t n, double level, struct insight ret[INSIGHT_MAX])
{
	apr_pool_t *pool = pool_child(days->pool);
	struct looking *l = MEM_NEW(pool, struct looking);

	n = n < days->n ? n : days->n;
	for (size_t i = 0; i < QUESTIONS; i++) {
		size_t found = question_answer(pool, &questions[i], days, 0, n, &l->v[l->n]);

		while (found--)
			l->of[l->n++] = &questions[i];
	}
	judge(pool, l, true, level * INSIGHT_CORE);
	judge(pool, l, false, level * (1 - INSIGHT_CORE));
	lags_judge(l);
	for (size_t i = 0; i < l->n; i++)
		ret[i] = l->v[i].found;
	n = l->n;
	pool_free(pool);
	qsort(ret, n, sizeof *ret, by_p);
	return n;
}
