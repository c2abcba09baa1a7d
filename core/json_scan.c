#include "core/json_scan.h"

#include "core/limits.h"
#include <string.h>

struct scan {
	const unsigned char *start, *p, *end;
	struct json_spot *spots;
	const char *wrong; /* what is wrong at p */
};

/* A string as written: between its quotes. */
struct raw {
	const unsigned char *at;
	size_t n;
	bool escaped;
};

static bool wrong(struct scan *s, const char *what)
{
	s->wrong = what;
	return false;
}

static void skip_space(struct scan *s)
{
	while (s->p < s->end && (*s->p == ' ' || *s->p == '\n' || *s->p == '\r' || *s->p == '\t'))
		s->p++;
}

static bool is_digit(const struct scan *s)
{
	return s->p < s->end && *s->p >= '0' && *s->p <= '9';
}

static int hex_digit(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Whether one of eight bytes is a quote, a backslash, a control character or not ASCII. It may say yes for a
 * byte beside one, never no. */
static bool eight_special(const unsigned char *p)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
	uint64_t v, quote, backslash;

	memcpy(&v, p, sizeof(v));
	quote = v ^ (ones * '"');
	backslash = v ^ (ones * '\\');
	return ((v | (v - ones * 0x20) | (quote - ones) | (backslash - ones)) & high) != 0;
}

/* Length of the character at p, 0 when it is no valid UTF-8: no overlong forms, no surrogates, none over U+10FFFF. */
static size_t utf8_len(const unsigned char *p, size_t n)
{
	size_t len = p[0] < 0x80   ? 1
		     : p[0] < 0xC2 ? 0
		     : p[0] < 0xE0 ? 2
		     : p[0] < 0xF0 ? 3
		     : p[0] < 0xF5 ? 4
				   : 0;

	if (!len || len > n)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((p[i] & 0xC0) != 0x80)
			return 0;
	if ((p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F))
		return 0;
	return (p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F) ? 0 : len;
}

static bool scan_escape(struct scan *s)
{
	size_t n = 2;

	if (s->end - s->p < 2 || !s->p[1] || !strchr("\"\\/bfnrtu", s->p[1]))
		return wrong(s, "bad escape");
	if (s->p[1] == 'u') {
		n = 6;
		for (size_t i = 2; i < n; i++)
			if ((size_t)(s->end - s->p) <= i || hex_digit(s->p[i]) < 0)
				return wrong(s, "bad escape");
	}
	s->p += n;
	return true;
}

/* p is behind the opening quote; it ends behind the closing one. */
static bool scan_string(struct scan *s, struct raw *ret_raw)
{
	*ret_raw = (struct raw){ .at = s->p };
	for (;;) {
		while (s->end - s->p >= 8 && !eight_special(s->p))
			s->p += 8;
		if (s->p == s->end)
			return wrong(s, "unended string");
		if (*s->p == '"')
			break;
		if (*s->p == '\\') {
			ret_raw->escaped = true;
			if (!scan_escape(s))
				return false;
			continue;
		}
		size_t len = *s->p < 0x20 ? 0 : utf8_len(s->p, (size_t)(s->end - s->p));
		if (!len)
			return wrong(s, "bad byte in a string");
		s->p += len;
	}
	ret_raw->n = (size_t)(s->p++ - ret_raw->at);
	return true;
}

static bool scan_digits(struct scan *s)
{
	if (!is_digit(s))
		return wrong(s, "bad number");
	while (is_digit(s))
		s->p++;
	return true;
}

static bool scan_number(struct scan *s)
{
	if (*s->p == '-')
		s->p++;
	if (s->p < s->end && *s->p == '0')
		s->p++;
	else if (!scan_digits(s))
		return false;
	if (s->p < s->end && *s->p == '.') {
		s->p++;
		if (!scan_digits(s))
			return false;
	}
	if (s->p < s->end && (*s->p | 0x20) == 'e') {
		s->p++;
		if (s->p < s->end && (*s->p == '+' || *s->p == '-'))
			s->p++;
		return scan_digits(s);
	}
	return true;
}

static bool scan_word(struct scan *s, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(s->end - s->p) < n || memcmp(s->p, word, n) != 0)
		return wrong(s, "unknown word");
	s->p += n;
	return true;
}

