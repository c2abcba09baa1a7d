#include "bot/turn/replies.h"

#include "core/clock.h"
#include "core/json.h"
#include "core/limits.h"
#include "core/log.h"
#include "core/metrics.h"
#include "core/text.h"
#include "integrations/telegram/telegram_html.h"
#include "tools/pending.h"
#include "tools/markup.h"
#include "tools/picture.h"

/* Under which the reply goes out once. An update has at most one reply a call, and one about its failure. Its
 * trace, which a replay keeps, tells it from another of the same id: Telegram may use an id again after a week. */
static const char *dedupe_key(const struct turn *turn, const char *what)
{
	const struct req *req = turn->req;

	return mem_fmt(req->pool, "u%lld:%d.%d%s:%s", (long long)req->update_id, turn->at.step, turn->at.call,
		       what, req_short(req));
}

const char *reply_progress_key(const struct turn *turn)
{
	return dedupe_key(turn, "p");
}

static const char *whole(const struct turn *turn, const char *html)
{
	if (turn->reply.lead)
		html = mem_fmt(turn->req->pool, "%s\n\n%s", turn->reply.lead, html);
	return turn->reply.foot ? mem_fmt(turn->req->pool, "%s\n\n%s", html, turn->reply.foot) : html;
}

/* A picture takes no other message's place: it is a new one, and the line that said "a moment" goes away behind it. */
static NODISCARD err_t *picture_reply(struct turn *turn, struct tx *tx, const struct outcome *outcome,
				      struct outgoing m)
{
	m.text = whole(turn, outcome->html);
	m.markup = markup_json(turn->req->pool, outcome->buttons, outcome->buttons_n);
	m.chart = outcome->chart;
	ERR(picture_put(tx, &m, outcome->caption, &m.part));
	if (!turn->progress.thinking)
		return NULL;
	return outbox_put(tx, &(struct outgoing){ .dedupe = m.dedupe,
						  .part = m.part,
						  .method = "delete",
						  .class = m.class,
						  .replaces = reply_progress_key(turn) });
}

static NODISCARD err_t *messages_put(struct turn *turn, struct tx *tx, const struct outcome *outcome,
				     const char *what)
{
	apr_pool_t *pool = turn->req->pool;
	const char **parts;
	size_t n;
	struct outgoing m = { .dedupe = outcome->key ? outcome->key : dedupe_key(turn, what),
			      .class = outcome->card ? "card" : "reply",
			      .accepted_at = turn->claim->received_at };

	if (outcome->chart)
		return picture_reply(turn, tx, outcome, m);
	ERR(tg_html_split(pool, whole(turn, outcome->html), LIMIT_TG_TEXT, &n, &parts));
	for (size_t i = 0; i < n; i++) {
		bool pressed = i == 0 && turn->update.callback_message_id && !turn->reply.anew;

		m.part = (int)i;
		m.method = pressed || (i == 0 && turn->progress.thinking) ? "edit" : "send";
		m.target_id = pressed ? turn->update.callback_message_id : 0;
		m.replaces = i == 0 && turn->progress.thinking && !pressed ? reply_progress_key(turn) : NULL;
		m.text = parts[i];
		m.markup = i + 1 == n ? markup_json(pool, outcome->buttons, outcome->buttons_n) : NULL;
		ERR(outbox_put(tx, &m));
	}
	return NULL;
}

static NODISCARD err_t *said_put(struct turn *turn, struct tx *tx, const struct outcome *outcome)
{
	return tx_defer(tx, STMT_SAID_PUT,
			PG_ARGS(PG_TEXT(turn->text),
				PG_TEXT(tg_html_plain(turn->req->pool,
						      outcome->said ? outcome->said : outcome->html)),
				PG_BOOL(turn->update.forwarded), PG_BOOL(outcome->outside)));
}

