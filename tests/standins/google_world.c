#include "tests/standins/google_world.h"

#include "core/crypt.h"
#include "core/text.h"
#include "core/zone.h"
#include <stdlib.h>
#include <string.h>

#define CALLS_MAX 100000

struct world world;

void list_add(struct list *l, void *p)
{
	if (l->n == l->cap) {
		l->cap = l->cap ? 2 * l->cap : 16;
		l->v = realloc(l->v, l->cap * sizeof *l->v);
		if (!l->v)
			abort();
	}
	l->v[l->n++] = p;
}

void list_drop(struct list *l, const void *p)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i] == p) {
			memmove(l->v + i, l->v + i + 1, (l->n - i - 1) * sizeof *l->v);
			l->n--;
			return;
		}
}

int64_t world_next(void)
{
	return ++world.serial;
}

char *world_keep(const char *s)
{
	char *copy = s ? strdup(s) : NULL;

	if (s && !copy)
		abort();
	return copy;
}

void world_replace(char **to, const char *s)
{
	char *old = *to;

	*to = world_keep(s);
	free(old);
}

struct account *world_account(const char *email)
{
	for (size_t i = 0; i < world.accounts.n; i++) {
		struct account *a = world.accounts.v[i];

		if (text_same(a->email, email) || text_same(a->sub, email))
			return a;
	}
	return NULL;
}

bool zone_known(const char *name)
{
	const struct zone *zone;
	err_t *err = name ? zone_find(name, &zone) : NULL;
	bool known = !err;

	err_clear(err);
	return known;
}

struct account *world_account_new(const char *email, const char *name, const char *sub, const char *zone)
{
	apr_pool_t *pool = pool_child(world.pool);
	struct account *a = MEM_NEW(pool, struct account);

	a->pool = pool;
	a->email = mem_text(pool, email);
	a->name = mem_text(pool, name ? name : "Ana Souza");
	a->sub = sub ? mem_text(pool, sub) : mem_fmt(pool, "1098765432%011lld", (long long)world_next());
	a->zone = mem_text(pool, zone ? zone : "America/Sao_Paulo");
	a->granted = "";
	a->aliases = "";
	list_add(&world.accounts, a);
	return a;
}

void world_record(const struct ask *ask, unsigned status)
{
	struct call *c = calloc(1, sizeof *c);

	if (!c)
		abort();
	c->number = (int64_t)world.calls.n;
	c->name = world_keep(ask->route ? ask->route->name : "");
	c->method = world_keep(ask->method);
	c->path = world_keep(ask->route && text_starts(ask->route->name, "oauth.") ? ask->path
			     : *ask->query_text ? mem_fmt(ask->pool, "%s?%s", ask->path, ask->query_text)
						: ask->path);
	c->account = world_keep(ask->account ? ask->account->email : "");
	c->fault = world_keep(ask->fault);
	c->status = status;
	if (world.calls.n < CALLS_MAX)
		list_add(&world.calls, c);
}

int64_t world_calls(const char *name)
{
	int64_t n = 0;

	for (size_t i = 0; i < world.calls.n; i++)
		n += !*name || text_same(((struct call *)world.calls.v[i])->name, name);
	return n;
}

void world_init(void)
{
	world.pool = pool_root();
	world_account_new("ana@example.org", "Ana Souza", NULL, NULL);
}
