#include "core/json.h"
#include "core/json_scan.h"
#include "core/limits.h"
#include "core/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* json-c has a struct jsonc_object and an enum json_type too: here they go by other names. */
#define json_object jsonc_object
#define json_type jsonc_type
#include <json-c/json.h>
#undef json_object
#undef json_type

#define WRITE_FLAGS (JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE)

static const char *const type_names[] = {
	[JSON_TEXT] = "string", [JSON_INT] = "integer",   [JSON_DOUBLE] = "number", [JSON_BOOL] = "boolean",
	[JSON_TEXTS] = "array", [JSON_OBJECT] = "object", [JSON_OBJECTS] = "array",
};

/* struct json is json_object under another name; parts are handed out writable, as json-c does. */
static struct jsonc_object *raw(const struct json *j)
{
	return (struct jsonc_object *)(uintptr_t)j;
}

static struct json *wrapped(struct jsonc_object *o)
{
	return (struct json *)o;
}

static void put_object(void *p)
{
	json_object_put(p);
}

/* The pool's own reference: a parent that takes the object takes another (json_set, json_push). */
static struct json *owned(apr_pool_t *pool, struct jsonc_object *o)
{
	mem_cleanup(pool, o, put_object);
	return wrapped(o);
}

static struct jsonc_object *step(struct jsonc_object *o, const char *name, size_t n)
{
	char key[128];

	if (n >= sizeof(key))
		return NULL;
	memcpy(key, name, n);
	key[n] = '\0';

	int64_t index;
	struct jsonc_object *value = NULL;
	if (json_object_is_type(o, json_type_object))
		json_object_object_get_ex(o, key, &value);
	else if (json_object_is_type(o, json_type_array) && text_int(key, &index) && index >= 0)
		value = json_object_array_get_idx(o, (size_t)index);
	return value;
}

static struct jsonc_object *find(const struct json *j, const char *path)
{
	struct jsonc_object *o = raw(j);

	while (o && path && *path) {
		size_t n = strcspn(path, ".");
		o = step(o, path, n);
		path += path[n] ? n + 1 : n;
	}
	return o;
}

static const char *as_text(struct jsonc_object *o)
{
	if (!json_object_is_type(o, json_type_string))
		return NULL;

	const char *s = json_object_get_string(o);
	return strlen(s) == (size_t)json_object_get_string_len(o) ? s : NULL;
}

/* json-c clamps what does not fit (int64 and, for positives, uint64), so the two ends count as out of range. */
static bool as_int(struct jsonc_object *o, int64_t *ret_value)
{
	if (!json_object_is_type(o, json_type_int))
		return false;

	int64_t value = json_object_get_int64(o);
	if (value == INT64_MAX || value == INT64_MIN)
		return false;
	*ret_value = value;
	return true;
}

static bool as_double(struct jsonc_object *o, double *ret_value)
{
	if (!json_object_is_type(o, json_type_int) && !json_object_is_type(o, json_type_double))
		return false;

	double value = json_object_get_double(o);
	if (!isfinite(value))
		return false;
	*ret_value = value;
	return true;
}

static err_t *refuse(const struct json_field *f, const char *why)
{
	return err_new(ERR_INVALID, "\"%s\": %s", f->name, why);
}

static err_t *out_of_range(const struct json_field *f, const char *what)
{
	return err_new(ERR_INVALID, "\"%s\": %s must be %lld to %lld", f->name, what, (long long)f->min,
		       (long long)f->max);
}

/* min = max = 0 means no bounds, as an unset table entry does. */
static bool in_range(const struct json_field *f, int64_t value)
{
	return (!f->min && !f->max) || (value >= f->min && value <= f->max);
}

static err_t *decode_text(apr_pool_t *pool, const struct json_field *f, struct jsonc_object *o,
			  const char **ret_text)
{
	const char *s = as_text(o);

	if (!s)
		return refuse(f, json_object_is_type(o, json_type_string) ? "holds a NUL" : "not a string");
	if (f->values && !text_has_word(f->values, s))
		return err_new(ERR_INVALID, "\"%s\": not one of %s", f->name, f->values);
	if (!in_range(f, (int64_t)strlen(s)))
		return out_of_range(f, "length in bytes");
	*ret_text = mem_text(pool, s);
	return NULL;
}

