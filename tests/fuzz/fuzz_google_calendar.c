/* What a calendar answers: an event that can be shown and written again, or an error. */
#include "integrations/google/google_calendar.h"
#include "tests/fuzz/fuzz.h"

static void event(apr_pool_t *pool, const struct json *j)
{
	struct google_event e;
	err_t *err = google_event_read(pool, j, &e);

	must_be(err, ERR_INVALID, ERR_NOT_FOUND);
	if (err)
		return;
	must_be_text(e.summary);
	must_be_text(e.description);
	must_be_text(e.place);
	MUST(*e.id && e.guests_n <= GOOGLE_EVENT_GUESTS && e.recurrence_n <= GOOGLE_EVENT_LINES);
	must_be_text(json_write(pool, google_time_json(pool, &e.start, true)));
	must_be_text(json_write(pool, google_event_until(pool, &e, e.start.instant)));
	must_be_text(google_event_rule(&e));
	MUST(google_event_same(pool, "attendees", json_at(j, "attendees"), json_at(j, "attendees")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	apr_pool_t *pool = pool_root();
	struct google_calendar calendar;
	struct google_page page;
	struct json *j = NULL;
	err_t *err = json_read(pool, (const char *)data, n, &j);

	if (!err) {
		event(pool, j);
		must_be(google_calendar_read(pool, j, &calendar), ERR_INVALID, ERR_INVALID);
		err = google_page_read(pool, j, &page);
		for (size_t i = 0; !err && i < json_len(page.items) && i < 50; i++)
			event(pool, json_item(page.items, i));
	}
	err_clear(err);
	pool_free(pool);
	return 0;
}
