/* Telegram's limits and moods: what is to be delivered is, in order, once where that can be known. */
#include "core/clock.h"
#include "core/text.h"
#include "tests/e2e/talk.h"
#include <string.h>

enum { CHAT = 700, MANY = 24 };

static NODISCARD err_t *started(struct test *t, const char *const *pairs, struct product **ret)
{
	ERR(product_new(t, true, pairs, ret));
	return product_start(*ret);
}

struct fault {
	const char *method, *kind;
	int count, retry_after, delay_ms;
	int64_t chat;
};

static NODISCARD err_t *fail(struct product *p, struct fault f)
{
	struct json *body = json_object(p->t->pool), *reply;

	json_set_text(body, "method", f.method);
	json_set_text(body, "kind", f.kind);
	json_set_int(body, "count", f.count);
	json_set_int(body, "retry_after", f.retry_after ? f.retry_after : 1);
	json_set_int(body, "delay_ms", f.delay_ms);
	json_set_int(body, "chat_id", f.chat);
	return standin_control(p->s, "fault", body, &reply);
}

static NODISCARD err_t *enforce(struct product *p, int burst, int per_s)
{
	struct json *body = json_object(p->t->pool), *reply;

	json_set_double(body, "per_chat_burst", burst);
	json_set_double(body, "per_chat_per_s", per_s);
	return standin_control(p->s, "rate", body, &reply);
}

/* Calls of the ledger with this HTTP status. */
static NODISCARD err_t *answered_with(struct product *p, int64_t wanted, int *ret_n)
{
	struct json *ledger;
	int64_t code;

	*ret_n = 0;
	ERR(standin_ledger(p->s, 0, &ledger));
	for (size_t i = 0; i < json_len(ledger); i++)
		*ret_n += json_int(json_item(ledger, i), "code", &code) && code == wanted;
	return NULL;
}

/* Everything the chat was sent and accepted, text by text. */
static NODISCARD err_t *read_all(struct product *p, int64_t chat, const char **ret_text)
{
	struct buf out = buf_new(p->t->pool, 4 * 1024 * 1024);
	struct json *messages;

	buf_text(&out, "");
	ERR(standin_chat(p->s, chat, &messages));
	for (size_t i = 0; i < json_len(messages); i++)
		if (json_true(json_item(messages, i), "from_bot"))
			buf_fmt(&out, "%s\n", json_text(json_item(messages, i), "text"));
	*ret_text = out.p;
	return buf_check(&out);
}

static const char *long_note(apr_pool_t *pool)
{
	struct buf b = buf_new(pool, 32 * 1024);

	buf_text(&b, "/nota");
	for (int i = 0; b.n < 15500; i++)
		buf_fmt(&b, " palavra%04d%s", i, i % 20 ? "" : "\n");
	return b.p;
}

TEST(a_long_answer_resumes_at_the_refused_part)
{
	struct product *p;
	const char *text;
	int refused;

	ERR(started(t, NULL, &p));
	ERR(talk_expect(p, CHAT, NULL, long_note(t->pool), "Guardei"));
	ERR(talk_settle(p));
	/* Four parts: the second is refused once. */
	ERR(fail(p, (struct fault){ .method = "sendMessage", .kind = "slow", .count = 1 }));
	ERR(fail(p, (struct fault){ .method = "sendMessage", .kind = "429", .count = 1 }));
	ERR(talk_say(p, CHAT, NULL, "/notas palavra0001"));
	ERR(talk_await_int(p, "SELECT count(*) FROM outbox WHERE state = 'sent' AND part = 3", 1));
	ERR(talk_settle(p));
	ERR(answered_with(p, 429, &refused));
	CHECK_INT(refused, 1);
	ERR(read_all(p, CHAT, &text));
	text = strstr(text, "Nota 1 ·"); /* the note's own page, not the line that said it was kept */
	CHECK(text);
	for (int i = 0, last = 0; i < 1000; i += 50) {
		const char *word = mem_fmt(t->pool, "palavra%04d", i), *at = strstr(text, word);

		CHECK_INT(product_count(text, word), 1);
		CHECK(at - text >= last);
		last = (int)(at - text);
	}
	return talk_calm(p);
}

