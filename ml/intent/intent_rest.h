/* intent_rest: the words of a sentence that are left for a title, a text, a query.
 * Needs: intent_frames, date. Used by: ml/intent.
 * Dates, tags, priorities, courtesies and joining words are taken out; case and accents stay. */
#ifndef ML_INTENT_INTENT_REST_H
#define ML_INTENT_INTENT_REST_H

#include "ml/date/date.h"
#include "ml/intent/intent_match.h"

struct intent_reading {
	const char *text; /* the whole message */
	int finish;       /* bytes of text that belong to the sentence */
	enum lang lang;
	int64_t reference;
	const struct intent_sentence *sentence;
	const struct intent_match *match;
	const struct date_found *date; /* NULL: none; spans are bytes of text */
	bool timed;                    /* the intent takes a time, so that the date is no part of the words */
};

/* What stands between tokens begin and end, as it goes into an argument; "" when nothing does. */
const char *intent_words_between(apr_pool_t *pool, const struct intent_reading *r, int begin, int end);

/* Without the article: any when it is to find something, "um" when it names something new. */
const char *intent_without_article(apr_pool_t *pool, const char *words, enum lang lang,
				   enum intent_id intent);

/* The words that the pattern points at; "" when it points at none. */
const char *intent_rest(apr_pool_t *pool, const struct intent_reading *r);

/* low, medium, high or urgent; NULL when the folded word is no priority. */
const char *intent_priority_of(const char *folded);

/* #tag or !priority at byte i: one past it; 0 when there is none. The word goes to *ret_word, folded. */
int intent_mark_over(apr_pool_t *pool, const struct intent_reading *r, int i, const char **ret_word);
bool intent_takes_marks(enum intent_id intent);

#endif
