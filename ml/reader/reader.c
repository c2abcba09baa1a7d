#include "ml/reader/reader.h"

#include "core/clock.h"
#include "core/config.h"
#include "core/crypt.h"
#include "core/log.h"
#include "core/text.h"
#include "integrations/llm/llm.h"
#include "ml/date/date_civil.h"
#include "ml/guard/guard.h"
#include "ml/prompt/prompt.h"
#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { DEADLINE_MS = 40000, ANSWER_TOKENS = 1200, TAKEN = 50 };

static const struct json_field fields[] = {
	{ "summary", JSON_TEXT, JSON_REQUIRED, offsetof(struct reading, summary), 0, 4000 },
	{ "dates", JSON_TEXTS, JSON_REQUIRED, offsetof(struct reading, dates), 0, TAKEN },
	{ "amounts", JSON_TEXTS, JSON_REQUIRED, offsetof(struct reading, amounts), 0, TAKEN },
	{ "asks", JSON_TEXTS, JSON_REQUIRED, offsetof(struct reading, asks), 0, TAKEN },
	{ "claims", JSON_TEXTS, JSON_REQUIRED, offsetof(struct reading, claims), 0, TAKEN },
	{ "language", JSON_TEXT, JSON_REQUIRED, offsetof(struct reading, language), 0, 40 },
	{ 0 },
};

/* --- an answer --- */

/* Without the fence that models like to put around JSON. */
static const char *unfenced(apr_pool_t *pool, const char *answer)
{
	const char *s = text_trim(pool, answer);
	size_t n = strlen(s);

	if (n < 7 || !text_starts(s, "```") || strcmp(s + n - 3, "```") != 0)
		return s;
	s = mem_textn(pool, s + 3, n - 6);
	return text_starts(s, "json") ? s + 4 : s;
}

static const char *line_of(apr_pool_t *pool, const char *text, size_t max)
{
	char *line = mem_text(pool, reader_defang(pool, text));

	for (char *c = line; *c; c++)
		if (*c == '\n' || *c == '\t')
			*c = ' ';
	return text_cut(pool, text_trim(pool, line), max);
}

static int digits(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isdigit((unsigned char)s[i]))
			return -1;
	return (int)strtol(s, NULL, 10);
}

/* "2026-11-30", "2026-11-30T14:00", and what may follow that; NULL: none. */
static const char *date_of(apr_pool_t *pool, const char *s)
{
	size_t n = strlen(s);

	if (n < 10 || digits(s, 4) < 0 || s[4] != '-' || digits(s + 5, 2) < 0 || s[7] != '-' ||
	    digits(s + 8, 2) < 0 || !civil_valid(digits(s, 4), digits(s + 5, 2), digits(s + 8, 2)))
		return NULL;
	if (n == 10)
		return s;
	if (n < 16 || (s[10] != 'T' && s[10] != ' ') || digits(s + 11, 2) < 0 || s[13] != ':' ||
	    digits(s + 14, 2) < 0 || digits(s + 11, 2) > 23 || digits(s + 14, 2) > 59 ||
	    strspn(s + 16, ":0123456789.Z+-") != n - 16)
		return NULL;
	return mem_fmt(pool, "%.10sT%.5s", s, s + 11);
}

/* "BRL 1234.56"; NULL: none. */
static const char *amount_of(apr_pool_t *pool, const char *s)
{
	size_t n = strlen(s);

	(void)pool;
	for (size_t i = 0; i < 3; i++)
		if (i >= n || s[i] < 'A' || s[i] > 'Z')
			return NULL;
	if (n < 5 || n > 24 || s[3] != ' ' || !isdigit((unsigned char)s[4]) ||
	    strspn(s + 4, "0123456789.") != n - 4 || strchr(s, '.') != strrchr(s, '.'))
		return NULL;
	return s;
}

static struct json_texts facts(apr_pool_t *pool, struct json_texts from,
			       const char *(*check)(apr_pool_t *pool, const char *s))
{
	struct json_texts to = { 0, mem_alloc(pool, sizeof *to.v * READER_FACTS) };

	for (size_t i = 0; i < from.n && to.n < READER_FACTS; i++) {
		const char *fact = check(pool, from.v[i]);

		if (fact)
			to.v[to.n++] = fact;
	}
	return to;
}

static struct json_texts lines(apr_pool_t *pool, struct json_texts from)
{
	struct json_texts to = { 0, mem_alloc(pool, sizeof *to.v * READER_LINES) };

	for (size_t i = 0; i < from.n && to.n < READER_LINES; i++) {
		const char *line = line_of(pool, from.v[i], READER_LINE);

		if (*line)
			to.v[to.n++] = line;
	}
	return to;
}

