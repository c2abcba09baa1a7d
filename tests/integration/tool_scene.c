#include "tests/integration/tool_scene.h"

#include "core/clock.h"
#include "core/http.h"
#include "core/text.h"
#include "db/db.h"
#include "db/people.h"
#include <string.h>

#define NOW (INT64_C(1795000000) * SECOND_US) /* 2026-11-18 08:06 in São Paulo */

struct stage {
	struct scene scene;
	err_t *(*play)(struct scene *s);
	struct config *config;
	bool configured;
};

static NODISCARD err_t *person(struct scene *s, int64_t login_id, const char *name, int64_t *ret_user)
{
	struct person_seen seen = { .login_id = login_id, .bot_id = 7, .name = name, .lang = "pt-BR" };

	return people_open(s->pool, &seen, NOW, ret_user);
}

static err_t *begin(void *ctx)
{
	struct stage *stage = ctx;
	struct scene *s = &stage->scene;

	ERR(person(s, 41, "Ana", &s->ana));
	ERR(person(s, 42, "Bia", &s->bia));
	s->req = MEM_NEW(s->pool, struct req);
	*s->req = (struct req){ .pool = s->pool,
				.now = NOW,
				.user_id = s->ana,
				.role = ROLE_USER,
				.zone = "America/Sao_Paulo",
				.bot_id = 7 };
	if (stage->configured)
		s->req->config = stage->config;
	return stage->play(s);
}

static err_t *finish(void *ctx, struct tx *tx, const struct outcome *outcome)
{
	struct scene *s = ctx;

	(void)tx;
	s->finished++;
	s->last = *outcome;
	return NULL;
}

struct act_end tool_scene_end(struct scene *s)
{
	return (struct act_end){ .at = s->at, .finish = finish, .ctx = s };
}

static void next(struct scene *s)
{
	s->req->update_id = ++s->updates;
	s->req->now += SECOND_US;
	s->last = (struct outcome){ .html = "" };
}

err_t *tool_scene_run(struct test *t, err_t *(*play)(struct scene *s))
{
	return tool_scene_run_with(t, NULL, play);
}

err_t *tool_scene_run_with(struct test *t, const char *const *pairs, err_t *(*play)(struct scene *s))
{
	struct stage stage = { .scene.pool = t->pool, .play = play, .configured = pairs != NULL };

	ERR(fixture_db(t, &stage.scene.f));
	ERR(fixture_config(&stage.scene.f, pairs, &stage.config));
	db_open(t->pool, stage.config, DB_APP | DB_QUEUE);
	ERR(fixture_loop(begin, &stage));
	http_shutdown();
	db_close();
	return NULL;
}

err_t *tool_scene_call(struct scene *s, const char *tool, const char *args)
{
	next(s);
	return tool_scene_again(s, tool, args);
}

err_t *tool_scene_again(struct scene *s, const char *tool, const char *args)
{
	struct json *json;

	ERR(json_read(s->pool, args, strlen(args), &json));
	return act_call(s->req, tool, json, tool_scene_end(s));
}

err_t *tool_scene_say(struct scene *s, const char *message)
{
	size_t n = strcspn(message, " \n");
	const char *rest = message + n + strspn(message + n, " \n");
	const struct tool *tool = tool_for_command(mem_textn(s->pool, message + 1, n - 1));
	struct json *args = NULL;

	next(s);
	CHECK(tool != NULL);
	if (tool->with_text && *rest)
		tool = tool_find(tool->with_text);
	if (tool->from_text)
		ERR(tool->from_text(s->req, rest, &args));
	if (args || !tool->from_text)
		return act_call(s->req, tool->name, args, tool_scene_end(s));
	s->last.html = tr(s->pool, s->req->lang, mem_fmt(s->pool, "usage.%s", tool->name));
	return NULL;
}

static const char *find(const struct scene *s, const char *data)
{
	bool undo = text_same(data, "u:");

	for (size_t i = 0; i < s->last.buttons_n; i++)
		if (undo ? text_starts(s->last.buttons[i].data, data)
			 : text_same(s->last.buttons[i].data, data))
			return s->last.buttons[i].data;
	return NULL;
}

bool tool_scene_has(const struct scene *s, const char *data)
{
	return find(s, data) != NULL;
}

const char *tool_scene_model(const struct scene *s, const char *tool)
{
	return json_write(s->pool, outcome_for_model(s->pool, &s->last, tool_find(tool)->result));
}

err_t *tool_scene_press(struct scene *s, const char *data)
{
	const char *found = find(s, data), *colon;
	const struct tool *tool;

	if (!found)
		return err_new(ERR_NOT_FOUND, "no button \"%s\"", data);
	CHECK(strlen(found) <= 64);
	next(s);
	if (text_starts(found, "u:"))
		return act_undo(s->req, found + 2, tool_scene_end(s));
	colon = strchr(found + 2, ':');
	CHECK(colon != NULL);
	tool = tool_find(mem_textn(s->pool, found + 2, (size_t)(colon - found - 2)));
	CHECK(tool != NULL);
	return act_press(s->req, tool->name, button_args(s->pool, tool->params, colon + 1),
			 tool_scene_end(s));
}

err_t *tool_scene_answer(struct scene *s, bool yes)
{
	for (size_t i = 0; i < s->last.buttons_n; i++)
		if (text_starts(s->last.buttons[i].data, yes ? "y:" : "n:")) {
			const char *id = s->last.buttons[i].data + 2;

			next(s);
			return act_settle(s->req, id, yes, tool_scene_end(s));
		}
	return err_new(ERR_NOT_FOUND, "no card");
}

err_t *tool_scene_count(struct scene *s, const char *sql, int64_t expected)
{
	int64_t n;

	ERR(fixture_int(&s->f, sql, &n));
	CHECK_INT(n, expected);
	return NULL;
}
