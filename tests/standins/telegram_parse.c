#include "tests/standins/telegram_parse.h"

#include "core/text.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TEXT_MAX (1024 * 1024)
#define DEPTH_MAX 64

/* Tag and the entity type it gives; the rules for the last three depend on attributes. */
static const struct {
	const char *tag, *type;
} tags[] = {
	{ "b", "bold" },
	{ "strong", "bold" },
	{ "i", "italic" },
	{ "em", "italic" },
	{ "u", "underline" },
	{ "ins", "underline" },
	{ "s", "strikethrough" },
	{ "strike", "strikethrough" },
	{ "del", "strikethrough" },
	{ "tg-spoiler", "spoiler" },
	{ "code", "code" },
	{ "pre", "pre" },
	{ "a", "text_link" },
	{ "blockquote", "blockquote" },
	{ "tg-emoji", "custom_emoji" },
	{ "tg-time", "date_time" },
	{ "span", "spoiler" },
};

static const char *const button_actions[] = {
	"url",       "callback_data",       "web_app",
	"login_url", "switch_inline_query", "switch_inline_query_current_chat",
	"copy_text", "callback_game",       "pay"
};

struct attribute {
	const char *name, *value;
};

struct open_tag {
	const char *tag, *type, *argument;
	size_t offset;       /* UTF-16 units before it */
	struct json *entity; /* its place in the list, in order of opening */
};

struct parser {
	apr_pool_t *pool;
	const char *start, *at;
	struct buf plain;
	size_t units;
	struct open_tag stack[DEPTH_MAX];
	size_t depth;
	struct json *entities[1024];
	size_t count;
};

static const char *complain(struct parser *p, const char *what)
{
	return mem_fmt(p->pool, "Bad Request: can't parse entities: %s", what);
}

static void put_char(struct parser *p, uint32_t c)
{
	static const unsigned char lead[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
	int n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	if (n == 1)
		buf_char(&p->plain, (char)c);
	else
		buf_char(&p->plain, (char)(lead[n] | (c >> (6 * (n - 1)))));
	for (int i = n - 2; i >= 0; i--)
		buf_char(&p->plain, (char)(0x80 | ((c >> (6 * i)) & 0x3F)));
	p->units += c >= 0x10000 ? 2 : 1;
}

/* Only four named entities and numbers are decoded; the rest stays as it is. */
static bool read_entity(struct parser *p)
{
	static const struct {
		const char *name;
		char c;
	} named[] = { { "&lt;", '<' }, { "&gt;", '>' }, { "&amp;", '&' }, { "&quot;", '"' } };
	for (size_t i = 0; i < 4; i++) {
		if (strncmp(p->at, named[i].name, strlen(named[i].name)) != 0)
			continue;
		put_char(p, (uint32_t)named[i].c);
		p->at += strlen(named[i].name);
		return true;
	}
	if (p->at[1] != '#' || !isalnum((unsigned char)p->at[2]))
		return false;
	char *end;
	bool hex = p->at[2] == 'x';
	unsigned long c = strtoul(p->at + 2 + hex, &end, hex ? 16 : 10);
	if (c == 0 || c >= 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF) || *end != ';')
		return false;
	put_char(p, (uint32_t)c);
	p->at = end + 1;
	return true;
}

