/* portrait: a person's last weeks as they were, in plain rates: no pattern is claimed by them.
 * Needs: features, rates. Used by: tool_get_insights. */
#ifndef TOOLS_INSIGHT_PORTRAIT_H
#define TOOLS_INSIGHT_PORTRAIT_H

#include "db/tx.h"

/* Lines about what was planned and done, appended to html; nothing where there is too little to describe. */
NODISCARD err_t *portrait_add(struct req *req, struct tx *tx, struct buf *html);

#endif
