#include "tools/mail/mail_out.h"

#include "core/clock.h"
#include "core/text.h"
#include "integrations/google/google_gmail.h"
#include "tools/google/google_say.h"

/* Goes after which what cannot be known will not be known. */
enum { GOES = 12 };

const char *mail_out_key(struct req *req, int64_t id)
{
	return mem_fmt(req->pool, "mail:%lld:%lld", (long long)req->user_id, (long long)id);
}

const char *mail_end_name(enum mail_end end)
{
	static const char *const names[] = {
		[MAIL_SENT] = "sent", [MAIL_NOT_SENT] = "not_sent", [MAIL_UNKNOWN] = "unknown"
	};

	return names[end];
}

enum mail_end mail_end_of(const struct json *result)
{
	const char *name = json_text(result, "end");

	return text_same(name, "sent")       ? MAIL_SENT
	       : text_same(name, "not_sent") ? MAIL_NOT_SENT
					     : MAIL_UNKNOWN;
}

/* One go: the plan, and what its row knows by now. */
struct leaving {
	struct req *req;
	const struct operation *op;
	struct mail_letter letter;
	const char *message_id, *draft; /* draft NULL: none is known */
	int64_t id, send_at;
	bool begun, drafts, reads;
	enum remote_sent *sent;
	struct json **result;
};

static void end(struct leaving *l, enum mail_end how)
{
	*l->sent = REMOTE_DONE;
	*l->result = json_object(l->req->pool);
	json_set_text(*l->result, "end", mail_end_name(how));
}

static NODISCARD err_t *row_body(struct leaving *l, struct tx *tx)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_MAIL_OUT_GET, PG_ARGS(PG_INT(l->id)), &rows));
	if (!rows_count(rows))
		return err_new(ERR_NOT_FOUND, "the mail is gone");
	l->draft = rows_text_or_null(rows, 0, COL_MAIL_OUT_GET_DRAFT_ID);
	l->begun = rows_bool(rows, 0, COL_MAIL_OUT_GET_BEGUN);
	return NULL;
}

static NODISCARD err_t *leaving_read(struct req *req, const struct operation *op, enum remote_sent *ret_sent,
				     struct json **ret_result, struct leaving *ret)
{
	struct leaving l = { .req = req, .op = op, .sent = ret_sent, .result = ret_result };
	struct tx *tx;

	l.message_id = json_text(op->request, "message_id");
	l.drafts = json_true(op->request, "drafts");
	l.reads = json_true(op->request, "reads");
	if (!l.message_id || !json_int(op->request, "id", &l.id) ||
	    !json_int(op->request, "send_at", &l.send_at))
		return err_new(ERR_INTERNAL, "a plan without its mail");
	ERR(mail_compose_read(req->pool, json_at(op->request, "mail"), &l.letter));
	ERR(tx_begin_user(req, &tx));
	ERR(tx_end(tx, row_body(&l, tx)));
	*ret = l;
	return NULL;
}

/* Kept before the next byte leaves. */
static NODISCARD err_t *note(struct leaving *l, enum stmt_id id, const struct pg_val *args)
{
	struct tx *tx;

	ERR(tx_begin_user(l->req, &tx));
	return tx_end(tx, tx_defer(tx, id, args));
}

static NODISCARD err_t *call(struct leaving *l, const char *method, const char *path, const struct json *body,
			     int64_t units, struct google_reply *ret)
{
	struct google_request request = {
		.api = GOOGLE_GMAIL_API, .method = method, .path = path, .body = body, .units = units
	};

	*ret = (struct google_reply){ .reason = "" };
	return google_call(l->req, l->letter.account, &request, ret);
}

/* Whether a draft of ours is there; of more than one with its message id the first. */
static NODISCARD err_t *draft_find(struct leaving *l, const char **ret_draft)
{
	struct google_reply reply;
	struct gmail_row message;

	*ret_draft = NULL;
	ERR(call(l, "GET", google_gmail_drafts_path(l->req->pool, l->message_id), NULL, GMAIL_LIST_UNITS,
		 &reply));
	return google_gmail_drafts(l->req->pool, reply.body, ret_draft, &message);
}

static NODISCARD err_t *draft_is_there(struct leaving *l, bool *ret_there)
{
	struct google_reply reply;

	ERR(call(l, "GET", mem_fmt(l->req->pool, "/drafts/%s?format=minimal", l->draft), NULL,
		 GMAIL_GET_UNITS, &reply));
	*ret_there = reply.status == 200;
	return NULL;
}

static NODISCARD err_t *is_sent(struct leaving *l, bool *ret_sent)
{
	const struct gmail_query query = { .message_id = l->message_id, .label = "sent" };
	struct google_reply reply;
	struct gmail_list list;

	ERR(call(l, "GET",
		 google_gmail_list_path(l->req->pool, google_gmail_q(l->req->pool, &query), 1, NULL), NULL,
		 GMAIL_LIST_UNITS, &reply));
	ERR(google_gmail_list(l->req->pool, reply.body, &list));
	*ret_sent = list.n > 0;
	return NULL;
}

/* --- looking --- */

static bool is_stale(const struct leaving *l)
{
	return l->req->now > l->send_at + MAIL_OUT_STALE_S * SECOND_US;
}

