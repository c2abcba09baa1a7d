#include "bot/process/prepare.h"

#include "core/clock.h"
#include "core/crypt.h"
#include "core/text.h"
#include "db/migrate.h"
#include "db/pg_admin.h"
#include "integrations/llm/llm.h"
#include <stdio.h>
#include <string.h>

static const int64_t code_life_us = DAY_US;

static NODISCARD err_t *schema(struct config *config, apr_pool_t *pool)
{
	const char *owner = config_db_url(pool, config, CONFIG_DB_OWNER);
	int applied;

	if (!*owner)
		return err_new(ERR_CONFIG,
			       "DATABASE_URL is missing (`./dev run` starts a database by itself)");
	return migrate_run(pool, owner, config_db_url(pool, config, CONFIG_DB_APP),
			   config_db_url(pool, config, CONFIG_DB_QUEUE), &applied);
}

static NODISCARD err_t *owner_code(struct config *config, apr_pool_t *pool)
{
	const char *code = crypt_code(pool), *canon = crypt_code_canon(pool, code);
	struct pg_admin *admin;
	struct rows *rows;
	int64_t now = clock_now();

	ERR(pg_admin_open(pool, config_db_url(pool, config, CONFIG_DB_OWNER), &admin));
	ERR(pg_admin_exec(admin, pool, STMT_OWNER_MISSING, PG_ARGS(), &rows));
	if (!rows_bool(rows, 0, COL_OWNER_MISSING_MISSING))
		return NULL;
	/* Earlier starts' codes end here: only the one that was printed last works. */
	ERR(pg_admin_exec(admin, pool, STMT_OWNER_CODE,
			  PG_ARGS(PG_TEXT(crypt_hash_hex(pool, canon, strlen(canon))), PG_TIME(now),
				  PG_TIME(now + code_life_us)),
			  NULL));
	printf("Nobody owns this Lembra yet. Send this to your bot within 24 hours to become its owner:\n\n    %s\n\n",
	       code);
	fflush(stdout);
	return NULL;
}

static int told(err_t *err)
{
	if (!err)
		return 0;
	fprintf(stderr, "lembra: %s\n", err_message(err));
	err_clear(err);
	return 1;
}

/* Who understands free text: said, since the default depends on which keys there are. */
static void say_providers(const struct config *config)
{
	printf("Free text is understood by: ");
	for (size_t i = 0; i < config->providers_n; i++)
		printf("%s%s", i ? ", else " : "",
		       config->providers[i] == PROVIDER_RULES ? "the built-in rules"
							      : config_provider_name(config->providers[i]));
	printf(llm_configured(config) ? "\n" : " (set GEMINI_API_KEY for a model)\n");
	fflush(stdout);
}

int prepare_schema(struct config *config, apr_pool_t *pool)
{
	return told(schema(config, pool));
}

int prepare_run(struct config *config, apr_pool_t *pool)
{
	int code = told(clock_init(*config->test_clock_file ? config->test_clock_file : NULL));

	if (!code)
		code = told(llm_init(config));
	if (!code)
		code = told(schema(config, pool));
	if (!code)
		say_providers(config);
	return code ? code : told(owner_code(config, pool));
}
