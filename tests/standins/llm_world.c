#include "tests/standins/llm_world.h"

#include "core/crypt.h"
#include "core/text.h"
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#define FIXED_TEXT "Certo."
#define FOREVER INT64_MAX

struct step {
	const char *when;  /* part of the person's text, or NULL */
	bool by_round;     /* for the round-th answer of whoever asks, as often as it takes */
	int64_t round, of; /* its place in a script by rounds, and how long that is */
	struct json *spec;
	int64_t left;
	struct step *next;
};

struct record {
	int64_t number;
	char *path, *headers, *body, *answer;
};

struct world world;

static apr_pool_t *script_pool;
static struct step *steps, **steps_end = &steps;
static struct record *records;
static int64_t records_max, records_n;

static char *keep(const char *s, size_t n)
{
	char *copy = malloc(n + 1);

	if (!copy)
		abort();
	memcpy(copy, s, n);
	copy[n] = '\0';
	return copy;
}

static void forget_records(void)
{
	for (int64_t i = 0; i < records_max; i++) {
		free(records[i].path);
		free(records[i].headers);
		free(records[i].body);
		free(records[i].answer);
		records[i] = (struct record){ 0 };
	}
	records_n = 0;
}

static void forget_steps(const char *when)
{
	struct step **at = &steps;

	while (*at)
		if (text_same((*at)->when, when))
			*at = (*at)->next;
		else
			at = &(*at)->next;
	steps_end = at;
}

static void add_script(const struct json *script)
{
	const char *when = mem_text(script_pool, json_text(script, "when"));
	const struct json *list = json_at(script, "steps");

	forget_steps(when);
	for (size_t i = 0; i < json_len(list); i++) {
		struct step *s = MEM_NEW(script_pool, struct step);
		const char *text = json_write(script_pool, json_item(list, i));
		const char *own;

		err_clear(json_read(script_pool, text, strlen(text), &s->spec));
		own = json_text(s->spec, "when");
		s->when = own ? own : when;
		s->by_round = json_true(script, "by_round");
		s->round = (int64_t)i;
		s->of = (int64_t)json_len(list);
		s->left = 1;
		json_int(s->spec, "times", &s->left);
		if (s->left <= 0 || s->by_round)
			s->left = FOREVER;
		*steps_end = s;
		steps_end = &s->next;
	}
}

static void set_script(const struct json *body)
{
	const struct json *scripts = json_at(body, "scripts");

	for (size_t i = 0; i < json_len(scripts); i++)
		add_script(json_item(scripts, i));
	if (json_at(body, "steps"))
		add_script(body);
}

/* Steps for this text come before those for any. */
static struct step *find_step(const struct ask *ask, bool general)
{
	for (struct step *s = steps; s; s = s->next) {
		if (s->left <= 0 || !s->when != general)
			continue;
		if (s->when && !strstr(ask->said, s->when))
			continue;
		if (!s->by_round || ask->round % s->of == s->round)
			return s;
	}
	return NULL;
}

/* The first match of the expression in the request, or the expression itself between <>. */
static const char *match(struct ask *ask, const char *expression)
{
	regex_t re;
	regmatch_t m;
	const char *found = NULL;

	if (regcomp(&re, expression, REG_EXTENDED))
		return mem_fmt(ask->pool, "<bad regex %s>", expression);
	if (regexec(&re, ask->raw, 1, &m, 0) == 0)
		found = mem_textn(ask->pool, ask->raw + m.rm_so, (size_t)(m.rm_eo - m.rm_so));
	regfree(&re);
	return found ? found : mem_fmt(ask->pool, "<no match of %s>", expression);
}

/* {{match:REGEX}}; an expression may itself end in '}'. */
static const char *filled(struct ask *ask, const char *s)
{
	struct buf b = buf_new(ask->pool, 1 << 20);
	const char *open;

	while ((open = strstr(s, "{{match:"))) {
		const char *expression = open + strlen("{{match:"), *end = strstr(expression, "}}");

		while (end && end[2] == '}')
			end++;
		if (!end)
			break;
		buf_put(&b, s, (size_t)(open - s));
		buf_text(&b, match(ask, mem_textn(ask->pool, expression, (size_t)(end - expression))));
		s = end + 2;
	}
	buf_text(&b, s);
	return b.p ? b.p : "";
}

static struct json *filled_json(struct ask *ask, struct json *j);

struct filling {
	struct ask *ask;
	struct json *to;
};

static err_t *fill_member(void *ctx, const char *key, struct json *value)
{
	struct filling *f = ctx;

	if (json_text(value, NULL))
		json_set_text(f->to, key, filled(f->ask, json_text(value, NULL)));
	else
		json_set(f->to, key, filled_json(f->ask, value));
	return NULL;
}

static struct json *filled_json(struct ask *ask, struct json *j)
{
	struct filling f = { .ask = ask };

