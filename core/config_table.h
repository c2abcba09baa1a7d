/* config_table: what config.c asks of config_check.c and config_provider.c.
 * Needs: config. Used by: config, config_check, config_provider. */
#ifndef CORE_CONFIG_TABLE_H
#define CORE_CONFIG_TABLE_H

#include "core/config.h"

/* The bad value of a URL setting, or NULL when it is scheme://host[:port][/prefix]. http or https. */
const char *config_url_fault(const char *url);
/* Rules that concern one text or several settings; fills what is derived. default_base: whether each
 * provider stands at its default base. */
NODISCARD err_t *config_check(apr_pool_t *pool, struct config *cfg, const bool default_base[PROVIDER_COUNT]);
/* Of a provider's key and model the setting; "" for the rules. */
const char *config_provider_key(const struct config *cfg, enum config_provider provider);
const char *config_provider_model(const struct config *cfg, enum config_provider provider);

#endif
