#include "bot/understand.h"

#include "bot/agent.h"
#include "bot/context.h"
#include "bot/mydata.h"
#include "bot/replies.h"
#include "core/log.h"
#include "core/text.h"
#include "integrations/llm.h"
#include "ml/intent.h"
#include "ml/smalltalk.h"
#include "tools/aside.h"
#include "tools/ask.h"
#include "tools/registry.h"
#include "tools/when.h"
#include <string.h>

static const char *const media_kinds[] = {
	[TG_MEDIA_NONE] = "text",     [TG_MEDIA_VOICE] = "voice",    [TG_MEDIA_PHOTO] = "photo",
	[TG_MEDIA_DOCUMENT] = "file", [TG_MEDIA_LOCATION] = "place", [TG_MEDIA_OTHER] = "other",
};

static void intent_log(struct turn *turn, const char *kind, const char *name, double confidence)
{
	turn->kind = kind;
	log_event(LOG_INFO, "intent_classified", KV_S("kind", kind), KV_S("name", name),
		  KV_I("percent", confidence * 100));
}

/* The message as the inbox takes it. */
static struct json *keep_args(struct turn *turn, const char *source)
{
	const struct tg_update *u = &turn->update;
	apr_pool_t *pool = turn->req->pool;
	struct json *args = json_object(pool);

	json_set_text(args, "content", turn->text);
	json_set_text(args, "kind", media_kinds[u->media]);
	json_set_text(args, "source", u->forwarded ? "forward" : source);
	if (u->file_id)
		json_set_text(args, "file_id", u->file_id);
	if (u->file_name)
		json_set_text(args, "file_name", text_cut(pool, u->file_name, 200));
	if (u->mime)
		json_set_text(args, "file_type", text_cut(pool, u->mime, 100));
	if (u->file_size > 0)
		json_set_int(args, "file_size", u->file_size);
	if (u->media == TG_MEDIA_LOCATION)
		json_set_text(args, "place", mem_fmt(pool, "%.6f,%.6f", u->latitude, u->longitude));
	return args;
}

/* What nobody understands is kept, and the person hears so. */
static NODISCARD err_t *keep(struct turn *turn)
{
	return tool_call(turn->req, "capture_inbox", keep_args(turn, "message"), reply_finish, turn);
}

/* Understood, but there is no such tool yet: nothing is lost, and nobody is told that it was done. */
static NODISCARD err_t *unable(struct turn *turn)
{
	turn->lead = tr(turn->req->pool, turn->req->lang, "rules.unable");
	return tool_call(turn->req, "capture_inbox", keep_args(turn, "command"), reply_finish, turn);
}

static NODISCARD err_t *ask(struct turn *turn, const struct intent *intent)
{
	struct req *req = turn->req;
	const char *html = tr(req->pool, req->lang, "rules.ask",
			      SLOT_S("what", ask_text(req, intent->name, intent->args)));

	return reply_ask(turn, html, intent->name, intent->args, "capture_inbox", keep_args(turn, "command"));
}

/* The rules know all that a sentence says; a tool may not take all of it. */
struct taking {
	const struct tool *tool;
	struct json *args;
};

static err_t *take(void *ctx, const char *key, struct json *value)
{
	struct taking *t = ctx;

	if (tool_takes(t->tool, key))
		json_set(t->args, key, value);
	return NULL;
}

static struct json *taken(struct turn *turn, const struct tool *tool, const struct json *args)
{
	struct taking t = { tool, json_object(turn->req->pool) };

	err_clear(json_each(args, take, &t));
	return t.args;
}

static NODISCARD err_t *act(struct turn *turn, const struct intent *intent)
{
	err_t *err = tool_call(turn->req, intent->name, intent->args, reply_finish, turn);

	/* What the rules took for arguments was none. */
	if (err && err->code == ERR_INVALID) {
		log_error("rules_refused", err);
		return keep(turn);
	}
	return err;
}

