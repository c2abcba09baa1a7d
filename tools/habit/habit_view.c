#include "tools/habit/habit_view.h"

#include "core/limits.h"
#include "core/text.h"
#include "tools/when.h"
#include <string.h>

enum { SHOWN = 8, NAME_CHARS = 24, LIKE_CHARS = 4 };

const struct json_field habit_fields[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct habit_row, id) },
	{ "name", JSON_TEXT, JSON_REQUIRED, offsetof(struct habit_row, name) },
	{ "per", JSON_TEXT, JSON_REQUIRED, offsetof(struct habit_row, per), .values = "day week" },
	{ "target", JSON_INT, JSON_REQUIRED, offsetof(struct habit_row, target),
	  .doc = "how often in each period" },
	{ "today", JSON_INT, 0, offsetof(struct habit_row, today), .doc = "how often that day" },
	{ "so_far", JSON_INT, 0, offsetof(struct habit_row, period), .doc = "how often in the period" },
	{ "streak", JSON_INT, 0, offsetof(struct habit_row, streak), .doc = "periods in a row" },
	{ "best", JSON_INT, 0, offsetof(struct habit_row, best), .doc = "the longest such row" },
	{ 0 },
};

const struct json_field habits_fields[] = {
	{ "day", JSON_TEXT, JSON_REQUIRED, offsetof(struct habits_told, day) },
	{ "habits", JSON_OBJECTS, JSON_REQUIRED, offsetof(struct habits_told, habits), .of = habit_fields,
	  .size = sizeof(struct habit_row) },
	{ 0 },
};

struct json_list habits_list(const struct habits *habits)
{
	return (struct json_list){ (size_t)habits->n, habits->v };
}

void habit_absent(struct req *req, int64_t id, struct outcome *ret)
{
	outcome_refuse(req, ret, "not_found", tr(req->pool, req->lang, "habit.no_id", SLOT_I("id", id)));
}

void habit_unknown(struct req *req, const char *name, struct outcome *ret)
{
	outcome_refuse(req, ret, "not_found",
		       tr(req->pool, req->lang, "habit.no_name",
			  SLOT_S("name", text_cut(req->pool, name, 80))));
}

err_t *habits_of(struct req *req, struct tx *tx, const char *day, struct habits *ret)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_HABIT_LIST, PG_ARGS(PG_TEXT(day)), &rows));
	ret->n = rows_count(rows);
	ret->v = mem_alloc(req->pool, sizeof *ret->v * (size_t)(ret->n + 1));
	for (int i = 0; i < ret->n; i++)
		ret->v[i] = (struct habit_row){
			.id = rows_int(rows, i, COL_HABIT_LIST_ID),
			.name = mem_text(req->pool, rows_text(rows, i, COL_HABIT_LIST_NAME)),
			.per = mem_text(req->pool, rows_text(rows, i, COL_HABIT_LIST_PER)),
			.weekly = text_same(rows_text(rows, i, COL_HABIT_LIST_PER), "week"),
			.target = rows_int(rows, i, COL_HABIT_LIST_TARGET),
			.today = rows_int(rows, i, COL_HABIT_LIST_TODAY),
			.period = rows_int(rows, i, COL_HABIT_LIST_PERIOD),
			.streak = rows_int(rows, i, COL_HABIT_LIST_STREAK),
			.best = rows_int(rows, i, COL_HABIT_LIST_BEST)
		};
	return NULL;
}

/* Words that any sentence may hold. */
static const char *const fillers[] = { "hoje",   "ontem", "today", "yesterday", "para",   "minha",
				       "minhas", "meus",  "meu",   "vezes",     "times",  "com",
				       "the",    "por",   "dia",   "uma",       "semana", "every",
				       "day",    "dos",   "das",   "and",       NULL };

static bool counts(const char *word)
{
	for (int i = 0; fillers[i]; i++)
		if (text_same(fillers[i], word))
			return false;
	return strlen(word) >= 3;
}

/* "beb" of "bebi" and "beber": both words begin alike. */
static bool alike(const char *a, const char *b)
{
	size_t n = strlen(a) < LIKE_CHARS ? strlen(a) : LIKE_CHARS;

	return strlen(b) >= n && strncmp(a, b, n) == 0;
}

