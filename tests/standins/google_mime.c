/* Messages in RFC 5322 and MIME, read into parts. */
#include "tests/standins/google_gmail.h"

#include "core/text.h"
#include <ctype.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#define PARTS_DEEP 20
#define TEXT_INLINE 65536 /* a longer text is asked for apart */

static struct part *part_read(apr_pool_t *pool, const char *s, size_t n, const char *id, int depth);

/* --- headers --- */

static void flaw(struct part *p, const char *what)
{
	if (!p->flaw)
		p->flaw = what;
}

/* Where the line ends, and where the next begins. */
static size_t line_of(const char *s, size_t n, size_t *ret_next)
{
	const char *end = memchr(s, '\n', n);
	size_t len = end ? (size_t)(end - s) : n;

	*ret_next = end ? len + 1 : n;
	return len && s[len - 1] == '\r' ? len - 1 : len;
}

static void header_add(apr_pool_t *pool, struct part *p, const char *line, size_t n)
{
	const char *colon = memchr(line, ':', n);
	struct header *h = MEM_NEW(pool, struct header);
	size_t name = colon ? (size_t)(colon - line) : 0;

	for (size_t i = 0; i < name; i++)
		if (line[i] <= ' ' || line[i] == 127)
			name = 0;
	if (!name) {
		flaw(p, "a header line without a name");
		return;
	}
	h->name = mem_textn(pool, line, name);
	h->value = text_trim(pool, text_utf8_clean(pool, colon + 1, n - name - 1));
	list_add(&p->headers, h);
}

/* Gives the length of the head and its blank line. */
static size_t headers_read(apr_pool_t *pool, struct part *p, const char *s, size_t n)
{
	struct buf line = buf_new(pool, n + 1);
	size_t at = 0, next;

	while (at < n) {
		size_t len = line_of(s + at, n - at, &next);

		if (line.n && !(len && (s[at] == ' ' || s[at] == '\t'))) {
			header_add(pool, p, line.p, line.n);
			line.n = 0;
		}
		if (!len) {
			at += next;
			break;
		}
		buf_put(&line, s + at, len);
		at += next;
	}
	if (line.n)
		header_add(pool, p, line.p, line.n);
	return at;
}

const char *part_header(const struct part *p, const char *name)
{
	for (size_t i = 0; i < p->headers.n; i++) {
		const struct header *h = p->headers.v[i];

		if (strcasecmp(h->name, name) == 0)
			return h->value;
	}
	return NULL;
}

/* A parameter of "text/plain; charset=utf-8; name=\"x\"", also in the form of RFC 2231; NULL: absent. */
static const char *parameter(apr_pool_t *pool, const char *value, const char *name)
{
	struct buf b = buf_new(pool, 65536);
	const char *at = value ? strchr(value, ';') : NULL;
	bool extended = false;

	while (at) {
		size_t n = strlen(name);

		at += 1 + strspn(at + 1, " \t");
		extended = strncasecmp(at, name, n) == 0 && at[n] == '*' && at[n + 1] == '=';
		if (strncasecmp(at, name, n) == 0 && (at[n] == '=' || extended)) {
			at += n + 1 + extended;
			if (*at == '"')
				for (at++; *at && *at != '"'; at++) {
					at += *at == '\\' && at[1];
					buf_char(&b, *at);
				}
			else
				buf_put(&b, at, strcspn(at, "; \t"));
			buf_text(&b, "");
			break;
		}
		at = strchr(at, ';');
	}
	if (b.p && at && extended) { /* utf-8'pt'na%C3%A7%C3%A3o.pdf */
		char *text = strrchr(b.p, '\'') ? mem_text(pool, strrchr(b.p, '\'') + 1) : NULL;

		return text && query_decode_path(text) ? text : b.p;
	}
	return b.p;
}

/* --- characters --- */

