#include "tools/insight/advice.h"

#include <math.h>

struct advice *advice_add(struct advices *list, const char *type, const char *source, double weight)
{
	struct advice *a;

	if (list->n == ADVICE_MAX)
		return NULL;
	a = &list->v[list->n++];
	*a = (struct advice){ .type = type,
			      .source = source,
			      .title = "",
			      .reasoning = "",
			      .object = "",
			      .tier = "",
			      .weight = weight,
			      .effect = NAN,
			      .low = NAN,
			      .high = NAN };
	return a;
}

struct json *advice_act(struct advices *list, struct advice *advice, const char *tool, const char *label)
{
	advice->tool = tool;
	advice->label = label;
	advice->args = json_object(list->req->pool);
	return advice->args;
}

struct when advice_at(struct advices *list, int hour, int minute)
{
	struct when when = { .has_time = true, .wall = list->wall + hour * 3600 + minute * 60 };

	if (when.wall <= when_now(list->req))
		when.wall += 86400;
	return when;
}
