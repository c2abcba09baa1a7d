#include "integrations/llm/llm_sse.h"

#include "core/limits.h"
#include "core/text.h"
#include <string.h>

#define BOM "\xef\xbb\xbf"
#define PIECES_MAX 1024 /* blocks or calls of one answer */

static err_t *incomplete(void)
{
	return err_new(ERR_PROVIDER_ERROR, "stream incomplete");
}

/* Reads events as the HTML standard says: lines end in CR, LF or both, a blank line ends an event, what follows the last
 * blank line is no event. */
struct sse {
	apr_pool_t *pool;
	const char *at, *end;
	const char *stray; /* where a line began that belongs to no event, or NULL */
};
struct event {
	const char *name; /* "" when none was given */
	const char *data;
};

static struct sse sse_open(apr_pool_t *pool, const char *body, size_t n)
{
	struct sse sse = { .pool = pool, .at = body, .end = body + n };

	if (n >= 3 && memcmp(body, BOM, 3) == 0)
		sse.at += 3;
	return sse;
}

/* The next line without its end; false when there is no whole one. */
static bool next_line(struct sse *sse, const char **ret_line, size_t *ret_n)
{
	const char *p = sse->at;

	while (p < sse->end && *p != '\r' && *p != '\n')
		p++;
	if (p == sse->end)
		return false;
	*ret_line = sse->at;
	*ret_n = (size_t)(p - sse->at);
	sse->at = p + 1 + (*p == '\r' && p + 1 < sse->end && p[1] == '\n');
	return true;
}

/* The value of "name: value" or "name:value"; NULL when the line is another field. */
static const char *field(const char *line, size_t n, const char *name, size_t *ret_n)
{
	size_t len = strlen(name);
	const char *value = line + len;

	if (n < len || memcmp(line, name, len) != 0 || (n > len && *value != ':'))
		return NULL;
	value += n > len;
	value += value < line + n && *value == ' ';
	*ret_n = (size_t)(line + n - value);
	return value;
}

static bool sse_next(struct sse *sse, struct event *ret_event)
{
	struct buf data = buf_new(sse->pool, LIMIT_JSON_BYTES);
	const char *line, *value, *name = "";
	size_t n, value_n;
	bool any = false;

	while (next_line(sse, &line, &n)) {
		if (n == 0 && any) {
			*ret_event = (struct event){ name, data.p ? data.p : "" };
			return !data.over;
		}
		if (n == 0) {
			name = "";
		} else if ((value = field(line, n, "data", &value_n))) {
			if (any)
				buf_char(&data, '\n');
			buf_put(&data, value, value_n);
			any = true;
		} else if ((value = field(line, n, "event", &value_n))) {
			name = mem_textn(sse->pool, value, value_n);
		} else if ((*line == '{' || *line == '[') && !sse->stray) {
			sse->stray = line;
		}
	}
	if (!sse->stray && sse->at < sse->end && (*sse->at == '{' || *sse->at == '['))
		sse->stray = sse->at;
	return false;
}

bool llm_sse_looks(const char *body, size_t n)
{
	const char *end = body + n;

	if (n >= 3 && memcmp(body, BOM, 3) == 0)
		body += 3;
	while (body < end && strchr(" \t\r\n", *body) && *body)
		body++;
	return body < end && strchr(":deir", *body) && *body;
}

/* --- what the three have in common ------------------------------------------------------------------------------ */

/* The error that a stream ended in, wherever it stands; NULL when there is none. */
static struct json *error_in(struct json *event)
{
	return json_at(event, "error") ? event : NULL;
}

/* Gemini: in mid-stream a bare object may follow the events. */
static struct json *stray_error(struct sse *sse)
{
	struct json *j = NULL;
	err_t *err;

	if (!sse->stray)
		return NULL;
	err = json_read(sse->pool, sse->stray, (size_t)(sse->end - sse->stray), &j);
	if (err) {
		err_clear(err);
		return NULL;
	}
	return error_in(json_is_array(j) ? json_item(j, 0) : j);
}

/* Reads one event's JSON; false at what is none. */
static bool read_event(struct sse *sse, const struct event *event, struct json **ret)
{
	err_t *err = json_read(sse->pool, event->data, strlen(event->data), ret);

	if (!err && json_is_object(*ret))
		return true;
	err_clear(err);
	return false;
}

