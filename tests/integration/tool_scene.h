/* tool_scene: two people, and tools called as the bot calls them.
 * Needs: fixture, registry. Used by: tests/integration/test_tool_*.c. */
#ifndef TESTS_INTEGRATION_TOOL_SCENE_H
#define TESTS_INTEGRATION_TOOL_SCENE_H

#include "tests/integration/fixture.h"
#include "tools/act.h"
#include "tools/registry.h"

struct scene {
	apr_pool_t *pool;
	struct fixture f;
	struct req *req;   /* whose turn it is: Ana, in Portuguese, role user, until changed */
	int64_t ana, bia;  /* user ids */
	int64_t updates;   /* given out so far */
	struct step_at at; /* which act of its turn the next one is */
	int finished;      /* replies put on their way */
	struct outcome last;
};

/* Runs play in a fiber, with a fresh database. */
NODISCARD err_t *tool_scene_run(struct test *t, err_t *(*play)(struct scene *s));

/* The same with settings, "NAME=value" pairs, NULL-terminated. */
NODISCARD err_t *tool_scene_run_with(struct test *t, const char *const *pairs,
				     err_t *(*play)(struct scene *s));

/* In an update of its own; what a person hears is in s->last. */
NODISCARD err_t *tool_scene_call(struct scene *s, const char *tool, const char *args);
/* "/tarefa comprar leite": by the command's tool, its usage text when the words are not enough. */
NODISCARD err_t *tool_scene_say(struct scene *s, const char *message);
/* Presses the button of s->last that carries this data, or, for "u:", any undo. ERR_NOT_FOUND: no such button. */
NODISCARD err_t *tool_scene_press(struct scene *s, const char *data);
/* Confirms (or cancels) the card of s->last. ERR_NOT_FOUND: it is none. */
NODISCARD err_t *tool_scene_answer(struct scene *s, bool yes);
/* The last update once more, as after a worker's death. */
NODISCARD err_t *tool_scene_again(struct scene *s, const char *tool, const char *args);

/* How an act of the scene is heard. */
struct act_end tool_scene_end(struct scene *s);

/* Whether s->last has a button with this data. */
bool tool_scene_has(const struct scene *s, const char *data);
/* One number out of the database, as its owner. */
NODISCARD err_t *tool_scene_count(struct scene *s, const char *sql, int64_t expected);

/* What a model reads of s->last, which this tool gave. */
const char *tool_scene_model(const struct scene *s, const char *tool);

/* The data of s->last says this at that path. */
#define CHECK_DATA(s, path, expected) CHECK_TEXT(json_text((s)->last.data, (path)), (expected))
#define CHECK_DATA_INT(s, path, expected)                                                                 \
	do {                                                                                              \
		int64_t number_;                                                                          \
		if (!json_int((s)->last.data, (path), &number_))                                          \
			return err_new(ERR_INTERNAL, "%s:%d: no number \"%s\" in %s", __FILE__, __LINE__, \
				       path, json_write((s)->pool, (s)->last.data));                      \
		CHECK_INT(number_, expected);                                                             \
	} while (0)

/* What was said holds, or does not hold, this. */
#define CHECK_SAID(s, part)                                                                             \
	do {                                                                                            \
		if (!strstr((s)->last.html, part))                                                      \
			return err_new(ERR_INTERNAL, "%s:%d: \"%s\" is not in: %s", __FILE__, __LINE__, \
				       part, (s)->last.html);                                           \
	} while (0)
#define CHECK_UNSAID(s, part)                                                                             \
	do {                                                                                              \
		if (strstr((s)->last.html, part))                                                         \
			return err_new(ERR_INTERNAL, "%s:%d: \"%s\" is in: %s", __FILE__, __LINE__, part, \
				       (s)->last.html);                                                   \
	} while (0)
/* The number of something, counted over everybody. */
#define CHECK_COUNT(s, sql, expected) \
	ERR(err_wrap(tool_scene_count((s), (sql), (expected)), "%s:%d", __FILE__, __LINE__))

#endif
