/* habit_view: habits with their streaks, and the buttons that tick them.
 * Needs: tool. Used by: checkin_view, tool_log_checkin, tool_create_habit, tool_list_habits, week_report, advice_facts. */
#ifndef TOOLS_HABIT_HABIT_VIEW_H
#define TOOLS_HABIT_HABIT_VIEW_H

#include "tools/tool.h"

#define HABIT_NAME_CHARS 100
#define HABIT_TARGET_MAX 50

struct habit_row {
	int64_t id;
	const char *name, *per; /* day or week */
	bool weekly;
	int64_t target;
	int64_t today;  /* how often that day */
	int64_t period; /* how often that day, or that week */
	int64_t streak, best;
};
/* The data of one, over struct habit_row. */
extern const struct json_field habit_fields[];
struct habits {
	struct habit_row *v;
	int n;
};

/* The active ones, as of that day ("2026-11-30"). */
NODISCARD err_t *habits_of(struct req *req, struct tx *tx, const char *day, struct habits *ret);

/* The one whose name is most like these words ("tomei água": "Beber água"); NULL: none, or several are as like. */
const struct habit_row *habit_like(apr_pool_t *pool, const struct habits *habits, const char *words);

/* "3/8", "2/3 na semana": how far it is. HTML. */
const char *habit_progress(struct req *req, const struct habit_row *habit);

/* A button for each of the first eight: one more time, or none again when the day has enough. show: what the press shows
 * ("list", or of the check-in's card "habits"). */
void habit_buttons(struct req *req, const struct habits *habits, const char *day, const char *show, int row,
		   struct outcome *ret);

/* The same as data has it. */
struct json_list habits_list(const struct habits *habits);
/* The data of the list. */
struct habits_told {
	const char *day;
	struct json_list habits;
};
extern const struct json_field habits_fields[];

/* Refuses: there is no habit of that number. */
void habit_absent(struct req *req, int64_t id, struct outcome *ret);
/* Refuses: there is none of that name. */
void habit_unknown(struct req *req, const char *name, struct outcome *ret);

/* The list with streaks and buttons; its data is habits_fields. */
NODISCARD err_t *habits_show(struct req *req, struct tx *tx, const char *day, struct outcome *ret);

#endif
