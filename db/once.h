/* once: something done once, however often the update that asked for it is replayed.
 * Needs: tx. Used by: tools, bot.
 * A row of turn_steps, committed with the effect under (bot, update, step, call), says that it was done. */
#ifndef DB_ONCE_H
#define DB_ONCE_H

#include "db/tx.h"

/* Which act of its turn something is: the model's step (0: no model's), and the call in it (0: the step itself). */
struct step_at {
	int step, call;
};

struct once {
	struct step_at at;
	const char *kind, *name; /* of its row: "tool", "create_task" */
	/* The effect, and whatever is said of it. *ret_payload: JSON that a replay is given, or NULL. NULL: nothing is done,
	 * once. */
	err_t *(*body)(void *ctx, struct tx *tx, const char **ret_payload);
	void *ctx;
};

/* In tx: does it, unless a row says that it was done. *ret_before: that is so, and *ret_payload is what was kept then (NULL
 * where nothing was); else *ret_payload is what body gave. A request that comes from no update is always done. */
NODISCARD err_t *once_in(struct tx *tx, const struct once *once, bool *ret_before, const char **ret_payload);
/* The same in a transaction of its own. */
NODISCARD err_t *once_run(struct req *req, const struct once *once, bool *ret_before,
			  const char **ret_payload);
/* The two halves, for what looks long before it acts. */
NODISCARD err_t *once_find(struct tx *tx, struct step_at at, bool *ret_before, const char **ret_payload);
NODISCARD err_t *once_put(struct tx *tx, struct step_at at, const char *kind, const char *name,
			  const char *payload);

#endif
