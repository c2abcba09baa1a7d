#include "tools/event/event_write.h"

#include "core/clock.h"
#include "core/fiber.h"
#include "core/log.h"
#include "core/query.h"
#include "core/text.h"
#include "integrations/google/google_calendar.h"
#include "tools/google/google_say.h"
#include <string.h>

enum { ROUNDS = 3, MEET_LOOKS = 4, MEET_MS = 400 };

struct json *event_copy(apr_pool_t *pool, const struct json *j)
{
	const char *text = j ? json_write(pool, j) : NULL;
	struct json *copy = NULL;

	if (text) /* scalars too: as the only entry of a list */
		err_clear(json_read(pool, mem_fmt(pool, "[%s]", text), strlen(text) + 2, &copy));
	return copy ? json_item(copy, 0) : NULL;
}

/* --- building --- */

struct event_writes event_writes_new(apr_pool_t *pool, int64_t account, int64_t calendar_id,
				     const char *calendar, bool tell)
{
	return (struct event_writes){
		account, calendar_id, calendar, tell, json_array(pool), json_array(pool)
	};
}

static struct json *verb(apr_pool_t *pool, const char *name, const char *id)
{
	struct json *w = json_object(pool);

	json_set_text(w, "verb", name);
	if (id)
		json_set_text(w, "id", id);
	return w;
}

void event_write_insert(apr_pool_t *pool, struct event_writes *w, const char *id, struct json *body)
{
	struct json *one = verb(pool, "insert", id);

	json_set(one, "body", body);
	json_push(w->list, one);
	json_push(w->back, verb(pool, "delete", id));
}

/* What the members of body are in `was`. */
struct picking {
	apr_pool_t *pool;
	const struct json *was;
	struct json *to;
};

static err_t *pick_old(void *ctx, const char *key, struct json *value)
{
	struct picking *p = ctx;
	struct json *old = event_copy(p->pool, json_at(p->was, key));
	bool all_day = old && json_text(old, "date");

	(void)value;
	if (old && (text_same(key, "start") || text_same(key, "end"))) {
		json_set_text(old, all_day ? "dateTime" : "date", NULL);
		if (all_day)
			json_set_text(old, "timeZone", NULL);
	}
	if (old)
		json_set(p->to, key, old);
	else
		json_set_text(p->to, key, NULL);
	return NULL;
}

static struct json *old_of(apr_pool_t *pool, const struct json *was, const struct json *body)
{
	struct picking p = { pool, was, json_object(pool) };

	err_clear(json_each(body, pick_old, &p));
	return p.to;
}

void event_write_patch(apr_pool_t *pool, struct event_writes *w, const struct google_event *event,
		       const struct json *was, struct json *body)
{
	struct json *one = verb(pool, "patch", event->id), *back = verb(pool, "patch", event->id);

	json_set_text(one, "etag", event->etag);
	json_set(one, "base", old_of(pool, was, body));
	json_set(back, "base", event_copy(pool, body));
	json_set(back, "body", old_of(pool, was, body));
	json_set(one, "body", body);
	json_push(w->list, one);
	json_push(w->back, back);
}

void event_write_delete(apr_pool_t *pool, struct event_writes *w, const struct google_event *event,
			const struct json *was)
{
	static const char members[] = "{\"summary\":1,\"start\":1,\"end\":1,\"recurrence\":1}";
	struct json *one = verb(pool, "delete", event->id), *back = verb(pool, "restore", event->id),
		    *wanted = NULL, *body = json_object(pool);

	err_clear(json_read(pool, members, strlen(members), &wanted));
	json_set_text(one, "etag", event->etag);
	json_set(one, "base", old_of(pool, was, wanted));
	json_set_text(body, "status", "confirmed");
	json_set(back, "body", body);
	json_push(w->list, one);
	json_push(w->back, back);
}

struct json *event_writes_request(apr_pool_t *pool, const struct event_writes *w)
{
	struct json *j = json_object(pool);

	json_set_int(j, "account", w->account);
	json_set_int(j, "row", w->calendar_id);
	json_set_text(j, "calendar", w->calendar);
	json_set_bool(j, "tell", w->tell);
	json_set(j, "writes", w->list);
	json_set(j, "back", w->back);
	return j;
}

