/* json_scan: checks a JSON text without building anything, and finds a few of its values on the way.
 * Needs: mem. Used by: json (its validator), telegram_update (the head, at ingest).
 * RFC 8259 to the letter: UTF-8, escapes, numbers, no text after the end, LIMIT_JSON_DEPTH. */
#ifndef CORE_JSON_SCAN_H
#define CORE_JSON_SCAN_H

#include "core/mem.h"
#include <stdint.h>

enum { JSON_SPOTS_MAX = 64 };

/* One value that is looked for, by its dotted path of member names; arrays are not entered. */
struct json_spot {
	const char *path;

	/* json_scan's own. */
	const char *at; /* within the text; of a string: between its quotes */
	size_t n;
	char kind; /* '{' '[' '"' '0' 't' 'f' 'n', or 0: absent */
};

/* ERR_INVALID when text (n bytes) is not one JSON value. A member that comes twice counts as it was last. */
NODISCARD err_t *json_scan(const char *text, size_t n, struct json_spot *spots, size_t spots_n);

/* As json_text, json_int, json_true and json_is_object say of the same value. The text is in pool. */
const char *json_spot_text(apr_pool_t *pool, const struct json_spot *spot);
bool json_spot_int(const struct json_spot *spot, int64_t *ret_value);
bool json_spot_true(const struct json_spot *spot);
bool json_spot_is_object(const struct json_spot *spot);

#endif
