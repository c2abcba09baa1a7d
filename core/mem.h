/* mem: request memory on APR pools, and growing buffers with a ceiling.
 * Needs: APR. Used by: everything.
 * One request = one root pool; allocation never returns NULL (out of memory aborts the process). */
#ifndef CORE_MEM_H
#define CORE_MEM_H

#include "core/err.h"
#include <apr_pools.h>
#include <stddef.h>

/* Once per process, before any pool. */
void mem_init(void);

/* A root pool with an allocator of its own, so that freeing it gives its memory back. */
apr_pool_t *pool_root(void);
apr_pool_t *pool_child(apr_pool_t *parent);
void pool_clear(apr_pool_t *pool);
void pool_free(apr_pool_t *pool);

/* Zeroed memory of the pool's life. With MEM=debug each is one malloc, so that ASan sees overruns. */
void *mem_alloc(apr_pool_t *pool, size_t n);
#define MEM_NEW(pool, type) ((type *)mem_alloc((pool), sizeof(type)))
void *mem_dup(apr_pool_t *pool, const void *p, size_t n);
/* Copies of text, NUL-terminated; NULL gives NULL. */
char *mem_text(apr_pool_t *pool, const char *s);
char *mem_textn(apr_pool_t *pool, const char *s, size_t n);
char *mem_fmt(apr_pool_t *pool, const char *fmt, ...) PRINTF(2, 3);

/* Calls fn(p) when the pool is cleared or freed: the birth certificate of a foreign object. */
void mem_cleanup(apr_pool_t *pool, void *p, void (*fn)(void *));

/* A growing buffer in a pool. p is NUL-terminated whenever it is not NULL. Past max, `over` is set
 * and nothing more is taken: the caller reads it once at the end with buf_check. */
struct buf {
	apr_pool_t *pool;
	char *p;
	size_t n, cap, max;
	bool over;
};
struct buf buf_new(apr_pool_t *pool, size_t max);
void buf_put(struct buf *b, const void *p, size_t n);
void buf_text(struct buf *b, const char *s);
void buf_char(struct buf *b, char c);
void buf_fmt(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
/* ERR_TOO_LARGE when something did not fit. */
NODISCARD err_t *buf_check(const struct buf *b);

#endif
