#include "bot/agent/agent_part.h"

#include "bot/turn/acting.h"
#include "core/limits.h"
#include "core/log.h"
#include "core/text.h"
#include "integrations/telegram/telegram_html.h"
#include "ml/guard/claims.h"
#include <string.h>

static void done_add(struct agent *a, const struct tool *tool, const char *key, const struct outcome *outcome)
{
	if (a->done_n == a->done_cap) {
		size_t cap = a->done_cap ? 2 * a->done_cap : 8;
		struct done *more = mem_alloc(a->turn->req->pool, sizeof *more * cap);

		if (a->done_n)
			memcpy(more, a->done, sizeof *more * a->done_n);
		a->done = more;
		a->done_cap = cap;
	}
	a->done[a->done_n++] = (struct done){ key, *outcome };
	if (outcome->kind == OUTCOME_DONE)
		a->performed |= tool->claim;
}

static bool done_before(const struct agent *a, const char *key)
{
	for (size_t i = 0; i < a->done_n; i++)
		if (a->done[i].outcome.kind == OUTCOME_DONE && text_same(a->done[i].key, key))
			return true;
	return false;
}

static struct json *result_error(apr_pool_t *pool, const char *what)
{
	struct json *o = json_object(pool);

	json_set_text(o, "error", what);
	return o;
}

static struct json *result_note(apr_pool_t *pool, const char *what)
{
	struct json *o = json_object(pool);

	json_set_text(o, "output", what);
	return o;
}

/* What the model is told of an outcome: its data, never the words that are for people. */
static struct json *result_of(struct agent *a, const struct tool *tool, const struct outcome *outcome)
{
	apr_pool_t *pool = a->turn->req->pool;
	struct json *o = json_object(pool);

	json_set_bool(o, "done", outcome->kind == OUTCOME_DONE);
	if (outcome->card)
		json_set_text(o, "output", "Not done. The app shows the person a card that asks for a yes.");
	else
		json_set(o, "data", outcome_for_model(pool, outcome, tool->result));
	return o;
}

/* Errors that the model is told and may mend; every other ends the turn. */
static bool is_answer(const err_t *err)
{
	return err->code == ERR_INVALID || err->code == ERR_NOT_FOUND || err->code == ERR_DENIED ||
	       err->code == ERR_CONFLICT || err->code == ERR_TOO_LARGE;
}

static NODISCARD err_t *tool_run(struct agent *a, const struct llm_call *call, struct step_at at,
				 struct llm_result *result, bool *ret_wrong)
{
	struct req *req = a->turn->req;
	const struct tool *tool = tool_find(call->name);
	struct json *args = guard_restore_json(a->guard, req->pool, call->args);
	const char *key = mem_fmt(req->pool, "%s %s", call->name, json_write(req->pool, args));
	struct act_end end = acting_step(a->turn, at);
	struct outcome outcome;
	err_t *err;

	if (tool && tool->effect != TOOL_READ && done_before(a, key)) {
		result->output =
			result_note(req->pool, "This was already done in this turn; it was not repeated.");
		return NULL;
	}
	err = act_step(req, call->name, args, a->undo_ref, end, &outcome);
	if (err && !is_answer(err))
		return err;
	if (err) {
		*ret_wrong = err->code == ERR_INVALID || !tool;
		result->is_error = true;
		result->output = result_error(req->pool, err_message(err));
		log_event(LOG_WARN, "tool_refused", KV_S("tool", tool ? tool->name : "unknown"),
			  KV_S("error", err_name(err->code)));
		err_clear(err);
		return NULL;
	}
	done_add(a, tool, key, &outcome);
	result->output = result_of(a, tool, &outcome);
	return NULL;
}

static NODISCARD err_t *call_run(struct agent *a, const struct llm_call *call, struct step_at at,
				 struct llm_result *result, bool *ret_wrong)
{
	apr_pool_t *pool = a->turn->req->pool;

	*result = (struct llm_result){ .id = call->id, .name = call->name };
	*ret_wrong = false;
	if (text_same(call->name, "more_tools")) {
		agent_offer(a, true);
		result->output = result_note(pool, "All tools are offered now.");
		return NULL;
	}
	if (!call->args) {
		*ret_wrong = result->is_error = true;
		result->output = result_error(pool, "the arguments were no JSON object");
		return NULL;
	}
	return tool_run(a, call, at, result, ret_wrong);
}

err_t *agent_calls(struct agent *a, const struct llm_reply *reply)
{
	struct req *req = a->turn->req;
	struct llm_result *results = mem_alloc(req->pool, sizeof *results * reply->calls_n);
	bool any_wrong = false;

	for (size_t i = 0; i < reply->calls_n; i++) {
		bool wrong = false;

		if (i < LIMIT_CALLS) {
			struct step_at at = { a->step, (int)i + 1 };

			ERR(call_run(a, &reply->calls[i], at, &results[i], &wrong));
		} else {
			results[i] = (struct llm_result){ .id = reply->calls[i].id,
							  .name = reply->calls[i].name,
							  .is_error = true };
			results[i].output = result_error(req->pool, "too many calls at once; not run");
		}
		any_wrong = any_wrong || wrong;
		ERR(guard_mask_json(a->guard, results[i].output, &results[i].output));
	}
	a->wrong += any_wrong;
	agent_message(a, (struct llm_message){
				 .role = LLM_RESULTS, .results = results, .results_n = reply->calls_n });
	return NULL;
}