static NODISCARD err_t *log_put_row(struct turn *turn, struct tx *tx, const char *error)
{
	int64_t ms = (clock_now() - turn->req->now) / 1000;

	if (turn->model.name)
		return tx_defer(tx, STMT_LOG_MODEL_PUT,
				PG_ARGS(PG_TEXT(turn->kind), PG_TEXT(turn->model.name),
					PG_INT(turn->model.tokens_in), PG_INT(turn->model.tokens_out),
					PG_INT(ms), PG_BOOL(!error), PG_TEXT(error)));
	return tx_defer(tx, STMT_LOG_PUT,
			PG_ARGS(PG_TEXT("message"), PG_TEXT(turn->kind), PG_INT(ms), PG_BOOL(!error),
				PG_TEXT(error)));
}

err_t *reply_finish(void *ctx, struct tx *tx, const struct outcome *outcome)
{
	struct turn *turn = ctx;

	ERR(messages_put(turn, tx, outcome, ""));
	ERR(said_put(turn, tx, outcome));
	return log_put_row(turn, tx, NULL);
}

/* Something to be said, once: where the same transaction asks about an act, with buttons for the answer. */
struct saying {
	struct turn *turn;
	struct outcome outcome;
	const char *tool, *no_tool; /* an act to ask about; NULL: none */
	struct json *args, *no_args;
};

static NODISCARD err_t *question_put(struct saying *s, struct tx *tx)
{
	struct req *req = s->turn->req;
	const char *id;

	ERR(pending_put(tx, s->tool, s->args, s->no_tool, s->no_args, &id));
	outcome_button(req, &s->outcome, 0, tr(req->pool, req->lang, "button.yes"),
		       mem_fmt(req->pool, "y:%s", id));
	outcome_button(req, &s->outcome, 0, tr(req->pool, req->lang, "button.no"),
		       mem_fmt(req->pool, "n:%s", id));
	return NULL;
}

static err_t *say_body(void *ctx, struct tx *tx, const char **ret_payload)
{
	struct saying *s = ctx;

	(void)ret_payload; /* a replay says nothing, so it needs no words */
	if (s->tool)
		ERR(question_put(s, tx));
	return reply_finish(s->turn, tx, &s->outcome);
}

err_t *reply_once(struct turn *turn, const char *kind,
		  err_t *(*body)(void *ctx, struct tx *tx, const char **ret_payload), void *ctx)
{
	struct once once = { .at = turn->at, .kind = kind, .name = turn->kind, .body = body, .ctx = ctx };
	const char *payload;
	bool before;

	return once_run(turn->req, &once, &before, &payload);
}

static NODISCARD err_t *say(struct saying *s)
{
	return reply_once(s->turn, "say", say_body, s);
}

err_t *reply_say(struct turn *turn, const struct outcome *outcome)
{
	struct saying saying = { .turn = turn, .outcome = *outcome };

	return say(&saying);
}

err_t *reply_ask(struct turn *turn, const char *html, const char *tool, struct json *args,
		 const char *no_tool, struct json *no_args)
{
	struct saying saying = { .turn = turn,
				 .outcome = { .kind = OUTCOME_SAY, .html = html },
				 .tool = tool,
				 .args = args,
				 .no_tool = no_tool,
				 .no_args = no_args };

	return say(&saying);
}

err_t *reply_nothing(struct turn *turn)
{
	return reply_once(turn, "say", NULL, NULL);
}

err_t *reply_html(struct turn *turn, const char *html)
{
	struct outcome outcome = { .kind = OUTCOME_SAY, .html = html };

	return reply_say(turn, &outcome);
}

static NODISCARD err_t *error_body(struct turn *turn, struct tx *tx, const struct outcome *outcome,
				   const char *code)
{
	ERR(messages_put(turn, tx, outcome, "e"));
	return log_put_row(turn, tx, code);
}

err_t *reply_error(struct turn *turn, const err_t *err)
{
	struct req *req = turn->req;
	struct outcome outcome = { .html = tr(req->pool, req->lang, err_text(err),
					      SLOT_S("trace", req_short(req))) };
	const char *code = err_name(err->code);
	struct tx *tx;

	turn->reply.anew = true;
	if (!req->user_id)
		return outbox_put_stranger(req->pool, req->bot_id, req->chat_id, dedupe_key(turn, "e"),
					   outcome.html, req->trace, turn->claim->received_at, req->now);
	ERR(tx_begin_user(req, &tx));
	return tx_end(tx, error_body(turn, tx, &outcome, code));
}
