#include "bot/talk/settings.h"

#include "bot/turn/replies.h"
#include "core/clock.h"
#include "core/text.h"
#include "core/zone_city.h"
#include "db/tx.h"
#include "tools/when.h"
#include <string.h>

/* The zones offered at /start; any other can be asked for later. Order as shown, two a row. */
static const struct {
	enum lang lang;
	const char *zone, *label;
} zones[] = {
	{ LANG_PT, "America/Sao_Paulo", "Brasília / São Paulo" },
	{ LANG_PT, "America/Fortaleza", "Fortaleza / Recife" },
	{ LANG_PT, "America/Manaus", "Manaus" },
	{ LANG_PT, "America/Cuiaba", "Cuiabá" },
	{ LANG_PT, "America/Rio_Branco", "Rio Branco" },
	{ LANG_PT, "America/Noronha", "Noronha" },
	{ LANG_PT, "Europe/Lisbon", "Lisboa" },
	{ LANG_PT, "America/New_York", "Nova York" },
	{ LANG_EN, "America/New_York", "New York" },
	{ LANG_EN, "America/Chicago", "Chicago" },
	{ LANG_EN, "America/Denver", "Denver" },
	{ LANG_EN, "America/Los_Angeles", "Los Angeles" },
	{ LANG_EN, "Europe/London", "London" },
	{ LANG_EN, "Europe/Lisbon", "Lisbon" },
	{ LANG_EN, "America/Sao_Paulo", "São Paulo" },
	{ LANG_EN, "Etc/UTC", "UTC" },
};

/* value: what is offered, separated by spaces; NULL: anything that its check takes. In the order of the card's buttons.
 * column: of STMT_SETTINGS_GET. */
static const struct setting {
	const char *key;
	enum stmt_id stmt;
	const char *values;
	int column;
} settings[] = {
	{ "lang", STMT_SETTING_LANG, "pt-BR en", COL_SETTINGS_GET_LANG },
	{ "zone", STMT_SETTING_ZONE, NULL, COL_SETTINGS_GET_ZONE },
	{ "morning", STMT_SETTING_MORNING, "06:00 06:30 07:00 07:30 08:00 09:00 off",
	  COL_SETTINGS_GET_MORNING },
	{ "evening", STMT_SETTING_EVENING, "19:00 20:00 21:00 22:00 off", COL_SETTINGS_GET_EVENING },
	{ "plan", STMT_SETTING_PLAN, "on off", COL_SETTINGS_GET_PLAN },
	{ "report", STMT_SETTING_REPORT, "on off", COL_SETTINGS_GET_REPORT },
	{ "quiet", STMT_SETTING_QUIET, "21-07 22-07 23-07 00-08 off", COL_SETTINGS_GET_QUIET },
	{ "cap", STMT_SETTING_CAP, "0 2 4 6 10", COL_SETTINGS_GET_CAP },
	{ "autonomy", STMT_SETTING_AUTONOMY, "suggest confirm auto", COL_SETTINGS_GET_AUTONOMY },
	{ "tone", STMT_SETTING_TONE, "warm direct formal", COL_SETTINGS_GET_TONE },
	{ "format", STMT_SETTING_FORMAT, "short detailed", COL_SETTINGS_GET_FORMAT },
};
enum { SETTINGS = sizeof settings / sizeof *settings };

static const int64_t morning_s = 8 * 3600, day_s = 86400;

static const struct setting *setting_find(const char *key, size_t n)
{
	for (int i = 0; i < SETTINGS; i++)
		if (strlen(settings[i].key) == n && memcmp(settings[i].key, key, n) == 0)
			return &settings[i];
	return NULL;
}

/* A word for people: "setting.KEY.VALUE" where there is such a text, else the value. */
static const char *value_text(struct req *req, const struct setting *s, const char *value)
{
	char *key = mem_fmt(req->pool, "setting.%s.%s", s->key, text_fold(req->pool, value));

	if (text_same(s->key, "zone"))
		return zone_place(req->pool, req->lang, value);
	for (char *c = key; *c; c++)
		if (*c == '-')
			*c = '_'; /* "pt-BR" */
	return i18n_find(req->lang, key) ? tr(req->pool, req->lang, key) : value;
}

