#include "core/text.h"
#include "tools/chart/chart_told.h"
#include "tools/tool.h"
#include <stddef.h>
#include <string.h>

struct args {
	const char *kind, *text;
};

static const struct json_field params[] = {
	{ "kind", JSON_TEXT, 0, offsetof(struct args, kind), 0, 20, "week energy hours habits",
	  "week: tasks due and done a day; energy: sleep and energy; hours: when tasks get done; habits: a calendar of them" },
	{ "text", JSON_TEXT, 0, offsetof(struct args, text), 0, 500, NULL,
	  "the person's own words for it, in place of kind" },
	{ 0 },
};

struct told {
	const char *kind, *words;
	bool drawn;
	int64_t due, done;
};

static const struct json_field result[] = {
	{ "kind", JSON_TEXT, JSON_REQUIRED, offsetof(struct told, kind), 0, 0, "week energy hours habits" },
	{ "drawn", JSON_BOOL, JSON_REQUIRED, offsetof(struct told, drawn),
	  .doc = "false: there is too little yet to draw, and no picture goes out" },
	{ "due", JSON_INT, 0, offsetof(struct told, due), .doc = "tasks due on the days of a week" },
	{ "done", JSON_INT, 0, offsetof(struct told, done), .doc = "tasks done, of week and hours" },
	{ "words", JSON_TEXT, JSON_REQUIRED, offsetof(struct told, words),
	  .doc = "what the picture shows; the person reads this below it" },
	{ 0 },
};

/* The kinds that are offered, in order, and by which words (folded, their beginnings) each is meant. */
static const struct {
	enum chart_kind kind;
	const char *words[9];
} kinds[] = {
	{ CHART_ENERGY, { "sono", "dorm", "energi", "sleep", "slept", "energy", "disposic", NULL } },
	{ CHART_HABITS, { "habit", NULL } },
	{ CHART_HOURS, { "hora", "hour", "que horas", "calor", "heat", NULL } },
	{ CHART_WEEK, { NULL } },
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static const enum chart_kind shown[] = { CHART_WEEK, CHART_ENERGY, CHART_HOURS, CHART_HABITS };

static enum chart_kind kind_of_words(apr_pool_t *pool, const char *text)
{
	const char *folded = text_fold(pool, text);

	for (int i = 0; i < KINDS; i++)
		for (int w = 0; kinds[i].words[w]; w++)
			if (strstr(folded, kinds[i].words[w]))
				return kinds[i].kind;
	return CHART_WEEK;
}

static enum chart_kind kind_of(struct req *req, const struct args *args)
{
	for (int i = 0; i < KINDS; i++)
		if (text_same(args->kind, chart_kind_name(kinds[i].kind)))
			return kinds[i].kind;
	return args->text ? kind_of_words(req->pool, args->text) : CHART_WEEK;
}

static void buttons(struct req *req, enum chart_kind kind, struct outcome *ret)
{
	int n = 0;

	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
		const char *name = chart_kind_name(shown[i]);

		if (shown[i] == kind)
			continue;
		outcome_button(req, ret, n++ / 2,
			       tr(req->pool, req->lang, mem_fmt(req->pool, "chart.button.%s", name)),
			       button_act(req->pool, "get_chart", SLOT_S("kind", name)));
	}
}

static err_t *from_text(struct req *req, const char *text, struct json **ret_args)
{
	*ret_args = json_object(req->pool);
	if (*text)
		json_set_text(*ret_args, "text", text_cut(req->pool, text, 100));
	return NULL;
}

static err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	enum chart_kind kind = kind_of(req, p);
	struct chart_told chart;
	struct told told = { .kind = chart_kind_name(kind) };

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	ERR(chart_told(req, tx, kind, &chart));
	ret->html = told.words = chart.html;
	ret->chart = chart.spec;
	told.drawn = chart.spec != NULL;
	told.due = chart.due;
	told.done = chart.done;
	buttons(req, kind, ret);
	outcome_data(req, ret, result, &told);
	return NULL;
}

const struct tool tool_get_chart = {
	.name = "get_chart",
	.description =
		"Sends a picture of the person's own data: tasks of the week, sleep and energy, hours of the day, habits.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_READ,
	.beside = "get_insights",
	.words = { .what = "text kind" },
	.min_role = ROLE_GUEST,
	.commands = "grafico chart",
	.from_text = from_text,
	.run = run,
};
