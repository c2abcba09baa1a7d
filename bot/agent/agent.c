#include "bot/agent/agent.h"

#include "bot/agent/agent_part.h"
#include "bot/turn/progress.h"
#include "core/clock.h"
#include "core/crypt.h"
#include "core/fiber.h"
#include "core/limits.h"
#include "core/log.h"
#include "core/metrics.h"
#include "core/text.h"
#include "ml/prompt/prompt.h"
#include <string.h>

enum { TURN_MS = 90000, MODEL_LINE_MS = 3000 };

/* The conversation so far, masked. It begins with the person: providers want it so. */
static NODISCARD err_t *messages_begin(struct agent *a)
{
	const struct context *c = a->context;
	const char *text;
	size_t i = 0;

	while (i < c->said_n && !c->said[i].by_person)
		i++;
	for (; i < c->said_n; i++) {
		err_t *err = guard_mask(a->guard, c->said[i].text, &text);

		/* With PRIVACY_GUARD=block an earlier message that holds something is left out; only this one can refuse. */
		if (err && err->code == ERR_DENIED) {
			err_clear(err);
			continue;
		}
		ERR(err);
		agent_message(a, (struct llm_message){ .role = c->said[i].by_person ? LLM_PERSON : LLM_MODEL,
						       .text = text });
	}
	ERR(context_system(a->turn, c, a->guard, &a->system));
	ERR(guard_mask(a->guard, a->turn->text, &text));
	agent_message(a, (struct llm_message){ .role = LLM_PERSON, .text = text });
	return NULL;
}

static const struct context_step *step_stored(const struct agent *a, int step)
{
	for (size_t i = 0; i < a->context->steps_n; i++)
		if (a->context->steps[i].step == step && a->context->steps[i].call == 0)
			return &a->context->steps[i];
	return NULL;
}

/* A step as it is stored: the reply, and with the first one the text it answered. */
struct stored {
	struct agent *a;
	const struct llm_reply *reply;
	size_t merged_n;
	int64_t *merged;
};

static NODISCARD err_t *store_body(struct stored *s, struct tx *tx)
{
	struct req *req = s->a->turn->req;
	struct json *payload = json_object(req->pool);

	json_set(payload, "reply", llm_reply_json(req->pool, s->reply));
	if (s->a->step == 1)
		json_set_text(payload, "text", s->a->turn->text);
	if (s->merged_n)
		ERR(tx_defer(tx, STMT_MERGED_PUT,
			     PG_ARGS(PG_INT(req->bot_id), PG_INTS(s->merged, s->merged_n))));
	return once_put(tx, (struct step_at){ s->a->step, 0 }, "model",
			config_provider_name(s->reply->provider), json_write(req->pool, payload));
}

static NODISCARD err_t *step_store(struct stored *s)
{
	struct tx *tx;

	ERR(tx_begin_user(s->a->turn->req, &tx));
	return tx_end(tx, store_body(s, tx));
}

static NODISCARD err_t *step_read(struct agent *a, const struct context_step *step,
				  struct llm_reply **ret_reply)
{
	struct json *payload;

	if (!step->payload)
		return err_new(ERR_INTERNAL, "a model's step without its reply");
	ERR(json_read(a->turn->req->pool, step->payload, strlen(step->payload), &payload));
	return llm_reply_read(a->turn->req->pool, json_at(payload, "reply"), ret_reply);
}

/* After an act the same provider goes on: another would not know what it meant. */
static enum config_provider only(const struct agent *a)
{
	return a->performed ? a->provider : PROVIDER_COUNT;
}

/* One step of the model: from the store when an earlier try had it, else asked and stored before anything comes of it. */
static NODISCARD err_t *step_reply(struct agent *a, struct stored *s, struct llm_reply **ret_reply)
{
	const struct context_step *before = step_stored(a, a->step);
	struct llm_request request = { .system = a->system,
				       .messages = a->messages,
				       .messages_n = a->messages_n,
				       .tools = a->tools,
				       .tools_n = a->tools_n,
				       .only = only(a),
				       .deadline_ms = a->deadline_ms };

	if (before) {
		ERR(step_read(a, before, ret_reply));
	} else {
		ERR(llm_chat(a->turn->req, &request, ret_reply));
		s->reply = *ret_reply;
		ERR(step_store(s));
		s->merged_n = 0;
	}
	a->provider = (*ret_reply)->provider;
	a->turn->model.name = (*ret_reply)->model;
	a->turn->model.tokens_in += (*ret_reply)->usage.in;
	a->turn->model.tokens_out += (*ret_reply)->usage.out;
	return NULL;
}

static NODISCARD err_t *correct(struct agent *a, const struct llm_reply *reply)
{
	a->corrected = true;
	log_event(LOG_WARN, "claim_corrected", KV_I("step", a->step));
	agent_message(a, (struct llm_message){ .role = LLM_MODEL, .reply = reply });
	agent_message(
		a,
		(struct llm_message){
			.role = LLM_PERSON,
			.text = "(From the app, not from the person.) You said that something was done, but no tool did it in "
				"this turn. Call the tool now, or answer again without that claim." });
	return NULL;
}

