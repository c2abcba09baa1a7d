/* worker: claims updates, runs their turns, completes them, sends the outbox.
 * Needs: queue, talk, sender, pg_listen. Used by: chat, role. */
#ifndef BOT_WORK_WORKER_H
#define BOT_WORK_WORKER_H

#include "bot/turn/channel.h"

/* Starts the worker's fibers. slots: turns in flight. The channel must live on; requests carry
 * what req_serve was given. */
void worker_start(const char *queue_url, const struct channel *channel, int slots);
/* There may be something to claim, or to send. */
void worker_kick(void);
/* Takes nothing new; true once nothing is under way. */
bool worker_drained(void);
void worker_stop(void);
/* Ends the fibers, once drained; from a fiber, before exit. */
void worker_close(void);
/* Turns and sends under way. */
size_t worker_busy(void);

#endif
