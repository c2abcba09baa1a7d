#include "core/fiber.h"
#include "core/text.h"
#include "integrations/telegram/telegram.h"
#include "tests/standins/client.h"
#include "tests/test.h"

#include <string.h>

#define CHAT 42

/* The client runs in a fiber; the stand-in is driven by blocking calls in between. */
struct scene {
	struct test *t;
	struct standin *s;
	struct telegram *tg;
	err_t *(*play)(struct scene *);
	err_t *err;
};

static void play(void *arg)
{
	struct scene *scene = arg;
	scene->err = scene->play(scene);
	http_shutdown();
	fiber_stop();
}

static err_t *run(struct test *t, err_t *(*fn)(struct scene *))
{
	struct scene scene = { .t = t, .play = fn };
	ERR(standin_start(t, &scene.s));
	ERR(telegram_new(t->pool, scene.s->base, scene.s->token, &scene.tg));
	ERR(standin_say(scene.s, CHAT, "oi", NULL));
	fiber_init();
	CHECK(fiber_go("scene", play, &scene));
	fiber_run();
	return scene.err;
}

static err_t *keyboard(struct test *t, struct json **ret)
{
	static const char text[] = "{\"inline_keyboard\":[[{\"text\":\"Sim\",\"callback_data\":\"y:1\"}]]}";
	return json_read(t->pool, text, sizeof(text) - 1, ret);
}

static err_t *play_conversation(struct scene *c)
{
	struct test *t = c->t;
	struct tg_result r;
	struct json *markup, *seen;
	int64_t id;
	ERR(keyboard(t, &markup));
	ERR(tg_get_me(c->tg, t->pool, &r));
	CHECK_TEXT(json_text(r.result, "username"), "lembra_standin_bot");
	ERR(tg_send_message(c->tg, t->pool, CHAT, "<b>a</b> &lt; b", markup, false, &r));
	CHECK_INT(r.outcome, TG_OK);
	id = r.message_id;
	CHECK(id > 0);
	ERR(tg_edit_text(c->tg, t->pool, CHAT, id, "<b>a</b> &lt; b", markup, &r));
	CHECK_INT(r.outcome, TG_NOT_MODIFIED);
	ERR(tg_edit_text(c->tg, t->pool, CHAT, id, "c", NULL, &r));
	CHECK_INT(r.outcome, TG_OK);
	ERR(standin_chat(c->s, CHAT, &seen));
	CHECK_TEXT(json_text(seen, "1.text"), "c");
	CHECK(!json_at(seen, "1.reply_markup"));
	ERR(tg_edit_markup(c->tg, t->pool, CHAT, id, markup, &r));
	ERR(standin_chat(c->s, CHAT, &seen));
	CHECK_TEXT(json_text(seen, "1.reply_markup.inline_keyboard.0.0.text"), "Sim");
	ERR(tg_delete(c->tg, t->pool, CHAT, id, &r));
	CHECK_INT(r.outcome, TG_OK);
	ERR(tg_delete(c->tg, t->pool, CHAT, id, &r));
	CHECK_INT(r.outcome, TG_GONE);
	ERR(tg_chat_action(c->tg, t->pool, CHAT, "typing", &r));
	CHECK_INT(r.outcome, TG_OK);
	ERR(tg_send_message(c->tg, t->pool, 77, "x", NULL, false, &r));
	CHECK_INT(r.outcome, TG_GONE);
	return NULL;
}

TEST(conversation)
{
	return run(t, play_conversation);
}

static err_t *play_plain(struct scene *c)
{
	struct test *t = c->t;
	struct tg_result r;
	struct json *entries;
	ERR(tg_send_message(c->tg, t->pool, CHAT, "<b>a</b> &amp; <h1>b</h1>", NULL, false, &r));
	CHECK_INT(r.outcome, TG_OK);
	ERR(standin_fault(c->s, "sendMessage", "400entities", 2));
	ERR(tg_send_message(c->tg, t->pool, CHAT, "x", NULL, false, &r));
	CHECK_INT(r.outcome, TG_BAD_ENTITIES); /* once more, not twice */
	ERR(standin_ledger(c->s, 0, &entries));
	CHECK_INT(json_len(entries), 4);
	CHECK_TEXT(json_text(entries, "1.text"), "a & <h1>b</h1>");
	CHECK_TEXT(json_text(entries, "1.parse_mode"), NULL);
	return NULL;
}

TEST(broken_markup_goes_out_plain_once)
{
	return run(t, play_plain);
}

static err_t *play_faults(struct scene *c)
{
	struct test *t = c->t;
	struct tg_result r;
	struct json *seen;
	struct telegram *wrong;
	static const struct {
		const char *kind;
		enum tg_outcome outcome;
	} faults[] = {
		{ "429", TG_RATE }, { "500", TG_SERVER }, { "403", TG_BLOCKED }, { "lost", TG_UNKNOWN }
	};
	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++) {
		ERR(standin_fault(c->s, "sendMessage", faults[i].kind, 1));
		ERR(tg_send_message(c->tg, t->pool, CHAT, faults[i].kind, NULL, false, &r));
		CHECK_TEXT(tg_outcome_name(r.outcome), tg_outcome_name(faults[i].outcome));
		CHECK(!strstr(r.description, c->tg->secret));
	}
	ERR(standin_wait(c->s, CHAT, 1, 1000, &seen)); /* the lost one did arrive, and no other */
	CHECK_INT(json_len(seen), 2);
	CHECK_TEXT(json_text(seen, "1.text"), "lost");
	ERR(telegram_new(t->pool, c->s->base, "1234:abd", &wrong));
	ERR(tg_get_me(wrong, t->pool, &r));
	CHECK_INT(r.outcome, TG_UNAUTHORIZED);
	ERR(telegram_new(t->pool, "http://127.0.0.1:1", "1234:abc", &wrong));
	ERR(tg_get_me(wrong, t->pool, &r));
	CHECK_INT(r.outcome, TG_UNSENT);
	CHECK(!strstr(r.description, "abc"));
	return NULL;
}

