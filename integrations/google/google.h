/* google: one call to an API of Google with a person's account: token, refresh, one repeat after 401, backoff, quota.
 * Needs: http, json, google_account. Used by: integrations/google, tools.
 * Not inside a transaction. Nothing of what is asked or answered is logged. */
#ifndef INTEGRATIONS_GOOGLE_GOOGLE_H
#define INTEGRATIONS_GOOGLE_GOOGLE_H

#include "core/config.h"
#include "core/json.h"
#include "core/req.h"

enum google_api {
	GOOGLE_CALENDAR_API, /* GOOGLE_API_BASE/calendar/v3 */
	GOOGLE_DRIVE_API,    /* GOOGLE_API_BASE/drive/v3 */
	GOOGLE_UPLOAD_API,   /* GOOGLE_API_BASE/upload/drive/v3 */
	GOOGLE_GMAIL_API,    /* GMAIL_API_BASE/gmail/v1/users/me */
};

struct google_request {
	enum google_api api;
	const char *method;
	const char *path; /* after the base, with its query: "/calendars/primary/events?sendUpdates=none" */
	const struct json *body; /* or bytes: */
	const void *bytes;
	size_t bytes_n;
	const char *type;     /* of bytes */
	const char *if_match; /* an etag as it came, quotes included; NULL: none */
	int64_t units;        /* of the person's quota a minute; 0: 1 */
	size_t reply_max;     /* bytes; 0: LIMIT_HTTP_REPLY */
	bool raw;             /* the answer is bytes; of any other what is no JSON is no answer */
	bool once; /* a GET is tried again after 429, 5xx and a lost answer; with this it is not, as nothing else is */
};

struct google_reply {
	long status;       /* 2xx, 304, 404, 409, 410, 412: all that says something about the thing itself */
	struct json *body; /* NULL: empty, or no JSON */
	const char *bytes; /* as it came; never NULL */
	size_t n;
	const char *
		reason; /* of an answer that is no 2xx, as "notFound"; also of an error; "" when none was told */
	bool maybe_sent; /* also of an error: whether the request can have had an effect */
};

/* Calls. The reply lives in req->pool. Errors:
 *   ERR_AUTH_ERROR   the account is to be connected anew: the person has been told once
 *   ERR_DENIED       not allowed, or not in the scopes: reason says why; it did not happen
 *   ERR_RATE_LIMIT   too fast, or a quota is spent (ours of the person's minute too); it did not happen
 *   ERR_INVALID      400: the request is wrong; it did not happen
 *   ERR_UNAVAILABLE  5xx; ERR_TIMEOUT, ERR_HTTP: no whole answer. It may have happened where maybe_sent says so
 *   ERR_NOT_FOUND    the person has no such account */
NODISCARD err_t *google_call(struct req *req, int64_t account_id, const struct google_request *request,
			     struct google_reply *ret_reply);

/* For tests: how long the first retry waits (0: a second). */
void google_tune(int64_t backoff_ms);

#endif
