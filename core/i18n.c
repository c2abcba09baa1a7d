#include "core/i18n.h"
#include "core/i18n_table.h"
#include "core/limits.h"
#include "core/log.h"
#include "core/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int compare(const void *key, const void *entry)
{
	return strcmp(key, ((const struct i18n_entry *)entry)->key);
}

static const struct slot *find_slot(const struct slot *slots, const char *name, size_t n)
{
	for (; slots->name; slots++)
		if (strlen(slots->name) == n && memcmp(slots->name, name, n) == 0)
			return slots;
	return NULL;
}

/* Puts one of "singular|plural" (n bytes). */
static void put_plural(struct buf *b, const char *forms, size_t n, bool one)
{
	size_t singular = strcspn(forms, "|");

	if (one)
		buf_put(b, forms, singular);
	else
		buf_put(b, forms + singular + 1, n - singular - 1);
}

/* Renders what stands between the braces: "name", "!name" or "name|singular|plural". */
static void put_slot(struct buf *b, const struct slot *slots, const char *s, size_t n)
{
	bool as_is = *s == '!';
	const char *name = s + as_is;
	size_t name_n = strcspn(name, "|}");
	const struct slot *slot = find_slot(slots, name, name_n);

	if (!slot) {
		log_event(LOG_WARN, "text_slot_missing", KV_S("slot", mem_textn(b->pool, name, name_n)));
		return;
	}
	if (name[name_n] == '|')
		put_plural(b, name + name_n + 1, n - as_is - name_n - 1, !slot->text && slot->number == 1);
	else if (!slot->text)
		buf_fmt(b, "%lld", (long long)slot->number);
	else
		buf_text(b, as_is ? slot->text : text_html(b->pool, slot->text));
}

const char *i18n_fill(apr_pool_t *pool, const char *template, const struct slot *slots)
{
	struct buf b = buf_new(pool, LIMIT_MESSAGE_BYTES);

	for (const char *s = template; *s;) {
		size_t plain = strcspn(s, "{");
		buf_put(&b, s, plain);
		s += plain;
		if (*s) {
			size_t n = strcspn(++s, "}");
			put_slot(&b, slots, s, n);
			s += n + (s[n] == '}');
		}
	}
	if (b.over)
		log_event(LOG_WARN, "text_too_long", KV_I("bytes", b.n));
	return b.p ? b.p : "";
}

const char *i18n_render(apr_pool_t *pool, enum lang lang, const char *key, const struct slot *slots)
{
	const char *template = i18n_find(lang, key);

	if (template)
		return i18n_fill(pool, template, slots);
	log_event(LOG_ERROR, "text_missing", KV_S("key", key));
	return text_html(pool, key);
}

const char *i18n_find(enum lang lang, const char *key)
{
	const struct i18n_entry *e = bsearch(key, i18n_table, i18n_table_count, sizeof(*i18n_table), compare);

	return e ? e->text[lang] : NULL;
}

const char *i18n_number(apr_pool_t *pool, enum lang lang, double value, int decimals)
{
	char *text = mem_fmt(pool, "%.*f", decimals, value), *point = strchr(text, '.');

	if (point && lang == LANG_PT)
		*point = ',';
	return text;
}

enum lang lang_of(const char *tag)
{
	return !tag || !*tag || strncasecmp(tag, "pt", 2) == 0 ? LANG_PT : LANG_EN;
}

const char *lang_tag(enum lang lang)
{
	return lang == LANG_PT ? "pt-BR" : "en";
}

size_t i18n_count(void)
{
	return i18n_table_count;
}

const char *i18n_key(size_t index)
{
	return index < i18n_table_count ? i18n_table[index].key : NULL;
}
