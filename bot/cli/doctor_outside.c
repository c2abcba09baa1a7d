#include "bot/cli/doctor.h"

#include "bot/cli/cli_run.h"
#include "core/cache.h"
#include "core/clock.h"
#include "core/text.h"
#include "integrations/llm/llm.h"
#include "integrations/telegram/telegram.h"
#include "ml/chart/chart.h"
#include "ml/chart/chart_png.h"
#include <apr_network_io.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

enum { REDIS_WAIT_S = 3, DISK_PERCENT = 5 };

static const int64_t disk_min = INT64_C(1) << 30;
static const int64_t webhook_error_fresh_s = 3600;

/* One inline command; its first line of answer in reply. */
static apr_status_t redis_ask(apr_socket_t *sock, const char *command, char *reply, apr_size_t cap)
{
	apr_size_t n = strlen(command), got = cap - 1;
	apr_status_t rc = apr_socket_send(sock, command, &n);

	if (!rc)
		rc = apr_socket_recv(sock, reply, &got);
	reply[rc ? 0 : got] = 0;
	reply[strcspn(reply, "\r\n")] = 0;
	return rc;
}

static const char *redis_auth(apr_pool_t *pool, const struct cache_url *r)
{
	size_t user = strlen(r->user), password = strlen(r->password);

	if (!user)
		return mem_fmt(pool, "*2\r\n$4\r\nAUTH\r\n$%zu\r\n%s\r\n", password, r->password);
	return mem_fmt(pool, "*3\r\n$4\r\nAUTH\r\n$%zu\r\n%s\r\n$%zu\r\n%s\r\n", user, r->user, password,
		       r->password);
}

/* "" when it answers PING; else what went wrong. */
static const char *redis_ping(apr_pool_t *pool, const struct cache_url *r)
{
	static char reply[256];
	apr_sockaddr_t *address;
	apr_socket_t *sock;
	apr_status_t rc =
		apr_sockaddr_info_get(&address, r->path ? r->path : r->host, r->path ? APR_UNIX : APR_UNSPEC,
				      (apr_port_t)r->port, 0, pool);

	if (!rc)
		rc = apr_socket_create(&sock, address->family, SOCK_STREAM, r->path ? 0 : APR_PROTO_TCP,
				       pool);
	if (!rc)
		rc = apr_socket_timeout_set(sock, apr_time_from_sec(REDIS_WAIT_S));
	if (!rc)
		rc = apr_socket_connect(sock, address);
	if (!rc && *r->password)
		rc = redis_ask(sock, redis_auth(pool, r), reply, sizeof reply);
	if (!rc && *r->password && *reply == '-')
		return reply;
	if (!rc)
		rc = redis_ask(sock, "PING\r\n", reply, sizeof reply);
	if (rc)
		return apr_strerror(rc, reply, sizeof reply);
	return text_starts(reply, "+PONG") ? "" : reply;
}

static err_t *check_redis(struct doctor *d)
{
	struct cache_url r;
	const char *fault, *name;

	if (!*d->config->redis_url) {
		doctor_say(d, FINDING_SKIP, "redis",
			   "REDIS_URL is not set: limits live in PostgreSQL, caches in memory");
		return NULL;
	}
	ERR(cache_url_read(d->pool, d->config->redis_url, &r));
	name = r.path ? r.path : mem_fmt(d->pool, "%s:%d", r.host, r.port);
	fault = redis_ping(d->pool, &r);
	if (*fault)
		doctor_say(
			d, FINDING_WARN, "redis",
			"%s does not answer PING (%s): start it or unset REDIS_URL; nothing fails without it",
			name, fault);
	else
		doctor_say(d, FINDING_OK, "redis", "%s answers: limits and caches are shared through it",
			   name);
	return NULL;
}

/* Scheme and host: the path of someone else's webhook may be a secret. */
static const char *origin(apr_pool_t *pool, const char *url)
{
	const char *host = strstr(url, "://");

	if (!host)
		return "an unreadable url";
	return mem_fmt(pool, "%s/...",
		       mem_textn(pool, url, (size_t)(host - url) + 3 + strcspn(host + 3, "/")));
}

