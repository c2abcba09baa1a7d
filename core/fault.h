/* fault: makes the nth SQL step, HTTP call or wait fail, for tests.
 * Needs: nothing. Used by: pg, http, fiber. Costs one comparison when not armed. */
#ifndef CORE_FAULT_H
#define CORE_FAULT_H

#include <stdbool.h>

enum fault_kind {
	FAULT_NONE,
	FAULT_SQL,
	FAULT_SQL_LOST,
	FAULT_HTTP,
	FAULT_HTTP_LOST,
	FAULT_CANCEL,
	FAULT_KILL, /* SIGKILL, at the nth point of whatever kind */
	FAULT_KINDS
};

/* From now on the nth (1 = next) point of this kind fails, once. */
void fault_arm(enum fault_kind kind, unsigned nth);
/* True exactly when the armed point is reached. */
bool fault_hit(enum fault_kind kind);
/* Whether the armed fault has struck. */
bool fault_struck(void);

#endif
