#include "tests/standins/llm_formats.h"

#include "core/crypt.h"
#include "core/text.h"
#include <stdlib.h>
#include <string.h>

#define LONG 1024      /* characters from which base64 is lifted */
#define LIFTED_MAX 256 /* in one request */
#define BAD "invalid_request_error"
#define ANTHROPIC_PICTURE 5242880
#define ANTHROPIC_BODY ((size_t)32 * 1000 * 1000)
#define OPENAI_BODY ((size_t)50 * 1000 * 1000)
#define GEMINI_BODY ((size_t)100 * 1000 * 1000)

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Strict: padded, nothing else in between, no bits left over. */
static bool decode(apr_pool_t *pool, const char *s, size_t n, struct lifted *ret)
{
	unsigned char *out = mem_alloc(pool, n / 4 * 3 + 1);
	size_t pad = 0, at = 0;

	if (!n || n % 4)
		return false;
	while (pad < 2 && s[n - 1 - pad] == '=')
		pad++;
	for (size_t i = 0; i < n; i += 4) {
		unsigned long bits = 0;

		for (size_t k = 0; k < 4; k++) {
			const char *letter = i + k < n - pad && s[i + k] ? strchr(letters, s[i + k]) : NULL;

			if (!letter && i + k < n - pad)
				return false;
			bits = bits << 6 | (letter ? (unsigned long)(letter - letters) : 0);
		}
		out[at++] = (unsigned char)(bits >> 16);
		out[at++] = (unsigned char)(bits >> 8 & 255);
		out[at++] = (unsigned char)(bits & 255);
	}
	for (size_t i = at - pad; i < at; i++)
		if (out[i])
			return false;
	*ret = (struct lifted){ out, at - pad };
	return true;
}

/* Where base64 begins in a string of a body: after the head of a data URL. */
static size_t head_of(const char *s, size_t n)
{
	static const char mark[] = ";base64,";

	for (size_t i = 0; text_starts(s, "data:") && i + sizeof mark < n && i < 64; i++)
		if (memcmp(s + i, mark, sizeof mark - 1) == 0)
			return i + sizeof mark - 1;
	return 0;
}

static bool lift(struct ask *ask, struct buf *to, const char *s, size_t n)
{
	size_t head = head_of(s, n);
	struct lifted *l = &ask->lifted[ask->lifted_n];

	if (n < LONG || ask->lifted_n == LIFTED_MAX || !decode(ask->pool, s + head, n - head, l))
		return false;
	buf_put(to, s, head);
	buf_fmt(to, "@%zu %zu %s", ask->lifted_n++, l->n, crypt_hash_hex(ask->pool, l->p, l->n));
	return true;
}

void media_lift(struct ask *ask)
{
	const char *s = ask->raw, *end = s + ask->raw_n;
	struct buf to = buf_new(ask->pool, ask->raw_n + 1);

	if (ask->raw_n < LONG)
		return;
	ask->lifted = mem_alloc(ask->pool, LIFTED_MAX * sizeof *ask->lifted);
	while (s < end) {
		const char *quote = memchr(s, '"', (size_t)(end - s)), *close;

		if (!quote)
			break;
		for (close = quote + 1; close < end && *close != '"'; close++)
			close += *close == '\\';
		if (close >= end)
			break;
		buf_put(&to, s, (size_t)(quote + 1 - s));
		if (!lift(ask, &to, quote + 1, (size_t)(close - quote - 1)))
			buf_put(&to, quote + 1, (size_t)(close - quote - 1));
		buf_char(&to, '"');
		s = close + 1;
	}
	buf_put(&to, s, (size_t)(end - s));
	ask->raw = to.p;
	ask->raw_n = to.n;
}

static bool bytes_of(struct ask *ask, const char *text, struct lifted *ret)
{
	unsigned long place;
	char *end;

	if (!text || *text != '@')
		return text && decode(ask->pool, text, strlen(text), ret);
	place = strtoul(text + 1, &end, 10);
	if (end == text + 1 || place >= ask->lifted_n)
		return false;
	*ret = ask->lifted[place];
	return true;
}

/* What the first bytes say. */
static const char *sniff(const struct lifted *l)
{
	static const struct {
		const char *magic, *type;
		size_t at;
	} heads[] = {
		{ "\xFF\xD8\xFF", "image/jpeg", 0 }, { "\x89PNG", "image/png", 0 },
		{ "GIF8", "image/gif", 0 },          { "WEBP", "image/webp", 8 },
		{ "ftyp", "image/heic", 4 },         { "OggS", "audio/ogg", 0 },
		{ "WAVE", "audio/wav", 8 },          { "ID3", "audio/mp3", 0 },
		{ "fLaC", "audio/flac", 0 },         { "%PDF-", "application/pdf", 0 },
	};

	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		size_t n = strlen(heads[i].magic);

		if (l->n >= heads[i].at + n && memcmp(l->p + heads[i].at, heads[i].magic, n) == 0)
			return heads[i].type;
	}
	return "application/octet-stream";
}

static bool listed(struct ask *ask, const char *list, const char *word)
{
	return word && strstr(mem_fmt(ask->pool, " %s ", list), mem_fmt(ask->pool, " %s ", word));
}

static size_t body_size(const struct ask *ask)
{
	size_t n = ask->raw_n;

	for (size_t i = 0; i < ask->lifted_n; i++)
		n += ask->lifted[i].n / 3 * 4;
	return n;
}

