/* llm_data: recorded exchanges with providers, read from tests/data/llm.
 * Needs: tests/test.h, json, the decoders. Used by: tests/unit/test_llm_*.c. */
#ifndef TESTS_UNIT_LLM_DATA_H
#define TESTS_UNIT_LLM_DATA_H

#include "integrations/llm/llm_wire.h"
#include "tests/test.h"

/* The bytes of a file of tests/data/llm. */
NODISCARD err_t *llm_data_read(apr_pool_t *pool, const char *name, struct buf *ret);
NODISCARD err_t *llm_data_json(apr_pool_t *pool, const char *name, struct json **ret);

/* By the provider's decoder. */
NODISCARD err_t *llm_data_decode(apr_pool_t *pool, enum config_provider provider,
				 const struct llm_incoming *in, struct llm_decoded *ret);
/* What was decoded as JSON: a reply, or its error (which is freed). Ids of our making are "made-up". */
struct json *llm_data_show(apr_pool_t *pool, const struct llm_decoded *decoded, err_t *err);

#endif
