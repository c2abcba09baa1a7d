#include "integrations/google/google_mime.h"

#include "core/text.h"
#include "integrations/google/google_charset.h"
#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { RAW_MAX = 16 * 1024 }; /* bytes of a value that are looked at */

/* --- encoded words --- */

struct word {
	const char *charset, *text; /* not terminated */
	size_t charset_n, n;
	char encoding; /* 'q' or 'b' */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* "=?charset*lang?Q?text?=" at s; returns its length, 0 when there is none. */
static size_t word_at(const char *s, struct word *ret)
{
	const char *charset = s + 2, *mark, *text, *end;

	if (s[0] != '=' || s[1] != '?')
		return 0;
	mark = charset + strcspn(charset, "? \t\r\n");
	if (*mark != '?' || mark == charset || !mark[1] || mark[2] != '?')
		return 0;
	text = mark + 3;
	/* A text may hold blanks, though it should not; it ends at the first "?=". */
	end = strstr(text, "?=");
	if (!end || !strchr("qQbB", mark[1]) || memchr(text, '?', (size_t)(end - text)))
		return 0;
	*ret = (struct word){ charset, text, strcspn(charset, "*?"), (size_t)(end - text),
			      (char)tolower((unsigned char)mark[1]) };
	return (size_t)(end + 2 - s);
}

static int hex_of(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
				      : -1;
}

static void put_q(struct buf *out, const struct word *w)
{
	for (size_t i = 0; i < w->n; i++) {
		char c = w->text[i];

		if (c == '=' && i + 2 < w->n && hex_of(w->text[i + 1]) >= 0 && hex_of(w->text[i + 2]) >= 0) {
			buf_char(out, (char)(hex_of(w->text[i + 1]) * 16 + hex_of(w->text[i + 2])));
			i += 2;
		} else {
			buf_char(out, c == '_' ? ' ' : c);
		}
	}
}

/* Words on their way: bytes of one character set, which may end inside a character that the next word ends. */
struct joining {
	apr_pool_t *pool;
	struct buf *out, bytes;
	const char *charset;
	size_t charset_n;
};

static void join_flush(struct joining *j)
{
	if (!j->charset)
		return;
	buf_text(j->out, google_charset_utf8(j->pool, mem_textn(j->pool, j->charset, j->charset_n),
					     j->bytes.p ? j->bytes.p : "", j->bytes.n));
	j->charset = NULL;
	j->bytes = buf_new(j->pool, RAW_MAX);
}

static void join_word(struct joining *j, const struct word *w)
{
	struct buf bytes;

	if (j->charset &&
	    (j->charset_n != w->charset_n || strncasecmp(j->charset, w->charset, w->charset_n) != 0))
		join_flush(j);
	j->charset = w->charset;
	j->charset_n = w->charset_n;
	if (w->encoding == 'q')
		put_q(&j->bytes, w);
	else if (google_mime_unbase64(j->pool, w->text, w->n, &bytes))
		buf_put(&j->bytes, bytes.p ? bytes.p : "", bytes.n);
	else
		buf_text(&j->bytes, "?");
}

/* White space between two encoded words is not there. */
static const char *words_decode(apr_pool_t *pool, const char *s)
{
	struct buf out = buf_new(pool, 4 * RAW_MAX);
	struct joining j = { .pool = pool, .out = &out, .bytes = buf_new(pool, RAW_MAX) };
	struct word w;
	size_t n;

	while (*s) {
		size_t blank = j.charset ? strspn(s, " \t\r\n") : 0;

		if ((n = word_at(s + blank, &w))) {
			join_word(&j, &w);
			s += blank + n;
			continue;
		}
		join_flush(&j);
		buf_char(&out, is_blank(*s) ? ' ' : *s);
		s++;
	}
	join_flush(&j);
	return out.p ? out.p : "";
}

/* One line: runs of blanks are one. */
static const char *one_line(apr_pool_t *pool, const char *s)
{
	struct buf out = buf_new(pool, strlen(s) + 1);

	for (; *s; s++)
		if (!is_blank(*s))
			buf_char(&out, *s);
		else if (out.n && out.p[out.n - 1] != ' ')
			buf_char(&out, ' ');
	return text_trim(pool, out.p ? out.p : "");
}

const char *google_mime_decode(apr_pool_t *pool, const char *value)
{
	const char *raw = mem_textn(pool, value, strnlen(value, RAW_MAX));
	const char *text = words_decode(pool, raw);

	text = google_charset_utf8(pool, NULL, text, strlen(text));
	return text_cut(pool, one_line(pool, text_visible(pool, text)), MIME_HEADER_CHARS);
}

/* --- addresses --- */

/* One address as far as it is read. */
struct reading {
	apr_pool_t *pool;
	struct buf phrase, angle;
	bool in_angle, has_angle;
	struct mime_address *v;
	size_t n;
};

static void reading_end(struct reading *r)
{
	const char *phrase = r->phrase.p ? r->phrase.p : "", *address;
	struct mime_address a = { "", "" };

	address = one_line(r->pool, r->has_angle && r->angle.p ? r->angle.p : phrase);
	if (strrchr(address, ':') && r->has_angle) /* a route, long obsolete */
		address = strrchr(address, ':') + 1;
	if (strchr(address, '@') && !strpbrk(address, " \t") && text_utf8_valid(address, strlen(address)))
		a.address = text_visible(r->pool, address);
	if (r->has_angle)
		a.name = google_mime_decode(r->pool, phrase);
	if (*a.address && r->n < MIME_ADDRESSES)
		r->v[r->n++] = a;
	r->phrase.n = r->angle.n = 0;
	if (r->phrase.p)
		*r->phrase.p = '\0';
	if (r->angle.p)
		*r->angle.p = '\0';
	r->in_angle = r->has_angle = false;
}

/* Past a quoted string at s (its opening quote), whose text goes to where the address stands; returns what is left. */
static const char *take_quoted(struct reading *r, const char *s)
{
	struct buf *to = r->in_angle ? &r->angle : &r->phrase;

	for (s++; *s && *s != '"'; s++) {
		if (*s == '\\' && s[1])
			s++;
		buf_char(to, *s);
	}
	return *s ? s + 1 : s;
}

/* Past a comment, which may hold others. */
static const char *skip_comment(const char *s)
{
	int depth = 0;

	for (; *s; s++) {
		if (*s == '\\' && s[1])
			s++;
		else if (*s == '(')
			depth++;
		else if (*s == ')' && --depth == 0)
			return s + 1;
	}
	return s;
}

/* One character that is not quoted. */
static void take(struct reading *r, char c)
{
	if (c == '<' && !r->has_angle) {
		r->in_angle = r->has_angle = true;
	} else if (c == '>') {
		r->in_angle = false;
	} else if (!r->in_angle && (c == ',' || c == ';')) {
		reading_end(r);
	} else if (!r->in_angle && c == ':') { /* a group's name ends */
		r->phrase.n = 0;
		if (r->phrase.p)
			*r->phrase.p = '\0';
	} else {
		buf_char(r->in_angle ? &r->angle : &r->phrase, c);
	}
}

struct mime_addresses google_mime_addresses(apr_pool_t *pool, const char *value)
{
	const char *s = mem_textn(pool, value, strnlen(value, RAW_MAX));
	struct reading r = { .pool = pool,
			     .phrase = buf_new(pool, RAW_MAX),
			     .angle = buf_new(pool, RAW_MAX) };
	struct word w;
	size_t n;

