/* doctor: one line a check of this installation, and what to do about it; no secret is ever in one.
 * Needs: config. Used by: bot/cli. */
#ifndef BOT_CLI_DOCTOR_H
#define BOT_CLI_DOCTOR_H

#include "core/config.h"

enum finding { FINDING_OK, FINDING_WARN, FINDING_FAIL, FINDING_SKIP };

struct doctor {
	const struct config *config;
	apr_pool_t *pool;
	bool live;  /* call what costs a little, too */
	int failed; /* lines that said FAIL */
};

/* doctor_say: prints "ok   what: ..." with every secret of the settings blotted out. */
void doctor_say(struct doctor *doctor, enum finding finding, const char *what, const char *fmt, ...)
	PRINTF(4, 5);
/* A FAIL out of an error, with what to do; frees err. False when err is NULL: nothing is said. */
bool doctor_failed(struct doctor *doctor, const char *what, err_t *err, const char *cure);

/* doctor_db: the database, its roles, row security, schema, clock, people, queue. */
void doctor_database(struct doctor *doctor);
/* doctor_outside: Redis, Telegram, Google, models, charts, disk. */
void doctor_outside(struct doctor *doctor);

#endif
