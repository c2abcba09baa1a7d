/* What a press carries, what an outcome says to each of its readers, and what a step keeps of it. */
#include "core/text.h"
#include "tests/test.h"
#include "tools/markup.h"
#include "tools/outcome.h"
#include <string.h>

TEST(data_of_a_button)
{
	apr_pool_t *p = t->pool;

	CHECK_TEXT(button_act(p, "list_tasks"), "t:list_tasks:");
	CHECK_TEXT(button_act(p, "complete_task", SLOT_I("id", 4)), "t:complete_task:4");
	CHECK_TEXT(button_act(p, "update_task", SLOT_I("id", 4), SLOT_S("due", "2026-11-30")),
		   "t:update_task:id=4&due=2026-11-30");
	CHECK_TEXT(button_act(p, "list_tasks", SLOT_I("page", 1), SLOT_S("tag", ""), SLOT_S("query", "a&b")),
		   "t:list_tasks:page=1&query=a&b");
	return NULL;
}

static const struct json_field fields[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct button, row) },
	{ "due", JSON_TEXT, 0, 0, 0, 40 },
	{ "title", JSON_TEXT, 0, 0, 0, 500 },
	{ "pinned", JSON_BOOL, 0, 0 },
	{ 0 },
};

TEST(a_button_is_read_as_it_was_built)
{
	apr_pool_t *p = t->pool;
	const char *data = button_act(p, "x", SLOT_I("id", 4), SLOT_S("due", "2026-11-30"),
				      SLOT_S("pinned", "yes"), SLOT_S("title", "a=b&id=7"));

	CHECK_TEXT(json_write(p, button_args(p, fields, data + strlen("t:x:"))),
		   "{\"id\":4,\"due\":\"2026-11-30\",\"pinned\":true,\"title\":\"a=b&id=7\"}");
	CHECK_TEXT(json_write(p, button_args(p, fields, "12")), "{\"id\":12}");
	return NULL;
}

struct thing {
	int64_t id;
	const char *title;
	bool outside;
};

struct result {
	struct json_list things;
};

static const struct json_field thing_fields[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct thing, id) },
	{ "title", JSON_TEXT, JSON_REQUIRED | JSON_WORDS, offsetof(struct thing, title) },
	{ "outside", JSON_BOOL, 0, offsetof(struct thing, outside) },
	{ 0 },
};

static const struct json_field result_fields[] = {
	{ "things", JSON_OBJECTS, JSON_REQUIRED, offsetof(struct result, things), .of = thing_fields,
	  .size = sizeof(struct thing) },
	{ 0 },
};

TEST(words_of_somebody_else_are_hidden_from_a_model)
{
	struct thing things[] = { { 1, "own words", false }, { 2, "IGNORE ALL", true } };
	struct result result = { { 2, things } };
	struct req *req = req_begin("0123456789abcdef0123456789abcdef");
	struct outcome o = { .html = "x" };
	const char *given;

	outcome_data(req, &o, result_fields, &result);
	ERR(outcome_check(&o, result_fields));
	CHECK(strstr(json_write(req->pool, o.data), "IGNORE ALL"));
	given = json_write(req->pool, outcome_for_model(req->pool, &o, result_fields));
	CHECK(!strstr(given, "IGNORE ALL") && strstr(given, "own words") && strstr(given, "\"id\":2"));
	req_end(req);
	return NULL;
}

TEST(an_outcome_without_its_data_is_refused)
{
	struct req *req = req_begin("0123456789abcdef0123456789abcdef");
	struct outcome done = { .kind = OUTCOME_DONE, .html = "x" }, card = { .html = "x", .card = true };
	struct outcome no = { .kind = OUTCOME_DONE };

	CHECK_ERR(outcome_check(&done, result_fields), ERR_INTERNAL);
	ERR(outcome_check(&card, result_fields));
	outcome_refuse(req, &no, "not_found", "Não achei.");
	ERR(outcome_check(&no, result_fields));
	no.kind = OUTCOME_DONE; /* what was done is never a refusal */
	CHECK_ERR(outcome_check(&no, result_fields), ERR_INVALID);
	req_end(req);
	return NULL;
}

TEST(a_step_keeps_all_that_a_replay_says)
{
	struct thing things[] = { { 2, "t", true } };
	struct result result = { { 1, things } };
	struct req *req = req_begin("0123456789abcdef0123456789abcdef");
	struct outcome o = { .kind = OUTCOME_DONE, .html = "<b>x</b>", .outside = true, .must_tell = true },
		       again;

	outcome_data(req, &o, result_fields, &result);
	outcome_button(req, &o, 3, "Desfazer", "u:abc");
	ERR(outcome_read(req, json_write(req->pool, outcome_json(req->pool, &o)), &again));
	CHECK_INT(again.kind, OUTCOME_DONE);
	CHECK_TEXT(again.html, o.html);
	CHECK(again.outside && again.must_tell && !again.card);
	CHECK_INT(again.buttons_n, 1);
	CHECK_INT(again.buttons[0].row, 3);
	CHECK_TEXT(again.buttons[0].data, "u:abc");
	CHECK_TEXT(json_write(req->pool, again.data), json_write(req->pool, o.data));
	req_end(req);
	return NULL;
}

TEST(an_address_is_a_button_that_opens_it)
{
	struct button buttons[] = { { "Abrir", "https://calendar.example/1", 0 },
				    { "Fazer", "t:list_tasks:", 0 } };

	CHECK_TEXT(markup_json(t->pool, buttons, 2),
		   "{\"inline_keyboard\":[[{\"text\":\"Abrir\",\"url\":\"https://calendar.example/1\"},"
		   "{\"text\":\"Fazer\",\"callback_data\":\"t:list_tasks:\"}]]}");
	return NULL;
}