	r.v = mem_alloc(pool, sizeof *r.v * MIME_ADDRESSES);
	while (*s) {
		if (*s == '"') {
			s = take_quoted(&r, s);
		} else if (*s == '(') {
			s = skip_comment(s);
		} else if ((n = word_at(s, &w))) { /* its text may hold what separates others */
			buf_put(r.in_angle ? &r.angle : &r.phrase, s, n);
			s += n;
		} else {
			take(&r, *s++);
		}
	}
	reading_end(&r);
	return (struct mime_addresses){ r.n, r.v };
}

/* --- parameters and ids --- */

/* Past a value at s, quoted or not. */
static const char *param_value(apr_pool_t *pool, const char *s, const char **ret_value)
{
	struct buf b = buf_new(pool, RAW_MAX);

	buf_text(&b, "");
	if (*s != '"') {
		size_t n = strcspn(s, "; \t\r\n(");

		*ret_value = mem_textn(pool, s, n);
		return s + n;
	}
	for (s++; *s && *s != '"'; s++) {
		if (*s == '\\' && s[1])
			s++;
		buf_char(&b, *s);
	}
	*ret_value = b.p ? b.p : "";
	return *s ? s + 1 : s;
}

const char *google_mime_param(apr_pool_t *pool, const char *value, const char *name)
{
	const char *s = mem_textn(pool, value, strnlen(value, RAW_MAX));
	size_t n = strlen(name);

	for (s += strcspn(s, ";"); *s == ';'; s += strcspn(s, ";")) {
		const char *found;
		size_t len;

		s += strspn(s, "; \t\r\n");
		len = strcspn(s, "=; \t\r\n");
		if (s[len] != '=')
			continue;
		bool is = len == n && strncasecmp(s, name, n) == 0;
		s = param_value(pool, s + len + 1, &found);
		if (is)
			return found;
	}
	return NULL;
}

bool google_mime_is_id(const char *id)
{
	size_t n = strlen(id);

	for (const char *c = id; *c; c++)
		if (*c <= ' ' || *c == 127 || strchr("<>(),;\\\"", *c))
			return false;
	return n >= 3 && n <= 250 && strchr(id, '@');
}

size_t google_mime_ids(apr_pool_t *pool, const char *value, size_t max, const char ***ret_ids)
{
	const char *s = mem_textn(pool, value, strnlen(value, RAW_MAX)), **ids;
	size_t n = 0;

	ids = mem_alloc(pool, sizeof *ids * (max + 1));
	while ((s = strchr(s, '<'))) {
		size_t len = strcspn(++s, "<>");
		const char *id = s[len] == '>' ? mem_textn(pool, s, len) : "";

		s += len;
		if (!google_mime_is_id(id))
			continue;
		if (n == max) {
			memmove(ids, ids + 1, sizeof *ids * (max - 1));
			n--;
		}
		ids[n++] = id;
	}
	*ret_ids = ids;
	return n;
}

/* --- base64 --- */

static int value_of(char c)
{
	return c >= 'A' && c <= 'Z'   ? c - 'A'
	       : c >= 'a' && c <= 'z' ? c - 'a' + 26
	       : c >= '0' && c <= '9' ? c - '0' + 52
	       : c == '-' || c == '+' ? 62
	       : c == '_' || c == '/' ? 63
				      : -1;
}

bool google_mime_unbase64(apr_pool_t *pool, const char *text, size_t n, struct buf *ret)
{
	struct buf out = buf_new(pool, n);
	unsigned bits = 0;
	int have = 0;
	size_t i = 0;

	buf_text(&out, "");
	for (; i < n && text[i] != '='; i++) {
		int value = value_of(text[i]);

		if (is_blank(text[i]))
			continue;
		if (value < 0)
			return false;
		bits = (bits << 6 | (unsigned)value) & 0xFFF;
		have += 6;
		if (have >= 8) {
			have -= 8;
			buf_char(&out, (char)(bits >> have & 0xFF));
		}
	}
	for (; i < n; i++)
		if (text[i] != '=' && !is_blank(text[i]))
			return false;
	if (have == 6) /* one letter is no byte */
		return false;
	*ret = out;
	return true;
}
