/* The list of calendars, and push channels. */
#include "tests/standins/google_calendar.h"

#include "core/clock.h"
#include "core/text.h"
#include <stdlib.h>
#include <string.h>

#define WEEK_S INT64_C(604800)
#define MONTH_S (31 * INT64_C(86400))

struct channel {
	const char *id, *resource, *uri, *token, *address;
	const struct calendar *calendar;
	int64_t expiration; /* instant */
	int64_t messages;
	bool stopped;
};

static struct list channels;

/* --- calendarList --- */

static struct json *entry_of(struct ask *ask, const struct calendar *c)
{
	struct json *o = json_object(ask->pool), *reminders = json_array(ask->pool),
		    *one = json_object(ask->pool);

	json_set_text(o, "kind", "calendar#calendarListEntry");
	json_set_text(o, "etag", "\"1\"");
	json_set_text(o, "id", c->id);
	json_set_text(o, "summary", c->summary);
	json_set_text(o, "timeZone", c->zone);
	json_set_text(o, "accessRole", c->role);
	json_set_text(o, "backgroundColor", "#9fe1e7");
	if (c->primary)
		json_set_bool(o, "primary", true);
	if (c->hidden)
		json_set_bool(o, "hidden", true);
	else
		json_set_bool(o, "selected", true);
	json_set_text(one, "method", "popup");
	json_set_int(one, "minutes", 10);
	json_push(reminders, one);
	json_set(o, "defaultReminders", reminders);
	return o;
}

static bool role_at_least(const char *role, const char *least)
{
	static const char order[] = "freeBusyReader reader writer owner";

	return !least || strstr(order, role) >= strstr(order, least);
}

void serve_calendar_list(struct ask *ask)
{
	struct json *o = json_object(ask->pool), *list = json_array(ask->pool);
	const char *where = page_where(ask), *least = param(ask, "minAccessRole");
	int64_t max, at = 0, n = 0;
	size_t i;

	if (!where || !param_bools(ask, "showHidden showDeleted") ||
	    !param_int(ask, "maxResults", 100, 1, 250, &max))
		return;
	if (least && !text_has_word("freeBusyReader reader writer owner", least)) {
		deny(ask, 400, "invalid", "Invalid value for: minAccessRole");
		return;
	}
	calendar_prepare(ask->account);
	text_int(where, &at);
	if (world.page[QUOTA_CALENDAR] && world.page[QUOTA_CALENDAR] < max)
		max = world.page[QUOTA_CALENDAR];
	for (i = (size_t)at; i < ask->account->calendars.n && n < max; i++) {
		const struct calendar *c = ask->account->calendars.v[i];

		if ((c->hidden && !param_true(ask, "showHidden")) || !role_at_least(c->role, least))
			continue;
		json_push(list, entry_of(ask, c));
		n++;
	}
	json_set_text(o, "kind", "calendar#calendarList");
	json_set(o, "items", list);
	if (i < ask->account->calendars.n)
		json_set_text(o, "nextPageToken", page_token(ask, mem_fmt(ask->pool, "%zu", i)));
	else
		json_set_text(o, "nextSyncToken", mem_fmt(ask->pool, "CL%zu", i));
	say_json(ask, o);
}

/* --- watch --- */

static bool channel_id_good(const char *id)
{
	size_t n = id ? strlen(id) : 0;

	return n && n <= 64 &&
	       strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=") == n;
}

static struct channel *channel_find(const char *id)
{
	for (size_t i = 0; i < channels.n; i++) {
		struct channel *ch = channels.v[i];

		if (text_same(ch->id, id) && !ch->stopped && ch->expiration > clock_now())
			return ch;
	}
	return NULL;
}

/* A number, or digits in a string. */
static bool number_in(const struct json *j, const char *name, int64_t *ret)
{
	const char *text = json_text(j, name);

	return text ? text_int(text, ret) : json_int(j, name, ret);
}

static bool expiry_read(struct ask *ask, int64_t *ret)
{
	int64_t ms, ttl = WEEK_S;

	if (json_at(ask->body, "params.ttl") && (!number_in(ask->body, "params.ttl", &ttl) || ttl < 1))
		return deny(ask, 400, "invalid", "Invalid value for: ttl");
	*ret = clock_now() + (ttl < MONTH_S ? ttl : MONTH_S) * SECOND_US;
	if (!json_at(ask->body, "expiration"))
		return true;
	if (!number_in(ask->body, "expiration", &ms) || ms * 1000 <= clock_now())
		return deny(ask, 400, "channelInvalidExpiration", "Invalid value for: expiration");
	*ret = ms * 1000 < clock_now() + MONTH_S * SECOND_US ? ms * 1000 : clock_now() + MONTH_S * SECOND_US;
	return true;
}

/* https; http on loopback, where no certificate could be had. */
static bool address_good(const char *address)
{
	return address && (text_starts(address, "https://") || text_starts(address, "http://127.0.0.1:"));
}

static bool watch_check(struct ask *ask, int64_t *ret_expiration)
{
	const char *id = json_text(ask->body, "id"), *token = json_text(ask->body, "token");

	if (!only_fields(ask, ask->body, "id type address token expiration params payload kind", "channel"))
		return false;
	if (!channel_id_good(id))
		return deny(ask, 400, "channelIdInvalid", "Invalid channel id.");
	if (channel_find(id))
		return deny(ask, 400, "channelIdNotUnique", "Channel id not unique");
	if (!text_same(json_text(ask->body, "type"), "web_hook"))
		return deny(ask, 400, "channelUnknownType", "Unknown channel type.");
	if (!address_good(json_text(ask->body, "address")))
		return deny(ask, 400, "push.webhookUrlNotHttps", "WebHook callback must be HTTPS");
	if (token && strlen(token) > 256)
		return deny(ask, 400, "invalid", "The token is too long.");
	return expiry_read(ask, ret_expiration);
}

