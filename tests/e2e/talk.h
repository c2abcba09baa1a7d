/* talk: what the end-to-end tests say to the product, and how they look at what it did.
 * Needs: product. Used by: tests/e2e. */
#ifndef TESTS_E2E_TALK_H
#define TESTS_E2E_TALK_H

#include "tests/e2e/product.h"

enum { TALK_MS = 20000 };

/* A person with this language ("en"; NULL: the stand-in's own) writes. */
NODISCARD err_t *talk_say(struct product *p, int64_t chat, const char *lang, const char *text);
/* Writes and waits for one more message; what the person then reads last. */
NODISCARD err_t *talk_ask(struct product *p, int64_t chat, const char *lang, const char *text,
			  const char **ret_reply);
/* Fails unless the answer to `text` holds `part`. */
NODISCARD err_t *talk_expect(struct product *p, int64_t chat, const char *lang, const char *text,
			     const char *part);
/* An update as Telegram would deliver it, of any content; update_id is added when it has none. */
NODISCARD err_t *talk_raw(struct product *p, const char *update);
/* A press of a button nobody showed. */
NODISCARD err_t *talk_forge(struct product *p, int64_t chat, const char *data);

/* How many accepted calls of a method went to the chat, of those whose text holds part (NULL: any). */
NODISCARD err_t *talk_sent(struct product *p, int64_t chat, const char *method, const char *part, int *ret_n);
/* Waits until at least n did. */
NODISCARD err_t *talk_await(struct product *p, int64_t chat, const char *method, const char *part, int n);
/* Waits until the query gives n. */
NODISCARD err_t *talk_await_int(struct product *p, const char *sql, int64_t n);
/* Waits until the product has accepted every update so far: what is said is on its way to it for a moment. */
NODISCARD err_t *talk_delivered(struct product *p);
/* The same, and until no update waits and no message is to be sent. */
NODISCARD err_t *talk_settle(struct product *p);

/* One request on a connection of its own; headers: whole lines. The status is 0 when the server just closes. */
NODISCARD err_t *talk_http(struct product *p, const char *head, const void *body, size_t n, int *ret_status,
			   const char **ret_body);
NODISCARD err_t *talk_get(struct product *p, const char *path, int *ret_status, const char **ret_body);
/* POST /webhook/telegram with the secret. */
NODISCARD err_t *talk_post(struct product *p, const void *body, size_t n, int *ret_status);

/* Rows of any table that hold the word, as text or as bytes. */
NODISCARD err_t *talk_stored(struct product *p, const char *word, int64_t *ret_rows);
/* Moves the product's clock. Called before product_start, it also sets TEST_CLOCK_FILE (after p->pairs). */
NODISCARD err_t *talk_clock(struct product *p, const char *iso);
/* Adds a setting to those of product_new. */
void talk_setting(struct product *p, const char *pair);
/* The one-time code that the start printed last, or NULL. */
NODISCARD err_t *talk_owner_code(struct product *p, const char **ret_code);
/* Starts, pairs the chat as the owner, in Portuguese, and goes through the greeting. */
NODISCARD err_t *talk_start_owned(struct product *p, int64_t chat);
/* `lembra user invite ROLE`. */
NODISCARD err_t *talk_invite(struct product *p, const char *role, const char **ret_code);
/* Fails when a process ended, a sanitizer complained or an update was buried. */
NODISCARD err_t *talk_calm(struct product *p);

#endif
