#include "ml/reader/reader.h"

#include "core/text.h"
#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Telegram makes links of hosts, commands and names by itself; this character, of no width, keeps it from that. */
#define APART "\xE2\x81\xA0"

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* "https://host/path": the scheme's length, 0 when none begins here. */
static size_t scheme_at(const char *s)
{
	size_t n = 0;

	while (isalnum((unsigned char)s[n]) || (n && s[n] && strchr("+-.", s[n])))
		n++;
	return n && n < 20 && strncmp(s + n, "://", 3) == 0 ? n + 3 : 0;
}

/* Of an address of a page its host is left: who it leads to says something, and nobody gets there by it. */
static size_t put_link(struct buf *out, const char *s, size_t scheme)
{
	size_t n = scheme + strcspn(s + scheme, " \n\t\r<>\"')]}"),
	       host = strcspn(s + scheme, " \n\t\r<>\"')]}/?#\\");

	buf_text(out, "[link ");
	for (size_t i = 0; i < host && i < 60; i++)
		if (s[scheme + i] == '.')
			buf_text(out, "." APART);
		else if (s[scheme + i] != '@')
			buf_char(out, s[scheme + i]);
	buf_char(out, ']');
	return n;
}

/* A dot between letters, as in a host's name. */
static bool is_host_dot(const char *text, const char *s)
{
	return *s == '.' && s > text && !is_blank(s[-1]) && (isalpha((unsigned char)s[1]) || (s[1] & 0x80));
}

const char *reader_defang(apr_pool_t *pool, const char *text)
{
	struct buf out = buf_new(pool, 4 * strlen(text) + 64);
	bool word = true; /* a word may begin here */

	text = text_visible(pool, text);
	for (const char *s = text; *s;) {
		size_t scheme = word ? scheme_at(s) : 0;

		if (scheme) {
			s += put_link(&out, s, scheme);
			word = true;
			continue;
		}
		buf_char(&out, *s);
		if (is_host_dot(text, s) || strchr("/@#$", *s))
			buf_text(&out, APART);
		word = !isalnum((unsigned char)*s) && !(*s & 0x80);
		s++;
	}
	return out.p ? out.p : "";
}
