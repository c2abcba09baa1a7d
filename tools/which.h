/* which: the answer "which one?": a refusal whose data says which ones may be meant.
 * Needs: outcome. Used by: tools. */
#ifndef TOOLS_WHICH_H
#define TOOLS_WHICH_H

#include "tools/tool.h"

/* Of a tool's result table: what may be meant. at: its struct json_list of these rows, which is empty where one was found. */
#define WHICH_CANDIDATES(at, fields, row)                                                       \
	{                                                                                       \
		"candidates", JSON_OBJECTS, 0, (at), .of = (fields), .size = sizeof(struct row) \
	}

/* Refuses as "ambiguous" with html, and with the list (structs of that size, of the table fields) as candidates. */
void which_refuse(struct req *req, struct outcome *outcome, const char *html, const struct json_field *fields,
		  size_t size, const struct json_list *list);

#endif
