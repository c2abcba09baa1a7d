/* ingest: updates from the webhook, from polling and from the terminal, made durable in groups.
 * Needs: queue, telegram_update. Used by: chat, bot/web.
 * Nothing is answered before its update is committed. */
#ifndef BOT_WEB_INGEST_H
#define BOT_WEB_INGEST_H

#include "core/config.h"
#include "db/queue.h"

enum ingest_fate {
	INGEST_KEEP,   /* goes into the queue */
	INGEST_IGNORE, /* well-formed, and nothing for us: a channel post, a bot, an edit */
	INGEST_BAD,    /* not an update */
};

/* What becomes of one update. ret_update lives in pool, its payload is body itself. */
enum ingest_fate ingest_classify(apr_pool_t *pool, const char *body, size_t n, struct update_in *ret_update);

/* Starts the writer. notify: workers live in other processes. */
void ingest_start(const struct config *config, int64_t bot_id, bool notify);

/* Parks one update for the next group commit. done(ctx, ok) is called in a fiber once it is committed (ok) or
 * could not be. The update and its texts must live until then. False: LIMIT_PARKED wait already. */
bool ingest_park(const struct update_in *update, void (*done)(void *ctx, bool ok), void *ctx);

/* Commits one update and waits for it. */
NODISCARD err_t *ingest_wait(const struct update_in *update);

/* Ends the writer once nothing is parked any more; true when it has ended. Before exit. */
bool ingest_stop(void);

/* Updates parked now. */
size_t ingest_parked(void);

#endif
