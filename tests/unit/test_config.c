#include "core/config.h"
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TOKEN "123456:AAfake-Token_x"
#define KEY "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

/* Loads a .env of this content with nothing else in the environment; the file is named in *ret_path. */
static err_t *load_named(struct test *t, const char *content, struct config **ret_config,
			 const char **ret_path)
{
	char *path = mem_text(t->pool, "/tmp/lembra-env-XXXXXX");
	int fd = mkstemp(path);

	if (fd < 0 || write(fd, content, strlen(content)) != (ssize_t)strlen(content))
		return err_new(ERR_INTERNAL, "cannot write \"%s\"", path);
	close(fd);
	*ret_path = path;
	err_t *err = config_load(t->pool, path, ret_config);
	unlink(path);
	return err;
}

static err_t *load(struct test *t, const char *content, struct config **ret_config)
{
	const char *path = NULL;

	clearenv();
	return load_named(t, content, ret_config, &path);
}

TEST(defaults_stand_without_file_or_environment)
{
	struct config *c;

	clearenv();
	ERR(config_load(t->pool, "/nonexistent/.env", &c));
	CHECK_TEXT(c->database_url, "");
	CHECK_TEXT(config_db_url(t->pool, c, CONFIG_DB_APP), "");
	CHECK_TEXT(c->listen_host, "127.0.0.1");
	CHECK_INT(c->listen_port, 8080);
	CHECK_INT(c->workers, 1);
	CHECK_INT(c->db_pool, 8);
	CHECK_INT(c->telegram_rate_per_s, 30);
	CHECK_INT(c->llm_timeout_s, 30);
	CHECK_INT(c->rate_limit_per_hour, 100);
	CHECK_INT(c->retention_days, 90);
	CHECK_INT(c->env, ENV_PRODUCTION);
	CHECK_INT(c->privacy_guard, PRIVACY_MASK);
	CHECK_INT(c->access, ACCESS_INVITE);
	CHECK_TEXT(c->gemini_model, "gemini-3.8-flash");
	CHECK_INT(c->providers_n, 1);
	CHECK_INT(c->providers[0], PROVIDER_RULES);
	CHECK(!config_webhook_mode(c));
	CHECK_INT(config_bot_id(c), 0);
	return NULL;
}

TEST(the_environment_beats_the_file)
{
	struct config *c;
	const char *path = NULL;

	clearenv();
	setenv("WORKERS", "3", 1);
	setenv("LOG_LEVEL", "", 1); /* empty: the default, whatever the file says */
	setenv("PATH", "/bin", 1);
	ERR(load_named(
		t,
		"# comment\n\nWORKERS=2\r\nexport DB_POOL=16\nLOG_LEVEL=debug\nENV='test'\nOPENAI_MODEL=\"m # x\"\n",
		&c, &path));
	CHECK_INT(c->workers, 3);
	CHECK_INT(c->db_pool, 16);
	CHECK_INT(c->log_level, 1);
	CHECK_INT(c->env, ENV_TEST);
	CHECK_TEXT(c->openai_model, "m # x");
	return NULL;
}

