#include "bot/cli/cli.h"

#include "bot/cli/cli_run.h"
#include "core/text.h"
#include "ml/insight/insight.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOOKS_MAX = 400 };

static const char usage[] = "insights [--look N | --looks N,N,...] < JSON-LINES";

/* When it is looked, and what each look may spend. */
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

/* A finding of several looks: likely at the first that tells it, confirmed at the second. */
struct held {
	struct insight last;
	int times;
};

static void hold(struct held *held, size_t *n, const struct insight *found)
{
	size_t i = 0;

	while (i < *n && !(text_same(held[i].last.kind, found->kind) && held[i].last.lag == found->lag &&
			   text_same(held[i].last.detail, found->detail)))
		i++;
	if (i == INSIGHT_MAX)
		return;
	if (i == *n)
		held[(*n)++] = (struct held){ .times = 0 };
	held[i].last = *found;
	held[i].times++;
	if (held[i].times > 1)
		held[i].last.tier = "confirmed";
}

static void look(apr_pool_t *pool, struct days *days, const struct looks *looks)
{
	struct insight *found = mem_alloc(pool, sizeof *found * INSIGHT_MAX);
	struct held *held = mem_alloc(pool, sizeof *held * INSIGHT_MAX);
	size_t n, held_n = 0;

	for (size_t k = 0; k < looks->n && looks->at[k] <= days->n; k++) {
		n = insight_look(days, looks->at[k], looks->whole ? 0.05 : insight_level(k), found);
		for (size_t i = 0; i < n; i++)
			if (!text_same(found[i].tier, "observation"))
				hold(held, &held_n, &found[i]);
			else if (looks->whole)
				tell(pool, &found[i]);
	}
	for (size_t i = 0; i < held_n; i++)
		tell(pool, &held[i].last);
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
	ret->n = 0;
	if (argc == 1) { /* the schedule that people live by */
		for (size_t days = 30; ret->n < LOOKS_MAX; days += 30)
			ret->at[ret->n++] = days;
		return true;
	}
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