/* Appends a text that comes in pieces to a member. */
struct pieces {
	struct buf text;
	bool any;
};

static void piece_add(struct pieces *p, const char *text)
{
	if (!text)
		return;
	p->any = true;
	buf_text(&p->text, text);
}

static const char *piece_text(const struct pieces *p)
{
	return p->text.p ? p->text.p : "";
}

static err_t *copy_member(void *ctx, const char *key, struct json *value)
{
	json_set(ctx, key, value);
	return NULL;
}

/* --- Gemini ----------------------------------------------------------------------------------------------------- */

struct gemini_join {
	apr_pool_t *pool;
	struct json *whole, *candidate, *content, *parts;
	struct json *error;
	bool finished, blocked;
};

static void gemini_begin(struct gemini_join *j, apr_pool_t *pool)
{
	*j = (struct gemini_join){ .pool = pool,
				   .whole = json_object(pool),
				   .candidate = json_object(pool),
				   .content = json_object(pool),
				   .parts = json_array(pool) };
}

static void gemini_add(struct gemini_join *j, struct json *piece)
{
	const struct json *candidate = json_at(piece, "candidates.0"),
			  *parts = json_at(candidate, "content.parts");

	if (error_in(piece)) {
		j->error = piece;
		return;
	}
	/* Usage is cumulative, so the last of each member counts; candidates are put together below. */
	err_clear(json_each(piece, copy_member, j->whole));
	for (size_t i = 0; i < json_len(parts); i++)
		json_push(j->parts, json_item(parts, i));
	if (candidate)
		err_clear(json_each(candidate, copy_member, j->candidate));
	j->finished = j->finished || json_text(candidate, "finishReason");
	j->blocked = j->blocked || json_at(piece, "promptFeedback.blockReason");
}

static err_t *gemini_end(struct gemini_join *j, struct json **ret_whole)
{
	struct json *candidates = json_array(j->pool);

	if (j->error) {
		*ret_whole = j->error;
		return NULL;
	}
	if (!j->finished && !j->blocked)
		return incomplete();
	json_set_text(j->content, "role", "model");
	json_set(j->content, "parts", j->parts);
	json_set(j->candidate, "content", j->content);
	if (j->finished)
		json_push(candidates, j->candidate);
	json_set(j->whole, "candidates", candidates);
	*ret_whole = j->whole;
	return NULL;
}

err_t *llm_sse_gemini(apr_pool_t *pool, const char *body, size_t n, struct json **ret_whole)
{
	struct sse sse = sse_open(pool, body, n);
	struct event event;
	struct gemini_join join;
	struct json *piece;

	gemini_begin(&join, pool);
	while (!join.error && sse_next(&sse, &event)) {
		if (!read_event(&sse, &event, &piece))
			return incomplete();
		gemini_add(&join, piece);
	}
	if (!join.error)
		join.error = stray_error(&sse);
	return gemini_end(&join, ret_whole);
}

err_t *llm_sse_gemini_pieces(apr_pool_t *pool, const struct json *list, struct json **ret_whole)
{
	struct gemini_join join;

	gemini_begin(&join, pool);
	for (size_t i = 0; i < json_len(list); i++)
		gemini_add(&join, json_item(list, i));
	return gemini_end(&join, ret_whole);
}

/* --- OpenAI ----------------------------------------------------------------------------------------------------- */

struct openai_call {
	const char *id, *name;
	struct pieces arguments;
};

struct openai_join {
	apr_pool_t *pool;
	struct json *whole;
	struct pieces content, reasoning, refusal;
	struct openai_call *calls; /* PIECES_MAX */
	size_t calls_n;
	const char *finish;
	bool any;
};

static bool openai_add_call(struct openai_join *j, const struct json *delta, size_t place)
{
	int64_t index = (int64_t)place; /* some servers leave it out */
	struct openai_call *call;

	json_int(delta, "index", &index);
	if (index < 0 || index >= PIECES_MAX)
		return false;
	call = &j->calls[index];
	if ((size_t)index >= j->calls_n)
		j->calls_n = (size_t)index + 1;
	if (!call->arguments.text.pool)
		call->arguments.text = buf_new(j->pool, LIMIT_JSON_BYTES);
	if (!call->id)
		call->id = json_text(delta, "id");
	if (!call->name)
		call->name = json_text(delta, "function.name");
	piece_add(&call->arguments, json_text(delta, "function.arguments"));
	return true;
}

