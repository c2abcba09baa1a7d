#include "tools/registry.h"

#include "core/clock.h"
#include "core/crypt.h"
#include "core/limits.h"
#include "core/log.h"
#include "core/metrics.h"
#include "core/text.h"
#include "tools/pending.h"
#include "tools/act_text.h"
#include <stdlib.h>
#include <string.h>

static const int64_t undo_life_us = DAY_US;
static const int64_t short_text = 40; /* bytes of what is a day or time, and no free text */

/* What a step keeps of an outcome, so that a replay gives the same answer. */
static struct json *outcome_json(apr_pool_t *pool, const struct outcome *outcome)
{
	struct json *o = json_object(pool), *buttons = json_array(pool);

	json_set_text(o, "html", outcome->html);
	json_set_bool(o, "done", outcome->kind == OUTCOME_DONE);
	json_set_bool(o, "outside", outcome->outside);
	json_set_bool(o, "card", outcome->card);
	if (outcome->data)
		json_set_text(o, "data", json_write(pool, outcome->data));
	for (size_t i = 0; i < outcome->buttons_n; i++) {
		struct json *b = json_object(pool);

		json_set_text(b, "label", outcome->buttons[i].label);
		json_set_text(b, "data", outcome->buttons[i].data);
		json_set_int(b, "row", outcome->buttons[i].row);
		json_push(buttons, b);
	}
	json_set(o, "buttons", buttons);
	return o;
}

static NODISCARD err_t *outcome_read(struct req *req, const char *text, struct outcome *ret)
{
	struct json *o, *buttons;

	ERR(json_read(req->pool, text, strlen(text), &o));
	*ret = (struct outcome){ .kind = json_true(o, "done") ? OUTCOME_DONE : OUTCOME_SAY,
				 .outside = json_true(o, "outside"),
				 .card = json_true(o, "card") };
	ret->html = mem_text(req->pool, json_text(o, "html"));
	if (json_text(o, "data"))
		ERR(json_read(req->pool, json_text(o, "data"), strlen(json_text(o, "data")), &ret->data));
	buttons = json_at(o, "buttons");
	for (size_t i = 0; i < json_len(buttons); i++) {
		struct json *b = json_item(buttons, i);
		int64_t row = 0;

		json_int(b, "row", &row);
		outcome_button(req, ret, (int)row, json_text(b, "label"), json_text(b, "data"));
	}
	return NULL;
}

/* One act under way. */
struct act {
	struct req *req;
	const struct tool *tool;
	const char *name;
	const void *args;
	const char *undo;     /* the act to undo, when that is the act */
	const char *undo_ref; /* under which it can be undone; NULL: a new one */
	const char *pending;  /* the act that was put aside and is to be settled first */
	struct json *given;   /* arguments as they came: what a card puts aside */
	bool card;            /* shown first, and run by a yes */
	const char *hash;     /* of what was put aside */
	bool yes;
	tool_finish *finish;
	void *ctx;
	struct outcome outcome;
};

static NODISCARD err_t *replay_find(struct act *act, struct tx *tx, bool *ret_found)
{
	struct req *req = act->req;
	struct rows *rows;

	*ret_found = false;
	if (!req->update_id)
		return NULL;
	ERR(tx_exec(tx, STMT_STEP_FIND,
		    PG_ARGS(PG_INT(req->bot_id), PG_INT(req->update_id), PG_INT(req->step),
			    PG_INT(req->call)),
		    &rows));
	if (!rows_count(rows))
		return NULL;
	*ret_found = true;
	if (rows_null(rows, 0, COL_STEP_FIND_PAYLOAD))
		return NULL; /* said, with nothing done */
	return outcome_read(req, rows_text(rows, 0, COL_STEP_FIND_PAYLOAD), &act->outcome);
}

static NODISCARD err_t *step_put(struct act *act, struct tx *tx)
{
	struct req *req = act->req;

	if (!req->update_id)
		return NULL;
	return tx_defer(tx, STMT_STEP_PUT,
			PG_ARGS(PG_INT(req->bot_id), PG_INT(req->update_id), PG_INT(req->step),
				PG_INT(req->call), PG_TEXT("tool"), PG_TEXT(act->name),
				PG_TEXT(json_write(req->pool, outcome_json(req->pool, &act->outcome)))));
}

