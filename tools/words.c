#include "tools/words.h"

#include "core/text.h"
#include <locale.h>
#include <string.h>
#include <wctype.h>

static const struct {
	const char *word, *priority;
} priorities_known[] = {
	{ "baixa", "low" }, { "low", "low" },   { "media", "medium" },   { "medium", "medium" },
	{ "alta", "high" }, { "high", "high" }, { "urgente", "urgent" }, { "urgent", "urgent" },
};

/* What "letter" and "lower case" mean in any language; glibc has this locale built in. */
static locale_t unicode(void)
{
	static locale_t locale;

	if (!locale)
		locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	return locale;
}

static bool is_alnum(uint32_t c)
{
	return unicode() ? iswalnum_l((wint_t)c, unicode()) : c >= 0x80;
}

/* Combining accents: some keyboards write "é" as two characters. */
static bool is_tag_char(uint32_t c)
{
	return c == '_' || c == '-' || (c >= 0x300 && c <= 0x36F) || is_alnum(c);
}

static bool is_space(uint32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x202F || c == 0x3000;
}

static void put_char(struct buf *b, uint32_t c)
{
	if (c >= 0x10000)
		buf_char(b, (char)(0xF0 | c >> 18));
	if (c >= 0x800)
		buf_char(b, (char)(c >= 0x10000 ? 0x80 | (c >> 12 & 0x3F) : 0xE0 | c >> 12));
	if (c >= 0x80)
		buf_char(b, (char)(c >= 0x800 ? 0x80 | (c >> 6 & 0x3F) : 0xC0 | c >> 6));
	buf_char(b, (char)(c >= 0x80 ? 0x80 | (c & 0x3F) : c));
}

static void put_lower(struct buf *b, uint32_t c)
{
	put_char(b, unicode() ? (uint32_t)towlower_l((wint_t)c, unicode()) : c);
}

/* Bytes of white space, or of anything else, at the start of s. */
static size_t span(const char *s, bool space, bool *ret_break)
{
	const char *p = s;
	uint32_t c;

	for (size_t n; (n = text_utf8_next(p, &c)) && is_space(c) == space; p += n)
		*ret_break = *ret_break || c == '\n';
	return (size_t)(p - s);
}

/* The tag that a word is, punctuation after it left out, or NULL. */
static const char *tag_of(apr_pool_t *pool, const char *word)
{
	struct buf b = buf_new(pool, 16 * strlen(word));
	const char *p = word + 1;
	size_t chars = 0;
	bool named = false;
	uint32_t c;

	if (*word != '#')
		return NULL;
	for (size_t n; (n = text_utf8_next(p, &c)) && is_tag_char(c); p += n, chars++) {
		named = named || is_alnum(c);
		put_lower(&b, c);
	}
	if (!named || chars > WORDS_TAG_CHARS || p[strspn(p, ".,;:!?)")])
		return NULL;
	return b.p;
}

static const char *priority_of(apr_pool_t *pool, const char *word)
{
	if (*word != '!')
		return NULL;
	word = text_fold(pool, word + 1);
	for (size_t i = 0; i < sizeof priorities_known / sizeof *priorities_known; i++)
		if (text_same(word, priorities_known[i].word))
			return priorities_known[i].priority;
	return NULL;
}

/* False when there is no room. v has room for WORDS_TAGS. */
static bool tag_add(struct json_texts *tags, const char *tag)
{
	for (size_t i = 0; i < tags->n; i++)
		if (text_same(tags->v[i], tag))
			return true;
	if (tags->n == WORDS_TAGS)
		return false;
	tags->v[tags->n++] = tag;
	return true;
}

static bool take(apr_pool_t *pool, const char *word, bool priorities, struct words *words)
{
	const char *tag = tag_of(pool, word), *priority = priorities ? priority_of(pool, word) : NULL;

	if (priority)
		words->priority = priority;
	return priority || (tag && tag_add(&words->tags, tag));
}

struct words words_take(apr_pool_t *pool, const char *text, bool priorities)
{
	struct words words = { .tags.v = mem_alloc(pool, WORDS_TAGS * sizeof(char *)) };
	struct buf b = buf_new(pool, strlen(text));
	const char *gap = text;
	size_t gap_n = 0;
	bool gap_breaks = false;

	/* Where a word was taken, two gaps meet: the one that breaks the line stays. */
	for (const char *s = text; *s;) {
		bool breaks = false, unused = false;
		size_t space_n = span(s, true, &breaks), n = span(s + space_n, false, &unused);

		if (!gap_breaks) {
			gap = s;
			gap_n = space_n;
			gap_breaks = breaks;
		}
		s += space_n;
		if (!take(pool, mem_textn(pool, s, n), priorities, &words)) {
			buf_put(&b, gap, gap_n);
			buf_put(&b, s, n);
			gap_breaks = false;
		}
		s += n;
	}
	words.text = text_trim(pool, b.p ? b.p : "");
	return words;
}

struct json_texts words_tags(apr_pool_t *pool, const struct json_texts *given)
{
	struct json_texts tags = { .v = mem_alloc(pool, WORDS_TAGS * sizeof(char *)) };
	uint32_t c;

	for (size_t i = 0; i < given->n; i++) {
		const char *s = words_line(pool, given->v[i]);
		struct buf b = buf_new(pool, 16 * strlen(s));
		size_t chars = 0;

		for (size_t n; chars < WORDS_TAG_CHARS && (n = text_utf8_next(s, &c)); s += n) {
			if (c != ' ' && !is_tag_char(c))
				continue;
			put_lower(&b, c == ' ' ? '-' : c);
			chars++;
		}
		if (b.n)
			tag_add(&tags, b.p);
	}
	return tags;
}

const char *words_line(apr_pool_t *pool, const char *text)
{
	struct buf b = buf_new(pool, strlen(text));
	bool unused = false;

	for (const char *s = text; *s;) {
		size_t space_n = span(s, true, &unused), n = span(s + space_n, false, &unused);

		if (b.n && n)
			buf_char(&b, ' ');
		buf_put(&b, s + space_n, n);
		s += space_n + n;
	}
	return b.p ? b.p : "";
}

size_t words_chars(const char *text)
{
	size_t chars = 0;
	uint32_t c;

	for (size_t n; (n = text_utf8_next(text, &c)); text += n)
		chars++;
	return chars;
}

struct json_texts words_tag_list(apr_pool_t *pool, const char *tags)
{
	struct json_texts list = { .v = mem_alloc(pool, sizeof *list.v * WORDS_TAGS) };

	while (*tags && list.n < WORDS_TAGS) {
		const char *end = strstr(tags, " #");
		size_t n = end ? (size_t)(end - tags) : strlen(tags);

		list.v[list.n++] = mem_textn(pool, tags, n);
		tags += end ? n + 2 : n;
	}
	return list;
}

struct json *words_json(apr_pool_t *pool, const struct json_texts *tags)
{
	struct json *array = json_array(pool);

	for (size_t i = 0; i < tags->n; i++)
		json_push_text(array, tags->v[i]);
	return array;
}
