/* The same conversation by webhook, by polling and on the terminal gives the same answers. */
#include "core/text.h"
#include "integrations/telegram/telegram_html.h"
#include "tests/e2e/talk.h"
#include <string.h>

enum { CHAT = 77, WAIT_MS = 20000 };

static const char *const lines[] = {
	"/tarefa comprar leite !alta #casa",
	"/tarefas",
	"/feito leite",
	"/desfazer",
	"/nota o wi-fi é <rápido> & bom",
	"/notas",
	"que dia lindo",
	"/inbox",
	"/xyz",
	"/privacidade",
	"/stop",
};
enum { LINES = sizeof lines / sizeof *lines };

static err_t *talk(struct product *p, const char **ret_text)
{
	struct buf out = buf_new(p->t->pool, 1024 * 1024);

	for (int i = 0; i < LINES; i++) {
		struct json *messages;

		ERR(talk_await_int(p, "SELECT count(*) FROM queue",
				   0)); /* /stop tells whether a turn still runs */
		ERR(standin_say(p->s, CHAT, lines[i], NULL));
		ERR(standin_wait(p->s, CHAT, i + 1, WAIT_MS, &messages));
	}
	struct json *ledger;

	ERR(standin_ledger(p->s, 0, &ledger));
	for (size_t i = 0; i < json_len(ledger); i++) {
		struct json *entry = json_item(ledger, i);

		if (text_same(json_text(entry, "method"), "sendMessage"))
			buf_fmt(&out, "%s\n", tg_html_plain(p->t->pool, json_text(entry, "text")));
	}
	*ret_text = out.p;
	return buf_check(&out);
}

static err_t *by_telegram(struct test *t, bool webhook, const char **ret_text)
{
	struct product *p;
	int code;

	ERR(product_new(t, webhook, NULL, &p));
	ERR(product_start(p));
	ERR(talk(p, ret_text));
	ERR(product_stop(p, &code));
	CHECK_INT(code, 0);
	return NULL;
}

/* The terminal shows buttons and blank lines besides. */
static const char *without_buttons(apr_pool_t *pool, const char *text)
{
	struct buf out = buf_new(pool, 1024 * 1024);

	while (*text) {
		size_t n = strcspn(text, "\n");

		if (n && !text_starts(text, "  [#"))
			buf_fmt(&out, "%.*s\n", (int)n, text);
		text += n + (text[n] == '\n');
	}
	return out.p ? out.p : "";
}

static err_t *by_terminal(struct test *t, const char **ret_text)
{
	const char *args[] = { "chat", NULL };
	struct buf in = buf_new(t->pool, 64 * 1024);
	struct product *p;
	int code;

	ERR(product_new(t, false, NULL, &p));
	for (int i = 0; i < LINES; i++)
		buf_fmt(&in, "%s\n", lines[i]);
	ERR(product_command(p, in.p, args, ret_text, &code));
	CHECK_INT(code, 0);
	return NULL;
}

TEST(webhook_and_polling_and_terminal_agree)
{
	const char *webhook, *polling, *terminal;

	ERR(by_telegram(t, true, &webhook));
	ERR(by_telegram(t, false, &polling));
	ERR(by_terminal(t, &terminal));
	CHECK_TEXT(polling, webhook);
	CHECK_TEXT(without_buttons(t->pool, terminal), without_buttons(t->pool, webhook));
	CHECK(strstr(webhook, "comprar leite"));
	return NULL;
}

TEST(a_button_edits_its_message_and_undo_takes_it_back)
{
	struct product *p;
	struct json *messages, *ledger;
	int64_t n;
	int code;

	ERR(product_new(t, true, NULL, &p));
	ERR(product_start(p));
	ERR(standin_say(p->s, CHAT, "/task buy <milk>", NULL));
	ERR(standin_wait(p->s, CHAT, 1, WAIT_MS, &messages));
	ERR(standin_press(p->s, CHAT, "✅ Feito", NULL));
	ERR(standin_say(p->s, CHAT, "/status", NULL));
	ERR(standin_wait(p->s, CHAT, 2, WAIT_MS, &messages));
	ERR(product_await(p, "action_executed", 2, WAIT_MS));
	ERR(fixture_int(&p->db, "SELECT count(*) FROM tasks WHERE status = 'done'", &n));
	CHECK_INT(n, 1);
	ERR(standin_say(p->s, CHAT, "/undo", NULL));
	ERR(standin_wait(p->s, CHAT, 3, WAIT_MS, &messages));
	ERR(fixture_int(&p->db, "SELECT count(*) FROM tasks WHERE status = 'todo' AND title = 'buy <milk>'",
			&n));
	CHECK_INT(n, 1);
	ERR(standin_ledger(p->s, 0, &ledger));
	int answers = 0, edits = 0;

	for (size_t i = 0; i < json_len(ledger); i++) {
		answers += text_same(json_text(json_item(ledger, i), "method"), "answerCallbackQuery");
		edits += text_same(json_text(json_item(ledger, i), "method"), "editMessageText");
	}
	CHECK_INT(answers, 1);
	CHECK_INT(edits, 1);
	ERR(product_stop(p, &code));
	CHECK_INT(code, 0);
	return NULL;
}
