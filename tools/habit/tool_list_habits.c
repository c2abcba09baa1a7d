#include "tools/habit/habit_view.h"
#include "tools/when.h"
#include <stddef.h>

struct args {
	const char *day;
};

static const struct json_field params[] = {
	{ "day", JSON_TEXT, 0, offsetof(struct args, day), 0, 10, NULL,
	  "as of that local day, 2026-11-30; today when left out" },
	{ 0 },
};

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	struct when when = { .wall = when_now(req) };

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	if (args->day && !when_read(req, args->day, &when))
		return err_new(ERR_INVALID, "\"day\": not a day like 2026-11-30");
	return habits_show(req, tx, when_date(req, &when), ret);
}

const struct tool tool_list_habits = {
	.name = "list_habits",
	.description =
		"Shows the person's habits: how far each is today or this week, its streak and its best streak.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = habits_fields,
	.effect = TOOL_READ,
	.words = { .when = "day" },
	.min_role = ROLE_GUEST,
	.commands = "habito habit",
	.with_text = "create_habit",
	.run = run,
};