TEST(trouble_has_names)
{
	return run(t, play_faults);
}

static err_t *play_files(struct scene *c)
{
	static const char png
		[] = "\x89PNG\x0d\x0a\x1a\x0a\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\x00\x00\x00\x0cIDATx\xda"
		     "c\xf8\xff\xff\x3f\x00\x05\xfe\x02\xfe"
		     "3\x12\x95\x14\x00\x00\x00\x00IEND\xae"
		     "B`\x82",
	     wide[] =
		     "\x89PNG\x0d\x0a\x1a\x0a\x00\x00\x00\x0dIHDR\x00\x00\x00\x1e\x00\x00\x00\x01\x08\x02\x00\x00\x00"
		     "F\xd2\x89\xbb\x00\x00\x00\x0cIDATx\xda"
		     "c\xf8O3\x00\x00\xf0=Y\xa7r\xdc\xa0w\x00\x00\x00\x00IEND\xae"
		     "B`\x82";
	struct test *t = c->t;
	struct tg_result r;
	struct json *seen, *markup;
	struct http_part file = {
		.filename = "c.png", .type = "image/png", .data = png, .n = sizeof(png) - 1
	};
	ERR(keyboard(t, &markup));
	ERR(tg_send_photo(c->tg, t->pool, CHAT, &file, "<i>sono</i>", markup, false, &r));
	CHECK_INT(r.outcome, TG_OK);
	ERR(tg_send_document(c->tg, t->pool, CHAT, &file, NULL, NULL, &r));
	CHECK_INT(r.outcome, TG_OK);
	file.n--; /* not whole */
	ERR(tg_send_photo(c->tg, t->pool, CHAT, &file, NULL, NULL, false, &r));
	CHECK_TEXT(r.description, "Bad Request: IMAGE_PROCESS_FAILED");
	file.data = wide;
	file.n = sizeof wide - 1;
	ERR(tg_send_photo(c->tg, t->pool, CHAT, &file, NULL, NULL, false, &r));
	CHECK_TEXT(r.description, "Bad Request: PHOTO_INVALID_DIMENSIONS");
	CHECK_INT(r.outcome, TG_REFUSED);
	ERR(standin_chat(c->s, CHAT, &seen));
	CHECK_TEXT(json_text(seen, "1.kind"), "photo");
	CHECK_TEXT(json_text(seen, "1.text"), "sono");
	CHECK_TEXT(json_text(seen, "1.reply_markup.inline_keyboard.0.0.callback_data"), "y:1");
	CHECK_TEXT(json_text(seen, "2.kind"), "document");
	CHECK_TEXT(json_text(seen, "2.file_name"), "c.png");
	return NULL;
}

TEST(files_go_as_multipart)
{
	return run(t, play_files);
}

static err_t *play_polling(struct scene *c)
{
	struct test *t = c->t;
	struct tg_result r;
	struct json *markup, *commands = json_array(t->pool), *command = json_object(t->pool);
	const char *callback_id;
	int64_t first;
	ERR(keyboard(t, &markup));
	ERR(tg_send_message(c->tg, t->pool, CHAT, "ok?", markup, false, &r));
	ERR(standin_press(c->s, CHAT, "Sim", &callback_id));
	ERR(tg_get_updates(c->tg, t->pool, 0, 1, 100, &r));
	CHECK_INT(json_len(r.result), 2);
	CHECK_TEXT(json_text(r.result, "0.message.text"), "oi");
	CHECK_TEXT(json_text(r.result, "1.callback_query.data"), "y:1");
	CHECK(json_int(r.result, "0.update_id", &first));
	ERR(tg_get_updates(c->tg, t->pool, first + 2, 0, 100, &r));
	CHECK_INT(json_len(r.result), 0);
	ERR(tg_answer_callback(c->tg, t->pool, callback_id, "feito", false, &r));
	CHECK_INT(r.outcome, TG_OK);
	ERR(tg_answer_callback(c->tg, t->pool, callback_id, "feito", false, &r));
	CHECK_INT(r.outcome, TG_GONE);
	json_set_text(command, "command", "start");
	json_set_text(command, "description", "Começar");
	json_push(commands, command);
	ERR(tg_set_commands(c->tg, t->pool, "pt", commands, &r));
	CHECK_INT(r.outcome, TG_OK);
	ERR(tg_set_webhook(c->tg, t->pool, "http://127.0.0.1:1/webhook/telegram", "s3cret", 40, &r));
	CHECK_INT(r.outcome, TG_OK);
	ERR(tg_get_updates(c->tg, t->pool, 0, 0, 100, &r));
	CHECK_INT(r.outcome, TG_CONFLICT);
	ERR(tg_webhook_info(c->tg, t->pool, &r));
	CHECK_TEXT(json_text(r.result, "url"), "http://127.0.0.1:1/webhook/telegram");
	ERR(tg_delete_webhook(c->tg, t->pool, &r));
	ERR(tg_get_file(c->tg, t->pool, "nope", &r));
	CHECK_INT(r.outcome, TG_REFUSED);
	return NULL;
}

TEST(polling_buttons_and_settings)
{
	return run(t, play_polling);
}
