#include "bot/talk/commands.h"

#include "bot/talk/command_cost.h"
#include "bot/talk/mydata.h"
#include "bot/turn/replies.h"
#include "bot/talk/settings.h"
#include "core/json.h"
#include "core/text.h"
#include "core/zone_city.h"
#include "db/people.h"
#include "db/tx.h"
#include "integrations/google/google_account.h"
#include "tools/registry.h"
#include <string.h>

struct command {
	const char *pt, *en;
	err_t *(*run)(struct turn *turn, const char *rest);
	const char *menu; /* text key of its menu entry; NULL: not in the menu */
};

struct profile {
	const char *name, *zone, *onboarding, *clock;
};

static NODISCARD err_t *profile_read(struct tx *tx, struct profile *ret)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_PROFILE_GET, PG_ARGS(), &rows));
	if (!rows_count(rows))
		return err_new(ERR_NOT_FOUND, "no profile");
	ret->name = rows_text(rows, 0, COL_PROFILE_GET_NAME);
	ret->zone = rows_text(rows, 0, COL_PROFILE_GET_ZONE);
	ret->onboarding = rows_text(rows, 0, COL_PROFILE_GET_ONBOARDING);
	ret->clock = rows_text(rows, 0, COL_PROFILE_GET_CLOCK);
	return NULL;
}

static NODISCARD err_t *profile_get(struct turn *turn, struct profile *ret)
{
	struct tx *tx;

	ERR(tx_begin_user(turn->req, &tx));
	return tx_end(tx, profile_read(tx, ret));
}

static NODISCARD err_t *ask_language(struct turn *turn)
{
	struct req *req = turn->req;
	struct outcome outcome = { .kind = OUTCOME_SAY, .html = tr(req->pool, req->lang, "start.language") };

	outcome_button(req, &outcome, 0, "Português 🇧🇷", "s:lang=pt-BR");
	outcome_button(req, &outcome, 0, "English", "s:lang=en");
	return reply_say(turn, &outcome);
}

static const char *place_of(struct req *req, const struct profile *profile)
{
	return zone_place(req->pool, req->lang, profile->zone);
}

static NODISCARD err_t *start(struct turn *turn, const char *rest)
{
	struct req *req = turn->req;
	struct profile profile = { .name = "", .zone = "", .onboarding = "", .clock = "" };

	(void)rest;
	ERR(profile_get(turn, &profile));
	if (!text_same(profile.onboarding, "done"))
		return ask_language(turn);
	return reply_html(turn,
			  tr(req->pool, req->lang, "start.ready", SLOT_S("zone", place_of(req, &profile))));
}

static void help_line(struct turn *turn, struct buf *out, const char *name, const char *key)
{
	apr_pool_t *pool = turn->req->pool;

	buf_fmt(out, "\n/%s — %s", name, tr(pool, turn->req->lang, key));
}

/* "ana@example.org, ana@work.example": the accounts that are connected; "—" for none. */
static NODISCARD err_t *accounts_text(struct turn *turn, const char **ret)
{
	struct buf text = buf_new(turn->req->pool, 4096);
	struct google_account *list;
	struct tx *tx;
	size_t n;

	ERR(tx_begin_user(turn->req, &tx));
	ERR(tx_end(tx, google_account_list(tx, &n, &list)));
	for (size_t i = 0; i < n; i++)
		buf_fmt(&text, "%s%s%s", i ? ", " : "", list[i].broken ? "⚠️ " : "", list[i].email);
	*ret = text.n ? text.p : "—";
	return NULL;
}

static NODISCARD err_t *whoami(struct turn *turn, const char *rest)
{
	struct req *req = turn->req;
	struct profile profile = { .name = "", .zone = "", .onboarding = "", .clock = "" };
	const char *role = tr(req->pool, req->lang, mem_fmt(req->pool, "role.%s", role_name(req->role)));
	const char *google;

	(void)rest;
	ERR(profile_get(turn, &profile));
	ERR(accounts_text(turn, &google));
	return reply_html(turn, tr(req->pool, req->lang, "whoami", SLOT_S("google", google),
				   SLOT_S("name", *profile.name ? profile.name : "—"), SLOT_S("role", role),
				   SLOT_S("zone", place_of(req, &profile)), SLOT_S("clock", profile.clock),
				   SLOT_I("user", req->user_id)));
}

