#include "tools/button.h"

#include "core/limits.h"
#include "core/text.h"
#include <stdlib.h>
#include <string.h>

static const int64_t short_text = 40; /* bytes of what is a day or time, and no free text */

bool button_is_link(const struct button *button)
{
	return text_starts(button->data, "https://") || text_starts(button->data, "http://");
}

const char *button_act_with(apr_pool_t *pool, const char *tool, const struct slot *args)
{
	struct buf out = buf_new(pool, LIMIT_MESSAGE_BYTES);
	const char *between = "";

	buf_fmt(&out, "t:%s:", tool);
	if (text_same(args->name, "id") && !args->text && !args[1].name) {
		buf_fmt(&out, "%lld", (long long)args->number);
		return out.p;
	}
	for (; args->name; args++) {
		if (args->text && !*args->text)
			continue;
		if (args->text)
			buf_fmt(&out, "%s%s=%s", between, args->name, args->text);
		else
			buf_fmt(&out, "%s%s=%lld", between, args->name, (long long)args->number);
		between = "&";
	}
	return out.p;
}

struct json *button_args(apr_pool_t *pool, const struct json_field *params, const char *data)
{
	struct json *args = json_object(pool);
	int64_t number;

	if (text_int(data, &number)) {
		json_set_int(args, "id", number);
		return args;
	}
	while (strchr(data, '=')) {
		const char *name = mem_textn(pool, data, strcspn(data, "=")), *value = strchr(data, '=') + 1;
		const struct json_field *field = json_field_find(params, name);
		bool free_text = field && field->type == JSON_TEXT && !field->values &&
				 !(field->max && field->max <= short_text);
		size_t n = free_text ? strlen(value) : strcspn(value, "&");
		const char *text = mem_textn(pool, value, n);

		if ((!field || field->type == JSON_INT) && text_int(text, &number))
			json_set_int(args, name, number);
		else if (field && field->type == JSON_DOUBLE)
			json_set_double(args, name, strtod(text, NULL));
		else if (field && field->type == JSON_BOOL)
			json_set_bool(args, name, text_same(text, "yes"));
		else
			json_set_text(args, name, text);
		data = value + n + (value[n] == '&');
	}
	return args;
}

const char *button_beside(apr_pool_t *pool, const char *act)
{
	return mem_fmt(pool, "T%s", act + 1);
}
