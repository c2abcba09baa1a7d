#include "tools/outcome.h"

#include "core/text.h"
#include <string.h>

void outcome_button(struct req *req, struct outcome *outcome, int row, const char *label, const char *data)
{
	struct button *more = mem_alloc(req->pool, sizeof *more * (outcome->buttons_n + 1));

	if (outcome->buttons_n)
		memcpy(more, outcome->buttons, sizeof *more * outcome->buttons_n);
	more[outcome->buttons_n++] =
		(struct button){ mem_text(req->pool, label), mem_text(req->pool, data), row };
	outcome->buttons = more;
}

void outcome_data(struct req *req, struct outcome *outcome, const struct json_field *result, const void *src)
{
	outcome->data = json_encode(req->pool, result, src);
}

void outcome_refuse(struct req *req, struct outcome *outcome, const char *why, const char *html)
{
	outcome->kind = OUTCOME_SAY;
	outcome->html = html;
	outcome->data = json_object(req->pool);
	json_set_text(outcome->data, "refused", why);
}

void outcome_reverse(struct outcome *outcome, const char *tool, struct json *args)
{
	outcome->reverse_tool = tool;
	outcome->reverse_args = args;
}

err_t *outcome_check(const struct outcome *outcome, const struct json_field *result)
{
	if (outcome->card)
		return NULL;
	if (!result)
		return err_new(ERR_INTERNAL, "no table of results");
	if (!outcome->data)
		return err_new(ERR_INTERNAL, "no data");
	if (outcome->kind == OUTCOME_SAY && json_text(outcome->data, "refused"))
		return NULL;
	return json_conform(outcome->data, result);
}

/* --- for a reader that can act --- */

/* An object on its way from one to the other. */
struct hiding {
	apr_pool_t *pool;
	const struct json_field *fields;
	struct json *to;
	bool outside;
};

static struct json *hidden(apr_pool_t *pool, const struct json *from, const struct json_field *fields);

static struct json *hidden_list(apr_pool_t *pool, const struct json *from, const struct json_field *fields)
{
	struct json *list = json_array(pool);

	for (size_t i = 0; i < json_len(from); i++)
		json_push(list, hidden(pool, json_item(from, i), fields));
	return list;
}

static err_t *hide(void *ctx, const char *key, struct json *value)
{
	struct hiding *h = ctx;
	const struct json_field *f = json_field_find(h->fields, key);

	if (h->outside && f && (f->flags & JSON_WORDS))
		json_set_text(h->to, key, "(somebody else's words: shown to the person, not for you)");
	else if (f && f->of && json_is_array(value))
		json_set(h->to, key, hidden_list(h->pool, value, f->of));
	else if (f && f->of)
		json_set(h->to, key, hidden(h->pool, value, f->of));
	else
		json_set(h->to, key, value);
	return NULL;
}

static struct json *hidden(apr_pool_t *pool, const struct json *from, const struct json_field *fields)
{
	struct hiding h = { pool, fields, json_object(pool), json_true(from, "outside") };

	err_clear(json_each(from, hide, &h));
	return h.to;
}

struct json *outcome_for_model(apr_pool_t *pool, const struct outcome *outcome,
			       const struct json_field *result)
{
	return outcome->data ? hidden(pool, outcome->data, result) : NULL;
}

/* --- kept with its step --- */

struct json *outcome_json(apr_pool_t *pool, const struct outcome *outcome)
{
	struct json *o = json_object(pool), *buttons = json_array(pool);

	json_set_text(o, "html", outcome->html);
	if (outcome->said)
		json_set_text(o, "said", outcome->said);
	if (outcome->chart)
		json_set_text(o, "chart", outcome->chart);
	if (outcome->caption)
		json_set_text(o, "caption", outcome->caption);
	json_set_bool(o, "done", outcome->kind == OUTCOME_DONE);
	json_set_bool(o, "outside", outcome->outside);
	json_set_bool(o, "card", outcome->card);
	json_set_bool(o, "must_tell", outcome->must_tell);
	if (outcome->data)
		json_set_text(o, "data", json_write(pool, outcome->data));
	for (size_t i = 0; i < outcome->buttons_n; i++) {
		struct json *b = json_object(pool);

		json_set_text(b, "label", outcome->buttons[i].label);
		json_set_text(b, "data", outcome->buttons[i].data);
		json_set_int(b, "row", outcome->buttons[i].row);
		json_push(buttons, b);
	}
	json_set(o, "buttons", buttons);
	return o;
}

err_t *outcome_read(struct req *req, const char *text, struct outcome *ret)
{
	struct json *o, *buttons;

	ERR(json_read(req->pool, text, strlen(text), &o));
	*ret = (struct outcome){ .kind = json_true(o, "done") ? OUTCOME_DONE : OUTCOME_SAY,
				 .outside = json_true(o, "outside"),
				 .card = json_true(o, "card"),
				 .must_tell = json_true(o, "must_tell") };
	ret->html = mem_text(req->pool, json_text(o, "html"));
	ret->said = mem_text(req->pool, json_text(o, "said"));
	ret->chart = mem_text(req->pool, json_text(o, "chart"));
	ret->caption = mem_text(req->pool, json_text(o, "caption"));
	if (json_text(o, "data"))
		ERR(json_read(req->pool, json_text(o, "data"), strlen(json_text(o, "data")), &ret->data));
	buttons = json_at(o, "buttons");
	for (size_t i = 0; i < json_len(buttons); i++) {
		struct json *b = json_item(buttons, i);
		int64_t row = 0;

		json_int(b, "row", &row);
		outcome_button(req, ret, (int)row, json_text(b, "label"), json_text(b, "data"));
	}
	return NULL;
}
