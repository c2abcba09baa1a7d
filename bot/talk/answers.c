#include "bot/talk/answers.h"

#include "bot/talk/commands.h"
#include "bot/talk/mydata.h"
#include "bot/turn/replies.h"
#include "bot/turn/acting.h"
#include "bot/turn/undo.h"
#include "core/log.h"
#include "core/text.h"
#include "ml/intent/intent.h"
#include "tools/pending.h"
#include "tools/registry.h"
#include "tools/when.h"
#include <string.h>

enum word { WORD_NONE, WORD_YES, WORD_NO, WORD_UNDO, WORD_HELP };

/* Folded, whole messages. */
static const struct {
	enum word word;
	const char *text;
} words[] = {
	{ WORD_YES, "sim" },
	{ WORD_YES, "s" },
	{ WORD_YES, "isso" },
	{ WORD_YES, "isso mesmo" },
	{ WORD_YES, "sim, isso" },
	{ WORD_YES, "pode" },
	{ WORD_YES, "pode sim" },
	{ WORD_YES, "confirmo" },
	{ WORD_YES, "confirma" },
	{ WORD_YES, "claro" },
	{ WORD_YES, "yes" },
	{ WORD_YES, "y" },
	{ WORD_YES, "yep" },
	{ WORD_YES, "confirm" },
	{ WORD_YES, "go ahead" },
	{ WORD_NO, "nao" },
	{ WORD_NO, "n" },
	{ WORD_NO, "nao precisa" },
	{ WORD_NO, "cancela" },
	{ WORD_NO, "cancelar" },
	{ WORD_NO, "deixa" },
	{ WORD_NO, "deixa pra la" },
	{ WORD_NO, "no" },
	{ WORD_NO, "nope" },
	{ WORD_NO, "cancel" },
	{ WORD_NO, "never mind" },
	{ WORD_UNDO, "desfazer" },
	{ WORD_UNDO, "desfaz" },
	{ WORD_UNDO, "desfaz isso" },
	{ WORD_UNDO, "desfaca" },
	{ WORD_UNDO, "undo" },
	{ WORD_UNDO, "undo that" },
	{ WORD_UNDO, "undo it" },
	{ WORD_HELP, "ajuda" },
	{ WORD_HELP, "me ajuda" },
	{ WORD_HELP, "socorro" },
	{ WORD_HELP, "help" },
	{ WORD_HELP, "help me" },
	{ WORD_HELP, "o que voce faz" },
	{ WORD_HELP, "o que vc faz" },
	{ WORD_HELP, "o que voce sabe fazer" },
	{ WORD_HELP, "what can you do" },
};

static enum word word_of(apr_pool_t *pool, const char *text)
{
	char *folded = mem_text(pool, text_fold(pool, text));
	size_t n = strlen(folded);

	while (n && strchr(".!? ", folded[n - 1]))
		folded[--n] = 0;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (text_same(words[i].text, folded))
			return words[i].word;
	return WORD_NONE;
}

/* What was asked, looked up in a transaction. */
struct asking {
	struct turn *turn;
	struct pending pending;
	const char *id, *wants;
	bool words;
};

static NODISCARD err_t *question_body(struct asking *a, struct tx *tx)
{
	return pending_asked(tx, &a->id, &a->wants, &a->words, &a->pending);
}

static err_t *answered(void *ctx, struct tx *tx, const struct outcome *outcome)
{
	struct asking *a = ctx;

	ERR(pending_settle(tx, a->id, true, a->pending.hash));
	return reply_finish(a->turn, tx, outcome);
}

static void waiting(void *ctx, bool over)
{
	struct turn *turn = ((struct asking *)ctx)->turn;

	acting_end(turn).waiting(turn, over);
}

/* The act that an answer runs: its question is settled with it. */
static struct act_end answer_end(struct asking *a)
{
	return (struct act_end){ .at = a->turn->at, .finish = answered, .waiting = waiting, .ctx = a };
}

