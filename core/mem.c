#include "core/mem.h"

#include <apr_allocator.h>
#include <apr_general.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Memory a root pool may keep after a clear: it makes an idle conversation cheap. */
#define POOL_KEEP (32 * 1024)
#define BUF_FIRST 256
/* What the heap may keep at its end before it shrinks, and the size from which a block is a mapping of its own:
 * at glibc's 128 KiB a busy process returns pages and faults them in again with every batch. */
#define HEAP_KEEP (2 * 1024 * 1024)
#define HEAP_MAPPED (1024 * 1024)

struct cleanup {
	void *p;
	void (*fn)(void *);
};

static int out_of_memory(int status)
{
	(void)status;
	abort();
}

static apr_status_t run_cleanup(void *data)
{
	struct cleanup *c = data;

	c->fn(c->p);
	return APR_SUCCESS;
}

/* Makes room for n more bytes and the NUL. */
static bool reserve(struct buf *b, size_t n)
{
	if (b->over || n > b->max - b->n) {
		b->over = true;
		return false;
	}
	if (b->n + n + 1 <= b->cap)
		return true;

	size_t cap = b->cap ? b->cap : BUF_FIRST;
	while (cap < b->n + n + 1)
		cap *= 2;
	if (cap > b->max + 1)
		cap = b->max + 1;

	char *p = mem_alloc(b->pool, cap);
	if (b->n)
		memcpy(p, b->p, b->n);
	b->p = p;
	b->cap = cap;
	return true;
}

void mem_init(void)
{
	static bool done;

	if (done)
		return;
	mallopt(M_TRIM_THRESHOLD, HEAP_KEEP);
	mallopt(M_MMAP_THRESHOLD, HEAP_MAPPED);
	if (apr_initialize() != APR_SUCCESS)
		abort();
	done = true;
}

apr_pool_t *pool_root(void)
{
	apr_allocator_t *allocator;
	apr_pool_t *pool;

	if (apr_allocator_create(&allocator) != APR_SUCCESS)
		abort();
	apr_allocator_max_free_set(allocator, POOL_KEEP);
	if (apr_pool_create_unmanaged_ex(&pool, out_of_memory, allocator) != APR_SUCCESS)
		abort();
	apr_allocator_owner_set(allocator, pool);
	return pool;
}

apr_pool_t *pool_child(apr_pool_t *parent)
{
	apr_pool_t *pool;

	if (apr_pool_create_ex(&pool, parent, out_of_memory, NULL) != APR_SUCCESS)
		abort();
	return pool;
}

void pool_clear(apr_pool_t *pool)
{
	apr_pool_clear(pool);
}

void pool_free(apr_pool_t *pool)
{
	apr_pool_destroy(pool);
}

void *mem_alloc(apr_pool_t *pool, size_t n)
{
#ifdef MEM_DEBUG
	void *p = calloc(1, n ? n : 1);

	if (!p)
		abort();
	mem_cleanup(pool, p, free);
#else
	void *p = apr_palloc(pool, n ? n : 1);

	memset(p, 0, n);
#endif
	return p;
}

void *mem_dup(apr_pool_t *pool, const void *p, size_t n)
{
	void *copy = mem_alloc(pool, n);

	if (n)
		memcpy(copy, p, n);
	return copy;
}

char *mem_text(apr_pool_t *pool, const char *s)
{
	return s ? mem_dup(pool, s, strlen(s) + 1) : NULL;
}

char *mem_textn(apr_pool_t *pool, const char *s, size_t n)
{
	if (!s)
		return NULL;

	char *copy = mem_alloc(pool, n + 1);
	memcpy(copy, s, n);
	return copy;
}

char *mem_fmt(apr_pool_t *pool, const char *fmt, ...)
{
	va_list args, again;
	va_start(args, fmt);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (n < 0)
		abort();

	char *s = mem_alloc(pool, (size_t)n + 1);
	vsnprintf(s, (size_t)n + 1, fmt, again);
	va_end(again);
	return s;
}

void mem_cleanup(apr_pool_t *pool, void *p, void (*fn)(void *))
{
	struct cleanup *c = apr_palloc(pool, sizeof(*c));

	*c = (struct cleanup){ p, fn };
	apr_pool_cleanup_register(pool, c, run_cleanup, apr_pool_cleanup_null);
}

struct buf buf_new(apr_pool_t *pool, size_t max)
{
	return (struct buf){ .pool = pool, .max = max };
}

void buf_put(struct buf *b, const void *p, size_t n)
{
	if (!reserve(b, n))
		return;
	if (n)
		memcpy(b->p + b->n, p, n);
	b->n += n;
	b->p[b->n] = '\0';
}

void buf_text(struct buf *b, const char *s)
{
	buf_put(b, s, strlen(s));
}

void buf_char(struct buf *b, char c)
{
	buf_put(b, &c, 1);
}

void buf_fmt(struct buf *b, const char *fmt, ...)
{
	va_list args, again;
	va_start(args, fmt);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (n < 0)
		abort();
	if (reserve(b, (size_t)n)) {
		vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
		b->n += (size_t)n;
	}
	va_end(again);
}

err_t *buf_check(const struct buf *b)
{
	if (b->over)
		return err_new(ERR_TOO_LARGE, "text over %zu bytes", b->max);
	return NULL;
}
