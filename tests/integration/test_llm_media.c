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
			     "{\"when\":\"o que é isto\",\"steps\":[{\"text\":\"Um gato.\",\"times\":0}]}"));
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

static err_t *show_everything(struct llm_scene *s)
{
	struct llm_part parts[] = {
		part_new(s, LLM_DOCUMENT, "application/pdf", "%PDF-1.7", 5000),
		{ .kind = LLM_TEXT, .text = "da cozinha" },
		part_new(s, LLM_SOUND, "audio/oga", "OggS", 4000),
		part_new(s, LLM_SOUND, "audio/mpeg", "ID3", 2000),
		part_new(s, LLM_PICTURE, "image/heic", "....ftypheic", 2000),
	};
	struct llm_reply *reply;

	ERR(show_pictures(s));
	ERR(show(s, parts, sizeof parts / sizeof *parts, &reply));
	CHECK_TEXT(reply->text, "Um gato.");
	return NULL;
}

TEST(gemini_takes_sounds_and_documents_together)
{
	static const char *const pairs[] = { "LLM_PROVIDER=gemini", NULL };

	return llm_scene_run(t, pairs, show_everything);
}

static err_t *show_with_document(struct llm_scene *s)
{
	struct llm_part pdf = part_new(s, LLM_DOCUMENT, "application/pdf", "%PDF-1.7", 5000);

	ERR(show_pictures(s));
	return show_one(s, &pdf);
}

TEST(openai_takes_pictures_and_documents)
{
	static const char *const pairs[] = { "LLM_PROVIDER=openai", NULL };

	return llm_scene_run(t, pairs, show_with_document);
}

TEST(anthropic_takes_pictures_and_documents)
{
	static const char *const pairs[] = { "LLM_PROVIDER=anthropic", NULL };

	return llm_scene_run(t, pairs, show_with_document);
}

TEST(ollama_takes_pictures_where_the_model_does)
{
	static const char *const pairs[] = { "LLM_PROVIDER=ollama", "OLLAMA_MODEL=gemma3:4b", NULL };

	return llm_scene_run(t, pairs, show_pictures);
}

static err_t *hear(struct llm_scene *s)
{
	struct llm_part mp3 = part_new(s, LLM_SOUND, "audio/mpeg", "ID3", 4000),
			wav = part_new(s, LLM_SOUND, "audio/x-wav", "RIFF....WAVE", 4000);

	ERR(show_one(s, &mp3));
	return show_one(s, &wav);
}

TEST(openai_takes_sound_where_the_model_does)
{
	static const char *const pairs[] = { "LLM_PROVIDER=openai", "OPENAI_MODEL=gpt-audio", NULL };

	return llm_scene_run(t, pairs, hear);
}

/* Refused before anything is sent, each for its reason. */
static err_t *refuse(struct llm_scene *s)
{
	struct llm_part sound = part_new(s, LLM_SOUND, "audio/ogg", "OggS", 4000), one = picture(s, 4000),
			many[LIMIT_MEDIA_PARTS + 1], heavy[2];
	struct llm_reply *reply = NULL;
	int64_t n;

	CHECK_ERR(show(s, &sound, 1, &reply), ERR_INVALID); /* nobody of the order hears */
	one.media_allowed = false;
	CHECK_ERR(show(s, &one, 1, &reply), ERR_DENIED);
	one.media_allowed = true;
	one.type = "image/png"; /* what it is not */
	CHECK_ERR(show(s, &one, 1, &reply), ERR_INVALID);
	one.type = "image/tiff";
	CHECK_ERR(show(s, &one, 1, &reply), ERR_INVALID);
	one.type = "image/jpeg";
	one.n = 0;
	CHECK_ERR(show(s, &one, 1, &reply), ERR_INVALID);
	one.n = 2; /* shorter than the head of its type */
	CHECK_ERR(show(s, &one, 1, &reply), ERR_INVALID);
	one.n = 4000;
	for (size_t i = 0; i <= LIMIT_MEDIA_PARTS; i++)
		many[i] = one;
	CHECK_ERR(show(s, many, LIMIT_MEDIA_PARTS + 1, &reply), ERR_TOO_LARGE);
	heavy[0] = heavy[1] =
		part_new(s, LLM_DOCUMENT, "application/pdf", "%PDF-1.7", LIMIT_MEDIA_REQUEST / 2 + 1);
	CHECK_ERR(show(s, heavy, 2, &reply), ERR_TOO_LARGE);
	heavy[0].n = LIMIT_MEDIA_PART + 1;
	CHECK_ERR(show(s, heavy, 1, &reply), ERR_TOO_LARGE); /* not looked at: it is not so long */
	heavy[1].pages = 101;
	CHECK_ERR(show(s, &heavy[1], 1, &reply), ERR_TOO_LARGE);
	one = picture(s, 4000000); /* 5.3 MB in base64 */
	CHECK_ERR(show(s, &one, 1, &reply), ERR_TOO_LARGE);
	CHECK(!reply);
	ERR(llm_scene_count(s, "/", &n));
	CHECK_INT(n, 0);
	return NULL;
}

