/* llm_client: drives the stand-in for model providers from a test.
 * Needs: tests/test.h, json, libcurl (blocking: tests are not fibers). Used by: tests/integration, tests/e2e, tests/bench.
 * The program is tests/standin-llm of the build under test, or what STANDIN_LLM names.
 *
 * A script is {"steps":[STEP...]} with optional "when" (part of the person's last text that it is for) and "by_round"
 * (step k answers the k-th time the model is asked in a turn, for everybody, for ever); or {"scripts":[SCRIPT...]}.
 * A STEP: {"text"?, "calls"?: [{"name","args"}], "fault"?, "times"?: 1 (0: for ever), "when"?, "delay_ms"?, "stream"?: true,
 * "model"?, "usage"?: {"in","cached","out","thoughts"}, "retry_after_s"?, "retry_delay"?: "0.1s"}. {{match:REGEX}} in a text
 * or an argument becomes the first match of the POSIX expression in the request's body. Without a step left it says "Certo.".
 * Faults: a status ("500" ...), 429, 429_perday, insufficient_quota, bad_key, timeout, drop, cut, garbage, empty, blocked,
 * filtered, max_tokens, malformed, malformed_args, no_ids, same_ids, no_args, reroute, array_error, error_200, stream_cut,
 * stream_error, blank_lines, huge (300 MB). Of vectors ("when" looks at the first text): few, many, wrong_dim, nan, infinite,
 * zero, same_index, shuffled, arrays (no base64), no_numbers, not_length_1.
 * A model's media stand in the body of a request as "@<place> <bytes> <hash>". */
#ifndef TESTS_STANDINS_LLM_CLIENT_H
#define TESTS_STANDINS_LLM_CLIENT_H

#include "core/json.h"
#include "tests/test.h"

struct llm_standin {
	apr_pool_t *pool;
	int pid;
	const char *base; /* "http://127.0.0.1:PORT": any *_API_BASE */
};

/* Starts one for the test's life and waits until it answers. */
NODISCARD err_t *llm_standin_start(struct test *t, struct llm_standin **ret_standin);
/* Sets the script for its "when", leaving those of others. */
NODISCARD err_t *llm_standin_script(struct llm_standin *s, const char *script);
/* The only key it takes from now on; NULL: any. */
NODISCARD err_t *llm_standin_key(struct llm_standin *s, const char *key);
/* Forgets script, key and requests. */
NODISCARD err_t *llm_standin_reset(struct llm_standin *s);
/* Every request so far, in order: [{"number","path","headers":{},"body":"...","answer":"..."}]. */
NODISCARD err_t *llm_standin_requests(struct llm_standin *s, struct json **ret_requests);
/* Any call; ret_body whatever the status. body NULL: GET. headers: "Name: value", NULL-terminated, or NULL. */
NODISCARD err_t *llm_standin_call(struct llm_standin *s, const char *path, const char *const *headers,
				  const char *body, long *ret_status, const char **ret_body);

#endif
