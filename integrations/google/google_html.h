/* google_html: what a person would read of a mail in HTML, as plain text.
 * Needs: libxml2 (this is its only door), google_css, text. Used by: google_gmail, tools.
 * Nothing is fetched and nothing runs: no scripts, styles, comments, pictures; links are their words. What its sender hid from
 * people is not there either, as far as styles beside it and plain rules of a style sheet tell. */
#ifndef INTEGRATIONS_GOOGLE_GOOGLE_HTML_H
#define INTEGRATIONS_GOOGLE_GOOGLE_HTML_H

#include "core/mem.h"

enum {
	HTML_BYTES = 1024 * 1024, /* of HTML that are looked at */
	HTML_DEPTH = 256,         /* of elements in one another */
	HTML_TEXT = 64 * 1024,    /* bytes of text */
};

/* The text of n bytes of UTF-8 HTML, valid UTF-8 of what can be seen, lines ended by LF, in the pool. *ret_cut: a ceiling
 * was reached, and what came behind it is not there. */
const char *google_html_text(apr_pool_t *pool, const char *html, size_t n, bool *ret_cut);

#endif
