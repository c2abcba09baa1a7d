/* client: drives the stand-in for Telegram from a test.
 * Needs: tests/test.h, json, libcurl (blocking: tests are not fibers). Used by: tests/integration, tests/e2e, tests/bench.
 * The program is tests/standin-telegram of the build under test, or what STANDIN_TELEGRAM names. */
#ifndef TESTS_STANDINS_CLIENT_H
#define TESTS_STANDINS_CLIENT_H

#include "core/json.h"
#include "tests/test.h"

struct standin {
	apr_pool_t *pool;
	int pid;
	const char *base;  /* "http://127.0.0.1:PORT": the product's TELEGRAM_API_BASE */
	const char *token; /* and its TELEGRAM_BOT_TOKEN */
};

/* Starts one for the test's life and waits until it answers. */
NODISCARD err_t *standin_start(struct test *t, struct standin **ret_standin);

/* Any control: POST /control/<path> with body, or GET when body is NULL ("ledger?since=3"). A status
 * other than 200 is ERR_HTTP with the reason. */
NODISCARD err_t *standin_control(struct standin *s, const char *path, struct json *body,
				 struct json **ret_reply);
/* A Bot API method as the product would call it; ret_reply is the envelope, whatever the status. */
NODISCARD err_t *standin_api(struct standin *s, const char *method, struct json *params,
			     struct json **ret_reply);

/* A person writes; ret_update_id may be NULL. */
NODISCARD err_t *standin_say(struct standin *s, int64_t chat_id, const char *text, int64_t *ret_update_id);
/* A person presses the button of this label on the latest message that has it; ret_callback_id may be NULL. */
NODISCARD err_t *standin_press(struct standin *s, int64_t chat_id, const char *label,
			       const char **ret_callback_id);
/* Waits until the chat has had `count` messages from the bot; ERR_HTTP when that takes longer. ret_messages: what the person now sees. */
NODISCARD err_t *standin_wait(struct standin *s, int64_t chat_id, int64_t count, int64_t timeout_ms,
			      struct json **ret_messages);
/* Calls after number `since`, in order. */
NODISCARD err_t *standin_ledger(struct standin *s, int64_t since, struct json **ret_entries);
NODISCARD err_t *standin_chat(struct standin *s, int64_t chat_id, struct json **ret_messages);
NODISCARD err_t *standin_fault(struct standin *s, const char *method, const char *kind, int64_t count);
NODISCARD err_t *standin_retry_ms(struct standin *s, int64_t retry_ms);

#endif