static const char *to_utf8(apr_pool_t *pool, const char *charset, const char *s, size_t n)
{
	size_t left = 4 * n + 4, was = left;
	char *in = mem_textn(pool, s, n), *out = mem_alloc(pool, left + 1), *to = out;
	iconv_t cd;

	memcpy(in, s, n);
	if (!charset || strcasecmp(charset, "utf-8") == 0 || strcasecmp(charset, "us-ascii") == 0)
		return text_utf8_clean(pool, s, n);
	cd = iconv_open("UTF-8", charset);
	if (cd == (iconv_t)-1)
		return text_utf8_clean(pool, s, n);
	while (n && iconv(cd, &in, &n, &to, &left) == (size_t)-1) {
		in++;
		n--;
	}
	iconv_close(cd);
	return text_utf8_clean(pool, out, was - left);
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Quoted-printable; in words of headers _ is a space. */
static char *quoted_read(apr_pool_t *pool, const char *s, size_t n, bool word, size_t *ret_n, bool *ret_good)
{
	char *to = mem_alloc(pool, n + 1);
	size_t out = 0, next;

	*ret_good = true;
	for (size_t i = 0; i < n; i++) {
		int high = i + 2 < n ? hex(s[i + 1]) : -1, low = i + 2 < n ? hex(s[i + 2]) : -1;

		if (s[i] == '=' && !word && i + 1 < n && (s[i + 1] == '\n' || s[i + 1] == '\r')) {
			line_of(s + i, n - i, &next);
			i += next - 1;
		} else if (s[i] == '=') {
			*ret_good = *ret_good && high >= 0 && low >= 0;
			to[out++] = high >= 0 && low >= 0 ? (char)(high << 4 | low) : '=';
			i += high >= 0 && low >= 0 ? 2 : 0;
		} else {
			to[out++] = word && s[i] == '_' ? ' ' : s[i];
		}
	}
	*ret_n = out;
	return to;
}

/* One encoded word at s ("=?"), n bytes long; NULL: it is none. */
static const char *word_read(apr_pool_t *pool, const char *s, size_t *ret_n, const char **ret_flaw)
{
	const char *charset = s + 2, *kind = strchr(charset, '?'), *text = kind ? kind + 3 : NULL, *end;
	size_t n = 0;
	bool good = true;
	char *bytes;

	if (!kind || !kind[1] || kind[2] != '?' || !(end = strstr(text, "?=")) ||
	    strcspn(text, " ") < (size_t)(end - text)) {
		*ret_flaw = "a malformed encoded word";
		return NULL;
	}
	*ret_n = (size_t)(end - s) + 2;
	if (*ret_n > 75)
		*ret_flaw = "an encoded word of more than 75 characters";
	if (kind[1] == 'B' || kind[1] == 'b')
		bytes = base64_read(pool, text, (size_t)(end - text), &n);
	else
		bytes = quoted_read(pool, text, (size_t)(end - text), true, &n, &good);
	if (!bytes || !good) {
		*ret_flaw = "an encoded word that does not decode";
		return NULL;
	}
	if (strncasecmp(charset, "utf-8?", 6) == 0 && !text_utf8_valid(bytes, n))
		*ret_flaw = "an encoded word cut within a character";
	return to_utf8(pool, mem_textn(pool, charset, (size_t)(kind - charset)), bytes, n);
}

const char *mime_words(apr_pool_t *pool, const char *value, const char **ret_flaw)
{
	struct buf b = buf_new(pool, 1 << 20);
	const char *ignored = NULL, **why = ret_flaw ? ret_flaw : &ignored;
	bool after_word = false;

	buf_text(&b, "");
	while (value && *value) {
		size_t n = 1, gap = strspn(value, " \t");
		const char *word = strncmp(value, "=?", 2) == 0 ? word_read(pool, value, &n, why) : NULL;

		if (word) {
			buf_text(&b, word);
		} else if (gap && after_word && strncmp(value + gap, "=?", 2) == 0) {
			n = gap; /* between two of them */
		} else {
			n = 1;
			buf_char(&b, *value);
		}
		after_word = word || (after_word && n == gap && gap);
		value += n;
	}
	return b.p;
}

/* --- bodies --- */

static void body_decode(apr_pool_t *pool, struct part *p, const char *s, size_t n)
{
	const char *encoding = part_header(p, "Content-Transfer-Encoding");
	bool good = true;

	p->bytes = s;
	p->n = n;
	if (encoding && strcasecmp(encoding, "base64") == 0) {
		p->bytes = base64_read(pool, s, n, &p->n);
		if (!p->bytes) {
			flaw(p, "base64 that does not decode");
			p->bytes = "";
			p->n = 0;
		}
	} else if (encoding && strcasecmp(encoding, "quoted-printable") == 0) {
		p->bytes = quoted_read(pool, s, n, false, &p->n, &good);
	} else if (encoding && strcasecmp(encoding, "7bit") != 0 && strcasecmp(encoding, "8bit") != 0 &&
		   strcasecmp(encoding, "binary") != 0) {
		flaw(p, "an unknown transfer encoding");
	}
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] > 126 &&
		    (!encoding || strcasecmp(encoding, "7bit") == 0 || strcasecmp(encoding, "base64") == 0))
			flaw(p, "8-bit bytes without an encoding that allows them");
	if (!good)
		flaw(p, "quoted-printable that does not decode");
	if (text_starts(p->type, "text/") && p->charset && strcasecmp(p->charset, "utf-8") == 0 &&
	    !text_utf8_valid(p->bytes, p->n))
		flaw(p, "a text that is not in its charset");
}

