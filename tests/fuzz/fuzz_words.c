/* What follows a command, and what a button carries: arguments that the tool takes, or a question back. */
#include "core/clock.h"
#include "core/limits.h"
#include "tests/fuzz/fuzz.h"
#include "tools/registry.h"
#include "tools/tool.h"
#include "tools/words.h"

static struct req *request(void)
{
	struct req *req = req_begin(NULL);

	req->user_id = 1;
	req->role = ROLE_USER;
	req->lang = LANG_PT;
	req->zone = "America/Sao_Paulo";
	req->now = 1800000000 * SECOND_US;
	return req;
}

static void must_be_taken(struct req *req, const struct tool *tool, const struct json *args)
{
	uint64_t seen;

	must_be_text(json_write(req->pool, args));
	must_be(json_decode(req->pool, args, tool->params, mem_alloc(req->pool, tool->args_size + 1), &seen),
		ERR_INVALID, ERR_INVALID);
}

static void check_words(struct req *req, const char *text)
{
	struct words w = words_take(req->pool, text, true);

	must_be_text(w.text);
	MUST(w.tags.n <= WORDS_TAGS);
	for (size_t i = 0; i < w.tags.n; i++) {
		must_be_text(w.tags.v[i]);
		MUST(*w.tags.v[i] && words_chars(w.tags.v[i]) <= WORDS_TAG_CHARS);
		for (size_t k = 0; k < i; k++)
			MUST(!text_same(w.tags.v[i], w.tags.v[k]));
	}
	/* Where no words were taken, none are changed. */
	if (!w.tags.n && !w.priority)
		MUST(text_same(w.text, text_trim(req->pool, text)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct req *req = request();
	const char *text = text_trim(req->pool, text_utf8_clean(req->pool, (const char *)data,
								n < LIMIT_TEXT_IN ? n : LIMIT_TEXT_IN));

	check_words(req, text);
	for (const struct tool *const *t = tools_all; *t; t++) {
		struct json *args = NULL;

		if ((*t)->from_text)
			must_be((*t)->from_text(req, text, &args), ERR_INVALID, ERR_TOO_LARGE);
		if (args)
			must_be_taken(req, *t, args);
		args = button_args(req->pool, (*t)->params, text);
		if (args)
			must_be_taken(req, *t, args);
	}
	req_end(req);
	return 0;
}
