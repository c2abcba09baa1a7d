/* pg_listen: LISTEN on a connection of its own, which also shows that this process lives.
 * Needs: libpq, fiber. Used by: scheduler, chat, role, worker, web_person.
 * The connection holds advisory lock (class, id) as long as it lives, so that others can tell a dead
 * owner's leases at once, instead of waiting for them to run out. */
#ifndef DB_PG_LISTEN_H
#define DB_PG_LISTEN_H

#include <stdint.h>

struct pg_listen_opts {
	const char *url;
	const char *const *channels; /* NULL-terminated, plain lower-case names */
	int32_t lock_class, lock_id; /* lock_id 0: no lock */
	/* Called in a fiber for each notification, and with channel NULL after each (re)connect. */
	void (*on_notify)(void *ctx, const char *channel, const char *payload);
	void *ctx;
};

/* Starts the listener's fiber. opts is copied; what it points to must live on. */
void pg_listen(const struct pg_listen_opts *opts);
/* Closes every listener's connection; before exit. */
void pg_listen_stop(void);

#endif
