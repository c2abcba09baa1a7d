#include "core/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD"
#define ELLIPSIS "\xE2\x80\xA6"

/* Base letters of U+00C0..U+017F; '?' stays as it is, digits are ligatures spelled out in fold_pair. */
static const char latin_fold[] = "aaaaaa1ceeeeiiii"  /* C0 */
				 "dnooooo?ouuuuy?2"  /* D0 */
				 "aaaaaa1ceeeeiiii"  /* E0 */
				 "dnooooo?ouuuuy?y"  /* F0 */
				 "aaaaaaccccccccdd"  /* 100 */
				 "ddeeeeeeeeeegggg"  /* 110 */
				 "gggghhhhiiiiiiii"  /* 120 */
				 "ii33jjkkklllllll"  /* 130 */
				 "lllnnnnnnnnnoooo"  /* 140 */
				 "oo44rrrrrrssssss"  /* 150 */
				 "ssttttttuuuuuuuu"  /* 160 */
				 "uuuuwwyyyzzzzzzs"; /* 170 */
static const char *const fold_pair[] = { "ae", "ss", "ij", "oe" };

/* Length of the valid character at s, of n bytes; 0 when there is none. Refuses overlong forms, surrogates and over U+10FFFF. */
static size_t char_len(const unsigned char *s, size_t n, uint32_t *ret_char)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len = s[0] < 0x80   ? 1
		     : s[0] < 0xC2 ? 0
		     : s[0] < 0xE0 ? 2
		     : s[0] < 0xF0 ? 3
		     : s[0] < 0xF5 ? 4
				   : 0;

	if (!len || len > n)
		return 0;

	uint32_t c = len == 1 ? s[0] : s[0] & (0xFFu >> (len + 1));
	for (size_t i = 1; i < len; i++) {
		if ((s[i] & 0xC0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3F);
	}
	if (c < least[len] || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
		return 0;
	*ret_char = c;
	return len;
}

static bool is_space(uint32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xA0 || c == 0x1680 ||
	       (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
	       c == 0x3000 || c == 0xFEFF;
}

static void put_folded(struct buf *b, const char *s, size_t len, uint32_t c)
{
	char base = 0;

	if (c < 0x80)
		base = c >= 'A' && c <= 'Z' ? (char)(c + 32) : (char)c;
	else if (c >= 0x300 && c <= 0x36F) /* combining accents */
		return;
	else if (c >= 0xC0 && c <= 0x17F)
		base = latin_fold[c - 0xC0];
	if (!base || (c >= 0x80 && base == '?'))
		buf_put(b, s, len);
	else if (c >= 0x80 && base >= '1' && base <= '4')
		buf_text(b, fold_pair[base - '1']);
	else
		buf_char(b, base);
}

bool text_utf8_valid(const char *s, size_t n)
{
	uint64_t eight;
	uint32_t c;

	for (size_t i = 0, len; i < n; i += len) {
		len = sizeof(eight);
		if (n - i >= len && (memcpy(&eight, s + i, len), !(eight & UINT64_C(0x8080808080808080))))
			continue; /* ASCII */
		len = char_len((const unsigned char *)s + i, n - i, &c);
		if (!len)
			return false;
	}
	return true;
}

const char *text_utf8_clean(apr_pool_t *pool, const char *s, size_t n)
{
	struct buf b = buf_new(pool, 3 * n);
	uint32_t c;

	for (size_t i = 0; i < n;) {
		size_t len = char_len((const unsigned char *)s + i, n - i, &c);
		if (len && c)
			buf_put(&b, s + i, len);
		else
			buf_text(&b, REPLACEMENT);
		i += len ? len : 1;
	}
	return b.p ? b.p : "";
}

size_t text_utf8_next(const char *s, uint32_t *ret_char)
{
	if ((unsigned char)*s < 0x80) {
		*ret_char = (unsigned char)*s;
		return *s != '\0';
	}

	size_t len = char_len((const unsigned char *)s, strnlen(s, 4), ret_char);
	if (len)
		return len;
	/* Not valid after all: one byte a step, so that no caller can loop for ever or run past the end. */
	*ret_char = 0xFFFD;
	return 1;
}

size_t text_utf16_len(const char *s)
{
	size_t n = 0;
	uint32_t c;

	for (size_t len; (len = text_utf8_next(s, &c)); s += len)
		n += c >= 0x10000 ? 2 : 1;
	return n;
}

const char *text_html(apr_pool_t *pool, const char *s)
{
	struct buf b = buf_new(pool, strlen(s) * 6);

	for (; *s; s++) {
		switch (*s) {
		case '<': buf_text(&b, "&lt;"); break;
		case '>': buf_text(&b, "&gt;"); break;
		case '&': buf_text(&b, "&amp;"); break;
		case '"': buf_text(&b, "&quot;"); break;
		default: buf_char(&b, *s);
		}
	}
	return b.p ? b.p : "";
}

const char *text_trim(apr_pool_t *pool, const char *s)
{
	uint32_t c;
	size_t len;

	while ((len = text_utf8_next(s, &c)) && is_space(c))
		s += len;

	const char *end = s;
	for (const char *p = s; (len = text_utf8_next(p, &c)); p += len)
		if (!is_space(c))
			end = p + len;
	return mem_textn(pool, s, (size_t)(end - s));
}

const char *text_cut(apr_pool_t *pool, const char *s, size_t max_chars)
{
	const char *p = s, *keep = s; /* keep: where max_chars - 1 characters end */
	uint32_t c;
	size_t count = 0;

	for (size_t len; (len = text_utf8_next(p, &c)); p += len) {
		if (count + 1 == max_chars)
			keep = p;
		if (count++ == max_chars)
			return max_chars ? mem_fmt(pool, "%.*s" ELLIPSIS, (int)(keep - s), s) : "";
	}
	return mem_text(pool, s);
}

static bool is_visible(uint32_t c)
{
	if (c < 0x20 || (c >= 0x7F && c < 0xA0))
		return c == '\n' || c == '\t';
	if (c == 0xAD || c == 0x34F || c == 0x61C || c == 0x115F || c == 0x1160 || c == 0x17B4 ||
	    c == 0x17B5 || c == 0x3164 || c == 0xFEFF || c == 0xFFA0)
		return false;
	return !((c >= 0x180B && c <= 0x180F) || (c >= 0x200B && c <= 0x200F) ||
		 (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
		 (c >= 0xFE00 && c <= 0xFE0E) || (c >= 0xFFF0 && c <= 0xFFFB) ||
		 (c >= 0x1D173 && c <= 0x1D17A) || (c >= 0xE0000 && c <= 0xE0FFF));
}

const char *text_visible(apr_pool_t *pool, const char *s)
{
	struct buf b = buf_new(pool, strlen(s));
	uint32_t c, before = 0;

	for (size_t len; (len = text_utf8_next(s, &c)); s += len) {
		if (c == 0x2028 || c == 0x2029)
			buf_char(&b, '\n');
		else if (is_visible(c) && !(c == 0xFE0F && before == c))
			buf_put(&b, s, len);
		before = c;
	}
	return b.p ? b.p : "";
}

const char *text_fold(apr_pool_t *pool, const char *s)
{
	struct buf b = buf_new(pool, strlen(s) * 2);
	uint32_t c;

	for (size_t len; (len = text_utf8_next(s, &c)); s += len)
		put_folded(&b, s, len, c);
	return b.p ? b.p : "";
}

bool text_starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool text_has_word(const char *words, const char *word)
{
	size_t n = strlen(word);

	while (words && *words) {
		size_t len = strcspn(words, " ");

		if (n && len == n && memcmp(words, word, n) == 0)
			return true;
		words += len + strspn(words + len, " ");
	}
	return false;
}

bool text_int(const char *s, int64_t *ret_value)
{
	const char *digits = *s == '-' ? s + 1 : s;

	if (!*digits || strspn(digits, "0123456789") != strlen(digits))
		return false;
	errno = 0;
	long long value = strtoll(s, NULL, 10);
	if (errno)
		return false;
	*ret_value = value;
	return true;
}

bool text_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}
