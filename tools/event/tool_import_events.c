#include "core/crypt.h"
#include "core/ical.h"
#include "core/limits.h"
#include "core/text.h"
#include "core/zone.h"
#include "integrations/google/google.h"
#include "ml/date/date.h"
#include "tools/event/event_draft.h"
#include "tools/event/event_google.h"
#include "tools/event/event_settle.h"
#include "tools/event/event_write.h"
#include "tools/words.h"
#include <string.h>

/* Keeps the events of a file that the person was sent, after a card that shows them. Nobody is invited. Each bears an id made of
 * its own, so that a file that is read twice doubles nothing at Google. */
struct args {
	struct json *events;
	int64_t more;
	struct event_home home; /* of fetch */
};

static const struct json_field params[] = {
	{ "events", JSON_ANY, JSON_REQUIRED, offsetof(struct args, events) },
	{ "more", JSON_INT, 0, offsetof(struct args, more), 0, INT64_MAX },
	{ 0 },
};

struct imported {
	int64_t count;
};

static const struct json_field result[] = {
	{ "count", JSON_INT, JSON_REQUIRED, offsetof(struct imported, count) },
	{ 0 },
};

enum { EVENTS_MAX = 50, SHOWN = 12 };

/* What a row of the list says, once more held against what an event may be. False: it is none. */
static bool draft_read(struct req *req, const struct json *j, struct event_draft *d)
{
	const char *title = json_text(j, "title"), *zone = json_text(j, "zone"),
		   *rule = json_text(j, "rrule");
	const char *start = json_text(j, "start"), *end = json_text(j, "end");
	const struct zone *known;
	err_t *err;

	*d = (struct event_draft){ .reminder = -1, .zone = zone, .all_day = json_true(j, "all_day") };
	if (!title || !zone || !start || !end || !date_parse_iso(start, &d->start) ||
	    !date_parse_iso(end, &d->end) || d->end <= d->start)
		return false;
	err = zone_find(zone, &known);
	if (!err && rule && *rule)
		err = ical_rule_check(rule);
	err_clear(err);
	d->title = text_cut(req->pool, words_line(req->pool, title), EVENT_TITLE_CHARS - 1);
	d->place = json_text(j, "place");
	d->description = json_text(j, "text");
	d->rrule = rule;
	return !err && *d->title;
}

static err_t *fetch(struct req *req, void *p, struct outcome *ret)
{
	struct args *args = p;
	struct tx *tx;

	(void)ret;
	if (!google_configured(req->config))
		return NULL;
	ERR(tx_begin_user(req, &tx));
	return tx_end(tx, event_home_find(req, tx, 0, &args->home));
}

static NODISCARD err_t *preview(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	struct buf html = buf_new(req->pool, LIMIT_MESSAGE_BYTES);
	size_t n = json_len(args->events), shown = 0;

	(void)tx;
	*ret = (struct outcome){ .card = true, .outside = true };
	buf_text(&html, tr(req->pool, req->lang, "event.import.ask", SLOT_I("n", n)));
	for (size_t i = 0; i < n && shown < SHOWN; i++) {
		struct event_draft d;
		struct event_row e;

		if (!draft_read(req, json_item(args->events, i), &d))
			continue;
		e = event_draft_row(req, &d);
		shown++;
		buf_fmt(&html, "\n• <b>%s</b>\n     %s%s",
			text_html(req->pool, text_cut(req->pool, e.title, 80)), event_when(req, &e),
			event_more_text(req, text_cut(req->pool, e.place, 80), "", ""));
	}
	if (n > shown || args->more)
		buf_fmt(&html, "\n%s",
			tr(req->pool, req->lang, "event.more",
			   SLOT_I("n", (int64_t)(n - shown) + args->more)));
	ret->html = html.p;
	return buf_check(&html);
}

/* --- here --- */

static NODISCARD err_t *put(struct req *req, struct tx *tx, const struct event_draft *d)
{
	struct event_row e = event_draft_row(req, d);
	struct when start = { .wall = e.start, .has_time = true }, end = { .wall = e.end, .has_time = true };

	return tx_defer(tx, STMT_EVENT_IMPORT,
			PG_ARGS(PG_TEXT(d->title), PG_TEXT(d->description ? d->description : ""),
				PG_TEXT(e.place), PG_BOOL(d->all_day), PG_TEXT(when_iso(req, &start)),
				PG_TEXT(when_iso(req, &end)), PG_TEXT(req->zone),
				PG_TIME(when_instant(req, e.start)), PG_TIME(when_instant(req, e.end)),
				PG_TEXT(*e.rrule ? e.rrule : NULL)));
}

static void done(struct req *req, int64_t count, struct outcome *ret)
{
	ret->kind = OUTCOME_DONE;
	ret->object = "event";
	ret->html = tr(req->pool, req->lang, "event.imported", SLOT_I("n", count));
	outcome_data(req, ret, result, &(struct imported){ count });
}

/* --- at Google --- */

static const char *id_of(struct req *req, const struct json *j)
{
	const char *uid = json_text(j, "uid") ? json_text(j, "uid") : "", *title = json_text(j, "title");
	const char *name = mem_fmt(req->pool, "lembra import %lld %s %s %s", (long long)req->user_id, uid,
				   json_text(j, "start"), *uid ? "" : title);

	return mem_textn(req->pool, crypt_hash_hex(req->pool, name, strlen(name)), 32);
}

static NODISCARD err_t *plan(struct req *req, struct tx *tx, const void *p, struct json **ret_request,
			     struct outcome *ret)
{
	const struct args *args = p;
	const struct event_home *home = &args->home;
	bool google = home->account && home->standing == GOOGLE_READY;
	struct event_writes w =
		event_writes_new(req->pool, home->account, home->calendar_id, home->calendar, false);
	int64_t count = 0;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	for (size_t i = 0; i < json_len(args->events) && count < EVENTS_MAX; i++) {
		const struct json *j = json_item(args->events, i);
		struct event_draft d;

		if (!draft_read(req, j, &d))
			continue;
		count++;
		if (google)
			event_write_insert(req->pool, &w, id_of(req, j), event_draft_json(req, &d));
		else
			ERR(put(req, tx, &d));
	}
	if (!count)
		outcome_refuse(req, ret, "nothing", tr(req->pool, req->lang, "event.import.none"));
	else if (!google)
		done(req, count, ret);
	if (ret->html)
		return NULL;
	*ret_request = event_writes_request(req->pool, &w);
	json_set_int(*ret_request, "count", count);
	return NULL;
}

static NODISCARD err_t *settle(struct req *req, struct tx *tx, const struct operation *op,
			       struct outcome *ret)
{
	struct google_event first;
	int64_t number, count = 0;
	bool is_done;

	ERR(event_settle(req, tx, op, &is_done, &first, &number, ret));
	if (!is_done)
		return NULL;
	json_int(op->request, "count", &count);
	done(req, count, ret);
	return NULL;
}

static const struct remote remote = {
	.ids = true, .plan = plan, .send = event_write_send, .look = event_write_look, .settle = settle
};

const struct tool tool_import_events = {
	.name = "import_events",
	.description = "Keeps the events of a calendar file.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.card = CARD_ALWAYS,
	.min_role = ROLE_USER,
	.preview = preview,
	.fetch = fetch,
	.remote = &remote,
	.internal = true,
	.pressable = true,
};