TEST(a_429_is_obeyed)
{
	struct product *p;
	struct json *ledger;
	int64_t refused_at = 0, t_ms, code;

	ERR(started(t, NULL, &p));
	ERR(talk_expect(p, CHAT, NULL, "/status", "acordada"));
	ERR(fail(p, (struct fault){ .method = "sendMessage", .kind = "429", .count = 1, .retry_after = 2 }));
	ERR(talk_say(p, CHAT, NULL, "/tarefa um"));
	ERR(talk_say(p, CHAT, NULL, "/tarefa dois"));
	ERR(talk_await(p, CHAT, "sendMessage", "dois", 1));
	ERR(standin_ledger(p->s, 0, &ledger));
	for (size_t i = 0; i < json_len(ledger); i++) {
		struct json *e = json_item(ledger, i);

		if (!text_same(json_text(e, "method"), "sendMessage") || !json_int(e, "t_ms", &t_ms) ||
		    !json_int(e, "code", &code))
			continue;
		if (refused_at) {
			CHECK(t_ms - refused_at >= 2000);
			CHECK(strstr(json_text(e, "text"), "um"));
			return talk_calm(p);
		}
		refused_at = code == 429 ? t_ms : 0;
	}
	return err_new(ERR_INTERNAL, "nothing followed the 429");
}

TEST(who_blocks_hears_nothing_until_they_write)
{
	struct product *p;
	struct json *body = json_object(t->pool), *reply;
	int n, later;

	ERR(started(t, NULL, &p));
	ERR(talk_expect(p, CHAT, NULL, "/tarefa um", "um"));
	ERR(fail(p, (struct fault){ .method = "sendMessage", .kind = "403", .count = 1 }));
	ERR(talk_say(p, CHAT, NULL, long_note(t->pool)));
	ERR(talk_await_int(p, "SELECT count(*) FROM directory WHERE blocked", 1));
	ERR(talk_await_int(p, "SELECT count(*) FROM telegram_chats WHERE state = 'blocked'", 1));
	ERR(talk_settle(p));
	ERR(talk_sent(p, CHAT, "sendMessage", NULL, &n));
	CHECK_INT(n, 1);
	/* They write again, so we reach them again, with the answer to what they write now. */
	ERR(talk_expect(p, CHAT, NULL, "/tarefa dois", "dois"));
	ERR(talk_await_int(p, "SELECT count(*) FROM directory WHERE blocked", 0));
	ERR(talk_sent(p, CHAT, "sendMessage", NULL, &later));
	CHECK_INT(later, 2);
	/* The same by Telegram's own word. */
	json_set_int(body, "chat_id", CHAT);
	ERR(standin_control(p->s, "block", body, &reply));
	ERR(talk_await_int(p, "SELECT count(*) FROM directory WHERE blocked", 1));
	ERR(standin_control(p->s, "unblock", body, &reply));
	ERR(talk_await_int(p, "SELECT count(*) FROM directory WHERE blocked", 0));
	ERR(talk_expect(p, CHAT, NULL, "/tarefas", "dois"));
	return talk_calm(p);
}

TEST(what_cannot_be_parsed_goes_plain_once)
{
	struct product *p;
	struct json *ledger;
	int tries = 0;

	ERR(started(t, NULL, &p));
	ERR(fail(p, (struct fault){ .method = "sendMessage", .kind = "400entities", .count = 1 }));
	ERR(talk_expect(p, CHAT, NULL, "/tarefa <pão> & água", "<pão> & água"));
	ERR(talk_settle(p));
	ERR(standin_ledger(p->s, 0, &ledger));
	for (size_t i = 0; i < json_len(ledger); i++) {
		struct json *e = json_item(ledger, i);

		if (!text_same(json_text(e, "method"), "sendMessage"))
			continue;
		tries++;
		CHECK_TEXT(json_text(e, "parse_mode"), tries == 1 ? "HTML" : NULL);
	}
	CHECK_INT(tries, 2);
	/* When even that is refused, it is given up, and what follows goes out. */
	ERR(fail(p, (struct fault){ .method = "sendMessage", .kind = "400entities", .count = 2 }));
	ERR(talk_say(p, CHAT, NULL, "/tarefa perdida"));
	ERR(talk_await_int(p, "SELECT count(*) FROM outbox WHERE state = 'failed'", 1));
	ERR(talk_expect(p, CHAT, NULL, "/tarefas", "perdida"));
	return talk_calm(p);
}

