#include "ml/prompt/prompt.h"

#include "core/limits.h"
#include "core/text.h"
#include <string.h>

static const struct prompt_entry *entry_find(const char *name)
{
	for (const struct prompt_entry *e = prompt_table; e->name; e++)
		if (text_same(e->name, name))
			return e;
	return NULL;
}

static const char *var_find(const struct prompt_var *vars, const char *name, size_t n)
{
	for (; vars->name; vars++)
		if (strlen(vars->name) == n && memcmp(vars->name, name, n) == 0)
			return vars->text;
	return NULL;
}

static bool is_declared(const struct prompt_entry *e, const char *name)
{
	size_t n = strlen(name);

	for (const char *at = e->vars; (at = strstr(at, name)); at += n)
		if ((at == e->vars || at[-1] == ' ') && (at[n] == ' ' || !at[n]))
			return true;
	return false;
}

err_t *prompt_fill(apr_pool_t *pool, const char *name, const struct prompt_var *vars, const char **ret_text)
{
	const struct prompt_entry *e = entry_find(name);
	struct buf out = buf_new(pool, LIMIT_PROMPT);

	if (!e)
		return err_new(ERR_INTERNAL, "\"%s\": no such prompt", name);
	for (const struct prompt_var *v = vars; v->name; v++)
		if (!is_declared(e, v->name))
			return err_new(ERR_INTERNAL, "\"%s\": prompt \"%s\" does not declare it", v->name,
				       name);
	for (const char *s = e->text; *s;) {
		size_t plain = strcspn(s, "{"), n;
		const char *text;

		buf_put(&out, s, plain);
		s += plain;
		if (!*s)
			break;
		n = strcspn(++s, "}");
		text = var_find(vars, s, n);
		if (!text)
			return err_new(ERR_INTERNAL, "\"%s\": variable %.*s is missing", name, (int)n, s);
		buf_text(&out, text);
		s += n + (s[n] == '}');
	}
	ERR(buf_check(&out));
	*ret_text = out.p ? out.p : "";
	return NULL;
}

/* Unicode's direction marks, joiners and tags: invisible, and read by a model all the same. */
static bool is_invisible(uint32_t c)
{
	return (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
	       c == 0xFEFF || c == 0xAD || (c >= 0xE0000 && c <= 0xE0FFF) || (c >= 0x80 && c < 0xA0);
}

static void quote_char(struct buf *out, const char *s, size_t n, uint32_t c)
{
	if (c == '\n')
		buf_text(out, " / ");
	else if (c == '"' || c == 0x201C || c == 0x201D || c == 0xAB || c == 0xBB)
		buf_char(out, '\'');
	else if (c == '<' || c == '>' || c == '`' || c == '{' || c == '}')
		buf_char(out, ' ');
	else if (c >= 0x20 && c != 0x7F && !is_invisible(c))
		buf_put(out, s, n);
}

const char *prompt_quote(apr_pool_t *pool, const char *text, size_t max_chars)
{
	const char *cut = text_cut(pool, text_trim(pool, text), max_chars);
	struct buf out = buf_new(pool, LIMIT_PROMPT);
	uint32_t c;
	size_t n;

	buf_char(&out, '"');
	for (const char *s = cut; (n = text_utf8_next(s, &c)); s += n)
		quote_char(&out, s, n, c);
	buf_char(&out, '"');
	return out.over ? "\"\"" : out.p;
}

size_t prompt_tokens(const char *text)
{
	return (strlen(text) + 3) / 4;
}
