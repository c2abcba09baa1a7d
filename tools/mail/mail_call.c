#include "tools/mail/mail_call.h"

#include "core/fiber.h"
#include "core/text.h"
#include "tools/google/google_say.h"

enum { AT_ONCE = 5 };

static NODISCARD err_t *call(struct req *req, int64_t account, const char *path, int64_t units,
			     struct google_reply *ret)
{
	struct google_request request = {
		.api = GOOGLE_GMAIL_API, .method = "GET", .path = path, .units = units
	};

	*ret = (struct google_reply){ .reason = "" };
	return google_call(req, account, &request, ret);
}

static NODISCARD err_t *get(struct req *req, int64_t account, const char *id, bool headers_only,
			    struct google_reply *reply, struct gmail_mail *ret, bool *ret_found)
{
	const char *path = google_gmail_get_path(req->pool, id, headers_only);

	*ret_found = false;
	if (!path)
		return err_new(ERR_INTERNAL, "no id of gmail's");
	ERR(call(req, account, path, GMAIL_GET_UNITS, reply));
	if (reply->status != 200)
		return NULL; /* gone, or out of sight */
	ERR(google_gmail_mail(req->pool, reply->body, ret));
	*ret_found = true;
	if (headers_only || !ret->late_path)
		return NULL;
	ERR(call(req, account, ret->late_path, GMAIL_GET_UNITS, reply));
	return reply->status == 200 ? google_gmail_late(req->pool, reply->body, ret) : NULL;
}

err_t *mail_call_get(struct req *req, int64_t account, const char *id, bool headers_only,
		     struct gmail_mail *ret, struct outcome *ret_outcome)
{
	struct google_reply reply;
	bool found;
	err_t *err = get(req, account, id, headers_only, &reply, ret, &found);

	if (err)
		return google_trouble(req, err, &reply, ret_outcome);
	if (!found)
		outcome_refuse(req, ret_outcome, "not_found", tr(req->pool, req->lang, "mail.gone"));
	return NULL;
}

/* --- many --- */

/* Mails that are fetched several at a time, each in its own fiber. */
struct fetching {
	struct req *req;
	int64_t account;
	const struct gmail_list *list;
	struct gmail_mail *mails;
	bool *found;
	size_t next;
	int under_way;
	struct google_reply reply; /* of the error */
	err_t *err;
	struct fiber *waiting;
};

static void work(struct fetching *f)
{
	while (f->next < f->list->n && !f->err) {
		size_t i = f->next++;
		struct google_reply reply = { .reason = "" };
		err_t *err =
			get(f->req, f->account, f->list->v[i].id, true, &reply, &f->mails[i], &f->found[i]);

		if (err && f->err) {
			err_clear(err);
		} else if (err) {
			f->err = err;
			f->reply = reply;
		}
	}
}

static void fetch_main(void *arg)
{
	struct fetching *f = arg;

	work(f);
	f->under_way--;
	fiber_wake(f->waiting);
}

/* The caller fetches too, and waits for the others, whatever happens: they use what is its own. */
static NODISCARD err_t *fetch_all(struct fetching *f)
{
	err_t *err = NULL;

	f->waiting = fiber_self();
	while (f->under_way + 1 < AT_ONCE && (size_t)f->under_way + 1 < f->list->n &&
	       fiber_go("mail", fetch_main, f))
		f->under_way++;
	work(f);
	fiber_shield(+1);
	while (f->under_way)
		err_clear(fiber_wait(0));
	fiber_shield(-1);
	err = f->err;
	f->err = NULL;
	return err;
}

static NODISCARD err_t *search(struct req *req, int64_t account, const struct gmail_query *query, int64_t max,
			       struct fetching *f, struct gmail_list *list)
{
	const char *path = google_gmail_list_path(req->pool, google_gmail_q(req->pool, query), max, NULL);

	ERR(call(req, account, path, GMAIL_LIST_UNITS, &f->reply));
	if (f->reply.status != 200)
		return err_new(ERR_UNAVAILABLE, "gmail answered %ld to a search", f->reply.status);
	ERR(google_gmail_list(req->pool, f->reply.body, list));
	f->mails = mem_alloc(req->pool, sizeof *f->mails * (list->n + 1));
	f->found = mem_alloc(req->pool, sizeof *f->found * (list->n + 1));
	f->list = list;
	return fetch_all(f);
}

err_t *mail_call_search(struct req *req, int64_t account, const struct gmail_query *query, int64_t max,
			size_t *ret_n, struct gmail_mail **ret_mails, bool *ret_more,
			struct outcome *ret_outcome)
{
	struct fetching f = { .req = req, .account = account };
	struct gmail_list list = { 0 };
	err_t *err = search(req, account, query, max, &f, &list);
	size_t n = 0;

	*ret_n = 0;
	*ret_more = list.next != NULL;
	if (err)
		return google_trouble(req, err, &f.reply, ret_outcome);
	for (size_t i = 0; i < list.n; i++)
		if (f.found[i])
			f.mails[n++] = f.mails[i];
	*ret_n = n;
	*ret_mails = f.mails;
	return NULL;
}