static bool openai_add(struct openai_join *j, const struct json *chunk)
{
	const struct json *choice = json_at(chunk, "choices.0"), *delta = json_at(choice, "delta");
	const struct json *calls = json_at(delta, "tool_calls");
	const char *finish = json_text(choice, "finish_reason");

	if (json_text(chunk, "model"))
		json_set_text(j->whole, "model", json_text(chunk, "model"));
	if (json_is_object(json_at(chunk, "usage")))
		json_set(j->whole, "usage", json_at(chunk, "usage"));
	j->any = j->any || choice;
	if (finish)
		j->finish = finish;
	piece_add(&j->content, json_text(delta, "content"));
	piece_add(&j->reasoning, json_text(delta, "reasoning_content"));
	piece_add(&j->refusal, json_text(delta, "refusal"));
	for (size_t i = 0; i < json_len(calls); i++)
		if (!openai_add_call(j, json_item(calls, i), i))
			return false;
	return true;
}

static struct json *openai_message(const struct openai_join *j)
{
	struct json *m = json_object(j->pool), *calls = json_array(j->pool);

	json_set_text(m, "role", "assistant");
	json_set_text(m, "content", j->content.any ? piece_text(&j->content) : NULL);
	if (j->refusal.any)
		json_set_text(m, "refusal", piece_text(&j->refusal));
	if (j->reasoning.any)
		json_set_text(m, "reasoning_content", piece_text(&j->reasoning));
	for (size_t i = 0; i < j->calls_n; i++) {
		struct json *call = json_object(j->pool), *function = json_object(j->pool);

		if (j->calls[i].id)
			json_set_text(call, "id", j->calls[i].id);
		json_set_text(call, "type", "function");
		if (j->calls[i].name)
			json_set_text(function, "name", j->calls[i].name);
		json_set_text(function, "arguments", piece_text(&j->calls[i].arguments));
		json_set(call, "function", function);
		json_push(calls, call);
	}
	if (j->calls_n)
		json_set(m, "tool_calls", calls);
	return m;
}

static struct json *openai_whole(const struct openai_join *j)
{
	struct json *choices = json_array(j->pool), *choice = json_object(j->pool);

	json_set_int(choice, "index", 0);
	json_set(choice, "message", openai_message(j));
	json_set_text(choice, "finish_reason", j->finish);
	json_push(choices, choice);
	json_set(j->whole, "choices", choices);
	return j->whole;
}

static bool openai_over(const struct openai_join *j)
{
	bool over = j->content.text.over || j->reasoning.text.over || j->refusal.text.over;

	for (size_t i = 0; i < j->calls_n; i++)
		over = over || j->calls[i].arguments.text.over;
	return over;
}

err_t *llm_sse_openai(apr_pool_t *pool, const char *body, size_t n, struct json **ret_whole)
{
	struct sse sse = sse_open(pool, body, n);
	struct openai_join j = { .pool = pool, .whole = json_object(pool) };
	struct event event;
	struct json *chunk;

	j.content.text = j.reasoning.text = j.refusal.text = buf_new(pool, LIMIT_JSON_BYTES);
	j.calls = mem_alloc(pool, PIECES_MAX * sizeof *j.calls);
	while (sse_next(&sse, &event)) {
		if (strcmp(event.data, "[DONE]") == 0) {
			if (!j.any || openai_over(&j))
				return incomplete();
			*ret_whole = openai_whole(&j);
			return NULL;
		}
		if (!read_event(&sse, &event, &chunk))
			return incomplete();
		if (error_in(chunk)) {
			*ret_whole = chunk;
			return NULL;
		}
		if (!openai_add(&j, chunk))
			return incomplete();
	}
	return incomplete();
}

/* --- Anthropic -------------------------------------------------------------------------------------------------- */

struct anthropic_block {
	struct json *start;
	struct pieces text, input, thinking, signature;
	bool open;
};

struct anthropic_join {
	apr_pool_t *pool;
	struct json *message, *usage;
	struct anthropic_block *blocks; /* PIECES_MAX */
	size_t blocks_n;
};

static struct anthropic_block *block_at(struct anthropic_join *j, const struct json *event)
{
	int64_t index = -1;

	if (!json_int(event, "index", &index) || index < 0 || index >= PIECES_MAX)
		return NULL;
	if ((size_t)index >= j->blocks_n)
		j->blocks_n = (size_t)index + 1;
	return &j->blocks[index];
}

