#include "tools/event/event_draft.h"

#include "core/clock.h"
#include "core/text.h"
#include "core/zone.h"
#include "core/zone_city.h"
#include "ml/date/date.h"
#include "tools/words.h"
#include <stdlib.h>
#include <string.h>

enum { DAY_S = 86400 };

static struct json *time_json(struct req *req, int64_t wall, bool all_day, const char *zone)
{
	struct google_time t = { .all_day = all_day, .zone = zone };

	t.instant = all_day ? wall * SECOND_US : when_instant_in(req, zone, wall);
	return google_time_json(req->pool, &t, false);
}

/* "20261130" or "20261130T235959" as a wall; false: it is none. */
static bool until_wall(apr_pool_t *pool, const char *s, int64_t *ret)
{
	size_t n = strspn(s, "0123456789T");
	const char *time = n >= 15 ? mem_fmt(pool, "%.2s:%.2s:%.2s", s + 9, s + 11, s + 13) : "23:59:59";

	return n >= 8 && date_parse_iso(mem_fmt(pool, "%.4s-%.2s-%.2sT%s", s, s + 4, s + 6, time), ret);
}

static const char *digits(apr_pool_t *pool, const char *iso)
{
	struct buf b = buf_new(pool, 40);

	for (; *iso; iso++)
		if (*iso != '-' && *iso != ':')
			buf_char(&b, *iso);
	return b.p;
}

/* A rule with its UNTIL, a wall time here, as Google wants it. */
static const char *rule_json(struct req *req, const char *rrule, bool all_day, const char *zone)
{
	const char *until = strstr(rrule, "UNTIL="), *value;
	int64_t wall;

	if (!until || !until_wall(req->pool, until + 6, &wall))
		return mem_fmt(req->pool, "RRULE:%s", rrule);
	value = digits(req->pool,
		       all_day ? mem_textn(req->pool, date_iso(req->pool, wall), 10)
			       : date_iso(req->pool, when_instant_in(req, zone, wall) / SECOND_US));
	return mem_fmt(req->pool, "RRULE:%.*s%s%s%s", (int)(until + 6 - rrule), rrule, value,
		       all_day ? "" : "Z", until + 6 + strcspn(until + 6, ";"));
}

static struct json *reminders_json(apr_pool_t *pool, int64_t minutes)
{
	struct json *reminders = json_object(pool), *list = json_array(pool), *one = json_object(pool);

	json_set_bool(reminders, "useDefault", false);
	json_set_text(one, "method", "popup");
	json_set_int(one, "minutes", minutes);
	json_push(list, one);
	json_set(reminders, "overrides", list);
	return reminders;
}

static struct json *meet_json(apr_pool_t *pool)
{
	struct json *data = json_object(pool), *request = json_object(pool), *key = json_object(pool);

	json_set_text(key, "type", "hangoutsMeet");
	json_set_text(request, "requestId", "");
	json_set(request, "conferenceSolutionKey", key);
	json_set(data, "createRequest", request);
	return data;
}

static void people_put(apr_pool_t *pool, struct json *body, const struct event_draft *d)
{
	struct json *list = json_array(pool);

	for (size_t i = 0; i < d->guests_n; i++) {
		struct json *guest = json_object(pool);

		json_set_text(guest, "email", d->guests[i]);
		json_push(list, guest);
	}
	if (d->guests_n)
		json_set(body, "attendees", list);
}

struct json *event_draft_json(struct req *req, const struct event_draft *d)
{
	apr_pool_t *pool = req->pool;
	struct json *body = json_object(pool), *lines = json_array(pool);

	json_set_text(body, "summary", d->title);
	if (d->description && *d->description)
		json_set_text(body, "description", d->description);
	if (d->place && *d->place)
		json_set_text(body, "location", d->place);
	json_set(body, "start", time_json(req, d->start, d->all_day, d->zone));
	json_set(body, "end", time_json(req, d->end, d->all_day, d->zone));
	if (d->rrule && *d->rrule) {
		json_push_text(lines, rule_json(req, d->rrule, d->all_day, d->zone));
		json_set(body, "recurrence", lines);
	}
	people_put(pool, body, d);
	if (d->reminder >= 0)
		json_set(body, "reminders", reminders_json(pool, d->reminder));
	if (d->meet)
		json_set(body, "conferenceData", meet_json(pool));
	return body;
}

