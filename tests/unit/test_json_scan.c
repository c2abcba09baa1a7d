#include "core/json.h"
#include "core/json_scan.h"
#include "core/limits.h"
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#define SCAN(s) json_scan((s), sizeof(s) - 1, NULL, 0)

TEST(what_is_json_passes)
{
	ERR(SCAN(" {\"a\": [1, -0, 2.5, 1e9, -0.5E-3, \"x\", null, true, false, [], {}]} \r\n\t"));
	ERR(SCAN("5"));
	ERR(SCAN("\"\""));
	ERR(SCAN("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\uDE00 \xC3\xA9 \xF0\x9F\x98\x80 \x7F\""));
	ERR(SCAN("\"\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF\""));
	return NULL;
}

static const char *const bad[] = {
	"",
	" ",
	"{",
	"[",
	"\"",
	"{\"a\"}",
	"{\"a\":}",
	"{\"a\":1,}",
	"{,}",
	"{a:1}",
	"{'a':1}",
	"[1,]",
	"[,]",
	"[1 2]",
	"[1}",
	"{\"a\":1]",
	"1 2",
	"[]]",
	"01",
	"-",
	"-a",
	"1.",
	".5",
	"-.5",
	"+1",
	"1e",
	"1e+",
	"0x1",
	"tru",
	"True",
	"nan",
	"NaN",
	"Infinity",
	"nullx",
	"[1]/**/",
	"\"\\x\"",
	"\"\\u12\"",
	"\"\\u12g4\"",
	"\"\\",
	"\"\\u",
	"\"a\nb\"",
	"\"a\x1F\"",
	"\"\x80\"",
	"\"\xC0\x80\"",
	"\"\xC3\"",
	"\"\xE0\x80\x80\"",
	"\"\xED\xA0\x80\"",
	"\"\xF0\x80\x80\x80\"",
	"\"\xF4\x90\x80\x80\"",
	"\"\xF5\x80\x80\x80\"",
	"\"12345678\x1F\"",
	"\"1234567\xFF\x39\"",
};

TEST(what_is_not_is_refused)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		CHECK_ERR(json_scan(bad[i], strlen(bad[i]), NULL, 0), ERR_INVALID);
	CHECK_ERR(SCAN("1\0"), ERR_INVALID);
	CHECK_ERR(SCAN("\"a\0\""), ERR_INVALID);
	CHECK_ERR(SCAN("\"\\\0\""), ERR_INVALID);
	return NULL;
}

TEST(depth_has_the_ceiling_of_json_read)
{
	char text[2 * LIMIT_JSON_DEPTH + 8];
	struct json *j;

	for (size_t depth = 1; depth <= LIMIT_JSON_DEPTH + 2; depth++)
		for (size_t full = 0; full < 2; full++) {
			memset(text, '[', depth);
			memset(text + depth, '1', full);
			memset(text + depth + full, ']', depth);
			err_t *scanned = json_scan(text, 2 * depth + full, NULL, 0),
			      *read = json_read(t->pool, text, 2 * depth + full, &j);
			bool ok = !scanned, same = ok == !read;
			err_clear(scanned);
			err_clear(read);
			CHECK(same);
			CHECK(ok == (depth + full <= LIMIT_JSON_DEPTH));
		}
	return NULL;
}

TEST(spots_are_found)
{
	static const char text[] =
		"{\"id\":7,\"x\":[{\"id\":8}],\"m\":{\"c\":{\"id\":-9,\"t\":\"p\\u00e9\"},\"b\":true,\"n\":null},\"m.b\":false,\"\\u006d2\":{\"a\":\"\"}}";
	struct json_spot s[] = { { .path = "id" },     { .path = "m" },    { .path = "m.c.id" },
				 { .path = "m.c.t" },  { .path = "m.b" },  { .path = "m.n" },
				 { .path = "m.none" }, { .path = "m2.a" }, { .path = "x.id" },
				 { .path = "m.c.id" } };
	int64_t n = 0;

	ERR(json_scan(text, sizeof(text) - 1, s, sizeof(s) / sizeof(*s)));
	CHECK(json_spot_int(&s[0], &n));
	CHECK_INT(n, 7);
	CHECK(json_spot_is_object(&s[1]));
	CHECK(json_spot_int(&s[2], &n));
	CHECK_INT(n, -9);
	CHECK_TEXT(json_spot_text(t->pool, &s[3]), "p\xC3\xA9");
	CHECK(json_spot_true(&s[4]));
	CHECK(!json_spot_true(&s[5]) && !json_spot_int(&s[5], &n) && !json_spot_text(t->pool, &s[5]));
	CHECK_TEXT(json_spot_text(t->pool, &s[6]), NULL);
	CHECK_TEXT(json_spot_text(t->pool, &s[7]), "");
	CHECK(!json_spot_int(&s[8], &n)); /* arrays are not entered */
	CHECK(json_spot_int(&s[9], &n));
	return NULL;
}

