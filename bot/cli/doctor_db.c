#include "bot/cli/doctor.h"

#include "core/clock.h"
#include "core/text.h"
#include "db/migrate.h"
#include "db/pg_admin.h"
#include <stdlib.h>

enum { STUCK_S = 300, CLOCK_MAX_MS = 2000 };

static const char *const titles[] = {
	[CONFIG_DB_OWNER] = "owner",
	[CONFIG_DB_APP] = "app",
	[CONFIG_DB_QUEUE] = "queue",
};
static const char *const settings[] = {
	[CONFIG_DB_OWNER] = "DATABASE_URL",
	[CONFIG_DB_APP] = "DATABASE_APP_URL",
	[CONFIG_DB_QUEUE] = "DATABASE_QUEUE_URL",
};

/* The connections that could be had, by enum config_db. */
struct databases {
	struct pg_admin *of[CONFIG_DB_QUEUE + 1];
	const char *users[CONFIG_DB_QUEUE + 1];
};

static void reach(struct doctor *d, struct databases *db, enum config_db which)
{
	const char *url = config_db_url(d->pool, d->config, which);
	const char *cure =
		mem_fmt(d->pool,
			"is PostgreSQL running, and is %s right? `lembra migrate` makes the serving roles",
			settings[which]);
	struct rows *rows = NULL;

	if (!*url) {
		doctor_say(d, which == CONFIG_DB_OWNER ? FINDING_SKIP : FINDING_FAIL, "database",
			   "%s: %s is not set", titles[which], settings[which]);
		return;
	}
	if (doctor_failed(d, "database",
			  err_wrap(pg_admin_open(d->pool, url, &db->of[which]), "%s", titles[which]), cure))
		return;
	if (doctor_failed(d, "database",
			  pg_admin_exec(db->of[which], d->pool, STMT_DOCTOR_SERVER, PG_ARGS(), &rows), cure))
		return;
	db->users[which] = rows_text(rows, 0, COL_DOCTOR_SERVER_ROLE);
	doctor_say(d, FINDING_OK, "database", "%s: reached as \"%s\", PostgreSQL %s", titles[which],
		   db->users[which], rows_text(rows, 0, COL_DOCTOR_SERVER_VERSION));
}

static void check_schema(struct doctor *d)
{
	const char *url = config_db_url(d->pool, d->config, CONFIG_DB_OWNER), *lines;
	bool current = false;

	if (!*url)
		doctor_say(d, FINDING_SKIP, "schema",
			   "only the owner sees the migrations: DATABASE_URL is not set");
	else if (doctor_failed(d, "schema", migrate_status(d->pool, url, &lines, &current),
			       "can the owner read the database?"))
		return;
	else if (!current)
		doctor_say(d, FINDING_FAIL, "schema",
			   "not current: run `lembra migrate` (`--status` lists what is missing)");
	else
		doctor_say(d, FINDING_OK, "schema", "all %zu migrations applied", migrations_count);
}

/* Row security does not bind owners, superusers and those that bypass it. */
static void check_role(struct doctor *d, const struct databases *db, enum config_db which)
{
	struct rows *rows = NULL;
	const char *fault;

	if (!db->of[which] ||
	    doctor_failed(d, "roles",
			  pg_admin_exec(db->of[which], d->pool, STMT_DOCTOR_ROLE, PG_ARGS(), &rows),
			  "see above"))
		return;
	fault = rows_bool(rows, 0, COL_DOCTOR_ROLE_SUPERUSER)  ? "is a superuser"
		: rows_bool(rows, 0, COL_DOCTOR_ROLE_BYPASSES) ? "bypasses row security"
		: rows_bool(rows, 0, COL_DOCTOR_ROLE_OWNS)     ? "owns the database or its tables"
							       : NULL;
	if (fault)
		doctor_say(d, FINDING_FAIL, "roles",
			   "%s: \"%s\" %s: let %s name a role of its own, made by `lembra migrate`",
			   titles[which], db->users[which], fault, settings[which]);
	else
		doctor_say(d, FINDING_OK, "roles",
			   "%s: \"%s\" is neither owner nor superuser, and row security binds it",
			   titles[which], db->users[which]);
}

static void check_roles(struct doctor *d, const struct databases *db)
{
	check_role(d, db, CONFIG_DB_APP);
	check_role(d, db, CONFIG_DB_QUEUE);
	if (db->users[CONFIG_DB_APP] && text_same(db->users[CONFIG_DB_APP], db->users[CONFIG_DB_QUEUE]))
		doctor_say(d, FINDING_FAIL, "roles",
			   "app and queue are the same role: let the two urls name different users");
}

