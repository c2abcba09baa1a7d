/* event_change: changing or taking away an event at Google: one, it and the following, or all of a series.
 * Needs: event_google, event_write, event_draft, ical, pending. Used by: tool_update_event, tool_delete_event. */
#ifndef TOOLS_EVENT_EVENT_CHANGE_H
#define TOOLS_EVENT_EVENT_CHANGE_H

#include "tools/event/event_google.h"
#include "tools/event/event_write.h"

enum event_scope { SCOPE_UNSAID, SCOPE_THIS, SCOPE_FOLLOWING, SCOPE_ALL };
#define EVENT_SCOPES "this following all"
/* NULL, or no such word: SCOPE_UNSAID. Of what does not repeat, or at its first occurrence, what comes to the same. */
enum event_scope event_scope_of(const struct event_far *far, const char *word);

struct event_change {
	const char *title, *place, *description; /* NULL: as it is */
	bool times;                              /* start and end are new: walls of the person's zone */
	int64_t start, end;
	bool all_day;
	struct json_texts guests; /* mails that are invited, too */
};

/* Adds what makes it so. *ret_ok false: ret_outcome refuses, since it cannot be said in one change. */
NODISCARD err_t *event_change_patch(struct req *req, const struct event_far *far, enum event_scope scope,
				    const struct event_change *change, struct event_writes *writes,
				    bool *ret_ok, struct outcome *ret_outcome);
void event_change_delete(struct req *req, const struct event_far *far, enum event_scope scope,
			 struct event_writes *writes);

/* "Which ones?", with a button for each scope, each of which is the person's yes to exactly that. args: of the tool, as an
 * object without scope. lines: what is to happen, HTML. */
NODISCARD err_t *event_scope_ask(struct req *req, struct tx *tx, const char *tool, const struct json *args,
				 const struct event_far *far, const char *question, const char *lines,
				 struct outcome *ret_outcome);

#endif
