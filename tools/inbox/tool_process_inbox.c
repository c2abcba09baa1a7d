#include "core/limits.h"
#include "core/text.h"
#include "tools/event/event_view.h"
#include "tools/inbox/inbox_view.h"
#include "tools/note/note_view.h"
#include "tools/task/task_view.h"
#include "tools/when.h"
#include "tools/words.h"
#include <stddef.h>
#include <string.h>

enum { DAY_S = 86400, HOUR_S = 3600, SHOWN_CHARS = 1500, LINE_CHARS = 80 };

struct args {
	int64_t id;
	const char *into, *category, *title, *due, *start;
	struct json_texts tags;
};

static const struct json_field params[] = {
	{ "id", JSON_INT, 0, offsetof(struct args, id), 1, INT64_MAX, NULL,
	  "the item's number; the oldest that waits when left out" },
	{ "into", JSON_TEXT, 0, offsetof(struct args, into), 0, 0, "task note event archive",
	  "what becomes of it; left out it is shown, with its choices" },
	{ "category", JSON_TEXT, 0, offsetof(struct args, category), 0, 0, INBOX_CATEGORIES,
	  "what it is about" },
	{ "tags", JSON_TEXTS, 0, offsetof(struct args, tags), 0, WORDS_TAGS, NULL,
	  "one word each, without #" },
	{ "title", JSON_TEXT, 0, offsetof(struct args, title), 0, LIMIT_TEXT_IN, NULL,
	  "of the task, note or event; the item's own text when left out" },
	{ "due", JSON_TEXT, 0, offsetof(struct args, due), 0, 40, NULL, "of a task, local: 2026-11-30" },
	{ "start", JSON_TEXT, 0, offsetof(struct args, start), 0, 40, NULL,
	  "of an event, local: 2026-11-30T14:00:00, or 2026-11-30 for the whole day" },
	{ 0 },
};

/* What became of an item. */
struct processed {
	const struct inbox_row *item;
	const struct task_row *task;
	const struct note_row *note;
	const struct event_data *event;
};

static const struct json_field result[] = {
	{ "item", JSON_OBJECT, JSON_REQUIRED, offsetof(struct processed, item), .of = inbox_fields },
	{ "task", JSON_OBJECT, 0, offsetof(struct processed, task), .of = task_fields,
	  .doc = "what it became, when a task" },
	{ "note", JSON_OBJECT, 0, offsetof(struct processed, note), .of = note_fields },
	{ "event", JSON_OBJECT, 0, offsetof(struct processed, event), .of = event_fields },
	{ 0 },
};

/* An item as it waits. */
struct item {
	struct inbox_row row;
	const char *text, *title; /* all of it, and its first line */
	bool today;
};

static struct item item_read(struct req *req, const struct rows *rows, const struct args *args)
{
	apr_pool_t *pool = req->pool;
	struct item it = { .row = inbox_row(req, rows, 0, COL_INBOX_GET_INBOX),
			   .today = rows_bool(rows, 0, COL_INBOX_GET_TODAY) };

	it.text = text_trim(pool, it.row.text);
	if (!*it.text)
		it.text = tr(pool, req->lang, mem_fmt(pool, "inbox.kind.%s", it.row.kind));
	it.title = args->title ? words_line(pool, args->title) : "";
	if (!*it.title)
		it.title = words_line(pool, mem_textn(pool, it.text, strcspn(it.text, "\n")));
	it.title = text_cut(pool, it.title, TASK_TITLE_CHARS);
	return it;
}

/* What does not fit into the title. */
static const char *rest_of(struct req *req, const struct item *it, size_t chars)
{
	return text_same(words_line(req->pool, it->text), it->title) ? ""
								     : text_cut(req->pool, it->text, chars);
}

static void item_card(struct req *req, const struct item *it, struct outcome *ret)
{
	static const char *const categories[] = {
		"personal", "work", "health", "content", "finance", "other"
	};
	apr_pool_t *pool = req->pool;

	ret->outside = it->row.outside;
	ret->html = tr(pool, req->lang, "inbox.item", SLOT_I("id", it->row.id), SLOT_S("date", it->row.date),
		       SLOT_S("about", inbox_about(req, it->row.category, it->row.suggested)),
		       SLOT_S("tags", *it->row.tags ? mem_fmt(pool, " · #%s", it->row.tags) : ""),
		       SLOT_S("text", text_cut(pool, it->text, SHOWN_CHARS)));
	outcome_data(req, ret, result, &(struct processed){ .item = &it->row });
	inbox_buttons(req, it->row.id, 0, false, ret);
	for (int i = 0; i < (int)(sizeof categories / sizeof *categories); i++) {
		const char *label = tr(pool, req->lang, mem_fmt(pool, "inbox.category.%s", categories[i]));

		outcome_button(req, ret, 1 + i / 3,
			       text_same(categories[i], it->row.category) ? mem_fmt(pool, "✓ %s", label)
									  : label,
			       button_act(pool, "process_inbox", SLOT_I("id", it->row.id),
					  SLOT_S("category", categories[i])));
	}
}

