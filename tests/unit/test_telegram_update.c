#include "core/crypt.h"
#include "integrations/telegram/telegram_update.h"
#include "tests/test.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static err_t *read_file(struct test *t, const char *name, const char **ret_text)
{
	struct buf b = buf_new(t->pool, 1 << 20);
	const char *path = mem_fmt(t->pool, "tests/data/telegram/%s.json", name);
	FILE *f = fopen(path, "re");
	if (!f)
		return err_new(ERR_NOT_FOUND, "no file \"%s\"", path);
	for (int c; (c = fgetc(f)) != EOF;)
		buf_char(&b, (char)c);
	fclose(f);
	*ret_text = b.p;
	return buf_check(&b);
}

static err_t *decode(struct test *t, const char *name, struct tg_update *ret)
{
	const char *body;
	ERR(read_file(t, name, &body));
	return tg_update_decode(t->pool, body, strlen(body), ret);
}

static err_t *decode_text(struct test *t, const char *body, struct tg_update *ret)
{
	return tg_update_decode(t->pool, body, strlen(body), ret);
}

static err_t *head_of(struct test *t, const char *text, struct tg_head *ret)
{
	const char *body = mem_fmt(
		t->pool,
		"{\"update_id\":1,\"message\":{\"message_id\":1,\"date\":1,\"chat\":{\"id\":5,\"type\":\"private\"},"
		"\"from\":{\"id\":5,\"is_bot\":false},\"text\":\"%s\"}}",
		text);
	return tg_head_decode(t->pool, body, strlen(body), ret);
}

TEST(message)
{
	struct tg_update u;
	ERR(decode(t, "message_start", &u));
	CHECK_INT(u.update_id, 9001);
	CHECK_INT(u.kind, TG_MESSAGE);
	CHECK_INT(u.chat_id, 42);
	CHECK_INT(u.chat_type, TG_CHAT_PRIVATE);
	CHECK_INT(u.from_id, 42);
	CHECK(!u.from_is_bot);
	CHECK_INT(u.message_id, 5);
	CHECK_INT(u.date, 1795000000);
	CHECK_TEXT(u.text, "/start x1");
	CHECK_TEXT(u.language_code, "en");
	CHECK_TEXT(u.first_name, "A");
	CHECK_TEXT(u.last_name, NULL);
	CHECK_INT(u.media, TG_MEDIA_NONE);
	CHECK(!u.forwarded);
	return NULL;
}

TEST(callback)
{
	struct tg_update u;
	ERR(decode(t, "callback", &u));
	CHECK_INT(u.kind, TG_CALLBACK);
	CHECK_INT(u.chat_id, 42);
	CHECK_INT(u.from_id, 42);
	CHECK_TEXT(u.callback_id, "771");
	CHECK_TEXT(u.callback_data, "u:17");
	CHECK_INT(u.callback_message_id, 6);
	CHECK_INT(u.message_id, 0);
	CHECK(!u.callback_picture);
	return NULL;
}

TEST(a_picture_that_is_pressed_has_no_text_to_edit)
{
	static const char pressed[] =
		"{\"update_id\":3,\"callback_query\":{\"id\":\"7\",\"from\":{\"id\":42},\"data\":\"t:get_chart:kind=hours\",\"message\":"
		"{\"message_id\":6,\"chat\":{\"id\":42},\"caption\":\"a\",\"photo\":[{\"file_id\":\"f\",\"width\":1,\"height\":1}]}}}";
	struct tg_update u;

	ERR(tg_update_decode(t->pool, pressed, strlen(pressed), &u));
	CHECK_INT(u.kind, TG_CALLBACK);
	CHECK_INT(u.callback_message_id, 6);
	CHECK(u.callback_picture);
	return NULL;
}

TEST(photo_takes_the_largest)
{
	struct tg_update u;
	ERR(decode(t, "photo_album", &u));
	CHECK_INT(u.media, TG_MEDIA_PHOTO);
	CHECK_TEXT(u.file_id, "large");
	CHECK_TEXT(u.file_unique_id, "l");
	CHECK_INT(u.file_size, 120034);
	CHECK_TEXT(u.text, "recibo do almoço");
	CHECK_TEXT(u.media_group_id, "1333");
	CHECK(u.forwarded);
	CHECK_INT(u.chat_id, INT64_C(4503599627370495));
	CHECK_TEXT(u.last_name, "Souza");
	CHECK_TEXT(u.username, "joao");
	return NULL;
}

TEST(other_media)
{
	struct tg_update u;
	ERR(decode(t, "document", &u));
	CHECK_INT(u.media, TG_MEDIA_DOCUMENT);
	CHECK_TEXT(u.file_name, "plano.pdf");
	CHECK_TEXT(u.mime, "application/pdf");
	CHECK_INT(u.file_size, INT64_C(3000000000));
	ERR(decode(t, "voice", &u));
	CHECK_INT(u.media, TG_MEDIA_VOICE);
	CHECK_TEXT(u.mime, "audio/ogg");
	CHECK_TEXT(u.text, NULL);
	ERR(decode(t, "live_location", &u));
	CHECK_INT(u.kind, TG_EDITED);
	CHECK_INT(u.media, TG_MEDIA_LOCATION);
	CHECK(u.latitude < -23.55 && u.latitude > -23.56);
	CHECK(u.longitude < -46.63 && u.longitude > -46.64);
	ERR(decode_text(t,
			"{\"update_id\":1,\"message\":{\"chat\":{\"id\":1},\"sticker\":{\"file_id\":\"x\"}}}",
			&u));
	CHECK_INT(u.media, TG_MEDIA_OTHER);
	CHECK_INT(u.chat_type, TG_CHAT_UNKNOWN);
	return NULL;
}

