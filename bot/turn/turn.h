/* turn: one update on its way from its claim to its end, and what its rooms note on it.
 * Needs: queue, channel. Used by: agent, agent_part, bot/talk, bot/turn. */
#ifndef BOT_TURN_TURN_H
#define BOT_TURN_TURN_H

#include "bot/turn/channel.h"
#include "core/config.h"
#include "core/req.h"
#include "db/once.h"
#include "db/queue.h"
#include "integrations/telegram/telegram_update.h"

struct turn_progress {         /* see bot/turn/progress.h */
	struct fiber *watcher; /* shows "typing"; NULL: nobody does */
	struct fiber *waiting;
	bool thinking;  /* a model, or something outside, is being asked: the person sees "typing" at once */
	int64_t due_ms; /* when the line is due, clock_mono_ms() */
	bool tried, putting, over, shown;
};

struct turn_reply {              /* see bot/turn/replies.h */
	const char *lead, *foot; /* HTML before and after whatever is replied, or NULL */
	bool anew; /* a new message, also where a button was pressed: the one with the button stays as it is */
};

struct turn_model {       /* who answered, and the tokens it took: for the turn's log row */
	const char *name; /* NULL: none */
	int64_t tokens_in, tokens_out;
};

struct turn {
	struct req *req;
	const struct claim *claim;
	const struct channel *channel;
	struct tg_update update;
	const char *text; /* what the person wrote, trimmed; "" when nothing */
	const char *kind; /* for logs and counters: command, button, text, media ... */
	bool stopped;     /* /stop was heard: nothing more is to be said */
	bool merged; /* text holds what other messages said too, which have no turn of their own any more */
	struct step_at at; /* which of its answers is under way: the key of its replay */
	struct turn_progress progress;
	struct turn_reply reply;
	struct turn_model model;
};

#endif
