#include "core/limits.h"
#include "core/text.h"
#include "integrations/google/google.h"
#include "tools/event/event_google.h"
#include "tools/words.h"

struct args {
	const char *start, *end, *query;
	int64_t max_results;
	/* What fetch finds. */
	const char *note;
	struct event_row *live; /* Google's events of days that are not kept here; NULL: all of them are */
	size_t live_n;
};

static const struct json_field params[] = {
	{ "start", JSON_TEXT, 0, offsetof(struct args, start), 0, 40, NULL,
	  "from when, local: 2026-11-30 or 2026-11-30T00:00:00; now when left out" },
	{ "end", JSON_TEXT, 0, offsetof(struct args, end), 0, 40, NULL,
	  "until when, exclusive; a week on when left out, half a year when only words are given" },
	{ "query", JSON_TEXT, 0, offsetof(struct args, query), 0, 1000, NULL,
	  "words of the title, place or people" },
	{ "max_results", JSON_INT, 0, offsetof(struct args, max_results), 1, 50, NULL, "20 when left out" },
	{ 0 },
};

struct listed {
	int64_t total;
	struct json_list events;
};

static const struct json_field result[] = {
	{ "total", JSON_INT, JSON_REQUIRED, offsetof(struct listed, total) },
	{ "events", JSON_OBJECTS, JSON_REQUIRED, offsetof(struct listed, events), .of = event_fields,
	  .size = sizeof(struct event_data), .doc = "the first of them" },
	{ 0 },
};

static const int64_t day_s = 86400;
enum { SHOWN = 20, WAIT_MS = 4000, KEPT_BEHIND = 34, KEPT_AHEAD = 390 /* days, at least */ };

static NODISCARD err_t *from_text(struct req *req, const char *text, struct json **ret_args)
{
	struct json *args = json_object(req->pool);
	struct when when;
	const char *rest = text;

	if (when_find(req, text, &when, &rest)) {
		struct when start = { .wall = when.wall },
			    end = { .wall = when.has_end ? when.end : when.wall + day_s };

		if (!when.has_end || when.has_time) /* a time of day stands for its day */
			end.wall = (end.wall + day_s - 1) / day_s * day_s;
		json_set_text(args, "start", when_date(req, &start));
		json_set_text(args, "end", when_date(req, &end));
	}
	if (*words_line(req->pool, rest))
		json_set_text(args, "query", words_line(req->pool, rest));
	*ret_args = args;
	return NULL;
}

static NODISCARD err_t *window_read(struct req *req, const struct args *args, int64_t *ret_start,
				    int64_t *ret_end)
{
	struct when when;

	*ret_start = when_now(req);
	if (args->start) {
		if (!when_read(req, args->start, &when))
			return err_new(ERR_INVALID, "\"start\": not a local day or time");
		*ret_start = when.wall;
	}
	*ret_end = *ret_start - *ret_start % day_s + (args->query && !args->start ? 183 : 7) * day_s;
	if (!args->end)
		return NULL;
	if (!when_read(req, args->end, &when))
		return err_new(ERR_INVALID, "\"end\": not a local day or time");
	*ret_end = when.wall;
	return NULL;
}

static err_t *fetch(struct req *req, void *p, struct outcome *ret)
{
	struct args *args = p;
	int64_t start = 0, end = 0, now = when_now(req);

	if (!google_configured(req->config))
		return NULL;
	ERR(window_read(req, args, &start, &end));
	ERR(event_fresh(req, WAIT_MS, &args->note));
	if (start >= now - KEPT_BEHIND * day_s && end <= now + KEPT_AHEAD * day_s)
		return NULL;
	return event_live(req, start, end, args->query ? words_line(req->pool, args->query) : "",
			  &args->live_n, &args->live, ret);
}

/* Those that are kept here beside what Google has just said. */
static void live_merge(struct req *req, const struct args *args, size_t *n, struct event_row **events)
{
	struct event_row *all = mem_alloc(req->pool, sizeof *all * (*n + args->live_n + 1));
	size_t count = 0;

	for (size_t i = 0; i < *n; i++)
		if (!(*events)[i].google)
			all[count++] = (*events)[i];
	for (size_t i = 0; i < args->live_n; i++)
		all[count++] = args->live[i];
	event_sort(all, count);
	*n = count;
	*events = all;
}

static int64_t day_of(int64_t wall)
{
	return wall - ((wall % day_s) + day_s) % day_s;
}

static NODISCARD err_t *render(struct req *req, const struct event_row *events, size_t n, size_t max,
			       struct outcome *ret)
{
	struct buf html = buf_new(req->pool, LIMIT_MESSAGE_BYTES);
	int64_t day = INT64_MIN;

	for (size_t i = 0; i < n && i < max; i++) {
		const struct event_row *e = &events[i];
		struct when when = { .wall = e->start };

		ret->outside = ret->outside || e->outside;
		if (day_of(e->start) != day) {
			day = day_of(e->start);
			buf_fmt(&html, "%s<b>%s</b>", html.n ? "\n\n" : "", when_text(req, &when));
		}
		buf_fmt(&html, "\n%s",
			tr(req->pool, req->lang, e->id ? "event.hour_line" : "event.hour_line_far",
			   SLOT_I("id", e->id), SLOT_S("hours", event_hours(req, e)),
			   SLOT_S("title", text_cut(req->pool, e->title, 80)),
			   SLOT_S("place", *e->place ? mem_fmt(req->pool, " · %s", e->place) : "")));
	}
	if (n > max)
		buf_fmt(&html, "\n\n%s", tr(req->pool, req->lang, "event.more", SLOT_I("n", n - max)));
	ret->html = html.p;
	return buf_check(&html);
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	const char *words = args->query ? words_line(req->pool, args->query) : "";
	struct event_row *events;
	int64_t start = 0, end = 0;
	size_t n = 0, max = args->max_results ? (size_t)args->max_results : SHOWN;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	ERR(window_read(req, args, &start, &end));
	ERR(event_window(req, tx, start, end, words, &n, &events));
	if (args->live)
		live_merge(req, args, &n, &events);
	if (n < max)
		max = n;
	outcome_data(req, ret, result, &(struct listed){ (int64_t)n, event_list(req, events, max) });
	if (n)
		ERR(render(req, events, n, max, ret));
	else
		ret->html = tr(req->pool, req->lang, *words ? "event.none_words" : "event.none",
			       SLOT_S("words", text_cut(req->pool, words, 80)));
	if (args->note && *args->note)
		ret->html = mem_fmt(req->pool, "%s\n\n%s", ret->html, args->note);
	return NULL;
}

const struct tool tool_list_events = {
	.name = "list_events",
	.description =
		"Shows the person's calendar (Google's too) in a span of time, by day; or when something is, by words.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_READ,
	.always_offered = true,
	.words = { .what = "query", .when = "start" },
	.min_role = ROLE_GUEST,
	.commands = "agenda calendar",
	.from_text = from_text,
	.fetch = fetch,
	.run = run,
};