static err_t *decode_texts(apr_pool_t *pool, const struct json_field *f, struct jsonc_object *o,
			   struct json_texts *ret_texts)
{
	if (!json_object_is_type(o, json_type_array))
		return refuse(f, "not an array of strings");

	struct json_texts t = { .n = json_object_array_length(o) };
	if (!in_range(f, (int64_t)t.n))
		return out_of_range(f, "number of entries");
	t.v = mem_alloc(pool, (t.n + 1) * sizeof(*t.v));
	for (size_t i = 0; i < t.n; i++) {
		const char *s = as_text(json_object_array_get_idx(o, i));
		if (!s)
			return refuse(f, "not an array of strings");
		if (f->values && !text_has_word(f->values, s))
			return err_new(ERR_INVALID, "\"%s\": not among %s", f->name, f->values);
		t.v[i] = mem_text(pool, s);
	}
	*ret_texts = t;
	return NULL;
}

static err_t *decode_int(const struct json_field *f, struct jsonc_object *o, int64_t *ret_value)
{
	int64_t value;

	if (!as_int(o, &value))
		return refuse(f, "not an integer");
	if (!in_range(f, value))
		return out_of_range(f, "value");
	*ret_value = value;
	return NULL;
}

static err_t *decode_field(apr_pool_t *pool, const struct json_field *f, struct jsonc_object *o, void *dst)
{
	char *at = (char *)dst + f->offset;

	switch (f->type) {
	case JSON_TEXT: return decode_text(pool, f, o, (const char **)(void *)at);
	case JSON_TEXTS: return decode_texts(pool, f, o, (struct json_texts *)(void *)at);
	case JSON_INT: return decode_int(f, o, (int64_t *)(void *)at);
	case JSON_DOUBLE: return as_double(o, (double *)(void *)at) ? NULL : refuse(f, "not a number");
	case JSON_BOOL:
		if (!json_object_is_type(o, json_type_boolean))
			return refuse(f, "not true or false");
		*(bool *)at = json_object_get_boolean(o);
		return NULL;
	case JSON_ANY: *(struct json **)(void *)at = wrapped(o); return NULL;
	case JSON_OBJECT:
	case JSON_OBJECTS: break; /* only written */
	}
	return err_new(ERR_INTERNAL, "\"%s\": unknown type in its table", f->name);
}

/* Names a field in an error, cut and cleaned: it came from outside. */
static err_t *unknown_field(apr_pool_t *pool, const char *name)
{
	return err_new(ERR_INVALID, "\"%s\": unknown field",
		       text_cut(pool, text_utf8_clean(pool, name, strlen(name)), 40));
}

static void set_words(struct jsonc_object *schema, const char *words)
{
	struct jsonc_object *list = json_object_new_array();

	while (*words) {
		size_t n = strcspn(words, " ");
		json_object_array_add(list, json_object_new_string_len(words, (int)n));
		words += n + strspn(words + n, " ");
	}
	json_object_object_add(schema, "enum", list);
}

static void set_bounds(struct jsonc_object *schema, const struct json_field *f)
{
	static const char *const least[] = {
		[JSON_TEXT] = "minLength", [JSON_INT] = "minimum", [JSON_TEXTS] = "minItems"
	};
	static const char *const most[] = {
		[JSON_TEXT] = "maxLength", [JSON_INT] = "maximum", [JSON_TEXTS] = "maxItems"
	};

	if (f->type != JSON_TEXT && f->type != JSON_INT && f->type != JSON_TEXTS)
		return;
	if ((!f->min && !f->max) || (f->type == JSON_TEXT && f->values))
		return;
	if (f->min || f->type == JSON_INT)
		json_object_object_add(schema, least[f->type], json_object_new_int64(f->min));
	json_object_object_add(schema, most[f->type], json_object_new_int64(f->max));
}

