/* One request from its path to its answer: the rules that all of Google's APIs share. */
#include "tests/standins/google_world.h"

#include "core/text.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char common_params[] = "fields prettyPrint quotaUser alt";

static const struct {
	unsigned status;
	const char *word;
} words[] = {
	{ 400, "INVALID_ARGUMENT" },   { 401, "UNAUTHENTICATED" }, { 403, "PERMISSION_DENIED" },
	{ 404, "NOT_FOUND" },          { 409, "ALREADY_EXISTS" },  { 412, "FAILED_PRECONDITION" },
	{ 429, "RESOURCE_EXHAUSTED" }, { 500, "INTERNAL" },        { 503, "UNAVAILABLE" },
	{ 504, "DEADLINE_EXCEEDED" },
};

/* --- answers --- */

void say_header(struct ask *ask, const char *name, const char *value)
{
	if (!ask->answer.headers)
		ask->answer.headers = json_object(ask->pool);
	json_set_text(ask->answer.headers, name, value);
}

static const char *domain_of(const char *reason)
{
	if (text_has_word("rateLimitExceeded userRateLimitExceeded quotaExceeded dailyLimitExceeded "
			  "accessNotConfigured tooManyRequests",
			  reason))
		return "usageLimits";
	return text_has_word("fullSyncRequired updatedMinTooLongAgo timeRangeEmpty forbiddenForNonOrganizer",
			     reason)
		       ? "calendar"
		       : "global";
}

/* What Google adds for a token that lacks a scope, and for an API that the project has not switched on. */
static struct json *details_of(struct ask *ask, const char *reason)
{
	const char *why = text_same(reason, "insufficientPermissions") ? "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
			  : text_same(reason, "accessNotConfigured")   ? "SERVICE_DISABLED"
								       : NULL;
	struct json *list, *o;

	if (!why)
		return NULL;
	list = json_array(ask->pool);
	o = json_object(ask->pool);
	json_set_text(o, "@type", "type.googleapis.com/google.rpc.ErrorInfo");
	json_set_text(o, "reason", why);
	json_set_text(o, "domain", "googleapis.com");
	json_push(list, o);
	return list;
}

static const char *error_body(struct ask *ask, unsigned status, const char *reason, const char *message)
{
	struct json *root = json_object(ask->pool), *error = json_object(ask->pool),
		    *list = json_array(ask->pool), *one = json_object(ask->pool);

	json_set_text(one, "domain", domain_of(reason));
	json_set_text(one, "reason", reason);
	json_set_text(one, "message", message);
	json_push(list, one);
	json_set_int(error, "code", status);
	json_set_text(error, "message", message);
	json_set(error, "errors", list);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (words[i].status == status)
			json_set_text(error, "status", words[i].word);
	if (details_of(ask, reason))
		json_set(error, "details", details_of(ask, reason));
	json_set(root, "error", error);
	return json_write(ask->pool, root);
}

