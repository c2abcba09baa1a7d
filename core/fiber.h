/* fiber: straight-line code on one libuv loop.
 * Needs: libuv. Used by: everything.
 * One process = one thread = one loop, so no locks; a call that would block parks its fiber. */
#ifndef CORE_FIBER_H
#define CORE_FIBER_H

#include "core/err.h"
#include <stdint.h>
#include <uv.h>

struct fiber;

/* The running fiber; NULL on the loop's own stack. */
struct fiber *fiber_self(void);

/* Once per process, after the last fork. The loop is uv_default_loop(). */
void fiber_init(void);

/* Starts fn(arg) at the next drain. Returns NULL when LIMIT_FIBERS are alive. The handle is valid
 * until fn returns; whoever keeps it must forget it then. */
struct fiber *fiber_go(const char *name, void (*fn)(void *), void *arg);

/* Runs the loop until fiber_stop. */
void fiber_run(void);
void fiber_stop(void);

/* Parks until woken. Wakes may be spurious: always `while (!done) ERR(fiber_wait(...))`.
 * deadline_ms: clock_mono_ms() at which to give up with ERR_TIMEOUT; 0 = none. ERR_CANCELLED when the
 * fiber was cancelled and is not shielded. The caller must then detach from what it waited for. */
NODISCARD err_t *fiber_wait(int64_t deadline_ms);
/* From a callback or another fiber; NULL is allowed. Never resumes at once. */
void fiber_wake(struct fiber *f);
NODISCARD err_t *fiber_sleep(int64_t ms);

/* Makes the fiber's present and next waits fail with ERR_CANCELLED. Shielded code is left alone
 * until it ends: clean-up runs between fiber_shield(+1) and fiber_shield(-1). */
void fiber_cancel(struct fiber *f);
void fiber_shield(int delta);
bool fiber_cancelled(void);

/* Runs fn(arg) on a pool thread and waits for it, whatever happens: fn always ends before return. */
void fiber_work(void (*fn)(void *), void *arg);

/* Fiber-local slots: the trace id that log lines carry, and how many transactions are open
 * (http_send refuses to run inside one). The trace must outlive the fiber's use of it. */
void fiber_set_trace(const char *trace);
int *fiber_open_tx(void);

#endif
