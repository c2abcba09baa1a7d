/* far_tool: what the two tools of the tests share: how they speak to the far side.
 * Needs: remote, http; FAR_BASE in the environment. Used by: tests/remote/tool_far_*.c. */
#ifndef TESTS_REMOTE_FAR_TOOL_H
#define TESTS_REMOTE_FAR_TOOL_H

#include "core/json.h"
#include "tools/remote.h"

struct far_args {
	const char *words, *faults;
	const char *fetched; /* of tool_far_swap: what its fetch has read */
};
extern const struct json_field far_params[];
extern const struct json_field far_result[];

NODISCARD err_t *far_plan(struct req *req, struct tx *tx, const void *args, struct json **ret_request,
			  struct outcome *ret_outcome);
/* with_id: the far side is told the operation's id. */
NODISCARD err_t *far_send(struct req *req, const struct operation *op, bool with_id,
			  enum remote_sent *ret_sent);
NODISCARD err_t *far_look(struct req *req, const char *path, enum remote_sent *ret_sent);
/* Remembers what was done. */
NODISCARD err_t *far_settle(struct req *req, struct tx *tx, const struct operation *op,
			    struct outcome *ret_outcome);
/* "WORDS FAULTS" behind the command. */
NODISCARD err_t *far_from_text(struct req *req, const char *text, struct json **ret_args);

#endif
