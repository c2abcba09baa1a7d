/* JSON of any bytes: refused, or read, written and read again to the same text. */
#include "core/json.h"
#include "tests/fuzz/fuzz.h"

static err_t *visit(void *ctx, const char *key, struct json *value);

static void walk(struct json *j, int depth)
{
	int64_t number;
	double real;

	MUST(depth <= 64);
	must_be_text(json_text(j, NULL));
	json_int(j, NULL, &number);
	json_double(j, NULL, &real);
	for (size_t i = 0; i < json_len(j); i++)
		walk(json_item(j, i), depth + 1);
	if (json_is_object(j))
		must_be(json_each(j, visit, &depth), ERR_INVALID, ERR_INVALID);
}

static err_t *visit(void *ctx, const char *key, struct json *value)
{
	must_be_text(key);
	walk(value, *(int *)ctx + 1);
	return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	apr_pool_t *pool = pool_root();
	struct json *j, *again;
	err_t *err = json_read(pool, (const char *)data, n, &j);

	if (!err) {
		const char *text = json_write(pool, j);

		walk(j, 0);
		json_at(j, "message.chat.id");
		json_at(j, "result.0.id");
		must_be_text(text);
		err = json_read(pool, text, strlen(text), &again);
		MUST(!err);
		MUST(text_same(json_write(pool, again), text));
	}
	must_be(err, ERR_INVALID, ERR_TOO_LARGE);
	pool_free(pool);
	return 0;
}