static void block_begin(struct anthropic_join *j, struct anthropic_block *b, struct json *start)
{
	b->start = start;
	b->open = true;
	b->text.text = b->input.text = b->thinking.text = b->signature.text =
		buf_new(j->pool, LIMIT_JSON_BYTES);
	piece_add(&b->text, json_text(start, "text"));
	piece_add(&b->thinking, json_text(start, "thinking"));
}

static bool block_delta(struct anthropic_block *b, const struct json *delta)
{
	if (!b->open)
		return false;
	piece_add(&b->text, json_text(delta, "text"));
	piece_add(&b->input, json_text(delta, "partial_json"));
	piece_add(&b->thinking, json_text(delta, "thinking"));
	piece_add(&b->signature, json_text(delta, "signature"));
	return true;
}

/* The block as it would have come whole. Input that is no JSON stays a text, which no object is. */
static bool block_end(struct anthropic_join *j, struct anthropic_block *b)
{
	struct json *input = NULL;

	if (!b->open || b->text.text.over || b->input.text.over || b->thinking.text.over ||
	    b->signature.text.over)
		return false;
	b->open = false;
	if (b->text.any)
		json_set_text(b->start, "text", piece_text(&b->text));
	if (b->thinking.any)
		json_set_text(b->start, "thinking", piece_text(&b->thinking));
	if (b->signature.any)
		json_set_text(b->start, "signature", piece_text(&b->signature));
	if (b->input.text.n) {
		err_t *err = json_read(j->pool, b->input.text.p, b->input.text.n, &input);

		if (err)
			json_set_text(b->start, "input", b->input.text.p);
		else
			json_set(b->start, "input", input);
		err_clear(err);
	}
	return true;
}

/* One event; false when it does not belong there. */
static bool anthropic_add(struct anthropic_join *j, const struct json *event, const char *type)
{
	struct anthropic_block *b;

	if (text_same(type, "message_start")) {
		j->message = json_at(event, "message");
		err_clear(json_each(json_at(j->message, "usage"), copy_member, j->usage));
		return json_is_object(j->message);
	}
	if (text_same(type, "message_delta")) {
		err_clear(json_each(json_at(event, "usage"), copy_member, j->usage));
		err_clear(
			json_each(json_at(event, "delta"), copy_member, j->message ? j->message : j->usage));
		return j->message;
	}
	if (!text_starts(type, "content_block_"))
		return true; /* ping, and what is not known yet */
	b = block_at(j, event);
	if (!b || !j->message)
		return false;
	if (text_same(type, "content_block_start"))
		block_begin(j, b, json_at(event, "content_block"));
	if (text_same(type, "content_block_delta"))
		return block_delta(b, json_at(event, "delta"));
	if (text_same(type, "content_block_stop"))
		return block_end(j, b);
	return json_is_object(b->start);
}

static err_t *anthropic_end(struct anthropic_join *j, struct json **ret_whole)
{
	struct json *content = json_array(j->pool);

	if (!j->message || !json_text(j->message, "stop_reason"))
		return incomplete();
	for (size_t i = 0; i < j->blocks_n; i++) {
		if (!j->blocks[i].start || j->blocks[i].open)
			return incomplete();
		json_push(content, j->blocks[i].start);
	}
	json_set(j->message, "content", content);
	json_set(j->message, "usage", j->usage);
	*ret_whole = j->message;
	return NULL;
}

err_t *llm_sse_anthropic(apr_pool_t *pool, const char *body, size_t n, struct json **ret_whole)
{
	struct sse sse = sse_open(pool, body, n);
	struct anthropic_join j = { .pool = pool, .usage = json_object(pool) };
	struct event event;
	struct json *data;

	j.blocks = mem_alloc(pool, PIECES_MAX * sizeof *j.blocks);
	while (sse_next(&sse, &event)) {
		const char *type;

		if (!read_event(&sse, &event, &data))
			return incomplete();
		type = json_text(data, "type");
		if (!type)
			type = "";
		if (error_in(data)) {
			*ret_whole = data;
			return NULL;
		}
		if (text_same(type, "message_stop"))
			return anthropic_end(&j, ret_whole);
		if (!anthropic_add(&j, data, type))
			return incomplete();
	}
	return incomplete();
}
