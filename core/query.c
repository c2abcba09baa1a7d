#include "core/query.h"

#include "core/limits.h"
#include "core/text.h"
#include <ctype.h>
#include <stdarg.h>
#include <string.h>

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* In place, of n bytes; NUL-terminates. lines: tab and the ends of lines may stand in it. */
static bool decode(char *s, size_t n, bool plus, bool lines)
{
	char *to = s;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c == '%') {
			int high = i + 2 < n ? hex(s[i + 1]) : -1, low = i + 2 < n ? hex(s[i + 2]) : -1;

			if (high < 0 || low < 0)
				return false;
			c = (unsigned char)(high << 4 | low);
			i += 2;
		} else if (c == '+' && plus) {
			c = ' ';
		}
		if ((c < ' ' && !(lines && (c == '\t' || c == '\r' || c == '\n'))) || c == 0x7F)
			return false;
		*to++ = (char)c;
	}
	*to = '\0';
	return text_utf8_valid(s, (size_t)(to - s));
}

bool query_decode_path(char *s)
{
	return decode(s, strlen(s), false, false);
}

static NODISCARD err_t *pair_read(char *text, size_t n, struct query_pair *ret)
{
	char *equals = memchr(text, '=', n);
	size_t name_n = equals ? (size_t)(equals - text) : n;

	if (equals && !decode(equals + 1, n - name_n - 1, true, true))
		return err_new(ERR_INVALID, "malformed query");
	if (!decode(text, name_n, true, true))
		return err_new(ERR_INVALID, "malformed query");
	*ret = (struct query_pair){ .name = text, .value = equals ? equals + 1 : "" };
	return NULL;
}

static size_t count(const char *text, size_t n)
{
	size_t pairs = 1;

	for (size_t i = 0; i < n; i++)
		pairs += text[i] == '&';
	return pairs;
}

err_t *query_parse(apr_pool_t *pool, const char *text, size_t n, struct query *ret_query)
{
	struct query query = { 0 };
	size_t most = n <= LIMIT_QUERY_BYTES ? count(text, n) : 0;
	char *at;

	if (n > LIMIT_QUERY_BYTES || most > LIMIT_QUERY_PAIRS)
		return err_new(ERR_INVALID, "query too long");
	query.pairs = mem_alloc(pool, sizeof *query.pairs * most);
	at = mem_textn(pool, text, n);
	for (char *end = at + n; at < end;) {
		char *amp = memchr(at, '&', (size_t)(end - at)), *next = amp ? amp : end;

		if (next > at)
			ERR(pair_read(at, (size_t)(next - at), &query.pairs[query.n++]));
		at = next + 1;
	}
	*ret_query = query;
	return NULL;
}

const char *query_value(const struct query *query, const char *name, size_t nth)
{
	for (size_t i = 0; i < query->n; i++)
		if (text_same(query->pairs[i].name, name) && nth-- == 0)
			return query->pairs[i].value;
	return NULL;
}

static void encode(struct buf *to, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < 0x80 && (isalnum(c) || strchr("-._~", c)))
			buf_char(to, (char)c);
		else
			buf_fmt(to, "%%%02X", c);
	}
}

const char *query_encode(apr_pool_t *pool, const char *text)
{
	struct buf to = buf_new(pool, 3 * strlen(text) + 1);

	encode(&to, text);
	return to.p ? to.p : "";
}

const char *query_with(apr_pool_t *pool, ...)
{
	struct buf to = buf_new(pool, LIMIT_JSON_BYTES);
	const char *name, *value;
	va_list args;

	va_start(args, pool);
	while ((name = va_arg(args, const char *))) {
		value = va_arg(args, const char *);
		if (!value)
			continue;
		buf_fmt(&to, "%s%s=", to.n ? "&" : "", name);
		encode(&to, value);
	}
	va_end(args);
	return to.p ? to.p : "";
}
