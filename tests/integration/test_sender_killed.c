/* A message that kills whoever sends it is not sent for ever, and its chat goes on. */
#include "core/clock.h"
#include "db/outbox.h"
#include "db/queue.h"
#include "db/tx.h"
#include "tests/integration/tool_scene.h"

static NODISCARD err_t *put(struct scene *s, const char *dedupe, const char *text)
{
	struct tx *tx;

	s->req->chat_id = 41;
	ERR(tx_begin_user(s->req, &tx));
	return tx_end(tx, outbox_put(tx, &(struct outgoing){ .dedupe = dedupe,
							     .method = "send",
							     .text = text,
							     .class = "reply" }));
}

/* A sender takes the chat's next message and dies; its lease runs out. */
static NODISCARD err_t *die(struct scene *s)
{
	struct sending *sendings;
	int64_t freed, unsure;
	size_t n;

	ERR(fixture_sql(&s->f, "UPDATE chats SET ready_at = now() WHERE ready_at IS NOT NULL"));
	ERR(outbox_claim(s->pool, 7, 10, 0, 0, &n, &sendings));
	CHECK_INT(n, 1);
	ERR(fixture_sql(
		&s->f,
		"UPDATE chats SET lease_until = now() - interval '1 s' WHERE lease_until IS NOT NULL"));
	ERR(queue_sweep(s->pool, &freed, &unsure));
	CHECK_INT(freed, 1);
	return NULL;
}

static err_t *play(struct scene *s)
{
	struct sending *sendings;
	size_t n;

	ERR(put(s, "a", "mata"));
	ERR(put(s, "b", "vive"));
	for (int i = 0; i < 8; i++) {
		CHECK_COUNT(s, "SELECT count(*) FROM outbox WHERE state = 'pending'", 2);
		ERR(die(s));
	}
	CHECK_COUNT(s, "SELECT count(*) FROM outbox WHERE state = 'failed' AND dedupe = 'a'", 1);
	ERR(fixture_sql(&s->f, "UPDATE chats SET ready_at = now() WHERE ready_at IS NOT NULL"));
	ERR(outbox_claim(s->pool, 7, 10, 0, 0, &n, &sendings));
	CHECK_INT(n, 1);
	CHECK_TEXT(sendings[0].text, "vive");
	return NULL;
}

TEST(eight_senders_are_enough)
{
	return tool_scene_run(t, play);
}
