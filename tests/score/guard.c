/* Scores the guard against a file of cases: build/score/guard [FILE] [--misses].
 * A case is a line "lang TAB text", \n and \t written as such; what must be masked stands between ⟦ and ⟧, a line without
 * them is harmless. The corpus is tests/data/guard. */
#include "core/text.h"
#include "tests/unit/guard_corpus.h"
#include <stdio.h>

static double percent(int part, int all)
{
	return all ? 100.0 * part / all : 0;
}

int main(int argc, char **argv)
{
	const char *file = argc > 1 ? argv[1] : GUARD_CORPUS_TUNED;
	struct guard_score score;
	err_t *err;

	mem_init();
	apr_pool_t *pool = pool_root();
	err = guard_corpus_score(pool, file, argc > 2 && text_same(argv[2], "--misses"), &score);
	if (err) {
		fprintf(stderr, "%s\n", err_message(err));
		return 1;
	}
	printf("masked   %4d of %4d  %5.1f %%\n", score.masked, score.personal,
	       percent(score.masked, score.personal));
	printf("touched  %4d of %4d  %5.2f %% false alarms\n", score.touched, score.harmless,
	       percent(score.touched, score.harmless));
	printf("%.1f us a message, %.1f us one of 200 bytes\n", score.us_message, score.us_usual);
	pool_free(pool);
	return 0;
}
