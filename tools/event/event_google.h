/* event_google: a person's calendars at Google around an act: read anew, and one event as it is there now.
 * Needs: google_sync, google_account, google_say, event_view. Used by: tools/event, tool_get_summary. */
#ifndef TOOLS_EVENT_EVENT_GOOGLE_H
#define TOOLS_EVENT_EVENT_GOOGLE_H

#include "integrations/google/google_account.h"
#include "integrations/google/google_event.h"
#include "tools/event/event_view.h"

/* Before an answer, with no transaction open: what changed at Google is read, for at most wait_ms an account. *ret_note: "",
 * or a line about what is kept being old or not whole (HTML). */
NODISCARD err_t *event_fresh(struct req *req, int64_t wait_ms, const char **ret_note);

/* Where new events go. */
struct event_home {
	enum google_standing standing;
	int64_t account, calendar_id; /* calendar_id 0: its calendars were not read yet */
	const char *calendar, *email;
};
/* account 0: whichever is ready. */
NODISCARD err_t *event_home_find(struct req *req, struct tx *tx, int64_t account,
				 struct event_home *ret_home);

/* One event at Google. Occurrences of a series know their series. */
struct event_far {
	struct event_row row; /* as it is kept here */
	int64_t account, calendar_id;
	const char *calendar;
	struct google_event event, series; /* as they are now; series.id NULL: it is none's */
	const struct json *json, *series_json;
};

/* What an act is about (as event_pick takes it), read at Google. *ret_far NULL: it is not there, or not one, which the act's
 * own transaction tells. ret_outcome refuses when Google does not have it any more, or does not answer. */
NODISCARD err_t *event_far_find(struct req *req, const char *event_id, const char *title, const char *day,
				struct event_far **ret_far, struct outcome *ret_outcome);

/* Whether others hear of a change, or it is theirs: then it is not done without a yes. */
bool event_far_is_shared(const struct event_far *far);
/* Everybody but the person: "ana@x.org, Bia". */
const char *event_far_guests(struct req *req, const struct event_far *far);

/* As the person sees it. */
struct event_row event_of_google(struct req *req, const struct google_event *event);

/* Google's own answer for days that are not kept here; *ret_n events after those of *ret_events. */
NODISCARD err_t *event_live(struct req *req, int64_t start, int64_t end, const char *words, size_t *ret_n,
			    struct event_row **ret_events, struct outcome *ret_outcome);

#endif