static const char *expiration_text(apr_pool_t *pool, const struct channel *ch)
{
	return mem_fmt(pool, "%lld", (long long)(ch->expiration / 1000));
}

/* Lives in the world's pool: a thread sends it. */
static struct post *post_of(struct channel *ch, const char *state)
{
	struct post *p = MEM_NEW(world.pool, struct post);
	struct json *h = json_object(world.pool);

	p->url = ch->address;
	json_set_text(h, "X-Goog-Channel-ID", ch->id);
	if (ch->token)
		json_set_text(h, "X-Goog-Channel-Token", ch->token);
	json_set_text(h, "X-Goog-Channel-Expiration", expiration_text(world.pool, ch));
	json_set_text(h, "X-Goog-Resource-ID", ch->resource);
	json_set_text(h, "X-Goog-Resource-URI", ch->uri);
	json_set_text(h, "X-Goog-Resource-State", state);
	ch->messages += text_same(state, "sync") ? 1 : 1 + world_next() % 3; /* with gaps */
	json_set_text(h, "X-Goog-Message-Number", mem_fmt(world.pool, "%lld", (long long)ch->messages));
	p->headers = h;
	return p;
}

static void notice(struct ask *ask, struct channel *ch, const char *state)
{
	if (!ask->answer.post)
		ask->answer.post = MEM_NEW(world.pool, struct list);
	list_add(ask->answer.post, post_of(ch, state));
}

static struct json *channel_json(struct ask *ask, const struct channel *ch)
{
	struct json *o = json_object(ask->pool);

	json_set_text(o, "kind", "api#channel");
	json_set_text(o, "id", ch->id);
	json_set_text(o, "resourceId", ch->resource);
	json_set_text(o, "resourceUri", ch->uri);
	if (ch->token)
		json_set_text(o, "token", ch->token);
	json_set_text(o, "expiration", expiration_text(ask->pool, ch));
	return o;
}

void serve_watch(struct ask *ask)
{
	struct calendar *c = calendar_find(ask, ask->part[0]);
	int64_t expiration = 0;
	struct channel *ch;

	if (!c || !body_needed(ask) || !watch_check(ask, &expiration))
		return;
	ch = MEM_NEW(world.pool, struct channel);
	ch->id = mem_text(world.pool, json_text(ask->body, "id"));
	ch->token = mem_text(world.pool, json_text(ask->body, "token"));
	ch->address = mem_text(world.pool, json_text(ask->body, "address"));
	ch->resource = mem_textn(world.pool, sha256_hex(ask->pool, c->id, strlen(c->id)), 24);
	ch->uri = mem_fmt(world.pool, "https://www.googleapis.com/calendar/v3/calendars/%s/events?alt=json",
			  url_encode(ask->pool, c->id));
	ch->calendar = c;
	ch->expiration = expiration;
	list_add(&channels, ch);
	if (!text_starts(ch->address, "https://")) {
		notice(ask, ch, "sync");
		ask->answer.post_quiet = true;
	}
	say_json(ask, channel_json(ask, ch));
}

void serve_stop(struct ask *ask)
{
	struct channel *ch;

	if (!body_needed(ask) ||
	    !only_fields(ask, ask->body, "id resourceId kind resourceUri token expiration type address",
			 "channel"))
		return;
	ch = channel_find(json_text(ask->body, "id"));
	if (!ch || ch->calendar->account != ask->account ||
	    !text_same(ch->resource, json_text(ask->body, "resourceId"))) {
		deny(ask, 404, "notFound", "Channel '%s' not found for project.",
		     json_text(ask->body, "id") ? json_text(ask->body, "id") : "");
		return;
	}
	ch->stopped = true;
	say_nothing(ask, 204);
}

/* --- control --- */

static void list_channels(struct ask *ask)
{
	struct json *list = json_array(ask->pool);

	for (size_t i = 0; i < channels.n; i++) {
		const struct channel *ch = channels.v[i];
		struct json *o = channel_json(ask, ch);

		json_set_text(o, "calendar", ch->calendar->id);
		json_set_text(o, "account", ch->calendar->account->email);
		json_set_text(o, "address", ch->address);
		json_set_bool(o, "live", !ch->stopped && ch->expiration > clock_now());
		json_push(list, o);
	}
	say_json(ask, list);
}

/* {"account"?,"calendar"?,"state"?} -> [{"url","status"}]: to every live channel of the calendar. */
static void notify(struct ask *ask)
{
	const char *id = json_text(ask->body, "calendar"), *state = json_text(ask->body, "state");
	struct calendar *c = calendar_find(ask, id ? id : "primary");

	for (size_t i = 0; c && i < channels.n; i++) {
		struct channel *ch = channels.v[i];

		if (ch->calendar == c && channel_find(ch->id) == ch)
			notice(ask, ch, state ? state : "exists");
	}
	if (c && !ask->answer.post)
		say_json(ask, json_array(ask->pool));
}

bool channel_control(struct ask *ask, const char *name)
{
	if (text_same(name, "channels"))
		list_channels(ask);
	else if (text_same(name, "notify"))
		notify(ask);
	else
		return false;
	return true;
}