/* --- sending --- */

/* One write on its way. */
struct writing {
	struct req *req;
	const struct operation *op;
	int64_t account;
	const char *calendar, *id;
	bool tell;
	const struct json *write;
	struct json *events; /* what Google answered, so far */
	const char *reason;  /* why it is refused */
};

static const char *path_of(const struct writing *w, const char *method)
{
	apr_pool_t *pool = w->req->pool;
	bool get = text_same(method, "GET"), insert = text_same(method, "POST"),
	     gone = text_same(method, "DELETE");
	const char *query = get ? ""
				: query_with(pool, "sendUpdates", w->tell ? "all" : "none",
					     "conferenceDataVersion", gone ? NULL : "1", NULL);

	return google_calendar_path(pool, w->calendar, insert ? NULL : w->id, query);
}

static NODISCARD err_t *call(const struct writing *w, const char *method, const struct json *body,
			     const char *etag, struct google_reply *ret)
{
	struct google_request request = { .api = GOOGLE_CALENDAR_API,
					  .method = method,
					  .path = path_of(w, method),
					  .body = body,
					  .if_match = etag && *etag ? etag : NULL };

	return google_call(w->req, w->account, &request, ret);
}

/* What only the house can mend is not the person's calendar. */
static const char *denied_as(const char *reason)
{
	return text_has_word("accessNotConfigured SERVICE_DISABLED", reason) ? "not_enabled" : "denied";
}

/* A refusal, with its reason; what is not known stays so. */
static enum remote_sent failed(struct writing *w, err_t *err, const struct google_reply *reply)
{
	enum err_code code = err ? err->code : ERR_INTERNAL;
	enum remote_sent sent = google_sent(err, reply);

	if (sent != REMOTE_REFUSED)
		return sent;
	w->reason = code == ERR_AUTH_ERROR ? "reconnect"
		    : code == ERR_DENIED   ? denied_as(reply->reason)
		    : reply->status == 404 ? "gone"
		    : reply->status == 410 ? "gone"
					   : "refused";
	return sent;
}

static void answered(struct writing *w, const struct google_reply *reply)
{
	struct json *copy = event_copy(w->req->pool, reply->body);

	if (copy)
		json_push(w->events, copy);
}

/* Whether each member of `wanted` says the same in `now`. */
struct comparing {
	apr_pool_t *pool;
	const struct json *now, *base; /* base: what they were, or NULL */
	bool same, conflict;
};

static err_t *compare(void *ctx, const char *key, struct json *value)
{
	struct comparing *c = ctx;
	const struct json *now = json_at(c->now, key);

	if (google_event_same(c->pool, key, value, now))
		return NULL;
	c->same = false;
	if (c->base && !google_event_same(c->pool, key, json_at(c->base, key), now))
		c->conflict = true;
	return NULL;
}

static struct comparing compared(const struct writing *w, const struct json *now, const struct json *wanted,
				 const struct json *base)
{
	struct comparing c = { w->req->pool, now, base, true, false };

	err_clear(json_each(wanted, compare, &c));
	return c;
}

static bool is_gone(const struct google_reply *reply)
{
	return reply->status == 404 || reply->status == 410 ||
	       (reply->status == 200 && text_same(json_text(reply->body, "status"), "cancelled"));
}

/* A conference is made a little later. */
static void await_meet(struct writing *w, struct google_reply *reply)
{
	for (int i = 0; i < MEET_LOOKS; i++) {
		struct google_event e;
		struct google_reply later;
		err_t *err = google_event_read(w->req->pool, reply->body, &e);

		if (!err && (!e.meet_pending || *e.meet))
			return;
		if (!err)
			err = fiber_sleep(MEET_MS);
		if (!err)
			err = call(w, "GET", NULL, NULL, &later);
		if (err) {
			log_error("google_meet_unknown", err);
			return;
		}
		if (later.status == 200)
			*reply = later;
	}
}

static enum remote_sent send_revived(struct writing *w, const struct json *body)
{
	struct json *alive = event_copy(w->req->pool, body);
	struct google_reply reply;
	err_t *err;