static void times(struct req *req, const struct item *it, struct outcome *ret)
{
	static const struct {
		int days, hour;
	} offers[] = { { 0, 18 }, { 1, 9 }, { 1, 14 }, { 7, 9 } };
	int64_t now = when_now(req), today = now - now % DAY_S;

	outcome_refuse(req, ret, "when_missing",
		       tr(req->pool, req->lang, "inbox.when",
			  SLOT_S("text", text_cut(req->pool, it->title, LINE_CHARS))));
	ret->outside = it->row.outside;
	for (int i = 0; i < (int)(sizeof offers / sizeof *offers); i++) {
		struct when when = { .wall = today + offers[i].days * DAY_S + offers[i].hour * HOUR_S,
				     .has_time = true };

		if (when.wall > now)
			outcome_button(req, ret, i, when_text(req, &when),
				       button_act(req->pool, "process_inbox", SLOT_I("id", it->row.id),
						  SLOT_S("into", "event"),
						  SLOT_S("start", when_iso(req, &when))));
	}
}

/* When the event is: as given, or as the item says, if it came today (its "tomorrow" is told from then). */
static NODISCARD err_t *said_when(struct req *req, const struct args *args, const struct item *it,
				  struct when *ret, bool *ret_known)
{
	const char *rest;

	*ret_known = true;
	if (args->start && !when_read(req, args->start, ret))
		return err_new(ERR_INVALID, "\"start\": not a local day or time like 2026-11-30T14:00:00");
	if (!args->start)
		*ret_known = it->today && when_find(req, it->text, ret, &rest) &&
			     ret->wall >= when_now(req) - DAY_S;
	return NULL;
}

static NODISCARD err_t *to_event(struct req *req, struct tx *tx, const struct item *it,
				 const struct when *when, struct outcome *ret)
{
	struct when end = { .has_time = true };
	struct event_row event;
	struct event_data data;
	struct rows *rows;

	end.wall = when->has_end && when->end > when->wall ? when->end
							   : when->wall + (when->has_time ? HOUR_S : DAY_S);
	ERR(tx_exec(tx, STMT_INBOX_EVENT,
		    PG_ARGS(PG_TEXT(it->title), PG_TEXT(rest_of(req, it, 5000)), PG_TEXT(req->zone),
			    PG_BOOL(!when->has_time), PG_TEXT(when_iso(req, when)),
			    PG_TEXT(when_iso(req, &end)), PG_TIME(when_instant(req, when->wall)),
			    PG_TIME(when_instant(req, end.wall)), PG_BOOL(it->row.outside)),
		    &rows));
	event = event_row(req, rows, 0, COL_INBOX_EVENT_EVENT);
	data = event_data(req, &event);
	*ret = (struct outcome){ .kind = OUTCOME_DONE, .object = "event", .object_id = event.id };
	ret->html = tr(req->pool, req->lang, "inbox.to.event",
		       SLOT_S("text", text_cut(req->pool, it->title, LINE_CHARS)),
		       SLOT_S("when", when_text(req, when)));
	outcome_data(req, ret, result, &(struct processed){ .item = &it->row, .event = &data });
	return NULL;
}

static NODISCARD err_t *to_task(struct req *req, struct tx *tx, const struct args *args,
				const struct item *it, const struct json_texts *tags, struct outcome *ret)
{
	struct task_row task;
	struct when due;
	struct rows *rows;

	if (args->due && !when_read(req, args->due, &due))
		return err_new(ERR_INVALID, "\"due\": not a local day or time like 2026-11-30");
	ERR(tx_exec(tx, STMT_TASK_PUT,
		    PG_ARGS(PG_TEXT(it->title), PG_TEXT(rest_of(req, it, 5000)), PG_TEXT("medium"),
			    PG_TEXTS(tags->v, tags->n), PG_TEXT(args->due ? when_date(req, &due) : NULL),
			    PG_TEXT(args->due ? when_time(req, &due) : NULL), PG_INT_NULL, PG_INT_NULL,
			    PG_INT_NULL, PG_TEXT(NULL), PG_BOOL(it->row.outside)),
		    &rows));
	task = task_row(req, rows, 0, COL_TASK_PUT_TASK);
	*ret = (struct outcome){ .kind = OUTCOME_DONE, .object = "task", .object_id = task.id };
	outcome_data(req, ret, result, &(struct processed){ .item = &it->row, .task = &task });
	outcome_button(req, ret, 0, tr(req->pool, req->lang, "button.done"), task_done_data(req, task.id));
	return NULL;
}

