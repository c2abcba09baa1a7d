/* button: what a person may tap under a message, and what a tap carries.
 * Needs: json, i18n (slots). Used by: outcome. */
#ifndef TOOLS_BUTTON_H
#define TOOLS_BUTTON_H

#include "core/i18n.h"
#include "core/json.h"

/* label: plain text; data: an address ("https://..."), which the tap opens, or callback_data, at most 64 bytes:
 *   "t:TOOL:ARGS"         runs the tool (made by button_act)
 *   "T:TOOL:ARGS"         the same, answered by a message of its own: this one stays (made by button_beside)
 *   "u:REF"               undoes the act REF (made by the frame of an act)
 *   "r:NUMBER"            does what that recommendation recommends (made by recommendation_add)
 *   "y:ID" "n:ID" "e:ID"  confirm, cancel or change the act that was put aside as ID (made by the frame of an act)
 * row: buttons of one row have the same number. */
struct button {
	const char *label, *data;
	int row;
};

bool button_is_link(const struct button *button);

/* Data that runs the tool with these arguments: button_act(pool, "update_task", SLOT_I("id", 4), SLOT_S("due", day)). A text
 * that is "" is left out. "t:TOOL:ID" where an id is all, else "t:TOOL:NAME=V&NAME=V"; a yes or no is the text "yes" or
 * "no". One text may be free (longer than 40 bytes, or with '&'): it comes last. */
#define button_act(pool, tool, ...) \
	button_act_with((pool), (tool), (const struct slot[]){ __VA_ARGS__ __VA_OPT__(, ){ NULL, NULL, 0 } })
const char *button_act_with(apr_pool_t *pool, const char *tool, const struct slot *args);

/* What button_act gave, with an answer that leaves the message where it is. */
const char *button_beside(apr_pool_t *pool, const char *act);

/* The arguments in what follows "t:TOOL:", with the types of the tool's own table. What is malformed is left out: the
 * tool's table judges the rest. */
struct json *button_args(apr_pool_t *pool, const struct json_field *params, const char *data);

#endif
