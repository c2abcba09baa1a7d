/* A calendar file that somebody sends: events of clean words and sane times, or an error. */
#include "core/ical_read.h"
#include "core/zone.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	apr_pool_t *pool = pool_root();
	struct ical_event *v = NULL;
	size_t count = 0, more = 0;
	err_t *err = ical_read(pool, (const char *)data, n, &count, &v, &more);

	must_be(err, ERR_INVALID, ERR_TOO_LARGE);
	for (size_t i = 0; i < count; i++) {
		const struct zone *zone;

		must_be_text(v[i].title);
		must_be_text(v[i].text);
		must_be_text(v[i].place);
		must_be_text(v[i].organizer);
		must_be_text(v[i].uid);
		MUST(v[i].end >= v[i].start && v[i].guests_n <= ICAL_GUESTS);
		MUST(!*v[i].zone || !zone_find(v[i].zone, &zone));
	}
	pool_free(pool);
	return 0;
}
