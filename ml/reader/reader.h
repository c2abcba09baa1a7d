/* reader: what somebody else's text says, told by a model that can do nothing, as short typed fields.
 * Needs: llm, guard, prompt. Used by: ml/reader, tools.
 * Words from mail, files and events of others never reach a model that can act: here they go to one that has no tools, and
 * what comes back is cut, cleaned and for people alone. */
#ifndef ML_READER_READER_H
#define ML_READER_READER_H

#include "core/json.h"
#include "core/req.h"

enum reader_what { READER_MAIL, READER_FILE, READER_EVENT };

enum {
	READER_SUMMARY = 400, /* characters */
	READER_LINE = 160,
	READER_FACTS = 8,        /* dates, and amounts */
	READER_LINES = 5,        /* asks, and claims */
	READER_TEXT = 24 * 1024, /* bytes that are read */
	READER_TRIMMED = 1500,   /* characters shown where nobody reads */
};

struct reading {
	const char *summary;
	struct json_texts dates;   /* "2026-11-30" or "2026-11-30T14:00" */
	struct json_texts amounts; /* "BRL 1234.56" */
	struct json_texts asks, claims;
	const char *language; /* "pt"; "" when it is no code */
};

/* Reads, not inside a transaction. *ret_reading in req->pool; NULL: nobody read it (no model is configured, it does not answer, the
 * guard forbids it, or its answer is no reading), and the text itself is to be shown (reader_trimmed). ERR_CANCELLED. */
NODISCARD err_t *reader_read(struct req *req, enum reader_what what, const char *text,
			     const struct reading **ret_reading);

/* What a model answered, held against the table: ERR_INVALID for whatever is not exactly one such object. Strings are cut, and
 * defanged. */
NODISCARD err_t *reader_decode(apr_pool_t *pool, const char *answer, struct reading *ret_reading);

/* Both as HTML for a person, in their language where the words are ours. */
const char *reader_html(struct req *req, const struct reading *reading);
const char *reader_trimmed(struct req *req, const char *text);

/* Somebody else's words in which there is nothing to tap: no address of a page, no command, no mention; without what cannot be
 * seen. Plain text. */
const char *reader_defang(apr_pool_t *pool, const char *text);

#endif