TEST(a_bad_line_is_named)
{
	static const struct {
		const char *content, *message;
	} cases[] = {
		{ "\nWORKERZ=1\n", ":2: unknown name \"WORKERZ\"; .env.example lists all names" },
		{ "WORKERS=1\nWORKERS=2\n", ":2: WORKERS is already set at" },
		{ "WORKERS\n", ":1: not NAME=value" },
		{ "WORKERS=0\n", ":1: WORKERS is \"0\": must be a whole number from 1 to 64" },
		{ "WORKERS=1x\n", ":1: WORKERS is \"1x\": must be a whole number from 1 to 64" },
		{ "DB_POOL=65\n", ":1: DB_POOL is \"65\": must be a whole number from 2 to 64" },
		{ "RATE_LIMIT_PER_HOUR=-1\n", ":1: RATE_LIMIT_PER_HOUR is \"-1\"" },
		{ "RETENTION_DAYS=0\n",
		  ":1: RETENTION_DAYS is \"0\": must be a whole number from 1 to 3650" },
		{ "LLM_DAILY_BUDGET_USD=1e5\n",
		  ":1: LLM_DAILY_BUDGET_USD is \"1e5\": must be a number from 0 to 1000000" },
		{ "ENV=prod\n", ":1: ENV is \"prod\": must be one of: production staging development test" },
		{ "TELEGRAM_API_BASE=api.telegram.org\n",
		  ":1: TELEGRAM_API_BASE is \"api.telegram.org\": must be scheme://host" },
		{ "GEMINI_API_BASE=http://h:99999\n", ":1: GEMINI_API_BASE is" },
		{ "GEMINI_API_BASE=http://u@h\n", ":1: GEMINI_API_BASE is" },
		{ "GEMINI_API_BASE=http://h/p?q\n", ":1: GEMINI_API_BASE is" },
		{ "HTTP_LISTEN=8080\n", "HTTP_LISTEN is \"8080\": must be host:port" },
		{ "PUBLIC_URL=http://example.org\n", "PUBLIC_URL is \"http://example.org\": must be https" },
		{ "PUBLIC_URL=http://127.0.0.1.evil.org\n", "must be https" },
		{ "TELEGRAM_WEBHOOK_SECRET=not/ok\n",
		  "TELEGRAM_WEBHOOK_SECRET: must be 1 to 256 of A-Z a-z 0-9 _ -" },
		{ "TELEGRAM_BOT_TOKEN=nonsense\n", "TELEGRAM_BOT_TOKEN: must be digits" },
		{ "TELEGRAM_BOT_TOKEN=12:\n", "TELEGRAM_BOT_TOKEN: must be digits" },
		{ "TELEGRAM_BOT_TOKEN=" TOKEN "\nPUBLIC_URL=https://a.example\n",
		  "TELEGRAM_WEBHOOK_SECRET is missing" },
		{ "LLM_PROVIDER=gemini,llama\nGEMINI_API_KEY=x\n",
		  "LLM_PROVIDER: unknown provider \"llama\"" },
		{ "LLM_PROVIDER=rules,rules\n", "LLM_PROVIDER: \"rules\" is listed twice" },
		{ "LLM_PROVIDER=gemini, openai\nGEMINI_API_KEY=x\n", "OPENAI_API_KEY is missing" },
		{ "LLM_PROVIDER=gemini\nGEMINI_API_BASE=https://generativelanguage.googleapis.com/\n",
		  "GEMINI_API_KEY is missing" },
		{ "GEMINI_API_KEY=x\nGEMINI_MODEL=gemini 4\n",
		  "GEMINI_MODEL is \"gemini 4\": must be of letters" },
		{ "LLM_PROVIDER=openai,ollama\nOPENAI_API_KEY=x\nLLM_MODELS_ALLOWED=gpt-5.6,gemini-3.8-flash\n",
		  "OLLAMA_MODEL is \"qwen3\", which LLM_MODELS_ALLOWED does not list" },
		{ "GOOGLE_CLIENT_ID=x\n", "GOOGLE_CLIENT_SECRET is missing" },
		{ "GOOGLE_CLIENT_ID=x\nGOOGLE_CLIENT_SECRET=y\n", "DATA_ENCRYPTION_KEY is missing" },
		{ "DATA_ENCRYPTION_KEY=" KEY ",k2:c2hvcnQ=\n",
		  "DATA_ENCRYPTION_KEY: entry 2 must be id:base64 of 32 bytes" },
		{ "TEST_CLOCK_FILE=/tmp/x\n", "TEST_CLOCK_FILE is allowed with ENV=test only" },
		{ "REDIS_URL=rediss://h\n", "REDIS_URL: rediss:// (TLS) is not supported" },
		{ "DATABASE_URL=mysql://h/d\n", "DATABASE_URL: must begin with postgresql://" },
		{ "DATABASE_URL=postgresql://h\n", "DATABASE_URL names no database" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct config *c = NULL;
		err_t *err = load(t, cases[i].content, &c);
		if (!err || err->code != ERR_CONFIG || c || !strstr(err_message(err), cases[i].message))
			return err_new(ERR_INTERNAL, "case %zu says: %s", i, err ? err_message(err) : "fine");
		err_clear(err);
	}
	return NULL;
}

TEST(a_secret_is_never_in_a_message)
{
	static const char *const contents[] = {
		"TELEGRAM_BOT_TOKEN=s3cr3t\n",  "TELEGRAM_WEBHOOK_SECRET=s3cr3t/\n",
		"DATABASE_URL=s3cr3t\n",        "REDIS_URL=s3cr3t\n",
		"DATA_ENCRYPTION_KEY=s3cr3t\n", "DATABASE_URL=postgresql://:s3cr3t@h\n",
		"ADMIN_TOKEN=s3cr3t\x01\n",     "GEMINI_API_KEY=s3cr3t\nGEMINI_API_KEY=s3cr3t\n",
	};

	for (size_t i = 0; i < sizeof(contents) / sizeof(*contents); i++) {
		struct config *c = NULL;
		err_t *err = load(t, contents[i], &c);
		CHECK(err != NULL);
		CHECK(!strstr(err_message(err), "s3cr3t"));
		err_clear(err);
	}
	return NULL;
}

TEST(the_place_of_a_bad_value_is_told)
{
	struct config *c;
	const char *path = NULL;

	clearenv();
	setenv("WORKERS", "many", 1);
	err_t *err = config_load(t->pool, NULL, &c);
	CHECK(err != NULL);
	CHECK_TEXT(err_message(err), "environment: WORKERS is \"many\": must be a whole number from 1 to 64");
	err_clear(err);

	clearenv();
	err = load_named(t, "\n\nENV=x\n", &c, &path);
	CHECK(err != NULL);
	CHECK_TEXT(err_message(err),
		   mem_fmt(t->pool, "%s:3: ENV is \"x\": must be one of: production staging development test",
			   path));
	err_clear(err);
	return NULL;
}

TEST(providers_keep_their_order)
{
	struct config *c;

	ERR(load(t, "LLM_PROVIDER=ollama, anthropic ,rules\nANTHROPIC_API_KEY=x\n", &c));
	CHECK_INT(c->providers_n, 3);
	CHECK_TEXT(config_provider_name(c->providers[0]), "ollama");
	CHECK_TEXT(config_provider_name(c->providers[1]), "anthropic");
	CHECK_TEXT(config_provider_name(c->providers[2]), "rules");
	ERR(load(t, "GEMINI_API_KEY=x\n", &c));
	CHECK_INT(c->providers_n, 1);
	CHECK_INT(c->providers[0], PROVIDER_GEMINI);
	ERR(load(t, "LLM_PROVIDER=openai\nOPENAI_API_BASE=http://127.0.0.1:9931/\n",
		 &c)); /* no key at a base of one's own */
	CHECK_TEXT(c->openai_api_base, "http://127.0.0.1:9931");
	CHECK_INT(config_provider_of("nobody"), PROVIDER_COUNT);
	ERR(load(t, "GEMINI_API_KEY=x\nLLM_MODELS_ALLOWED=a, gemini-3.8-flash ,b\n", &c));
	CHECK_INT(c->providers_n, 1);
	return NULL;
}

TEST(mode_follows_the_public_url)
{
	struct config *c;

	ERR(load(t,
		 "TELEGRAM_BOT_TOKEN=" TOKEN "\nPUBLIC_URL=https://a.example/x/\nTELEGRAM_WEBHOOK_SECRET=s\n",
		 &c));
	CHECK(config_webhook_mode(c));
	CHECK_TEXT(c->public_url, "https://a.example/x");
	CHECK_INT(config_bot_id(c), 123456);
	ERR(load(t, "TELEGRAM_BOT_TOKEN=" TOKEN "\nPUBLIC_URL=http://[::1]:80\nTELEGRAM_MODE=polling\n", &c));
	CHECK(!config_webhook_mode(c));
	ERR(load(t, "TELEGRAM_MODE=webhook\n", &c));
	CHECK(config_webhook_mode(c));
	ERR(load(t,
		 "HTTP_LISTEN=[::1]:0\nGOOGLE_CLIENT_ID=x\nGOOGLE_CLIENT_SECRET=y\nDATA_ENCRYPTION_KEY=" KEY
		 "\n",
		 &c));
	CHECK_TEXT(c->listen_host, "::1");
	CHECK_INT(c->listen_port, 0);
	return NULL;
}

TEST(serving_urls_are_derived_from_the_owner)
{
	static const struct {
		const char *url, *app;
	} cases[] = {
		{ "postgresql://user:pw@host:5433/lembra?sslmode=require",
		  "postgresql://lembra_app@host:5433/lembra?sslmode=require" },
		{ "postgres://host/lembra", "postgres://lembra_app@host/lembra" },
		{ "postgresql:///lembra?host=/run/pg", "postgresql://lembra_app@/lembra?host=/run/pg" },
		{ "postgresql://me@/lembra?host=/run/pg&port=5433",
		  "postgresql://lembra_app@/lembra?host=/run/pg&port=5433" },
		{ "postgresql:///lembra?user=me&password=pw&host=/run/pg",
		  "postgresql://lembra_app@/lembra?host=/run/pg" },
		{ "postgresql://me:pw@h?dbname=lembra", "postgresql://lembra_app@h/lembra" },
		{ "postgresql://me:pw@h", "postgresql://me_app@h/me" },
		{ "postgresql://u@h1:1,h2:2/a%20b", "postgresql://a%20b_app@h1:1,h2:2/a%20b" },
		{ "postgresql://u@[::1]:5432/d", "postgresql://d_app@[::1]:5432/d" },
	};
	struct config *c;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ERR(load(t, mem_fmt(t->pool, "DATABASE_URL=%s\n", cases[i].url), &c));
		CHECK_TEXT(config_db_url(t->pool, c, CONFIG_DB_APP), cases[i].app);
		CHECK_TEXT(config_db_url(t->pool, c, CONFIG_DB_OWNER), cases[i].url);
	}
	ERR(load(t, "DATABASE_URL=postgresql://u@h/d\nDATABASE_QUEUE_URL=postgresql://q:p@h/d\n", &c));
	CHECK_TEXT(config_db_url(t->pool, c, CONFIG_DB_QUEUE), "postgresql://q:p@h/d");
	return NULL;
}

