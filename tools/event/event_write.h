/* event_write: what is written at Google: one or more writes as one act outside, sent and looked for.
 * Needs: remote, google, google_calendar, google_say. Used by: tools/event.
 * An insert bears an id of ours, a change the etag it was read with, so that each may be sent again and happens once. A
 * change that meets another is merged where nobody else touched the same members, and refused where somebody did. */
#ifndef TOOLS_EVENT_EVENT_WRITE_H
#define TOOLS_EVENT_EVENT_WRITE_H

#include "integrations/google/google_event.h"
#include "tools/remote.h"

/* Writes under way to a request. */
struct event_writes {
	int64_t account, calendar_id;
	const char *calendar;
	bool tell;                /* Google mails those who take part */
	struct json *list, *back; /* back: what takes it back */
};
struct event_writes event_writes_new(apr_pool_t *pool, int64_t account, int64_t calendar_id,
				     const char *calendar, bool tell);

/* A new event. id NULL: the operation's. Taken back by deleting it. */
void event_write_insert(apr_pool_t *pool, struct event_writes *w, const char *id, struct json *body);
/* Members of an event as it was read. Taken back by giving them their old values. */
void event_write_patch(apr_pool_t *pool, struct event_writes *w, const struct google_event *event,
		       const struct json *was, struct json *body);
/* Taken back by confirming it again. */
void event_write_delete(apr_pool_t *pool, struct event_writes *w, const struct google_event *event,
			const struct json *was);
/* {account, row, calendar, tell, writes, back} */
struct json *event_writes_request(apr_pool_t *pool, const struct event_writes *w);

/* Of struct remote. */
NODISCARD err_t *event_write_send(struct req *req, const struct operation *op, enum remote_sent *ret_sent,
				  struct json **ret_result);
NODISCARD err_t *event_write_look(struct req *req, const struct operation *op, enum remote_sent *ret_sent,
				  struct json **ret_result);

/* A copy that belongs to nobody yet; NULL of NULL. */
struct json *event_copy(apr_pool_t *pool, const struct json *j);

#endif
