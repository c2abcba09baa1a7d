#include "core/req.h"
#include "core/clock.h"
#include "core/crypt.h"

#include <stdio.h>
#include <string.h>

#define SHORT_TRACE 8

static const char *const role_names[] = {
	[ROLE_NONE] = "none",   [ROLE_GUEST] = "guest", [ROLE_USER] = "user",
	[ROLE_ADMIN] = "admin", [ROLE_OWNER] = "owner",
};

static const struct config *serving;

void req_serve(const struct config *config)
{
	serving = config;
}

struct req *req_begin(const char *trace)
{
	apr_pool_t *pool = pool_root();
	struct req *req = MEM_NEW(pool, struct req);

	req->pool = pool;
	req->now = clock_now();
	req->zone = "America/Sao_Paulo";
	req->config = serving;
	if (!trace)
		trace = crypt_random_hex(pool, (sizeof(req->trace) - 1) / 2);
	snprintf(req->trace, sizeof(req->trace), "%s", trace);
	return req;
}

struct req *req_copy(const struct req *from)
{
	struct req *req = req_begin(from->trace);
	apr_pool_t *pool = req->pool;

	*req = *from;
	req->pool = pool;
	req->undo_ref = NULL;
	req->zone = mem_text(pool, from->zone);
	return req;
}

void req_end(struct req *req)
{
	pool_free(req->pool);
}

const char *req_short(const struct req *req)
{
	return mem_textn(req->pool, req->trace, strnlen(req->trace, SHORT_TRACE));
}

enum role role_of(const char *name)
{
	for (enum role r = ROLE_GUEST; name && r <= ROLE_OWNER; r++)
		if (strcmp(role_names[r], name) == 0)
			return r;
	return ROLE_NONE;
}

const char *role_name(enum role role)
{
	return role <= ROLE_OWNER ? role_names[role] : "none";
}

enum autonomy autonomy_of(const char *name)
{
	if (name && strcmp(name, "suggest") == 0)
		return AUTONOMY_SUGGEST;
	return name && strcmp(name, "auto") == 0 ? AUTONOMY_AUTO : AUTONOMY_CONFIRM;
}
