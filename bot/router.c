#include "bot/router.h"

#include "bot/commands.h"
#include "bot/replies.h"
#include "core/log.h"
#include "core/text.h"
#include "tools/registry.h"
#include <string.h>

static const char *const media_kinds[] = {
	[TG_MEDIA_NONE] = "text",     [TG_MEDIA_VOICE] = "voice",    [TG_MEDIA_PHOTO] = "photo",
	[TG_MEDIA_DOCUMENT] = "file", [TG_MEDIA_LOCATION] = "place", [TG_MEDIA_OTHER] = "other",
};

static void intent(struct turn *turn, const char *kind, const char *name)
{
	turn->kind = kind;
	log_event(LOG_INFO, "intent_classified", KV_S("kind", kind), KV_S("name", name));
}

/* An undo that finds nothing, or too late, is an answer and not a failure. */
static NODISCARD err_t *undo(struct turn *turn, const char *ref)
{
	struct req *req = turn->req;
	err_t *err = tool_undo(req, ref, reply_finish, turn);
	const char *key = NULL;

	if (err && err->code == ERR_NOT_FOUND)
		key = "undo.nothing";
	if (err && err->code == ERR_CONFLICT)
		key = "undo.changed";
	if (!key)
		return err;
	err_clear(err);
	turn->update.callback_message_id = 0;
	return reply_html(turn, tr(req->pool, req->lang, key));
}

static NODISCARD err_t *unknown_button(struct turn *turn)
{
	turn->update.callback_message_id = 0;
	return reply_html(turn, tr(turn->req->pool, turn->req->lang, "button.unknown"));
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
	return tool_call(turn->req, tool->name, tool_button_args(pool, tool, colon + 1), reply_finish, turn);
}

static NODISCARD err_t *press(struct turn *turn)
{
	const char *data = turn->update.callback_data ? turn->update.callback_data : "";
	err_t *err;

	turn->kind = "button";
	if (text_starts(data, "t:")) {
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
		return undo(turn, data + 2);
	}
	if (text_starts(data, "s:")) {
		bool known;

		intent(turn, "button", "settings");
		ERR(command_setting(turn, data + 2, &known));
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
		return tool_call(req, tool->name, NULL, reply_finish, turn);
	ERR(tool->from_text(req, rest, &args));
	if (!args)
		return reply_html(turn, tr(req->pool, req->lang, mem_fmt(req->pool, "usage.%s", tool->name)));
	return tool_call(req, tool->name, args, reply_finish, turn);
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
		return undo(turn, NULL);
	ERR(command_run(turn, name + 1, rest, &known));
	if (known)
		return NULL;
	return reply_html(turn, tr(req->pool, req->lang, "command.unknown",
				   SLOT_S("command", text_cut(req->pool, name, 40))));
}

/* What nobody understands is kept, and the person hears so. */
static NODISCARD err_t *keep(struct turn *turn)
{
	const struct tg_update *u = &turn->update;
	apr_pool_t *pool = turn->req->pool;
	struct json *args = json_object(pool);

	intent(turn, u->media == TG_MEDIA_NONE ? "text" : "media", "capture_inbox");
	json_set_text(args, "content", turn->text);
	json_set_text(args, "kind", media_kinds[u->media]);
	json_set_text(args, "source", u->forwarded ? "forward" : "message");
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
	return tool_call(turn->req, "capture_inbox", args, reply_finish, turn);
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
	return keep(turn);
}
