/* look_back: a span of local days to look back over, for searches.
 * Needs: when, pg. Used by: tool_search_notes, tool_search_all. */
#ifndef TOOLS_LOOK_BACK_H
#define TOOLS_LOOK_BACK_H

#include "core/req.h"
#include "db/pg.h"

/* start and end: local days or times, end exclusive; NULL: open, which is NULL in SQL. Dates in words are read into the future:
 * a span that lies there ("em outubro", "sexta") is taken back to the last such one. ERR_INVALID: no day. */
NODISCARD err_t *look_back(struct req *req, const char *start, const char *end, struct pg_val *ret_from,
			   struct pg_val *ret_to);

#endif
