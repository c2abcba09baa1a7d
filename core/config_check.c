#include "core/config_table.h"

#include "core/cache.h"
#include "core/text.h"

#include <sodium.h>
#include <string.h>

#define TOKEN_CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
#define URL_ALLOWED "scheme://host[:port][/prefix] with http or https, without user, query or spaces"

static bool only(const char *s, const char *chars)
{
	return strspn(s, chars) == strlen(s);
}

/* The next entry of a comma list, trimmed, in the pool; moves *list past it. NULL at the end. */
static char *next_entry(apr_pool_t *pool, const char **list)
{
	if (!**list)
		return NULL;

	size_t n = strcspn(*list, ",");
	const char *s = *list, *end = s + n;
	*list += n + (s[n] == ',');
	while (s < end && *s == ' ')
		s++;
	while (end > s && end[-1] == ' ')
		end--;
	return mem_textn(pool, s, (size_t)(end - s));
}

/* The host of a URL that config_url_fault passed. */
static const char *url_host(apr_pool_t *pool, const char *url)
{
	const char *host = strstr(url, "://") + 3;

	if (*host == '[')
		return mem_textn(pool, host + 1, strcspn(host + 1, "]"));
	return mem_textn(pool, host, strcspn(host, ":/"));
}

static bool is_loopback(const char *host)
{
	return strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 ||
	       (text_starts(host, "127.") && only(host, "0123456789."));
}

static bool port_ok(const char *s, int *ret_port)
{
	int64_t port;

	if (!text_int(s, &port) || port < 0 || port > 65535 || strlen(s) > 5)
		return false;
	*ret_port = (int)port;
	return true;
}

static err_t *check_listen(apr_pool_t *pool, struct config *cfg)
{
	const char *s = cfg->http_listen, *colon = strrchr(s, ':');
	bool brackets = *s == '[';

	if (colon && colon > s + (brackets ? 2 : 0) && (!brackets || colon[-1] == ']') &&
	    port_ok(colon + 1, &cfg->listen_port)) {
		cfg->listen_host = mem_textn(pool, s + brackets, (size_t)(colon - s) - (brackets ? 2 : 0));
		if (only(cfg->listen_host, brackets ? "0123456789abcdefABCDEF:." : TOKEN_CHARS "."))
			return NULL;
	}
	return err_new(ERR_CONFIG,
		       "HTTP_LISTEN is \"%s\": must be host:port, such as 127.0.0.1:8080 or [::1]:8080", s);
}

static err_t *check_public_url(apr_pool_t *pool, const struct config *cfg)
{
	const char *url = cfg->public_url;

	if (*url && !text_starts(url, "https://") && !is_loopback(url_host(pool, url)))
		return err_new(ERR_CONFIG,
			       "PUBLIC_URL is \"%s\": must be https; http is for a loopback host only", url);
	return NULL;
}

static err_t *check_telegram(const struct config *cfg)
{
	const char *token = cfg->telegram_bot_token, *secret = cfg->telegram_webhook_secret;
	size_t digits = strspn(token, "0123456789");

	if (*token && (*token == '0' || digits < 1 || digits > 18 || token[digits] != ':' ||
		       !token[digits + 1] || !only(token + digits + 1, TOKEN_CHARS)))
		return err_new(ERR_CONFIG,
			       "TELEGRAM_BOT_TOKEN: must be digits, ':' and letters, as @BotFather gives it");
	if (!only(secret, TOKEN_CHARS))
		return err_new(ERR_CONFIG, "TELEGRAM_WEBHOOK_SECRET: must be 1 to 256 of A-Z a-z 0-9 _ -");
	if (*token && config_webhook_mode(cfg) && !*secret)
		return err_new(
			ERR_CONFIG,
			"TELEGRAM_WEBHOOK_SECRET is missing: webhook mode needs one, such as the output of "
			"openssl rand -hex 32 (or set TELEGRAM_MODE=polling)");
	return NULL;
}

static err_t *check_data_key(apr_pool_t *pool, const struct config *cfg)
{
	const char *list = cfg->data_encryption_key;
	unsigned char key[32 + 1];
	int place = 0;

	for (char *entry; (entry = next_entry(pool, &list));) {
		size_t id = strspn(entry, TOKEN_CHARS), n = 0;
		place++;
		bool good = id && id <= 32 && entry[id] == ':' &&
			    sodium_base642bin(key, sizeof(key), entry + id + 1, strlen(entry + id + 1), NULL,
					      &n, NULL, sodium_base64_VARIANT_ORIGINAL) == 0 &&
			    n == 32;
		sodium_memzero(key, sizeof(key));
		sodium_memzero(entry, strlen(entry));
		if (!good)
			return err_new(ERR_CONFIG,
				       "DATA_ENCRYPTION_KEY: entry %d must be id:base64 of 32 bytes", place);
	}
	return NULL;
}