static char *lower(apr_pool_t *pool, const char *s, size_t n)
{
	char *copy = mem_textn(pool, s, n);
	for (char *c = copy; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return copy;
}

/* Reads one attribute at p->at, which is neither space nor '>'. False when the tag never ends. */
static bool read_attribute(struct parser *p, struct attribute *ret)
{
	size_t n = strcspn(p->at, " \t\r\n=>");
	ret->name = lower(p->pool, p->at, n);
	ret->value = "";
	p->at += n;
	if (*p->at != '=')
		return *p->at != 0;
	p->at++;
	if (*p->at == '"' || *p->at == '\'') {
		const char *end = strchr(p->at + 1, *p->at);
		if (!end)
			return false;
		ret->value = mem_textn(p->pool, p->at + 1, (size_t)(end - p->at - 1));
		p->at = end + 1;
		return *p->at != 0;
	}
	n = strcspn(p->at, " \t\r\n>");
	ret->value = lower(p->pool, p->at, n); /* as Telegram does with unquoted values */
	p->at += n;
	return *p->at != 0;
}

static void apply_attribute(struct open_tag *tag, const struct attribute *a)
{
	if (!strcmp(tag->tag, "a") && !strcmp(a->name, "href"))
		tag->argument = a->value;
	if (!strcmp(tag->tag, "code") && !strcmp(a->name, "class") && !strncmp(a->value, "language-", 9))
		tag->argument = a->value + 9;
	if (!strcmp(tag->tag, "tg-emoji") && !strcmp(a->name, "emoji-id"))
		tag->argument = a->value;
	if (!strcmp(tag->tag, "blockquote") && !strcmp(a->name, "expandable"))
		tag->type = "expandable_blockquote";
	if (!strcmp(tag->tag, "span") && !strcmp(a->name, "class") && !strcmp(a->value, "tg-spoiler"))
		tag->argument = "tg-spoiler";
}

static const char *open_tag(struct parser *p)
{
	size_t offset = (size_t)(p->at - p->start);
	size_t n = strcspn(p->at + 1, " \t\r\n>");
	char *name = lower(p->pool, p->at + 1, n);
	struct open_tag tag = { .tag = NULL, .argument = "", .offset = p->units };
	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++) {
		if (!strcmp(tags[i].tag, name)) {
			tag.tag = tags[i].tag;
			tag.type = tags[i].type;
		}
	}
	if (!p->at[1 + n])
		return complain(p, mem_fmt(p->pool, "Unclosed start tag at byte offset %zu", offset));
	if (!tag.tag)
		return complain(p, mem_fmt(p->pool, "Unsupported start tag \"%s\" at byte offset %zu", name,
					   offset));
	for (p->at += 1 + n; *p->at != '>';) {
		struct attribute a;
		p->at += strspn(p->at, " \t\r\n");
		if (*p->at == '>')
			break;
		if (!*p->at || !read_attribute(p, &a))
			return complain(p, mem_fmt(p->pool, "Unclosed start tag at byte offset %zu", offset));
		apply_attribute(&tag, &a);
	}
	p->at++;
	if (!strcmp(tag.tag, "span") && !*tag.argument)
		return complain(p, mem_fmt(p->pool,
					   "Tag \"span\" must have class \"tg-spoiler\" at byte offset %zu",
					   offset));
	if (p->depth == DEPTH_MAX || p->count == sizeof(p->entities) / sizeof(*p->entities))
		return complain(p, "too many entities");
	tag.entity = json_object(p->pool);
	p->entities[p->count++] = tag.entity;
	p->stack[p->depth++] = tag;
	return NULL;
}

static const char *close_tag(struct parser *p)
{
	size_t offset = (size_t)(p->at - p->start);
	size_t n = strcspn(p->at + 2, " \t\r\n>");
	char *name = lower(p->pool, p->at + 2, n);
	if (p->depth == 0)
		return complain(p, mem_fmt(p->pool, "Unexpected end tag at byte offset %zu", offset));
	struct open_tag *tag = &p->stack[--p->depth];
	p->at += 2 + n;
	p->at += strspn(p->at, " \t\r\n");
	if (*p->at != '>')
		return complain(p, mem_fmt(p->pool, "Unclosed end tag at byte offset %zu", offset));
	p->at++;
	if (*name && strcmp(name, tag->tag) != 0)
		return complain(
			p,
			mem_fmt(p->pool,
				"Unmatched end tag at byte offset %zu, expected \"</%s>\", found \"</%s>\"",
				offset, tag->tag, name));
	if (p->units == tag->offset || (!strcmp(tag->tag, "a") && !*tag->argument))
		return NULL; /* nothing inside, or a link to nowhere: stays text */
	json_set_text(tag->entity, "type", tag->type);
	json_set_int(tag->entity, "offset", (int64_t)tag->offset);
	json_set_int(tag->entity, "length", (int64_t)(p->units - tag->offset));
	if (!strcmp(tag->tag, "a"))
		json_set_text(tag->entity, "url", tag->argument);
	if (!strcmp(tag->tag, "code") && *tag->argument)
		json_set_text(tag->entity, "language", tag->argument);
	return NULL;
}

