#include "ml/chart/chart.h"

#include "core/text.h"
#include "ml/chart/chart_scale.h"
#include <math.h>
#include <string.h>

#define NUMBER_MAX 1e6
#define MARKS "kmn-"

enum { TITLE_BYTES = 120, NOTE_BYTES = 400, NAME_BYTES = 400, COUNT_MAX = 100000 };

static const char *const kinds[CHART_KINDS] = { "week", "energy", "hours", "habits", "effects" };
static const char *const themes[CHART_THEMES] = { "dark", "light" };
/* Of a kind: its two series, or NULL. */
static const char *const series[CHART_KINDS][CHART_SERIES] = { { "due", "done" }, { "sleep", "energy" } };

/* As it is written. */
struct spec {
	const char *kind, *theme, *lang, *title, *note, *first;
	struct json *series[4], *hours, *habits, *effects;
};

static const struct json_field spec_fields[] = {
	{ "kind", JSON_TEXT, JSON_REQUIRED, offsetof(struct spec, kind), 1, 20,
	  "week energy hours habits effects", "what is drawn" },
	{ "theme", JSON_TEXT, 0, offsetof(struct spec, theme), 1, 20, "dark light", "dark when left out" },
	{ "lang", JSON_TEXT, 0, offsetof(struct spec, lang), 2, 20, "pt en", "pt when left out" },
	{ "title", JSON_TEXT, 0, offsetof(struct spec, title), 0, TITLE_BYTES, NULL, "above" },
	{ "note", JSON_TEXT, 0, offsetof(struct spec, note), 0, NOTE_BYTES, NULL,
	  "below, or in place of it" },
	{ "first", JSON_TEXT, 0, offsetof(struct spec, first), 10, 10, NULL, "first day" },
	{ "due", JSON_ANY, 0, offsetof(struct spec, series[0]), 0, 0, NULL, "numbers or null, a day" },
	{ "done", JSON_ANY, 0, offsetof(struct spec, series[1]), 0, 0, NULL, NULL },
	{ "sleep", JSON_ANY, 0, offsetof(struct spec, series[2]), 0, 0, NULL, NULL },
	{ "energy", JSON_ANY, 0, offsetof(struct spec, series[3]), 0, 0, NULL, NULL },
	{ "hours", JSON_ANY, 0, offsetof(struct spec, hours), 0, 0, NULL,
	  "7 lists of 24 counts, Monday first" },
	{ "habits", JSON_ANY, 0, offsetof(struct spec, habits), 0, 0, NULL, "list of {name, marks}" },
	{ "effects", JSON_ANY, 0, offsetof(struct spec, effects), 0, 0, NULL,
	  "list of {label, unit, effect, low, high, n}" },
	{ 0 },
};

static const struct json_field habit_fields[] = {
	{ "name", JSON_TEXT, JSON_REQUIRED, offsetof(struct chart_habit, name), 1, NAME_BYTES, NULL, NULL },
	{ "kept", JSON_INT, 0, offsetof(struct chart_habit, kept), 0, COUNT_MAX, NULL, NULL },
	{ "due", JSON_INT, 0, offsetof(struct chart_habit, due), 0, COUNT_MAX, NULL, NULL },
	{ "marks", JSON_TEXT, JSON_REQUIRED, offsetof(struct chart_habit, marks), 1, CHART_DAYS, NULL, NULL },
	{ 0 },
};

static const struct json_field effect_fields[] = {
	{ "label", JSON_TEXT, JSON_REQUIRED, offsetof(struct chart_effect, label), 1, NAME_BYTES, NULL,
	  NULL },
	{ "unit", JSON_TEXT, 0, offsetof(struct chart_effect, unit), 0, 80, NULL, NULL },
	{ "effect", JSON_DOUBLE, JSON_REQUIRED, offsetof(struct chart_effect, effect), 0, 0, NULL, NULL },
	{ "low", JSON_DOUBLE, JSON_REQUIRED, offsetof(struct chart_effect, low), 0, 0, NULL, NULL },
	{ "high", JSON_DOUBLE, JSON_REQUIRED, offsetof(struct chart_effect, high), 0, 0, NULL, NULL },
	{ "n", JSON_INT, JSON_REQUIRED, offsetof(struct chart_effect, n), 0, COUNT_MAX, NULL, NULL },
	{ 0 },
};

const char *chart_kind_name(enum chart_kind kind)
{
	return kinds[kind];
}

void chart_days(apr_pool_t *pool, struct chart *chart, const char *first, size_t days)
{
	chart->first = first;
	chart->days = days;
	for (int s = 0; s < CHART_SERIES; s++) {
		chart->count[s] = mem_alloc(pool, sizeof *chart->count[s] * (days + 1));
		for (size_t i = 0; i < days; i++)
			chart->count[s][i] = NAN;
	}
}

/* --- written --- */

