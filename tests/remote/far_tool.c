#include "tests/remote/far_tool.h"

#include "core/http.h"
#include "core/text.h"
#include <stdlib.h>
#include <string.h>

const struct json_field far_params[] = {
	{ "words", JSON_TEXT, JSON_REQUIRED, offsetof(struct far_args, words), 1, 60, NULL, "what to do" },
	{ "faults", JSON_TEXT, 0, offsetof(struct far_args, faults), 0, 200, NULL, "how it goes wrong" },
	{ 0 },
};

struct result {
	const char *words;
	int64_t memory;
};

const struct json_field far_result[] = {
	{ "words", JSON_TEXT, JSON_REQUIRED, offsetof(struct result, words) },
	{ "memory", JSON_INT, JSON_REQUIRED, offsetof(struct result, memory) },
	{ 0 },
};

err_t *far_plan(struct req *req, struct tx *tx, const void *p, struct json **ret_request, struct outcome *ret)
{
	const struct far_args *args = p;

	(void)tx;
	if (text_same(args->words, "nada")) {
		outcome_refuse(req, ret, "empty", "Nada a fazer.");
		return NULL;
	}
	*ret_request = json_object(req->pool);
	json_set_text(*ret_request, "words", args->words);
	if (args->faults)
		json_set_text(*ret_request, "faults", args->faults);
	return NULL;
}

static const char *base(void)
{
	const char *set = getenv("FAR_BASE");

	return set ? set : "";
}

err_t *far_send(struct req *req, const struct operation *op, bool with_id, enum remote_sent *ret_sent)
{
	struct http_request request = { .method = "POST",
					.url = mem_fmt(req->pool, "%s/things", base()),
					.timeout_ms = 5000 };
	struct http_reply reply = { 0 };
	struct json *body;
	err_t *err;

	ERR(json_read(req->pool, json_write(req->pool, op->request),
		      strlen(json_write(req->pool, op->request)), &body));
	if (with_id)
		json_set_text(body, "id", op->id);
	request.body = json_write(req->pool, body);
	request.body_n = strlen(request.body);
	err = http_send(req->pool, &request, &reply);
	if (err)
		return err;
	if (reply.status == 200 || (with_id && reply.status == 409))
		*ret_sent = REMOTE_DONE;
	if (reply.status == 422)
		*ret_sent = REMOTE_REFUSED;
	return NULL;
}

err_t *far_look(struct req *req, const char *path, enum remote_sent *ret_sent)
{
	struct http_request request = { .method = "GET",
					.url = mem_fmt(req->pool, "%s/%s", base(), path),
					.timeout_ms = 5000 };
	struct http_reply reply = { 0 };

	ERR(http_send(req->pool, &request, &reply));
	if (reply.status == 200)
		*ret_sent = REMOTE_DONE;
	if (reply.status == 404)
		*ret_sent = REMOTE_REFUSED;
	return NULL;
}

err_t *far_settle(struct req *req, struct tx *tx, const struct operation *op, struct outcome *ret)
{
	struct result result = { .words = json_text(op->request, "words") };
	struct rows *rows;

	if (op->sent != REMOTE_DONE)
		return NULL; /* the frame has words for it */
	ERR(tx_exec(tx, STMT_MEMORY_PUT, PG_ARGS(PG_TEXT(result.words), PG_TEXT("said"), PG_TEXT(req->zone)),
		    &rows));
	if (!rows_count(rows))
		return err_new(ERR_INTERNAL, "\"%s\" was done before", result.words);
	result.memory = rows_int(rows, 0, COL_MEMORY_PUT_ID);
	ret->kind = OUTCOME_DONE;
	ret->object = "memory";
	ret->object_id = result.memory;
	ret->html = mem_fmt(req->pool, "Feito: %s", result.words);
	outcome_data(req, ret, far_result, &result);
	return NULL;
}

err_t *far_from_text(struct req *req, const char *text, struct json **ret_args)
{
	const char *space = strchr(text, ' ');

	if (!*text)
		return NULL;
	*ret_args = json_object(req->pool);
	json_set_text(*ret_args, "words", space ? mem_textn(req->pool, text, (size_t)(space - text)) : text);
	if (space)
		json_set_text(*ret_args, "faults", space + 1);
	return NULL;
}
