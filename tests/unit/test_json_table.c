/* Tables that write objects, and objects held against their tables. */
#include "core/json.h"
#include "tests/test.h"
#include <string.h>

struct item {
	int64_t id;
	const char *title;
	bool outside;
};

struct whole {
	const char *name, *empty;
	int64_t zero, n;
	double real;
	bool yes, no;
	struct json_texts tags;
	const struct item *one;
	struct json_list items;
};

static const struct json_field item_fields[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct item, id) },
	{ "title", JSON_TEXT, JSON_REQUIRED | JSON_WORDS, offsetof(struct item, title) },
	{ "outside", JSON_BOOL, 0, offsetof(struct item, outside) },
	{ 0 },
};

static const struct json_field whole_fields[] = {
	{ "name", JSON_TEXT, JSON_REQUIRED, offsetof(struct whole, name), .values = "ana bia" },
	{ "empty", JSON_TEXT, 0, offsetof(struct whole, empty) },
	{ "zero", JSON_INT, JSON_REQUIRED, offsetof(struct whole, zero) },
	{ "n", JSON_INT, 0, offsetof(struct whole, n) },
	{ "real", JSON_DOUBLE, 0, offsetof(struct whole, real) },
	{ "yes", JSON_BOOL, 0, offsetof(struct whole, yes) },
	{ "no", JSON_BOOL, 0, offsetof(struct whole, no) },
	{ "tags", JSON_TEXTS, 0, offsetof(struct whole, tags) },
	{ "one", JSON_OBJECT, 0, offsetof(struct whole, one), .of = item_fields },
	{ "items", JSON_OBJECTS, JSON_REQUIRED, offsetof(struct whole, items), .of = item_fields,
	  .size = sizeof(struct item) },
	{ 0 },
};

TEST(writes_what_is_there)
{
	static const char *tags[] = { "casa", "rua" };
	struct item items[] = { { 1, "um", false }, { 2, "dois", true } };
	struct whole w = { .name = "ana",
			   .empty = "",
			   .real = 1.5,
			   .yes = true,
			   .tags = { 2, tags },
			   .one = &items[1],
			   .items = { 2, items } };
	struct json *j = json_encode(t->pool, whole_fields, &w);

	CHECK_TEXT(json_write(t->pool, j),
		   "{\"name\":\"ana\",\"zero\":0,\"real\":1.5,\"yes\":true,\"tags\":[\"casa\",\"rua\"],"
		   "\"one\":{\"id\":2,\"title\":\"dois\",\"outside\":true},"
		   "\"items\":[{\"id\":1,\"title\":\"um\"},{\"id\":2,\"title\":\"dois\",\"outside\":true}]}");
	return json_conform(j, whole_fields);
}

TEST(what_is_required_is_written_when_empty)
{
	struct whole w = { .name = NULL };

	CHECK_TEXT(json_write(t->pool, json_encode(t->pool, whole_fields, &w)),
		   "{\"name\":\"\",\"zero\":0,\"items\":[]}");
	return NULL;
}

TEST(holds_an_object_against_its_table)
{
	static const struct {
		const char *text, *why; /* NULL: it is what the table says */
	} cases[] = {
		{ "{\"name\":\"ana\",\"zero\":1,\"items\":[]}", NULL },
		{ "[]", "not an object" },
		{ "{\"name\":\"ana\",\"zero\":1}", "\"items\": missing" },
		{ "{\"name\":\"eva\",\"zero\":1,\"items\":[]}", "\"name\": not one of its words" },
		{ "{\"name\":1,\"zero\":1,\"items\":[]}", "\"name\": not a string" },
		{ "{\"name\":\"ana\",\"zero\":\"1\",\"items\":[]}", "\"zero\": not an integer" },
		{ "{\"name\":\"ana\",\"zero\":1,\"items\":{}}", "\"items\": not an array" },
		{ "{\"name\":\"ana\",\"zero\":1,\"yes\":1,\"items\":[]}", "\"yes\": not true or false" },
		{ "{\"name\":\"ana\",\"zero\":1,\"real\":\"x\",\"items\":[]}", "\"real\": not a number" },
		{ "{\"name\":\"ana\",\"zero\":1,\"tags\":[1],\"items\":[]}", "\"tags\": not a string" },
		{ "{\"name\":\"ana\",\"zero\":1,\"items\":[],\"more\":1}", "\"more\": not in the table" },
		{ "{\"name\":\"ana\",\"zero\":1,\"items\":[{\"id\":1}]}", "\"title\": missing" },
		{ "{\"name\":\"ana\",\"zero\":1,\"items\":[],\"one\":{\"id\":\"x\",\"title\":\"\"}}",
		  "\"id\": not an integer" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct json *j;
		err_t *err;
		bool right;

		ERR(json_read(t->pool, cases[i].text, strlen(cases[i].text), &j));
		err = json_conform(j, whole_fields);
		right = cases[i].why ? err && strstr(err_message(err), cases[i].why) : !err;
		if (!right)
			return err_new(ERR_INTERNAL, "%s: %s", cases[i].text,
				       err ? err_message(err) : "taken");
		err_clear(err);
	}
	return NULL;
}

TEST(a_schema_knows_what_is_inside)
{
	struct json *schema = json_schema(t->pool, whole_fields);

	CHECK_TEXT(json_text(schema, "properties.one.type"), "object");
	CHECK_TEXT(json_text(schema, "properties.items.type"), "array");
	CHECK_TEXT(json_text(schema, "properties.items.items.properties.id.type"), "integer");
	CHECK_TEXT(json_text(schema, "properties.items.items.required.1"), "title");
	return NULL;
}
