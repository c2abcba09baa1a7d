/* scheduler: claims due jobs under a lease, runs them, plans their next run.
 * Needs: db, job. Used by: main, tests. Several on several machines are harmless: leases and their tokens fence. */
#ifndef CRON_SCHEDULER_H
#define CRON_SCHEDULER_H

#include "core/config.h"

void scheduler_start(const struct config *config, const char *queue_url);
/* Takes nothing new; jobs under way end by themselves. */
void scheduler_stop(void);
bool scheduler_idle(void);

#endif