static void undo_button(struct req *req, struct outcome *outcome)
{
	size_t n = outcome->buttons_n, beside = 0;
	int row = n ? outcome->buttons[n - 1].row : 0;

	while (beside < n && outcome->buttons[n - 1 - beside].row == row)
		beside++;
	if (beside > 2) /* it would be too narrow to read */
		row++;
	outcome_button(req, outcome, row, tr(req->pool, req->lang, "button.undo"),
		       mem_fmt(req->pool, "u:%s", req->undo_ref));
}

static NODISCARD err_t *undo_run(struct act *act, struct tx *tx)
{
	struct req *req = act->req;
	const char *ref = act->undo;
	struct rows *rows;

	if (!*ref) {
		ERR(tx_exec(tx, STMT_UNDO_LATEST, PG_ARGS(), &rows));
		if (!rows_count(rows))
			return err_new(ERR_NOT_FOUND, "nothing to undo");
		ref = rows_text(rows, 0, COL_UNDO_LATEST_REF);
	}
	ERR(tx_exec(tx, STMT_UNDO_APPLY, PG_ARGS(PG_TEXT(ref)), &rows));
	act->outcome.kind = OUTCOME_DONE;
	act->outcome.html = tr(req->pool, req->lang,
			       mem_fmt(req->pool, "undone.%s", rows_text(rows, 0, COL_UNDO_APPLY_ACT)));
	act->outcome.object = "undo";
	return NULL;
}

/* What is to happen, and the buttons that decide. */
static NODISCARD err_t *card_show(struct act *act, struct tx *tx)
{
	struct req *req = act->req;
	struct outcome *o = &act->outcome;
	const char *id;

	if (act->tool->preview) {
		ERR(act->tool->preview(req, tx, act->args, o));
	} else {
		o->html = tr(req->pool, req->lang, "pending.ask",
			     SLOT_S("what", act_text(req, act->name, act->given)));
		o->card = true;
	}
	o->kind = OUTCOME_SAY;
	if (!o->card)
		return NULL;
	ERR(pending_put(tx, act->name, act->given, NULL, NULL, &id));
	outcome_button(req, o, 0, tr(req->pool, req->lang, "button.confirm"), mem_fmt(req->pool, "y:%s", id));
	outcome_button(req, o, 0, tr(req->pool, req->lang, "button.edit"), mem_fmt(req->pool, "e:%s", id));
	outcome_button(req, o, 0, tr(req->pool, req->lang, "button.cancel"), mem_fmt(req->pool, "n:%s", id));
	log_event(LOG_INFO, "confirmation_requested", KV_S("tool", act->name));
	return NULL;
}

static NODISCARD err_t *effect_run(struct act *act, struct tx *tx)
{
	struct req *req = act->req;
	bool reversible = act->tool && act->tool->effect == TOOL_REVERSIBLE;

	if (act->card)
		return card_show(act, tx);
	if (reversible)
		ERR(tx_defer(tx, STMT_UNDO_LOG_PUT,
			     PG_ARGS(PG_TEXT(req->undo_ref), PG_TEXT(act->name),
				     PG_TIME(req->now + undo_life_us))));
	if (act->tool)
		ERR(act->tool->run(req, tx, act->args, &act->outcome));
	else if (act->undo)
		ERR(undo_run(act, tx));
	else /* a no that asks for nothing more */
		act->outcome = (struct outcome){ .kind = OUTCOME_SAY,
						 .html = tr(req->pool, req->lang, "pending.dismissed") };
	if (act->outcome.kind != OUTCOME_DONE)
		return NULL;
	if (reversible && !act->outcome.lasting)
		undo_button(req, &act->outcome);
	return tx_defer(tx, STMT_AUDIT_PUT,
			PG_ARGS(PG_TEXT(act->name), PG_TEXT(act->outcome.object ? act->outcome.object : ""),
				act->outcome.object_id ? PG_INT(act->outcome.object_id) : PG_INT_NULL));
}