TEST(what_may_not_or_cannot_go_is_not_sent)
{
	static const char *const pairs[] = { "LLM_PROVIDER=anthropic,deepseek", NULL };

	return llm_scene_run(t, pairs, refuse);
}

static err_t *not_allowed(struct llm_scene *s)
{
	struct llm_part one = picture(s, 4000);
	struct llm_reply *reply;

	one.media_allowed = false;
	CHECK_ERR(show(s, &one, 1, &reply), ERR_DENIED);
	return NULL;
}

TEST(under_block_somebody_must_have_allowed_it)
{
	static const char *const pairs[] = { "LLM_PROVIDER=gemini", "PRIVACY_GUARD=block", NULL };

	return llm_scene_run(t, pairs, not_allowed);
}

static err_t *no_guard(struct llm_scene *s)
{
	struct llm_part one = picture(s, 4000);

	one.media_allowed = false;
	return show_one(s, &one);
}

TEST(without_a_guard_nobody_is_asked)
{
	static const char *const pairs[] = { "LLM_PROVIDER=gemini", "PRIVACY_GUARD=off", NULL };

	return llm_scene_run(t, pairs, no_guard);
}

/* Who cannot hear is passed over, and never gets the words alone; who can is asked as if it stood first. */
static err_t *pass_over(struct llm_scene *s)
{
	struct llm_part sound = part_new(s, LLM_SOUND, "audio/ogg", "OggS", 4000), seen = picture(s, 4000);
	const struct llm_message message = { .role = LLM_PERSON, .parts = &sound, .parts_n = 1 };
	const struct llm_request request = { .messages = &message,
					     .messages_n = 1,
					     .only = PROVIDER_ANTHROPIC };
	static const struct llm_tuning quick = { .backoff_ms = 1, .open_ms = 50 };
	struct llm_reply *reply;
	int64_t n;

	ERR(show_one(s, &sound));
	ERR(llm_scene_count(s, "/", &n));
	CHECK_INT(n, 1);
	ERR(llm_scene_count(s, ":generateContent", &n));
	CHECK_INT(n, 1);
	/* An act was done with one: no other is asked. */
	CHECK_ERR(llm_chat(s->req, &request, &reply), ERR_INVALID);
	ERR(llm_scene_count(s, "/", &n));
	CHECK_INT(n, 1);
	/* The error of who was asked says more than that the others were not. */
	ERR(llm_scene_script(s, "{\"when\":\"o que é isto\",\"steps\":[{\"fault\":\"500\",\"times\":0}]}"));
	CHECK_ERR(show(s, &sound, 1, &reply), ERR_PROVIDER_ERROR);
	ERR(llm_scene_count(s, "/", &n));
	CHECK_INT(n, 4);
	llm_tune(&quick); /* closes the circuit */
	/* A picture falls from one to the next that sees. */
	ERR(llm_scene_script(s, "{\"when\":\"o que é isto\",\"steps\":[{\"fault\":\"401\"},"
				"{\"text\":\"Um gato.\"}]}"));
	ERR(show(s, &seen, 1, &reply));
	CHECK_TEXT(reply->text, "Um gato.");
	CHECK_INT(reply->provider, PROVIDER_GEMINI);
	ERR(llm_scene_count(s, "/", &n));
	CHECK_INT(n, 6);
	return NULL;
}

