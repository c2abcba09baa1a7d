/* zip: several small files as one ZIP in memory.
 * Needs: libarchive (this is its only door). Used by: mydata_zip. */
#ifndef CORE_ZIP_H
#define CORE_ZIP_H

#include "core/mem.h"
#include <stdint.h>

struct zip_file {
	const char *name; /* without folders above */
	const void *data;
	size_t n;
};

/* All of them, deflated, dated at (an instant, microseconds). *ret_zip in the pool. ERR_TOO_LARGE past max bytes. */
NODISCARD err_t *zip_make(apr_pool_t *pool, const struct zip_file *files, size_t files_n, int64_t at,
			  size_t max, const void **ret_zip, size_t *ret_n);

#endif