static err_t *load_secrets(struct test *t, struct config **ret_config)
{
	clearenv();
	setenv("DATABASE_URL", "postgresql://owner:pw@h/d", 1);
	setenv("GEMINI_API_KEY", "gemini-key", 1);
	setenv("ADMIN_TOKEN", "admin", 1);
	setenv("DATA_ENCRYPTION_KEY", KEY, 1);
	setenv("GOOGLE_CLIENT_ID", "id", 1);
	setenv("GOOGLE_CLIENT_SECRET", "secret", 1);
	setenv("TELEGRAM_WEBHOOK_SECRET", "hook", 1);
	setenv("TELEGRAM_BOT_TOKEN", TOKEN, 1);
	return config_load(t->pool, NULL, ret_config);
}

TEST(each_role_keeps_its_own_secrets)
{
	struct config *c;

	ERR(load_secrets(t, &c));
	const char *key = c->gemini_api_key, *in_environment = getenv("GEMINI_API_KEY");
	CHECK(in_environment);
	config_keep_secrets(c, CONFIG_WEB);
	for (size_t i = 0; i < strlen("gemini-key"); i++)
		CHECK(!key[i] && !in_environment[i]); /* overwritten, not only cut off */
	CHECK_TEXT(c->database_url, "");
	CHECK_TEXT(getenv("DATABASE_URL"), "");
	CHECK_TEXT(c->admin_token, "admin");
	CHECK_TEXT(c->telegram_webhook_secret, "hook");
	CHECK_TEXT(config_db_url(t->pool, c, CONFIG_DB_APP),
		   ""); /* who parses the internet reaches nobody's rows */
	CHECK_TEXT(c->data_encryption_key, "");
	CHECK_TEXT(c->google_client_secret, "");
	CHECK_TEXT(config_db_url(t->pool, c, CONFIG_DB_QUEUE), "postgresql://d_queue@h/d");
	CHECK_INT(config_bot_id(c), 123456);

	ERR(load_secrets(t, &c));
	config_keep_secrets(c, CONFIG_WORKER);
	CHECK_TEXT(c->gemini_api_key, "gemini-key");
	CHECK_TEXT(c->data_encryption_key, KEY);
	CHECK_TEXT(c->admin_token, "");
	CHECK_TEXT(c->telegram_webhook_secret, "");
	CHECK_TEXT(c->database_url, "");
	CHECK_TEXT(config_db_url(t->pool, c, CONFIG_DB_APP), "postgresql://d_app@h/d");

	ERR(load_secrets(t, &c));
	config_keep_secrets(c, CONFIG_SUPERVISOR);
	CHECK_TEXT(c->database_url, "postgresql://owner:pw@h/d");
	CHECK_TEXT(getenv("ADMIN_TOKEN"), "admin");
	return NULL;
}

TEST(the_committed_example_is_the_table)
{
	struct buf b = buf_new(t->pool, 1 << 20);
	FILE *f = fopen(".env.example", "re");
	struct config *c;

	CHECK(f != NULL);
	for (int ch; (ch = getc(f)) != EOF;)
		buf_char(&b, (char)ch);
	fclose(f);
	CHECK_TEXT(b.p, config_example(t->pool));

	/* Uncommented as it stands it is all defaults. */
	clearenv();
	char *text = mem_text(t->pool, b.p);
	for (char *p = text; (p = strstr(p, "\n#")); p++)
		if (p[2] >= 'A' && p[2] <= 'Z')
			p[1] = ' ';
	CHECK(strstr(text, "\n WORKERS=1\n"));
	return load(t, text, &c);
}