TEST(member)
{
	struct tg_update u;
	ERR(decode(t, "blocked", &u));
	CHECK_INT(u.kind, TG_MEMBER);
	CHECK_INT(u.chat_id, 42);
	CHECK_TEXT(u.member_status, "kicked");
	return NULL;
}

TEST(not_an_update)
{
	static const char *const bodies[] = { "",
					      "{",
					      "[]",
					      "null",
					      "7",
					      "{}",
					      "{\"update_id\":\"9\"}",
					      "{\"update_id\":1.5}",
					      "{\"update_id\":1} x",
					      "{\"update_id\":-1}",
					      "{\"update_id\":4503599627370496}",
					      "{\"update_id\":99999999999999999999}" };
	struct tg_update u;
	struct tg_head h;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
		CHECK_ERR(decode_text(t, bodies[i], &u), ERR_INVALID);
		CHECK_ERR(tg_head_decode(t->pool, bodies[i], strlen(bodies[i]), &h), ERR_INVALID);
	}
	return NULL;
}

TEST(odd_updates_are_other)
{
	static const char *const bodies[] = {
		"{\"update_id\":3}",
		"{\"update_id\":3,\"message\":7}",
		"{\"update_id\":3,\"message\":{}}",
		"{\"update_id\":3,\"message\":{\"chat\":[]}}",
		"{\"update_id\":3,\"message\":{\"chat\":{\"id\":\"42\"}}}",
		"{\"update_id\":3,\"message\":{\"chat\":{\"id\":9223372036854775807},\"text\":\"x\"}}",
		"{\"update_id\":3,\"message\":{\"chat\":{\"id\":4503599627370496},\"text\":\"x\"}}",
		"{\"update_id\":3,\"callback_query\":{\"id\":5,\"from\":{\"id\":1}}}",
		"{\"update_id\":3,\"callback_query\":{\"id\":\"5\",\"from\":{}}}",
		"{\"update_id\":3,\"my_chat_member\":{\"chat\":{\"id\":1}}}",
		"{\"update_id\":3,\"channel_post\":{\"message_id\":1,\"chat\":{\"id\":-100}}}",
		"{\"update_id\":3,\"something_new\":{\"a\":[1,2,3]}}",
	};
	struct tg_update u;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
		ERR(decode_text(t, bodies[i], &u));
		CHECK_INT(u.update_id, 3);
		CHECK_INT(u.kind, TG_OTHER);
		CHECK_INT(u.chat_id, 0);
	}
	return NULL;
}

TEST(odd_fields_are_absent)
{
	struct tg_update u;
	ERR(decode_text(
		t,
		"{\"update_id\":3,\"message\":{\"message_id\":\"1\",\"date\":-4,\"chat\":{\"id\":5,\"type\":\"moon\"},\"from\":[],"
		"\"text\":{},\"photo\":[],\"voice\":{\"file_id\":1},\"document\":\"d\",\"location\":{\"latitude\":95,\"longitude\":1}}}",
		&u));
	CHECK_INT(u.kind, TG_MESSAGE);
	CHECK_INT(u.from_id, 0);
	CHECK_INT(u.message_id, 0);
	CHECK_INT(u.date, 0);
	CHECK_TEXT(u.text, NULL);
	CHECK_INT(u.media, TG_MEDIA_NONE);
	return NULL;
}

TEST(text_is_made_whole)
{
	struct tg_update u;
	ERR(decode_text(t,
			"{\"update_id\":3,\"message\":{\"chat\":{\"id\":5},\"text\":\"a\\u0000b\\\\u0000\"}}",
			&u));
	CHECK_TEXT(u.text, "a\xEF\xBF\xBD"
			   "b\\u0000");
	ERR(decode_text(t,
			"{\"update_id\":3,\"message\":{\"chat\":{\"id\":5},\"text\":\"a\xFF"
			"b\"}}",
			&u));
	CHECK_TEXT(u.text, "a\xEF\xBF\xBD"
			   "b");
	return NULL;
}

TEST(cut_anywhere_never_crashes)
{
	static const char *const files[] = { "message_start", "callback", "photo_album", "blocked" };
	struct tg_update u;
	for (size_t k = 0; k < sizeof(files) / sizeof(*files); k++) {
		const char *body;
		ERR(read_file(t, files[k], &body));
		size_t n = strcspn(body, "\n");
		for (size_t i = 0; i < n; i++) {
			char *copy = mem_dup(t->pool, body, i); /* not terminated */
			CHECK_ERR(tg_update_decode(t->pool, copy, i, &u), ERR_INVALID);
		}
	}
	return NULL;
}

