#include "tests/test.h"

#include <string.h>

static void count(void *p)
{
	++*(int *)p;
}

TEST(memory_is_zeroed_even_after_a_clear)
{
	apr_pool_t *pool = pool_root();

	for (int round = 0; round < 3; round++) {
		unsigned char *p = mem_alloc(pool, 5000);
		for (size_t i = 0; i < 5000; i++)
			CHECK_INT(p[i], 0);
		memset(p, 0xAA, 5000);
		pool_clear(pool);
	}
	pool_free(pool);
	return NULL;
}

TEST(copies_of_text)
{
	CHECK(mem_text(t->pool, NULL) == NULL);
	CHECK(mem_textn(t->pool, NULL, 3) == NULL);
	CHECK_TEXT(mem_text(t->pool, "olá"), "olá");
	CHECK_TEXT(mem_textn(t->pool, "abcdef", 3), "abc");
	CHECK_TEXT(mem_fmt(t->pool, "%s-%05d", "x", 42), "x-00042");
	CHECK(memcmp(mem_dup(t->pool, "a\0b", 3), "a\0b", 3) == 0);
	return NULL;
}

TEST(cleanups_run_once_with_the_pool)
{
	apr_pool_t *parent = pool_root(), *child = pool_child(parent);
	int parent_runs = 0, child_runs = 0;

	mem_cleanup(parent, &parent_runs, count);
	mem_cleanup(child, &child_runs, count);
	pool_clear(child);
	CHECK_INT(child_runs, 1);
	CHECK_INT(parent_runs, 0);
	mem_cleanup(child, &child_runs, count);
	pool_free(parent);
	CHECK_INT(child_runs, 2);
	CHECK_INT(parent_runs, 1);
	return NULL;
}

TEST(buffer_takes_up_to_its_ceiling)
{
	struct buf b = buf_new(t->pool, 10);

	CHECK(b.p == NULL);
	buf_text(&b, "12345");
	buf_char(&b, '6');
	buf_fmt(&b, "%d", 7890);
	CHECK_INT(b.n, 10);
	CHECK_TEXT(b.p, "1234567890");
	ERR(buf_check(&b));
	buf_char(&b, 'x');
	CHECK_TEXT(b.p, "1234567890");
	CHECK(b.over);
	buf_text(&b, "");
	CHECK_ERR(buf_check(&b), ERR_TOO_LARGE);
	return NULL;
}

TEST(buffer_grows_and_keeps_what_it_holds)
{
	struct buf b = buf_new(t->pool, 1 << 20);

	for (int i = 0; i < 20000; i++)
		buf_fmt(&b, "%05d,", i);
	ERR(buf_check(&b));
	CHECK_INT(b.n, 120000);
	CHECK(memcmp(b.p, "00000,00001,", 12) == 0);
	CHECK_TEXT(b.p + b.n - 6, "19999,");
	return NULL;
}

TEST(buffer_of_zero_bytes_holds_the_empty_text)
{
	struct buf b = buf_new(t->pool, 0);

	buf_text(&b, "");
	CHECK_TEXT(b.p, "");
	ERR(buf_check(&b));
	buf_char(&b, 'x');
	CHECK_ERR(buf_check(&b), ERR_TOO_LARGE);
	return NULL;
}
