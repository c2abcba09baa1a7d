#include "core/json.h"
#include "core/limits.h"
#include "tests/test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define READ(s) json_read(t->pool, (s), sizeof(s) - 1, &j)

TEST(the_whole_input_is_read)
{
	struct json *j = NULL;

	ERR(READ(" {\"a\": [1, 2.5, \"x\", null, true]} \r\n"));
	CHECK_TEXT(json_write(t->pool, j), "{\"a\":[1,2.5,\"x\",null,true]}");
	ERR(READ("5"));
	CHECK_TEXT(json_write(t->pool, j), "5");
	ERR(READ("\"it's \\\\\\\" NaN /* é */\""));
	CHECK_TEXT(json_text(j, NULL), "it's \\\" NaN /* é */");
	ERR(READ("\"a/b\""));
	CHECK_TEXT(json_write(t->pool, j), "\"a/b\"");
	return NULL;
}

TEST(bad_json_is_refused)
{
	struct json *j = NULL;

	CHECK_ERR(READ("{\"a\":1} x"), ERR_INVALID);
	CHECK_ERR(READ("{\"a\":1}{}"), ERR_INVALID);
	CHECK_ERR(READ("{\"a\":1}\0"), ERR_INVALID);
	CHECK_ERR(READ("{\"a\":"), ERR_INVALID);
	CHECK_ERR(READ(""), ERR_INVALID);
	CHECK_ERR(READ("   "), ERR_INVALID);
	CHECK_ERR(READ("{'a':1}"), ERR_INVALID);
	CHECK_ERR(READ("{\"a\":'x'}"), ERR_INVALID);
	CHECK_ERR(READ("[NaN]"), ERR_INVALID);
	CHECK_ERR(READ("[Infinity]"), ERR_INVALID);
	CHECK_ERR(READ("[1]/**/"), ERR_INVALID);
	CHECK_ERR(READ("[\"a\nb\"]"), ERR_INVALID);
	CHECK_ERR(READ("[1,]"), ERR_INVALID);
	CHECK_ERR(READ("12x"), ERR_INVALID);
	CHECK_ERR(READ("\"\xFF\""), ERR_INVALID);
	CHECK(j == NULL);
	return NULL;
}

TEST(depth_and_size_have_ceilings)
{
	struct json *j = NULL;
	struct buf b = buf_new(t->pool, 1000);

	for (int i = 0; i < LIMIT_JSON_DEPTH + 1; i++)
		buf_char(&b, '[');
	for (int i = 0; i < LIMIT_JSON_DEPTH + 1; i++)
		buf_char(&b, ']');
	CHECK_ERR(json_read(t->pool, b.p, b.n, &j), ERR_INVALID);
	ERR(json_read(t->pool, b.p + 2, b.n - 4, &j));

	char *large = mem_alloc(t->pool, LIMIT_JSON_BYTES + 1);
	memset(large, ' ', LIMIT_JSON_BYTES + 1);
	large[0] = '1';
	ERR(json_read(t->pool, large, LIMIT_JSON_BYTES, &j));
	CHECK_ERR(json_read(t->pool, large, LIMIT_JSON_BYTES + 1, &j), ERR_INVALID);
	return NULL;
}

TEST(paths_reach_members_and_items)
{
	struct json *j;
	int64_t n = 0;
	double d = 0;

	ERR(READ(
		"{\"message\":{\"chat\":{\"id\":-100123}},\"result\":[{\"id\":7}],\"f\":0.5,\"t\":true,\"s\":\"x\"}"));
	CHECK(json_int(j, "message.chat.id", &n));
	CHECK_INT(n, -100123);
	CHECK(json_int(j, "result.0.id", &n));
	CHECK_INT(n, 7);
	CHECK(!json_int(j, "result.1.id", &n));
	CHECK(!json_int(j, "result.x.id", &n));
	CHECK(!json_int(j, "message.chat", &n));
	CHECK(json_at(j, "message.nothing.id") == NULL);
	CHECK(json_double(j, "f", &d) && d == 0.5);
	CHECK(json_double(j, "message.chat.id", &d) && d == -100123);
	CHECK(json_true(j, "t"));
	CHECK(!json_true(j, "s"));
	CHECK_INT(json_len(json_at(j, "result")), 1);
	CHECK_TEXT(json_text(json_at(j, "s"), NULL), "x");
	CHECK(json_item(json_at(j, "result"), 1) == NULL);
	CHECK(json_is_object(j) && !json_is_array(j) && !json_is_object(NULL));
	return NULL;
}

