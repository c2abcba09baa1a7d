/* Scores intent_find against a file of cases: score-intents FILE [--misses].
 * A case is a JSON line {"text","lang","reference","intent","args"?}: right when the name is; of args each that the
 * case has counts on its own. A false action is a "none" that would be acted on. */
#include "core/clock.h"
#include "core/json.h"
#include "core/text.h"
#include "ml/intent/intent.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_CASES 20000
#define MAX_LIKELY 10

struct tally {
	int all, good, acted, asked; /* tools: found at all, acted on, asked about */
	int none, silent, false_actions, false_asks;
	int args, args_good;
	int offered; /* among the MAX_LIKELY that are likely */
};

static struct tally tallies[LANG_COUNT];
static double times[MAX_CASES];
static int n_times;

struct scoring {
	apr_pool_t *pool;
	const struct json *args;
	struct tally *tally;
	const char *text;
	bool misses;
};

static bool same_value(apr_pool_t *pool, const struct json *want, const struct json *got)
{
	double a, b;

	if (!got)
		return false;
	if (json_double(want, "", &a) && json_double(got, "", &b))
		return fabs(a - b) < 1e-6;
	return text_same(json_write(pool, want), json_write(pool, got));
}

static err_t *score_arg(void *ctx, const char *key, struct json *want)
{
	struct scoring *s = ctx;
	bool good = same_value(s->pool, want, json_at(s->args, key));

	s->tally->args++;
	s->tally->args_good += good;
	if (!good && s->misses)
		printf("ARGS  %s | want %s=%s got %s\n", s->text, key, json_write(s->pool, want),
		       json_write(s->pool, s->args));
	return NULL;
}

static void score_none(struct tally *tally, const struct intent *got, const char *text, bool misses)
{
	tally->none++;
	tally->silent += text_same(got->name, "none");
	tally->false_actions += got->confidence >= INTENT_ACT;
	tally->false_asks += got->confidence >= INTENT_ASK && got->confidence < INTENT_ACT;
	if (misses && got->confidence >= INTENT_ASK)
		printf("%s %s | %s %.2f\n", got->confidence >= INTENT_ACT ? "FALSE" : "asks ", text,
		       got->name, got->confidence);
}

static void score_tool(struct tally *tally, const struct intent *got, const char *want, const char *text,
		       bool misses)
{
	bool good = text_same(got->name, want);

	tally->all++;
	tally->good += good;
	tally->acted += good && got->confidence >= INTENT_ACT;
	tally->asked += good && got->confidence < INTENT_ACT;
	if (!good && misses)
		printf("MISS  %s | want %s got %s %.2f\n", text, want, got->name, got->confidence);
}

static bool is_likely(apr_pool_t *pool, const char *text, enum lang lang, const char *want)
{
	const char *names[MAX_LIKELY];
	size_t n = intent_likely(pool, text, lang, MAX_LIKELY, names);

	for (size_t i = 0; i < n; i++)
		if (text_same(names[i], want))
			return true;
	return false;
}

static double timed_find(apr_pool_t *pool, const char *text, enum lang lang, int64_t reference,
			 struct intent *ret)
{
	int64_t began = clock_mono_us();

	for (int k = 0; k < 8; k++) {
		apr_pool_t *own = pool_child(pool);

		intent_find(own, text, lang, reference, ret);
		if (k < 7)
			pool_free(own);
	}
	return (double)(clock_mono_us() - began) / 8;
}

static NODISCARD err_t *run_case(apr_pool_t *pool, const char *line, bool misses)
{
	struct intent got;
	struct json *j;
	int64_t reference;

	ERR(json_read(pool, line, strlen(line), &j));
	const char *text = json_text(j, "text"), *want = json_text(j, "intent"),
		   *now = json_text(j, "reference");
	enum lang lang = lang_of(json_text(j, "lang"));

	if (!text || !want || !now || !date_parse_iso(now, &reference))
		return err_new(ERR_INVALID, "a case lacks text, intent or reference");
	double us = timed_find(pool, text, lang, reference, &got);
	if (n_times < MAX_CASES)
		times[n_times++] = us;
	if (text_same(want, "none")) {
		score_none(&tallies[lang], &got, text, misses);
		return NULL;
	}
	score_tool(&tallies[lang], &got, want, text, misses);
	tallies[lang].offered += is_likely(pool, text, lang, want);
	if (!text_same(got.name, want) || !json_is_object(json_at(j, "args")))
		return NULL;

	struct scoring s = { pool, got.args, &tallies[lang], text, misses };
	return json_each(json_at(j, "args"), score_arg, &s);
}

static double percent(int part, int all)
{
	return all ? 100.0 * part / all : 0;
}

static void print_tally(const char *lang, const struct tally *t)
{
	if (!t->all && !t->none)
		return;
	printf("%-3s tools %4d of %4d  %5.1f %% (acted on %.1f %%, asked %.1f %%)\n", lang, t->good, t->all,
	       percent(t->good, t->all), percent(t->acted, t->all), percent(t->asked, t->all));
	printf("%-3s among the %d likely %.1f %%\n", lang, MAX_LIKELY, percent(t->offered, t->all));
	printf("%-3s args  %4d of %4d  %5.1f %%\n", lang, t->args_good, t->args,
	       percent(t->args_good, t->args));
	printf("%-3s none  %4d of %4d  %5.1f %%, false actions %d (%.1f %%), asked %d (%.1f %%)\n", lang,
	       t->silent, t->none, percent(t->silent, t->none), t->false_actions,
	       percent(t->false_actions, t->none), t->false_asks, percent(t->false_asks, t->none));
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	char *line = NULL;
	size_t cap = 0;
	FILE *in = argc > 1 ? fopen(argv[1], "r") : NULL;
	bool misses = argc > 2 && text_same(argv[2], "--misses");

	mem_init();
	if (!in) {
		fprintf(stderr, "usage: score-intents FILE [--misses]\n");
		return 2;
	}
	while (getline(&line, &cap, in) > 0) {
		apr_pool_t *pool = pool_root();
		err_t *err = run_case(pool, line, misses);

		if (err)
			fprintf(stderr, "%s\n", err_message(err));
		err_clear(err);
		pool_free(pool);
	}
	free(line);
	fclose(in);
	print_tally("pt", &tallies[LANG_PT]);
	print_tally("en", &tallies[LANG_EN]);
	qsort(times, (size_t)n_times, sizeof *times, by_value);
	if (n_times)
		printf("median %.1f us a message, 99th of 100 %.1f\n", times[n_times / 2],
		       times[n_times * 99 / 100]);
	return 0;
}
