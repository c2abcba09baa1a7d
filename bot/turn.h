/* turn: one update from its claim to its end.
 * Needs: queue, router. Used by: worker. */
#ifndef BOT_TURN_H
#define BOT_TURN_H

#include "bot/channel.h"
#include "core/config.h"
#include "core/req.h"
#include "db/queue.h"
#include "integrations/telegram_update.h"

struct turn_progress { /* see bot/progress.h */
	struct fiber *waiting;
	bool tried, putting, over, shown;
};

struct turn {
	struct req *req;
	const struct claim *claim;
	const struct channel *channel;
	const struct config *config;
	struct tg_update update;
	const char *text; /* what the person wrote, trimmed; "" when nothing */
	const char *kind; /* for logs and counters: command, button, text, media ... */
	bool stopped;     /* /stop was heard: nothing more is to be said */
	bool merged;   /* text holds what other messages said too, which have no turn of their own any more */
	bool thinking; /* a model is being asked: the person sees "typing" at once */
	struct turn_progress progress;
	const char *lead, *foot; /* HTML before and after whatever is replied, or NULL */
	/* A model that answered, and the tokens it took: for the turn's log row. NULL: none. */
	const char *model;
	int64_t tokens_in, tokens_out;
};

/* What is to become of the claim. */
enum turn_end {
	TURN_DONE,
	TURN_RETRY, /* a passing trouble: again later */
	TURN_BURY,  /* tried too often, or can never work: a dead letter; the person was told */
};

/* Runs the turn. ret_error: a code for the dead letter. Logs what there is to log. */
enum turn_end turn_run(struct turn *turn, const char **ret_error);

/* A step in front of each conversation's routing. NULL in the product; a benchmark puts a wait there. */
extern err_t *(*turn_before)(struct turn *turn);

/* The text without passwords, keys and card numbers, which are not kept; whoever wrote it is told (turn->lead). */
const char *turn_scrub(struct turn *turn, const char *text);

/* Seconds to wait before try number attempts + 1. */
double turn_backoff_s(int64_t attempts);

#endif
