/* outcome: what a tool's act came to: words and buttons for a person, data for every other reader.
 * Needs: button, json, req. Used by: tool, consent, google_say, routine. */
#ifndef TOOLS_OUTCOME_H
#define TOOLS_OUTCOME_H

#include "core/json.h"
#include "core/req.h"
#include "tools/button.h"

enum outcome_kind {
	OUTCOME_DONE, /* the act was done: html says so from the row that was committed */
	OUTCOME_SAY,  /* nothing changed; html answers */
};

struct outcome {
	enum outcome_kind kind;
	const char *html;       /* rendered by tr(); in req->pool */
	struct button *buttons; /* in req->pool; an Undo button is added by the frame */
	size_t buttons_n;
	const char *object; /* kind of thing touched ("task"), for the audit trail */
	int64_t object_id;
	/* What happened, for models, programs and pages, none of which read html: what the tool's `result` table describes
	 * (outcome_data), or why nothing was done (outcome_refuse). */
	struct json *data;
	/* html holds words of somebody else (a forwarded message): a model that can act reads data only, or, without
	 * data, that it was shown. */
	bool outside;
	bool card;      /* nothing was done: html is a preview, and its buttons decide */
	bool must_tell; /* not done, but more than an answer: the person hears it, whatever a model makes of it */
	bool lasting; /* there is nothing to take back: no Undo button */
	/* Of a card: the arguments that its yes runs, where they say it more exactly than those that were given ("the one with
	 * Ana" is number 12 now). NULL: those that were given. */
	struct json *exact;
	/* What the conversation keeps of html, where that is not all of it: HTML. A mail that was read stays at Google. NULL: all. */
	const char *said;
	/* The name under which the message that says this goes out (outgoing.dedupe), so that a later one may take its place on
	 * screen; and, of that later one, the name of the one whose place it takes. NULL: none. */
	const char *key, *replaces;
	/* A picture that goes with it (JSON of chart_write), whose text alternative html is; and a shorter one for where html is
	 * too long for a caption (picture_put). NULL: none. */
	const char *chart, *caption;
	/* The act that takes back what this one did outside (outcome_reverse); NULL: none. */
	const char *reverse_tool;
	struct json *reverse_args;
};

/* Adds a button to the outcome. */
void outcome_button(struct req *req, struct outcome *outcome, int row, const char *label, const char *data);

/* Sets data to what src, a struct of the tool's result table, holds. */
void outcome_data(struct req *req, struct outcome *outcome, const struct json_field *result, const void *src);
/* An answer in place of the act: html, and data {"refused": why}; why: one stable word, as "not_found". */
void outcome_refuse(struct req *req, struct outcome *outcome, const char *why, const char *html);

/* Of an act that was done: an Undo button that runs this internal remote tool. Kept with the undo log for a day. */
void outcome_reverse(struct outcome *outcome, const char *tool, struct json *args);

/* Whether data is what the table describes, or a refusal; a card needs none. ERR_INTERNAL names what is not so. */
NODISCARD err_t *outcome_check(const struct outcome *outcome, const struct json_field *result);

/* data for a reader that can act: where an object says that its words are somebody else's ("outside": true), its texts that
 * may be theirs (JSON_WORDS) are replaced by a line that says so. NULL when there is no data. */
struct json *outcome_for_model(apr_pool_t *pool, const struct outcome *outcome,
			       const struct json_field *result);

/* What a step keeps of an outcome, so that a replay gives the same answer, and that read again. */
struct json *outcome_json(apr_pool_t *pool, const struct outcome *outcome);
NODISCARD err_t *outcome_read(struct req *req, const char *text, struct outcome *ret_outcome);

#endif