static void check_webhook(struct doctor *d, const struct json *info)
{
	const char *url = json_text(info, "url"), *said = json_text(info, "last_error_message");
	const char *ours = mem_fmt(d->pool, "%s/webhook/telegram", d->config->public_url);
	bool webhook = config_webhook_mode(d->config);
	int64_t pending = 0, failed_at = 0;

	json_int(info, "pending_update_count", &pending);
	json_int(info, "last_error_date", &failed_at);
	if (!webhook && url && *url)
		doctor_say(
			d, FINDING_FAIL, "webhook",
			"polling is chosen, but a webhook is set (%s), so nothing arrives: `lembra webhook delete`",
			origin(d->pool, url));
	else if (!webhook)
		doctor_say(d, FINDING_OK, "webhook",
			   "none, as polling needs it; %lld updates wait at Telegram", (long long)pending);
	else if (!*d->config->public_url)
		doctor_say(
			d, FINDING_FAIL, "webhook",
			"PUBLIC_URL is not set, and webhook mode is chosen: set it, then `lembra webhook set`");
	else if (!url || !text_same(url, ours))
		doctor_say(d, FINDING_FAIL, "webhook", "%s, not at %s: `lembra webhook set`",
			   url && *url ? mem_fmt(d->pool, "set at %s", origin(d->pool, url)) : "not set",
			   ours);
	else if (said && failed_at * SECOND_US > clock_real() - webhook_error_fresh_s * SECOND_US)
		doctor_say(d, FINDING_WARN, "webhook",
			   "%s; %lld updates wait; Telegram's last error (%s): %s", url, (long long)pending,
			   clock_iso(d->pool, failed_at * SECOND_US), said);
	else
		doctor_say(d, FINDING_OK, "webhook", "%s; %lld updates wait at Telegram, no error of late",
			   url, (long long)pending);
}

static err_t *check_telegram(void *ctx)
{
	struct doctor *d = ctx;
	struct telegram *tg;
	struct tg_result r;
	const char *name;

	ERR(telegram_new(d->pool, d->config->telegram_api_base, d->config->telegram_bot_token, &tg));
	ERR(tg_get_me(tg, d->pool, &r));
	if (!tg_ok(&r)) {
		doctor_say(d, FINDING_FAIL, "token", "Telegram says %s (%s): %s", tg_outcome_name(r.outcome),
			   r.description,
			   r.outcome == TG_UNAUTHORIZED ? "take a valid token from @BotFather"
							: "is TELEGRAM_API_BASE right and reachable?");
		return NULL;
	}
	name = json_text(r.result, "username");
	doctor_say(d, FINDING_OK, "token", "the bot is @%s", name ? name : "?");
	ERR(tg_webhook_info(tg, d->pool, &r));
	if (tg_ok(&r))
		check_webhook(d, r.result);
	else
		doctor_say(d, FINDING_FAIL, "webhook", "Telegram says %s (%s): try again",
			   tg_outcome_name(r.outcome), r.description);
	return NULL;
}

static void check_google(struct doctor *d)
{
	if (!*d->config->google_client_id)
		doctor_say(d, FINDING_SKIP, "google", "GOOGLE_CLIENT_ID is not set");
	else if (!*d->config->data_encryption_key)
		doctor_say(d, FINDING_FAIL, "google",
			   "DATA_ENCRYPTION_KEY is missing: k1: and the output of openssl rand -base64 32");
	else if (!*d->config->public_url)
		doctor_say(
			d, FINDING_FAIL, "google",
			"PUBLIC_URL is missing: Google sends people back to it (http://localhost:8080 will do "
			"on this machine)");
	else
		doctor_say(d, FINDING_OK, "google", "a client and a key to seal its tokens are configured");
}

static const char *model_cure(const err_t *err)
{
	switch (err->code) {
	case ERR_AUTH_ERROR:
		return "the key or the account is refused: check the key, its limits and the billing";
	case ERR_NOT_FOUND: return "choose a model that the provider has, by the provider's _MODEL setting";
	case ERR_RATE_LIMIT: return "the account's limit is reached: wait, or raise it at the provider";
	case ERR_TIMEOUT:
		return "no answer in time: is the base right, the network free, LLM_TIMEOUT_S long enough?";
	default: return "is the provider's _API_BASE right and reachable?";
	}
}