/* The next line that is the boundary; n when there is none. *ret_last: it is the closing one. */
static size_t boundary_find(const char *s, size_t n, size_t at, const char *boundary, size_t *ret_next,
			    bool *ret_last)
{
	size_t len = strlen(boundary), next = 0;

	for (; at < n; at += next) {
		size_t line = line_of(s + at, n - at, &next);

		if (line < len + 2 || strncmp(s + at, "--", 2) != 0 ||
		    strncmp(s + at + 2, boundary, len) != 0)
			continue;
		*ret_last = line >= len + 4 && strncmp(s + at + 2 + len, "--", 2) == 0;
		*ret_next = at + next;
		return at;
	}
	return n;
}

static void parts_read(apr_pool_t *pool, struct part *p, const char *s, size_t n, const char *boundary,
		       int depth)
{
	size_t next = 0, end;
	bool last = false;

	end = boundary_find(s, n, 0, boundary, &next, &last);
	while (end < n && !last && depth < PARTS_DEEP) {
		size_t from = next, to = boundary_find(s, n, from, boundary, &next, &last);
		const char *id = *p->id ? mem_fmt(pool, "%s.%zu", p->id, p->parts.n)
					: mem_fmt(pool, "%zu", p->parts.n);
		struct part *child;

		if (to == n) {
			flaw(p, "a multipart without its end");
			break;
		}
		end = to;
		to -= to > from && s[to - 1] == '\n';
		to -= to > from && s[to - 1] == '\r';
		child = part_read(pool, s + from, to - from, id, depth + 1);
		list_add(&p->parts, child);
		if (child->flaw)
			flaw(p, child->flaw);
	}
	if (!p->parts.n)
		flaw(p, "a multipart without parts");
}

