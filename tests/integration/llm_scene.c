#include "tests/integration/llm_scene.h"

#include "core/clock.h"
#include "core/http.h"
#include "db/db.h"
#include "db/people.h"
#include <string.h>

#define NOW (INT64_C(1795000000) * SECOND_US) /* 2026-11-18 08:06 in São Paulo */
#define PAIRS_MAX 32

struct stage {
	struct llm_scene scene;
	err_t *(*play)(struct llm_scene *s);
};

static NODISCARD err_t *begin(void *ctx)
{
	static const struct llm_tuning quick = { .backoff_ms = 1, .open_ms = 50 };
	struct stage *stage = ctx;
	struct llm_scene *s = &stage->scene;
	const struct person_seen ana = { .login_id = 41, .bot_id = 7, .name = "Ana", .lang = "pt-BR" };
	err_t *err;

	ERR(people_open(s->pool, &ana, NOW, &s->ana));
	s->req = MEM_NEW(s->pool, struct req);
	*s->req = (struct req){ .pool = s->pool,
				.now = NOW,
				.user_id = s->ana,
				.role = ROLE_USER,
				.zone = "America/Sao_Paulo",
				.bot_id = 7,
				.chat_id = 41,
				.update_id = 1,
				.config = s->config };
	ERR(llm_init(s->config));
	llm_tune(&quick);
	err = stage->play(s);
	http_shutdown();
	return err;
}

err_t *llm_scene_run(struct test *t, const char *const *pairs, err_t *(*play)(struct llm_scene *s))
{
	static const char *const bases[] = { "GEMINI",   "OPENAI", "ANTHROPIC", "XAI",
					     "DEEPSEEK", "OLLAMA", NULL };
	struct stage stage = { .scene.pool = t->pool, .play = play };
	struct llm_scene *s = &stage.scene;
	const char **all = mem_alloc(t->pool, PAIRS_MAX * sizeof *all);
	size_t n = 0;

	ERR(fixture_db(t, &s->f));
	ERR(llm_standin_start(t, &s->standin));
	for (const char *const *base = bases; *base; base++)
		all[n++] = mem_fmt(t->pool, "%s_API_BASE=%s", *base, s->standin->base);
	all[n++] = "LLM_RATE_PER_MIN=0";
	for (; pairs && *pairs && n + 1 < PAIRS_MAX; pairs++)
		all[n++] = *pairs;
	ERR(fixture_config(&s->f, all, &s->config));
	db_open(t->pool, s->config, DB_APP | DB_QUEUE);
	ERR(fixture_loop(begin, &stage));
	db_close();
	return NULL;
}

/* What runs aside uses the stand-in's pool, which the waiting fiber leaves alone. */
struct aside {
	struct llm_standin *standin;
	const char *text;
	struct json *json;
};

static err_t *do_script(void *ctx)
{
	struct aside *a = ctx;

	return llm_standin_script(a->standin, a->text);
}

static err_t *do_key(void *ctx)
{
	struct aside *a = ctx;

	return llm_standin_key(a->standin, a->text);
}

static err_t *do_requests(void *ctx)
{
	struct aside *a = ctx;

	return llm_standin_requests(a->standin, &a->json);
}

err_t *llm_scene_script(struct llm_scene *s, const char *script)
{
	struct aside a = { s->standin, script, NULL };

	return fixture_aside(do_script, &a);
}

err_t *llm_scene_key(struct llm_scene *s, const char *key)
{
	struct aside a = { s->standin, key, NULL };

	return fixture_aside(do_key, &a);
}

err_t *llm_scene_requests(struct llm_scene *s, struct json **ret_requests)
{
	struct aside a = { s->standin, NULL, NULL };

	ERR(fixture_aside(do_requests, &a));
	*ret_requests = a.json;
	return NULL;
}

err_t *llm_scene_count(struct llm_scene *s, const char *part, int64_t *ret_n)
{
	struct json *requests;
	int64_t n = 0;

	ERR(llm_scene_requests(s, &requests));
	for (size_t i = 0; i < json_len(requests); i++)
		n += strstr(json_text(json_item(requests, i), "path"), part) != NULL;
	*ret_n = n;
	return NULL;
}

struct llm_request llm_scene_request(struct llm_scene *s, const struct llm_message *messages, size_t n)
{
	static const char schema[] =
		"{\"type\":\"object\",\"properties\":{\"title\":{\"type\":\"string\"}},\"required\":[\"title\"]}";
	struct llm_tool *tools = mem_alloc(s->pool, 2 * sizeof *tools);

	tools[0] = (struct llm_tool){ .name = "create_task", .description = "Keeps a task" };
	tools[1] = (struct llm_tool){ .name = "list_tasks", .description = "Lists tasks" };
	err_clear(json_read(s->pool, schema, sizeof schema - 1, &tools[0].schema));
	return (struct llm_request){ .system = "Be brief.",
				     .messages = messages,
				     .messages_n = n,
				     .tools = tools,
				     .tools_n = 2,
				     .only = PROVIDER_COUNT };
}

err_t *llm_scene_ask(struct llm_scene *s, const char *text, struct llm_reply **ret_reply)
{
	const struct llm_message message = { .role = LLM_PERSON, .text = text };
	const struct llm_request request = llm_scene_request(s, &message, 1);

	return llm_chat(s->req, &request, ret_reply);
}
