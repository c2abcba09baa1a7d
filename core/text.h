/* text: UTF-8 and small string work.
 * Needs: mem. Used by: everything. */
#ifndef CORE_TEXT_H
#define CORE_TEXT_H

#include "core/mem.h"
#include <stdint.h>

bool text_utf8_valid(const char *s, size_t n);
/* A copy in which every invalid byte, and NUL, became U+FFFD. */
const char *text_utf8_clean(apr_pool_t *pool, const char *s, size_t n);
/* Decodes the character at s (valid UTF-8, NUL-terminated) and returns its length in bytes; 0 at the end. */
size_t text_utf8_next(const char *s, uint32_t *ret_char);
/* Length in UTF-16 code units (Telegram counts in these). */
size_t text_utf16_len(const char *s);
/* < > & and " become entities. */
const char *text_html(apr_pool_t *pool, const char *s);
/* Leading and trailing white space off; at most max characters, cut with an ellipsis. */
const char *text_trim(apr_pool_t *pool, const char *s);
const char *text_cut(apr_pool_t *pool, const char *s, size_t max_chars);
/* Without control characters but tab and the end of a line, and without what nobody sees: marks of direction, joiners and other
 * characters of no width, tags and selectors (of which U+FE0F stays, once: it makes an emoji one). */
const char *text_visible(apr_pool_t *pool, const char *s);
/* Lower case and no accents for Latin letters ("Amanhã" -> "amanha"), other characters unchanged. */
const char *text_fold(apr_pool_t *pool, const char *s);
bool text_starts(const char *s, const char *prefix);
/* Whether word is one of the words, separated by spaces; NULL holds none. */
bool text_has_word(const char *words, const char *word);
/* Whole string as a decimal int64; false on anything else. */
bool text_int(const char *s, int64_t *ret_value);
bool text_same(const char *a, const char *b); /* NULL equals only NULL */

#endif