TEST(head)
{
	struct tg_head h;
	const char *body;
	ERR(read_file(t, "supergroup_command", &body));
	ERR(tg_head_decode(t->pool, body, strlen(body), &h));
	CHECK_INT(h.update_id, 9008);
	CHECK_INT(h.chat_id, INT64_C(-1001234567890));
	CHECK(!h.chat_private);
	CHECK(h.from_is_bot);
	CHECK_INT(h.from_id, 43);
	CHECK_TEXT(h.command, "/stop");
	CHECK_TEXT(h.code, NULL);
	ERR(read_file(t, "callback", &body));
	ERR(tg_head_decode(t->pool, body, strlen(body), &h));
	CHECK_INT(h.kind, TG_CALLBACK);
	CHECK(h.chat_private);
	CHECK_TEXT(h.callback_id, "771");
	CHECK_TEXT(h.callback_data, "u:17");
	CHECK_TEXT(h.command, NULL);
	return NULL;
}

static err_t *head_agrees(struct test *t, const char *body, size_t n)
{
	struct tg_update u;
	struct tg_head h;
	err_t *head_err = tg_head_decode(t->pool, body, n, &h), *err = tg_update_decode(t->pool, body, n, &u);
	bool refused = head_err, same = refused == !!err;

	err_clear(head_err);
	err_clear(err);
	CHECK(same);
	if (refused)
		return NULL;
	CHECK_INT(h.update_id, u.update_id);
	CHECK_INT(h.kind, u.kind);
	if (u.kind == TG_OTHER)
		return NULL;
	CHECK_INT(h.chat_id, u.chat_id);
	CHECK(h.chat_private == (u.chat_type == TG_CHAT_PRIVATE));
	CHECK_INT(h.from_id, u.from_id);
	CHECK(h.from_is_bot == u.from_is_bot);
	CHECK_TEXT(h.language_code, u.language_code);
	CHECK_TEXT(h.callback_id, u.callback_id);
	CHECK_TEXT(h.callback_data, u.callback_data);
	CHECK_TEXT(h.command, tg_command(t->pool, u.text, NULL));
	return NULL;
}

TEST(head_agrees_with_the_whole)
{
	struct dirent *file;
	DIR *dir = opendir("tests/data/telegram");
	int n = 0;

	CHECK(dir);
	srand(5);
	while ((file = readdir(dir))) {
		const char *end = strstr(file->d_name, ".json"), *body;
		size_t len;

		if (!end)
			continue;
		ERR(read_file(t, mem_textn(t->pool, file->d_name, (size_t)(end - file->d_name)), &body));
		len = strlen(body);
		ERR(head_agrees(t, body, len));
		for (int i = 0; i < 300; i++) {
			char *other = mem_dup(t->pool, body, len);

			for (int k = 0; k < 3; k++)
				other[(size_t)rand() % len] = other[(size_t)rand() % len];
			ERR(head_agrees(t, other, len));
		}
		n++;
	}
	closedir(dir);
	CHECK(n > 5);
	return NULL;
}

TEST(head_finds_the_pairing_code)
{
	struct tg_head h;
	crypt_init();
	const char *code = crypt_code(t->pool), *canon = crypt_code_canon(t->pool, code);
	ERR(head_of(t, code, &h));
	CHECK_TEXT(h.code, canon);
	ERR(head_of(t, mem_fmt(t->pool, "  %s\\n", code), &h));
	CHECK_TEXT(h.code, canon);
	ERR(head_of(t, mem_fmt(t->pool, "/start %s", code), &h));
	CHECK_TEXT(h.code, canon);
	CHECK_TEXT(h.command, "/start");
	ERR(head_of(t, mem_fmt(t->pool, "/help %s", code), &h));
	CHECK_TEXT(h.code, NULL);
	ERR(head_of(t, mem_fmt(t->pool, "code %s", code), &h));
	CHECK_TEXT(h.code, NULL);
	ERR(head_of(t, "/start", &h));
	CHECK_TEXT(h.code, NULL);
	return NULL;
}

TEST(commands)
{
	const char *rest = NULL;
	CHECK_TEXT(tg_command(t->pool, "/Stop@LembraBot  now", &rest), "/stop");
	CHECK_TEXT(rest, "now");
	CHECK_TEXT(tg_command(t->pool, "/status", &rest), "/status");
	CHECK_TEXT(rest, "");
	CHECK_TEXT(tg_command(t->pool, "/a_1\nb", NULL), "/a_1");
	CHECK_TEXT(tg_command(t->pool, "stop", NULL), NULL);
	CHECK_TEXT(tg_command(t->pool, "/", NULL), NULL);
	CHECK_TEXT(tg_command(t->pool, "/usr/bin", NULL), NULL);
	CHECK_TEXT(tg_command(t->pool, " /stop", NULL), NULL);
	CHECK_TEXT(tg_command(t->pool, "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL), NULL);
	CHECK_TEXT(tg_command(t->pool, NULL, NULL), NULL);
	return NULL;
}
