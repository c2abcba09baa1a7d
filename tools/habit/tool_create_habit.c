#include "core/limits.h"
#include "core/text.h"
#include "tools/habit/habit_view.h"
#include "tools/habit/habit_words.h"
#include "tools/when.h"
#include "tools/words.h"
#include <stddef.h>

struct args {
	const char *name, *per, *active;
	int64_t target, id;
};

static const struct json_field params[] = {
	{ "name", JSON_TEXT, 0, offsetof(struct args, name), 0, LIMIT_TEXT_IN, NULL,
	  "what is to be done again and again, 1 to 100 characters: \"read\"; how often may be said in it" },
	{ "per", JSON_TEXT, 0, offsetof(struct args, per), 0, 0, "day week",
	  "the period that target is for; day when left out" },
	{ "target", JSON_INT, 0, offsetof(struct args, target), 1, HABIT_TARGET_MAX, NULL,
	  "how often in each period; 1 when left out" },
	{ "id", JSON_INT, 0, offsetof(struct args, id), 1, INT64_MAX, NULL,
	  "the number of a habit that is there, to change it instead" },
	{ "active", JSON_TEXT, 0, offsetof(struct args, active), 0, 0, "yes no",
	  "no, with the name or id of a habit: it rests, and its days stay; yes: it goes on" },
	{ 0 },
};

struct created {
	const struct habit_row *habit;
	bool active;
};

static const struct json_field result[] = {
	{ "habit", JSON_OBJECT, JSON_REQUIRED, offsetof(struct created, habit), .of = habit_fields },
	{ "active", JSON_BOOL, JSON_REQUIRED, offsetof(struct created, active) },
	{ 0 },
};

/* "/habito parar água": that one rests. */
static const char *resting(apr_pool_t *pool, const char *text)
{
	static const char *const words[] = { "parar ", "pausar ", "pausa ", "para de ",
					     "stop ",  "pause ",  NULL };
	const char *folded = text_fold(pool, text);

	for (int i = 0; words[i]; i++)
		if (text_starts(folded, words[i]))
			return text + strlen(words[i]);
	return NULL;
}

static NODISCARD err_t *from_text(struct req *req, const char *text, struct json **ret_args)
{
	const char *line = words_line(req->pool, text), *rests = resting(req->pool, line);

	if (!*line)
		return NULL;
	*ret_args = json_object(req->pool);
	json_set_text(*ret_args, "name", rests ? rests : line);
	if (rests)
		json_set_text(*ret_args, "active", "no");
	return NULL;
}

static void render(struct req *req, const char *key, const struct habit_words *w, int64_t id,
		   struct outcome *ret)
{
	const char *day = when_date(req, &(struct when){ .wall = when_now(req) });
	struct habit_row habit = { .id = id, .name = w->name, .per = w->per, .target = w->target };
	bool active = !text_same(key, "habit.rests");

	*ret = (struct outcome){ .kind = OUTCOME_DONE, .object = "habit", .object_id = id };
	ret->html = tr(req->pool, req->lang, key, SLOT_S("name", w->name), SLOT_I("id", id),
		       SLOT_S("often", habit_often(req, w->per, w->target)));
	outcome_data(req, ret, result, &(struct created){ &habit, active });
	if (active)
		outcome_button(req, ret, 0, tr(req->pool, req->lang, "button.habit_did"),
			       button_act(req->pool, "log_checkin", SLOT_I("habit_id", id),
					  SLOT_I("count", 1), SLOT_S("show", "list"), SLOT_S("day", day)));
}

static NODISCARD err_t *change(struct req *req, struct tx *tx, int64_t id, const struct args *args,
			       struct habit_words *w, struct outcome *ret)
{
	bool active = !args->active || text_same(args->active, "yes");
	struct rows *rows;