bool gemini_media(struct ask *ask, const struct json *inline_data)
{
	const char *type = json_text(inline_data, "mimeType");
	struct lifted l;

	if (!only_fields(ask, inline_data, "mimeType data", "inline_data"))
		return false;
	if (body_size(ask) > GEMINI_BODY)
		return refuse(ask, 400, "INVALID_ARGUMENT",
			      "Request payload size exceeds the limit: 104857600 bytes.");
	if (!bytes_of(ask, json_text(inline_data, "data"), &l))
		return refuse(ask, 400, "INVALID_ARGUMENT",
			      "Invalid value at 'contents.parts.inline_data.data' (TYPE_BYTES), Base64 "
			      "decoding failed");
	if (!listed(ask,
		    "image/png image/jpeg image/webp image/heic image/heif audio/wav audio/mp3 audio/aiff "
		    "audio/aac audio/ogg audio/flac application/pdf",
		    type))
		return refuse(ask, 400, "INVALID_ARGUMENT", "Unsupported MIME type: %s", type ? type : "");
	if (text_same(type, "application/pdf") && !text_same(sniff(&l), type))
		return refuse(ask, 400, "INVALID_ARGUMENT", "The document has no pages.");
	if (text_starts(type, "image/") && !text_same(sniff(&l), type))
		return refuse(ask, 400, "INVALID_ARGUMENT", "Unable to process input image.");
	return true;
}

static bool openai_data(struct ask *ask, const char *url, const char *types, const char *what)
{
	const char *comma = url ? strchr(url, ',') : NULL;
	const char *type = url ? mem_textn(ask->pool, url, strcspn(url, ";")) : NULL;
	struct lifted l;

	if (!comma || !text_starts(url, "data:") || !strstr(url, ";base64,"))
		return refuse(ask, 400, BAD, "Invalid '%s': expected a base64-encoded data URL.", what);
	if (!bytes_of(ask, comma + 1, &l))
		return refuse(ask, 400, BAD, "Invalid '%s': invalid base64.", what);
	if (!listed(ask, types, type + strlen("data:")) || !text_same(sniff(&l), type + strlen("data:")))
		return refuse(ask, 400, "invalid_image_format", "You uploaded an unsupported %s.", what);
	return true;
}

bool openai_media(struct ask *ask, const struct json *part)
{
	const char *type = json_text(part, "type"), *format = json_text(part, "input_audio.format");
	bool openai = text_starts(ask->model, "gpt");
	struct lifted l;

	if (body_size(ask) > OPENAI_BODY)
		return refuse(ask, 413, BAD, "Request too large.");
	if (text_same(type, "image_url"))
		return only_fields(ask, part, "type image_url", "content") &&
		       only_fields(ask, json_at(part, "image_url"), "url detail", "image_url") &&
		       openai_data(ask, json_text(part, "image_url.url"),
				   openai ? "image/png image/jpeg image/webp image/gif"
					  : "image/png image/jpeg image/webp",
				   "image");
	if (text_same(type, "file") && openai)
		return only_fields(ask, json_at(part, "file"), "filename file_data", "file") &&
		       (json_text(part, "file.filename") ? true
							 : refuse(ask, 400, BAD, "Missing filename")) &&
		       openai_data(ask, json_text(part, "file.file_data"), "application/pdf", "file");
	if (!text_same(type, "input_audio") || !text_starts(ask->model, "gpt-audio"))
		return refuse(ask, 400, BAD, "Invalid content type: %s is not supported by this model.",
			      type ? type : "");
	if (!listed(ask, "wav mp3", format) || !bytes_of(ask, json_text(part, "input_audio.data"), &l) ||
	    !text_same(sniff(&l), mem_fmt(ask->pool, "audio/%s", format)))
		return refuse(ask, 400, "invalid_value", "The audio data is not valid.");
	return true;
}

bool anthropic_media(struct ask *ask, const struct json *block)
{
	bool picture = text_same(json_text(block, "type"), "image");
	const struct json *source = json_at(block, "source");
	const char *type = json_text(source, "media_type");
	struct lifted l;

	if (!only_fields(ask, block, "type source cache_control", "content") ||
	    !only_fields(ask, source, "type media_type data", "source"))
		return false;
	if (body_size(ask) > ANTHROPIC_BODY)
		return refuse(ask, 413, "request_too_large", "Request exceeds the maximum size");
	if (!text_same(json_text(source, "type"), "base64") ||
	    !listed(ask, picture ? "image/jpeg image/png image/gif image/webp" : "application/pdf", type))
		return refuse(ask, 400, BAD,
			      "source.media_type: Input should be 'image/jpeg', 'image/png', "
			      "'image/gif' or 'image/webp'");
	if (!bytes_of(ask, json_text(source, "data"), &l))
		return refuse(ask, 400, BAD, "source.data: invalid base64 data");
	if (picture && (l.n + 2) / 3 * 4 > ANTHROPIC_PICTURE)
		return refuse(ask, 400, BAD, "image exceeds 5 MB maximum: %zu bytes > 5242880 bytes",
			      (l.n + 2) / 3 * 4);
	if (!text_same(sniff(&l), type))
		return refuse(ask, 400, BAD,
			      "The image was specified using the %s media type, but the image appears to be "
			      "a %s image",
			      type, sniff(&l));
	return true;
}
