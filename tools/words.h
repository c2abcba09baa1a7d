/* words: what people write after a command: #tags and a !priority among the words.
 * Needs: text, json. Used by: tools. */
#ifndef TOOLS_WORDS_H
#define TOOLS_WORDS_H

#include "core/json.h"

#define WORDS_TAGS 10      /* tags of one thing */
#define WORDS_TAG_CHARS 40 /* characters of a tag */

struct words {
	const char *text;       /* what is left, trimmed, its line breaks and spacing kept */
	const char *priority;   /* low, medium, high or urgent, the last one given; NULL: none */
	struct json_texts tags; /* without '#', lower case, each once, in their order */
};

/* Takes each word that is a #tag, and, when priorities is set, a !priority in either language, out of text.
 * What only looks like one ("C#", "oi!", "!talvez", a tag too many or too long) stays text. All in the pool. */
struct words words_take(apr_pool_t *pool, const char *text, bool priorities);

/* Tags as a model gives them ("Mercado Livre", "#casa") in the form that words_take gives. */
struct json_texts words_tags(apr_pool_t *pool, const struct json_texts *given);

/* Trimmed, and every white space inside, line breaks too, one space. */
const char *words_line(apr_pool_t *pool, const char *text);

/* Characters in text. */
size_t words_chars(const char *text);

/* The tags of a row, which come as "a #b", one by one. */
struct json_texts words_tag_list(apr_pool_t *pool, const char *tags);

/* The tags as a JSON array of texts. */
struct json *words_json(apr_pool_t *pool, const struct json_texts *tags);

#endif
