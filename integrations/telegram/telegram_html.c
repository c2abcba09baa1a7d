#include "integrations/telegram/telegram_html.h"

#include "core/limits.h"
#include "core/text.h"
#include <string.h>

#define DEPTH_MAX 16 /* nesting beyond this is dropped: no message of ours goes there */

enum token_kind { TOKEN_END, TOKEN_CHAR, TOKEN_OPEN, TOKEN_CLOSE };

struct token {
	enum token_kind kind;
	const char *src;
	size_t n;    /* bytes of src */
	uint32_t c;  /* TOKEN_CHAR: the character after decoding */
	size_t name; /* of a tag: index in tag_names */
};

/* One pass over the tokens. The stack holds the opening tags in force at `at`. */
struct splitter {
	apr_pool_t *pool;
	const struct token *tokens;
	size_t count, at, max;
	const struct token *stack[DEPTH_MAX];
	size_t depth;
};

/* The last places where a part could end, as token indexes, with the units before them. */
struct breaks {
	size_t at[3], units[3]; /* paragraph, line, word */
};

static const char *const tag_names[] = { "b", "i", "u", "s", "code", "pre", "a", "blockquote" };

static const struct {
	const char *name;
	uint32_t c;
} entities[] = { { "&lt;", '<' }, { "&gt;", '>' }, { "&amp;", '&' }, { "&quot;", '"' } };

