#include "core/clock.h"
#include "core/text.h"
#include "tools/pending.h"
#include "tools/reminder/reminder_view.h"

struct args {
	int64_t id, minutes;
	const char *at, *ask;
};

static const struct json_field params[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct args, id), 1, INT64_MAX, NULL,
	  "the reminder's number" },
	{ "minutes", JSON_INT, 0, offsetof(struct args, minutes), 1, 525600, NULL, "how long from now" },
	{ "at", JSON_TEXT, 0, offsetof(struct args, at), 0, 40, NULL,
	  "until when instead, local: 2026-11-30T14:00:00" },
	{ "ask", JSON_TEXT, 0, offsetof(struct args, ask), 0, 0, "other", "asks the person until when" },
	{ 0 },
};

struct snoozed {
	const struct reminder_row *reminder;
};

static const struct json_field result[] = {
	{ "reminder", JSON_OBJECT, JSON_REQUIRED, offsetof(struct snoozed, reminder), .of = reminder_fields },
	{ 0 },
};

static const int64_t morning_s = 9 * 3600;

/* The person's next words say until when. */
static NODISCARD err_t *ask(struct req *req, struct tx *tx, const struct rows *rows, struct outcome *ret)
{
	struct json *args = json_object(req->pool);

	json_set_int(args, "id", rows_int(rows, 0, COL_REMINDER_GET_ID));
	ERR(pending_question(tx, "snooze_reminder", args, "at"));
	ret->outside = rows_bool(rows, 0, COL_REMINDER_GET_OUTSIDE);
	outcome_refuse(req, ret, "when_missing",
		       tr(req->pool, req->lang, "reminder.ask_when",
			  SLOT_S("text", rows_text(rows, 0, COL_REMINDER_GET_TEXT))));
	return NULL;
}

static NODISCARD err_t *move(struct req *req, struct tx *tx, int64_t id, const struct when *when, int64_t at,
			     struct outcome *ret)
{
	struct reminder_row r;
	struct rows *rows;

	ERR(tx_exec(tx, STMT_REMINDER_MOVE,
		    PG_ARGS(PG_INT(id), PG_TEXT("pending"), PG_TEXT(when_iso(req, when)), PG_TIME(at),
			    PG_INT(1)),
		    &rows));
	r = reminder_row(req, rows, 0, COL_REMINDER_MOVE_REMINDER);
	*ret = (struct outcome){
		.kind = OUTCOME_DONE, .object = "reminder", .object_id = r.id, .outside = r.outside
	};
	outcome_data(req, ret, result, &(struct snoozed){ &r });
	ret->html = tr(req->pool, req->lang, "reminder.snoozed", SLOT_S("text", r.text),
		       SLOT_S("when", when_text(req, &r.when)));
	return NULL;
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	/* Minutes are counted on the clock that never jumps. */
	int64_t at = req->now + args->minutes * MINUTE_US;
	struct when when = { .wall = when_wall(req, at), .has_time = true };
	struct rows *rows;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	if (args->at && !when_read(req, args->at, &when))
		return err_new(ERR_INVALID, "\"at\": not a local time like 2026-11-30T14:00:00");
	if (!when.has_time) {
		when.has_time = true;
		when.wall += morning_s;
	}
	ERR(tx_exec(tx, STMT_REMINDER_GET, PG_ARGS(PG_INT(args->id)), &rows));
	if (!rows_count(rows)) {
		reminder_absent(req, args->id, ret);
		return NULL;
	}
	if (args->ask || (!args->at && !args->minutes))
		return ask(req, tx, rows, ret);
	if (args->at)
		at = when_instant_ahead(req, when.wall);
	if (at > req->now)
		return move(req, tx, args->id, &when, at, ret);
	outcome_refuse(req, ret, "past",
		       tr(req->pool, req->lang, "reminder.past", SLOT_S("when", when_text(req, &when))));
	return NULL;
}

const struct tool tool_snooze_reminder = {
	.name = "snooze_reminder",
	.description = "Lets a reminder ring later, by its number: some minutes from now, or at a time.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.claim = CLAIM_CHANGE,
	.words = { .what = "id", .when = "at" },
	.min_role = ROLE_USER,
	.run = run,
};