/* A question of a few words to each. */
static err_t *try_models(void *ctx)
{
	struct doctor *d = ctx;

	ERR(llm_init(d->config));
	for (size_t i = 0; i < d->config->providers_n; i++) {
		const char *name = config_provider_name(d->config->providers[i]), *model;
		int64_t ms;
		err_t *err;

		if (d->config->providers[i] == PROVIDER_RULES)
			continue;
		err = llm_probe(d->pool, d->config->providers[i], &model, &ms);
		if (err && err->code == ERR_BLOCKED) /* it answers, and the key is good */
			doctor_say(d, FINDING_WARN, "model", "%s: answers, but refuses a harmless question",
				   name);
		else if (err)
			doctor_say(d, FINDING_FAIL, "model", "%s: %s", err_message(err), model_cure(err));
		else
			doctor_say(d, FINDING_OK, "model", "%s: %s answered in %lld ms", name, model,
				   (long long)ms);
		err_clear(err);
	}
	return NULL;
}

static void check_models(struct doctor *d)
{
	for (size_t i = 0; i < d->config->providers_n; i++) {
		const char *name = config_provider_name(d->config->providers[i]);

		if (d->config->providers[i] == PROVIDER_RULES)
			doctor_say(d, FINDING_OK, "model", "%s: needs no one else", name);
		else if (!d->live)
			doctor_say(d, FINDING_SKIP, "model", "%s: configured; --live asks it something",
				   name);
	}
	if (d->live && llm_configured(d->config))
		doctor_failed(d, "model", cli_loop(d->pool, d->config, 0, try_models, d), "see above");
}

/* Draws one: the program, its libraries and its letters are there. */
static err_t *check_charts(void *ctx)
{
	struct doctor *d = ctx;
	const struct chart_effect one = { "a", NULL, 0, 0, 0, 1 };
	const char *png;
	size_t n;
	err_t *err = chart_png(d->pool, chart_of_effects(d->pool, LANG_EN, &one, 1), &png, &n);

	if (!err) {
		doctor_say(d, FINDING_OK, "charts", "lembra-chart draws them");
		return NULL;
	}
	doctor_say(
		d, FINDING_WARN, "charts",
		"%s: only their words are sent; lembra-chart belongs beside lembra, and needs libcairo2 and "
		"fonts-dejavu-core",
		err_message(err));
	err_clear(err);
	return NULL;
}

static void check_disk(struct doctor *d)
{
	struct statvfs v;
	int64_t free_bytes, percent;

	if (statvfs(".", &v) != 0 || !v.f_blocks) {
		doctor_say(d, FINDING_SKIP, "disk", "this directory's file system does not say");
		return;
	}
	free_bytes = (int64_t)v.f_bavail * (int64_t)v.f_frsize;
	percent = (int64_t)(v.f_bavail * 100 / v.f_blocks);
	if (free_bytes < disk_min || percent < DISK_PERCENT)
		doctor_say(d, FINDING_WARN, "disk", "%lld MiB free (%lld %%): make room",
			   (long long)(free_bytes >> 20), (long long)percent);
	else
		doctor_say(d, FINDING_OK, "disk", "%lld GiB free (%lld %%)", (long long)(free_bytes >> 30),
			   (long long)percent);
}

void doctor_outside(struct doctor *doctor)
{
	doctor_failed(doctor, "redis", check_redis(doctor), "is REDIS_URL right?");
	if (*doctor->config->telegram_bot_token)
		doctor_failed(doctor, "token",
			      cli_loop(doctor->pool, doctor->config, 0, check_telegram, doctor),
			      "is TELEGRAM_API_BASE right and reachable?");
	else
		doctor_say(doctor, FINDING_WARN, "token",
			   "TELEGRAM_BOT_TOKEN is not set: only `lembra chat` works");
	check_google(doctor);
	check_models(doctor);
	doctor_failed(doctor, "charts", cli_loop(doctor->pool, doctor->config, 0, check_charts, doctor),
		      "try again");
	check_disk(doctor);
}
