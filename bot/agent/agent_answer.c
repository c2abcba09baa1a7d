#include "bot/agent/agent_part.h"

#include "bot/turn/progress.h"
#include "bot/turn/replies.h"
#include "core/fiber.h"
#include "core/limits.h"
#include "core/text.h"
#include "ml/guard/claims.h"
#include <string.h>

enum { BUTTONS_MAX = 12, TOLD_MAX = 12, TOLD_BYTES = LIMIT_MESSAGE_BYTES / 2, WORDS_CHARS = 6000 };

/* Every claim but how things stand. */
static const unsigned acts = CLAIM_MAKE | CLAIM_SEND | CLAIM_REMOVE | CLAIM_COMPLETE | CLAIM_CHANGE;

/* What the text says was done and was not. */
static unsigned overclaims(const struct agent *a, const char *text)
{
	unsigned claims = claims_find(a->turn->req->pool, text), wrong = claims & acts & ~a->performed;

	if (!a->performed)
		wrong |= claims & CLAIM_DONE;
	if (!a->done_n)
		wrong |= claims & CLAIM_STATE;
	return wrong;
}

bool agent_overclaims(struct agent *a, const char *text)
{
	return overclaims(a, text) != 0;
}

/* "OK", by which the model says that it has nothing to add. */
static bool is_ok(const char *text)
{
	return !*text || strcasecmp(text, "ok") == 0 || strcasecmp(text, "ok.") == 0;
}

/* The model's words: what it claims is taken out, since rows tell what was done. */
static const char *words_left(const struct agent *a, const char *text, bool *ret_corrected)
{
	apr_pool_t *pool = a->turn->req->pool;
	unsigned wrong = overclaims(a, text);

	*ret_corrected = wrong != 0;
	if (wrong)
		text = claims_strip(pool, text, wrong);
	if (a->performed)
		text = claims_strip(pool, text, acts | CLAIM_DONE);
	text = text_trim(pool, text);
	return is_ok(text) ? "" : text;
}

/* What stands between mark at s and the next mark on the same line; NULL when there is none. *ret_n: its bytes. */
static const char *marked(const char *s, const char *mark, size_t *ret_n)
{
	size_t n = strlen(mark);
	const char *end;

	if (!text_starts(s, mark))
		return NULL;
	end = strstr(s + n, mark);
	if (!end || end == s + n || strcspn(s, "\n") < (size_t)(end - s))
		return NULL;
	*ret_n = (size_t)(end - s) - n;
	return s + n;
}

/* Bold and code as models write them; everything else as it is. */
static const char *words_html(apr_pool_t *pool, const char *text)
{
	struct buf out = buf_new(pool, LIMIT_MESSAGE_BYTES);
	const char *s = text_html(pool, text_cut(pool, text, WORDS_CHARS)), *inner;
	size_t n;

	while (*s) {
		if ((inner = marked(s, "**", &n))) {
			buf_fmt(&out, "<b>%.*s</b>", (int)n, inner);
			s = inner + n + 2;
		} else if ((inner = marked(s, "`", &n))) {
			buf_fmt(&out, "<code>%.*s</code>", (int)n, inner);
			s = inner + n + 1;
		} else {
			buf_char(&out, *s++);
		}
	}
	return out.over || !out.p ? "" : out.p;
}

static bool is_undo(const struct button *button)
{
	return text_starts(button->data, "u:");
}

/* The buttons of an outcome below those that are there; undo comes once, at the end. */
static void buttons_add(struct agent *a, struct outcome *answer, const struct outcome *from)
{
	int base = answer->buttons_n ? answer->buttons[answer->buttons_n - 1].row + 1 : 0;

	for (size_t i = 0; i < from->buttons_n && answer->buttons_n < BUTTONS_MAX; i++)
		if (!is_undo(&from->buttons[i]))
			outcome_button(a->turn->req, answer, base + from->buttons[i].row,
				       from->buttons[i].label, from->buttons[i].data);
}