static bool is_white(uint32_t c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static size_t units_of(uint32_t c)
{
	return c >= 0x10000 ? 2 : 1;
}

/* The end of the tag whose '<' is at s, quotes respected; NULL when it never ends. */
static const char *tag_end(const char *s)
{
	char quote = 0;
	for (s++; *s; s++) {
		if (quote)
			quote = *s == quote ? 0 : quote;
		else if (*s == '"' || *s == '\'')
			quote = *s;
		else if (*s == '>')
			return s + 1;
		else if (*s == '<')
			return NULL;
	}
	return NULL;
}

static bool read_tag(const char *s, struct token *ret)
{
	const char *name = s + 1;
	bool closing = *name == '/';
	name += closing;
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz");
	for (size_t i = 0; i < sizeof(tag_names) / sizeof(*tag_names); i++) {
		if (strlen(tag_names[i]) != n || memcmp(name, tag_names[i], n) != 0)
			continue;
		if (name[n] != '>' && (closing || name[n] != ' '))
			return false;
		const char *end = tag_end(s);
		if (!end)
			return false;
		*ret = (struct token){ closing ? TOKEN_CLOSE : TOKEN_OPEN, s, (size_t)(end - s), 0, i };
		return true;
	}
	return false;
}

static bool read_number(const char *s, struct token *ret)
{
	uint32_t base = s[2] == 'x' ? 16 : 10, c = 0;
	const char *p = s + 2 + (base == 16);
	const char *first = p;
	for (; p - first < 8; p++) {
		uint32_t digit;
		if (*p >= '0' && *p <= '9')
			digit = (uint32_t)(*p - '0');
		else if (base == 16 && *p >= 'a' && *p <= 'f')
			digit = (uint32_t)(*p - 'a') + 10;
		else
			break;
		c = c * base + digit;
	}
	if (p == first || *p != ';' || c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		return false;
	*ret = (struct token){ TOKEN_CHAR, s, (size_t)(p + 1 - s), c, 0 };
	return true;
}

static bool read_entity(const char *s, struct token *ret)
{
	if (s[1] == '#')
		return read_number(s, ret);
	for (size_t i = 0; i < sizeof(entities) / sizeof(*entities); i++) {
		if (!text_starts(s, entities[i].name))
			continue;
		*ret = (struct token){ TOKEN_CHAR, s, strlen(entities[i].name), entities[i].c, 0 };
		return true;
	}
	return false;
}

static struct token read_token(const char *s)
{
	struct token t = { TOKEN_END, s, 0, 0, 0 };
	if (*s == '<' && read_tag(s, &t))
		return t;
	if (*s == '&' && read_entity(s, &t))
		return t;
	t.n = text_utf8_next(s, &t.c);
	t.kind = t.n ? TOKEN_CHAR : TOKEN_END;
	return t;
}

static void put_char(struct buf *b, uint32_t c)
{
	if (c < 0x80) {
		buf_char(b, (char)c);
	} else if (c < 0x800) {
		buf_char(b, (char)(0xC0 | c >> 6));
		buf_char(b, (char)(0x80 | (c & 0x3F)));
	} else if (c < 0x10000) {
		buf_char(b, (char)(0xE0 | c >> 12));
		buf_char(b, (char)(0x80 | (c >> 6 & 0x3F)));
		buf_char(b, (char)(0x80 | (c & 0x3F)));
	} else {
		buf_char(b, (char)(0xF0 | c >> 18));
		buf_char(b, (char)(0x80 | (c >> 12 & 0x3F)));
		buf_char(b, (char)(0x80 | (c >> 6 & 0x3F)));
		buf_char(b, (char)(0x80 | (c & 0x3F)));
	}
}

static const struct token *read_all(apr_pool_t *pool, const char *html, size_t *ret_count)
{
	size_t count = 0;
	for (struct token t = read_token(html); t.kind != TOKEN_END; t = read_token(t.src + t.n))
		count++;
	struct token *tokens = mem_alloc(pool, (count + 1) * sizeof(*tokens));
	const char *s = html;
	for (size_t i = 0; i < count; i++) {
		tokens[i] = read_token(s);
		s += tokens[i].n;
	}
	*ret_count = count;
	return tokens;
}

static bool white_at(const struct splitter *sp, size_t i)
{
	return sp->tokens[i].kind == TOKEN_CHAR && is_white(sp->tokens[i].c);
}

static bool visible_at(const struct splitter *sp, size_t i)
{
	return sp->tokens[i].kind == TOKEN_CHAR && !is_white(sp->tokens[i].c);
}

/* Whether the next character after i is a line break too. */
static bool paragraph_at(const struct splitter *sp, size_t i)
{
	for (i++; i < sp->count; i++)
		if (sp->tokens[i].kind == TOKEN_CHAR)
			return sp->tokens[i].c == '\n';
	return false;
}

static void note_break(const struct splitter *sp, size_t i, size_t units, struct breaks *b)
{
	bool line = sp->tokens[i].c == '\n';
	size_t first = line ? (paragraph_at(sp, i) ? 0 : 1) : 2;
	for (size_t k = first; k < 3; k++) {
		b->at[k] = i;
		b->units[k] = units;
	}
}

/* A better kind of break wins unless it would leave most of the part unused. */
static size_t best_break(const struct splitter *sp, const struct breaks *b, size_t hard)
{
	for (size_t k = 0; k < 3; k++)
		if (b->units[k] > 0 && b->units[k] >= sp->max / 4)
			return b->at[k];
	return b->units[2] > 0 ? b->at[2] : hard;
}

/* The token index at which the part beginning at sp->at must end. */
static size_t find_cut(const struct splitter *sp)
{
	struct breaks b = { { 0 }, { 0 } };
	size_t units = 0;
	for (size_t i = sp->at; i < sp->count; i++) {
		const struct token *t = &sp->tokens[i];
		if (t->kind != TOKEN_CHAR || (units == 0 && is_white(t->c)))
			continue;
		if (is_white(t->c) && units <= sp->max)
			note_break(sp, i, units, &b);
		/* White space counts only when something visible of this part follows. */
		if (!is_white(t->c) && units > 0 && units + units_of(t->c) > sp->max)
			return best_break(sp, &b, i);
		units += units_of(t->c);
	}
	return sp->count;
}

static void put_tag(struct splitter *sp, struct buf *out, const struct token *t)
{
	if (t->kind == TOKEN_OPEN) {
		if (sp->depth == DEPTH_MAX)
			return;
		sp->stack[sp->depth++] = t;
		buf_put(out, t->src, t->n);
		return;
	}
	size_t match = sp->depth;
	while (match > 0 && sp->stack[match - 1]->name != t->name)
		match--;
	while (match > 0 && sp->depth >= match) {
		sp->depth--;
		buf_fmt(out, "</%s>", tag_names[sp->stack[sp->depth]->name]);
	}
}

static void put_text(struct buf *out, const struct token *t)
{
	/* What the reader took for plain text must stay so for Telegram. */
	if (t->n == 1 && t->c == '<')
		buf_text(out, "&lt;");
	else if (t->n == 1 && t->c == '>')
		buf_text(out, "&gt;");
	else if (t->n == 1 && t->c == '&')
		buf_text(out, "&amp;");
	else
		buf_put(out, t->src, t->n);
}

static void put_range(struct splitter *sp, struct buf *out, size_t end)
{
	bool visible = false;
	for (; sp->at < end; sp->at++) {
		const struct token *t = &sp->tokens[sp->at];
		if (t->kind != TOKEN_CHAR) {
			put_tag(sp, out, t);
		} else if (visible || !is_white(t->c)) {
			visible = true;
			put_text(out, t);
		}
	}
}

static bool anything_left(const struct splitter *sp)
{
	for (size_t i = sp->at; i < sp->count; i++)
		if (visible_at(sp, i))
			return true;
	return false;
}

static err_t *next_part(struct splitter *sp, const char **ret_part)
{
	struct buf out = buf_new(sp->pool, LIMIT_JSON_BYTES);
	for (size_t i = 0; i < sp->depth; i++)
		buf_put(&out, sp->stack[i]->src, sp->stack[i]->n);
	size_t end = find_cut(sp);
	/* What follows the last visible character would be white space or mark nothing... */
	while (!visible_at(sp, end - 1))
		end--;
	put_range(sp, &out, end);
	/* ...but what closes here belongs here, or the next part would open it over nothing. */
	while (sp->at < sp->count && (white_at(sp, sp->at) || sp->tokens[sp->at].kind == TOKEN_CLOSE)) {
		if (sp->tokens[sp->at].kind == TOKEN_CLOSE)
			put_tag(sp, &out, &sp->tokens[sp->at]);
		sp->at++;
	}
	for (size_t i = sp->depth; i > 0; i--)
		buf_fmt(&out, "</%s>", tag_names[sp->stack[i - 1]->name]);
	ERR(buf_check(&out));
	*ret_part = out.p ? out.p : "";
	return NULL;
}

size_t tg_html_units(const char *html)
{
	size_t units = 0;
	for (struct token t = read_token(html); t.kind != TOKEN_END; t = read_token(t.src + t.n))
		if (t.kind == TOKEN_CHAR)
			units += units_of(t.c);
	return units;
}

const char *tg_html_plain(apr_pool_t *pool, const char *html)
{
	struct buf out = buf_new(pool, strlen(html) + 1);
	for (struct token t = read_token(html); t.kind != TOKEN_END; t = read_token(t.src + t.n))
		if (t.kind == TOKEN_CHAR)
			put_char(&out, t.c);
	return out.p ? out.p : "";
}

err_t *tg_html_split(apr_pool_t *pool, const char *html, size_t max_units, size_t *ret_n,
		     const char ***ret_parts)
{
	struct splitter sp = { .pool = pool, .max = max_units };
	if (max_units < 2)
		return err_new(ERR_INTERNAL, "parts of %zu units cannot hold every character", max_units);
	sp.tokens = read_all(pool, html, &sp.count);
	size_t n = 0, cap = 4;
	const char **parts = mem_alloc(pool, cap * sizeof(*parts));
	while (anything_left(&sp)) {
		if (n == cap) {
			const char **more = mem_alloc(pool, 2 * cap * sizeof(*parts));
			memcpy(more, parts, n * sizeof(*parts));
			parts = more;
			cap *= 2;
		}
		ERR(next_part(&sp, &parts[n]));
		n++;
	}
	*ret_n = n;
	*ret_parts = parts;
	return NULL;
}