struct event_row event_draft_row(struct req *req, const struct event_draft *d)
{
	struct event_row e = { .title = d->title,
			       .start = d->start,
			       .end = d->end,
			       .rrule = d->rrule ? d->rrule : "",
			       .place = d->place ? d->place : "",
			       .attendees = "",
			       .link = "",
			       .all_day = d->all_day };

	if (!d->all_day && !text_same(d->zone, req->zone)) {
		e.start = when_wall(req, when_instant_in(req, d->zone, d->start));
		e.end = when_wall(req, when_instant_in(req, d->zone, d->end));
	}
	return e;
}

const char *event_zone_text(struct req *req, int64_t wall)
{
	const struct zone *zone = NULL;
	const char *offset = "";
	int64_t s;

	err_clear(zone_find(req->zone, &zone));
	s = zone ? zone_offset(zone, when_instant(req, wall)) : 0;
	if (s % 3600)
		offset = mem_fmt(req->pool, "%d:%02d", (int)(llabs(s) / 3600), (int)(llabs(s) / 60 % 60));
	else
		offset = s ? mem_fmt(req->pool, "%d", (int)(llabs(s) / 3600)) : "";
	return tr(req->pool, req->lang, "event.zone",
		  SLOT_S("zone", zone_place(req->pool, req->lang, req->zone)),
		  SLOT_S("offset", mem_fmt(req->pool, "UTC%s%s",
					   s < 0   ? "−"
					   : s > 0 ? "+"
						   : "",
					   offset)));
}

const char *event_more_text(struct req *req, const char *place, const char *guests, const char *meet)
{
	struct buf b = buf_new(req->pool, 16384);

	if (*place)
		buf_fmt(&b, "\n📍 %s", text_html(req->pool, place));
	if (*guests)
		buf_fmt(&b, "\n👥 %s", text_html(req->pool, text_cut(req->pool, guests, 600)));
	if (*meet)
		buf_fmt(&b, "\n🎥 <a href=\"%s\">Google Meet</a>", text_html(req->pool, meet));
	return b.p && !b.over ? b.p : "";
}

static bool is_mail(const char *s)
{
	const char *at = strchr(s, '@');

	return at && at != s && strchr(at, '.') && !strpbrk(s, " ,;<>\"");
}

/* *ret_mail NULL: nobody, or several. */
static NODISCARD err_t *mail_of(struct tx *tx, const char *who, const char **ret_mail)
{
	apr_pool_t *pool = tx_req(tx)->pool;
	struct rows *rows;

	*ret_mail = is_mail(who) ? who : NULL;
	if (*ret_mail)
		return NULL;
	ERR(tx_exec(tx, STMT_EVENT_GUEST, PG_ARGS(PG_TEXT(who)), &rows));
	if (rows_count(rows) == 1 && is_mail(rows_text(rows, 0, COL_EVENT_GUEST_EMAIL)))
		*ret_mail = mem_text(pool, rows_text(rows, 0, COL_EVENT_GUEST_EMAIL));
	return NULL;
}

err_t *event_guests(struct req *req, struct tx *tx, const struct json_texts *who,
		    struct json_texts *ret_mails, const char **ret_unknown)
{
	struct buf unknown = buf_new(req->pool, 8192);
	const char **mails = mem_alloc(req->pool, sizeof *mails * (who->n + 1));
	size_t n = 0;

	for (size_t i = 0; i < who->n; i++) {
		const char *name = words_line(req->pool, who->v[i]), *mail;

		if (!*name)
			continue;
		ERR(mail_of(tx, name, &mail));
		if (mail)
			mails[n++] = mail;
		else
			buf_fmt(&unknown, "%s%s", unknown.n ? ", " : "", text_cut(req->pool, name, 60));
	}
	*ret_mails = (struct json_texts){ n, mails };
	*ret_unknown = unknown.n && !unknown.over ? unknown.p : "";
	return NULL;
}

err_t *event_clash(struct req *req, struct tx *tx, const struct event_row *e, bool *ret_clash,
		   struct event_row *ret_other)
{
	struct event_row *others;
	size_t n = 0, i = 0;

	*ret_clash = false;
	if (e->all_day)
		return NULL;
	ERR(event_window(req, tx, e->start, e->end, "", &n, &others));
	while (i < n && ((e->id && others[i].id == e->id) || others[i].all_day || others[i].free))
		i++;
	*ret_clash = i < n;
	if (i < n)
		*ret_other = others[i];
	return NULL;
}