	json_set_text(alive, "status", "confirmed");
	err = call(w, "PATCH", alive, NULL, &reply);
	if (err || reply.status >= 300)
		return failed(w, err, &reply);
	answered(w, &reply);
	return REMOTE_DONE;
}

/* The id makes it one act: one that is there is ours where it says what we wrote. */
static enum remote_sent insert_repeated(struct writing *w, const struct json *body)
{
	struct google_reply reply;
	err_t *err = call(w, "GET", NULL, NULL, &reply);
	struct comparing c;

	if (err)
		return failed(w, err, &reply);
	/* Its id stays taken for ever: what was taken back half way, or deleted since, comes to life again. */
	if (is_gone(&reply) && json_text(w->write, "id"))
		return send_revived(w, body);
	c = compared(w, reply.body, body, NULL);
	if (reply.status == 200 && !text_same(json_text(reply.body, "status"), "cancelled") && !c.same) {
		w->reason = "refused";
		return REMOTE_REFUSED;
	}
	answered(w, &reply);
	return REMOTE_DONE;
}

static enum remote_sent send_insert(struct writing *w)
{
	struct json *body = event_copy(w->req->pool, json_at(w->write, "body"));
	struct json *conference = json_at(body, "conferenceData.createRequest");
	struct google_reply reply;
	err_t *err;

	json_set_text(body, "id", w->id);
	if (conference)
		json_set_text(conference, "requestId", w->id);
	err = call(w, "POST", body, NULL, &reply);
	if (!err && reply.status == 409)
		return insert_repeated(w, json_at(w->write, "body"));
	if (err || reply.status >= 300)
		return failed(w, err, &reply);
	if (conference)
		await_meet(w, &reply);
	answered(w, &reply);
	return REMOTE_DONE;
}

/* Somebody changed it meanwhile. *ret_etag: it may be tried on that; NULL: it ends here. */
static enum remote_sent met_another(struct writing *w, const struct json *wanted, const struct json *base,
				    const char **ret_etag)
{
	struct google_reply reply;
	err_t *err = call(w, "GET", NULL, NULL, &reply);
	struct comparing c;

	*ret_etag = NULL;
	if (err || (reply.status >= 300 && !is_gone(&reply)))
		return failed(w, err, &reply);
	if (is_gone(&reply)) {
		w->reason = "gone";
		return REMOTE_REFUSED;
	}
	c = compared(w, reply.body, wanted, base);
	if (c.same) {
		answered(w, &reply);
		return REMOTE_DONE;
	}
	if (c.conflict) {
		w->reason = "changed";
		return REMOTE_REFUSED;
	}
	*ret_etag = json_text(reply.body, "etag");
	return REMOTE_UNSURE;
}

static enum remote_sent send_patch(struct writing *w)
{
	const struct json *body = json_at(w->write, "body"), *base = json_at(w->write, "base");
	const char *etag = json_text(w->write, "etag");
	enum remote_sent sent = REMOTE_UNSURE;

	/* What takes something back was not read before: it is now. */
	if (!etag && base) {
		sent = met_another(w, body, base, &etag);
		if (!etag)
			return sent;
	}
	for (int i = 0; i < ROUNDS; i++) {
		struct google_reply reply;
		err_t *err = call(w, "PATCH", body, etag, &reply);

		if (!err && reply.status < 300) {
			answered(w, &reply);
			return REMOTE_DONE;
		}
		if (err || reply.status != 412)
			return failed(w, err, &reply);
		sent = met_another(w, body, base, &etag);
		if (!etag)
			return sent;
	}
	w->reason = "changed";
	return REMOTE_REFUSED;
}

static enum remote_sent send_delete(struct writing *w)
{
	const struct json *base = json_at(w->write, "base");
	const char *etag = json_text(w->write, "etag");

