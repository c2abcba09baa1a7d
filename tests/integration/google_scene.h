/* google_scene: a tool_scene whose people may have accounts at the stand-in for Google.
 * Needs: tool_scene, google_client, google_account. Used by: tests/integration/test_tool_*.c. */
#ifndef TESTS_INTEGRATION_GOOGLE_SCENE_H
#define TESTS_INTEGRATION_GOOGLE_SCENE_H

#include "integrations/google/google_scope.h"
#include "tests/integration/tool_scene.h"
#include "tests/standins/google_client.h"

/* Every feature. */
#define GOOGLE_ALL ((1U << GOOGLE_FEATURES) - 1)

/* Runs play with a client of Google configured. features (bits 1 << feature): what ana@example.org, Ana's account, allows; 0:
 * nobody is connected. The first retries wait a few milliseconds. */
NODISCARD err_t *google_scene_run(struct test *t, unsigned features, err_t *(*play)(struct scene *s));
/* The stand-in of the scene. Its calls block: the loop stands still meanwhile. */
struct google_standin *google_scene(void);
/* Connects an account, which must be known to the stand-in, to the scene's present person. */
NODISCARD err_t *google_scene_connect(struct scene *s, const char *email, unsigned features,
				      int64_t *ret_account);
/* How many calls of that name the stand-in has answered. */
NODISCARD err_t *google_scene_calls(struct scene *s, const char *name, int *ret_n);

#endif
