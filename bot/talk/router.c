#include "bot/talk/router.h"

#include "bot/talk/commands.h"
#include "bot/talk/recommended.h"
#include "bot/turn/replies.h"
#include "bot/talk/settings.h"
#include "bot/talk/understand.h"
#include "bot/turn/acting.h"
#include "bot/turn/undo.h"
#include "core/log.h"
#include "core/text.h"
#include "tools/registry.h"
#include <string.h>

static void intent(struct turn *turn, const char *kind, const char *name)
{
	turn->kind = kind;
	log_event(LOG_INFO, "intent_classified", KV_S("kind", kind), KV_S("name", name));
}

static NODISCARD err_t *unknown_button(struct turn *turn)
{
	turn->reply.anew = true;
	return reply_html(turn, tr(turn->req->pool, turn->req->lang, "button.unknown"));
}

/* A no that invites to say it differently. */
static err_t *finish_edit(void *ctx, struct tx *tx, const struct outcome *outcome)
{
	struct turn *turn = ctx;
	struct outcome asked = *outcome;

	asked.html = tr(turn->req->pool, turn->req->lang, "pending.edit");
	return reply_finish(turn, tx, &asked);
}

/* The answer to a card, or to "was it this?". */
static NODISCARD err_t *settle(struct turn *turn, const char *id, bool yes, bool edit)
{
	struct act_end end = acting_end(turn);
	err_t *err;

	if (edit)
		end.finish = finish_edit;
	err = act_settle(turn->req, id, yes, end);
	if (!err || err->code != ERR_NOT_FOUND)
		return err;
	err_clear(err);
	turn->reply.anew = true;
	return reply_html(turn, tr(turn->req->pool, turn->req->lang, "pending.gone"));
}

/* "TOOL:ARGUMENTS". Whoever forges it can only ask for what they could ask for in words. */
static NODISCARD err_t *tool_button(struct turn *turn, const char *data)
{
	apr_pool_t *pool = turn->req->pool;
	const char *colon = strchr(data, ':');
	const struct tool *tool = colon ? tool_find(mem_textn(pool, data, (size_t)(colon - data))) : NULL;

	if (!tool)
		return unknown_button(turn);
	intent(turn, "button", tool->name);
	return act_press(turn->req, tool->name, button_args(pool, tool->params, colon + 1), acting_end(turn));
}

static NODISCARD err_t *press(struct turn *turn)
{
	const char *data = turn->update.callback_data ? turn->update.callback_data : "";
	err_t *err;

	turn->kind = "button";
	turn->reply.anew = turn->reply.anew || turn->update.callback_picture || *data == 'T';
	if (text_starts(data, "t:") || text_starts(data, "T:")) {
		err = tool_button(turn, data + 2);
		/* Arguments no button of ours carries: an old or forged one. */
		if (err && err->code == ERR_INVALID) {
			err_clear(err);
			return unknown_button(turn);
		}
		return err;
	}
	if (text_starts(data, "u:") && data[2]) {
		intent(turn, "button", "undo");
		return undo_act(turn, data + 2);
	}
	if (text_starts(data, "e:") && data[2]) {
		intent(turn, "button", "edit");
		return settle(turn, data + 2, false, true);
	}
	if ((text_starts(data, "y:") || text_starts(data, "n:")) && data[2]) {
		intent(turn, "button", "pending");
		return settle(turn, data + 2, *data == 'y', false);
	}
	if (text_starts(data, "r:")) {
		bool known;

		intent(turn, "button", "recommendation");
		ERR(recommended_press(turn, data + 2, &known));
		return known ? NULL : unknown_button(turn);
	}
	if (text_starts(data, "s:")) {
		bool known;

		intent(turn, "button", "settings");
		ERR(settings_press(turn, data + 2, &known));
		return known ? NULL : unknown_button(turn);
	}
	return unknown_button(turn);
}

static NODISCARD err_t *tool_command(struct turn *turn, const struct tool *tool, const char *rest)
{
	struct req *req = turn->req;
	struct json *args = NULL;

	if (tool->with_text && *rest)
		tool = tool_find(tool->with_text);
	intent(turn, "command", tool->name);
	if (!tool->from_text)
		return act_call(req, tool->name, NULL, acting_end(turn));
	ERR(tool->from_text(req, rest, &args));
	if (!args)
		return reply_html(turn, tr(req->pool, req->lang, mem_fmt(req->pool, "usage.%s", tool->name)));
	return act_call(req, tool->name, args, acting_end(turn));
}

static NODISCARD err_t *command(struct turn *turn, const char *name, const char *rest)
{
	struct req *req = turn->req;
	const struct tool *tool = tool_for_command(name + 1);
	bool known;

	if (tool)
		return tool_command(turn, tool, rest);
	intent(turn, "command", "bot");
	if (text_same(name, "/desfazer") || text_same(name, "/undo"))
		return undo_act(turn, NULL);
	ERR(command_run(turn, name + 1, rest, &known));
	if (known)
		return NULL;
	return reply_html(turn, tr(req->pool, req->lang, "command.unknown",
				   SLOT_S("command", text_cut(req->pool, name, 40))));
}

err_t *router_dispatch(struct turn *turn)
{
	const char *rest, *name = tg_command(turn->req->pool, turn->text, &rest);

	if (turn->update.kind == TG_CALLBACK)
		return press(turn);
	if (name)
		return command(turn, name, rest);
	if (turn->update.media == TG_MEDIA_NONE && !*turn->text)
		return reply_html(turn, tr(turn->req->pool, turn->req->lang, "message.empty"));
	return understand(turn);
}