static err_t *check_google(const struct config *cfg)
{
	if (!*cfg->google_client_id != !*cfg->google_client_secret)
		return err_new(ERR_CONFIG,
			       "%s is missing: GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET go together",
			       *cfg->google_client_id ? "GOOGLE_CLIENT_SECRET" : "GOOGLE_CLIENT_ID");
	if (*cfg->google_client_id && !*cfg->data_encryption_key)
		return err_new(ERR_CONFIG, "DATA_ENCRYPTION_KEY is missing: Google tokens are stored sealed; "
					   "for example k1: and the output of openssl rand -base64 32");
	return NULL;
}

static err_t *add_provider(struct config *cfg, const char *name)
{
	enum config_provider p = config_provider_of(name);

	if (p == PROVIDER_COUNT)
		return err_new(
			ERR_CONFIG,
			"LLM_PROVIDER: unknown provider \"%s\": must be of gemini openai anthropic xai "
			"deepseek ollama rules",
			name);
	for (size_t i = 0; i < cfg->providers_n; i++)
		if (cfg->providers[i] == p)
			return err_new(ERR_CONFIG, "LLM_PROVIDER: \"%s\" is listed twice", name);
	cfg->providers[cfg->providers_n++] = p;
	return NULL;
}

static const char *upper(apr_pool_t *pool, const char *s)
{
	char *copy = mem_text(pool, s);

	for (char *p = copy; *p; p++)
		if (*p >= 'a' && *p <= 'z')
			*p -= 32;
	return copy;
}

static bool is_listed(apr_pool_t *pool, const char *list, const char *name)
{
	for (const char *entry; (entry = next_entry(pool, &list));)
		if (strcmp(entry, name) == 0)
			return true;
	return false;
}

/* The name goes into URLs and logs. */
static err_t *check_model(apr_pool_t *pool, const struct config *cfg, enum config_provider p)
{
	const char *model = config_provider_model(cfg, p), *name = upper(pool, config_provider_name(p));

	if (!only(model, TOKEN_CHARS ".:/@"))
		return err_new(ERR_CONFIG, "%s_MODEL is \"%s\": must be of letters, digits and _ - . : / @",
			       name, model);
	if (*cfg->llm_models_allowed && !is_listed(pool, cfg->llm_models_allowed, model))
		return err_new(ERR_CONFIG, "%s_MODEL is \"%s\", which LLM_MODELS_ALLOWED does not list", name,
			       model);
	return NULL;
}

static err_t *check_providers(apr_pool_t *pool, struct config *cfg, const bool *default_base)
{
	const char *list = cfg->llm_provider;

	cfg->providers_n = 0;
	if (!*list)
		list = *cfg->gemini_api_key ? "gemini" : "rules";
	for (const char *name; (name = next_entry(pool, &list));)
		ERR(add_provider(cfg, name));
	for (size_t i = 0; i < cfg->providers_n; i++) {
		enum config_provider p = cfg->providers[i];
		if (default_base[p] && !*config_provider_key(cfg, p))
			return err_new(ERR_CONFIG,
				       "%s_API_KEY is missing: LLM_PROVIDER lists \"%s\" at its default base",
				       upper(pool, config_provider_name(p)), config_provider_name(p));
		if (p != PROVIDER_RULES)
			ERR(check_model(pool, cfg, p));
	}
	return NULL;
}

/* The value of a parameter in "a=b&c=d", NULL when absent. */
static const char *query_value(apr_pool_t *pool, const char *query, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = query; *p;) {
		size_t len = strcspn(p, "&");
		if (len > n && p[n] == '=' && memcmp(p, name, n) == 0)
			return mem_textn(pool, p + n + 1, len - n - 1);
		p += len + (p[len] == '&');
	}
	return NULL;
}

/* The query without what would beat the authority and the path (libpq takes the later). */
static const char *clean_query(apr_pool_t *pool, const char *query)
{
	struct buf b = buf_new(pool, strlen(query) + 1);

	for (const char *p = query; *p;) {
		size_t len = strcspn(p, "&");
		if (!text_starts(p, "user=") && !text_starts(p, "password=") && !text_starts(p, "dbname=")) {
			buf_char(&b, b.n ? '&' : '?');
			buf_put(&b, p, len);
		}
		p += len + (p[len] == '&');
	}
	return b.p ? b.p : "";
}

/* url with its user replaced by <db><suffix> and without a password; ERR_CONFIG when it names no database. As in
 * libpq: the user ends at the first '@' before any '/'; the database follows the first '/'. Percent signs
 * stay as they are, since what they stand for goes from one part of a URL to another. */
