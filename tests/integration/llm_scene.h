/* llm_scene: a person, a gateway, and the stand-in for its providers.
 * Needs: fixture, llm_client, llm. Used by: tests/integration/test_llm*.c. */
#ifndef TESTS_INTEGRATION_LLM_SCENE_H
#define TESTS_INTEGRATION_LLM_SCENE_H

#include "integrations/llm/llm.h"
#include "tests/integration/fixture.h"
#include "tests/standins/llm_client.h"

struct llm_scene {
	apr_pool_t *pool;
	struct fixture f;
	struct llm_standin *standin;
	struct config *config;
	struct req *req; /* Ana's, in Portuguese, chat 41 of bot 7 */
	int64_t ana;
};

/* Starts everything with "NAME=value" pairs (NULL-terminated, or NULL) besides the bases, keys and a budget of none, and
 * runs play in a fiber; retries wait a millisecond and an open circuit stays so for 50. */
NODISCARD err_t *llm_scene_run(struct test *t, const char *const *pairs, err_t *(*play)(struct llm_scene *s));

/* From within the fiber: the stand-in is asked in a thread of its own. */
NODISCARD err_t *llm_scene_script(struct llm_scene *s, const char *script);
NODISCARD err_t *llm_scene_requests(struct llm_scene *s, struct json **ret_requests);
NODISCARD err_t *llm_scene_key(struct llm_scene *s, const char *key);

/* One text to the configured order (or to `only`), with a tool "create_task" on offer. */
NODISCARD err_t *llm_scene_ask(struct llm_scene *s, const char *text, struct llm_reply **ret_reply);
/* How many requests the stand-in got, in all or on paths that hold `part`. */
NODISCARD err_t *llm_scene_count(struct llm_scene *s, const char *part, int64_t *ret_n);

/* A request of these messages with the tool. */
struct llm_request llm_scene_request(struct llm_scene *s, const struct llm_message *messages, size_t n);

#endif