bool deny(struct ask *ask, unsigned status, const char *reason, const char *fmt, ...)
{
	char *text = NULL;
	va_list args;

	if (ask->answer.status)
		return false;
	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		abort();
	va_end(args);
	ask->answer.status = status;
	ask->answer.type = "application/json; charset=UTF-8";
	ask->answer.body = error_body(ask, status, reason, text);
	ask->answer.n = strlen(ask->answer.body);
	if (status == 401)
		say_header(ask, "WWW-Authenticate",
			   "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"");
	if (text_same(reason, "insufficientPermissions"))
		say_header(ask, "WWW-Authenticate",
			   "Bearer realm=\"https://accounts.google.com/\", error=\"insufficient_scope\"");
	free(text);
	return false;
}

void say_bytes(struct ask *ask, const char *type, const void *p, size_t n)
{
	if (ask->answer.status)
		return;
	ask->answer.status = 200;
	ask->answer.type = type;
	ask->answer.body = p;
	ask->answer.n = n;
}

void say_nothing(struct ask *ask, unsigned status)
{
	if (ask->answer.status)
		return;
	say_bytes(ask, NULL, "", 0);
	ask->answer.status = status;
}

void say_json(struct ask *ask, struct json *j)
{
	const char *fields = param(ask, "fields"), *text;

	if (fields && ask->route && ask->route->quota) {
		j = fields_select(ask->pool, j, fields);
		if (!j) {
			deny(ask, 400, "invalidParameter", "Invalid field selection %s", fields);
			return;
		}
	}
	text = json_write(ask->pool, j);
	say_bytes(ask, "application/json; charset=UTF-8", text, strlen(text));
}

/* --- requests --- */

const char *param(const struct ask *ask, const char *name)
{
	return query_value(&ask->query, name, 0);
}

bool param_true(const struct ask *ask, const char *name)
{
	return text_same(param(ask, name), "true");
}

bool param_int(struct ask *ask, const char *name, int64_t usual, int64_t least, int64_t most, int64_t *ret)
{
	const char *text = param(ask, name);
	int64_t value = usual;

	if (text && (!text_int(text, &value) || value < least))
		return deny(ask, 400, "invalid", "Invalid value '%s' for %s.", text, name);
	*ret = value < most ? value : most;
	return true;
}

bool param_bools(struct ask *ask, const char *names)
{
	for (size_t i = 0; i < ask->query.n; i++)
		if (text_has_word(names, ask->query.pairs[i].name) &&
		    !text_has_word("true false", ask->query.pairs[i].value))
			return deny(ask, 400, "invalid", "Invalid value for boolean %s.",
				    ask->query.pairs[i].name);
	return true;
}

struct allowed {
	struct ask *ask;
	const char *words, *where;
};

static err_t *check_field(void *ctx, const char *key, struct json *value)
{
	struct allowed *a = ctx;

	(void)value;
	if (!text_has_word(a->words, key))
		deny(a->ask, 400, "badRequest",
		     "Invalid JSON payload received. Unknown name \"%s\" at '%s': Cannot find field.", key,
		     a->where);
	return NULL;
}

bool only_fields(struct ask *ask, const struct json *o, const char *names, const char *where)
{
	struct allowed a = { ask, names, where };

	if (!json_is_object(o))
		return deny(ask, 400, "parseError", "'%s' is no object", where);
	err_clear(json_each(o, check_field, &a));
	return !ask->answer.status;
}

bool body_needed(struct ask *ask)
{
	const char *type = json_text(ask->headers, "content-type");

	if (!text_starts(type ? type : "", "application/json"))
		return deny(ask, 400, "parseError", "This API does not support parsing form-encoded input.");
	if (!json_is_object(ask->body))
		return deny(ask, 400, "parseError", "Parse Error");
	return true;
}

static const char *page_hash(struct ask *ask)
{
	struct buf b = buf_new(ask->pool, 65536);

	buf_text(&b, ask->path);
	for (size_t i = 0; i < ask->query.n; i++)
		if (!text_same(ask->query.pairs[i].name, "pageToken"))
			buf_fmt(&b, "\n%s=%s", ask->query.pairs[i].name, ask->query.pairs[i].value);
	return mem_textn(ask->pool, sha256_hex(ask->pool, b.p, b.n), 16);
}

const char *page_token(struct ask *ask, const char *where)
{
	const char *text = mem_fmt(ask->pool, "%s %s", page_hash(ask), where);

	return base64_url(ask->pool, text, strlen(text), false);
}

const char *page_where(struct ask *ask)
{
	const char *token = param(ask, "pageToken"), *text;
	size_t n;

	if (!token)
		return "";
	text = base64_url_read(ask->pool, token, &n);
	if (!text || n < 18 || strncmp(text, page_hash(ask), 16) != 0) {
		deny(ask, 400, "invalid", "Invalid page token value.");
		return NULL;
	}
	return text + 17;
}

/* --- the way of a request --- */

/* Whether the path fits, segment by segment; what stands for {} is decoded into part. */
static bool fits(struct ask *ask, const char *pattern)
{
	const char *at = ask->path;
	size_t parts = 0;

	while (*pattern) {
		size_t n = strcspn(pattern + 1, "/"), have = *at == '/' ? strcspn(at + 1, "/") : 0;

		if (*at != '/' || !have)
			return false;
		if (n == 2 && pattern[1] == '{') {
			char *part = mem_textn(ask->pool, at + 1, have);

			if (!query_decode_path(part))
				return false;
			ask->part[parts++] = part;
		} else if (n != have || strncmp(at + 1, pattern + 1, n) != 0) {
			return false;
		}
		pattern += n + 1;
		at += have + 1;
	}
	return !*at;
}

/* The route of path and method; a path that is there for other methods only is kept in *ret_other. */
static const struct route *route_in(struct ask *ask, const struct route *routes, bool *ret_other)
{
	for (; routes->name; routes++)
		if (fits(ask, routes->pattern)) {
			if (text_same(routes->method, ask->method))
				return routes;
			*ret_other = true;
		}
	return NULL;
}

static bool find_route(struct ask *ask)
{
	static const struct route *const all[] = { oauth_routes, calendar_routes, gmail_routes,
						   drive_routes };
	bool other = false;

	for (size_t i = 0; !ask->route && i < sizeof all / sizeof *all; i++)
		ask->route = route_in(ask, all[i], &other);
	if (ask->route)
		return true;
	return other ? deny(ask, 405, "httpMethodNotAllowed", "The method is not allowed here.")
		     : deny(ask, 404, "notFound", "Not Found");
}

static bool params_known(struct ask *ask)
{
	for (size_t i = 0; i < ask->query.n; i++) {
		const char *name = ask->query.pairs[i].name;

		if (!text_has_word(ask->route->params, name) && !text_has_word(common_params, name))
			return deny(ask, 400, "badRequest",
				    "Invalid JSON payload received. Unknown name \"%s\": Cannot bind query "
				    "parameter.",
				    name);
	}
	return true;
}

/* A body that says it is JSON, and is none. */
static bool body_good(struct ask *ask)
{
	const char *type = json_text(ask->headers, "content-type");

	if (ask->raw_n && text_starts(type ? type : "", "application/json") && !ask->body)
		return deny(ask, 400, "parseError", "Parse Error");
	return true;
}

static bool may(struct ask *ask)
{
	if (!ask->route->scopes)
		return true;
	if (!oauth_check(ask))
		return false;
	if (!oauth_has(ask, ask->route->scopes))
		return deny(ask, 403, "insufficientPermissions",
			    "Request had insufficient authentication scopes.");
	return fault_quota(ask);
}

static void serve_route(struct ask *ask)
{
	if (!ask->plain && fault_before(ask))
		return;
	if (ask->answer.hold == HOLD_BEFORE)
		return;
	if (may(ask) && (!ask->route->quota || params_known(ask)) && body_good(ask))
		ask->route->serve(ask);
	if (!ask->plain)
		fault_after(ask);
}

void serve(struct ask *ask)
{
	if (find_route(ask))
		serve_route(ask);
	if (ask->answer.hold != HOLD_BEFORE)
		world_record(ask, ask->answer.drop ? 0 : ask->answer.status);
}
