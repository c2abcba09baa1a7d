#include "core/json.h"
#include "core/text.h"

#include <string.h>

/* --- writing --- */

static struct json *list_write(apr_pool_t *pool, const struct json_field *f, const struct json_list *list)
{
	struct json *array = json_array(pool);

	for (size_t i = 0; i < list->n; i++)
		json_push(array, json_encode(pool, f->of, (const char *)list->v + i * f->size));
	return array;
}

static struct json *texts_write(apr_pool_t *pool, const struct json_texts *texts)
{
	struct json *array = json_array(pool);

	for (size_t i = 0; i < texts->n; i++)
		json_push_text(array, texts->v[i]);
	return array;
}

static void text_write(struct json *o, const struct json_field *f, const char *text, bool always)
{
	if (always || (text && *text))
		json_set_text(o, f->name, text ? text : "");
}

static void field_write(apr_pool_t *pool, struct json *o, const struct json_field *f, const void *src)
{
	const void *at = (const char *)src + f->offset;
	bool always = f->flags & JSON_REQUIRED;

	switch (f->type) {
	case JSON_TEXT: text_write(o, f, *(const char *const *)at, always); break;
	case JSON_INT:
		if (always || *(const int64_t *)at)
			json_set_int(o, f->name, *(const int64_t *)at);
		break;
	case JSON_DOUBLE:
		if (always || *(const double *)at != 0)
			json_set_double(o, f->name, *(const double *)at);
		break;
	case JSON_BOOL:
		if (always || *(const bool *)at)
			json_set_bool(o, f->name, *(const bool *)at);
		break;
	case JSON_TEXTS:
		if (always || ((const struct json_texts *)at)->n)
			json_set(o, f->name, texts_write(pool, at));
		break;
	case JSON_ANY:
		if (*(struct json *const *)at)
			json_set(o, f->name, *(struct json *const *)at);
		break;
	case JSON_OBJECT:
		if (*(const void *const *)at)
			json_set(o, f->name, json_encode(pool, f->of, *(const void *const *)at));
		break;
	case JSON_OBJECTS:
		if (always || ((const struct json_list *)at)->n)
			json_set(o, f->name, list_write(pool, f, at));
		break;
	}
}

struct json *json_encode(apr_pool_t *pool, const struct json_field *fields, const void *src)
{
	struct json *o = json_object(pool);

	for (const struct json_field *f = fields; f->name; f++)
		field_write(pool, o, f, src);
	return o;
}

const struct json_field *json_field_find(const struct json_field *fields, const char *name)
{
	for (; fields && fields->name; fields++)
		if (strcmp(fields->name, name) == 0)
			return fields;
	return NULL;
}

/* --- holding against a table --- */

static NODISCARD err_t *wrong(const struct json_field *f, const char *why)
{
	return err_new(ERR_INVALID, "\"%s\": %s", f->name, why);
}

static NODISCARD err_t *text_conform(const struct json *value, const struct json_field *f)
{
	const char *text = json_text(value, NULL);

	if (!text)
		return wrong(f, "not a string");
	if (f->values && !text_has_word(f->values, text))
		return wrong(f, "not one of its words");
	return NULL;
}

static NODISCARD err_t *list_conform(const struct json *value, const struct json_field *f)
{
	if (!json_is_array(value))
		return wrong(f, "not an array");
	for (size_t i = 0; i < json_len(value); i++) {
		if (f->type == JSON_TEXTS)
			ERR(text_conform(json_item(value, i), f));
		else
			ERR(err_wrap(json_conform(json_item(value, i), f->of), "in \"%s\"", f->name));
	}
	return NULL;
}

static NODISCARD err_t *field_conform(const struct json *value, const struct json_field *f)
{
	int64_t number;
	double real;

	switch (f->type) {
	case JSON_TEXT: return text_conform(value, f);
	case JSON_INT: return json_int(value, NULL, &number) ? NULL : wrong(f, "not an integer");
	case JSON_DOUBLE: return json_double(value, NULL, &real) ? NULL : wrong(f, "not a number");
	case JSON_BOOL: return json_is_bool(value) ? NULL : wrong(f, "not true or false");
	case JSON_TEXTS:
	case JSON_OBJECTS: return list_conform(value, f);
	case JSON_OBJECT: return err_wrap(json_conform(value, f->of), "in \"%s\"", f->name);
	case JSON_ANY: break;
	}
	return NULL;
}

static err_t *member_conform(void *ctx, const char *key, struct json *value)
{
	const struct json_field *f = json_field_find(ctx, key);

	return f ? field_conform(value, f) : err_new(ERR_INVALID, "\"%s\": not in the table", key);
}

err_t *json_conform(const struct json *j, const struct json_field *fields)
{
	if (!json_is_object(j))
		return err_new(ERR_INVALID, "not an object");
	ERR(json_each(j, member_conform, (void *)(uintptr_t)fields));
	for (const struct json_field *f = fields; f->name; f++)
		if ((f->flags & JSON_REQUIRED) && !json_at(j, f->name))
			return wrong(f, "missing");
	return NULL;
}
