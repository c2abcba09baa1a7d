/* SIGKILL for web, worker, scheduler and supervisor in turn, under load: every acknowledged update gets its reply,
 * effects happen once, the order of each chat holds, repeats of a reply are at most those in flight. */
#include "core/clock.h"
#include "core/text.h"
#include "tests/e2e/product.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { CHATS = 6, EACH = 25, FIRST_CHAT = 100, WAIT_MS = 60000 };

static const char *const victims[] = { "worker", "web", "scheduler", "supervisor", "worker", "web" };
enum { KILLS = sizeof victims / sizeof *victims };

/* What each chat has seen: items 0 .. next[chat] - 1, in order. */
struct seen {
	int next[CHATS];
	int64_t replies, repeats; /* replies: without those that came again */
};

static err_t *look(struct product *p, struct seen *ret)
{
	struct json *ledger;

	*ret = (struct seen){ 0 };
	ERR(standin_ledger(p->s, 0, &ledger));
	for (size_t i = 0; i < json_len(ledger); i++) {
		const char *text = json_text(json_item(ledger, i), "text"),
			   *item = text ? strstr(text, "item ") : NULL;
		int64_t chat;
		int number;

		if (!item || !json_int(json_item(ledger, i), "chat_id", &chat))
			continue;
		number = (int)strtol(item + strlen("item "), NULL, 10);
		chat -= FIRST_CHAT;
		CHECK(chat >= 0 && chat < CHATS);
		if (number > ret->next[chat])
			return err_new(ERR_INTERNAL, "chat %lld: item %d before item %d", (long long)chat,
				       number, ret->next[chat]);
		if (number < ret->next[chat]) {
			ret->repeats++;
			continue;
		}
		ret->next[chat]++;
		ret->replies++;
	}
	return NULL;
}

static err_t *await_replies(struct product *p, int64_t n, struct seen *ret)
{
	int64_t deadline = clock_mono_ms() + WAIT_MS;

	do {
		struct json *messages;

		/* The stand-in wakes us at the next message of the last chat, or soon. */
		err_clear(standin_wait(p->s, FIRST_CHAT + CHATS - 1, EACH + 1, 50, &messages));
		ERR(look(p, ret));
	} while (ret->replies < n && clock_mono_ms() < deadline);
	return ret->replies >= n ? NULL
				 : err_new(ERR_TIMEOUT, "%lld replies, not %lld", (long long)ret->replies,
					   (long long)n);
}

static err_t *load(struct product *p)
{
	for (int i = 0; i < EACH; i++)
		for (int c = 0; c < CHATS; c++)
			ERR(standin_say(p->s, FIRST_CHAT + c, mem_fmt(p->t->pool, "/tarefa item %d", i),
					NULL));
	return NULL;
}

static err_t *kill_one(struct product *p, const char *victim)
{
	ERR(product_kill(p, victim, SIGKILL));
	if (!text_same(victim, "supervisor"))
		return NULL; /* the supervisor restarts it */
	return product_start(p);
}

TEST(killed_anywhere_nothing_is_lost_or_doubled)
{
	const char *pairs[] = { "WORKERS=2", NULL };
	struct product *p;
	struct seen seen;
	int64_t n;
	int code;

	ERR(product_new(t, true, pairs, &p));
	ERR(product_start(p));
	ERR(load(p));
	for (int k = 0; k < KILLS; k++) {
		ERR(await_replies(p, (int64_t)(k + 1) * CHATS * EACH / (KILLS + 2), &seen));
		ERR(kill_one(p, victims[k]));
	}
	ERR(await_replies(p, CHATS * EACH, &seen));
	/* A kill can repeat what was in flight: one message a chat. */
	CHECK(seen.repeats <= KILLS * CHATS);
	ERR(fixture_int(&p->db, "SELECT count(*) FROM tasks", &n));
	CHECK_INT(n, CHATS * EACH);
	ERR(fixture_int(
		&p->db,
		"SELECT count(*) FROM (SELECT user_id, title FROM tasks GROUP BY 1, 2 HAVING count(*) > 1) d",
		&n));
	CHECK_INT(n, 0);
	ERR(fixture_int(&p->db, "SELECT count(*) FROM updates WHERE state = 'dead'", &n));
	CHECK_INT(n, 0);
	ERR(product_stop(p, &code));
	CHECK_INT(code, 0);
	return NULL;
}