static NODISCARD err_t *status(struct turn *turn, const char *rest)
{
	struct req *req = turn->req;
	struct profile profile = { .name = "", .zone = "", .onboarding = "", .clock = "" };
	int64_t waiting;

	(void)rest;
	ERR(profile_get(turn, &profile));
	ERR(queue_waiting(req->pool, req->bot_id, req->chat_id, &waiting));
	return reply_html(turn, tr(req->pool, req->lang, "status", SLOT_I("waiting", waiting),
				   SLOT_S("clock", profile.clock), SLOT_S("zone", place_of(req, &profile))));
}

static NODISCARD err_t *stop(struct turn *turn, const char *rest)
{
	struct req *req = turn->req;
	bool running;

	(void)rest;
	ERR(queue_stop_running(req->pool, req->bot_id, req->chat_id, &running));
	return reply_html(turn, tr(req->pool, req->lang, running ? "stop.asked" : "stop.idle"));
}

static NODISCARD err_t *privacy(struct turn *turn, const char *rest)
{
	(void)rest;
	return reply_html(turn, tr(turn->req->pool, turn->req->lang, "privacy"));
}

static NODISCARD err_t *help(struct turn *turn, const char *rest);

static const struct command commands[] = {
	{ "start", "start", start, NULL },
	{ "ajuda", "help", help, "menu.help" },
	{ "custo", "cost", command_cost, "menu.cost" },
	{ "config", "settings", settings_command, "menu.settings" },
	{ "pausar", "pause", settings_pause, "menu.pause" },
	{ "desfazer", "undo", NULL, "menu.undo" }, /* run by the router, as its button is */
	{ "status", "status", status, "menu.status" },
	{ "stop", "stop", stop, "menu.stop" },
	{ "parar", "cancel", stop, NULL },
	{ "cancelar", "cancel", stop, NULL },
	{ "whoami", "whoami", whoami, "menu.whoami" },
	{ "privacidade", "privacy", privacy, "menu.privacy" },
	{ "exportar", "export", mydata_export, "menu.export" },
	{ "apagar_tudo", "erase", mydata_erase, "menu.erase" },
};

static NODISCARD err_t *help(struct turn *turn, const char *rest)
{
	apr_pool_t *pool = turn->req->pool;
	enum lang lang = turn->req->lang;
	struct buf out = buf_new(pool, 16 * 1024);

	(void)rest;
	buf_text(&out, tr(pool, lang, "help.head"));
	buf_char(&out, '\n');
	for (const struct tool *const *t = tools_all; *t; t++)
		if ((*t)->commands)
			help_line(turn, &out, tool_command_name(pool, *t, lang),
				  mem_fmt(pool, "menu.%s", (*t)->name));
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (commands[i].menu)
			help_line(turn, &out, lang == LANG_PT ? commands[i].pt : commands[i].en,
				  commands[i].menu);
	buf_fmt(&out, "\n\n%s", tr(pool, lang, "help.foot"));
	ERR(buf_check(&out));
	return reply_html(turn, out.p);
}

err_t *command_run(struct turn *turn, const char *name, const char *rest, bool *ret_known)
{
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		const struct command *c = &commands[i];

		if (!c->run || (!text_same(name, c->pt) && !text_same(name, c->en)))
			continue;
		*ret_known = true;
		return c->run(turn, rest);
	}
	*ret_known = false;
	return NULL;
}

err_t *command_welcome(struct turn *turn)
{
	return start(turn, "");
}

static void menu_put(apr_pool_t *pool, enum lang lang, struct json *menu, const char *name, const char *key)
{
	struct json *entry = json_object(pool);

	json_set_text(entry, "command", name);
	json_set_text(entry, "description", tr(pool, lang, key));
	json_push(menu, entry);
}

struct json *command_menu(apr_pool_t *pool, enum lang lang)
{
	struct json *menu = json_array(pool);

	for (const struct tool *const *t = tools_all; *t; t++)
		if ((*t)->commands)
			menu_put(pool, lang, menu, tool_command_name(pool, *t, lang),
				 mem_fmt(pool, "menu.%s", (*t)->name));
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (commands[i].menu)
			menu_put(pool, lang, menu, lang == LANG_PT ? commands[i].pt : commands[i].en,
				 commands[i].menu);
	return menu;
}