static NODISCARD err_t *derive_url(apr_pool_t *pool, const char *url, const char *suffix,
				   const char **ret_url)
{
	const char *rest = strstr(url, "://") + 3, *at = rest + strcspn(rest, "@/");
	const char *host = *at == '@' ? at + 1 : rest;
	const char *path = host + strcspn(host, "/?"), *query = path + strcspn(path, "?");
	const char *db;

	db = query_value(pool, *query ? query + 1 : "", "dbname");
	if (!db && query > path + 1)
		db = mem_textn(pool, path + 1, (size_t)(query - path - 1));
	if (!db && *at == '@')
		db = mem_textn(pool, rest, strcspn(rest, ":@"));
	if (!db || !*db)
		return err_new(ERR_CONFIG, "DATABASE_URL names no database: postgresql://user@host/db");
	*ret_url = mem_fmt(pool, "%.*s%s%s@%.*s/%s%s", (int)(rest - url), url, db, suffix, (int)(path - host),
			   host, db, clean_query(pool, *query ? query + 1 : ""));
	return NULL;
}

static bool is_postgres(const char *url)
{
	return text_starts(url, "postgresql://") || text_starts(url, "postgres://");
}

static err_t *check_database(apr_pool_t *pool, struct config *cfg)
{
	const struct {
		const char *name, *url;
	} urls[] = {
		{ "DATABASE_URL", cfg->database_url },
		{ "DATABASE_APP_URL", cfg->database_app_url },
		{ "DATABASE_QUEUE_URL", cfg->database_queue_url },
	};

	for (size_t i = 0; i < sizeof(urls) / sizeof(*urls); i++)
		if (*urls[i].url && !is_postgres(urls[i].url))
			return err_new(ERR_CONFIG, "%s: must begin with postgresql://", urls[i].name);
	if (*cfg->database_url && !*cfg->database_app_url)
		ERR(derive_url(pool, cfg->database_url, "_app", &cfg->database_app_url));
	if (*cfg->database_url && !*cfg->database_queue_url)
		ERR(derive_url(pool, cfg->database_url, "_queue", &cfg->database_queue_url));
	return NULL;
}

/* Without its error, which may name no more than the form. */
static bool redis_url_ok(const char *url)
{
	apr_pool_t *pool = pool_root();
	struct cache_url read;
	err_t *err = cache_url_read(pool, url, &read);
	bool ok = !err;

	err_clear(err);
	pool_free(pool);
	return ok;
}

static err_t *check_others(const struct config *cfg)
{
	if (text_starts(cfg->redis_url, "rediss://"))
		return err_new(
			ERR_CONFIG,
			"REDIS_URL: rediss:// (TLS) is not supported; use redis:// on a trusted network");
	if (*cfg->redis_url && !redis_url_ok(cfg->redis_url))
		return err_new(
			ERR_CONFIG,
			"REDIS_URL: must be redis://[user:password@]host[:port][/db] or unix:///path[?db=N]");
	if (*cfg->test_clock_file && cfg->env != ENV_TEST)
		return err_new(ERR_CONFIG, "TEST_CLOCK_FILE is allowed with ENV=test only");
	return NULL;
}

bool config_webhook_mode(const struct config *cfg)
{
	return cfg->telegram_mode == MODE_WEBHOOK || (cfg->telegram_mode == MODE_AUTO && *cfg->public_url);
}

const char *config_url_fault(const char *url)
{
	const char *host = text_starts(url, "https://")  ? url + 8
			   : text_starts(url, "http://") ? url + 7
							 : NULL;
	int port;

	if (!host || !*host || strpbrk(url, " ?#@\"<>\\"))
		return URL_ALLOWED;

	size_t n = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/");
	const char *rest = host + n;
	if (!n || (*host == '[' && host[n - 1] != ']'))
		return URL_ALLOWED;
	if (*rest == ':') {
		char digits[8] = "";
		size_t len = strcspn(rest + 1, "/");
		if (len > 5)
			return URL_ALLOWED;
		memcpy(digits, rest + 1, len);
		if (!port_ok(digits, &port) || !port)
			return URL_ALLOWED;
	} else if (*rest && *rest != '/') {
		return URL_ALLOWED;
	}
	return NULL;
}

err_t *config_check(apr_pool_t *pool, struct config *cfg, const bool default_base[PROVIDER_COUNT])
{
	ERR(check_listen(pool, cfg));
	ERR(check_public_url(pool, cfg));
	ERR(check_telegram(cfg));
	ERR(check_data_key(pool, cfg));
	ERR(check_google(cfg));
	ERR(check_providers(pool, cfg, default_base));
	ERR(check_database(pool, cfg));
	return check_others(cfg);
}
