#include "tools/event/event_import.h"

#include "core/ical_read.h"
#include "core/text.h"
#include "ml/date/date.h"
#include "tools/event/event_view.h"

enum { TEXT_CHARS = 500, UID_CHARS = 300 };

static struct json *one(struct req *req, const struct ical_event *e)
{
	apr_pool_t *pool = req->pool;
	struct json *j = json_object(pool);
	int64_t end = e->end > e->start ? e->end : e->start + EVENT_MINUTES * 60;

	json_set_text(j, "title", *e->title ? e->title : tr(pool, req->lang, "event.untitled"));
	json_set_text(j, "start", date_iso(pool, e->start));
	json_set_text(j, "end", date_iso(pool, end));
	json_set_bool(j, "all_day", e->all_day);
	json_set_text(j, "zone", *e->zone ? e->zone : req->zone);
	json_set_text(j, "place", e->place);
	json_set_text(j, "text", text_cut(pool, e->text, TEXT_CHARS));
	json_set_text(j, "rrule", e->rrule);
	json_set_text(j, "uid", text_cut(pool, e->uid, UID_CHARS));
	return j;
}

err_t *event_import_args(struct req *req, const char *bytes, size_t n, struct json **ret_args)
{
	struct json *args = json_object(req->pool), *list = json_array(req->pool);
	struct ical_event *v;
	size_t count, more;

	ERR(ical_read(req->pool, bytes, n, &count, &v, &more));
	for (size_t i = 0; i < count; i++)
		if (!v[i].cancelled && !v[i].exception)
			json_push(list, one(req, &v[i]));
	*ret_args = json_len(list) ? args : NULL;
	json_set(args, "events", list);
	json_set_int(args, "more", (int64_t)more);
	return NULL;
}