static const char *word_next(apr_pool_t *pool, const char **at)
{
	static const char gaps[] = " \t\r\n.,;:!?()\"'";
	const char *s = *at + strspn(*at, gaps);
	size_t n = strcspn(s, gaps);

	*at = s + n;
	return n ? mem_textn(pool, s, n) : NULL;
}

/* How many words of the name are among the others; all folded. */
static int likeness(apr_pool_t *pool, const char *name, const char *words)
{
	int like = 0;

	for (const char *at = name, *a; (a = word_next(pool, &at));) {
		bool found = false;

		for (const char *other = words, *b; counts(a) && !found && (b = word_next(pool, &other));)
			found = counts(b) && alike(a, b);
		like += found;
	}
	return like;
}

const struct habit_row *habit_like(apr_pool_t *pool, const struct habits *habits, const char *words)
{
	const struct habit_row *best = NULL;
	int most = 0, twice = 0;

	words = text_fold(pool, words);
	for (int i = 0; i < habits->n; i++) {
		const char *name = text_fold(pool, habits->v[i].name);
		int like = likeness(pool, name, words);

		if (text_same(name, words))
			return &habits->v[i];
		twice = like == most ? twice + 1 : like > most ? 0 : twice;
		if (like > most) {
			most = like;
			best = &habits->v[i];
		}
	}
	return twice ? NULL : best;
}

const char *habit_progress(struct req *req, const struct habit_row *h)
{
	return tr(req->pool, req->lang, h->weekly ? "habit.progress_week" : "habit.progress",
		  SLOT_S("mark", h->period >= h->target ? " ✅" : ""), SLOT_I("n", h->period),
		  SLOT_I("target", h->target));
}

/* One more of a day, and after the last of it none again; of a week, done that day or not. */
static int64_t next_count(const struct habit_row *h)
{
	return h->today >= (h->weekly ? 1 : h->target) ? 0 : h->today + 1;
}

void habit_buttons(struct req *req, const struct habits *habits, const char *day, const char *show, int row,
		   struct outcome *ret)
{
	apr_pool_t *pool = req->pool;

	for (int i = 0; i < habits->n && i < SHOWN; i++) {
		const struct habit_row *h = &habits->v[i];
		bool met = next_count(h) == 0;
		const char *count = met ? "" : mem_fmt(pool, "%lld", (long long)next_count(h));

		outcome_button(req, ret, row + i / 2,
			       mem_fmt(pool, "%s %s", met ? "✅" : "▫️",
				       text_cut(pool, h->name, NAME_CHARS)),
			       button_act(pool, "log_checkin", SLOT_I("habit_id", h->id),
					  SLOT_S("clear", met ? "yes" : ""), SLOT_S("count", count),
					  SLOT_S("show", show), SLOT_S("day", day)));
	}
}

static void put_line(struct req *req, const struct habit_row *h, struct buf *html)
{
	apr_pool_t *pool = req->pool;
	const char *streak = "";

	if (h->best)
		streak = mem_fmt(pool, " · %s",
				 tr(pool, req->lang, h->weekly ? "habit.streak_week" : "habit.streak",
				    SLOT_I("n", h->streak), SLOT_I("best", h->best)));
	buf_fmt(html, "\n%s",
		tr(pool, req->lang, "habit.line", SLOT_I("id", h->id), SLOT_S("name", h->name),
		   SLOT_S("progress", habit_progress(req, h)), SLOT_S("streak", streak)));
}

err_t *habits_show(struct req *req, struct tx *tx, const char *day, struct outcome *ret)
{
	struct buf html = buf_new(req->pool, LIMIT_MESSAGE_BYTES);
	struct habits habits;
	struct when when;

	ERR(habits_of(req, tx, day, &habits));
	outcome_data(req, ret, habits_fields, &(struct habits_told){ day, habits_list(&habits) });
	if (!habits.n) {
		ret->html = tr(req->pool, req->lang, "habit.none");
		return NULL;
	}
	if (!when_read(req, day, &when))
		return err_new(ERR_INVALID, "\"day\": not a day like 2026-11-30");
	buf_text(&html, tr(req->pool, req->lang, "habit.head", SLOT_S("day", when_text(req, &when))));
	for (int i = 0; i < habits.n; i++)
		put_line(req, &habits.v[i], &html);
	habit_buttons(req, &habits, day, "list", 0, ret);
	ret->html = html.p;
	return buf_check(&html);
}