TEST(types_are_not_bent)
{
	struct json *j;
	int64_t n = 3;
	double d = 4;

	ERR(READ("{\"s\":\"12\",\"d\":5.0,\"big\":9223372036854775808,\"small\":-9223372036854775809,"
		 "\"huge\":1e999,\"nul\":\"a\\u0000b\",\"n\":12,\"null\":null}"));
	CHECK(!json_int(j, "s", &n));
	CHECK(!json_int(j, "d", &n));
	CHECK(!json_int(j, "big", &n));
	CHECK(!json_int(j, "small", &n));
	CHECK(!json_int(j, "null", &n));
	CHECK_INT(n, 3);
	CHECK(!json_double(j, "huge", &d));
	CHECK(d == 4);
	CHECK(json_text(j, "nul") == NULL);
	CHECK(json_text(j, "n") == NULL);
	CHECK(json_text(j, "null") == NULL);
	return NULL;
}

TEST(writing_keeps_order_and_shares_children)
{
	apr_pool_t *small = pool_child(t->pool);
	struct json *o = json_object(t->pool), *child = json_object(small), *a = json_array(small);

	json_push_text(a, "x/y \"z\"");
	json_push_int(a, INT64_MIN);
	json_set_text(child, "none", NULL);
	json_set_text(o, "z", "é");
	json_set_double(o, "d", 0.1);
	json_set_double(o, "inf", INFINITY);
	json_set_bool(o, "b", false);
	json_set_int(o, "i", 5);
	json_set(o, "child", child);
	json_set(o, "a", a);
	json_push(a, child);
	pool_free(small);
	CHECK_TEXT(json_write(t->pool, o),
		   "{\"z\":\"é\",\"d\":0.1,\"inf\":null,\"b\":false,\"i\":5,\"child\":{\"none\":null},"
		   "\"a\":[\"x/y \\\"z\\\"\",-9223372036854775808,{\"none\":null}]}");
	return NULL;
}

struct walk {
	struct buf keys;
	int left;
};

static err_t *visit(void *ctx, const char *key, struct json *value)
{
	struct walk *w = ctx;

	(void)value;
	buf_text(&w->keys, key);
	return --w->left ? NULL : err_new(ERR_CONFLICT, "enough");
}

TEST(each_goes_in_order_until_an_error)
{
	struct walk w = { buf_new(t->pool, 100), 9 };
	struct json *j;

	ERR(READ("{\"c\":1,\"a\":2,\"b\":3}"));
	ERR(json_each(j, visit, &w));
	CHECK_TEXT(w.keys.p, "cab");
	w.left = 2;
	CHECK_ERR(json_each(j, visit, &w), ERR_CONFLICT);
	CHECK_TEXT(w.keys.p, "cabca");
	return NULL;
}

struct args {
	const char *title, *size;
	int64_t n;
	double d;
	bool b;
	struct json_texts tags;
	struct json *any;
};
static const struct json_field fields[] = {
	{ "title", JSON_TEXT, JSON_REQUIRED, offsetof(struct args, title), 1, 5, NULL, "what" },
	{ "size", JSON_TEXT, 0, offsetof(struct args, size), 0, 0, "small large", NULL },
	{ "n", JSON_INT, 0, offsetof(struct args, n), 1, 9, NULL, NULL },
	{ "d", JSON_DOUBLE, 0, offsetof(struct args, d), 0, 0, NULL, NULL },
	{ "b", JSON_BOOL, 0, offsetof(struct args, b), 0, 0, NULL, NULL },
	{ "tags", JSON_TEXTS, 0, offsetof(struct args, tags), 0, 2, NULL, NULL },
	{ "any", JSON_ANY, 0, offsetof(struct args, any), 0, 0, NULL, NULL },
	{ 0 },
};