static struct jsonc_object *table_schema(const struct json_field *fields);

static struct jsonc_object *field_schema(const struct json_field *f)
{
	struct jsonc_object *schema = f->type == JSON_OBJECT ? table_schema(f->of) : json_object_new_object();
	struct jsonc_object *target = schema;

	if (f->type != JSON_ANY && f->type != JSON_OBJECT)
		json_object_object_add(schema, "type", json_object_new_string(type_names[f->type]));
	if (f->doc)
		json_object_object_add(schema, "description", json_object_new_string(f->doc));
	if (f->type == JSON_TEXTS) {
		target = json_object_new_object();
		json_object_object_add(target, "type", json_object_new_string("string"));
		json_object_object_add(schema, "items", target);
	}
	if (f->type == JSON_OBJECTS)
		json_object_object_add(schema, "items", table_schema(f->of));
	if (f->values)
		set_words(target, f->values);
	set_bounds(schema, f);
	return schema;
}

static struct jsonc_object *table_schema(const struct json_field *fields)
{
	struct jsonc_object *schema = json_object_new_object(), *properties = json_object_new_object();
	struct jsonc_object *required = json_object_new_array();

	json_object_object_add(schema, "type", json_object_new_string("object"));
	for (const struct json_field *f = fields; f->name; f++) {
		json_object_object_add(properties, f->name, field_schema(f));
		if (f->flags & JSON_REQUIRED)
			json_object_array_add(required, json_object_new_string(f->name));
	}
	json_object_object_add(schema, "properties", properties);
	json_object_object_add(schema, "required", required);
	return schema;
}

err_t *json_read(apr_pool_t *pool, const char *text, size_t n, struct json **ret_json)
{
	if (n > LIMIT_JSON_BYTES)
		return err_new(ERR_INVALID, "json of %zu bytes is over %d", n, LIMIT_JSON_BYTES);
	/* json-c lets much pass even when strict: 'quoted' names, NaN, raw control characters, 01, overlong UTF-8. */
	ERR(json_scan(text, n, NULL, 0));

	struct json_tokener *tok = json_tokener_new_ex(LIMIT_JSON_DEPTH);
	if (!tok)
		return err_new(ERR_INTERNAL, "no json parser");
	json_tokener_set_flags(tok, JSON_TOKENER_STRICT | JSON_TOKENER_ALLOW_TRAILING_CHARS);

	struct jsonc_object *o = json_tokener_parse_ex(tok, text, (int)n);
	enum json_tokener_error e = json_tokener_get_error(tok);
	if (e == json_tokener_continue) {
		/* A bare number ends only at the next byte: show it the end of text. */
		o = json_tokener_parse_ex(tok, "", 1);
		e = json_tokener_get_error(tok);
	}
	json_tokener_free(tok);
	if (e != json_tokener_success) {
		json_object_put(o);
		return err_new(ERR_INVALID, "json: %s", json_tokener_error_desc(e));
	}
	*ret_json = owned(pool, o);
	return NULL;
}

struct json *json_at(const struct json *j, const char *path)
{
	return wrapped(find(j, path));
}

const char *json_text(const struct json *j, const char *path)
{
	return as_text(find(j, path));
}

bool json_int(const struct json *j, const char *path, int64_t *ret_value)
{
	return as_int(find(j, path), ret_value);
}

bool json_double(const struct json *j, const char *path, double *ret_value)
{
	return as_double(find(j, path), ret_value);
}

bool json_true(const struct json *j, const char *path)
{
	struct jsonc_object *o = find(j, path);

	return json_object_is_type(o, json_type_boolean) && json_object_get_boolean(o);
}

bool json_is_bool(const struct json *j)
{
	return j && json_object_is_type(raw(j), json_type_boolean);
}

bool json_is_object(const struct json *j)
{
	return j && json_object_is_type(raw(j), json_type_object);
}

bool json_is_array(const struct json *j)
{
	return j && json_object_is_type(raw(j), json_type_array);
}

