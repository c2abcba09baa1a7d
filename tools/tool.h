/* tool: what the assistant can do; one file a tool, one const struct tool in it.
 * Needs: req, json, tx. Used by: tools, the registry, bot.
 * A tool never sees bot/: it gets a request and decoded arguments, and gives an outcome that bot/ performs.
 *
 * To add one: tools/NOUN/tool_NAME.c with `const struct tool tool_NAME = {` at the start of a line (the build
 * collects these), its statements in tools/NOUN/NOUN.sql, its texts in tools/NOUN/NOUN.txt, its test in
 * tests/integration/test_tool_NAME.c. */
#ifndef TOOLS_TOOL_H
#define TOOLS_TOOL_H

#include "core/json.h"
#include "core/req.h"
#include "db/tx.h"

enum tool_effect {
	TOOL_READ,        /* changes nothing */
	TOOL_REVERSIBLE,  /* runs at once, carries an Undo button for 24 hours */
	TOOL_OUTWARD,     /* leaves the house: never without a confirmed card */
	TOOL_DESTRUCTIVE, /* cannot be undone: never without a confirmed card */
};

/* label: plain text; data: callback_data, at most 64 bytes:
 *   "t:TOOL:ID"       runs the tool with {"id": ID}
 *   "t:TOOL:NAME=V"   runs it with {NAME: V}, several as NAME=V&NAME=V; a free text (one that may
 *                       be longer than 40 bytes) takes all that follows it
 *   "u:REF"           undoes the act REF (made by the registry)
 *   "y:ID" "n:ID" "e:ID"  confirm, cancel or change the act that was put aside as ID (made by the registry)
 * row: buttons of one row have the same number. */
struct button {
	const char *label, *data;
	int row;
};

enum outcome_kind {
	OUTCOME_DONE, /* the act was done: html says so from the row that was committed */
	OUTCOME_SAY,  /* nothing changed; html answers */
};

struct outcome {
	enum outcome_kind kind;
	const char *html;       /* rendered by tr(); in req->pool */
	struct button *buttons; /* in req->pool; an Undo button is added by the registry */
	size_t buttons_n;
	const char *object; /* kind of thing touched ("task"), for the audit trail */
	int64_t object_id;
	struct json *data; /* what a model is told happened; NULL: html without its tags */
	/* html holds words of somebody else (a forwarded message): a model that can act reads data only, or, without
	 * data, that it was shown. */
	bool outside;
	bool card;    /* nothing was done: html is a preview, and its buttons decide */
	bool lasting; /* there is nothing to take back: no Undo button */
};
/* Adds a button to the outcome. */
void outcome_button(struct req *req, struct outcome *outcome, int row, const char *label, const char *data);

struct tool {
	const char *name, *description;  /* the description is for models, in English */
	const struct json_field *params; /* ends with a NULL name */
	size_t args_size;                /* of the struct that params fill */
	enum tool_effect effect;
	/* Whether these arguments want a card whatever the effect says: forgetting everything. NULL: never. */
	bool (*asks_when)(const void *args);
	bool asks; /* shows its card first, whatever the person's autonomy: what is kept about a person needs their yes */
	enum role min_role;
	/* Slash commands that run it: every name, Portuguese first, separated by spaces ("tarefa task"), or NULL.
	 * The menu describes it with the text "menu.NAME". */
	const char *commands;
	/* The tool that takes the command over when text follows it, or NULL. */
	const char *with_text;
	/* Turns what follows the command into arguments (in req->pool); NULL text is never passed. *ret_args stays
	 * NULL to answer with the text "usage.NAME" instead. May be NULL: the tool takes no arguments. */
	err_t *(*from_text)(struct req *req, const char *text, struct json **ret_args);
	/* Of an outward or destructive tool, and of any other under AUTONOMY_SUGGEST: shows what run would do, without doing
	 * it. Without buttons; the registry adds Confirm, Edit and Cancel. It sets card where there
	 * is something to ask, and leaves it false where there is not ("there is no such note"). NULL: the text "ask.NAME" with {what} and {when}. */
	err_t *(*preview)(struct req *req, struct tx *tx, const void *args, struct outcome *ret_outcome);
	err_t *(*run)(struct req *req, struct tx *tx, const void *args, struct outcome *ret_outcome);
};

extern const struct tool *const tools_all[]; /* generated; ends with NULL */

#endif
