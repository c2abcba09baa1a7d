#include "bot/cli/cli.h"

#include "bot/cli/cli_run.h"
#include "core/text.h"
#include "ml/insight/insight.h"
#include "ml/insight/schedule.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOOKS_MAX = 400, SILENCE = 7 };

static const char usage[] = "insights [--look N | --looks N,N,...] < JSON-LINES";

/* When it is looked; n 0: as people live, each question when its days have come. */
struct looks {
	size_t at[LOOKS_MAX], n;
	bool whole; /* one look at the whole level */
};

static NODISCARD err_t *lines_read(struct days *days)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	while ((n = getline(&line, &cap, stdin)) > 0) {
		apr_pool_t *own = pool_root();
		struct json *j = NULL;
		err_t *err = json_read(own, line, (size_t)n, &j);

		if (!err)
			err = days_add(days, j);
		if (err) {
			struct json *o = json_object(own);

			json_set_text(o, "error", err_message(err));
			printf("%s\n", json_write(own, o));
			err_clear(err);
		}
		pool_free(own);
	}
	free(line);
	return ferror(stdin) ? err_new(ERR_INVALID, "standard input cannot be read") : NULL;
}

static void number(struct json *o, const char *key, double v)
{
	if (isnan(v))
		json_set_text(o, key, NULL);
	else
		json_set_double(o, key, v);
}

static void tell(apr_pool_t *pool, const struct insight *i)
{
	struct json *o = json_object(pool);

	json_set_text(o, "kind", i->kind);
	json_set_text(o, "tier", i->tier);
	json_set_text(o, "detail", *i->detail ? i->detail : NULL);
	json_set_int(o, "n", (int64_t)i->n);
	json_set_int(o, "lag", (int64_t)i->lag);
	number(o, "effect", i->effect);
	json_set_text(o, "unit", i->unit);
	number(o, "low", i->low);
	number(o, "high", i->high);
	number(o, "p", i->p);
	number(o, "q", i->q);
	printf("%s\n", json_write(pool, o));
}

/* What is not told any more was once: an observation. */
static void findings_tell(apr_pool_t *pool, struct schedule *s)
{
	for (size_t i = 0; i < s->findings_n; i++) {
		struct insight *is = &s->findings[i].is;

		if (text_same(is->tier, "withdrawn"))
			is->tier = "observation";
		tell(pool, is);
	}
}

static void look_once(apr_pool_t *pool, const struct days *days, size_t n)
{
	struct insight *found = mem_alloc(pool, sizeof *found * INSIGHT_MAX);

	n = insight_look(days, n, INSIGHT_LEVEL, found);
	for (size_t i = 0; i < n; i++)
		tell(pool, &found[i]);
}

/* Days on which nothing was noted may have passed at the end. */
static bool have_passed(const struct days *days, size_t n)
{
	return n <= days->n + SILENCE;
}

static void look(apr_pool_t *pool, const struct days *days, const struct looks *looks)
{
	struct schedule *s = MEM_NEW(pool, struct schedule);

	if (looks->whole) {
		if (have_passed(days, looks->at[0]))
			look_once(pool, days, looks->at[0]);
		return;
	}
	for (size_t k = 0; k < looks->n && have_passed(days, looks->at[k]); k++)
		schedule_look(s, days, looks->at[k], (int)k + 1);
	for (size_t n = 1; !looks->n && n <= days->n; n++)
		schedule_night(s, days, n);
	findings_tell(pool, s);
}

static bool list_read(apr_pool_t *pool, const char *text, struct looks *ret)
{
	while (*text && ret->n < LOOKS_MAX) {
		size_t len = strcspn(text, ",");
		int64_t days;

		if (!text_int(mem_textn(pool, text, len), &days) || days < 1 ||
		    (ret->n && (size_t)days <= ret->at[ret->n - 1]))
			return false;
		ret->at[ret->n++] = (size_t)days;
		text += len + (text[len] == ',');
	}
	return ret->n && !*text;
}

static bool options_read(apr_pool_t *pool, int argc, char **argv, struct looks *ret)
{
	*ret = (struct looks){ .n = 0 };
	if (argc == 1)
		return true;
	ret->whole = text_same(argv[1], "--look");
	if (argc != 3 || (!ret->whole && !text_same(argv[1], "--looks")))
		return false;
	return list_read(pool, argv[2], ret) && (!ret->whole || ret->n == 1);
}

static NODISCARD err_t *run(apr_pool_t *pool, const struct looks *looks)
{
	struct days *days = days_new(pool);

	ERR(lines_read(days));
	look(pool, days, looks);
	return fflush(stdout) ? err_new(ERR_INTERNAL, "standard output cannot be written") : NULL;
}

int cli_insights(struct config *config, apr_pool_t *pool, int argc, char **argv)
{
	struct looks *looks = MEM_NEW(pool, struct looks);

	(void)config;
	if (!options_read(pool, argc, argv, looks))
		return cli_usage(usage);
	return cli_end(run(pool, looks));
}
