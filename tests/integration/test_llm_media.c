/* Pictures, sounds and documents on their way to models, through the stand-in, which looks at the bytes. */
#include "core/crypt.h"
#include "core/limits.h"
#include "core/text.h"
#include "tests/integration/llm_scene.h"

#include <string.h>

/* Bytes that begin as a type does; every value occurs. */
static struct llm_part part_new(struct llm_scene *s, enum llm_kind kind, const char *type, const char *head,
				size_t n)
{
	unsigned char *p = mem_alloc(s->pool, n);

	for (size_t i = 0; i < n; i++)
		p[i] = (unsigned char)(i * 31 + i / 251);
	memcpy(p, head, strlen(head));
	return (struct llm_part){ .kind = kind, .type = type, .data = p, .n = n, .media_allowed = true };
}

static struct llm_part picture(struct llm_scene *s, size_t n)
{
	return part_new(s, LLM_PICTURE, "image/jpeg", "\xFF\xD8\xFF\xE0", n);
}

static NODISCARD err_t *show(struct llm_scene *s, const struct llm_part *parts, size_t n,
			     struct llm_reply **ret_reply)
{
	const struct llm_message message = {
		.role = LLM_PERSON, .text = "o que é isto?", .parts = parts, .parts_n = n
	};
	const struct llm_request request = { .messages = &message, .messages_n = 1, .only = PROVIDER_COUNT };

	return llm_chat(s->req, &request, ret_reply);
}

/* The last request held exactly these bytes. */
static NODISCARD err_t *check_arrived(struct llm_scene *s, const struct llm_part *part)
{
	struct json *requests;
	const char *body, *expected;

	ERR(llm_scene_requests(s, &requests));
	CHECK(json_len(requests) > 0);
	body = json_text(json_item(requests, json_len(requests) - 1), "body");
	expected = mem_fmt(s->pool, " %zu %s\"", part->n, crypt_hash_hex(s->pool, part->data, part->n));
	CHECK(strstr(body, expected));
	return NULL;
}

static NODISCARD err_t *show_one(struct llm_scene *s, const struct llm_part *part)
{
	struct llm_reply *reply;

	ERR(llm_scene_script(s,
			     "{\"steps\":[{\"text\":\"Um gato.\",\"when\":\"o que é isto\",\"times\":0}]}"));
	ERR(show(s, part, 1, &reply));
	CHECK_TEXT(reply->text, "Um gato.");
	return check_arrived(s, part);
}

/* Each remainder by three, and one that is large. */
static err_t *show_pictures(struct llm_scene *s)
{
	const size_t sizes[] = { 3000, 3001, 3002, 3000000 };

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct llm_part part = picture(s, sizes[i]);

		ERR(show_one(s, &part));
	}
	return NULL;
}

TEST(gemini_sees_a_picture)
{
	static const char *const pairs[] = { "LLM_PROVIDER=gemini", NULL };

	return llm_scene_run(t, pairs, show_pictures);
}
