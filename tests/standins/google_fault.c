/* Faults and quotas, as control asks for them. A fault is a word: see google_client.h. */
#include "tests/standins/google_world.h"

#include "core/clock.h"
#include "core/text.h"
#include <stdlib.h>
#include <string.h>

#define HUGE_BODY (INT64_C(300) * 1024 * 1024)
#define FOREVER (-1)
#define MINUTE_MS 60000
#define DOWNLOAD_UNITS 200

struct fault {
	apr_pool_t *pool;
	const char *call, *account;
	const struct json *schedule; /* of words; "": none */
	size_t at;
	const char *word;
	int64_t times, skip, retry_after_s;
	bool no_effect;
};

static struct list faults;

/* --- which --- */

/* "calendar.insert", "gmail.", "*", "/drive/v3" or "POST /calendar/v3". */
static bool names(const struct ask *ask, const char *call)
{
	const char *name = ask->route->name, *slash = strchr(call, '/');
	size_t method = strlen(ask->method), n = strlen(call);

	if (text_same(call, "*"))
		return true;
	if (!slash)
		return n && call[n - 1] == '.' ? text_starts(name, call) : text_same(name, call);
	if (slash != call && (strncmp(call, ask->method, method) != 0 || call[method] != ' '))
		return false;
	return text_starts(ask->path, slash);
}

/* The account that a token belongs to, before the token is asked for. */
static bool of_account(struct ask *ask, const struct fault *f)
{
	struct ask look = { .pool = ask->pool, .headers = ask->headers };

	if (!f->account)
		return true;
	return oauth_check(&look) && text_same(look.account->email, f->account);
}

/* The word whose turn it is, or NULL. */
static const char *turn(struct fault *f)
{
	const char *word;

	if (f->skip > 0) {
		f->skip--;
		return NULL;
	}
	if (f->schedule) {
		word = json_text(json_item(f->schedule, f->at++), NULL);
		return word && *word ? word : NULL;
	}
	if (!f->times)
		return NULL;
	f->times -= f->times > 0;
	return f->word;
}

/* --- what --- */

static const char *usual_reason(unsigned status)
{
	static const struct {
		unsigned status;
		const char *reason;
	} usual[] = {
		{ 400, "badRequest" },      { 401, "authError" },         { 403, "forbidden" },
		{ 404, "notFound" },        { 409, "duplicate" },         { 410, "fullSyncRequired" },
		{ 412, "conditionNotMet" }, { 429, "rateLimitExceeded" }, { 500, "internalError" },
	};

	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
		if (usual[i].status == status)
			return usual[i].reason;
	return "backendError";
}

/* Of /token and /revoke. */
static void say_oauth(struct ask *ask, unsigned status, const char *reason)
{
	struct json *o = json_object(ask->pool);

	json_set_text(o, "error", reason ? reason : status < 500 ? "invalid_request" : "internal_failure");
	json_set_text(o, "error_description", "scripted");
	say_json(ask, o);
	ask->answer.status = status;
}

static void say_status(struct ask *ask, const char *word, int64_t retry_after_s)
{
	static const char page[] = "<!DOCTYPE html><html><title>Error 502 (Server Error)!!1</title></html>";
	unsigned status = (unsigned)strtoul(word, NULL, 10);
	const char *reason = strchr(word, ':') ? strchr(word, ':') + 1 : NULL;

	if (retry_after_s)
		say_header(ask, "Retry-After", mem_fmt(ask->pool, "%lld", (long long)retry_after_s));
	if (status == 502 && !reason) {
		say_bytes(ask, "text/html; charset=UTF-8", page, sizeof page - 1);
		ask->answer.status = status;
	} else if (ask->route->quota) {
		deny(ask, status, reason ? reason : usual_reason(status), "Scripted: %s",
		     reason ? reason : usual_reason(status));
	} else {
		say_oauth(ask, status, reason);
	}
}

static int64_t number_after(const char *word, int64_t usual)
{
	const char *colon = strchr(word, ':');

	if (colon)
		text_int(colon + 1, &usual);
	return usual;
}

static void spoil(struct ask *ask, const char *word)
{
	static const char page[] = "<html><body>Bad gateway</body></html>";
	struct answer *a = &ask->answer;

	if (text_same(word, "after")) {
		a->drop = true;
	} else if (text_same(word, "garbage")) {
		*a = (struct answer){
			.status = 200, .type = "text/html", .body = page, .n = sizeof page - 1
		};
	} else if (text_same(word, "huge")) {
		a->status = 200;
		a->type = "application/json";
		a->huge = HUGE_BODY;
	} else if (text_same(word, "cut")) {
		if (!a->n)
			say_bytes(ask, "application/json", "{\"kind\":", strlen("{\"kind\":"));
		a->cut = true;
	}
}