/* Where the day or time can be read two ways, the other goes along: one tap corrects it. */
static void other_reading(struct turn *turn, const struct tool *tool, struct json *args)
{
	static const char *const whens[] = { "due", "start", "at" };
	apr_pool_t *pool = turn->req->pool;
	struct date_found found;

	if (!date_find(pool, turn->text, turn->req->lang, context_wall(turn), &found) || !found.has_other)
		return;
	for (size_t i = 0; i < sizeof whens / sizeof *whens; i++) {
		const char *said = json_text(args, whens[i]), *iso = date_iso(pool, found.start);
		const char *name = mem_fmt(pool, "or_%s", whens[i]);

		if (said && text_starts(iso, said) && tool_takes(tool, name))
			json_set_text(args, name, mem_textn(pool, date_iso(pool, found.other), strlen(said)));
	}
}

static NODISCARD err_t *rules(struct turn *turn)
{
	struct req *req = turn->req;
	const struct tool *tool;
	struct intent intent;

	intent_find(req->pool, turn->text, req->lang, context_wall(turn), &intent);
	intent_log(turn, "text", intent.name, intent.confidence);
	if (text_same(intent.name, "none") || intent.confidence < INTENT_ASK) {
		enum smalltalk small = smalltalk_find(req->pool, turn->text);

		if (!small)
			return keep(turn);
		turn->foot = NULL;
		return reply_html(turn, tr(req->pool, req->lang, mem_fmt(req->pool, "chat.%d", (int)small)));
	}
	tool = tool_find(intent.name);
	if (!tool)
		return unable(turn);
	ERR(context_autonomy(turn));
	intent.args = taken(turn, tool, intent.args);
	other_reading(turn, tool, intent.args);
	/* An outward act has its own card, which shows all of it: a yes to a guess is no yes to that. */
	if (req->role < tool->min_role || intent.confidence >= INTENT_ACT || tool->effect == TOOL_OUTWARD ||
	    tool->effect == TOOL_DESTRUCTIVE)
		return act(turn, &intent);
	return ask(turn, &intent);
}

/* An answer to what was asked ("until when?"): words that are a time and nothing else. */
struct answering {
	struct turn *turn;
	struct aside aside;
	const char *id, *wants, *value;
};

static NODISCARD err_t *asked_body(struct answering *a, struct tx *tx)
{
	return aside_asked(tx, &a->id, &a->wants, &a->aside);
}

static err_t *answered(void *ctx, struct tx *tx, const struct outcome *outcome)
{
	struct answering *a = ctx;

	ERR(aside_settle(tx, a->id, true, a->aside.hash));
	return reply_finish(a->turn, tx, outcome);
}

static NODISCARD err_t *answer(struct turn *turn, bool *ret_was)
{
	struct answering a = { .turn = turn };
	struct when when;
	const char *rest;
	struct tx *tx;

	*ret_was = false;
	if (!when_find(turn->req, turn->text, &when, &rest) || *rest || when.rrule)
		return NULL;
	ERR(tx_begin_user(turn->req, &tx));
	ERR(tx_end(tx, asked_body(&a, tx)));
	if (!a.id)
		return NULL;
	*ret_was = true;
	intent_log(turn, "text", a.aside.tool, 1);
	json_set_text(a.aside.args, a.wants, when_iso(turn->req, &when));
	return tool_call(turn->req, a.aside.tool, a.aside.args, answered, &a);
}

err_t *understand(struct turn *turn)
{
	struct req *req = turn->req;
	enum agent_end end = AGENT_NO_MODEL;
	const char *why = "basic.rules";
	bool was_answer;

	/* Forwarded words are somebody else's, and files are not read: neither is an order. */
	if (turn->update.media != TG_MEDIA_NONE || turn->update.forwarded) {
		intent_log(turn, turn->update.media == TG_MEDIA_NONE ? "text" : "media", "capture_inbox", 1);
		return keep(turn);
	}
	turn->kind = "text";
	ERR(mydata_word(turn, &was_answer));
	if (!was_answer)
		ERR(answer(turn, &was_answer));
	if (was_answer)
		return NULL;
	if (llm_configured(turn->config))
		ERR(agent_run(turn, &end, &why));
	if (end == AGENT_ANSWERED)
		return NULL;
	if (end == AGENT_PUZZLED)
		return keep(turn);
	turn->foot = tr(req->pool, req->lang, why);
	return rules(turn);
}
