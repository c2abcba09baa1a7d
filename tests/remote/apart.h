/* apart: acts run in processes of their own, which may be killed at any step.
 * Needs: fixture, far. Used by: tests/remote. */
#ifndef TESTS_REMOTE_APART_H
#define TESTS_REMOTE_APART_H

#include "core/req.h"
#include "tests/integration/fixture.h"
#include "tests/remote/far.h"
#include "tests/standins/google_client.h"

struct scene {
	struct test *t;
	struct fixture f;
	struct config *config;
	struct far *far;
	struct google_standin *google; /* of apart_open_google */
	int64_t user;
};

/* One act, as it is run in a process of its own. */
struct run {
	struct scene *s;
	const char *tool, *words, *faults;
	const char *args; /* JSON, instead of words and faults; NULL: those */
	int64_t update;
	unsigned kill_at; /* 0: not */
	const char *ref;  /* one undo for all acts that have it; NULL: its own */
	bool undo;        /* the latest act is undone instead */
	err_t *(*instead)(const struct run *run, struct req *req); /* of a turn's act; NULL: it is that */
	const char *sweep; /* the operation that is swept; NULL: the turn runs */
};

/* A database, a far side, and a person. */
NODISCARD err_t *apart_open(struct test *t, struct scene *s);
/* The same, with an account at a stand-in for Google instead of the far side. */
NODISCARD err_t *apart_open_google(struct test *t, unsigned features, struct scene *s);
/* fn in a fiber of a process of its own. What may be tried again later is no failure. */
NODISCARD err_t *apart(struct scene *s, err_t *(*fn)(void *ctx), void *ctx, bool *ret_killed);
/* For apart: the act, the undo or the sweep that a struct run describes. */
NODISCARD err_t *apart_run(void *run);
/* Until no operation is open: as the scheduler would, when the lease has run out. */
NODISCARD err_t *apart_sweep(struct scene *s, const struct run *run);

#endif
