/* intent: what a sentence asks for, by rules: verb class, object, question form, in Portuguese and English.
 * Needs: date, json, text. Used by: agent_offer, answers, cli_classify, understand.
 * No model, no network; names are those of tools, built or not. */
#ifndef ML_INTENT_INTENT_H
#define ML_INTENT_INTENT_H

#include "core/json.h"
#include "ml/date/date.h"

struct intent {
	const char *name;  /* a tool's name, or "none" */
	double confidence; /* 0 to 1. At least INTENT_ACT: act. At least INTENT_ASK: ask first */
	/* What its sentence says of a time; NULL: nothing. Spans are bytes of the text. */
	const struct date_found *date;
	/* An object, never NULL: the tool's arguments, as a model would give them. Times are local ISO
	 * ("2026-11-22T14:00:00", or a date alone where no time was said). */
	struct json *args;
};

#define INTENT_ACT 0.8
#define INTENT_ASK 0.5

/* The best reading of valid UTF-8 text, said in lang at wall time reference (see ml/date/date.h). All in the pool. */
void intent_find(apr_pool_t *pool, const char *text, enum lang lang, int64_t reference, struct intent *ret);

/* Names of tools that the text could be about, best first, for offering a model a choice: at most max; how many. */
size_t intent_likely(apr_pool_t *pool, const char *text, enum lang lang, size_t max, const char **ret_names);

/* Every name that intent_find may give, without "none"; ends with NULL. */
extern const char *const intent_names[];

#endif