static NODISCARD err_t *to_note(struct req *req, struct tx *tx, const struct args *args,
				const struct item *it, const struct json_texts *tags, struct outcome *ret)
{
	const char *title =
		args->title || strchr(it->text, '\n') ? text_cut(req->pool, it->title, LINE_CHARS) : "";
	struct note_row note;
	struct rows *rows;

	ERR(tx_exec(tx, STMT_NOTE_PUT,
		    PG_ARGS(PG_TEXT(title), PG_TEXT(text_cut(req->pool, it->text, NOTE_CHARS - 1)),
			    PG_TEXTS(tags->v, tags->n), PG_BOOL(it->row.outside), PG_TEXT(req->zone)),
		    &rows));
	note = note_row(req, rows, 0, COL_NOTE_PUT_NOTE);
	*ret = (struct outcome){ .kind = OUTCOME_DONE, .object = "note", .object_id = note.id };
	outcome_data(req, ret, result, &(struct processed){ .item = &it->row, .note = &note });
	return NULL;
}

static NODISCARD err_t *settle(struct tx *tx, struct item *it, const char *status, const char *category,
			       const struct json_texts *tags)
{
	apr_pool_t *pool = tx_req(tx)->pool;
	struct rows *rows;

	ERR(tx_exec(tx, STMT_INBOX_SETTLE,
		    PG_ARGS(PG_INT(it->row.id), PG_TEXT(status), PG_TEXT(category), PG_BOOL(tags->n > 0),
			    PG_TEXTS(tags->v, tags->n)),
		    &rows));
	it->row.status = status;
	if (category)
		it->row.category = category;
	if (tags->n) {
		it->row.tag_list = *tags;
		it->row.tags = tags->v[0];
	}
	for (size_t i = 1; i < tags->n; i++)
		it->row.tags = mem_fmt(pool, "%s #%s", it->row.tags, tags->v[i]);
	return NULL;
}

/* The item is marked, and what it becomes is written: one act. */
static NODISCARD err_t *turn_into(struct req *req, struct tx *tx, const struct args *args, struct item *it,
				  struct outcome *ret)
{
	struct json_texts tags = words_tags(req->pool, &args->tags);
	const char *key = mem_fmt(req->pool, "inbox.to.%s", args->into);
	bool archive = text_same(args->into, "archive"), known = true;
	struct when when = { 0 };

	if (text_same(args->into, "event"))
		ERR(said_when(req, args, it, &when, &known));
	if (!known) {
		times(req, it, ret);
		return NULL;
	}
	ERR(settle(tx, it, archive ? "archived" : "processed", args->category, &tags));
	if (text_same(args->into, "event"))
		ERR(to_event(req, tx, it, &when, ret));
	else if (text_same(args->into, "task"))
		ERR(to_task(req, tx, args, it, &tags, ret));
	else if (text_same(args->into, "note"))
		ERR(to_note(req, tx, args, it, &tags, ret));
	if (archive) {
		*ret = (struct outcome){ .kind = OUTCOME_DONE,
					 .object = "inbox_item",
					 .object_id = it->row.id };
		outcome_data(req, ret, result, &(struct processed){ .item = &it->row });
	}
	if (!ret->html)
		ret->html = tr(req->pool, req->lang, key, SLOT_I("id", ret->object_id),
			       SLOT_S("text", text_cut(req->pool, it->title, LINE_CHARS)));
	ret->outside = it->row.outside;
	outcome_button(req, ret, 0, tr(req->pool, req->lang, "button.inbox"),
		       button_act(req->pool, "list_inbox", SLOT_I("page", 1)));
	return NULL;
}

/* Only what it is about changes: it goes on waiting. */
static NODISCARD err_t *label(struct req *req, struct tx *tx, const struct args *args, struct item *it,
			      struct outcome *ret)
{
	struct json_texts tags = words_tags(req->pool, &args->tags);

	ERR(settle(tx, it, "new", args->category, &tags));
	*ret = (struct outcome){ .kind = OUTCOME_DONE, .object = "inbox_item", .object_id = it->row.id };
	item_card(req, it, ret);
	return NULL;
}

static bool waits(const char *status)
{
	return text_same(status, "new") || text_same(status, "processing");
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	const char *today = when_date(req, &(struct when){ .wall = when_now(req) });
	struct rows *rows;
	struct item it;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	ERR(tx_exec(tx, STMT_INBOX_GET, PG_ARGS(PG_INT(args->id), PG_TEXT(req->zone), PG_TEXT(today)),
		    &rows));
	if (!rows_count(rows))
		outcome_refuse(req, ret, "not_found",
			       tr(req->pool, req->lang, args->id ? "inbox.no_id" : "inbox.none",
				  SLOT_I("id", args->id)));
	else if (!waits(rows_text(rows, 0, COL_INBOX_GET_STATUS)))
		outcome_refuse(req, ret, "already_done", tr(req->pool, req->lang, "inbox.settled"));
	if (ret->html)
		return NULL;
	it = item_read(req, rows, args);
	if (args->into)
		return turn_into(req, tx, args, &it, ret);
	if (args->category || args->tags.n)
		return label(req, tx, args, &it, ret);
	item_card(req, &it, ret);
	return NULL;
}

const struct tool tool_process_inbox = {
	.name = "process_inbox",
	.description =
		"Sorts one item of the inbox: makes it a task, a note or an event, archives it, or says what it is about.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.claim = CLAIM_CHANGE,
	.words = { .what = "title id", .when = "due start" },
	.min_role = ROLE_USER,
	.run = run,
};