/* It is known that nothing was sent: it may be sent now, unless nobody expects it any more. */
static void not_yet(struct leaving *l)
{
	if (is_stale(l))
		end(l, MAIL_NOT_SENT);
	else
		*l->sent = REMOTE_REFUSED;
}

/* It may have been sent: it is among the sent ones, or nobody knows. */
static NODISCARD err_t *look_sent(struct leaving *l)
{
	bool sent = false;
	err_t *err = l->reads ? is_sent(l, &sent) : NULL;

	if (sent)
		end(l, MAIL_SENT);
	/* A search knows of what was sent a moment ago a little later. */
	else if (!l->reads || l->op->attempts > GOES || (!err && l->op->attempts > 2))
		end(l, MAIL_UNKNOWN);
	return err;
}

static NODISCARD err_t *look_draft(struct leaving *l)
{
	bool there;
	err_t *err;

	if (!l->draft) { /* nothing is sent before its draft is known */
		if (is_stale(l))
			end(l, MAIL_NOT_SENT);
		else
			*l->sent = REMOTE_REFUSED;
		return NULL;
	}
	err = draft_is_there(l, &there);
	if (err) {
		if (l->op->attempts > GOES)
			end(l, MAIL_UNKNOWN);
		return err;
	}
	if (!there)
		return look_sent(l);
	not_yet(l);
	return NULL;
}

err_t *mail_out_look(struct req *req, const struct operation *op, enum remote_sent *ret_sent,
		     struct json **ret_result)
{
	struct leaving l;

	ERR(leaving_read(req, op, ret_sent, ret_result, &l));
	if (l.drafts)
		return look_draft(&l);
	if (l.begun)
		return look_sent(&l);
	not_yet(&l);
	return NULL;
}

/* --- sending --- */

/* Its draft, as ours by its message id or a new one. REMOTE_DONE: l->draft is stored. */
static NODISCARD err_t *draft_make(struct leaving *l, enum remote_sent *ret_made)
{
	struct google_reply reply;
	struct gmail_row message;
	struct buf bytes;
	err_t *err = NULL;

	*ret_made = REMOTE_UNSURE;
	/* An earlier go may have made one without hearing of it. */
	if (l->op->attempts > 1)
		ERR(draft_find(l, &l->draft));
	if (!l->draft) {
		ERR(mail_compose_bytes(l->req, &l->letter, l->message_id, &bytes));
		err = call(l, "POST", "/drafts", google_gmail_draft(l->req->pool, &bytes, l->letter.thread),
			   GMAIL_DRAFT_UNITS, &reply);
		*ret_made = google_sent(err, &reply);
		if (*ret_made != REMOTE_DONE)
			return NULL;
		*ret_made = REMOTE_UNSURE;
		ERR(google_gmail_draft_id(l->req->pool, reply.body, &l->draft, &message));
	}
	ERR(note(l, STMT_MAIL_OUT_DRAFT, PG_ARGS(PG_INT(l->id), PG_TEXT(l->draft))));
	*ret_made = REMOTE_DONE;
	return NULL;
}

static NODISCARD err_t *send_draft(struct leaving *l)
{
	struct json *body = json_object(l->req->pool);
	struct google_reply reply;
	enum remote_sent made = REMOTE_DONE, sent;
	bool there = false;
	err_t *err;

	if (!l->draft)
		ERR(draft_make(l, &made));
	if (made == REMOTE_REFUSED)
		end(l, MAIL_NOT_SENT); /* nothing was sent, and will not be */
	if (made != REMOTE_DONE)
		return NULL;
	json_set_text(body, "id", l->draft);
	err = call(l, "POST", "/drafts/send", body, GMAIL_SEND_UNITS, &reply);
	sent = google_sent(err, &reply);
	if (sent == REMOTE_DONE) {
		end(l, MAIL_SENT);
		return NULL;
	}
	if (sent != REMOTE_REFUSED)
		return NULL;
	/* Refused, and still a draft: it stays one. A draft that is gone was sent by an earlier go, or by its person. */
	ERR(draft_is_there(l, &there));
	if (there)
		end(l, MAIL_NOT_SENT);
	return NULL;
}

/* Once, whatever comes of it. */
static NODISCARD err_t *send_plain(struct leaving *l)
{
	struct google_reply reply;
	struct buf bytes;
	enum remote_sent sent;
	err_t *err;

	if (l->begun)
		return NULL; /* for a look */
	ERR(mail_compose_bytes(l->req, &l->letter, l->message_id, &bytes));
	ERR(note(l, STMT_MAIL_OUT_BEGUN, PG_ARGS(PG_INT(l->id))));
	err = call(l, "POST", "/messages/send", google_gmail_raw(l->req->pool, &bytes, l->letter.thread),
		   GMAIL_SEND_UNITS, &reply);
	sent = google_sent(err, &reply);
	if (sent == REMOTE_DONE)
		end(l, MAIL_SENT);
	else if (sent == REMOTE_REFUSED)
		end(l, MAIL_NOT_SENT);
	return NULL;
}

err_t *mail_out_send(struct req *req, const struct operation *op, enum remote_sent *ret_sent,
		     struct json **ret_result)
{
	struct leaving l;

	ERR(leaving_read(req, op, ret_sent, ret_result, &l));
	return l.drafts ? send_draft(&l) : send_plain(&l);
}
