/* config: the settings, from the environment and .env, checked before anything starts.
 * Needs: config.def. Used by: everything.
 * A struct config lives in the pool it was loaded into; its texts are never NULL. */
#ifndef CORE_CONFIG_H
#define CORE_CONFIG_H

#include "core/mem.h"
#include <stdint.h>

enum config_role { CONFIG_WEB, CONFIG_WORKER, CONFIG_SCHEDULER, CONFIG_SUPERVISOR, CONFIG_TOOL };
enum config_db { CONFIG_DB_OWNER, CONFIG_DB_APP, CONFIG_DB_QUEUE };

/* Values of WORD settings, in the order of their words in config.def; log_level is an enum log_level. */
enum config_mode { MODE_AUTO, MODE_WEBHOOK, MODE_POLLING };
enum config_privacy { PRIVACY_MASK, PRIVACY_BLOCK, PRIVACY_OFF };
enum config_access { ACCESS_INVITE, ACCESS_OPEN };
enum config_env { ENV_PRODUCTION, ENV_STAGING, ENV_DEVELOPMENT, ENV_TEST };

enum config_provider {
	PROVIDER_GEMINI,
	PROVIDER_OPENAI,
	PROVIDER_ANTHROPIC,
	PROVIDER_XAI,
	PROVIDER_DEEPSEEK,
	PROVIDER_OLLAMA,
	PROVIDER_RULES,
	PROVIDER_COUNT
};

#define CONFIG_C_TEXT const char *
#define CONFIG_C_LIST const char *
#define CONFIG_C_URL const char *
#define CONFIG_C_INT int64_t
#define CONFIG_C_NUM double
#define CONFIG_C_WORD int

struct config {
#define CONFIG(type, field, name, fallback, min, max, words, keepers, doc) CONFIG_C_##type field;
#include "core/config.def"
#undef CONFIG
	/* Derived at load. URLs carry no trailing slash. */
	const char *listen_host; /* of HTTP_LISTEN, without brackets */
	int listen_port;
	enum config_provider providers[PROVIDER_COUNT]; /* order of fallback; never empty */
	size_t providers_n;
};

/* The environment beats env_file (NULL or missing: none); an empty value is the default. ERR_CONFIG with
 * the file and line, the name and what is allowed; a secret's value is never in it. */
NODISCARD err_t *config_load(apr_pool_t *pool, const char *env_file, struct config **ret_config);

/* Overwrites, in cfg and in environ, each secret that the role does not need. After the fork. */
void config_keep_secrets(struct config *cfg, enum config_role role);

/* URL to connect with, in the pool; "" when none is configured or the role gave it up. */
const char *config_db_url(apr_pool_t *pool, const struct config *cfg, enum config_db which);

/* Whether updates come by webhook; else by polling. */
bool config_webhook_mode(const struct config *cfg);

/* The digits before ':' of the bot token; 0 with no token. */
int64_t config_bot_id(const struct config *cfg);

/* "gemini" ... "rules"; PROVIDER_COUNT when unknown. */
const char *config_provider_name(enum config_provider provider);
enum config_provider config_provider_of(const char *name);

/* The text of .env.example. */
const char *config_example(apr_pool_t *pool);

#endif
