/* telegram_html: the HTML of our own messages, measured, cut in parts and undone; pure.
 * Needs: text. Used by: telegram_wire, tools, job_mail_out, bot, routine.
 * Known tags: b i u s code pre a blockquote; anything else that looks like a tag is text. The input is valid UTF-8. */
#ifndef INTEGRATIONS_TELEGRAM_TELEGRAM_HTML_H
#define INTEGRATIONS_TELEGRAM_TELEGRAM_HTML_H

#include "core/mem.h"

/* UTF-16 units of the text after parsing (Telegram counts in these: 4096 a message, 1024 a caption). */
size_t tg_html_units(const char *html);

/* The text alone: tags dropped, entities decoded. In the pool. */
const char *tg_html_plain(apr_pool_t *pool, const char *html);

/* Parts of at most max_units (2 or more) each, cut at a paragraph, else a line, else a word, else between
 * characters. White space at a cut is dropped. Tags open at a cut are closed and opened again; every part
 * is well-formed even when html was not. *ret_n is 0 when there is nothing to see. */
NODISCARD err_t *tg_html_split(apr_pool_t *pool, const char *html, size_t max_units, size_t *ret_n,
			       const char ***ret_parts);

#endif