	if (json_is_object(j)) {
		f.to = json_object(ask->pool);
		err_clear(json_each(j, fill_member, &f));
		return f.to;
	}
	if (!json_is_array(j))
		return j;
	f.to = json_array(ask->pool);
	for (size_t i = 0; i < json_len(j); i++)
		if (json_text(json_item(j, i), NULL))
			json_push_text(f.to, filled(ask, json_text(json_item(j, i), NULL)));
		else
			json_push(f.to, filled_json(ask, json_item(j, i)));
	return f.to;
}

static void list_requests(apr_pool_t *pool, const char *query, struct answer *ret)
{
	struct json *list = json_array(pool);
	int64_t since = 0, first = records_n > records_max ? records_n - records_max : 0;

	if (query && text_starts(query, "since="))
		text_int(query + strlen("since="), &since);
	for (int64_t i = since > first ? since : first; i < records_n && records_max; i++) {
		const struct record *r = &records[i % records_max];
		struct json *o = json_object(pool), *headers = NULL;

		json_set_int(o, "number", r->number);
		json_set_text(o, "path", r->path);
		err_clear(json_read(pool, r->headers, strlen(r->headers), &headers));
		json_set(o, "headers", headers);
		json_set_text(o, "body", r->body);
		json_set_text(o, "answer", r->answer);
		json_push(list, o);
	}
	ret->body = json_write(pool, list);
}

static void reset(void)
{
	steps = NULL;
	steps_end = &steps;
	pool_clear(script_pool);
	world.key = NULL;
	forget_records();
}

void world_init(int64_t keep_n)
{
	script_pool = pool_root();
	records_max = keep_n;
	records = calloc((size_t)keep_n + 1, sizeof *records);
	if (!records)
		abort();
}

void world_record(const struct ask *ask)
{
	const char *headers, *body;
	struct record *r;

	if (!records_max)
		return;
	headers = json_write(ask->pool, ask->headers);
	body = text_utf8_clean(ask->pool, ask->raw, ask->raw_n);
	r = &records[records_n % records_max];
	free(r->path);
	free(r->headers);
	free(r->body);
	free(r->answer);
	*r = (struct record){ .number = records_n++,
			      .path = keep(ask->path, strlen(ask->path)),
			      .headers = keep(headers, strlen(headers)),
			      .body = keep(body, strlen(body)),
			      .answer = keep("", 0) };
}

void world_answered(const char *body)
{
	struct record *r;

	if (!records_max || !records_n)
		return;
	r = &records[(records_n - 1) % records_max];
	free(r->answer);
	r->answer = keep(body, strlen(body));
}

void world_play(struct ask *ask, struct play *ret)
{
	struct step *s = find_step(ask, false);
	const char *text;

	*ret = (struct play){
		.text = FIXED_TEXT, .model = ask->model, .in = (int64_t)ask->raw_n / 4, .out = 20
	};
	if (!s)
		s = find_step(ask, true);
	if (!s)
		return;
	if (s->left != FOREVER)
		s->left--;
	text = json_text(s->spec, "text");
	ret->calls = json_at(s->spec, "calls");
	if (ret->calls)
		ret->calls = filled_json(ask, ret->calls);
	ret->text = text ? filled(ask, text) : ret->calls ? "" : FIXED_TEXT;
	ret->fault = json_text(s->spec, "fault");
	ret->retry_delay = json_text(s->spec, "retry_delay");
	if (json_text(s->spec, "model"))
		ret->model = json_text(s->spec, "model");
	json_int(s->spec, "delay_ms", &ret->delay_ms);
	json_int(s->spec, "retry_after_s", &ret->retry_after_s);
	json_int(s->spec, "usage.in", &ret->in);
	json_int(s->spec, "usage.cached", &ret->cached);
	json_int(s->spec, "usage.out", &ret->out);
	json_int(s->spec, "usage.thoughts", &ret->thoughts);
	ret->stream = json_true(s->spec, "stream");
}

void world_control(apr_pool_t *pool, const char *path, const struct json *body, struct answer *ret)
{
	*ret = (struct answer){ .status = 200, .type = "application/json", .body = "{\"ok\":true}" };
	if (text_same(path, "script"))
		set_script(body);
	else if (text_same(path, "key"))
		world.key = mem_text(script_pool, json_text(body, "key"));
	else if (text_same(path, "reset"))
		reset();
	else if (text_same(path, "requests"))
		list_requests(pool, NULL, ret);
	else if (text_starts(path, "requests?"))
		list_requests(pool, path + strlen("requests?"), ret);
	else
		*ret = (struct answer){ .status = 404, .type = "application/json", .body = "{\"ok\":false}" };
}

const char *world_seal(apr_pool_t *pool, const char *what)
{
	const char *text = mem_fmt(pool, "sealed by the stand-in: %s", what);

	return crypt_hash_hex(pool, text, strlen(text));
}
