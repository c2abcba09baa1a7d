#include "cron/routine.h"

#include "core/limits.h"
#include "core/log.h"
#include "core/text.h"
#include "db/outbox.h"
#include "integrations/telegram/telegram_html.h"
#include "tools/markup.h"
#include "tools/picture.h"
#include "tools/when.h"

/* Told within this of its hour, it is what the person asked for at that hour: quiet hours do not hold it. */
static const int64_t chosen_us = 15 * MINUTE_US;

/* One telling under way. */
struct telling {
	struct req *req;
	const struct job_run *run;
	const char *kind;
	routine_words *words;
	const char *lead;
	bool told;
};

static bool is_today(struct req *req, const char *day)
{
	return text_same(when_date(req, &(struct when){ .wall = when_now(req) }), day);
}

/* What is said, as the conversation keeps it. */
static NODISCARD err_t *said_put(struct tx *tx, const struct outcome *said, const char *html)
{
	return tx_defer(tx, STMT_SAID_PUT,
			PG_ARGS(PG_TEXT(""), PG_TEXT(tg_html_plain(tx_req(tx)->pool, html)), PG_BOOL(false),
				PG_BOOL(said->outside)));
}

/* A text that is longer than a message goes out in several; the keyboard is under the last. */
static NODISCARD err_t *text_put(struct tx *tx, struct outgoing m, int *ret_parts)
{
	const char **parts, *markup = m.markup;
	size_t n;

	ERR(tg_html_split(tx_req(tx)->pool, m.text, LIMIT_TG_TEXT, &n, &parts));
	for (size_t i = 0; i < n; i++, m.part++) {
		m.text = parts[i];
		m.markup = i + 1 == n ? markup : NULL;
		ERR(outbox_put(tx, &m));
	}
	*ret_parts = (int)n;
	return NULL;
}

/* One message, in one part or several. All of them count as one of the day's. */
static NODISCARD err_t *put(const struct telling *t, struct tx *tx, const struct outcome *said, int *part)
{
	struct req *req = t->req;
	struct outgoing m = { .dedupe = mem_fmt(req->pool, "%s:%lld:%s", t->kind, (long long)req->user_id,
						t->run->occurrence),
			      .part = *part,
			      .method = "send",
			      .text = said->html,
			      .markup = markup_json(req->pool, said->buttons, said->buttons_n),
			      .class = "unasked",
			      .chart = said->chart };
	int parts = 0;

	ERR(m.chart ? picture_put(tx, &m, said->caption, &parts) : text_put(tx, m, &parts));
	if (!parts)
		return err_new(ERR_INTERNAL, "\"%s\" says nothing", t->kind);
	*part += parts;
	return said_put(tx, said, said->html);
}

static NODISCARD err_t *say(struct telling *t, struct tx *tx, const struct rows *who)
{
	struct routine_told told = { .lead = t->lead };
	int part = 0;

	t->req->bot_id = rows_int(who, 0, COL_ROUTINE_WHO_BOT_ID);
	t->req->chat_id = rows_int(who, 0, COL_ROUTINE_WHO_CHAT_ID);
	ERR(t->words(t->req, tx, t->run->occurrence, rows_text(who, 0, COL_ROUTINE_WHO_NAME), &told));
	for (size_t i = 0; i < told.n; i++)
		ERR(put(t, tx, &told.messages[i], &part));
	t->told = told.n > 0;
	return NULL;
}

static NODISCARD err_t *body(struct telling *t, struct tx *tx)
{
	bool chosen = t->req->now - t->run->due <= chosen_us;
	struct rows *who;

	ERR(tx_exec(tx, STMT_ROUTINE_WHO, PG_ARGS(PG_BOOL(chosen)), &who));
	if (rows_count(who) && !rows_bool(who, 0, COL_ROUTINE_WHO_MUTE) &&
	    is_today(t->req, t->run->occurrence))
		ERR(say(t, tx, who));
	return jobs_done(tx, t->run);
}

err_t *routine_tell(struct req *req, const struct job_run *run, const char *kind, routine_words *words,
		    const char *lead)
{
	struct telling t = { .req = req, .run = run, .kind = kind, .words = words, .lead = lead };
	struct tx *tx;

	ERR(tx_begin_user(req, &tx));
	ERR(tx_end(tx, body(&t, tx)));
	log_event(LOG_INFO, "routine_told", KV_S("kind", kind), KV_I("told", t.told),
		  KV_I("late_us", req->now - run->due));
	if (t.told)
		log_error("notify_failed", outbox_notify(req->pool, req->bot_id));
	return NULL;
}
