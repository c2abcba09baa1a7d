/* memory_view: memories as their data says them.
 * Needs: tool. Used by: tools/memory. */
#ifndef TOOLS_MEMORY_MEMORY_VIEW_H
#define TOOLS_MEMORY_MEMORY_VIEW_H

#include "tools/tool.h"

struct memory_row {
	int64_t id;
	const char *fact, *source, *day;
};
/* Reads the columns from col on; valid as long as rows. */
struct memory_row memory_row(const struct rows *rows, int row, int col);
/* The data of one, over struct memory_row. */
extern const struct json_field memory_fields[];
/* The first rows, at most max, as that. */
struct json_list memory_rows(struct req *req, const struct rows *rows, int col, int max);

#endif
