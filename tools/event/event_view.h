/* event_view: events of the person's own calendar: reading, expanding and showing them.
 * Needs: tool, when, ical, reader. Used by: tools/event, tool_process_inbox, routine_view, week_plan, job_nightly. */
#ifndef TOOLS_EVENT_EVENT_VIEW_H
#define TOOLS_EVENT_EVENT_VIEW_H

#include "tools/tool.h"
#include "tools/when.h"

#define EVENT_MINUTES 60 /* of one whose end nobody said */
#define EVENT_TITLE_CHARS 500

/* One occurrence, as it is shown. Wall times; of whole days, midnights, the end exclusive. */
struct event_row {
	int64_t id, start, end;
	const char *title, *rrule, *place, *attendees, *link; /* "" when none */
	bool all_day, outside;
	bool google; /* an occurrence in a calendar at Google; its id 0: one that is not kept here */
	bool free;   /* it keeps nobody busy */
};
/* With nothing to tap in words that are somebody else's. */
struct event_row event_shown(struct req *req, struct event_row event);
/* Reads the columns of tools/event/event.sql from col on. */
struct event_row event_row(struct req *req, const struct rows *rows, int row, int col);

/* One as data has it: start and end as text, of whole days the first and the last one. */
struct event_data {
	int64_t id;
	const char *title, *start, *end, *rrule, *place, *attendees, *link;
	bool all_day, outside, google;
};
extern const struct json_field event_fields[];
struct event_data event_data(struct req *req, const struct event_row *event);
struct json_list event_list(struct req *req, const struct event_row *events, size_t n);

/* Every occurrence that touches [start, end), in order; at most EVENT_MAX of them. words: '' for all. */
#define EVENT_MAX 400
NODISCARD err_t *event_window(struct req *req, struct tx *tx, int64_t start, int64_t end, const char *words,
			      size_t *ret_n, struct event_row **ret_events);

/* By start. */
void event_sort(struct event_row *events, size_t n);

/* "amanhã (dom, 22/11), 14:00–15:00 · toda semana": when, as HTML. */
const char *event_when(struct req *req, const struct event_row *event);
/* "14:00–15:00" or "dia todo": of a list whose head says the day. */
const char *event_hours(struct req *req, const struct event_row *event);

/* Refuses: which of these is to be deleted is for the person to say, with a button for each. */
void event_choose(struct req *req, const struct event_row *events, size_t n, struct outcome *outcome);

/* By event_id ("3"), or by words of its title with a day that narrows ("" = any). *ret_found false: ret_outcome refuses, with
 * a line and a candidate for each of several. */
NODISCARD err_t *event_pick(struct req *req, struct tx *tx, const char *event_id, const char *title,
			    const char *day, struct event_row *ret_event, bool *ret_found,
			    struct outcome *ret_outcome);

#endif
