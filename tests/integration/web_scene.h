/* web_scene: the web process in a test, and a client of raw sockets that may be as rude as the test wants.
 * Needs: fixture, web. Used by: tests/integration/test_web*.c. */
#ifndef TESTS_INTEGRATION_WEB_SCENE_H
#define TESTS_INTEGRATION_WEB_SCENE_H

#include "core/json.h"
#include "tests/integration/fixture.h"

#define SCENE_BOT 1234
#define SCENE_SECRET "X-Telegram-Bot-Api-Secret-Token: s3cret\r\n"
#define SCENE_ADMIN "Authorization: Bearer adm1n\r\n"

struct scene {
	struct test *t;
	apr_pool_t *pool;
	struct fixture f;
	struct config *config;
	struct telegram *tg;
	int port;
	err_t *(*play)(struct scene *s);
	err_t *(*before)(struct scene *s);
	bool people;
};

/* Starts the web process on a fresh database and runs play, which blocks, aside of its loop. pairs: settings
 * beyond a bot token, its secret and an ADMIN_TOKEN; NULL: none. base: of a Bot API server, or NULL. */
NODISCARD err_t *scene_run(struct test *t, const char *const *pairs, const char *base,
			   err_t *(*play)(struct scene *s));
/* Same; before runs in a fiber of the loop first. */
NODISCARD err_t *scene_run_after(struct test *t, err_t *(*before)(struct scene *s),
				 err_t *(*play)(struct scene *s));

/* As scene_run, with what a worker does for people in a browser in the same process. */
NODISCARD err_t *scene_run_people(struct test *t, const char *const *pairs, err_t *(*play)(struct scene *s));

struct reply {
	int status;
	const char *head; /* with its blank line */
	const char *body;
};

/* A connection to the server; closed with the pool, or by raw_close. */
NODISCARD err_t *raw_open(struct scene *s, int *ret_fd);
void raw_close(int fd);
NODISCARD err_t *raw_send(int fd, const void *p, size_t n);
NODISCARD err_t *raw_text(int fd, const char *text);
/* The next answer; ERR_TIMEOUT after 20 s, ERR_HTTP when the connection ends before. */
NODISCARD err_t *raw_read(struct scene *s, int fd, struct reply *ret);
/* The next answer without its body, as after HEAD. */
NODISCARD err_t *raw_read_head(struct scene *s, int fd, struct reply *ret);
/* Whether an answer, or the end, is there to be read. */
bool raw_ready(int fd);
/* Reads until text has come; what came since, with it. ERR_HTTP when the connection ends before. */
NODISCARD err_t *raw_await(struct scene *s, int fd, const char *text, const char **ret_seen);
/* Reads and drops until the connection ends. */
NODISCARD err_t *raw_await_end(int fd);
/* A header's value in an answer; NULL when it has none. */
const char *raw_header(struct scene *s, const struct reply *reply, const char *name);

/* One request on a connection of its own. headers: whole lines, or "". body NULL: none. */
NODISCARD err_t *raw_call(struct scene *s, const char *method, const char *path, const char *headers,
			  const char *body, struct reply *ret);

/* The text of a POST /webhook/telegram with the right secret. */
const char *scene_post(struct scene *s, const char *body);
/* A private message of chat_id as an Update. */
const char *scene_message(struct scene *s, int64_t update_id, int64_t chat_id, const char *text);
/* Posts it; the status. */
NODISCARD err_t *scene_deliver(struct scene *s, int64_t update_id, int64_t chat_id, int *ret_status);
/* Someone who is known. */
NODISCARD err_t *scene_person(struct scene *s, int64_t login_id, const char *role);
/* A session of a person, as the database keeps it; the token. */
NODISCARD err_t *scene_session(struct scene *s, int64_t login_id, const char *life, const char **ret_token);
/* Waits until the query gives a number of at least n; ERR_TIMEOUT after 20 s. */
NODISCARD err_t *scene_await(struct scene *s, const char *sql, int64_t n);

#endif
