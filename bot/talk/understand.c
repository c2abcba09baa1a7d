#include "bot/talk/understand.h"

#include "bot/agent/agent.h"
#include "bot/talk/answers.h"
#include "bot/turn/acting.h"
#include "bot/turn/context.h"
#include "bot/turn/replies.h"
#include "core/ical_read.h"
#include "core/log.h"
#include "core/text.h"
#include "core/zone_city.h"
#include "integrations/llm/llm.h"
#include "ml/intent/chart_words.h"
#include "ml/intent/intent.h"
#include "ml/intent/smalltalk.h"
#include "tools/act.h"
#include "tools/act_text.h"
#include "tools/event/event_import.h"
#include "tools/registry.h"
#include <string.h>
#include <strings.h>

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
	return act_call(turn->req, "capture_inbox", keep_args(turn, "message"), acting_end(turn));
}

/* Understood, but there is no such tool yet: nothing is lost, and nobody is told that it was done. */
static NODISCARD err_t *unable(struct turn *turn)
{
	turn->reply.lead = tr(turn->req->pool, turn->req->lang, "rules.unable");
	return act_call(turn->req, "capture_inbox", keep_args(turn, "command"), acting_end(turn));
}

static NODISCARD err_t *ask(struct turn *turn, const struct intent *intent)
{
	struct req *req = turn->req;
	const char *html = tr(req->pool, req->lang, "rules.ask",
			      SLOT_S("what", act_text(req, tool_find(intent->name), intent->args)));

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
	err_t *err = act_call(turn->req, intent->name, intent->args, acting_end(turn));

	/* What the rules took for arguments was none. */
	if (err && err->code == ERR_INVALID) {
		log_event(LOG_INFO, "rules_refused", KV_S("tool", intent->name));
		err_clear(err);
		return keep(turn);
	}
	return err;
}

/* "passa a reunião para as 15h": the next 15:00 there is, unless the thing has a day of its own. */
static void day_kept(apr_pool_t *pool, const struct tool *tool, const struct date_found *date,
		     struct json *args)
{
	static const char *const names[] = { "start", "end" };

	if (!tool->clock_alone || !date || !date->dayless || date->deadline)
		return;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *iso = json_text(args, names[i]), *clock = iso ? strchr(iso, 'T') : NULL;

		if (clock)
			json_set_text(args, names[i], mem_textn(pool, clock + 1, strlen("15:00")));
	}
}

/* Where the day or time can be read two ways, the other goes along: one tap corrects it. */
static void other_reading(apr_pool_t *pool, const struct tool *tool, const struct date_found *date,
			  struct json *args)
{
	static const char *const whens[] = { "due", "start", "at" };

	if (!date || !date->has_other)
		return;
	for (size_t i = 0; i < sizeof whens / sizeof *whens; i++) {
		const char *said = json_text(args, whens[i]), *iso = date_iso(pool, date->start);
		const char *name = mem_fmt(pool, "or_%s", whens[i]);

		if (said && text_starts(iso, said) && tool_takes(tool, name))
			json_set_text(args, name, mem_textn(pool, date_iso(pool, date->other), strlen(said)));
	}
}

/* "estou em Lisboa": perhaps the clock is to follow. */
static void place_said(struct turn *turn, struct intent *ret)
{
	static const char *const begins[] = { "estou em ",   "to em ",     "agora estou em ", "agora to em ",
					      "cheguei em ", "cheguei a ", "i'm in ",         "i am in ",
					      "im in ",      "now in " };
	apr_pool_t *pool = turn->req->pool;
	const char *folded = text_fold(pool, turn->text), *zone = NULL;

	for (size_t i = 0; i < sizeof begins / sizeof *begins && !zone; i++)
		if (text_starts(folded, begins[i])) {
			const char *city = folded + strlen(begins[i]);

			zone = zone_of_city(pool, mem_textn(pool, city, strcspn(city, ".,!?;")));
		}
	if (!zone)
		return;
	*ret = (struct intent){ .name = "set_preference",
				.confidence = INTENT_ASK,
				.args = json_object(pool) };
	json_set_text(ret->args, "key", "zone");
	json_set_text(ret->args, "value", zone);
}

/* Of what asks for insights, that which a picture answers. */
static void picture_said(struct turn *turn, struct intent *ret)
{
	apr_pool_t *pool = turn->req->pool;

	if (!text_same(ret->name, "get_insights") || !chart_words(pool, turn->text))
		return;
	ret->name = "get_chart";
	ret->args = json_object(pool);
	json_set_text(ret->args, "text", text_cut(pool, turn->text, 100));
}

/* Does what the text of the turn asks for, as it was understood. */
static NODISCARD err_t *rules_one(struct turn *turn, struct intent intent)
{
	struct req *req = turn->req;
	const struct tool *tool;

	if (intent.confidence < INTENT_ASK)
		place_said(turn, &intent);
	picture_said(turn, &intent);
	intent_log(turn, "text", intent.name, intent.confidence);
	if (text_same(intent.name, "none") || intent.confidence < INTENT_ASK) {
		enum smalltalk small = smalltalk_find(req->pool, turn->text);

		if (!small)
			return keep(turn);
		turn->reply.foot = NULL;
		return reply_html(turn, tr(req->pool, req->lang, mem_fmt(req->pool, "chat.%d", (int)small)));
	}
	tool = tool_find(intent.name);
	if (!tool)
		return unable(turn);
	ERR(context_autonomy(turn));
	intent.args = taken(turn, tool, intent.args);
	day_kept(req->pool, tool, intent.date, intent.args);
	other_reading(req->pool, tool, intent.date, intent.args);
	/* An outward act has its own card, which shows all of it: a yes to a guess is no yes to that. */
	if (req->role < tool->min_role || intent.confidence >= INTENT_ACT || tool->effect == TOOL_OUTWARD ||
	    tool->effect == TOOL_DESTRUCTIVE)
		return act(turn, &intent);
	return ask(turn, &intent);
}