static void undo_add(struct agent *a, struct outcome *answer)
{
	for (size_t i = 0; i < a->done_n; i++)
		for (size_t k = 0; k < a->done[i].outcome.buttons_n; k++)
			if (is_undo(&a->done[i].outcome.buttons[k])) {
				int row = answer->buttons_n ? answer->buttons[answer->buttons_n - 1].row : 0;

				outcome_button(a->turn->req, answer, row, a->done[i].outcome.buttons[k].label,
					       a->done[i].outcome.buttons[k].data);
				return;
			}
}

static void part(struct buf *html, const char *text)
{
	if (!*text)
		return;
	if (html->n)
		buf_text(html, "\n\n");
	buf_text(html, text);
}

/* What the conversation keeps of an answer in which one of them is not kept whole. */
static void said_of(struct agent *a, const struct outcome *o, struct outcome *answer)
{
	if (o->said)
		answer->said = answer->said ? mem_fmt(a->turn->req->pool, "%s\n\n%s", answer->said, o->said)
					    : o->said;
}

/* What was done, from the rows that were committed. */
static void confirmations(struct agent *a, struct buf *html, struct outcome *answer)
{
	int told = 0, more = 0;

	for (size_t i = 0; i < a->done_n; i++) {
		const struct outcome *o = &a->done[i].outcome;

		/* The words of a picture are ours: they are what it shows, in numbers that no model wrote. */
		if (o->kind != OUTCOME_DONE && !o->card && !o->must_tell && !o->chart)
			continue;
		if (++told > TOLD_MAX || html->n + strlen(o->html) > TOLD_BYTES) {
			more++;
			continue;
		}
		answer->card = answer->card || o->card;
		part(html, o->html);
		answer->outside = answer->outside || o->outside;
		if (o->chart) {
			answer->chart = o->chart;
			answer->caption = o->html;
		}
		said_of(a, o, answer);
		buttons_add(a, answer, o);
	}
	if (more)
		part(html, tr(a->turn->req->pool, a->turn->req->lang, "agent.more_done", SLOT_I("n", more)));
}

bool agent_must_tell(const struct agent *a)
{
	for (size_t i = 0; i < a->done_n; i++)
		if (a->done[i].outcome.must_tell)
			return true;
	return false;
}

bool agent_asks(const struct agent *a)
{
	for (size_t i = 0; i < a->done_n; i++)
		if (a->done[i].outcome.card)
			return true;
	return false;
}

/* A list that was looked up and on which the model has nothing to say. */
static void last_said(struct agent *a, struct buf *html, struct outcome *answer)
{
	for (size_t i = a->done_n; i > 0; i--) {
		const struct outcome *o = &a->done[i - 1].outcome;

		if (o->kind != OUTCOME_SAY || o->card)
			continue;
		part(html, o->html);
		answer->outside = answer->outside || o->outside;
		said_of(a, o, answer);
		buttons_add(a, answer, o);
		return;
	}
}

err_t *agent_answer(struct agent *a, const char *text, const char *key)
{
	struct req *req = a->turn->req;
	struct outcome answer = { .kind = OUTCOME_SAY };
	struct buf html = buf_new(req->pool, LIMIT_MESSAGE_BYTES);
	bool corrected;
	const char *words = words_left(a, text, &corrected);

	confirmations(a, &html, &answer);
	if (*words) {
		ERR(guard_answer(a->guard, req->pool, words, &words));
		part(&html, words_html(req->pool, words));
	} else if (!html.n && !key && !corrected) {
		last_said(a, &html, &answer);
	}
	if (corrected)
		part(&html, tr(req->pool, req->lang, "agent.not_done"));
	if (key)
		part(&html, tr(req->pool, req->lang, key));
	undo_add(a, &answer);
	ERR(buf_check(&html));
	answer.html = html.n ? html.p : tr(req->pool, req->lang, "agent.nothing");
	progress_end(a->turn);
	return reply_say(a->turn, &answer);
}

err_t *agent_stopped(struct agent *a)
{
	err_t *err = NULL;

	fiber_shield(+1);
	progress_end(a->turn);
	if (a->performed || agent_must_tell(a) || a->turn->progress.shown)
		err = agent_answer(a, "", "agent.stopped");
	else
		err = reply_nothing(a->turn);
	fiber_shield(-1);
	return err;
}
