/* telegram_parse: Telegram's own reading of HTML messages and keyboards, with its error texts.
 * Needs: json, text. Used by: telegram_api. */
#ifndef TESTS_STANDINS_TELEGRAM_PARSE_H
#define TESTS_STANDINS_TELEGRAM_PARSE_H

#include "core/json.h"

/* Each returns NULL, or the description of the 400 in the pool. */

/* *ret_plain: the text a person sees, white space at its ends off; *ret_entities: a JSON array. */
const char *parse_text(apr_pool_t *pool, const char *text, const char *parse_mode, const char **ret_plain,
		       const char **ret_entities);
/* *ret_markup: the keyboard as JSON, "" for none. An edit takes inline keyboards only. */
const char *parse_markup(apr_pool_t *pool, const struct json *markup, bool edit, const char **ret_markup);

#endif