size_t json_len(const struct json *j)
{
	return json_is_array(j) ? json_object_array_length(raw(j)) : 0;
}

struct json *json_item(const struct json *j, size_t index)
{
	return json_is_array(j) ? wrapped(json_object_array_get_idx(raw(j), index)) : NULL;
}

err_t *json_each(const struct json *j, err_t *(*fn)(void *ctx, const char *key, struct json *value),
		 void *ctx)
{
	if (!json_is_object(j))
		return NULL;

	struct lh_entry *e;
	lh_foreach(json_object_get_object(raw(j)), e) ERR(fn(ctx, lh_entry_k(e), lh_entry_v(e)));
	return NULL;
}

struct json *json_object(apr_pool_t *pool)
{
	return owned(pool, json_object_new_object());
}

struct json *json_array(apr_pool_t *pool)
{
	return owned(pool, json_object_new_array());
}

void json_set_text(struct json *o, const char *key, const char *text)
{
	json_object_object_add(raw(o), key, text ? json_object_new_string(text) : NULL);
}

void json_set_int(struct json *o, const char *key, int64_t value)
{
	json_object_object_add(raw(o), key, json_object_new_int64(value));
}

/* JSON has no infinities: what is no number is null (NULL). json-c alone would write 0.1 as 0.10000000000000001. */
static struct jsonc_object *double_object(double value)
{
	char text[32];
	int digits = 15;

	if (!isfinite(value))
		return NULL;
	do
		snprintf(text, sizeof(text), "%.*g", digits, value);
	while (digits++ < 17 && strtod(text, NULL) != value);
	return json_object_new_double_s(value, text);
}

void json_set_double(struct json *o, const char *key, double value)
{
	json_object_object_add(raw(o), key, double_object(value));
}

void json_set_bool(struct json *o, const char *key, bool value)
{
	json_object_object_add(raw(o), key, json_object_new_boolean(value));
}

void json_set(struct json *o, const char *key, struct json *child)
{
	json_object_object_add(raw(o), key, json_object_get(raw(child)));
}

void json_push(struct json *array, struct json *child)
{
	json_object_array_add(raw(array), json_object_get(raw(child)));
}

void json_push_text(struct json *array, const char *text)
{
	json_object_array_add(raw(array), text ? json_object_new_string(text) : NULL);
}

void json_push_int(struct json *array, int64_t value)
{
	json_object_array_add(raw(array), json_object_new_int64(value));
}

void json_push_double(struct json *array, double value)
{
	json_object_array_add(raw(array), double_object(value));
}

const char *json_write(apr_pool_t *pool, const struct json *j)
{
	return mem_text(pool, json_object_to_json_string_ext(raw(j), WRITE_FLAGS));
}

err_t *json_decode(apr_pool_t *pool, const struct json *j, const struct json_field *fields, void *dst,
		   uint64_t *ret_seen)
{
	struct lh_entry *e;
	uint64_t seen = 0;

	if (!json_is_object(j))
		return err_new(ERR_INVALID, "not an object");
	lh_foreach(json_object_get_object(raw(j)), e)
	{
		const char *key = lh_entry_k(e);
		struct jsonc_object *value = lh_entry_v(e);
		size_t k = 0;
		while (fields[k].name && strcmp(fields[k].name, key) != 0)
			k++;
		if (!fields[k].name)
			return unknown_field(pool, key);
		/* Models write null for "not given". */
		if (!value && !(fields[k].flags & JSON_REQUIRED))
			continue;
		ERR(decode_field(pool, &fields[k], value, dst));
		seen |= UINT64_C(1) << k;
	}
	for (size_t k = 0; fields[k].name; k++)
		if ((fields[k].flags & JSON_REQUIRED) && !(seen >> k & 1))
			return refuse(&fields[k], "missing");
	*ret_seen = seen;
	return NULL;
}

struct json *json_schema(apr_pool_t *pool, const struct json_field *fields)
{
	return owned(pool, table_schema(fields));
}
