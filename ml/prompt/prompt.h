/* prompt: the texts that models are given, from the files of ml/prompts.
 * Needs: text; the table is generated from the .txt files. Used by: agent, context, reader, phrase.
 *
 * A file's first line declares its variables ("vars: name zone"), the rest is the text with {name} in it. Whatever a
 * person, a mail or a web page wrote goes into a variable through prompt_quote only. */
#ifndef ML_PROMPT_PROMPT_H
#define ML_PROMPT_PROMPT_H

#include "core/mem.h"

struct prompt_var {
	const char *name, *text;
};

/* The prompt with its variables filled in; ends with a NULL name. ERR_INTERNAL when the prompt is unknown, a declared
 * variable is missing or one is given that is not declared. */
NODISCARD err_t *prompt_fill(apr_pool_t *pool, const char *name, const struct prompt_var *vars,
			     const char **ret_text);

/* Words that are data and no instructions: in quotes, on one line, at most max_chars, without control characters,
 * invisible ones or anything that could close the quotes. */
const char *prompt_quote(apr_pool_t *pool, const char *text, size_t max_chars);

/* About how many tokens a model makes of it: a quarter of its bytes, rounded up. */
size_t prompt_tokens(const char *text);

/* Generated; ends with a NULL name. vars: names separated by spaces. */
struct prompt_entry {
	const char *name, *vars, *text;
};
extern const struct prompt_entry prompt_table[];

#endif
