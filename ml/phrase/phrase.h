/* phrase: a few sentences about a person's days, put into words by a model, with every number filled in by us.
 * Needs: llm, prompt. Used by: job_week_report, week_view.
 * The model gets typed facts and writes names where values belong. What it writes is held against the rules sentence by
 * sentence: a number of its own, a comparison, a cause, a name that is no fact, words of another fact, and the sentence is dropped. */
#ifndef ML_PHRASE_PHRASE_H
#define ML_PHRASE_PHRASE_H

#include "core/req.h"

struct phrase_fact {
	const char *name;  /* "done": letters and _ */
	const char *value; /* as it is shown: "23", "7,2"; NULL: not known, and not to be spoken of */
	const char *what;  /* for the model, in English: "tasks finished last week" */
	/* Folded beginnings of words, in both languages, that speak of this alone: "sono dorm sleep slept". They may stand before or
	 * after its value, with no other value between. NULL: none. */
	const char *words;
};

enum { PHRASE_FACTS = 12, PHRASE_SENTENCES = 3, PHRASE_CHARS = 220 /* of a sentence */ };

/* Asks a model, not inside a transaction. *ret_text: plain text in req->pool; NULL: nobody phrased it (no model is configured, it does
 * not answer, or nothing of what it wrote holds), and the template is to be used. ERR_CANCELLED. */
NODISCARD err_t *phrase_facts(struct req *req, const struct phrase_fact *facts, size_t n,
			      const char **ret_text);

/* What holds of a model's answer, with the values filled in; NULL: nothing. */
const char *phrase_checked(apr_pool_t *pool, const char *answer, const struct phrase_fact *facts, size_t n);

#endif
