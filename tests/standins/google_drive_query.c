/* Drive's search (`q`), and the list of files. */
#include "tests/standins/google_drive.h"

#include "core/clock.h"
#include "core/text.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_USUAL 100
#define PAGE_MAX 1000

enum kind { END, WORD, STRING, SIGN };

struct look {
	apr_pool_t *pool;
	const struct file *file;
	const char *at;
	enum kind kind;
	const char *text; /* of the token */
	const char *why;  /* what is wrong, or NULL */
};

static bool any_of(struct look *l);

/* --- tokens --- */

static void wrong(struct look *l, const char *why)
{
	if (!l->why)
		l->why = why;
	l->kind = END;
	l->text = "";
	l->at = "";
}

/* 'it\'s': \' and \\ alone are escapes. */
static void string_next(struct look *l)
{
	struct buf b = buf_new(l->pool, 65536);

	buf_text(&b, "");
	for (l->at++; *l->at && *l->at != '\''; l->at++) {
		if (*l->at == '\\') {
			l->at++;
			if (*l->at != '\'' && *l->at != '\\') {
				wrong(l, "an escape that is none");
				return;
			}
		}
		buf_char(&b, *l->at);
	}
	if (!*l->at) {
		wrong(l, "a string without its end");
		return;
	}
	l->at++;
	l->kind = STRING;
	l->text = b.p;
}

static void next(struct look *l)
{
	size_t n;

	l->at += strspn(l->at, " \t\n");
	l->text = "";
	l->kind = END;
	if (!*l->at)
		return;
	if (*l->at == '\'') {
		string_next(l);
		return;
	}
	for (n = 0; isalnum((unsigned char)l->at[n]); n++)
		;
	l->kind = n ? WORD : SIGN;
	if (!n)
		n = strchr("<>!", *l->at) && l->at[1] == '=' ? 2 : 1;
	l->text = mem_textn(l->pool, l->at, n);
	l->at += n;
}

static bool took(struct look *l, enum kind kind, const char *text)
{
	if (l->kind != kind || !text_same(l->text, text))
		return false;
	next(l);
	return true;
}

static const char *take_kind(struct look *l, enum kind kind, const char *what)
{
	const char *text = l->text;

	if (l->kind != kind)
		wrong(l, what);
	else
		next(l);
	return text;
}

/* --- terms --- */

/* Each word of value is the beginning of a word of name. */
static bool begins_words(struct look *l, const char *name, const char *value)
{
	const char *have = text_tokens(l->pool, name), *wanted = text_tokens(l->pool, value);
	size_t n;

	for (wanted++; *wanted; wanted += n + 1) {
		n = strcspn(wanted, " ");
		if (!strstr(have, mem_fmt(l->pool, " %.*s", (int)n, wanted)))
			return false;
	}
	return true;
}

/* Each word of value, or its phrase in double quotes. */
static bool in_full_text(struct look *l, const char *value)
{
	const struct file *f = l->file;
	bool text = text_starts(f->type, "text/") || text_starts(f->type, DRIVE_WORKSPACE);
	const char *all =
		text_tokens(l->pool, mem_fmt(l->pool, "%s %s %s", f->name,
					     f->description ? f->description : "", text ? f->bytes : ""));
	const char *wanted = text_tokens(l->pool, value);
	size_t n;

	if (*value == '"')
		return strstr(all, wanted) != NULL;
	for (wanted++; *wanted; wanted += n + 1) {
		n = strcspn(wanted, " ");
		if (!strstr(all, mem_fmt(l->pool, " %.*s ", (int)n, wanted)))
			return false;
	}
	return true;
}

static bool text_term(struct look *l, const char *field)
{
	const char *have = text_same(field, "mimeType") ? l->file->type : l->file->name, *value;
	bool contains = l->kind == WORD && text_same(l->text, "contains");
	bool not = text_same(l->text, "!="), full = text_same(field, "fullText");

	if (!contains && (full || (!not &&!text_same(l->text, "="))))
		wrong(l, "an operator that the field has not");
	next(l);
	value = take_kind(l, STRING, "a value without quotes");
	if (full)
		return in_full_text(l, value);
	if (contains)
		return *field == 'n' ? begins_words(l, have, value) : text_starts(have, value);
	return text_same(have, value) != not ;
}

