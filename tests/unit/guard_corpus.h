/* guard_corpus: how much of what is personal in a file of cases the guard masks, and how much of what is not.
 * Needs: guard, clock. Used by: tests/unit/test_guard_corpus, tests/score/guard. */
#ifndef TESTS_UNIT_GUARD_CORPUS_H
#define TESTS_UNIT_GUARD_CORPUS_H

#include "core/mem.h"
#include "ml/guard/guard_part.h"

#define GUARD_CORPUS_TUNED "tests/data/guard/tuned.tsv"
#define GUARD_CORPUS_KEPT "tests/data/guard/kept.tsv"

struct guard_score {
	int personal, masked;  /* cases with something to mask; those of which no letter or digit is left */
	int harmless, touched; /* cases with nothing to mask; those in which something was */
	double us_message;     /* guard_new and guard_mask of one case, on average */
	double us_usual;       /* the same of a usual message of about 200 bytes */
};

/* misses: each wrong case is printed. Errors: the file cannot be read, a case is not well formed. */
NODISCARD err_t *guard_corpus_score(apr_pool_t *pool, const char *file, bool misses, struct guard_score *ret);

#endif
