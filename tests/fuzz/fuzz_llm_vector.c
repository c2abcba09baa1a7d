/* Answers of any bytes to what makes vectors: an error that is known, or exactly as many vectors of length 1 as texts. The
 * first byte chooses the provider and the status. */
#include "core/limits.h"
#include "integrations/llm/llm_vector.h"
#include "tests/fuzz/fuzz.h"

#include <math.h>

static void check(const struct llm_batch *batch)
{
	MUST(batch->v && batch->dimensions > 0 && batch->dimensions <= LIMIT_EMBED_DIMENSIONS);
	for (size_t i = 0; i < batch->n; i++) {
		double sum = 0;

		for (int64_t k = 0; k < batch->dimensions; k++) {
			double x = (double)batch->v[(int64_t)i * batch->dimensions + k];

			MUST(isfinite(x));
			sum += x * x;
		}
		MUST(fabs(sum - 1) < 1e-3);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const enum config_provider providers[] = { PROVIDER_GEMINI, PROVIDER_OPENAI, PROVIDER_OLLAMA };
	static const long statuses[] = { 200, 200, 200, 429 };
	static const char *const texts[] = { "a", "b" };
	apr_pool_t *pool = pool_root();
	const char *body = n ? mem_textn(pool, (const char *)data + 1, n - 1) : "";
	unsigned first = n ? data[0] : 0;
	const struct llm_incoming in = { statuses[first / 3 % 4], body, n ? n - 1 : 0, -1 };
	struct llm_batch batch = { .texts = texts, .n = 1 + first / 12 % 2, .dimensions = first / 24 % 3 };
	struct llm_decoded d;
	err_t *err = llm_vector_decode(pool, providers[first % 3], &in, &batch, &d);

	if (!err)
		check(&batch);
	else
		MUST(err->code == ERR_PROVIDER_ERROR || err->code == ERR_BLOCKED ||
		     err->code == ERR_RATE_LIMIT || err->code == ERR_TIMEOUT || err->code == ERR_AUTH_ERROR);
	err_clear(err);
	pool_free(pool);
	return 0;
}
