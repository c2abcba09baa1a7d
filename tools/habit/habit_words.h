/* habit_words: how often a habit is meant, said along with its name.
 * Needs: req, text. Used by: tool_create_habit. */
#ifndef TOOLS_HABIT_HABIT_WORDS_H
#define TOOLS_HABIT_HABIT_WORDS_H

#include "core/req.h"

struct habit_words {
	const char *name; /* without what says how often */
	const char *per;  /* day or week */
	int64_t target;
	bool said; /* how often was said */
};

/* "beber água 8 vezes por dia", "run three times a week", "meditar todo dia", "ler". In the pool. */
struct habit_words habit_words_read(apr_pool_t *pool, const char *text);

/* "8 vezes por dia", "todo dia", "once a week". Plain text. */
const char *habit_often(struct req *req, const char *per, int64_t target);

#endif
