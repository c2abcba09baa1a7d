#include "integrations/llm/llm_media.h"

#include "core/limits.h"
#include "core/text.h"
#include "integrations/llm/llm_base64.h"
#include <string.h>

#define G (1u << PROVIDER_GEMINI)
#define O (1u << PROVIDER_OPENAI)
#define A (1u << PROVIDER_ANTHROPIC)
#define L (1u << PROVIDER_OLLAMA)
#define PDF_HEAD 1024
/* What is not told is guessed from the size: speech has at least 16 kbit a second, a page seldom less than 50 kB. */
#define SECOND_BYTES 2000
#define PAGE_BYTES 50000

static const char *const kinds[] = {
	[LLM_TEXT] = "text", [LLM_PICTURE] = "pictures", [LLM_SOUND] = "sound", [LLM_DOCUMENT] = "documents"
};

/* What the services list; how bytes of a type begin: `magic` at `at`. */
static const struct type {
	enum llm_kind kind;
	const char *name;
	unsigned takers;
	size_t at;
	const char *magic;
} types[] = {
	{ LLM_PICTURE, "image/jpeg", G | O | A | L, 0, "\xFF\xD8\xFF" },
	{ LLM_PICTURE, "image/png", G | O | A | L, 0, "\x89PNG" },
	{ LLM_PICTURE, "image/webp", G | O | A | L, 8, "WEBP" },
	{ LLM_PICTURE, "image/gif", O | A, 0, "GIF8" },
	{ LLM_PICTURE, "image/heic", G, 4, "ftyp" },
	{ LLM_PICTURE, "image/heif", G, 4, "ftyp" },
	{ LLM_SOUND, "audio/ogg", G, 0, "OggS" },
	{ LLM_SOUND, "audio/mpeg", G | O, 0, NULL },
	{ LLM_SOUND, "audio/wav", G | O, 8, "WAVE" },
	{ LLM_SOUND, "audio/flac", G, 0, "fLaC" },
	{ LLM_SOUND, "audio/aac", G, 0, "\xFF" },
	{ LLM_SOUND, "audio/aiff", G, 0, "FORM" },
	{ LLM_DOCUMENT, "application/pdf", G | O | A, 0, NULL },
};

/* Other names in use, Telegram's among them. */
static const struct {
	const char *name, *of;
} aliases[] = {
	{ "image/jpg", "image/jpeg" }, { "audio/oga", "audio/ogg" },     { "application/ogg", "audio/ogg" },
	{ "audio/opus", "audio/ogg" }, { "audio/mp3", "audio/mpeg" },    { "audio/x-wav", "audio/wav" },
	{ "audio/wave", "audio/wav" }, { "audio/x-flac", "audio/flac" },
};

/* NULL: none we know. */
static const struct type *type_of(const struct llm_part *part)
{
	const char *name = part->type;

	for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
		if (text_same(aliases[i].name, name))
			name = aliases[i].of;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (types[i].kind == part->kind && text_same(types[i].name, name))
			return &types[i];
	return NULL;
}

static bool holds(const void *data, size_t n, const char *magic)
{
	size_t length = strlen(magic);

	for (size_t i = 0; i + length <= n; i++)
		if (memcmp((const char *)data + i, magic, length) == 0)
			return true;
	return false;
}

/* A service that is told a wrong type refuses, or worse, makes something up. */
static bool looks(const struct type *type, const struct llm_part *part)
{
	const unsigned char *p = part->data;
	size_t length = type->magic ? strlen(type->magic) : 0;

	if (part->kind == LLM_DOCUMENT)
		return holds(p, part->n < PDF_HEAD ? part->n : PDF_HEAD, "%PDF-");
	if (length)
		return part->n >= type->at + length && memcmp(p + type->at, type->magic, length) == 0;
	return part->n > 3 && (memcmp(p, "ID3", 3) == 0 || (p[0] == 0xFF && p[1] >= 0xE0));
}

/* Parts that are no text, one by one: begins with { 0 }; NULL after the last. */
struct walk {
	size_t message, part;
};

static const struct llm_part *next(const struct llm_request *request, struct walk *at)
{
	for (; at->message < request->messages_n; at->message++, at->part = 0) {
		const struct llm_message *m = &request->messages[at->message];

		while (m->role == LLM_PERSON && at->part < m->parts_n) {
			const struct llm_part *part = &m->parts[at->part++];

			if (part->kind != LLM_TEXT)
				return part;
		}
	}
	return NULL;
}

bool llm_media_in(const struct llm_request *request)
{
	struct walk at = { 0 };

	return next(request, &at) != NULL;
}

