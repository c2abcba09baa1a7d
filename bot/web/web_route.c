#include "bot/web/web_route.h"

#include "core/text.h"
#include <string.h>

enum { ALLOW_MAX = 256 };

struct search {
	apr_pool_t *pool;
	const char *method, *path;
	struct web_param *params;
	const struct web_route *found, *near;
	struct buf allow;
};

static const struct web_route_entry none = { 0 }, *extra = &none;

static bool segment_fits(apr_pool_t *pool, char wildcard, const char *segment, size_t n,
			 struct web_param *param)
{
	if (!n || (wildcard == '#' && strspn(segment, "0123456789") != n))
		return false;
	*param = (struct web_param){ .text = mem_textn(pool, segment, n) };
	return wildcard == '*' || text_int(param->text, &param->number);
}

static bool path_matches(const struct search *s, const char *pattern)
{
	const char *path = s->path;

	for (struct web_param *param = s->params;; pattern++) {
		if (*pattern == '#' || *pattern == '*') {
			size_t n = strcspn(path, "/");

			if (!segment_fits(s->pool, *pattern, path, n, param++))
				return false;
			path += n;
		} else if (*pattern != *path) {
			return false;
		} else if (!*path++) {
			return true;
		}
	}
}

/* HEAD is GET's. */
static bool consider(void *ctx, const struct web_route *route)
{
	struct search *s = ctx;

	if (!path_matches(s, route->path))
		return true;
	s->near = route;
	if (strcmp(route->method, s->method) == 0) {
		s->found = route;
		return false;
	}
	buf_fmt(&s->allow, "%s%s%s", s->allow.n ? ", " : "", route->method,
		strcmp(route->method, "GET") ? "" : ", HEAD");
	return true;
}

static bool entries_each(const struct web_route_entry *entry,
			 bool (*fn)(void *ctx, const struct web_route *route), void *ctx)
{
	for (; entry->first; entry++)
		for (const struct web_route *route = entry->first; route->path; route++) {
			if (!fn(ctx, route))
				return false;
			if (!entry->many)
				break;
		}
	return true;
}

void web_route_extra(const struct web_route_entry *entries)
{
	extra = entries ? entries : &none;
}

void web_route_each(bool (*fn)(void *ctx, const struct web_route *route), void *ctx)
{
	if (entries_each(web_routes, fn, ctx))
		entries_each(extra, fn, ctx);
}

const struct web_route *web_route_find(apr_pool_t *pool, const char *method, const char *path,
				       struct web_param params[WEB_PARAMS], const char **ret_allow,
				       const struct web_route **ret_near)
{
	struct search s = { .pool = pool, .method = method, .path = path, .params = params };

	s.allow = buf_new(pool, ALLOW_MAX);
	web_route_each(consider, &s);
	*ret_allow = s.allow.p ? s.allow.p : "";
	*ret_near = s.near;
	return s.found;
}