static NODISCARD err_t *act_body(struct act *act, struct tx *tx)
{
	int64_t start = clock_mono_us();
	bool replayed;

	ERR(replay_find(act, tx, &replayed));
	if (replayed)
		return NULL; /* its reply was put in the same transaction */
	if (act->pending)
		ERR(pending_settle(tx, act->pending, act->yes, act->hash));
	ERR(effect_run(act, tx));
	ERR(step_put(act, tx));
	ERR(tx_defer(tx, STMT_LOG_PUT,
		     PG_ARGS(PG_TEXT("tool_call"), PG_TEXT(act->name),
			     PG_INT((clock_mono_us() - start) / 1000), PG_BOOL(true), PG_TEXT(NULL))));
	return act->finish ? act->finish(act->ctx, tx, &act->outcome) : NULL;
}

static NODISCARD err_t *act_run(struct act *act)
{
	struct req *req = act->req;
	struct tx *tx;
	int64_t start = clock_mono_us();
	err_t *err;

	req->undo_ref = NULL;
	if (act->tool && act->tool->effect == TOOL_REVERSIBLE)
		req->undo_ref = act->undo_ref ? act->undo_ref : crypt_random_hex(req->pool, 16);
	log_event(LOG_INFO, "tool_selected", KV_S("tool", act->name));
	err = tx_begin_user(req, &tx);
	if (!err)
		err = tx_end(tx, act_body(act, tx));
	req->undo_ref = NULL;
	metric_add(METRIC_TOOL_CALLS, act->name, err ? err_name(err->code) : "ok", NULL, 1);
	metric_observe(METRIC_TOOL_DURATION, act->name, NULL, NULL, (double)(clock_mono_us() - start) / 1e6);
	if (!err && act->outcome.kind == OUTCOME_DONE)
		log_event(LOG_INFO, "action_executed", KV_S("tool", act->name),
			  KV_I("object_id", act->outcome.object_id));
	return err;
}

void outcome_button(struct req *req, struct outcome *outcome, int row, const char *label, const char *data)
{
	struct button *more = mem_alloc(req->pool, sizeof *more * (outcome->buttons_n + 1));

	if (outcome->buttons_n)
		memcpy(more, outcome->buttons, sizeof *more * outcome->buttons_n);
	more[outcome->buttons_n++] =
		(struct button){ mem_text(req->pool, label), mem_text(req->pool, data), row };
	outcome->buttons = more;
}

const struct tool *tool_find(const char *name)
{
	for (const struct tool *const *t = tools_all; *t; t++)
		if (text_same((*t)->name, name))
			return *t;
	return NULL;
}

/* Whether word is one of the space-separated words. */
static bool has_word(const char *words, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = words; at && n && (at = strstr(at, word)); at += n)
		if ((at == words || at[-1] == ' ') && (at[n] == ' ' || !at[n]))
			return true;
	return false;
}

static const struct json_field *field_find(const struct tool *tool, const char *name)
{
	for (const struct json_field *f = tool->params; f && f->name; f++)
		if (text_same(f->name, name))
			return f;
	return NULL;
}

bool tool_takes(const struct tool *tool, const char *param)
{
	return field_find(tool, param) != NULL;
}

const struct tool *tool_for_command(const char *command)
{
	for (const struct tool *const *t = tools_all; *t; t++)
		if (has_word((*t)->commands, command))
			return *t;
	return NULL;
}

struct json *tool_button_args(apr_pool_t *pool, const struct tool *tool, const char *data)
{
	struct json *args = json_object(pool);
	int64_t number;