static void write_series(apr_pool_t *pool, struct json *o, const struct chart *chart)
{
	for (int s = 0; s < CHART_SERIES && series[chart->kind][s]; s++) {
		struct json *list = json_array(pool);

		for (size_t i = 0; i < chart->days; i++)
			json_push_double(list, chart->count[s][i]);
		json_set(o, series[chart->kind][s], list);
	}
}

static struct json *hours_json(apr_pool_t *pool, const struct chart *chart)
{
	struct json *list = json_array(pool);

	for (int d = 0; d < CHART_WEEKDAYS; d++) {
		struct json *day = json_array(pool);

		for (int h = 0; h < CHART_HOURS_DAY; h++)
			json_push_int(day, chart->hours[d][h]);
		json_push(list, day);
	}
	return list;
}

static struct json *list_json(apr_pool_t *pool, const struct json_field *fields, const void *v, size_t n,
			      size_t size)
{
	struct json *list = json_array(pool);

	for (size_t i = 0; i < n; i++)
		json_push(list, json_encode(pool, fields, (const char *)v + i * size));
	return list;
}

static size_t at_most(size_t n, size_t max)
{
	return n < max ? n : max;
}

const char *chart_write(apr_pool_t *pool, const struct chart *chart)
{
	struct json *o = json_object(pool);

	json_set_text(o, "kind", kinds[chart->kind]);
	json_set_text(o, "theme", themes[chart->theme]);
	json_set_text(o, "lang", chart->lang == LANG_PT ? "pt" : "en");
	if (chart->title)
		json_set_text(o, "title", chart->title);
	if (chart->note)
		json_set_text(o, "note", chart->note);
	if (chart->first)
		json_set_text(o, "first", chart->first);
	write_series(pool, o, chart);
	if (chart->kind == CHART_HOURS)
		json_set(o, "hours", hours_json(pool, chart));
	if (chart->kind == CHART_HABITS)
		json_set(o, "habits",
			 list_json(pool, habit_fields, chart->habits,
				   at_most(chart->habits_n, CHART_HABITS_MAX), sizeof *chart->habits));
	if (chart->kind == CHART_EFFECTS)
		json_set(o, "effects",
			 list_json(pool, effect_fields, chart->effects,
				   at_most(chart->effects_n, CHART_EFFECTS_MAX), sizeof *chart->effects));
	return json_write(pool, o);
}

/* --- read --- */

/* days: NULL for the first of a chart's series, else how many that one has. */
static NODISCARD err_t *read_series(apr_pool_t *pool, const char *name, const struct json *list,
				    const size_t *days, double **ret)
{
	size_t n = json_len(list);
	double *v;

	if (!json_is_array(list) || n > CHART_DAYS || (days && n != *days))
		return err_new(ERR_INVALID, "\"%s\": not a list of as many days", name);
	v = mem_alloc(pool, sizeof *v * (n + 1));
	for (size_t i = 0; i < n; i++) {
		if (!json_item(list, i))
			v[i] = NAN;
		else if (!json_double(json_item(list, i), NULL, &v[i]) || !(v[i] >= 0 && v[i] <= NUMBER_MAX))
			return err_new(ERR_INVALID, "\"%s\": not a number of 0 to a million", name);
	}
	*ret = v;
	return NULL;
}

static NODISCARD err_t *read_days(apr_pool_t *pool, const struct spec *spec, struct chart *chart)
{
	struct json *const *given = &spec->series[CHART_SERIES * chart->kind];

	for (int s = 0; s < CHART_SERIES; s++) {
		ERR(read_series(pool, series[chart->kind][s], given[s], s ? &chart->days : NULL,
				&chart->count[s]));
		chart->days = json_len(given[s]);
	}
	return NULL;
}

static NODISCARD err_t *read_hours(const struct json *list, struct chart *chart)
{
	if (json_len(list) != CHART_WEEKDAYS)
		return err_new(ERR_INVALID, "\"hours\": not seven weekdays");
	for (int d = 0; d < CHART_WEEKDAYS; d++) {
		const struct json *day = json_item(list, (size_t)d);

		if (json_len(day) != CHART_HOURS_DAY)
			return err_new(ERR_INVALID, "\"hours\": not 24 hours a day");
		for (int h = 0; h < CHART_HOURS_DAY; h++)
			if (!json_int(json_item(day, (size_t)h), NULL, &chart->hours[d][h]) ||
			    chart->hours[d][h] < 0 || chart->hours[d][h] > COUNT_MAX)
				return err_new(ERR_INVALID, "\"hours\": not a count");
	}
	return NULL;
}

static NODISCARD err_t *read_list(apr_pool_t *pool, const char *name, const struct json *list, size_t max,
				  const struct json_field *fields, size_t size, void **ret, size_t *ret_n)
{
	size_t n = json_len(list);
	uint64_t seen;
	char *v;

	if (!json_is_array(list) || n > max)
		return err_new(ERR_INVALID, "\"%s\": not a list of at most %zu", name, max);
	v = mem_alloc(pool, size * (n + 1));
	for (size_t i = 0; i < n; i++)
		ERR(json_decode(pool, json_item(list, i), fields, v + i * size, &seen));
	*ret = v;
	*ret_n = n;
	return NULL;
}