	for (int i = 0; i < ROUNDS; i++) {
		struct google_reply reply;
		err_t *err = call(w, "DELETE", NULL, etag, &reply);
		enum remote_sent sent;

		if (!err && (reply.status < 300 || is_gone(&reply)))
			return REMOTE_DONE;
		if (err || reply.status != 412)
			return failed(w, err, &reply);
		/* Changed: it still is what the person saw where its words and times are. */
		sent = met_another(w, base, base, &etag);
		if (sent == REMOTE_REFUSED && text_same(w->reason, "gone"))
			return REMOTE_DONE;
		if (sent == REMOTE_DONE)
			etag = json_text(json_item(w->events, json_len(w->events) - 1), "etag");
		else
			return sent;
	}
	w->reason = "changed";
	return REMOTE_REFUSED;
}

static enum remote_sent send_restore(struct writing *w)
{
	struct google_reply reply;
	err_t *err = call(w, "PATCH", json_at(w->write, "body"), NULL, &reply);

	if (err || reply.status >= 300)
		return failed(w, err, &reply);
	answered(w, &reply);
	return REMOTE_DONE;
}

static enum remote_sent send_one(struct writing *w)
{
	const char *verb_ = json_text(w->write, "verb");

	if (text_same(verb_, "insert"))
		return send_insert(w);
	if (text_same(verb_, "patch"))
		return send_patch(w);
	return text_same(verb_, "delete") ? send_delete(w) : send_restore(w);
}

static struct writing writing_of(struct req *req, const struct operation *op)
{
	struct writing w = { .req = req,
			     .op = op,
			     .calendar = json_text(op->request, "calendar"),
			     .tell = json_true(op->request, "tell"),
			     .events = json_array(req->pool) };

	json_int(op->request, "account", &w.account);
	return w;
}

static void write_set(struct writing *w, const struct json *write)
{
	w->write = write;
	w->id = json_text(write, "id") ? json_text(write, "id") : w->op->id;
}

static struct json *result_of(const struct writing *w)
{
	struct json *result = json_object(w->req->pool);

	json_set(result, "events", w->events);
	if (w->reason)
		json_set_text(result, "reason", w->reason);
	return result;
}

/* An act of two writes whose second is refused is none at all: what the first one made goes. */
static void take_back(struct writing *w, const struct json *writes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct google_reply reply;

		write_set(w, json_item(writes, i));
		if (text_same(json_text(w->write, "verb"), "insert"))
			log_error("google_half_left", call(w, "DELETE", NULL, NULL, &reply));
	}
}

err_t *event_write_send(struct req *req, const struct operation *op, enum remote_sent *ret_sent,
			struct json **ret_result)
{
	const struct json *writes = json_at(op->request, "writes");
	struct writing w = writing_of(req, op);
	enum remote_sent sent = REMOTE_DONE;
	size_t i = 0;

	for (; i < json_len(writes) && sent == REMOTE_DONE; i++) {
		write_set(&w, json_item(writes, i));
		sent = send_one(&w);
	}
	if (sent == REMOTE_REFUSED && i > 1)
		take_back(&w, writes, i - 1);
	*ret_sent = sent;
	*ret_result = result_of(&w);
	return NULL;
}

/* --- looking --- */

/* Whether one write is in effect. */
static NODISCARD err_t *look_one(struct writing *w, bool *ret_there)
{
	const char *verb_ = json_text(w->write, "verb");
	struct google_reply reply;
	bool gone;

	ERR(call(w, "GET", NULL, NULL, &reply));
	gone = is_gone(&reply);
	if (text_same(verb_, "delete")) {
		*ret_there = gone;
		return NULL;
	}
	*ret_there =
		!gone && reply.status == 200 && compared(w, reply.body, json_at(w->write, "body"), NULL).same;
	if (*ret_there)
		answered(w, &reply);
	return NULL;
}

err_t *event_write_look(struct req *req, const struct operation *op, enum remote_sent *ret_sent,
			struct json **ret_result)
{
	const struct json *writes = json_at(op->request, "writes");
	struct writing w = writing_of(req, op);
	bool there = true;

	for (size_t i = 0; i < json_len(writes) && there; i++) {
		write_set(&w, json_item(writes, i));
		ERR(look_one(&w, &there));
	}
	*ret_sent = there ? REMOTE_DONE : REMOTE_REFUSED;
	*ret_result = result_of(&w);
	return NULL;
}