static bool apply(struct ask *ask, const struct fault *f, const char *word)
{
	struct answer *a = &ask->answer;

	ask->fault = mem_text(ask->pool, word);
	if (*word >= '1' && *word <= '9') {
		say_status(ask, word, f->retry_after_s);
		return true;
	}
	if (text_starts(word, "slow"))
		a->delay_ms = number_after(word, 1000);
	if (text_same(word, "hold:before") || text_same(word, "hold:after"))
		a->hold = text_same(word, "hold:before") ? HOLD_BEFORE : HOLD_AFTER;
	if (text_starts(word, "late"))
		a->late_ms = number_after(word, 200);
	a->drop = text_same(word, "drop") || a->late_ms;
	if (a->drop)
		return true;
	if (f->no_effect && text_has_word("garbage huge cut", word)) {
		spoil(ask, word);
		return true;
	}
	return false;
}

bool fault_before(struct ask *ask)
{
	for (size_t i = 0; i < faults.n; i++) {
		struct fault *f = faults.v[i];
		const char *word = names(ask, f->call) && of_account(ask, f) ? turn(f) : NULL;

		if (word)
			return apply(ask, f, word);
	}
	return false;
}

void fault_after(struct ask *ask)
{
	if (ask->fault)
		spoil(ask, ask->fault);
}

/* --- quotas --- */

struct spent {
	int64_t at_ms, units;
};

bool fault_quota(struct ask *ask)
{
	static bool as_429;
	struct list *used = &ask->account->used[ask->route->quota];
	bool download = ask->route->quota == QUOTA_DRIVE && text_same(param(ask, "alt"), "media");
	int64_t units = download ? DOWNLOAD_UNITS : ask->route->units;
	int64_t now = clock_mono_ms(), sum = units, most = world.quota[ask->route->quota];
	struct spent *s;

	if (!most)
		return true;
	while (used->n && ((struct spent *)used->v[0])->at_ms <= now - MINUTE_MS) {
		s = used->v[0];
		list_drop(used, s);
		free(s);
	}
	for (size_t i = 0; i < used->n; i++)
		sum += ((struct spent *)used->v[i])->units;
	if (sum > most) {
		as_429 = !as_429;
		return as_429 ? deny(ask, 429, "rateLimitExceeded", "Rate Limit Exceeded")
			      : deny(ask, 403, "rateLimitExceeded", "Rate Limit Exceeded");
	}
	s = malloc(sizeof *s);
	if (!s)
		abort();
	*s = (struct spent){ now, units };
	list_add(used, s);
	return true;
}

/* --- control --- */

static bool word_good(const char *word)
{
	return !*word || (*word >= '1' && *word <= '9') || text_starts(word, "slow") ||
	       text_starts(word, "late") ||
	       text_has_word("drop after garbage huge cut hold:before hold:after", word);
}

static void add(struct ask *ask)
{
	apr_pool_t *pool = pool_child(world.pool);
	struct fault *f = MEM_NEW(pool, struct fault);
	const struct json *schedule = json_at(ask->body, "schedule");
	bool good = true;

	f->pool = pool;
	f->call = mem_text(pool, json_text(ask->body, "call"));
	f->account = mem_text(pool, json_text(ask->body, "account"));
	f->word = mem_text(pool, json_text(ask->body, "fault"));
	f->times = 1;
	json_int(ask->body, "times", &f->times);
	f->times = f->times ? f->times : FOREVER;
	json_int(ask->body, "skip", &f->skip);
	json_int(ask->body, "retry_after_s", &f->retry_after_s);
	f->no_effect = json_is_bool(json_at(ask->body, "effect")) && !json_true(ask->body, "effect");
	f->schedule = json_copy(pool, schedule);
	for (size_t i = 0; i < json_len(schedule); i++)
		good = good && json_text(json_item(schedule, i), NULL) &&
		       word_good(json_text(json_item(schedule, i), NULL));
	if (!f->call || !good || (!f->schedule && (!f->word || !word_good(f->word)))) {
		deny(ask, 400, "invalid", "a fault needs a call and a word");
		pool_free(pool);
		return;
	}
	list_add(&faults, f);
}

static void set_quota(struct ask *ask)
{
	json_int(ask->body, "calendar", &world.quota[QUOTA_CALENDAR]);
	json_int(ask->body, "gmail", &world.quota[QUOTA_GMAIL]);
	json_int(ask->body, "drive", &world.quota[QUOTA_DRIVE]);
}

static void set_pages(struct ask *ask)
{
	json_int(ask->body, "calendar", &world.page[QUOTA_CALENDAR]);
	json_int(ask->body, "gmail", &world.page[QUOTA_GMAIL]);
	json_int(ask->body, "drive", &world.page[QUOTA_DRIVE]);
	world.empty_pages = json_true(ask->body, "empty");
}

bool fault_control(struct ask *ask, const char *name)
{
	if (text_same(name, "fault")) {
		add(ask);
	} else if (text_same(name, "faults_clear")) {
		for (size_t i = 0; i < faults.n; i++)
			pool_free(((struct fault *)faults.v[i])->pool);
		faults.n = 0;
	} else if (text_same(name, "quota")) {
		set_quota(ask);
	} else if (text_same(name, "pages")) {
		set_pages(ask);
	} else {
		return false;
	}
	return true;
}
