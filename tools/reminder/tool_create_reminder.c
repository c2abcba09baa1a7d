#include "core/clock.h"
#include "core/ical.h"
#include "core/limits.h"
#include "core/text.h"
#include "tools/pending.h"
#include "tools/reminder/reminder_view.h"
#include "tools/words.h"

struct args {
	const char *text, *at, *or_at, *rrule, *insist;
};

static const struct json_field params[] = {
	{ "text", JSON_TEXT, JSON_REQUIRED, offsetof(struct args, text), 0, LIMIT_TEXT_IN, NULL,
	  "what to remind of, in the person's words" },
	{ "at", JSON_TEXT, 0, offsetof(struct args, at), 0, 40, NULL,
	  "when, local: 2026-11-30T14:00:00; with a rule the first time" },
	{ "rrule", JSON_TEXT, 0, offsetof(struct args, rrule), 0, 500, NULL,
	  "how it repeats, RFC 5545 without RRULE:, as FREQ=WEEKLY;BYDAY=TU,TH" },
	{ "insist", JSON_TEXT, 0, offsetof(struct args, insist), 0, 0, "yes no",
	  "yes: again every ten minutes until the person says that it is done" },
	{ "or_at", JSON_TEXT, 0, offsetof(struct args, or_at), 0, 40, NULL,
	  "another reading of an ambiguous time, offered to the person as one tap" },
	{ 0 },
};

struct created {
	const struct reminder_row *reminder;
};

static const struct json_field result[] = {
	{ "reminder", JSON_OBJECT, JSON_REQUIRED, offsetof(struct created, reminder), .of = reminder_fields },
	{ 0 },
};

static const int64_t day_s = 86400, morning_s = 9 * 3600, evening_s = 18 * 3600;

static NODISCARD err_t *from_text(struct req *req, const char *text, struct json **ret_args)
{
	struct json *args;
	struct when when;
	const char *rest;

	if (!*text_trim(req->pool, text))
		return NULL;
	args = json_object(req->pool);
	if (when_find(req, text, &when, &rest)) {
		json_set_text(args, "at", when_iso(req, &when));
		if (when.rrule)
			json_set_text(args, "rrule", when.rrule);
		if (when.has_other)
			json_set_text(args, "or_at", when_other_iso(req, &when));
		text = rest;
	}
	json_set_text(args, "text", text);
	*ret_args = args;
	return NULL;
}

/* A day alone means its morning; today's, once that is over, the evening. */
static void add_hour(struct req *req, struct when *when)
{
	int64_t now = when_now(req);

	if (when->has_time)
		return;
	when->has_time = true;
	when->wall += when->wall + morning_s > now || now - when->wall >= day_s ? morning_s : evening_s;
}

/* Of a rule, the first time that is still to come. */
static bool to_come(struct req *req, const char *rrule, struct when *when)
{
	int64_t now = when_now(req);

	if (when->wall > now)
		return true;
	return rrule && reminder_next(rrule, when->wall, now, &when->wall);
}

static NODISCARD err_t *put(struct req *req, struct tx *tx, const struct args *args, const char *text,
			    const struct when *when, struct outcome *ret)
{
	bool nag = args->insist && text_same(args->insist, "yes");
	struct reminder_row r;
	struct rows *rows;
	struct when other;

	ERR(tx_exec(tx, STMT_REMINDER_PUT,
		    PG_ARGS(PG_TEXT(text), PG_TEXT(when_iso(req, when)), PG_TEXT(req->zone),
			    PG_TIME(when_instant_ahead(req, when->wall)), PG_TEXT(args->rrule), PG_BOOL(nag),
			    PG_INT(req->bot_id), PG_INT(req->chat_id)),
		    &rows));
	r = reminder_row(req, rows, 0, COL_REMINDER_PUT_REMINDER);
	*ret = (struct outcome){ .kind = OUTCOME_DONE, .object = "reminder", .object_id = r.id };
	ret->html = tr(req->pool, req->lang, "reminder.created", SLOT_S("text", r.text),
		       SLOT_S("when", reminder_when(req, &r)));
	outcome_data(req, ret, result, &(struct created){ &r });
	if (args->or_at && when_read(req, args->or_at, &other) && other.has_time)
		outcome_button(req, ret, 0, when_other_label(req, &r.when, &other),
			       button_act(req->pool, "snooze_reminder", SLOT_I("id", r.id),
					  SLOT_S("at", when_iso(req, &other))));
	return NULL;
}

/* The person's next words say when. */
static NODISCARD err_t *ask_when(struct req *req, struct tx *tx, const char *text, struct outcome *ret)
{
	struct json *args = json_object(req->pool);

	json_set_text(args, "text", text);
	outcome_refuse(req, ret, "when_missing",
		       tr(req->pool, req->lang, "reminder.no_when", SLOT_S("text", text)));
	return pending_question(tx, "create_reminder", args, "at");
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	const char *text = words_line(req->pool, args->text);
	struct when when;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	if (args->at && !when_read(req, args->at, &when))
		return err_new(ERR_INVALID, "\"at\": not a local time like 2026-11-30T14:00:00");
	if (args->rrule)
		ERR(ical_rule_check(args->rrule));
	if (!*text)
		outcome_refuse(req, ret, "empty", tr(req->pool, req->lang, "usage.create_reminder"));
	else if (words_chars(text) > REMINDER_CHARS)
		outcome_refuse(req, ret, "too_long",
			       tr(req->pool, req->lang, "reminder.long", SLOT_I("n", words_chars(text)),
				  SLOT_I("max", REMINDER_CHARS)));
	if (ret->html)
		return NULL;
	if (!args->at)
		return ask_when(req, tx, text, ret);
	add_hour(req, &when);
	if (to_come(req, args->rrule, &when))
		return put(req, tx, args, text, &when, ret);
	outcome_refuse(req, ret, "past",
		       tr(req->pool, req->lang, "reminder.past", SLOT_S("when", when_text(req, &when))));
	return NULL;
}

const struct tool tool_create_reminder = {
	.name = "create_reminder",
	.description =
		"Reminds the person at a time, once or again and again by a rule. Rings by itself; for what has to be done "
		"without a time use create_task.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.claim = CLAIM_MAKE,
	.always_offered = true,
	.words = { .what = "text", .when = "at" },
	.min_role = ROLE_USER,
	.commands = "lembrar remind",
	.from_text = from_text,
	.run = run,
};
