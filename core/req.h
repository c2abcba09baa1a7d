/* req: one request, whoever started it: a message, a button, a job, a command line.
 * Needs: mem, i18n. Used by: everything.
 * Lives in its own root pool; everything it holds dies with it. */
#ifndef CORE_REQ_H
#define CORE_REQ_H

#include "core/i18n.h"
#include "core/mem.h"

enum role { ROLE_NONE, ROLE_GUEST, ROLE_USER, ROLE_ADMIN, ROLE_OWNER };

/* How much is done without asking (the person's setting). Nothing that leaves the house is ever done without. */
enum autonomy {
	AUTONOMY_CONFIRM, /* what can be undone runs; the rest asks */
	AUTONOMY_SUGGEST, /* everything that was said in free text asks */
	AUTONOMY_AUTO,    /* only what leaves the house asks */
};

struct req {
	apr_pool_t *pool;
	char trace[33];  /* 128 bits as hex; people hear the first 8 */
	int64_t now;     /* product time at which the request began */
	int64_t user_id; /* 0 = nobody: tx_begin_user refuses */
	enum role role;
	enum lang lang;
	const char *zone; /* IANA */
	int64_t bot_id, chat_id;
	int64_t update_id; /* 0 = not from an update */
	enum autonomy autonomy;
	const char *undo_ref;        /* set while a reversible act runs */
	const struct config *config; /* what req_serve was given; NULL before */
};

/* The settings that requests of this process carry from now on; not copied. Once, when a role starts to serve. */
void req_serve(const struct config *config);
/* A request in a root pool of its own, with a fresh trace when trace is NULL. */
struct req *req_begin(const char *trace);
/* The same request once more, in a root pool of its own: for what goes on beside it. It is ended before that one. */
struct req *req_copy(const struct req *from);
/* Frees it and all it owns. */
void req_end(struct req *req);
/* The part of the trace a person can read out: 8 characters, in the pool. */
const char *req_short(const struct req *req);
enum role role_of(const char *name); /* ROLE_NONE when unknown */
const char *role_name(enum role role);
enum autonomy autonomy_of(const char *name); /* AUTONOMY_CONFIRM when unknown */

#endif
