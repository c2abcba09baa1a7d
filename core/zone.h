/* zone: wall time and instants, by the zone files of the system.
 * Needs: mem. Used by: everything.
 * Wall times are int64_t seconds since 1970-01-01T00:00:00 of the same wall (ml/date/date.h); instants are microseconds
 * (core/clock.h). */
#ifndef CORE_ZONE_H
#define CORE_ZONE_H

#include "core/mem.h"
#include <stdint.h>

struct zone; /* read once per process, never freed */

/* By IANA name ("America/Sao_Paulo"); ERR_NOT_FOUND when there is none of that name (any byte that a name cannot hold, ".."
 * among them, is not looked for). */
NODISCARD err_t *zone_find(const char *name, const struct zone **ret_zone);

/* Of the bytes of a zone file (RFC 8536), without a name; ERR_INVALID for others. In the pool. */
NODISCARD err_t *zone_decode(apr_pool_t *pool, const void *p, size_t n, struct zone **ret_zone);

/* The wall time that clocks there show. */
int64_t zone_wall(const struct zone *zone, int64_t instant);
/* The instant at which clocks there show wall. In a gap (clocks jump forward): the wall time moved forward by the length
 * of the gap. In an overlap: the first of the two. */
int64_t zone_instant(const struct zone *zone, int64_t wall);
/* Seconds east of UTC at that instant. */
int64_t zone_offset(const struct zone *zone, int64_t instant);
/* The first instant after `instant` at which the offset changes; false when it never does again before limit. */
bool zone_next_change(const struct zone *zone, int64_t instant, int64_t limit, int64_t *ret_instant);

#endif