/* "Until when?": words that are a time and nothing else. */
static NODISCARD err_t *time_answer(struct turn *turn, bool *ret_was)
{
	struct asking a = { .turn = turn };
	struct when when;
	const char *rest;
	struct tx *tx;

	if (!when_find(turn->req, turn->text, &when, &rest) || *rest)
		return NULL;
	ERR(tx_begin_user(turn->req, &tx));
	ERR(tx_end(tx, question_body(&a, tx)));
	if (!a.id || a.words || !tool_find(a.pending.tool))
		return NULL;
	*ret_was = true;
	log_event(LOG_INFO, "intent_classified", KV_S("kind", "answer"), KV_S("name", a.pending.tool));
	json_set_text(a.pending.args, a.wants, when_iso(turn->req, &when));
	if (when.rrule && tool_takes(tool_find(a.pending.tool), "rrule"))
		json_set_text(a.pending.args, "rrule", when.rrule);
	return act_follow(turn->req, a.pending.tool, a.pending.args, answer_end(&a));
}

static err_t *dropped(void *ctx, struct tx *tx, const char **ret_payload)
{
	struct asking *a = ctx;
	struct outcome outcome = { .kind = OUTCOME_SAY,
				   .html = tr(a->turn->req->pool, a->turn->req->lang, "pending.dismissed") };

	(void)ret_payload;
	ERR(pending_settle(tx, a->id, false, a->pending.hash));
	return reply_finish(a->turn, tx, &outcome);
}

/* "To whom?": an address, or a name; what asks for something else is no answer. */
static bool is_another_wish(struct turn *turn, const char *wants)
{
	apr_pool_t *pool;
	struct intent intent;
	bool other;

	if (!text_same(wants, "to") || strchr(turn->text, '@'))
		return false;
	pool = pool_child(turn->req->pool);
	intent_find(pool, turn->text, turn->req->lang, when_now(turn->req), &intent);
	other = intent.confidence >= INTENT_ASK && !text_same(intent.name, "none");
	pool_free(pool);
	return other;
}

/* "What shall I write?": whatever is said next; a no takes the question back. */
static NODISCARD err_t *words_answer(struct turn *turn, bool no, bool *ret_was)
{
	struct asking a = { .turn = turn };
	struct tx *tx;

	ERR(tx_begin_user(turn->req, &tx));
	ERR(tx_end(tx, question_body(&a, tx)));
	if (!a.id || !a.words || !tool_find(a.pending.tool) || (!no && is_another_wish(turn, a.wants)))
		return NULL;
	*ret_was = true;
	log_event(LOG_INFO, "intent_classified", KV_S("kind", "answer"), KV_S("name", a.pending.tool));
	if (no)
		return reply_once(turn, "say", dropped, &a);
	json_set_text(a.pending.args, a.wants, turn->text);
	return act_follow(turn->req, a.pending.tool, a.pending.args, answer_end(&a));
}

static NODISCARD err_t *latest_body(const char **ret_id, struct tx *tx)
{
	return pending_latest(tx, ret_id);
}

/* A card, or "was it this?", answered in a word. */
static NODISCARD err_t *yes_or_no(struct turn *turn, bool yes, bool *ret_was)
{
	const char *id;
	struct tx *tx;

	ERR(tx_begin_user(turn->req, &tx));
	ERR(tx_end(tx, latest_body(&id, tx)));
	*ret_was = id != NULL;
	if (id)
		return act_settle(turn->req, id, yes, acting_end(turn));
	return words_answer(turn, !yes, ret_was);
}

err_t *answers_find(struct turn *turn, bool *ret_was)
{
	bool known;

	*ret_was = false;
	ERR(mydata_word(turn, ret_was));
	if (*ret_was)
		return NULL;
	switch (word_of(turn->req->pool, turn->text)) {
	case WORD_YES: return yes_or_no(turn, true, ret_was);
	case WORD_NO: return yes_or_no(turn, false, ret_was);
	case WORD_UNDO:
		*ret_was = true;
		turn->kind = "text";
		log_event(LOG_INFO, "intent_classified", KV_S("kind", "text"), KV_S("name", "undo"));
		return undo_act(turn, NULL);
	case WORD_HELP: *ret_was = true; return command_run(turn, "help", "", &known);
	default: ERR(time_answer(turn, ret_was)); return *ret_was ? NULL : words_answer(turn, false, ret_was);
	}
}