static NODISCARD err_t *read_habits(apr_pool_t *pool, const struct spec *spec, struct chart *chart)
{
	void *v;

	ERR(read_list(pool, "habits", spec->habits, CHART_HABITS_MAX, habit_fields, sizeof *chart->habits, &v,
		      &chart->habits_n));
	chart->habits = v;
	for (size_t i = 0; i < chart->habits_n; i++) {
		const char *marks = chart->habits[i].marks;

		if (strspn(marks, MARKS) != strlen(marks) || (i && strlen(marks) != chart->days))
			return err_new(ERR_INVALID, "\"marks\": not one of \"" MARKS "\" for each day");
		chart->days = strlen(marks);
	}
	return NULL;
}

static bool is_good(const struct chart_effect *e)
{
	return isfinite(e->effect) && isfinite(e->low) && isfinite(e->high) && e->low <= e->effect &&
	       e->effect <= e->high && fabs(e->low) <= NUMBER_MAX && fabs(e->high) <= NUMBER_MAX;
}

static NODISCARD err_t *read_effects(apr_pool_t *pool, const struct spec *spec, struct chart *chart)
{
	void *v;

	ERR(read_list(pool, "effects", spec->effects, CHART_EFFECTS_MAX, effect_fields,
		      sizeof *chart->effects, &v, &chart->effects_n));
	chart->effects = v;
	for (size_t i = 0; i < chart->effects_n; i++)
		if (!is_good(&chart->effects[i]))
			return err_new(ERR_INVALID, "\"effect\": not between its \"low\" and its \"high\"");
	return NULL;
}

static NODISCARD err_t *read_kind(apr_pool_t *pool, const struct spec *spec, struct chart *chart)
{
	struct tm unused;

	switch (chart->kind) {
	case CHART_WEEK:
	case CHART_ENERGY: ERR(read_days(pool, spec, chart)); break;
	case CHART_HOURS: return read_hours(spec->hours, chart);
	case CHART_HABITS: ERR(read_habits(pool, spec, chart)); break;
	default: return read_effects(pool, spec, chart);
	}
	if (chart->days && (!spec->first || !chart_scale_day(spec->first, 0, &unused)))
		return err_new(ERR_INVALID, "\"first\": not a day like 2026-11-23");
	return NULL;
}

static size_t index_of(const char *const *names, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (text_same(names[i], name))
			return i;
	return 0;
}

static const char *given(const char *text)
{
	return text && *text ? text : NULL;
}

err_t *chart_read(apr_pool_t *pool, const char *text, size_t n, struct chart *ret)
{
	struct chart chart = { 0 };
	struct spec spec = { 0 };
	struct json *j;
	uint64_t seen;

	if (n > CHART_BYTES)
		return err_new(ERR_TOO_LARGE, "a chart of over %d bytes", CHART_BYTES);
	ERR(json_read(pool, text, n, &j));
	ERR(json_decode(pool, j, spec_fields, &spec, &seen));
	chart.kind = (enum chart_kind)index_of(kinds, CHART_KINDS, spec.kind);
	chart.theme = (enum chart_theme)index_of(themes, CHART_THEMES, spec.theme);
	chart.lang = text_same(spec.lang, "en") ? LANG_EN : LANG_PT;
	chart.title = given(spec.title);
	chart.note = given(spec.note);
	chart.first = spec.first;
	ERR(read_kind(pool, &spec, &chart));
	*ret = chart;
	return NULL;
}

static bool days_empty(const struct chart *chart)
{
	for (size_t i = 0; i < chart->days; i++)
		for (int s = 0; s < CHART_SERIES; s++)
			if (chart->kind == CHART_WEEK ? chart->count[s][i] > 0 : !isnan(chart->count[s][i]))
				return false;
	return true;
}

static bool hours_empty(const struct chart *chart)
{
	for (int d = 0; d < CHART_WEEKDAYS; d++)
		for (int h = 0; h < CHART_HOURS_DAY; h++)
			if (chart->hours[d][h])
				return false;
	return true;
}

bool chart_empty(const struct chart *chart)
{
	switch (chart->kind) {
	case CHART_HOURS: return hours_empty(chart);
	case CHART_HABITS: return !chart->habits_n || !chart->days;
	case CHART_EFFECTS: return !chart->effects_n;
	default: return days_empty(chart);
	}
}

const char *chart_of_effects(apr_pool_t *pool, enum lang lang, const struct chart_effect *effects, size_t n)
{
	struct chart chart = { .kind = CHART_EFFECTS, .lang = lang, .effects_n = n };

	chart.effects = mem_dup(pool, effects, sizeof *effects * n);
	return chart_write(pool, &chart);
}
