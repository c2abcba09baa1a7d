/* reminders: fires what is due, within a second, once, and never through a model.
 * Needs: tx, outbox, reminder_view. Used by: scheduler.
 * Several schedulers share the work: a reminder is claimed by its job and settled under its own row's lock. */
#ifndef CRON_REMINDERS_H
#define CRON_REMINDERS_H

#include "core/config.h"

void reminders_start(const struct config *config);
/* Something may be due sooner. */
void reminders_kick(void);
void reminders_stop(void);
/* Nothing is being fired. */
bool reminders_idle(void);

#endif
