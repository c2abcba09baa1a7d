#include "core/limits.h"
#include "core/text.h"
#include "ml/date/date.h"
#include "tools/reminder/reminder_view.h"
#include "tools/which.h"
#include "tools/words.h"

struct args {
	int64_t id;
	const char *text, *as;
};

static const struct json_field params[] = {
	{ "id", JSON_INT, 0, offsetof(struct args, id), 1, INT64_MAX, NULL,
	  "the reminder's number; give it or the text" },
	{ "text", JSON_TEXT, 0, offsetof(struct args, text), 0, LIMIT_TEXT_IN, NULL,
	  "part of its text, when the number is not known" },
	{ "as", JSON_TEXT, 0, offsetof(struct args, as), 0, 0, "done deleted",
	  "done: the person did it, and one that repeats goes on; deleted, when left out: it never rings again" },
	{ 0 },
};

/* The one that is over; next_at: where one that repeats goes on. */
struct ended {
	int64_t id;
	const char *text, *next_at;
	bool outside;
	struct json_list candidates;
};

static const struct json_field result[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct ended, id) },
	{ "text", JSON_TEXT, JSON_REQUIRED | JSON_WORDS, offsetof(struct ended, text) },
	{ "next_at", JSON_TEXT, 0, offsetof(struct ended, next_at) },
	{ "outside", JSON_BOOL, 0, offsetof(struct ended, outside) },
	WHICH_CANDIDATES(offsetof(struct ended, candidates), reminder_fields, reminder_row),
	{ 0 },
};

enum { CHOICES = 8 };
static const size_t choice_chars = 40;

/* Where one that repeats goes on; false when it does not. */
static bool goes_on(struct req *req, const struct rows *rows, struct when *ret)
{
	int64_t start;

	*ret = (struct when){ .has_time = true };
	return *rows_text(rows, 0, COL_REMINDER_GET_RRULE) &&
	       date_parse_iso(rows_text(rows, 0, COL_REMINDER_GET_START_WALL), &start) &&
	       reminder_next(rows_text(rows, 0, COL_REMINDER_GET_RRULE), start,
			     when_now_in(req, rows_text(rows, 0, COL_REMINDER_GET_ZONE)), &ret->wall);
}

static NODISCARD err_t *done(struct req *req, struct tx *tx, const struct rows *rows, struct ended *ended,
			     struct outcome *ret)
{
	const char *text = ended->text;
	int64_t id = ended->id;
	struct when next;
	struct rows *moved;

	if (!goes_on(req, rows, &next)) {
		ret->html = tr(req->pool, req->lang, "reminder.done", SLOT_S("text", text));
		return tx_defer(tx, STMT_REMINDER_STATE, PG_ARGS(PG_INT(id), PG_TEXT("done")));
	}
	ended->next_at = when_iso(req, &next);
	ret->html = tr(req->pool, req->lang, "reminder.done_next", SLOT_S("text", text),
		       SLOT_S("when", when_text(req, &next)));
	return tx_exec(tx, STMT_REMINDER_MOVE,
		       PG_ARGS(PG_INT(id), PG_TEXT("pending"), PG_TEXT(ended->next_at),
			       PG_TIME(when_instant_in(req, rows_text(rows, 0, COL_REMINDER_GET_ZONE),
						       next.wall)),
			       PG_INT(0)),
		       &moved);
}

static NODISCARD err_t *by_id(struct req *req, struct tx *tx, const struct args *args, int64_t id,
			      struct outcome *ret)
{
	struct ended ended = { .id = id };
	struct rows *rows;

	ERR(tx_exec(tx, STMT_REMINDER_GET, PG_ARGS(PG_INT(id)), &rows));
	if (!rows_count(rows)) {
		reminder_absent(req, id, ret);
		return NULL;
	}
	ended.text = rows_text(rows, 0, COL_REMINDER_GET_TEXT);
	ended.outside = rows_bool(rows, 0, COL_REMINDER_GET_OUTSIDE);
	*ret = (struct outcome){
		.kind = OUTCOME_DONE, .object = "reminder", .object_id = id, .outside = ended.outside
	};
	if (args->as && text_same(args->as, "done")) {
		ERR(done(req, tx, rows, &ended, ret));
	} else {
		ret->html = tr(req->pool, req->lang, "reminder.deleted", SLOT_S("text", ended.text));
		ERR(tx_defer(tx, STMT_REMINDER_STATE, PG_ARGS(PG_INT(id), PG_TEXT("cancelled"))));
	}
	outcome_data(req, ret, result, &ended);
	return NULL;
}

static void ask_which(struct req *req, const struct args *args, const char *text, const struct rows *rows,
		      struct outcome *ret)
{
	struct json_list list = reminder_rows(req, rows, COL_REMINDER_MATCH_REMINDER, CHOICES);
	const struct reminder_row *v = list.v;

	which_refuse(req, ret, tr(req->pool, req->lang, "reminder.which", SLOT_S("text", text)),
		     reminder_fields, sizeof *v, &list);
	for (int i = 0; i < (int)list.n; i++) {
		outcome_button(req, ret, i,
			       mem_fmt(req->pool, "%lld · %s", (long long)v[i].id,
				       text_cut(req->pool, v[i].text, choice_chars)),
			       button_act(req->pool, "delete_reminder", SLOT_I("id", v[i].id),
					  SLOT_S("as", args->as)));
		ret->outside = ret->outside || v[i].outside;
	}
}

static NODISCARD err_t *by_text(struct req *req, struct tx *tx, const struct args *args, const char *text,
				struct outcome *ret)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_REMINDER_MATCH, PG_ARGS(PG_TEXT(text)), &rows));
	if (rows_count(rows) == 1)
		return by_id(req, tx, args, rows_int(rows, 0, COL_REMINDER_MATCH_ID), ret);
	text = text_cut(req->pool, text, 80);
	if (rows_count(rows))
		ask_which(req, args, text, rows, ret);
	else
		outcome_refuse(req, ret, "not_found",
			       tr(req->pool, req->lang, "reminder.no_text", SLOT_S("text", text)));
	return NULL;
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	const char *text = args->text ? words_line(req->pool, args->text) : "";

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	if (args->id)
		return by_id(req, tx, args, args->id, ret);
	if (*text)
		return by_text(req, tx, args, text, ret);
	outcome_refuse(req, ret, "empty", tr(req->pool, req->lang, "usage.delete_reminder"));
	return NULL;
}

const struct tool tool_delete_reminder = {
	.name = "delete_reminder",
	.description =
		"Ends a reminder, by its number or part of its text: because it was done, or because it is not wanted.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.claim = CLAIM_REMOVE,
	.words = { .what = "text id" },
	.min_role = ROLE_USER,
	.run = run,
};
