#include "bot/web/web_session.h"

#include "bot/web/web_answer.h"
#include "bot/web/web_input.h"
#include "core/text.h"
#include "db/session.h"
#include <string.h>

static bool https(const struct web_request *r)
{
	return text_starts(r->config->public_url, "https://");
}

static const char *cookie_name(const struct web_request *r, const char *what)
{
	return mem_fmt(r->pool, "%slembra_%s", https(r) ? "__Host-" : "", what);
}

static bool token_like(const char *s)
{
	return s && strlen(s) == SESSION_TOKEN && strspn(s, "0123456789abcdef") == SESSION_TOKEN;
}

const char *web_session_token(const struct web_request *r, bool *ret_cookie)
{
	const char *given = web_server_header(r, "Authorization");

	*ret_cookie = !given;
	if (!given)
		given = web_input_cookie(r, cookie_name(r, "session"));
	else if (strncasecmp(given, "Bearer ", 7) == 0)
		given = mem_text(r->pool, given + 7 + strspn(given + 7, " "));
	return token_like(given) ? given : NULL;
}

/* scheme://host[:port] as browsers write it; PUBLIC_URL may go on with a path. */
static const char *own_origin(const struct web_request *r)
{
	const char *url = r->config->public_url, *host = web_server_header(r, "Host");
	const char *authority = strstr(url, "://");

	if (!authority)
		return mem_fmt(r->pool, "http://%s", host ? host : "");
	authority += 3;
	return mem_textn(r->pool, url, (size_t)(authority - url) + strcspn(authority, "/"));
}

bool web_session_same_origin(const struct web_request *r)
{
	const char *site = web_server_header(r, "Sec-Fetch-Site"), *origin = web_server_header(r, "Origin");

	if (site && strcmp(site, "same-origin") != 0)
		return false;
	if (origin)
		return strcasecmp(origin, own_origin(r)) == 0;
	return site;
}

bool web_session_elsewhere(const struct web_request *r)
{
	const char *site = web_server_header(r, "Sec-Fetch-Site"), *origin = web_server_header(r, "Origin");

	if (site)
		return strcmp(site, "same-origin") != 0;
	return origin && strcmp(origin, "null") != 0 && strcasecmp(origin, own_origin(r)) != 0;
}

const char *web_session_token_read(const char *s)
{
	return token_like(s) ? s : NULL;
}

const char *web_session_consent(const struct web_request *r)
{
	return web_session_token_read(web_input_cookie(r, cookie_name(r, "consent")));
}

static NODISCARD err_t *cookie_set(struct web_request *r, const char *what, const char *token, int64_t life_s)
{
	return web_answer_header(r, "Set-Cookie",
				 mem_fmt(r->pool, "%s=%s; Path=/; Max-Age=%lld; HttpOnly; SameSite=Lax%s",
					 cookie_name(r, what), token ? token : "",
					 token ? (long long)life_s : 0LL, https(r) ? "; Secure" : ""));
}

err_t *web_session_cookie(struct web_request *r, const char *token, int64_t life_s)
{
	return cookie_set(r, "session", token, life_s);
}

err_t *web_session_consent_cookie(struct web_request *r, const char *token, int64_t life_s)
{
	return cookie_set(r, "consent", token, life_s);
}
