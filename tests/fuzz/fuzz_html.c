/* HTML of any text, cut: every part within its limit, its tags in pairs, nothing that can be seen lost. */
#include "integrations/telegram/telegram_html.h"
#include "tests/fuzz/fuzz.h"

static const char *const tags[] = { "b", "i", "u", "s", "code", "pre", "a", "blockquote" };

enum { TAGS = sizeof tags / sizeof *tags, DEEP = 4096 };

/* The tag whose name begins at s and ends at white space or '>'; TAGS: none. */
static size_t tag_at(const char *s)
{
	size_t n = strcspn(s, " \t\r\n>"), i = 0;

	while (i < TAGS && (strlen(tags[i]) != n || strncmp(tags[i], s, n) != 0))
		i++;
	return i;
}

/* The '>' that ends the tag at s, which may have others in the quotes of an attribute; NULL: none. */
static const char *tag_end(const char *s)
{
	char quote = 0;

	for (; *s; s++) {
		if (quote)
			quote = *s == quote ? 0 : quote;
		else if (*s == '"' || *s == '\'')
			quote = *s;
		else if (*s == '>')
			return s;
	}
	return NULL;
}

static void must_be_balanced(const char *part)
{
	static size_t open[DEEP];
	size_t depth = 0;

	for (const char *at = part; (at = strchr(at, '<')); at++) {
		bool close = at[1] == '/';
		size_t tag = tag_at(at + 1 + close);

		MUST(tag < TAGS);
		MUST(tag_end(at));
		if (close) {
			MUST(depth && open[depth - 1] == tag);
			depth--;
		} else {
			MUST(depth < DEEP);
			open[depth++] = tag;
		}
		at = tag_end(at);
	}
	MUST(depth == 0);
}

/* Without white space, which a cut may take. */
static void put_solid(struct buf *out, const char *s)
{
	for (; *s; s++)
		if (!strchr(" \t\r\n", *s))
			buf_char(out, *s);
}

static void check(apr_pool_t *pool, const char *html, size_t max)
{
	struct buf whole = buf_new(pool, 1 << 20), cut = buf_new(pool, 1 << 20);
	const char **parts;
	size_t n;

	MUST(!tg_html_split(pool, html, max, &n, &parts));
	buf_text(&whole, "");
	buf_text(&cut, "");
	put_solid(&whole, tg_html_plain(pool, html));
	for (size_t i = 0; i < n; i++) {
		must_be_text(parts[i]);
		MUST(tg_html_units(parts[i]) <= max);
		MUST(tg_html_units(parts[i]) > 0);
		must_be_balanced(parts[i]);
		put_solid(&cut, tg_html_plain(pool, parts[i]));
	}
	MUST(text_same(whole.p, cut.p));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const size_t limits[] = { 2, 3, 7, 20, 64, 200, 1024, 4096 };
	apr_pool_t *pool = pool_root();

	if (n > 1)
		check(pool, text_utf8_clean(pool, (const char *)data + 1, n - 1 > 8192 ? 8192 : n - 1),
		      limits[data[0] % 8]);
	pool_free(pool);
	return 0;
}
