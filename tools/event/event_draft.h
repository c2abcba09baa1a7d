/* event_draft: an event that is to be made, here or at Google, and what is said of one.
 * Needs: event_google, google_event, when. Used by: tools/event. */
#ifndef TOOLS_EVENT_EVENT_DRAFT_H
#define TOOLS_EVENT_EVENT_DRAFT_H

#include "integrations/google/google_event.h"
#include "tools/event/event_view.h"

struct event_draft {
	const char *title, *description, *place, *rrule; /* NULL or "": none */
	const char *zone;                                /* IANA: of its walls */
	int64_t start, end; /* walls; of whole days midnights, the end exclusive */
	bool all_day, meet;
	int64_t reminder; /* minutes before; -1: as the calendar does */
	const char **guests;
	size_t guests_n;
};

/* As Google takes it. */
struct json *event_draft_json(struct req *req, const struct event_draft *draft);
/* As the person sees it: walls of their own zone. */
struct event_row event_draft_row(struct req *req, const struct event_draft *draft);

/* "horário de São Paulo (UTC−3)", of an instant. */
const char *event_zone_text(struct req *req, int64_t wall);
/* "\n📍 ..." and so on: place, guests, call, where there are such. HTML. */
const char *event_more_text(struct req *req, const char *place, const char *guests, const char *meet);

/* Who of these is invited: a mail is, and whoever is known by that name, and nobody else, with one. *ret_unknown: the other
 * names, "" when none. */
NODISCARD err_t *event_guests(struct req *req, struct tx *tx, const struct json_texts *who,
			      struct json_texts *ret_mails, const char **ret_unknown);

/* What else there is at that time, but for events that keep nobody busy and for itself (a number, or 0): the first. */
NODISCARD err_t *event_clash(struct req *req, struct tx *tx, const struct event_row *event, bool *ret_clash,
			     struct event_row *ret_other);

#endif
