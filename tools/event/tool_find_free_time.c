#include "core/limits.h"
#include "tools/event/event_google.h"

struct args {
	const char *start, *end, *title;
	int64_t minutes;
	const char *note; /* of fetch */
};

static const struct json_field params[] = {
	{ "start", JSON_TEXT, 0, offsetof(struct args, start), 0, 40, NULL,
	  "from when, local; now when left out" },
	{ "end", JSON_TEXT, 0, offsetof(struct args, end), 0, 40, NULL,
	  "until when, exclusive; five days on when left out" },
	{ "minutes", JSON_INT, 0, offsetof(struct args, minutes), 5, 1440, NULL,
	  "how long it has to be; 60 when left out" },
	{ "title", JSON_TEXT, 0, offsetof(struct args, title), 0, LIMIT_TEXT_IN, NULL, NULL },
	{ 0 },
};

struct span {
	const char *start, *end;
};

static const struct json_field span_fields[] = {
	{ "start", JSON_TEXT, JSON_REQUIRED, offsetof(struct span, start), .doc = "local" },
	{ "end", JSON_TEXT, JSON_REQUIRED, offsetof(struct span, end) },
	{ 0 },
};

struct found {
	int64_t minutes;
	struct json_list free;
};

static const struct json_field result[] = {
	{ "minutes", JSON_INT, JSON_REQUIRED, offsetof(struct found, minutes), .doc = "at least, of each" },
	{ "free", JSON_OBJECTS, JSON_REQUIRED, offsetof(struct found, free), .of = span_fields,
	  .size = sizeof(struct span), .doc = "the first twelve" },
	{ 0 },
};

static const int64_t day_s = 86400, opens_s = 8 * 3600, closes_s = 20 * 3600;
enum { DAYS_MAX = 31, SHOWN = 12, WAIT_MS = 4000 };

/* Free spans under way. */
struct finding {
	struct req *req;
	struct buf html;
	int64_t least_s;
	size_t shown;
	struct span v[SHOWN];
	int64_t day_said;
};

static const char *clock_text(struct req *req, int64_t wall)
{
	struct when when = { .wall = wall, .has_time = true };

	return when_time(req, &when);
}

static void put(struct finding *f, int64_t from, int64_t to)
{
	struct when day = { .wall = from - from % day_s };

	if (to - from < f->least_s || f->shown >= SHOWN)
		return;
	if (day.wall != f->day_said) {
		buf_fmt(&f->html, "%s<b>%s</b>", f->html.n ? "\n\n" : "", when_text(f->req, &day));
		f->day_said = day.wall;
	}
	buf_fmt(&f->html, "\n%s–%s", clock_text(f->req, from), clock_text(f->req, to));
	f->v[f->shown++] = (struct span){ when_iso(f->req, &(struct when){ .wall = from, .has_time = true }),
					  when_iso(f->req, &(struct when){ .wall = to, .has_time = true }) };
}

/* What is left of [from, to) of one day beside its events, which are in order. */
static void day_put(struct finding *f, int64_t from, int64_t to, const struct event_row *events, size_t n)
{
	for (size_t i = 0; i < n && from < to; i++) {
		if (events[i].end <= from || events[i].start >= to || events[i].free)
			continue;
		put(f, from, events[i].start < to ? events[i].start : to);
		if (events[i].end > from)
			from = events[i].end;
	}
	put(f, from, to);
}

static NODISCARD err_t *window_read(struct req *req, const struct args *args, int64_t *ret_start,
				    int64_t *ret_end)
{
	struct when when;
	int64_t now = when_now(req);

	*ret_start = now;
	if (args->start) {
		if (!when_read(req, args->start, &when))
			return err_new(ERR_INVALID, "\"start\": not a local day or time");
		*ret_start = when.wall > now ? when.wall : now;
	}
	*ret_end = *ret_start - *ret_start % day_s + 5 * day_s;
	if (args->end) {
		if (!when_read(req, args->end, &when))
			return err_new(ERR_INVALID, "\"end\": not a local day or time");
		*ret_end = when.wall;
	}
	if (*ret_end > *ret_start + DAYS_MAX * day_s)
		*ret_end = *ret_start + DAYS_MAX * day_s;
	/* Whole quarters of an hour are easier to say. */
	*ret_start = (*ret_start + 899) / 900 * 900;
	return NULL;
}

static err_t *fetch(struct req *req, void *p, struct outcome *ret)
{
	struct args *args = p;

	(void)ret;
	return event_fresh(req, WAIT_MS, &args->note);
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	struct finding f = { .req = req,
			     .html = buf_new(req->pool, LIMIT_MESSAGE_BYTES),
			     .day_said = INT64_MIN };
	struct event_row *events;
	int64_t start = 0, end = 0;
	size_t n = 0;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	f.least_s = (args->minutes ? args->minutes : 60) * 60;
	ERR(window_read(req, args, &start, &end));
	ERR(event_window(req, tx, start, end, "", &n, &events));
	for (int64_t day = start - start % day_s; day < end; day += day_s) {
		int64_t from = day + opens_s > start ? day + opens_s : start;

		day_put(&f, from, day + closes_s < end ? day + closes_s : end, events, n);
	}
	outcome_data(req, ret, result, &(struct found){ f.least_s / 60, { f.shown, f.v } });
	if (!f.shown) {
		ret->html = tr(req->pool, req->lang, "event.no_free", SLOT_I("minutes", f.least_s / 60));
	} else {
		ERR(buf_check(&f.html));
		ret->html = mem_fmt(req->pool, "%s\n\n%s", tr(req->pool, req->lang, "event.free"), f.html.p);
	}
	if (args->note && *args->note)
		ret->html = mem_fmt(req->pool, "%s\n\n%s", ret->html, args->note);
	return NULL;
}

const struct tool tool_find_free_time = {
	.name = "find_free_time",
	.description =
		"Finds when the person is free, between 8 and 20 o'clock, beside what is in the calendar.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_READ,
	.words = { .what = "title", .when = "start" },
	.min_role = ROLE_GUEST,
	.fetch = fetch,
	.run = run,
};