static unsigned char *put_utf8(unsigned char *to, uint32_t c)
{
	if (c < 0x80) {
		*to++ = (unsigned char)c;
	} else if (c < 0x800) {
		*to++ = (unsigned char)(0xC0 | c >> 6);
		*to++ = (unsigned char)(0x80 | (c & 0x3F));
	} else if (c < 0x10000) {
		*to++ = (unsigned char)(0xE0 | c >> 12);
		*to++ = (unsigned char)(0x80 | (c >> 6 & 0x3F));
		*to++ = (unsigned char)(0x80 | (c & 0x3F));
	} else {
		*to++ = (unsigned char)(0xF0 | c >> 18);
		*to++ = (unsigned char)(0x80 | (c >> 12 & 0x3F));
		*to++ = (unsigned char)(0x80 | (c >> 6 & 0x3F));
		*to++ = (unsigned char)(0x80 | (c & 0x3F));
	}
	return to;
}

static uint32_t unit_at(const unsigned char *hex)
{
	uint32_t c = 0;

	for (int i = 0; i < 4; i++)
		c = c << 4 | (uint32_t)hex_digit(hex[i]);
	return c;
}

/* The character of a \u escape; *p ends behind it, or behind both halves of a pair. A half alone becomes U+FFFD. */
static uint32_t unescape_unit(const unsigned char **p, const unsigned char *end)
{
	uint32_t c = unit_at(*p + 2), low;

	*p += 6;
	if (c < 0xD800 || c > 0xDFFF)
		return c;
	if (c > 0xDBFF || end - *p < 6 || (*p)[0] != '\\' || (*p)[1] != 'u')
		return 0xFFFD;
	low = unit_at(*p + 2);
	if (low < 0xDC00 || low > 0xDFFF)
		return 0xFFFD;
	*p += 6;
	return 0x10000 + ((c - 0xD800) << 10 | (low - 0xDC00));
}

/* Writes what a checked string stands for to `to`: never longer than as written. Returns its length. */
static size_t unescape(const unsigned char *p, size_t n, unsigned char *to)
{
	static const char from[] = "bfnrt", into[] = "\b\f\n\r\t";
	const unsigned char *end = p + n;
	unsigned char *start = to;

	while (p < end) {
		if (*p != '\\') {
			*to++ = *p++;
		} else if (p[1] == 'u') {
			to = put_utf8(to, unescape_unit(&p, end));
		} else {
			const char *at = strchr(from, p[1]);

			*to++ = at ? (unsigned char)into[at - from] : p[1];
			p += 2;
		}
	}
	return (size_t)(to - start);
}

/* The spots among `live` whose path goes through this member; their finds until now are void. A name longer
 * than any path is nobody's. */
static uint64_t through(struct scan *s, uint64_t live, size_t depth_at, const struct raw *key, size_t *ret_n)
{
	unsigned char plain[64];
	const char *name = (const char *)key->at;
	uint64_t under = 0;
	size_t n = key->n;

	if (n > (key->escaped ? sizeof(plain) : 64))
		return 0;
	if (key->escaped) {
		n = unescape(key->at, n, plain);
		name = (const char *)plain;
		n = strnlen(name, n); /* json-c ends a name at NUL */
	}
	for (uint64_t left = live; left; left &= left - 1) {
		struct json_spot *spot = &s->spots[__builtin_ctzll(left)];
		const char *part = spot->path + depth_at;

		if ((n && *part != *name) || strncmp(part, name, n) != 0 || (part[n] && part[n] != '.') ||
		    memchr(name, '.', n))
			continue;
		under |= left & -left;
		spot->kind = 0;
	}
	*ret_n = n;
	return under;
}

static bool scan_value(struct scan *s, unsigned depth, uint64_t live, size_t depth_at);

/* The value of a member on the way to, or at, the spots in `under`, whose names of it end at depth_at. */
static bool scan_found(struct scan *s, unsigned depth, uint64_t under, size_t depth_at)
{
	uint64_t here = 0;
	const unsigned char *from;

	skip_space(s);
	from = s->p;
	for (uint64_t left = under; left; left &= left - 1)
		if (!s->spots[__builtin_ctzll(left)].path[depth_at])
			here |= left & -left;
	if (!scan_value(s, depth, under & ~here, depth_at + 1))
		return false;
	for (; here; here &= here - 1) {
		struct json_spot *spot = &s->spots[__builtin_ctzll(here)];
		bool text = *from == '"';

		spot->kind = *from == '-' || (*from >= '0' && *from <= '9') ? '0' : (char)*from;
		spot->at = (const char *)from + text;
		spot->n = (size_t)(s->p - from) - 2 * text;
	}
	return true;
}

