/* tool: what the assistant can do; one file a tool, one const struct tool in it.
 * Needs: req, json, tx. Used by: tools, bot.
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
#include "ml/guard/claims.h"
#include "tools/outcome.h"

enum tool_effect {
	TOOL_READ,        /* changes nothing */
	TOOL_REVERSIBLE,  /* runs at once, carries an Undo button for 24 hours */
	TOOL_OUTWARD,     /* leaves the house: never without a confirmed card */
	TOOL_DESTRUCTIVE, /* cannot be undone: never without a confirmed card */
};

enum tool_card {
	CARD_BY_EFFECT, /* as the effect and the person's autonomy say */
	CARD_ALWAYS,    /* whatever the autonomy: what is kept about a person needs their yes */
};

/* How an act is asked about in words: the text "ask.NAME" with {what} and {when}, from the first of these arguments that is
 * given (names separated by spaces; NULL: none). */
struct tool_words {
	const char *what, *when;
};

struct tool {
	const char *name, *description;  /* the description is for models, in English */
	const struct json_field *params; /* ends with a NULL name */
	size_t args_size;                /* of the struct that params fill */
	const struct json_field
		*result; /* what an outcome's data holds when it is no refusal; ends with a NULL name */
	enum tool_effect effect;
	/* Whether these arguments, with what fetch left in them, want a card whatever the effect says: forgetting everything,
	 * inviting somebody. NULL: never. */
	bool (*card_when)(const void *args);
	enum tool_card card;
	unsigned
		claim; /* enum claim_kind: what a model that boasts of this act says; 0: nothing was done by it */
	bool always_offered; /* to a model, also when the words do not make it likely */
	const char *beside;  /* a tool with which it is likely too; NULL: none */
	struct tool_words words;
	bool clock_alone; /* its start and end may be a time of day alone ("15:00"): of the thing's own day */
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
	 * it. Without buttons; the frame adds Confirm, Edit and Cancel (with buttons, of what it has
	 * put aside itself, it adds none). It sets card where there is something to ask, and leaves it false where there is not ("there is no such note"). NULL: the text "ask.NAME" with {what} and {when}. */
	err_t *(*preview)(struct req *req, struct tx *tx, const void *args, struct outcome *ret_outcome);
	/* What it does, in one transaction; or, where it reaches outside, remote. */
	err_t *(*run)(struct req *req, struct tx *tx, const void *args, struct outcome *ret_outcome);
	const struct remote *remote; /* tools/remote.h */
	/* Before everything else, with no transaction open: reads outside what the act or its card needs, and leaves it in fields
	 * of args that no parameter fills. Where it sets html, that is the answer, and nothing else runs. /stop ends it. Not
	 * run for an act that was answered or sent before; may be run twice for one that was not. NULL: nothing is read. */
	err_t *(*fetch)(struct req *req, void *args, struct outcome *ret_outcome);
	/* A part of other acts: no model, command or words run it, only the frame (outcome_reverse, a card). */
	bool internal;
	bool pressable; /* an internal one that a button "t:" may run all the same */
};

extern const struct tool *const tools_all[]; /* generated; ends with NULL */

#endif
