/* far: something outside that takes acts, over HTTP, and misbehaves as it is told; a process of its own, so that it outlives
 * whoever is killed.
 * Needs: libmicrohttpd, tests/test.h. Used by: tests/remote.
 *   POST /things {"words", "id"?, "faults"?}   200; 409 when that id is there
 *   GET /things/ID, GET /things?words=W        200 or 404
 * faults: one for each request with these words, separated by commas; then all goes well:
 *   none; busy: 503, nothing happened; drop: no answer, nothing happened; during: it happened, no answer;
 *   after: it happened, answer 500; late, later: no answer, it happens a little later, or later than a repeat; refuse: 422, and never; slow: answers late */
#ifndef TESTS_REMOTE_FAR_H
#define TESTS_REMOTE_FAR_H

#include "tests/test.h"

struct far;

/* Until the test ends. */
NODISCARD err_t *far_start(struct test *t, struct far **ret_far);
const char *far_base(const struct far *far); /* "http://127.0.0.1:PORT" */
/* How often an act with these words has taken effect. */
int far_effects(const struct far *far, const char *words);

#endif