	if (text_int(data, &number)) {
		json_set_int(args, "id", number);
		return args;
	}
	while (strchr(data, '=')) {
		const char *name = mem_textn(pool, data, strcspn(data, "=")), *value = strchr(data, '=') + 1;
		const struct json_field *field = field_find(tool, name);
		bool free_text = field && field->type == JSON_TEXT && !field->values &&
				 !(field->max && field->max <= short_text);
		size_t n = free_text ? strlen(value) : strcspn(value, "&");
		const char *text = mem_textn(pool, value, n);

		if ((!field || field->type == JSON_INT) && text_int(text, &number))
			json_set_int(args, name, number);
		else if (field && field->type == JSON_DOUBLE)
			json_set_double(args, name, strtod(text, NULL));
		else if (field && field->type == JSON_BOOL)
			json_set_bool(args, name, text_same(text, "yes"));
		else
			json_set_text(args, name, text);
		data = value + n + (value[n] == '&');
	}
	return args;
}

const char *tool_command_name(apr_pool_t *pool, const struct tool *tool, enum lang lang)
{
	const char *first = tool->commands, *second = first ? strchr(first, ' ') : NULL;

	if (!first)
		return NULL;
	if (lang == LANG_PT || !second)
		return mem_textn(pool, first, strcspn(first, " "));
	return mem_textn(pool, second + 1, strcspn(second + 1, " "));
}

static bool needs_card(const struct req *req, const struct tool *tool)
{
	if (tool->asks)
		return true;
	switch (tool->effect) {
	case TOOL_READ: return false;
	case TOOL_REVERSIBLE: return req->autonomy == AUTONOMY_SUGGEST;
	case TOOL_DESTRUCTIVE: return req->autonomy != AUTONOMY_AUTO;
	default: return true;
	}
}

/* Who may, and with which arguments: nothing runs that has not passed here. confirmed: the person said yes to exactly
 * this. */
static NODISCARD err_t *act_prepare(struct act *act, const char *name, struct json *args, bool confirmed)
{
	struct req *req = act->req;
	uint64_t seen;
	void *decoded;

	act->tool = tool_find(name);
	if (!act->tool)
		return err_new(ERR_NOT_FOUND, "no such tool");
	act->name = act->tool->name;
	if (req->role < act->tool->min_role)
		return err_new(ERR_DENIED, "\"%s\": not for role \"%s\"", act->name, role_name(req->role));
	act->given = args ? args : json_object(req->pool);
	decoded = mem_alloc(req->pool, act->tool->args_size + 1);
	ERR(json_decode(req->pool, act->given, act->tool->params, decoded, &seen));
	act->args = decoded;
	act->card = !confirmed &&
		    (needs_card(req, act->tool) || (act->tool->asks_when && act->tool->asks_when(decoded)));
	return NULL;
}

err_t *tool_call(struct req *req, const char *name, struct json *args, tool_finish *finish, void *ctx)
{
	struct act act = { .req = req, .finish = finish, .ctx = ctx };

	ERR(act_prepare(&act, name, args, false));
	return act_run(&act);
}

err_t *tool_step(struct req *req, const char *name, struct json *args, const char *undo_ref,
		 struct outcome *ret_outcome)
{
	struct act act = { .req = req, .undo_ref = undo_ref };

	ERR(act_prepare(&act, name, args, false));
	ERR(act_run(&act));
	*ret_outcome = act.outcome;
	return NULL;
}

err_t *tool_settle(struct req *req, const char *id, bool yes, tool_finish *finish, void *ctx)
{
	struct act act = {
		.req = req, .name = "dismiss", .finish = finish, .ctx = ctx, .pending = id, .yes = yes
	};
	struct pending pending = { 0 };
	struct tx *tx;

	ERR(tx_begin_user(req, &tx));
	ERR(tx_end(tx, pending_get(tx, id, yes, &pending)));
	act.hash = pending.hash;
	if (pending.tool)
		ERR(act_prepare(&act, pending.tool, pending.args, true));
	return act_run(&act);
}

err_t *tool_undo(struct req *req, const char *ref, tool_finish *finish, void *ctx)
{
	struct act act = { .req = req, .name = "undo", .undo = ref ? ref : "", .finish = finish, .ctx = ctx };

	if (req->role < ROLE_USER)
		return err_new(ERR_DENIED, "\"undo\": not for role \"%s\"", role_name(req->role));
	return act_run(&act);
}
