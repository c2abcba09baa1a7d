#include "core/text.h"
#include "tools/mail/mail_view.h"
#include "tools/pending.h"
#include "tools/when.h"
#include <stddef.h>

enum { MORNING_S = 9 * 3600 };

struct args {
	int64_t id;
	const char *at;
};

static const struct json_field params[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct args, id), 1, INT64_MAX, NULL,
	  "number of the mail" },
	{ "at", JSON_TEXT, 0, offsetof(struct args, at), 0, 40, NULL, "when, local: 2026-11-30T14:00:00" },
	{ 0 },
};

struct made {
	int64_t id;
	const char *at;
};

static const struct json_field result[] = {
	{ "id", JSON_INT, 0, offsetof(struct made, id) },
	{ "at", JSON_TEXT, 0, offsetof(struct made, at) },
	{ 0 },
};

/* The person's next words say when. */
static NODISCARD err_t *ask_when(struct req *req, struct tx *tx, const struct mail_row *row,
				 struct outcome *ret)
{
	struct json *args = json_object(req->pool);

	json_set_int(args, "id", row->id);
	outcome_refuse(req, ret, "when_missing",
		       tr(req->pool, req->lang, "mail.remind_when",
			  SLOT_S("subject", mail_view_subject(req, row))));
	return pending_question(tx, "email_reminder", args, "at");
}

static NODISCARD err_t *put(struct req *req, struct tx *tx, const struct mail_row *row, struct when *at,
			    struct outcome *ret)
{
	const char *who = *row->sender ? row->sender : row->address, *text;
	struct rows *rows;
	struct made made;

	if (!at->has_time) {
		at->wall += MORNING_S;
		at->has_time = true;
	}
	if (when_instant(req, at->wall) <= req->now) {
		outcome_refuse(req, ret, "past", tr(req->pool, req->lang, "mail.remind_past"));
		return NULL;
	}
	text = mem_fmt(req->pool, "✉️ %s%s%s", who, *who && *row->subject ? ": " : "", row->subject);
	ERR(tx_exec(tx, STMT_MAIL_REMINDER,
		    PG_ARGS(PG_TEXT(text), PG_TEXT(when_iso(req, at)), PG_TIME(when_instant(req, at->wall)),
			    PG_TEXT(req->zone), PG_INT(req->bot_id), PG_INT(req->chat_id)),
		    &rows));
	made = (struct made){ rows_int(rows, 0, COL_MAIL_REMINDER_ID), when_iso(req, at) };
	*ret = (struct outcome){
		.kind = OUTCOME_DONE, .object = "reminder", .object_id = made.id, .outside = true
	};
	ret->html = tr(req->pool, req->lang, "mail.reminder_made",
		       SLOT_S("subject", mail_view_subject(req, row)), SLOT_S("when", when_text(req, at)));
	outcome_data(req, ret, result, &made);
	return NULL;
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	struct mail_row row;
	struct when at;
	bool found;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	ERR(mail_seen_get(req, tx, args->id, &row, &found));
	if (!found) {
		outcome_refuse(req, ret, "not_found", tr(req->pool, req->lang, "mail.which_gone"));
		return NULL;
	}
	ret->outside = true;
	if (!args->at)
		return ask_when(req, tx, &row, ret);
	if (!when_read(req, args->at, &at))
		return err_new(ERR_INVALID, "\"at\": not a local time like 2026-11-30T14:00:00");
	return put(req, tx, &row, &at, ret);
}

const struct tool tool_email_reminder = {
	.name = "email_reminder",
	.description = "Reminds of a mail; asks when.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.words = { .what = "id" },
	.min_role = ROLE_USER,
	.run = run,
	.internal = true,
	.pressable = true,
};