static bool time_term(struct look *l, const char *field)
{
	int64_t have = text_same(field, "createdTime") ? l->file->created : l->file->modified, wanted = 0;
	const char *sign = take_kind(l, SIGN, "a time without a comparison"), *value;
	err_t *err;

	if (!text_has_word("< <= = != > >=", sign))
		wrong(l, "a time without a comparison");
	value = take_kind(l, STRING, "a time without quotes");
	if (strlen(value) == 10)
		value = mem_fmt(l->pool, "%sT00:00:00Z", value);
	else if (strlen(value) == 19)
		value = mem_fmt(l->pool, "%sZ", value);
	err = clock_parse(value, &wanted);
	if (err)
		wrong(l, "a time that is none");
	err_clear(err);
	if (sign[0] == '<')
		return have < wanted || (sign[1] && have == wanted);
	if (sign[0] == '>')
		return have > wanted || (sign[1] && have == wanted);
	return (have == wanted) == (sign[0] == '=');
}

static bool bool_term(struct look *l, bool have)
{
	const char *sign = take_kind(l, SIGN, "a truth without a comparison");
	const char *value = take_kind(l, WORD, "true or false is missing");

	if (!text_has_word("= !=", sign) || !text_has_word("true false", value))
		wrong(l, "true or false is missing");
	return (have == text_same(value, "true")) == (*sign == '=');
}

/* properties has { key='k' and value='v' } */
static bool has_term(struct look *l, const struct json *have)
{
	const char *key, *value;

	if (!took(l, WORD, "has") || !took(l, SIGN, "{") || !took(l, WORD, "key") || !took(l, SIGN, "="))
		wrong(l, "has { key='' and value='' }");
	key = take_kind(l, STRING, "a key without quotes");
	if (!took(l, WORD, "and") || !took(l, WORD, "value") || !took(l, SIGN, "="))
		wrong(l, "has { key='' and value='' }");
	value = take_kind(l, STRING, "a value without quotes");
	if (!took(l, SIGN, "}"))
		wrong(l, "has { key='' and value='' }");
	return text_same(json_text(json_member(have, key), NULL), value);
}

static bool in_term(struct look *l)
{
	const char *id = take_kind(l, STRING, "a value without quotes");
	const struct file *parent = l->file->parent;

	if (!took(l, WORD, "in") || !text_has_word("parents owners writers readers", l->text)) {
		wrong(l, "in parents, owners, writers or readers");
		return false;
	}
	bool parents = text_same(l->text, "parents");

	next(l);
	if (!parents)
		return false;
	return parent && (text_same(parent->id, id) || (text_same(id, "root") && !parent->parent));
}

static bool term(struct look *l)
{
	const char *field = l->text;

	if (l->kind == STRING)
		return in_term(l);
	if (l->kind != WORD) {
		wrong(l, "a field is missing");
		return false;
	}
	next(l);
	if (text_has_word("name fullText mimeType", field))
		return text_term(l, field);
	if (text_has_word("modifiedTime createdTime viewedByMeTime", field))
		return time_term(l, field);
	if (text_same(field, "trashed"))
		return bool_term(l, file_trashed(l->file));
	if (text_same(field, "starred"))
		return bool_term(l, l->file->starred);
	if (text_same(field, "sharedWithMe"))
		return l->kind == SIGN && *l->text != ')' ? bool_term(l, l->file->shared) : l->file->shared;
	if (text_same(field, "appProperties"))
		return has_term(l, l->file->app_properties);
	if (text_same(field, "properties"))
		return has_term(l, l->file->properties);
	wrong(l, "a field that is none");
	return false;
}

static bool negated(struct look *l)
{
	bool held;

	if (took(l, WORD, "not"))
		return !negated(l);
	if (!took(l, SIGN, "("))
		return term(l);
	held = any_of(l);
	if (!took(l, SIGN, ")"))
		wrong(l, "a bracket without its other");
	return held;
}

static bool all_of(struct look *l)
{
	bool held = negated(l);

	while (took(l, WORD, "and")) {
		bool other = negated(l);

		held = held && other;
	}
	return held;
}

static bool any_of(struct look *l)
{
	bool held = all_of(l);

	while (took(l, WORD, "or")) {
		bool other = all_of(l);

		held = held || other;
	}
	return held;
}

const char *drive_query(apr_pool_t *pool, const struct file *f, const char *q, bool *ret_matches)
{
	struct look l = { .pool = pool, .file = f, .at = q };

	next(&l);
	*ret_matches = any_of(&l);
	if (l.kind != END)
		wrong(&l, "more than a search");
	return l.why;
}

/* --- the list --- */

static const char *order_keys;

