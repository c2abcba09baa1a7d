/* clock: the product's time, which tests may move, and the machine's, which they may not.
 * Needs: config (TEST_CLOCK_FILE). Used by: everything.
 * Instants are int64_t microseconds since 1970-01-01 UTC. */
#ifndef CORE_CLOCK_H
#define CORE_CLOCK_H

#include "core/mem.h"
#include <stdint.h>

#define SECOND_US INT64_C(1000000)
#define MINUTE_US (60 * SECOND_US)
#define HOUR_US (60 * MINUTE_US)
#define DAY_US (24 * HOUR_US)

/* Follow a file of one line "ISO-instant speed": product time is instant + (time since the file changed) x speed. NULL: none. */
NODISCARD err_t *clock_init(const char *test_clock_file);
/* Product time; the only source of dates that people see or that are stored. */
int64_t clock_now(void);
/* Real time, for leases and durations that cross processes. */
int64_t clock_real(void);
/* Monotonic milliseconds and microseconds of this machine, for waits and durations. */
int64_t clock_mono_ms(void);
int64_t clock_mono_us(void);
/* Real milliseconds to wait until product instant `due`; 0 when past; at most 250 with a test clock, so that a moved clock is seen. */
int64_t clock_wait_ms(int64_t due);
/* "2026-11-21T04:31:44Z", with milliseconds when they are not 0. */
const char *clock_iso(apr_pool_t *pool, int64_t instant);
/* Reads "YYYY-MM-DDTHH:MM:SS[.fff](Z|+HH:MM)"; ERR_INVALID otherwise. */
NODISCARD err_t *clock_parse(const char *iso, int64_t *ret_instant);

#endif
