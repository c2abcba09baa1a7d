/* Scores date_find against a file of cases: score-dates FILE [--misses].
 * A case is a JSON line {"text","reference","lang","cat","accept":[...]}; see accepted() for what counts. */
#include "core/clock.h"
#include "core/json.h"
#include "core/text.h"
#include "ml/date/date.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_CASES 20000
#define DAY INT64_C(86400)

static const char *const categories[] = { "date",      "time",      "datetime",  "duration",
					  "set",       "daterange", "timerange", "datetimerange",
					  "partofday", "holiday",   "none" };
enum { HEADLINE = 8, CATEGORIES = 11 }; /* the first 8 make the headline */

static struct {
	int good, all;
} score[2][CATEGORIES];
static double times[MAX_CASES];
static int n_times;

static bool wall_at(const struct json *j, const char *key, int64_t *ret)
{
	const char *iso = json_text(j, key);

	return iso && date_parse_iso(iso, ret);
}

/* "HH:MM:SS" in seconds. */
static int64_t clock_of(const char *text)
{
	int64_t wall;
	char iso[32];

	snprintf(iso, sizeof iso, "1970-01-01T%.8s", text);
	return date_parse_iso(iso, &wall) ? wall : -1;
}

static bool same_rule(const char *a, const char *b)
{
	return a && strcmp(a, b) == 0;
}

/* One item of `accept` against what was found (NULL: nothing). */
static bool accepted(const struct json *item, const char *category, const struct date_found *f)
{
	bool days = strcmp(category, "date") == 0 || strcmp(category, "daterange") == 0 ||
		    strcmp(category, "holiday") == 0;
	int64_t start, end;
	double length, tod;
	const char *text;

	if (json_true(item, "none"))
		return !f;
	if (!f)
		return false;
	if (json_double(item, "dur", &length))
		return f->has_duration && fabs(f->duration_s - length) < 0.001;
	if ((text = json_text(item, "rrule")))
		return same_rule(f->rrule, text) &&
		       (!json_double(item, "tod", &tod) || (f->has_time && (double)(f->start % DAY) == tod));
	if (json_text(item, "tod"))
		return f->has_time && f->start % DAY == clock_of(json_text(item, "tod"));
	if (json_text(item, "todA"))
		return f->has_end && f->start % DAY == clock_of(json_text(item, "todA")) &&
		       f->end % DAY == clock_of(json_text(item, "todB"));
	if (!wall_at(item, "start", &start) || (days ? f->start / DAY != start / DAY : f->start != start))
		return false;
	if (!wall_at(item, "end", &end))
		return true;
	return f->has_end && (days ? llabs(f->end / DAY - end / DAY) <= 1 : f->end == end);
}

static void print_miss(apr_pool_t *pool, const struct json *j, const char *category,
		       const struct date_found *f)
{
	printf("%s %s | %s | ref %s | want %s | got ", json_text(j, "lang"), category, json_text(j, "text"),
	       json_text(j, "reference"), json_write(pool, json_at(j, "accept")));
	if (!f)
		printf("nothing\n");
	else
		printf("%s .. %s dur %g rrule %s rest '%s'\n", date_iso(pool, f->start),
		       f->has_end ? date_iso(pool, f->end) : "-", f->duration_s, f->rrule ? f->rrule : "-",
		       f->rest);
}

static NODISCARD err_t *run_case(apr_pool_t *pool, const char *line, bool misses)
{
	struct date_found f;
	struct json *j;
	int64_t reference;
	bool good = false;
	int category = 0;

	ERR(json_read(pool, line, strlen(line), &j));
	const char *text = json_text(j, "text"), *name = json_text(j, "cat");
	enum lang lang = text_same(json_text(j, "lang"), "en") ? LANG_EN : LANG_PT;

	if (!text || !name || !wall_at(j, "reference", &reference))
		return err_new(ERR_INVALID, "a case lacks text, cat or reference");
	while (category < CATEGORIES && strcmp(categories[category], name) != 0)
		category++;
	if (category == CATEGORIES)
		return err_new(ERR_INVALID, "unknown category \"%s\"", name);

	int64_t began = clock_mono_us();
	bool found = false;
	for (int k = 0; k < 8; k++) {
		apr_pool_t *own = pool_child(pool);

		found = date_find(own, text, lang, reference, &f);
		if (k < 7)
			pool_free(own);
	}
	if (n_times < MAX_CASES)
		times[n_times++] = (double)(clock_mono_us() - began) / 8;
	const struct json *accept = json_at(j, "accept");
	for (size_t k = 0; k < json_len(accept) && !good; k++)
		good = accepted(json_item(accept, k), name, found ? &f : NULL);
	score[lang][category].all++;
	score[lang][category].good += good;
	if (!good && misses)
		print_miss(pool, j, name, found ? &f : NULL);
	return NULL;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void print_row(const char *lang, const char *name, int good, int all)
{
	if (all)
		printf("%-3s %-14s %4d of %4d  %5.1f %%\n", lang, name, good, all, 100.0 * good / all);
}

static void print_all(void)
{
	static const char *const langs[] = { [LANG_PT] = "pt", [LANG_EN] = "en" };

	for (int lang = 0; lang < 2; lang++) {
		int good = 0, all = 0;

		for (int k = 0; k < CATEGORIES; k++) {
			print_row(langs[lang], categories[k], score[lang][k].good, score[lang][k].all);
			good += k < HEADLINE ? score[lang][k].good : 0;
			all += k < HEADLINE ? score[lang][k].all : 0;
		}
		print_row(langs[lang], "HEADLINE", good, all);
	}
	qsort(times, (size_t)n_times, sizeof *times, by_value);
	if (n_times)
		printf("median %.1f us a message\n", times[n_times / 2]);
}

int main(int argc, char **argv)
{
	char *line = NULL;
	size_t cap = 0;
	FILE *in = argc > 1 ? fopen(argv[1], "r") : NULL;
	bool misses = argc > 2 && text_same(argv[2], "--misses");

	mem_init();
	if (!in) {
		fprintf(stderr, "usage: score-dates FILE [--misses]\n");
		return 2;
	}
	while (getline(&line, &cap, in) > 0) {
		apr_pool_t *pool = pool_root();
		err_t *err = run_case(pool, line, misses);

		if (err) {
			fprintf(stderr, "%s\n", err_message(err));
			err_clear(err);
		}
		pool_free(pool);
	}
	free(line);
	fclose(in);
	print_all();
	return 0;
}
