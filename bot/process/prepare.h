/* prepare: what must be done before anything serves, as the database's owner, in a process of its own.
 * Needs: migrate, people_admin. Used by: main. */
#ifndef BOT_PROCESS_PREPARE_H
#define BOT_PROCESS_PREPARE_H

#include "core/config.h"

/* Brings the schema up to date. Exit code. */
int prepare_schema(struct config *config, apr_pool_t *pool);
/* The same; and while there is no owner, prints a fresh code for whoever is to be it. */
int prepare_run(struct config *config, apr_pool_t *pool);

#endif