TEST(the_last_of_two_members_counts)
{
	struct json_spot s[] = { { .path = "a.b" }, { .path = "c" } };
	int64_t n = 0;

	ERR(json_scan("{\"a\":{\"b\":1},\"a\":{},\"c\":1,\"c\":2}", 32, s, 2));
	CHECK(!json_spot_int(&s[0], &n));
	CHECK(json_spot_int(&s[1], &n));
	CHECK_INT(n, 2);
	return NULL;
}

TEST(numbers_have_the_ends_of_json_int)
{
	static const struct {
		const char *text;
		bool ok;
		int64_t value;
	} cases[] = { { "0", true, 0 },
		      { "-0", true, 0 },
		      { "9223372036854775806", true, INT64_MAX - 1 },
		      { "-9223372036854775807", true, INT64_MIN + 1 },
		      { "9223372036854775807", false, 0 },
		      { "-9223372036854775808", false, 0 },
		      { "99999999999999999999", false, 0 },
		      { "1.0", false, 0 },
		      { "1e2", false, 0 },
		      { "\"1\"", false, 0 },
		      { "true", false, 0 } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *text = mem_fmt(t->pool, "{\"a\":%s}", cases[i].text);
		struct json_spot s = { .path = "a" };
		int64_t scanned = 0, read = 0;
		struct json *j;

		ERR(json_scan(text, strlen(text), &s, 1));
		ERR(json_read(t->pool, text, strlen(text), &j));
		CHECK(json_spot_int(&s, &scanned) == cases[i].ok && json_int(j, "a", &read) == cases[i].ok);
		CHECK_INT(scanned, cases[i].value);
		CHECK_INT(read, cases[i].value);
	}
	return NULL;
}

/* Changes a few bytes of b (n of them, room for size). */
static size_t mutate(char *b, size_t n, size_t size)
{
	static const char pieces[] =
		"{}[]:,\"\\/0123456789eE+-.truefalsn ud8c\x80\xC3\xA9\xED\xA0\xF0\n\t\x01"; /* and NUL */

	for (int left = rand() % 4; left > 0; left--) {
		size_t at = n ? (size_t)rand() % n : 0;
		char c = pieces[(size_t)rand() % sizeof(pieces)];
		int how = rand() % 3;

		if (how == 0 && n) {
			b[at] = c;
		} else if (how == 1 && n) {
			memmove(b + at, b + at + 1, --n - at);
		} else if (n < size) {
			memmove(b + at + 1, b + at, n++ - at);
			b[at] = c;
		}
	}
	return n;
}

/* Whether json-c takes what passes, and both say the same of it. */
static err_t *compare(struct test *t, apr_pool_t *pool, const char *text, size_t n)
{
	struct json_spot s[] = {
		{ .path = "a" }, { .path = "a.b" }, { .path = "a.b.c" }, { .path = "u" }, { .path = "u.t" }
	};
	err_t *err = json_scan(text, n, s, sizeof(s) / sizeof(*s));
	struct json *j;

	(void)t;
	if (err) {
		err_clear(err);
		return NULL;
	}
	ERR(json_read(pool, text, n, &j));
	for (size_t i = 0; i < sizeof(s) / sizeof(*s); i++) {
		int64_t scanned = 0, read = 0;
		bool is_object = json_is_object(j); /* json_at enters arrays too */

		CHECK_TEXT(json_spot_text(pool, &s[i]), is_object ? json_text(j, s[i].path) : NULL);
		CHECK(json_spot_int(&s[i], &scanned) == (is_object && json_int(j, s[i].path, &read)));
		CHECK_INT(scanned, read);
		CHECK(json_spot_true(&s[i]) == (is_object && json_true(j, s[i].path)));
		CHECK(json_spot_is_object(&s[i]) == (is_object && json_is_object(json_at(j, s[i].path))));
	}
	return NULL;
}

TEST(mutations_agree_with_json_c)
{
	static const char *const seeds[] = {
		"{\"a\":{\"b\":{\"c\":-12,\"d\":[1,2.5e3]},\"x\":\"\\u00e9\\ud83d\\ude00\\n\\/\"},\"u\":{\"t\":true}}",
		"{\"a\":\"\\ud800x\\udc00\\ud83d\\u0000\",\"u\":\"\xC3\xA9\xF0\x9F\x98\x80\",\"\\u0061\":{\"b\":1}}",
		"{\"a\":{\"b\":1,\"b\":\"12345678901234567890\"},\"a\":{\"b\":[]},\"u\":99999999999999999999}",
		"[[],{},[{}],-0.0e-1,\"a\",null,false]",
		"0",
		"\"\\\"\"",
	};
	apr_pool_t *pool = pool_child(t->pool);
	char b[512];

	srand(7);
	for (int round = 0; round < 60000; round++) {
		const char *seed = seeds[(size_t)round % (sizeof(seeds) / sizeof(*seeds))];
		size_t n = strlen(seed);

		for (size_t i = 0; i < n; i++)
			b[i] = seed[i];
		ERR(compare(t, pool, b, mutate(b, n, sizeof(b))));
		pool_clear(pool);
	}
	return NULL;
}