TEST(what_fails_is_tried_again)
{
	static const char *const kinds[] = { "500", "502", "503" };
	struct product *p;
	int n;

	ERR(started(t, NULL, &p));
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		const char *title = mem_fmt(t->pool, "depois do %s", kinds[i]);

		ERR(fail(p, (struct fault){ .method = "sendMessage",
					    .kind = kinds[i],
					    .count = 1,
					    .chat = CHAT + (int64_t)i }));
		ERR(talk_say(p, CHAT + (int64_t)i, NULL, mem_fmt(t->pool, "/tarefa %s", title)));
	}
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		ERR(talk_await(p, CHAT + (int64_t)i, "sendMessage", "depois do", 1));
	ERR(talk_settle(p));
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		ERR(talk_sent(p, CHAT + (int64_t)i, "sendMessage", "depois do", &n));
		CHECK_INT(n, 1);
	}
	return talk_calm(p);
}

/* Accepted, but the answer never came: it goes again, that one message only, and the log says so. */
TEST(a_lost_answer_repeats_one_message)
{
	struct product *p;
	const char *log;
	int n;

	ERR(started(t, NULL, &p));
	ERR(talk_expect(p, CHAT, NULL, "/status", "acordada"));
	ERR(fail(p, (struct fault){ .method = "sendMessage", .kind = "lost", .count = 1, .chat = CHAT }));
	ERR(fail(p, (struct fault){ .method = "sendMessage",
				    .kind = "hang",
				    .count = 1,
				    .delay_ms = 300,
				    .chat = CHAT + 1 }));
	for (int i = 0; i < 3; i++)
		ERR(talk_say(p, CHAT, NULL, mem_fmt(t->pool, "/tarefa item%d", i)));
	ERR(talk_say(p, CHAT + 1, NULL, "/tarefa pendurada"));
	ERR(talk_await(p, CHAT, "sendMessage", "item2", 1));
	ERR(talk_await(p, CHAT + 1, "sendMessage", "pendurada", 1));
	ERR(talk_settle(p));
	for (int i = 0; i < 3; i++) {
		ERR(talk_sent(p, CHAT, "sendMessage", mem_fmt(t->pool, "item%d", i), &n));
		CHECK_INT(n, i ? 1 : 2);
	}
	ERR(product_log(p, &log));
	CHECK_INT(product_count(log, "\"event\":\"send_repeated\""), 2);
	ERR(talk_await_int(p, "SELECT count(*) FROM tasks", 4));
	return talk_calm(p);
}

TEST(order_holds_under_faults)
{
	static const char *const kinds[] = { "500", "429", "lost", "400entities" };
	struct product *p;
	const char *text;
	int seen = -1;

	ERR(started(t, NULL, &p));
	ERR(talk_expect(p, CHAT, NULL, "/status", "acordada"));
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		ERR(fail(p, (struct fault){ .method = "sendMessage", .kind = kinds[i], .count = 1 }));
	for (int i = 0; i < MANY; i++)
		ERR(talk_say(p, CHAT, NULL, mem_fmt(t->pool, "/tarefa passo %03d", i)));
	ERR(talk_await(p, CHAT, "sendMessage", mem_fmt(t->pool, "passo %03d", MANY - 1), 1));
	ERR(talk_settle(p));
	ERR(read_all(p, CHAT, &text));
	for (int i = 0; i < MANY; i++) {
		const char *at = strstr(text, mem_fmt(t->pool, "passo %03d", i));

		CHECK(at && at - text > seen);
		seen = (int)(at - text);
	}
	return talk_calm(p);
}

/* What Telegram would refuse is not even tried: three at once, then one a second. */
TEST(the_pace_of_one_chat)
{
	static const char *const pairs[] = { "TELEGRAM_RATE_PER_S=30", NULL };
	struct product *p;
	int64_t begin;
	int n;

	ERR(started(t, pairs, &p));
	ERR(enforce(p, 3, 1));
	begin = clock_mono_ms();
	for (int i = 0; i < 5; i++)
		ERR(talk_say(p, CHAT, NULL, mem_fmt(t->pool, "/tarefa item%d", i)));
	ERR(talk_await(p, CHAT, "sendMessage", "item2", 1));
	CHECK(clock_mono_ms() - begin < 1000);
	ERR(talk_await(p, CHAT, "sendMessage", "item4", 1));
	CHECK(clock_mono_ms() - begin >= 1900);
	ERR(answered_with(p, 429, &n));
	CHECK_INT(n, 0);
	return talk_calm(p);
}

