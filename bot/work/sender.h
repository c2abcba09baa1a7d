/* sender: carries the outbox to its channel, in order per chat, under its limits.
 * Needs: outbox, channel. Used by: worker. */
#ifndef BOT_WORK_SENDER_H
#define BOT_WORK_SENDER_H

#include "bot/turn/channel.h"

/* Starts the sender's fibers. owner: the worker's advisory lock id. */
void sender_start(const struct channel *channel, int32_t owner);
/* The owner's lock is held: from now on claims are safe from the sweep. Until then nothing is claimed. */
void sender_ready(void);
/* There may be something to send. */
void sender_kick(void);
/* Takes nothing new from now on, but once more what is due already. */
void sender_stop(void);
/* Whether it came to that end. */
bool sender_stopped(void);
/* Ends the fibers, once nothing is under way; from a fiber. */
void sender_close(void);
/* Messages claimed and not yet settled. */
size_t sender_busy(void);
/* Tokens of the leases they have held for at least min_ms, in pool. */
int64_t *sender_tokens(apr_pool_t *pool, int64_t min_ms, size_t *ret_n);

#endif
