#include "tools/markup.h"

#include "core/json.h"

const char *markup_json(apr_pool_t *pool, const struct button *buttons, size_t n)
{
	struct json *markup = json_object(pool), *rows = json_array(pool), *row = NULL;

	if (!n)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		struct json *button = json_object(pool);

		if (!row || buttons[i].row != buttons[i - 1].row) {
			row = json_array(pool);
			json_push(rows, row);
		}
		json_set_text(button, "text", buttons[i].label);
		json_set_text(button, button_is_link(&buttons[i]) ? "url" : "callback_data", buttons[i].data);
		json_push(row, button);
	}
	json_set(markup, "inline_keyboard", rows);
	return json_write(pool, markup);
}
