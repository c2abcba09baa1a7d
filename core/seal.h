/* seal: secrets at rest, sealed under DATA_ENCRYPTION_KEY.
 * Needs: libsodium, config. Used by: google_account, cli_reseal.
 * A sealed text names its key, "k1:base64": new ones are made with the first key of the list, and any in it opens those
 * it made. Whoever holds the database alone opens none. */
#ifndef CORE_SEAL_H
#define CORE_SEAL_H

#include "core/config.h"

/* In pool. about: what it is and whose ("google:7:refresh"): it opens with the same words only, so that no row's secret
 * serves in another's place. ERR_CONFIG: there is no key. */
NODISCARD err_t *seal_close(apr_pool_t *pool, const struct config *config, const char *about,
			    const char *secret, const char **ret_sealed);
/* In pool. ERR_CONFIG: no key of that name is in the list any more; ERR_INVALID: it was tampered with, or is of something
 * else. */
NODISCARD err_t *seal_open(apr_pool_t *pool, const struct config *config, const char *about,
			   const char *sealed, const char **ret_secret);
/* The name of the key that seals now; "" when there is none. */
const char *seal_key(apr_pool_t *pool, const struct config *config);

#endif