/* As the app role with nobody's id: no row may be seen, and no table may be open. */
static void check_rows(struct doctor *d, const struct databases *db)
{
	struct rows *rows = NULL;

	if (!db->of[CONFIG_DB_APP] ||
	    doctor_failed(d, "rows",
			  pg_admin_exec(db->of[CONFIG_DB_APP], d->pool, STMT_DOCTOR_ROWS, PG_ARGS(), &rows),
			  "is the schema current?"))
		return;
	if (rows_int(rows, 0, COL_DOCTOR_ROWS_PEOPLE))
		doctor_say(d, FINDING_FAIL, "rows",
			   "%lld people are seen by nobody: row security does not hold; stop serving",
			   (long long)rows_int(rows, 0, COL_DOCTOR_ROWS_PEOPLE));
	else if (!rows_null(rows, 0, COL_DOCTOR_ROWS_OPEN_TABLES))
		doctor_say(d, FINDING_FAIL, "rows", "row security does not hold on %s: stop serving",
			   rows_text(rows, 0, COL_DOCTOR_ROWS_OPEN_TABLES));
	else
		doctor_say(d, FINDING_OK, "rows", "row security holds: nobody sees nothing");
}

/* The machine against the database, taken between two readings of the machine. */
static void check_clock(struct doctor *d, const struct databases *db)
{
	int64_t before = clock_real(), off_ms;
	struct rows *rows = NULL;

	if (*d->config->test_clock_file)
		doctor_say(d, FINDING_WARN, "clock", "a test clock is in force: Lembra believes it is %s",
			   clock_iso(d->pool, clock_now()));
	if (!db->of[CONFIG_DB_QUEUE] || doctor_failed(d, "clock",
						      pg_admin_exec(db->of[CONFIG_DB_QUEUE], d->pool,
								    STMT_DOCTOR_SERVER, PG_ARGS(), &rows),
						      "see above"))
		return;
	off_ms = (rows_int(rows, 0, COL_DOCTOR_SERVER_CLOCK) - before / 2 - clock_real() / 2) / 1000;
	if (llabs(off_ms) > CLOCK_MAX_MS)
		doctor_say(d, FINDING_FAIL, "clock",
			   "the database's is %lld ms %s: let both machines follow NTP", llabs(off_ms),
			   off_ms > 0 ? "ahead" : "behind");
	else
		doctor_say(d, FINDING_OK, "clock", "machine and database agree within %d s",
			   CLOCK_MAX_MS / 1000);
}

static void check_people(struct doctor *d, struct pg_admin *queue)
{
	struct rows *people = NULL, *missing = NULL;

	if (doctor_failed(d, "people", pg_admin_exec(queue, d->pool, STMT_DOCTOR_PEOPLE, PG_ARGS(), &people),
			  "is the schema current?") ||
	    doctor_failed(d, "people", pg_admin_exec(queue, d->pool, STMT_OWNER_MISSING, PG_ARGS(), &missing),
			  "is the schema current?"))
		return;
	if (rows_bool(missing, 0, COL_OWNER_MISSING_MISSING))
		doctor_say(d, FINDING_WARN, "people",
			   "no owner has come by Telegram yet: `lembra user invite owner` makes a code");
	else
		doctor_say(d, FINDING_OK, "people", "%lld known, an owner among them",
			   (long long)rows_int(people, 0, COL_DOCTOR_PEOPLE_N));
}

static void check_queue(struct doctor *d, struct pg_admin *queue)
{
	int64_t now = clock_now(), dead, stuck;
	struct rows *depths = NULL, *old = NULL;

	if (doctor_failed(d, "queue", pg_admin_exec(queue, d->pool, STMT_QUEUE_DEPTHS, PG_ARGS(), &depths),
			  "is the schema current?") ||
	    doctor_failed(d, "queue",
			  pg_admin_exec(queue, d->pool, STMT_QUEUE_STUCK,
					PG_ARGS(PG_TIME(now), PG_DOUBLE(STUCK_S)), &old),
			  "is the schema current?"))
		return;
	dead = rows_int(depths, 0, COL_QUEUE_DEPTHS_DEAD);
	stuck = rows_count(old);
	if (dead)
		doctor_say(
			d, FINDING_WARN, "queue",
			"%lld dead letters: GET /admin/queue lists them, POST /admin/queue/replay tries one again",
			(long long)dead);
	if (stuck)
		doctor_say(
			d, FINDING_WARN, "queue",
			"%s%lld updates wait for more than %d min: is a worker running? `lembra trace %.8s` tells of the first",
			stuck == 20 ? "at least " : "", (long long)stuck, STUCK_S / 60,
			rows_text(old, 0, COL_QUEUE_STUCK_TRACE));
	if (!dead && !stuck)
		doctor_say(d, FINDING_OK, "queue",
			   "%lld updates and %lld messages wait, none for long, no dead letters",
			   (long long)rows_int(depths, 0, COL_QUEUE_DEPTHS_UPDATES),
			   (long long)rows_int(depths, 0, COL_QUEUE_DEPTHS_OUTBOX));
}

void doctor_database(struct doctor *doctor)
{
	struct databases db = { 0 };

	for (enum config_db which = CONFIG_DB_OWNER; which <= CONFIG_DB_QUEUE; which++)
		reach(doctor, &db, which);
	check_schema(doctor);
	check_roles(doctor, &db);
	check_rows(doctor, &db);
	check_clock(doctor, &db);
	if (db.of[CONFIG_DB_QUEUE]) {
		check_people(doctor, db.of[CONFIG_DB_QUEUE]);
		check_queue(doctor, db.of[CONFIG_DB_QUEUE]);
	}
}