err_t *reader_decode(apr_pool_t *pool, const char *answer, struct reading *ret)
{
	const char *text = unfenced(pool, answer);
	struct reading r = { 0 };
	struct json *j;
	uint64_t seen;
	size_t n;

	ERR(json_read(pool, text, strlen(text), &j));
	ERR(json_decode(pool, j, fields, &r, &seen));
	r.summary = line_of(pool, r.summary, READER_SUMMARY);
	if (!*r.summary)
		return err_new(ERR_INVALID, "\"summary\": empty");
	r.dates = facts(pool, r.dates, date_of);
	r.amounts = facts(pool, r.amounts, amount_of);
	r.asks = lines(pool, r.asks);
	r.claims = lines(pool, r.claims);
	n = strspn(r.language, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-");
	if (r.language[n] || n > 10)
		r.language = "";
	*ret = r;
	return NULL;
}

/* --- reading --- */

static const char *const kinds[] = {
	[READER_MAIL] = "a mail", [READER_FILE] = "a file", [READER_EVENT] = "an event in a calendar"
};

/* What it read, with what the guard had hidden; what looks personal and was not in the text is masked. */
static NODISCARD err_t *known(struct guard *guard, apr_pool_t *pool, struct json_texts *list)
{
	for (size_t i = 0; i < list->n; i++)
		ERR(guard_answer(guard, pool, list->v[i], &list->v[i]));
	return NULL;
}

static NODISCARD err_t *restored(struct guard *guard, apr_pool_t *pool, struct reading *r)
{
	ERR(guard_answer(guard, pool, r->summary, &r->summary));
	ERR(known(guard, pool, &r->asks));
	return known(guard, pool, &r->claims);
}

static NODISCARD err_t *ask(struct req *req, enum reader_what what, const char *text, struct reading *ret)
{
	apr_pool_t *pool = req->pool;
	const char *mark = mem_fmt(pool, "=====%s=====", crypt_random_hex(pool, 8)), *masked, *system;
	struct guard *guard = guard_new(pool, mem_fmt(pool, "reader:%s", req->trace),
					(enum config_privacy)req->config->privacy_guard);
	const struct prompt_var vars[] = { { "language",
					     req->lang == LANG_PT ? "Brazilian Portuguese" : "English" },
					   { "what", kinds[what] },
					   { "mark", mark },
					   { 0 } };
	struct llm_message message = { .role = LLM_PERSON };
	struct llm_request request = { .messages = &message,
				       .messages_n = 1,
				       .max_tokens = ANSWER_TOKENS,
				       .only = PROVIDER_COUNT,
				       .deadline_ms = clock_mono_ms() + DEADLINE_MS };
	struct llm_reply *reply;

	ERR(guard_mask(guard, text_utf8_clean(pool, text, strnlen(text, READER_TEXT)), &masked));
	ERR(prompt_fill(pool, "reader", vars, &system));
	request.system = system;
	message.text = mem_fmt(pool, "%s\n%s\n%s", mark, text_visible(pool, masked), mark);
	ERR(llm_chat(req, &request, &reply));
	if (reply->calls_n)
		return err_new(ERR_INVALID, "a call of a tool where there is none");
	ERR(reader_decode(pool, reply->text, ret));
	return restored(guard, pool, ret);
}

err_t *reader_read(struct req *req, enum reader_what what, const char *text, const struct reading **ret)
{
	struct reading r;
	err_t *err;

	*ret = NULL;
	if (!req->config || !llm_configured(req->config) || !*text)
		return NULL;
	err = ask(req, what, text, &r);
	if (!err) {
		*ret = mem_dup(req->pool, &r, sizeof r);
		return NULL;
	}
	if (err->code == ERR_CANCELLED)
		return err;
	/* A detail may name what was wrong in an answer: the code is enough. */
	log_event(LOG_WARN, "reading_failed", KV_S("error", err_name(err->code)));
	err_clear(err);
	return NULL;
}

/* --- shown --- */

static void put_list(struct req *req, struct buf *out, const char *key, struct json_texts list)
{
	if (!list.n)
		return;
	buf_fmt(out, "\n\n%s", tr(req->pool, req->lang, key));
	for (size_t i = 0; i < list.n; i++)
		buf_fmt(out, "\n• %s", text_html(req->pool, list.v[i]));
}

static void put_row(struct req *req, struct buf *out, const char *key, struct json_texts list)
{
	if (!list.n)
		return;
	buf_fmt(out, "\n\n%s ", tr(req->pool, req->lang, key));
	for (size_t i = 0; i < list.n; i++)
		buf_fmt(out, "%s%s", i ? " · " : "", text_html(req->pool, list.v[i]));
}

/* "30/11/2026 14:00": a day as people of the language write it. */
static struct json_texts spoken_dates(struct req *req, struct json_texts dates)
{
	struct json_texts to = { 0, mem_alloc(req->pool, sizeof *to.v * READER_FACTS) };

	for (size_t i = 0; i < dates.n; i++) {
		const char *d = dates.v[i];

		to.v[to.n++] = req->lang == LANG_PT ? mem_fmt(req->pool, "%.2s/%.2s/%.4s%s%s", d + 8, d + 5,
							      d, d[10] ? " " : "", d[10] ? d + 11 : "")
						    : mem_fmt(req->pool, "%.10s%s%s", d, d[10] ? " " : "",
							      d[10] ? d + 11 : "");
	}
	return to;
}

const char *reader_html(struct req *req, const struct reading *r)
{
	struct buf out = buf_new(req->pool, 64 * 1024);

	buf_text(&out, text_html(req->pool, r->summary));
	put_list(req, &out, "reader.asks", r->asks);
	put_list(req, &out, "reader.claims", r->claims);
	put_row(req, &out, "reader.dates", spoken_dates(req, r->dates));
	put_row(req, &out, "reader.amounts", r->amounts);
	return out.p;
}

const char *reader_trimmed(struct req *req, const char *text)
{
	struct buf out = buf_new(req->pool, strlen(text) + 1);

	for (text = text_visible(req->pool, text); *text; text++)
		if (*text != '\n' || out.n < 2 || out.p[out.n - 1] != '\n' || out.p[out.n - 2] != '\n')
			buf_char(&out, *text);
	text = text_cut(req->pool, text_trim(req->pool, out.p ? out.p : ""), READER_TRIMMED);
	return text_html(req->pool, reader_defang(req->pool, text));
}
