#include "bot/cli/cli.h"

#include "bot/cli/cli_run.h"
#include "core/json.h"
#include "core/text.h"
#include "ml/date/date.h"
#include <stdio.h>
#include <stdlib.h>

static void set_seconds(struct json *o, const char *key, double seconds)
{
	if (seconds >= 0 && seconds < 1e15 && seconds == (double)(int64_t)seconds)
		json_set_int(o, key, (int64_t)seconds);
	else
		json_set_double(o, key, seconds);
}

static struct json *answer(apr_pool_t *pool, const struct date_found *found, const char *text)
{
	struct json *o = json_object(pool);

	json_set_text(o, "start", found ? date_iso(pool, found->start) : NULL);
	json_set_text(o, "end", found && found->has_end ? date_iso(pool, found->end) : NULL);
	if (found && found->has_duration)
		set_seconds(o, "duration", found->duration_s);
	else
		json_set_text(o, "duration", NULL);
	json_set_bool(o, "allday", found && found->allday);
	json_set_text(o, "rrule", found ? found->rrule : NULL);
	json_set_text(o, "rest", found ? found->rest : text);
	return o;
}

static NODISCARD err_t *answer_line(apr_pool_t *pool, const char *line, size_t n, struct json **ret_answer)
{
	struct date_found found;
	struct json *j;
	int64_t reference;

	ERR(json_read(pool, line, n, &j));
	/* other members, tz among them, are not looked at: everything here is wall time */
	const char *text = json_text(j, "text"), *now = json_text(j, "reference");
	if (!text)
		return err_new(ERR_INVALID, "\"text\": missing or not a string");
	if (!now || !date_parse_iso(now, &reference))
		return err_new(ERR_INVALID, "\"reference\": not a local time like 2026-11-21T14:30:00");
	bool is = date_find(pool, text, text_same(json_text(j, "lang"), "en") ? LANG_EN : LANG_PT, reference,
			    &found);
	*ret_answer = answer(pool, is ? &found : NULL, text_trim(pool, text));
	return NULL;
}

static struct json *refusal(apr_pool_t *pool, err_t *err)
{
	struct json *o = json_object(pool);

	json_set_text(o, "error", err_message(err));
	err_clear(err);
	return o;
}

int cli_when(struct config *config, apr_pool_t *pool, int argc, char **argv)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	(void)config;
	(void)argv;
	(void)pool;
	if (argc != 1)
		return cli_usage("when < JSON-LINES");
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
