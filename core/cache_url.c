#include "core/cache.h"

#include "core/text.h"
#include <ctype.h>
#include <string.h>

enum { PORT = 6379, UNIX_PATH = 108 };

static int hex_digit(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

/* %40 -> @ */
static const char *decoded(apr_pool_t *pool, const char *s, size_t n)
{
	char *out = mem_textn(pool, s, n), *to = out;

	for (const char *from = out; *from; from++, to++) {
		*to = *from;
		if (*from == '%' && isxdigit((unsigned char)from[1]) && isxdigit((unsigned char)from[2])) {
			*to = (char)(hex_digit(from[1]) * 16 + hex_digit(from[2]));
			from += 2;
		}
	}
	*to = '\0';
	return out;
}

static bool port_read(const char *s, int *ret)
{
	int64_t port;

	if (!text_int(s, &port) || port < 1 || port > 65535)
		return false;
	*ret = (int)port;
	return true;
}

/* host, host:port, [v6], [v6]:port */
static bool host_read(apr_pool_t *pool, const char *s, struct cache_url *ret)
{
	const char *end = *s == '[' ? strchr(s, ']') : s + strcspn(s, ":"), *rest;

	if (!end || end == s)
		return false;
	rest = *s == '[' ? end + 1 : end;
	ret->host = *s == '[' ? mem_textn(pool, s + 1, (size_t)(end - s - 1))
			      : mem_textn(pool, s, (size_t)(end - s));
	ret->port = PORT;
	return *ret->host && (!*rest || (*rest == ':' && port_read(rest + 1, &ret->port)));
}

static bool db_read(const char *s, int64_t *ret)
{
	return text_int(s, ret) && *ret >= 0 && *ret < 100000;
}

static bool tcp_read(apr_pool_t *pool, const char *s, struct cache_url *ret)
{
	const char *at = strrchr(s, '@'), *slash;

	if (at) {
		size_t user = strcspn(s, ":");

		if (s + user >= at)
			return false;
		ret->user = decoded(pool, s, user);
		ret->password = decoded(pool, s + user + 1, (size_t)(at - s) - user - 1);
		s = at + 1;
	}
	slash = strchr(s, '/');
	if (slash && slash[1] && !db_read(slash + 1, &ret->db))
		return false;
	return host_read(pool, slash ? mem_textn(pool, s, (size_t)(slash - s)) : s, ret);
}

static bool unix_read(apr_pool_t *pool, const char *s, struct cache_url *ret)
{
	size_t n = strcspn(s, "?");

	ret->path = mem_textn(pool, s, n);
	return *s == '/' && n < UNIX_PATH &&
	       (!s[n] || (text_starts(s + n, "?db=") && db_read(s + n + 4, &ret->db)));
}

err_t *cache_url_read(apr_pool_t *pool, const char *url, struct cache_url *ret)
{
	struct cache_url read = { .user = "", .password = "" };
	bool ok = false;

	if (text_starts(url, "rediss://"))
		return err_new(ERR_CONFIG, "rediss:// (TLS) is not supported");
	if (text_starts(url, "redis://"))
		ok = tcp_read(pool, url + strlen("redis://"), &read);
	else if (text_starts(url, "unix://"))
		ok = unix_read(pool, url + strlen("unix://"), &read);
	if (!ok)
		return err_new(ERR_CONFIG,
			       "not redis://[user:password@]host[:port][/db] or unix:///path[?db=N]");
	*ret = read;
	return NULL;
}
