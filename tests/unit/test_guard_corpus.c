#include "tests/test.h"
#include "tests/unit/guard_corpus.h"

/* Floors in per mille: what must be masked at least, what may be touched at most. */
static NODISCARD err_t *check_level(apr_pool_t *pool, const char *file, int masked, int touched)
{
	struct guard_score score;

	ERR(guard_corpus_score(pool, file, false, &score));
	CHECK(score.personal >= 100 && score.harmless >= 120);
	if (score.masked * 1000 < score.personal * masked || score.touched * 1000 > score.harmless * touched)
		return err_new(ERR_INTERNAL, "%s: %d of %d masked, %d of %d harmless ones touched", file,
			       score.masked, score.personal, score.touched, score.harmless);
	return NULL;
}

TEST(masks_the_tuned_cases)
{
	return check_level(t->pool, GUARD_CORPUS_TUNED, 980, 5);
}

TEST(masks_the_kept_cases)
{
	return check_level(t->pool, GUARD_CORPUS_KEPT, 940, 8);
}