static const char *parse_html(struct parser *p)
{
	while (*p->at) {
		const char *trouble = NULL;
		uint32_t c;
		if (*p->at == '<') {
			trouble = p->at[1] == '/' ? close_tag(p) : open_tag(p);
		} else if (*p->at != '&' || !read_entity(p)) {
			p->at += text_utf8_next(p->at, &c);
			put_char(p, c);
		}
		if (trouble)
			return trouble;
	}
	if (p->depth)
		return complain(p, mem_fmt(p->pool, "Can't find end tag corresponding to start tag \"%s\"",
					   p->stack[p->depth - 1].tag));
	return NULL;
}

/* White space around the text goes; what marked it shrinks or goes with it. */
static const char *trimmed(struct parser *p, const char **ret_entities)
{
	const char *plain = p->plain.p ? p->plain.p : "";
	int64_t lead = (int64_t)strspn(plain, " \t\r\n");
	size_t n = strlen(plain);
	while (n > (size_t)lead && strchr(" \t\r\n", plain[n - 1]))
		n--;
	const char *text = mem_textn(p->pool, plain + lead, n - (size_t)lead);
	int64_t units = (int64_t)text_utf16_len(text);
	struct json *list = json_array(p->pool);
	for (size_t i = 0; i < p->count; i++) {
		int64_t offset, length;
		if (!json_int(p->entities[i], "offset", &offset) ||
		    !json_int(p->entities[i], "length", &length))
			continue;
		int64_t from = offset < lead ? 0 : offset - lead, to = offset + length - lead;
		if (to > units)
			to = units;
		if (to <= from)
			continue;
		json_set_int(p->entities[i], "offset", from);
		json_set_int(p->entities[i], "length", to - from);
		json_push(list, p->entities[i]);
	}
	*ret_entities = json_write(p->pool, list);
	return text;
}

const char *parse_text(apr_pool_t *pool, const char *text, const char *parse_mode, const char **ret_plain,
		       const char **ret_entities)
{
	struct parser *p = MEM_NEW(pool, struct parser);
	*p = (struct parser){ .pool = pool, .start = text, .at = text, .plain = buf_new(pool, TEXT_MAX) };
	if (!text_utf8_valid(text, strlen(text)))
		return "Bad Request: strings must be encoded in UTF-8";
	if (!parse_mode || !*parse_mode) {
		buf_text(&p->plain, text);
	} else if (strcasecmp(parse_mode, "HTML") == 0) {
		const char *trouble = parse_html(p);
		if (trouble)
			return trouble;
	} else {
		return "Bad Request: unsupported parse_mode"; /* nor does the product use Markdown */
	}
	*ret_plain = trimmed(p, ret_entities);
	return NULL;
}

static const char *check_button(const struct json *button)
{
	int actions = 0;
	const char *text = json_text(button, "text"), *data = json_text(button, "callback_data");
	for (size_t i = 0; i < sizeof(button_actions) / sizeof(*button_actions); i++)
		actions += json_at(button, button_actions[i]) != NULL;
	if (!text || !*text)
		return "Bad Request: can't parse inline keyboard button: Field \"text\" must be of type String";
	if (actions != 1)
		return "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard";
	if (json_at(button, "callback_data") && (!data || strlen(data) < 1 || strlen(data) > 64))
		return "Bad Request: BUTTON_DATA_INVALID";
	return NULL;
}

const char *parse_markup(apr_pool_t *pool, const struct json *markup, bool edit, const char **ret_markup)
{
	struct json *rows = json_at(markup, "inline_keyboard");
	size_t buttons = 0;
	*ret_markup = "";
	if (!markup)
		return NULL;
	if (!json_is_object(markup))
		return "Bad Request: object expected as reply markup";
	if (!rows) {
		if (edit)
			return "Bad Request: inline keyboard expected";
		*ret_markup = json_is_array(json_at(markup, "keyboard")) ? json_write(pool, markup) : "";
		return NULL;
	}
	if (!json_is_array(rows))
		return "Bad Request: field \"inline_keyboard\" must be of type Array";
	for (size_t i = 0; i < json_len(rows); i++) {
		struct json *row = json_item(rows, i);
		if (!json_is_array(row))
			return "Bad Request: field \"inline_keyboard\" must be an Array of Arrays";
		for (size_t k = 0; k < json_len(row); k++, buttons++) {
			const char *trouble = check_button(json_item(row, k));
			if (trouble)
				return trouble;
		}
	}
	*ret_markup = buttons ? json_write(pool, markup) : "";
	return NULL;
}