static void card(struct req *req, const struct rows *rows, struct outcome *ret)
{
	struct buf html = buf_new(req->pool, 8192);
	int64_t pause = rows_int(rows, 0, COL_SETTINGS_GET_PAUSE);

	buf_text(&html, tr(req->pool, req->lang, "settings.head",
			   SLOT_S("clock", rows_text(rows, 0, COL_SETTINGS_GET_CLOCK))));
	for (int i = 0; i < SETTINGS; i++) {
		const char *value = rows_text(rows, 0, settings[i].column);
		const char *name =
			tr(req->pool, req->lang, mem_fmt(req->pool, "setting.%s", settings[i].key));

		buf_fmt(&html, "\n%s: <b>%s</b>", name,
			*value ? text_html(req->pool, value_text(req, &settings[i], value)) : "—");
		outcome_button(req, ret, i / 2, name, mem_fmt(req->pool, "s:%s", settings[i].key));
	}
	if (pause) {
		buf_fmt(&html, "\n\n%s", tr(req->pool, req->lang, "settings.paused"));
		outcome_button(req, ret, SETTINGS / 2 + 1, tr(req->pool, req->lang, "button.resume"),
			       "s:pause=off");
	}
	ret->html = html.p ? html.p : "";
}

static void zone_buttons(struct turn *turn, struct outcome *outcome)
{
	int shown = 0;

	for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
		if (zones[i].lang != turn->req->lang)
			continue;
		outcome_button(turn->req, outcome, shown / 2, zones[i].label,
			       mem_fmt(turn->req->pool, "s:zone=%s", zones[i].zone));
		shown++;
	}
}

/* One setting's choices. */
static NODISCARD err_t *choices(struct turn *turn, const struct setting *s)
{
	struct req *req = turn->req;
	struct outcome outcome = { .kind = OUTCOME_SAY };
	int i = 0;

	outcome.html = tr(req->pool, req->lang, mem_fmt(req->pool, "setting.%s.ask", s->key));
	if (!s->values)
		zone_buttons(turn, &outcome);
	for (const char *at = s->values; at && *at; i++) {
		const char *value = mem_textn(req->pool, at, strcspn(at, " "));

		outcome_button(req, &outcome, i / 3, value_text(req, s, value),
			       mem_fmt(req->pool, "s:%s=%s", s->key, value));
		at += strlen(value);
		at += *at == ' ';
	}
	outcome_button(req, &outcome, i / 3 + 10, tr(req->pool, req->lang, "button.back"), "s:card");
	return reply_say(turn, &outcome);
}

/* A change and its answer in one transaction, once. */
struct change {
	struct turn *turn;
	enum stmt_id stmt;
	const char *value; /* NULL: none, only the card */
	bool greeting;     /* the greeting's last answer */
	struct outcome outcome;
};

/* What is said after it: the next question of the greeting, the greeting's end, or the card. */
static void answer(struct change *c, const struct rows *rows)
{
	struct req *req = c->turn->req;
	const char *onboarding = rows_text(rows, 0, COL_SETTINGS_GET_ONBOARDING);

	req->lang = lang_of(rows_text(rows, 0, COL_SETTINGS_GET_LANG));
	if (text_same(onboarding, "zone")) {
		c->outcome.html = tr(req->pool, req->lang, "start.zone");
		zone_buttons(c->turn, &c->outcome);
	} else if (c->greeting) {
		c->outcome.html = tr(req->pool, req->lang, "start.ready",
				     SLOT_S("zone", zone_place(req->pool, req->lang,
							       rows_text(rows, 0, COL_SETTINGS_GET_ZONE))));
	} else {
		card(req, rows, &c->outcome);
	}
}