static int by_key(const struct file *x, const struct file *y, const char *key)
{
	if (text_starts(key, "name"))
		return strcasecmp(x->name, y->name);
	if (text_starts(key, "createdTime"))
		return x->created < y->created ? -1 : x->created > y->created;
	if (text_starts(key, "folder"))
		return text_same(y->type, DRIVE_FOLDER) - text_same(x->type, DRIVE_FOLDER);
	if (text_starts(key, "quotaBytesUsed"))
		return x->n < y->n ? -1 : x->n > y->n;
	return x->modified < y->modified ? -1 : x->modified > y->modified;
}

/* "folder,modifiedTime desc,name"; at last the newer first. */
static int by_order(const void *a, const void *b)
{
	const struct file *x = *(void *const *)a, *y = *(void *const *)b;

	for (const char *key = order_keys; *key; key += strcspn(key, ",") + (key[strcspn(key, ",")] == ',')) {
		int way = by_key(x, y, key);
		size_t n = strcspn(key, ",");

		if (way)
			return n > 5 && strncmp(key + n - 5, " desc", 5) == 0 ? -way : way;
	}
	return x->version > y->version ? -1 : x->version < y->version;
}

static bool order_good(struct ask *ask)
{
	const char *order = param(ask, "orderBy"), *q = param(ask, "q");
	size_t n;

	if (order && q && strstr(q, "fullText"))
		return deny(ask, 403, "forbidden",
			    "Sorting is not supported for queries with fullText terms.");
	for (const char *key = order; key && *key; key += n + (key[n] == ',')) {
		const char *name;

		n = strcspn(key, ",");
		name = mem_textn(ask->pool, key, n > 5 && strncmp(key + n - 5, " desc", 5) == 0 ? n - 5 : n);
		if (!text_has_word(
			    "createdTime folder modifiedByMeTime modifiedTime name name_natural quotaBytesUsed "
			    "recency sharedWithMeTime starred viewedByMeTime",
			    name))
			return deny(ask, 400, "invalid", "Invalid Value: orderBy");
	}
	return true;
}

static bool collect(struct ask *ask, struct list *to)
{
	const char *q = param(ask, "q"), *why;
	bool matches = true;

	for (size_t i = 0; i < ask->account->files.n; i++) {
		struct file *f = ask->account->files.v[i];

		why = q ? drive_query(ask->pool, f, q, &matches) : NULL;
		if (why)
			return deny(ask, 400, "invalid", "Invalid Value: %s", why);
		if (i && !f->gone && matches && file_seen(ask, f)) /* the root folder is in no list */
			list_add(to, f);
	}
	order_keys = param(ask, "orderBy") ? param(ask, "orderBy") : "";
	if (to->n)
		qsort(to->v, to->n, sizeof *to->v, by_order);
	return true;
}

static bool list_read(struct ask *ask, int64_t *ret_max)
{
	const char *spaces = param(ask, "spaces"), *size = param(ask, "pageSize");

	if (!param_bools(ask, "supportsAllDrives includeItemsFromAllDrives") || !order_good(ask))
		return false;
	if (!param_int(ask, "pageSize", PAGE_USUAL, 1, PAGE_MAX + 1, ret_max))
		return false;
	if (size && *ret_max > PAGE_MAX)
		return deny(ask, 400, "invalid",
			    "Invalid value '%s'. Values must be within the range: [1, 1000]", size);
	if (spaces && !text_same(spaces, "drive"))
		return deny(ask, 403, "insufficientPermissions", "no scope for %s", spaces);
	if (world.page[QUOTA_DRIVE] && world.page[QUOTA_DRIVE] < *ret_max)
		*ret_max = world.page[QUOTA_DRIVE];
	return true;
}

void serve_files_list(struct ask *ask)
{
	struct json *o = json_object(ask->pool), *list = json_array(ask->pool);
	const char *where = page_where(ask);
	struct list found = { 0 };
	int64_t max = 0, from = 0;
	size_t i;

	drive_prepare(ask->account);
	if (!where || !list_read(ask, &max) || !collect(ask, &found)) {
		free(found.v);
		return;
	}
	text_int(where, &from);
	if (world.empty_pages && !*where)
		max = 0;
	for (i = (size_t)from; i < found.n && (int64_t)json_len(list) < max; i++) {
		struct json *file = file_json(ask->pool, found.v[i]);

		json_push(list,
			  param(ask, "fields") ? file : json_only(ask->pool, file, "kind id name mimeType"));
	}
	json_set_text(o, "kind", "drive#fileList");
	json_set_bool(o, "incompleteSearch", false);
	json_set(o, "files", list);
	if (i < found.n)
		json_set_text(o, "nextPageToken", page_token(ask, mem_fmt(ask->pool, "%zu", i)));
	free(found.v);
	say_json(ask, o);
}
