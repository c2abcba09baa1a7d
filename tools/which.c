#include "tools/which.h"

void which_refuse(struct req *req, struct outcome *outcome, const char *html, const struct json_field *fields,
		  size_t size, const struct json_list *list)
{
	const struct json_field table[] = {
		{ "candidates", JSON_OBJECTS, JSON_REQUIRED, 0, .of = fields, .size = size }, { 0 }
	};

	outcome_refuse(req, outcome, "ambiguous", html);
	json_set(outcome->data, "candidates", json_at(json_encode(req->pool, table, list), "candidates"));
}