	ERR(tx_exec(tx, STMT_HABIT_UPDATE,
		    PG_ARGS(PG_INT(id), PG_TEXT(active && *w->name ? w->name : NULL),
			    PG_TEXT(active && w->said ? w->per : NULL), PG_INT(w->said ? w->target : 0),
			    PG_BOOL(active)),
		    &rows));
	if (!rows_count(rows)) {
		habit_absent(req, id, ret);
		return NULL;
	}
	w->name = rows_text(rows, 0, COL_HABIT_UPDATE_NAME);
	w->per = rows_text(rows, 0, COL_HABIT_UPDATE_PER);
	w->target = rows_int(rows, 0, COL_HABIT_UPDATE_TARGET);
	render(req, active ? "habit.changed" : "habit.rests", w, id, ret);
	return NULL;
}

/* The habit that a name means, which may be said in part. */
static NODISCARD err_t *rest_named(struct req *req, struct tx *tx, const struct args *args,
				   struct habit_words *w, struct outcome *ret)
{
	const char *day = when_date(req, &(struct when){ .wall = when_now(req) });
	const struct habit_row *habit;
	struct habits habits;

	ERR(habits_of(req, tx, day, &habits));
	habit = habit_like(req->pool, &habits, w->name);
	if (habit)
		return change(req, tx, habit->id, args, w, ret);
	habit_unknown(req, w->name, ret);
	return NULL;
}

static NODISCARD err_t *put(struct req *req, struct tx *tx, struct habit_words *w, struct outcome *ret)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_HABIT_NAMED, PG_ARGS(PG_TEXT(w->name)), &rows));
	if (rows_count(rows) && !rows_bool(rows, 0, COL_HABIT_NAMED_ACTIVE))
		return change(req, tx, rows_int(rows, 0, COL_HABIT_NAMED_ID),
			      &(struct args){ .active = "yes" }, w, ret);
	if (rows_count(rows)) {
		outcome_refuse(req, ret, "already_there",
			       tr(req->pool, req->lang, "habit.known",
				  SLOT_S("name", rows_text(rows, 0, COL_HABIT_NAMED_NAME)),
				  SLOT_I("id", rows_int(rows, 0, COL_HABIT_NAMED_ID))));
		json_set_int(ret->data, "id", rows_int(rows, 0, COL_HABIT_NAMED_ID));
		return NULL;
	}
	ERR(tx_exec(tx, STMT_HABIT_PUT, PG_ARGS(PG_TEXT(w->name), PG_TEXT(w->per), PG_INT(w->target)),
		    &rows));
	render(req, "habit.created", w, rows_int(rows, 0, COL_HABIT_PUT_ID), ret);
	return NULL;
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	struct habit_words w = habit_words_read(req->pool, args->name ? args->name : "");

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	w.said = w.said || args->per || args->target;
	w.per = args->per ? args->per : w.per;
	w.target = args->target ? args->target : w.target;
	if (words_chars(w.name) > HABIT_NAME_CHARS)
		outcome_refuse(req, ret, "too_long",
			       tr(req->pool, req->lang, "habit.long", SLOT_I("max", HABIT_NAME_CHARS),
				  SLOT_I("n", words_chars(w.name))));
	else if (w.target > HABIT_TARGET_MAX)
		outcome_refuse(req, ret, "too_many",
			       tr(req->pool, req->lang, "habit.much", SLOT_I("max", HABIT_TARGET_MAX)));
	else if (args->id)
		return change(req, tx, args->id, args, &w, ret);
	else if (!*w.name)
		outcome_refuse(req, ret, "empty", tr(req->pool, req->lang, "usage.create_habit"));
	else if (args->active && text_same(args->active, "no"))
		return rest_named(req, tx, args, &w, ret);
	else
		return put(req, tx, &w, ret);
	return NULL;
}

const struct tool tool_create_habit = {
	.name = "create_habit",
	.description =
		"Begins a habit to keep track of, with a target per day or week; with an id changes one, and with active no lets one rest.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.claim = CLAIM_MAKE,
	.words = { .what = "name id" },
	.min_role = ROLE_USER,
	.from_text = from_text, /* /habito TEXT, by list_habits */
	.run = run,
};