static err_t *change_body(void *ctx, struct tx *tx, const char **ret_payload)
{
	struct change *c = ctx;
	struct rows *rows, *before;

	(void)ret_payload;
	ERR(tx_exec(tx, STMT_SETTINGS_GET, PG_ARGS(), &before));
	if (!rows_count(before))
		return err_new(ERR_NOT_FOUND, "no profile");
	if (c->value) {
		c->greeting = c->stmt == STMT_SETTING_ZONE &&
			      !text_same(rows_text(before, 0, COL_SETTINGS_GET_ONBOARDING), "done");
		ERR(tx_defer(tx, c->stmt, PG_ARGS(PG_TEXT(c->value))));
		ERR(tx_defer(tx, STMT_AUDIT_PUT,
			     PG_ARGS(PG_TEXT("set_profile"), PG_TEXT("profile"), PG_INT_NULL)));
	}
	ERR(tx_exec(tx, STMT_SETTINGS_GET, PG_ARGS(), &rows));
	if (!rows_count(rows))
		return err_new(ERR_NOT_FOUND, "no profile");
	if (!c->outcome.html)
		answer(c, rows);
	return reply_finish(c->turn, tx, &c->outcome);
}

static NODISCARD err_t *change_run(struct change *change)
{
	return reply_once(change->turn, "set", change_body, change);
}

static NODISCARD err_t *set(struct turn *turn, const struct setting *s, const char *value, bool *ret_known)
{
	struct change change = { .turn = turn, .stmt = s->stmt, .value = value };

	if (!s->values)
		change.value = zone_of_city(turn->req->pool, value);
	*ret_known = s->values ? text_has_word(s->values, value) : change.value != NULL;
	return *ret_known ? change_run(&change) : NULL;
}

static NODISCARD err_t *pause_set(struct turn *turn, const struct when *until)
{
	struct req *req = turn->req;
	struct change change = { .turn = turn, .stmt = STMT_SETTING_PAUSE, .value = "off" };

	change.outcome.html = tr(req->pool, req->lang, "pause.off");
	if (until) {
		change.value = clock_iso(req->pool, when_instant(req, until->wall));
		change.outcome.html =
			tr(req->pool, req->lang, "pause.on", SLOT_S("when", when_text(req, until)));
		outcome_button(req, &change.outcome, 0, tr(req->pool, req->lang, "button.resume"),
			       "s:pause=off");
	}
	return change_run(&change);
}

err_t *settings_press(struct turn *turn, const char *data, bool *ret_known)
{
	size_t n = strcspn(data, "=");
	const struct setting *s = setting_find(data, n);
	struct change show = { .turn = turn };

	*ret_known = true;
	if (text_same(data, "card"))
		return change_run(&show);
	if (text_same(data, "pause=off"))
		return pause_set(turn, NULL);
	if (s && !data[n])
		return choices(turn, s);
	*ret_known = false;
	return s && data[n] ? set(turn, s, data + n + 1, ret_known) : NULL;
}

err_t *settings_command(struct turn *turn, const char *rest)
{
	struct req *req = turn->req;
	struct change change = { .turn = turn };

	if (!*rest)
		return change_run(&change);
	change.stmt = STMT_SETTING_ZONE;
	change.value = zone_of_city(req->pool, rest);
	if (change.value)
		return change_run(&change);
	return reply_html(turn, tr(req->pool, req->lang, "settings.no_city",
				   SLOT_S("words", text_cut(req->pool, rest, 60))));
}

err_t *settings_pause(struct turn *turn, const char *rest)
{
	static const char *const ends[] = { "off", "voltar", "fim", "resume", "end", "continuar" };
	struct req *req = turn->req;
	struct when until = { .has_time = true };
	const char *left;

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (text_same(text_fold(req->pool, rest), ends[i]))
			return pause_set(turn, NULL);
	if (!*rest || !(when_find(req, rest, &until, &left) ||
			when_find(req, mem_fmt(req->pool, req->lang == LANG_PT ? "por %s" : "for %s", rest),
				  &until, &left))) {
		int64_t now = when_now(req);

		until = (struct when){ .wall = now - now % day_s + day_s };
	}
	if (until.has_end && until.wall <= when_now(req))
		until.wall = until.end; /* "3 dias" begins now */
	if (!until.has_time) {
		until.has_time = true;
		until.wall += morning_s;
	}
	if (until.wall <= when_now(req))
		return reply_html(turn, tr(req->pool, req->lang, "pause.past"));
	return pause_set(turn, &until);
}
