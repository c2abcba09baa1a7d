#include "bot/cli/cli.h"

#include "bot/cli/cli_run.h"
#include "core/json.h"
#include "core/text.h"
#include "ml/intent/intent.h"
#include <stdio.h>
#include <stdlib.h>

static NODISCARD err_t *answer_line(apr_pool_t *pool, const char *line, size_t n, struct json **ret_answer)
{
	struct intent intent;
	struct json *j, *o;
	int64_t reference;

	ERR(json_read(pool, line, n, &j));
	/* other members, tz among them, are not looked at: everything here is wall time */
	const char *text = json_text(j, "text"), *now = json_text(j, "reference");
	if (!text)
		return err_new(ERR_INVALID, "\"text\": missing or not a string");
	if (!now || !date_parse_iso(now, &reference))
		return err_new(ERR_INVALID, "\"reference\": not a local time like 2026-11-21T14:30:00");
	intent_find(pool, text, lang_of(json_text(j, "lang")), reference, &intent);
	o = json_object(pool);
	json_set_text(o, "intent", intent.name);
	json_set_double(o, "confidence", intent.confidence);
	json_set(o, "args", intent.args);
	*ret_answer = o;
	return NULL;
}

static struct json *refusal(apr_pool_t *pool, err_t *err)
{
	struct json *o = json_object(pool);

	json_set_text(o, "error", err_message(err));
	err_clear(err);
	return o;
}

int cli_classify(struct config *config, apr_pool_t *pool, int argc, char **argv)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	(void)config;
	(void)argv;
	(void)pool;
	if (argc != 1)
		return cli_usage("classify < JSON-LINES");
	while ((n = getline(&line, &cap, stdin)) > 0) {
		apr_pool_t *own = pool_root();
		struct json *out = NULL;
		err_t *err = answer_line(own, line, (size_t)n, &out);

		printf("%s\n", json_write(own, err ? refusal(own, err) : out));
		fflush(stdout);
		pool_free(own);
	}
	free(line);
	return ferror(stdin) || ferror(stdout);
}