/* Where the sentence at s ends: a line, or a full stop and a space. */
static size_t sentence_length(const char *s)
{
	size_t n = 0;

	while (s[n] && s[n] != '\n' &&
	       !((s[n] == '.' || s[n] == ';' || s[n] == '!' || s[n] == '?') && s[n + 1] == ' '))
		n++;
	return n + (s[n] != 0);
}

enum { PARTS_MAX = 8 };

struct said {
	const char *text;
	struct intent intent;
};

/* The sentences, when more than one of them asks for something; else 0: the text is one. */
static int parts_of(struct turn *turn, apr_pool_t *pool, struct said *parts)
{
	int64_t wall = context_wall(turn);
	int n = 0, asking = 0;

	if (!turn->text[sentence_length(turn->text)])
		return 0; /* one sentence, as most are */
	for (const char *s = turn->text; *s;) {
		size_t len = sentence_length(s);
		struct said part = { .text = text_trim(pool, mem_textn(pool, s, len)) };

		s += len;
		if (!*part.text)
			continue;
		if (n == PARTS_MAX)
			return 0;
		intent_find(pool, part.text, turn->req->lang, wall, &part.intent);
		asking += part.intent.confidence >= INTENT_ASK && !text_same(part.intent.name, "none");
		parts[n++] = part;
	}
	return asking > 1 ? n : 0;
}

/* Each sentence by itself, as calls of one step; the step's own row says that all were done. */
static NODISCARD err_t *rules(struct turn *turn)
{
	apr_pool_t *pool = turn->req->pool;
	apr_pool_t *read = pool_child(pool); /* what was read stays while it is done */
	struct said parts[PARTS_MAX];
	struct intent whole;
	int n = parts_of(turn, read, parts);

	if (!n) {
		pool_free(read);
		intent_find(pool, turn->text, turn->req->lang, context_wall(turn), &whole);
		return rules_one(turn, whole);
	}
	for (int i = 0; i < n; i++) {
		struct turn part = *turn; /* says its own words under its own key */

		part.text = parts[i].text;
		part.at.call = i + 1;
		part.reply.lead = i == 0 ? turn->reply.lead : NULL;
		part.reply.foot = i == n - 1 ? turn->reply.foot : NULL;
		if (!smalltalk_find(pool, parts[i].text))
			ERR(rules_one(&part, parts[i].intent));
	}
	return reply_nothing(turn);
}

err_t *understand_keep(struct turn *turn)
{
	enum { KEEP_CALL = 99 }; /* beside whatever was said */
	struct turn part = *turn;

	part.at = (struct step_at){ 0, KEEP_CALL };
	return act_call(turn->req, "capture_inbox", keep_args(turn, "command"), acting_end(&part));
}

static bool is_calendar(const struct turn *turn)
{
	const struct tg_update *u = &turn->update;
	size_t n = u->file_name ? strlen(u->file_name) : 0;

	return turn->channel && turn->channel->file && u->media == TG_MEDIA_DOCUMENT && u->file_id &&
	       u->file_size <= ICAL_BYTES &&
	       ((u->mime && text_starts(u->mime, "text/calendar")) ||
		(n > 4 && strcasecmp(u->file_name + n - 4, ".ics") == 0));
}

/* A calendar file becomes a card of its events. *ret_was false: it is none after all, or Telegram does not give it, and it is
 * kept like any other. */
static NODISCARD err_t *calendar(struct turn *turn, bool *ret_was)
{
	const struct channel *channel = turn->channel;
	struct req *req = turn->req;
	struct json *args = NULL;
	const char *bytes;
	size_t n;
	err_t *err = channel->file(channel->ctx, req->pool, turn->update.file_id, ICAL_BYTES, &bytes, &n);

	if (!err)
		err = event_import_args(req, bytes, n, &args);
	if (err && err->code == ERR_CANCELLED)
		return err;
	*ret_was = !err && args;
	log_error("calendar_file_unread", err);
	if (!*ret_was)
		return NULL;
	intent_log(turn, "media", "import_events", 1);
	return act_press(req, "import_events", args, acting_end(turn));
}

err_t *understand(struct turn *turn)
{
	struct req *req = turn->req;
	enum agent_end end = AGENT_NO_MODEL;
	const char *why = "basic.rules";
	bool was_answer, was_calendar = false;

	if (is_calendar(turn))
		ERR(calendar(turn, &was_calendar));
	if (was_calendar)
		return NULL;
	/* Forwarded words are somebody else's, and files are not read: neither is an order. */
	if (turn->update.media != TG_MEDIA_NONE || turn->update.forwarded) {
		intent_log(turn, turn->update.media == TG_MEDIA_NONE ? "text" : "media", "capture_inbox", 1);
		return keep(turn);
	}
	turn->kind = "text";
	ERR(answers_find(turn, &was_answer));
	if (was_answer)
		return NULL;
	if (llm_configured(turn->req->config))
		ERR(agent_run(turn, &end, &why));
	if (end == AGENT_ANSWERED)
		return NULL;
	if (end == AGENT_PUZZLED)
		return keep(turn);
	turn->reply.foot = tr(req->pool, req->lang, why);
	return rules(turn);
}