/* Asks and acts until there is an answer. */
static NODISCARD err_t *loop(struct agent *a, struct stored *s, bool *ret_puzzled)
{
	for (a->step = 1; a->step <= LIMIT_STEPS; a->step++) {
		struct llm_reply *reply;

		ERR(step_reply(a, s, &reply));
		if (reply->calls_n && a->step < LIMIT_STEPS) {
			agent_message(a, (struct llm_message){ .role = LLM_MODEL, .reply = reply });
			ERR(agent_calls(a, reply));
			if (a->wrong > 1)
				return agent_answer(a, "", "agent.bad_arguments");
			continue;
		}
		if (reply->calls_n)
			break;
		if (!*reply->text && !a->done_n) {
			*ret_puzzled = true;
			return NULL;
		}
		if (!a->corrected && a->step < LIMIT_STEPS && agent_overclaims(a, reply->text)) {
			ERR(correct(a, reply));
			continue;
		}
		return agent_answer(a, reply->text, reply->finish == LLM_LENGTH ? "agent.cut" : NULL);
	}
	log_event(LOG_WARN, "agent_loop", KV_I("steps", LIMIT_STEPS));
	return agent_answer(a, "", "agent.loop");
}

/* Why no model answers, for the person; NULL: the error is another one. */
static const char *why_no_model(const err_t *err)
{
	switch (err->code) {
	case ERR_BUDGET: return "basic.budget";
	case ERR_BLOCKED: return "basic.blocked";
	case ERR_PROVIDER_ERROR:
	case ERR_AUTH_ERROR:
	case ERR_RATE_LIMIT:
	case ERR_TIMEOUT: return "basic.no_answer";
	default: return NULL;
	}
}

/* The privacy guard comes before any model; where it fails, none is asked. */
static NODISCARD err_t *guarded(struct agent *a, bool *ret_allow)
{
	err_t *err = messages_begin(a);

	*ret_allow = !err;
	metric_add(METRIC_GATE_DECISIONS, "privacy", err ? "DENY" : "ALLOW", NULL, 1);
	log_event(LOG_INFO, "gate_decision", KV_S("gate", "privacy"),
		  KV_S("decision", err ? "DENY" : "ALLOW"),
		  KV_S("reason", err                     ? err_name(err->code)
				 : guard_found(a->guard) ? "masked"
							 : "ok"));
	err_clear(err);
	return NULL;
}

/* An error in the middle: what was done is told, what cannot be answered is said. */
static NODISCARD err_t *broke_off(struct agent *a, err_t *err, enum agent_end *ret_end, const char **ret_why)
{
	const char *why = why_no_model(err);

	if (err->code == ERR_CANCELLED && a->turn->stopped) {
		err_clear(err);
		return agent_stopped(a);
	}
	if (!why)
		return err;
	log_error("agent_broke_off", err);
	if (a->performed || agent_asks(a) || agent_must_tell(a))
		return agent_answer(a, "", a->performed ? "agent.broke_off" : NULL);
	*ret_end = AGENT_NO_MODEL;
	*ret_why = why;
	return NULL;
}

/* The text that is answered: as it was stored, or with what waits behind it. */
static NODISCARD err_t *text_settle(struct agent *a, struct stored *s)
{
	const struct context_step *first = step_stored(a, 1);
	struct json *payload;

	if (!first)
		return agent_merge(a->turn, &a->turn->text, &s->merged_n, &s->merged);
	ERR(json_read(a->turn->req->pool, first->payload, strlen(first->payload), &payload));
	if (json_text(payload, "text")) {
		a->turn->merged = !text_same(a->turn->text, json_text(payload, "text"));
		a->turn->text = json_text(payload, "text");
	}
	return NULL;
}

/* The rules have done some of its sentences in an earlier try: they go on, and no model does them again. */
static bool half_done(const struct agent *a)
{
	for (size_t i = 0; i < a->context->steps_n; i++)
		if (a->context->steps[i].step == 0 && a->context->steps[i].call > 0)
			return true;
	return false;
}

static void unmerge(struct turn *turn, const char *own)
{
	turn->text = own;
	turn->merged = false;
}

err_t *agent_run(struct turn *turn, enum agent_end *ret_end, const char **ret_why)
{
	struct req *req = turn->req;
	struct agent a = { .turn = turn,
			   .provider = PROVIDER_COUNT,
			   .deadline_ms = clock_mono_ms() + TURN_MS };
	struct stored stored = { .a = &a };
	const char *own = turn->text;
	bool allow, puzzled = false;
	err_t *err;

	*ret_end = AGENT_ANSWERED;
	progress_begin(turn, MODEL_LINE_MS);
	a.guard = guard_new(req->pool, req->trace, (enum config_privacy)turn->req->config->privacy_guard);
	a.undo_ref = mem_textn(req->pool,
			       crypt_hash_hex(req->pool, mem_fmt(req->pool, "undo:%s", req->trace),
					      5 + strlen(req->trace)),
			       32);
	agent_offer(&a, false);
	ERR(context_load(turn, a.later, &a.context));
	if (step_stored(&a, 0))
		return NULL; /* answered by an earlier try, or together with another message */
	if (half_done(&a)) {
		*ret_end = AGENT_NO_MODEL;
		*ret_why = "basic.no_answer";
		progress_end(turn);
		return NULL;
	}
	ERR(text_settle(&a, &stored));
	ERR(guarded(&a, &allow));
	err = allow ? loop(&a, &stored, &puzzled) : NULL;
	if (err)
		err = broke_off(&a, err, ret_end, ret_why);
	if (!allow) {
		*ret_end = AGENT_NO_MODEL;
		*ret_why = "basic.guard";
	}
	if (puzzled)
		*ret_end = AGENT_PUZZLED;
	if (*ret_end == AGENT_NO_MODEL && stored.merged_n)
		unmerge(turn, own); /* nothing was stored: the others have turns of their own */
	if (*ret_end == AGENT_NO_MODEL && turn->merged)
		*ret_end = AGENT_PUZZLED; /* several messages at once are nothing for the rules */
	progress_end(turn);
	return err;
}