static err_t *decode(struct test *t, const char *text, struct args *args, uint64_t *seen)
{
	struct json *j;

	ERR(json_read(t->pool, text, strlen(text), &j));
	return json_decode(t->pool, j, fields, args, seen);
}

TEST(a_table_fills_a_struct)
{
	struct args a = { 0 };
	uint64_t seen = 0;

	ERR(decode(
		t,
		"{\"tags\":[\"x\",\"y\"],\"title\":\"pão\",\"n\":9,\"d\":2,\"b\":true,\"size\":\"large\",\"any\":[1]}",
		&a, &seen));
	CHECK_INT(seen, 0x7F);
	CHECK_TEXT(a.title, "pão");
	CHECK_TEXT(a.size, "large");
	CHECK_INT(a.n, 9);
	CHECK(a.d == 2 && a.b);
	CHECK_INT(a.tags.n, 2);
	CHECK_TEXT(a.tags.v[1], "y");
	CHECK_INT(json_len(a.any), 1);

	struct args few = { 0 };
	ERR(decode(t, "{\"title\":\"x\",\"n\":null}", &few, &seen));
	CHECK_INT(seen, 1);
	return NULL;
}

TEST(a_table_refuses_by_name)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{ "{\"title\":\"x\",\"user_id\":1}", "\"user_id\": unknown field" },
		{ "{}", "\"title\": missing" },
		{ "{\"title\":null}", "\"title\": not a string" },
		{ "{\"title\":5}", "\"title\": not a string" },
		{ "{\"title\":\"\"}", "\"title\": length in bytes must be 1 to 5" },
		{ "{\"title\":\"pãoã\"}", "\"title\": length in bytes must be 1 to 5" },
		{ "{\"title\":\"a\\u0000\"}", "\"title\": holds a NUL" },
		{ "{\"title\":\"x\",\"size\":\"smal\"}", "\"size\": not one of small large" },
		{ "{\"title\":\"x\",\"size\":\"\"}", "\"size\": not one of small large" },
		{ "{\"title\":\"x\",\"size\":\"small large\"}", "\"size\": not one of small large" },
		{ "{\"title\":\"x\",\"n\":0}", "\"n\": value must be 1 to 9" },
		{ "{\"title\":\"x\",\"n\":5.0}", "\"n\": not an integer" },
		{ "{\"title\":\"x\",\"n\":\"5\"}", "\"n\": not an integer" },
		{ "{\"title\":\"x\",\"b\":1}", "\"b\": not true or false" },
		{ "{\"title\":\"x\",\"d\":\"1\"}", "\"d\": not a number" },
		{ "{\"title\":\"x\",\"tags\":[\"a\",\"b\",\"c\"]}",
		  "\"tags\": number of entries must be 0 to 2" },
		{ "{\"title\":\"x\",\"tags\":[1]}", "\"tags\": not an array of strings" },
		{ "[]", "not an object" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct args a = { 0 };
		uint64_t seen = 0;
		err_t *err = decode(t, cases[i].text, &a, &seen);
		CHECK(err != NULL);
		CHECK_INT(err->code, ERR_INVALID);
		CHECK_TEXT(err_message(err), cases[i].message);
		CHECK_INT(seen, 0);
		err_clear(err);
	}
	return NULL;
}

TEST(a_table_is_its_schema)
{
	CHECK_TEXT(json_write(t->pool, json_schema(t->pool, fields)),
		   "{\"type\":\"object\",\"properties\":{"
		   "\"title\":{\"type\":\"string\",\"description\":\"what\",\"minLength\":1,\"maxLength\":5},"
		   "\"size\":{\"type\":\"string\",\"enum\":[\"small\",\"large\"]},"
		   "\"n\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":9},"
		   "\"d\":{\"type\":\"number\"},\"b\":{\"type\":\"boolean\"},"
		   "\"tags\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},\"maxItems\":2},"
		   "\"any\":{}},\"required\":[\"title\"]}");
	return NULL;
}