TEST(who_cannot_take_it_is_passed_over)
{
	static const char *const pairs[] = { "LLM_PROVIDER=anthropic,deepseek,gemini", NULL };

	return llm_scene_run(t, pairs, pass_over);
}

/* Six minutes of sound are 11,520 tokens, 8640 millionths: more than a budget of 8000. */
static err_t *spend(struct llm_scene *s)
{
	struct llm_part sound = part_new(s, LLM_SOUND, "audio/ogg", "OggS", 4000);
	struct llm_reply *reply;
	int64_t n;

	sound.seconds = 360;
	CHECK_ERR(show(s, &sound, 1, &reply), ERR_BUDGET);
	ERR(llm_scene_count(s, "/", &n));
	CHECK_INT(n, 0);
	sound.seconds = 0; /* 4000 bytes: three seconds at most */
	ERR(llm_scene_script(s,
			     "{\"steps\":[{\"text\":\"x\",\"usage\":{\"in\":1000,\"out\":0},\"times\":0}]}"));
	ERR(show(s, &sound, 1, &reply));
	ERR(fixture_int(&s->f, "SELECT counted FROM llm_usage", &n));
	CHECK_INT(n, 750); /* as reported */
	return NULL;
}

TEST(media_count_before_they_are_sent)
{
	static const char *const pairs[] = { "LLM_PROVIDER=gemini", "LLM_DAILY_BUDGET_USD=0.008", NULL };

	return llm_scene_run(t, pairs, spend);
}

/* The stand-in refuses what the services would, so the tests above can fail. */
static err_t *strict(struct llm_scene *s)
{
	static const struct {
		const char *path, *body, *says;
	} cases[] = {
		{ "/v1beta/models/gemini-3.8-flash:generateContent",
		  "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"inlineData\":{\"mimeType\":\"audio/webm\",\"data\":"
		  "\"AAAA\"}}]}]}",
		  "Unsupported MIME type: audio/webm" },
		{ "/v1beta/models/gemini-3.8-flash:generateContent",
		  "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":"
		  "\"AAA\"}}]}]}",
		  "Base64 decoding failed" },
		{ "/v1beta/models/gemini-3.8-flash:generateContent",
		  "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"inlineData\":{\"mimeType\":\"application/pdf\","
		  "\"data\":\"AAAA\"}}]}]}",
		  "The document has no pages." },
		{ "/v1/chat/completions",
		  "{\"model\":\"gpt-5.6\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\","
		  "\"image_url\":{\"url\":\"data:image/png;base64,/9j/\"}}]}]}",
		  "unsupported image" },
		{ "/v1beta/models/gemini-embedding-2:batchEmbedContents",
		  "{\"requests\":[{\"model\":\"models/gemini-embedding-2\",\"content\":{\"parts\":[{\"text\":\"a\"},"
		  "{\"text\":\"b\"}]}}]}",
		  "one part" },
		{ "/v1/embeddings", "{\"model\":\"text-embedding-3-small\",\"input\":[\"\"]}",
		  "empty string" },
		{ "/api/embed", "{\"model\":\"no-such-model\",\"input\":[\"a\"]}", "not found" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *body;
		long status = 0;

		ERR(llm_standin_call(s->standin, cases[i].path, NULL, cases[i].body, &status, &body));
		if (status < 400 || !strstr(body, cases[i].says))
			return err_new(ERR_INTERNAL, "%zu: %ld %s", i, status, body);
	}
	return NULL;
}

TEST(the_stand_in_looks_at_media)
{
	static const char *const pairs[] = { "LLM_PROVIDER=gemini", NULL };

	return llm_scene_run(t, pairs, strict);
}