TEST(the_pace_of_all_chats)
{
	enum { CHATS = 30, RATE = 15 };
	static const char *const pairs[] = { "TELEGRAM_RATE_PER_S=15", NULL };
	struct product *p;
	struct json *ledger;
	int64_t times[2 * CHATS], t_ms;
	int n = 0;

	ERR(started(t, pairs, &p));
	for (int i = 0; i < CHATS; i++)
		ERR(talk_say(p, CHAT + i, NULL, "/status"));
	ERR(talk_await(p, 0, "sendMessage", "acordada", CHATS));
	ERR(standin_ledger(p->s, 0, &ledger));
	for (size_t i = 0; i < json_len(ledger) && n < 2 * CHATS; i++)
		if (text_same(json_text(json_item(ledger, i), "method"), "sendMessage") &&
		    json_int(json_item(ledger, i), "t_ms", &t_ms))
			times[n++] = t_ms;
	CHECK_INT(n, CHATS);
	for (int i = 0; i + RATE + 2 < n;
	     i++) /* of any second; two more for those that were late on the way */
		CHECK(times[i + RATE + 2] - times[i] >= 1000);
	return talk_calm(p);
}

/* A talk turn that hangs on a row which someone else holds. */
static NODISCARD err_t *stick(struct product *p)
{
	ERR(talk_expect(p, CHAT, NULL, "/tarefa primeira", "primeira"));
	ERR(talk_settle(p));
	ERR(fixture_sql(&p->db, "BEGIN; SELECT FROM counters FOR UPDATE"));
	ERR(talk_say(p, CHAT, NULL, "/tarefa presa"));
	return talk_await_int(p, "SELECT count(*) FROM chats WHERE lane = 0 AND lease_until IS NOT NULL", 1);
}

TEST(what_is_urgent_does_not_wait_behind_a_stuck_turn)
{
	struct product *p;
	int64_t n;

	ERR(started(t, NULL, &p));
	ERR(stick(p));
	ERR(talk_expect(p, CHAT, NULL, "/status", "Na fila desta conversa: 0"));
	ERR(standin_press(p->s, CHAT, "✅ Feito", NULL));
	ERR(talk_await(p, 0, "answerCallbackQuery", NULL, 1));
	ERR(talk_say(p, CHAT, NULL, "/tarefa atrás"));
	ERR(talk_delivered(p));
	ERR(talk_expect(p, CHAT, NULL, "/status", "Na fila desta conversa: 2"));
	ERR(talk_expect(p, CHAT, NULL, "/stop", "parei o que estava fazendo"));
	/* The turn is cut while the row is still held; the next one waits for it in its place. */
	ERR(talk_await(p, CHAT, "editMessageText", "Feito", 1));
	ERR(fixture_sql(&p->db, "COMMIT"));
	ERR(talk_await(p, CHAT, "sendMessage", "atrás", 1));
	ERR(fixture_int(&p->db, "SELECT count(*) FROM tasks WHERE title = 'presa'", &n));
	CHECK_INT(n, 0);
	ERR(talk_expect(p, CHAT, NULL, "/stop", "Não estou fazendo nada"));
	return talk_calm(p);
}

TEST(a_slow_chat_slows_no_other)
{
	struct product *p;
	int n;

	ERR(started(t, NULL, &p));
	ERR(talk_expect(p, CHAT + 1, NULL, "/status", "acordada"));
	ERR(fail(p, (struct fault){ .method = "sendMessage",
				    .kind = "slow",
				    .count = 1,
				    .delay_ms = 3000,
				    .chat = CHAT }));
	ERR(talk_say(p, CHAT, NULL, "/status"));
	for (int i = 0; i < 20; i++)
		ERR(talk_expect(p, CHAT + 1, NULL, "/status", "acordada"));
	ERR(talk_sent(p, CHAT, "sendMessage", NULL, &n));
	CHECK_INT(n, 0);
	ERR(talk_await(p, CHAT, "sendMessage", "acordada", 1));
	return talk_calm(p);
}