static bool scan_member(struct scan *s, unsigned depth, uint64_t live, size_t depth_at)
{
	struct raw key;
	uint64_t under = 0;
	size_t n = 0;

	skip_space(s);
	if (s->p == s->end || *s->p != '"')
		return wrong(s, "no name of a member");
	s->p++;
	if (!scan_string(s, &key))
		return false;
	if (live)
		under = through(s, live, depth_at, &key, &n);
	skip_space(s);
	if (s->p == s->end || *s->p != ':')
		return wrong(s, "no colon");
	s->p++;
	return under ? scan_found(s, depth, under, depth_at + n) : scan_value(s, depth, 0, 0);
}

/* An object or an array, p at its bracket. depth: how many are around what is in it. */
static bool scan_nest(struct scan *s, unsigned depth, uint64_t live, size_t depth_at)
{
	bool object = *s->p++ == '{';
	unsigned char close = object ? '}' : ']';

	skip_space(s);
	if (s->p < s->end && *s->p == close) {
		s->p++;
		return true;
	}
	for (;;) {
		if (object ? !scan_member(s, depth, live, depth_at) : !scan_value(s, depth, 0, 0))
			return false;
		skip_space(s);
		if (s->p == s->end)
			return wrong(s, "unended");
		if (*s->p == close) {
			s->p++;
			return true;
		}
		if (*s->p != ',')
			return wrong(s, "no comma");
		s->p++;
	}
}

static bool scan_value(struct scan *s, unsigned depth, uint64_t live, size_t depth_at)
{
	struct raw raw;

	skip_space(s);
	if (s->p == s->end)
		return wrong(s, "unended");
	if (depth >= LIMIT_JSON_DEPTH)
		return wrong(s, "too deep");
	switch (*s->p) {
	case '"': s->p++; return scan_string(s, &raw);
	case '{':
	case '[': return scan_nest(s, depth + 1, live, depth_at);
	case 't': return scan_word(s, "true");
	case 'f': return scan_word(s, "false");
	case 'n': return scan_word(s, "null");
	default: return scan_number(s);
	}
}

err_t *json_scan(const char *text, size_t n, struct json_spot *spots, size_t spots_n)
{
	const unsigned char *start = (const unsigned char *)text;
	struct scan s = { .start = start, .p = start, .end = start + n, .spots = spots };

	if (spots_n > JSON_SPOTS_MAX)
		return err_new(ERR_INTERNAL, "json: %zu spots", spots_n);
	for (size_t i = 0; i < spots_n; i++)
		spots[i].kind = 0;
	if (scan_value(&s, 0, spots_n == 64 ? UINT64_MAX : (UINT64_C(1) << spots_n) - 1, 0)) {
		skip_space(&s);
		if (s.p == s.end)
			return NULL;
		s.wrong = "text after the end";
	}
	return err_new(ERR_INVALID, "json: %s at byte %zu", s.wrong, (size_t)(s.p - s.start));
}

const char *json_spot_text(apr_pool_t *pool, const struct json_spot *spot)
{
	char *text;
	size_t n;

	if (spot->kind != '"')
		return NULL;
	if (!memchr(spot->at, '\\', spot->n))
		return mem_textn(pool, spot->at, spot->n);
	text = mem_alloc(pool, spot->n + 1);
	n = unescape((const unsigned char *)spot->at, spot->n, (unsigned char *)text);
	return strlen(text) == n ? text : NULL;
}

bool json_spot_int(const struct json_spot *spot, int64_t *ret_value)
{
	int64_t value = 0;
	bool minus = spot->kind == '0' && *spot->at == '-';

	if (spot->kind != '0')
		return false;
	for (size_t i = minus; i < spot->n; i++) {
		int digit = spot->at[i] - '0';

		if (digit < 0 || digit > 9 || __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, minus ? -digit : digit, &value))
			return false;
	}
	if (value == INT64_MAX || value == INT64_MIN) /* where json-c clamps */
		return false;
	*ret_value = value;
	return true;
}

bool json_spot_true(const struct json_spot *spot)
{
	return spot->kind == 't';
}

bool json_spot_is_object(const struct json_spot *spot)
{
	return spot->kind == '{';
}
