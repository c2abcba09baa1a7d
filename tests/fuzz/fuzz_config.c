/* .env files of any bytes: loaded with every field within its bounds, or refused with a line that names no secret. */
#include "core/config.h"
#include "tests/fuzz/fuzz.h"
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	apr_pool_t *pool = pool_root();
	struct config *config;
	int fd = memfd_create("env", MFD_CLOEXEC);
	err_t *err;

	clearenv();
	MUST(fd >= 0 && write(fd, data, n) == (ssize_t)n);
	err = config_load(pool, mem_fmt(pool, "/proc/self/fd/%d", fd), &config);
	close(fd);
	if (!err) {
		MUST(config->workers >= 1 && config->workers <= 64);
		MUST(config->db_pool >= 2 && config->db_pool <= 64);
		MUST(config->providers_n >= 1 && config->providers_n <= PROVIDER_COUNT);
		MUST(config->telegram_bot_token && config->database_url && config->listen_host);
		MUST(config->listen_port >= 0 && config->listen_port <= 65535);
		config_bot_id(config);
		config_webhook_mode(config);
		config_keep_secrets(config, CONFIG_WEB);
		MUST(!*config->openai_api_key);
	}
	must_be(err, ERR_CONFIG, ERR_CONFIG);
	pool_free(pool);
	return 0;
}
