#include "core/text.h"
#include "integrations/telegram/telegram.h"
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

static err_t *read_data(struct test *t, const char *name, struct json **ret)
{
	struct buf b = buf_new(t->pool, 1 << 20);
	const char *path = mem_fmt(t->pool, "tests/data/telegram/%s.json", name);
	FILE *f = fopen(path, "re");
	if (!f)
		return err_new(ERR_NOT_FOUND, "no file \"%s\"", path);
	for (int c; (c = fgetc(f)) != EOF;)
		buf_char(&b, (char)c);
	fclose(f);
	return json_read(t->pool, b.p, b.n, ret);
}

static err_t *same(struct test *t, const struct json *made, const struct json *requests, const char *name)
{
	const struct json *expected = json_at(requests, name);
	CHECK(expected);
	CHECK_TEXT(json_write(t->pool, made), json_write(t->pool, expected));
	return NULL;
}

static err_t *keyboard(struct test *t, struct json **ret)
{
	static const char text[] = "{\"inline_keyboard\":[[{\"text\":\"Undo\",\"callback_data\":\"u:17\"}]]}";
	return json_read(t->pool, text, sizeof(text) - 1, ret);
}

static err_t *check_reply(struct test *t, const struct json *reply)
{
	struct tg_result r;
	int64_t status = 0, header = -1, message_id = 0, retry_after = 0;
	const char *body = json_text(reply, "text");
	if (!body)
		body = json_write(t->pool, json_at(reply, "body"));
	json_int(reply, "status", &status);
	json_int(reply, "header", &header);
	json_int(reply, "message_id", &message_id);
	json_int(reply, "retry_after", &retry_after);
	tg_wire_result(t->pool, (long)status, body, strlen(body), header, &r);
	CHECK_TEXT(tg_outcome_name(r.outcome), json_text(reply, "outcome"));
	CHECK_INT(r.message_id, message_id);
	CHECK_INT(r.retry_after_s, retry_after);
	CHECK((r.outcome == TG_OK) == (r.result != NULL));
	CHECK(tg_ok(&r) == (r.outcome == TG_OK || r.outcome == TG_NOT_MODIFIED));
	CHECK_INT(r.error_code, r.outcome == TG_OK ? 0 : status);
	CHECK_TEXT(r.description,
		   json_text(reply, "body.description") ? json_text(reply, "body.description") : "");
	return NULL;
}

TEST(recorded_replies)
{
	struct json *replies;
	ERR(read_data(t, "replies", &replies));
	CHECK(json_len(replies) > 30);
	for (size_t i = 0; i < json_len(replies); i++)
		ERR(err_wrap(check_reply(t, json_item(replies, i)), "reply %zu", i));
	return NULL;
}

TEST(recorded_requests)
{
	struct json *requests, *markup, *made, *plain;
	ERR(read_data(t, "requests", &requests));
	ERR(keyboard(t, &markup));
	ERR(tg_wire_message(t->pool, 42, "<b>Done</b>", markup, &made));
	ERR(same(t, made, requests, "message"));
	ERR(tg_wire_plain(t->pool, made, &plain));
	ERR(same(t, plain, requests, "plain"));
	ERR(same(t, made, requests, "message")); /* untouched */
	ERR(tg_wire_edit(t->pool, INT64_C(-1001234567890), 6, "a &lt; b", NULL, &made));
	ERR(same(t, made, requests, "edit"));
	ERR(tg_wire_edit(t->pool, 42, 6, NULL, NULL, &made));
	ERR(same(t, made, requests, "delete"));
	ERR(tg_wire_caption(t->pool, 42, "<i>x</i>", NULL, &made));
	ERR(same(t, made, requests, "caption"));
	ERR(same(t, tg_wire_callback(t->pool, "771", "ok", true), requests, "callback"));
	ERR(same(t, tg_wire_callback(t->pool, "771", NULL, false), requests, "callback_silent"));
	ERR(same(t, tg_wire_webhook(t->pool, "https://x.example/webhook/telegram", "s3cret", 40), requests,
		 "webhook"));
	ERR(same(t, tg_wire_updates(t->pool, 9003, 25, 100), requests, "updates"));
	return NULL;
}

TEST(callback_text_fits)
{
	struct buf b = buf_new(t->pool, 4096);
	for (int i = 0; i < 150; i++)
		buf_text(&b, "\xF0\x9F\x98\x80");
	const char *text = json_text(tg_wire_callback(t->pool, "1", b.p, false), "text");
	CHECK(text_utf16_len(text) <= 200 && text_utf16_len(text) > 190);
	return NULL;
}

TEST(secrets_are_blotted_out)
{
	CHECK_TEXT(tg_wire_redact(t->pool, "http://h/bot1:abc/x abc", "abc"), "http://h/bot1:***/x ***");
	CHECK_TEXT(tg_wire_redact(t->pool, "nothing", "abc"), "nothing");
	return NULL;
}

TEST(token_and_base)
{
	struct telegram *tg;
	ERR(telegram_new(t->pool, "https://api.telegram.org//", "1234:aB_-9", &tg));
	CHECK_INT(tg->bot_id, 1234);
	CHECK_TEXT(tg->base, "https://api.telegram.org");
	CHECK_TEXT(tg->secret, "aB_-9");
	CHECK_ERR(telegram_new(t->pool, "https://x", "", &tg), ERR_CONFIG);
	CHECK_ERR(telegram_new(t->pool, "https://x", "1234", &tg), ERR_CONFIG);
	CHECK_ERR(telegram_new(t->pool, "https://x", ":abc", &tg), ERR_CONFIG);
	CHECK_ERR(telegram_new(t->pool, "https://x", "1234:", &tg), ERR_CONFIG);
	CHECK_ERR(telegram_new(t->pool, "https://x", "1234:a/../b", &tg), ERR_CONFIG);
	CHECK_ERR(telegram_new(t->pool, "ftp://x", "1234:abc", &tg), ERR_CONFIG);
	return NULL;
}