static err_t *check(const struct config *config, const struct llm_part *part)
{
	const struct type *type = type_of(part);

	if (config->privacy_guard != PRIVACY_OFF && !part->media_allowed)
		return err_new(ERR_DENIED, "%s cannot be masked, and nobody allowed it", kinds[part->kind]);
	if (part->n > LIMIT_MEDIA_PART)
		return err_new(ERR_TOO_LARGE, "%s of more than %d bytes", kinds[part->kind],
			       LIMIT_MEDIA_PART);
	if (!type)
		return err_new(ERR_INVALID, "%s of an unknown type", kinds[part->kind]);
	if (!looks(type, part))
		return err_new(ERR_INVALID, "what is said to be %s is none", type->name);
	return NULL;
}

err_t *llm_media_check(const struct config *config, const struct llm_request *request)
{
	const struct llm_part *part;
	struct walk at = { 0 };
	size_t bytes = 0, n = 0;

	while ((part = next(request, &at))) {
		ERR(check(config, part));
		bytes += part->n;
		if (++n > LIMIT_MEDIA_PARTS || bytes > LIMIT_MEDIA_REQUEST)
			return err_new(ERR_TOO_LARGE, "more than %d parts or %d bytes in one request",
				       LIMIT_MEDIA_PARTS, LIMIT_MEDIA_REQUEST);
	}
	if (n && request->context_free)
		return err_new(ERR_INVALID, "media are somebody's: no answer to them is kept for others");
	return NULL;
}

static err_t *fits(const struct llm_endpoint *at, const struct llm_part *part, unsigned takes)
{
	const struct llm_media_facts *facts = llm_model_media(at->provider);
	const struct type *type = type_of(part);
	const char *name = config_provider_name(at->provider);

	if (!(takes & 1u << part->kind))
		return err_new(ERR_INVALID, "%s: \"%s\" takes no %s", name, at->model, kinds[part->kind]);
	if (!type || !(type->takers & 1u << at->provider))
		return err_new(ERR_INVALID, "%s takes no %s", name, type ? type->name : "such type");
	if (part->kind == LLM_PICTURE && facts->picture_max &&
	    llm_base64_size(part->n) > (size_t)facts->picture_max)
		return err_new(ERR_TOO_LARGE, "%s takes no picture of %zu bytes", name, part->n);
	if (part->kind == LLM_DOCUMENT && facts->pages_max && part->pages > facts->pages_max)
		return err_new(ERR_TOO_LARGE, "%s takes no document of so many pages", name);
	return NULL;
}

err_t *llm_media_fits(const struct llm_endpoint *at, const struct llm_request *request, int64_t now)
{
	unsigned takes = llm_model_takes(at->provider, at->model, now);
	const struct llm_part *part;
	struct walk walk = { 0 };

	while ((part = next(request, &walk)))
		ERR(fits(at, part, takes));
	return NULL;
}

static int64_t known_or(int64_t told, size_t n, size_t per)
{
	return told > 0 ? told : (int64_t)(1 + n / per);
}

int64_t llm_media_tokens(enum config_provider provider, const struct llm_request *request)
{
	const struct llm_media_facts *facts = llm_model_media(provider);
	const struct llm_part *part;
	struct walk at = { 0 };
	int64_t sum = 0;

	while ((part = next(request, &at))) {
		if (part->kind == LLM_PICTURE)
			sum += facts->picture;
		else if (part->kind == LLM_SOUND)
			sum += facts->second * known_or(part->seconds, part->n, SECOND_BYTES);
		else
			sum += facts->page * known_or(part->pages, part->n, PAGE_BYTES);
	}
	return sum;
}

const char *llm_media_type(enum config_provider provider, const struct llm_part *part)
{
	const struct type *type = type_of(part);

	if (!type)
		return part->type; /* refused long before */
	if (text_same(type->name, "audio/mpeg"))
		return provider == PROVIDER_GEMINI ? "audio/mp3" : "mp3";
	if (text_same(type->name, "audio/wav") && provider != PROVIDER_GEMINI)
		return "wav";
	return type->name;
}

static size_t size_of(const struct llm_request *request, size_t text_n)
{
	const struct llm_part *part;
	struct walk at = { 0 };
	size_t n = text_n;

	while ((part = next(request, &at)))
		n += llm_base64_size(part->n);
	return n;
}

void llm_media_body(apr_pool_t *pool, const struct llm_request *request, const struct json *body,
		    struct llm_outgoing *ret)
{
	const char *text = json_write(pool, body), *mark;
	const struct llm_part *part;
	struct walk at = { 0 };
	size_t n = strlen(text);
	char *whole, *to;

	ret->body = text;
	ret->body_n = n;
	if (!llm_media_in(request))
		return;
	whole = to = mem_alloc(pool, size_of(request, n) + 1);
	while ((part = next(request, &at)) && (mark = strchr(text, LLM_MEDIA_MARK[0]))) {
		memcpy(to, text, (size_t)(mark - text));
		to += mark - text;
		llm_base64_write(to, part->data, part->n);
		to += llm_base64_size(part->n);
		text = mark + 1;
	}
	memcpy(to, text, strlen(text));
	ret->body = whole;
	ret->body_n = (size_t)(to - whole) + strlen(text);
}
