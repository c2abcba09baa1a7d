#include "core/limits.h"
#include "core/query.h"
#include "tests/test.h"
#include <string.h>

static const char *decoded(struct test *t, const char *s)
{
	char *copy = mem_text(t->pool, s);

	return query_decode_path(copy) ? copy : NULL;
}

TEST(paths_are_decoded_or_refused)
{
	static const char *const bad[] = { "/%",         "/%4",    "/%zz",          "/%4g",
					   "/%00",       "/a%00b", "/%0a",          "/%0D%0A",
					   "/%7f",       "/%ff",   "/%c3",          "/%c0%80",
					   "/%ed%a0%80", "/\x01",  "/%f4%90%80%80", "/%%41" };

	CHECK_TEXT(decoded(t, "/a+b"), "/a+b");
	CHECK_TEXT(decoded(t, "/%61%2F%c3%A3"), "/a/ã");
	CHECK_TEXT(decoded(t, "/%2541"), "/%41"); /* once */
	CHECK_TEXT(decoded(t, ""), "");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (decoded(t, bad[i]))
			return err_new(ERR_INTERNAL, "decoded: %s", bad[i]);
	return NULL;
}

static err_t *parse(struct test *t, const char *text, struct query *ret)
{
	return query_parse(t->pool, text, strlen(text), ret);
}

TEST(pairs_keep_their_order_and_may_repeat)
{
	struct query q;

	ERR(parse(t, "a=1&b=x+y%26%3D&&a=2&c&=v&d=%0D%0A=&", &q));
	CHECK_INT(q.n, 6);
	CHECK_TEXT(query_value(&q, "a", 0), "1");
	CHECK_TEXT(query_value(&q, "a", 1), "2");
	CHECK(!query_value(&q, "a", 2));
	CHECK_TEXT(query_value(&q, "b", 0), "x y&=");
	CHECK_TEXT(query_value(&q, "c", 0), "");
	CHECK_TEXT(query_value(&q, "", 0), "v");
	CHECK_TEXT(query_value(&q, "d", 0), "\r\n=");
	CHECK(!query_value(&q, "none", 0));
	ERR(parse(t, "", &q));
	CHECK_INT(q.n, 0);
	CHECK(!query_value(&q, "", 0));
	return NULL;
}

TEST(what_is_malformed_or_too_much_is_refused)
{
	static const char *const bad[] = {
		"a=%", "a=%0", "%=1", "a=%00", "a=%FF", "a=b&%zz", "a=\x7f", "a%1b"
	};
	char *many = mem_alloc(t->pool, LIMIT_QUERY_BYTES + 2);
	struct query q;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		CHECK_ERR(parse(t, bad[i], &q), ERR_INVALID);
	CHECK_ERR(query_parse(t->pool, "a=\0b", 4, &q), ERR_INVALID);
	memset(many, '&', LIMIT_QUERY_PAIRS - 1);
	ERR(parse(t, many, &q));
	memset(many, '&', LIMIT_QUERY_PAIRS);
	CHECK_ERR(parse(t, many, &q), ERR_INVALID);
	memset(many, 'a', LIMIT_QUERY_BYTES);
	ERR(parse(t, many, &q));
	many[LIMIT_QUERY_BYTES] = 'a';
	CHECK_ERR(parse(t, many, &q), ERR_INVALID);
	return NULL;
}

TEST(what_is_put_into_a_query_comes_out_again)
{
	const char *text = query_with(t->pool, "a", "x&y=z", "none", NULL, "b", "é +%", NULL);
	struct query query;

	CHECK_TEXT(text, "a=x%26y%3Dz&b=%C3%A9%20%2B%25");
	ERR(query_parse(t->pool, text, strlen(text), &query));
	CHECK_INT(query.n, 2);
	CHECK_TEXT(query_value(&query, "b", 0), "é +%");
	CHECK_TEXT(query_with(t->pool, NULL), "");
	CHECK_TEXT(query_encode(t->pool, "a/b#c@d~e"), "a%2Fb%23c%40d~e");
	return NULL;
}
