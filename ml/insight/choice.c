#include "ml/insight/choice.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

uint64_t choice_seed(const char *words, uint64_t number)
{
	uint64_t hash = UINT64_C(14695981039346656037) ^ number; /* FNV-1a */

	for (; *words; words++)
		hash = (hash ^ (unsigned char)*words) * UINT64_C(1099511628211);
	return hash;
}

double choice_draw(double yes, double no, uint64_t seed)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	double draw;

	gsl_rng_set(rng, (unsigned long)(seed ^ seed >> 32));
	draw = gsl_ran_beta(rng, 2 + yes, 1 + no);
	gsl_rng_free(rng);
	return draw;
}