/* "Text/Plain; charset=x" -> "text/plain". */
static const char *type_of(apr_pool_t *pool, const char *value)
{
	char *type = mem_textn(pool, value, strcspn(value, "; \t"));

	for (char *c = type; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return type;
}

static struct part *part_read(apr_pool_t *pool, const char *s, size_t n, const char *id, int depth)
{
	struct part *p = MEM_NEW(pool, struct part);
	size_t head = headers_read(pool, p, s, n);
	const char *type = part_header(p, "Content-Type"), *boundary, *filename;

	p->id = id;
	p->type = type_of(pool, type ? type : "text/plain");
	p->charset = parameter(pool, type, "charset");
	filename = parameter(pool, part_header(p, "Content-Disposition"), "filename");
	if (!filename)
		filename = parameter(pool, type, "name");
	p->filename = filename ? mime_words(pool, filename, NULL) : "";
	boundary = parameter(pool, type, "boundary");
	if (text_starts(p->type, "multipart/")) {
		p->bytes = "";
		if (boundary)
			parts_read(pool, p, s + head, n - head, boundary, depth);
		else
			flaw(p, "a multipart without a boundary");
		return p;
	}
	body_decode(pool, p, s + head, n - head);
	p->attached = *p->filename || p->n > TEXT_INLINE || !text_starts(p->type, "text/");
	return p;
}

struct part *mime_read(apr_pool_t *pool, const char *raw, size_t n)
{
	return part_read(pool, raw, n, "", 0);
}

/* --- what is in them --- */

const char *mime_text(apr_pool_t *pool, const struct part *p, const char *type)
{
	if (text_same(p->type, type) && !*p->filename)
		return to_utf8(pool, p->charset, p->bytes, p->n);
	for (size_t i = 0; i < p->parts.n; i++) {
		const char *text = mime_text(pool, p->parts.v[i], type);

		if (text)
			return text;
	}
	return NULL;
}

struct part *mime_part(struct part *p, const char *id)
{
	struct part *found = text_same(p->id, id) ? p : NULL;

	for (size_t i = 0; !found && i < p->parts.n; i++)
		found = mime_part(p->parts.v[i], id);
	return found;
}

bool mime_has_file(const struct part *p)
{
	bool has = *p->filename != '\0';

	for (size_t i = 0; !has && i < p->parts.n; i++)
		has = mime_has_file(p->parts.v[i]);
	return has;
}

/* --- addresses --- */

static bool address_good(const char *s, size_t n)
{
	const char *at = memchr(s, '@', n);

	if (!at || at == s || (size_t)(at - s) + 1 == n || n > 254)
		return false;
	for (size_t i = 0; i < n; i++)
		if (s[i] <= ' ' || s[i] == 127 || (s + i != at && strchr("@<>(),;:\\\"[]", s[i])))
			return false;
	return true;
}

/* One of a list: "Name <a@b>" or "a@b". */
static bool address_read(const char *s, size_t n, struct buf *to)
{
	const char *open = memchr(s, '<', n),
		   *close = open ? memchr(open, '>', n - (size_t)(open - s)) : NULL;

	while (n && (*s == ' ' || *s == '\t')) {
		s++;
		n--;
	}
	while (n && (s[n - 1] == ' ' || s[n - 1] == '\t'))
		n--;
	if (open) {
		if (!close || close + 1 != s + n)
			return false;
		s = open + 1;
		n = (size_t)(close - s);
	}
	if (!address_good(s, n))
		return false;
	if (to->n)
		buf_char(to, ' ');
	for (size_t i = 0; i < n; i++)
		buf_char(to, (char)tolower((unsigned char)s[i]));
	return true;
}

const char *mime_addresses(apr_pool_t *pool, const char *value)
{
	struct buf to = buf_new(pool, 1 << 20);
	bool quoted = false, angle = false;
	const char *from = value;

	buf_text(&to, "");
	for (const char *s = value;; s++) {
		if (*s == '\\' && quoted && s[1]) {
			s++;
			continue;
		}
		quoted = (*s == '"') != quoted;
		angle = !quoted && (*s == '<' || (angle && *s != '>'));
		if (*s && (*s != ',' || quoted || angle))
			continue;
		/* A name in quotes may hold what an address may not. */
		const char *name = memchr(from, '"', (size_t)(s - from)), *end = name;

		for (const char *q = name; q && q < s; q++)
			end = *q == '"' ? q : end;
		from = name ? end + 1 : from;
		if (!address_read(from, (size_t)(s - from), &to))
			return NULL;
		if (!*s)
			return quoted ? NULL : to.p;
		from = s + 1;
	}
}
