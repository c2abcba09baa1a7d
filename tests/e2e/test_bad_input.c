/* Whatever arrives: the product answers /status after it, no process ends, nothing is buried, nothing of others is touched. */
#include "core/limits.h"
#include "core/text.h"
#include "tests/e2e/talk.h"
#include <stdlib.h>
#include <string.h>

enum { CHAT = 600, OTHER = 601 };

#define FROM "\"from\":{\"id\":600,\"is_bot\":false,\"first_name\":\"Ana\"}"
#define PRIVATE "\"chat\":{\"id\":600,\"type\":\"private\"},\"date\":1," FROM
#define MESSAGE(rest) "{\"update_id\":%lld,\"message\":{\"message_id\":1," PRIVATE "," rest "}}"
#define PRESS(rest) "{\"update_id\":%lld,\"callback_query\":{\"id\":\"q%lld\"," FROM "," rest "}}"

static int64_t next_id = 1000; /* far below the stand-in's own */

/* Other answers may be on their way: the one to /status is told by its words. */
static NODISCARD err_t *awake(struct product *p)
{
	int n;

	ERR(talk_sent(p, CHAT, "sendMessage", "acordada", &n));
	ERR(talk_say(p, CHAT, NULL, "/status"));
	ERR(talk_await(p, CHAT, "sendMessage", "acordada", n + 1));
	return talk_calm(p);
}

/* The chat is known to the stand-in from then on, which our own posts pass by. */
static NODISCARD err_t *started(struct test *t, struct product **ret)
{
	ERR(product_new(t, true, NULL, ret));
	ERR(product_start(*ret));
	return awake(*ret);
}

/* The body, its one or two %lld the next update id. */
static NODISCARD err_t *post(struct product *p, const char *form, int expected)
{
	struct buf body = buf_new(p->t->pool, LIMIT_WEBHOOK_BODY);
	const char *at;
	int status;

	for (at = form; strstr(at, "%lld"); at = strstr(at, "%lld") + 4)
		buf_fmt(&body, "%.*s%lld", (int)(strstr(at, "%lld") - at), at, (long long)next_id);
	buf_text(&body, at);
	next_id++;
	ERR(talk_post(p, body.p, body.n, &status));
	if (status != expected)
		return err_new(ERR_INTERNAL, "%d, not %d: %.200s", status, expected, body.p);
	return NULL;
}

static NODISCARD err_t *post_each(struct product *p, const char *const *forms, int expected)
{
	for (; *forms; forms++) {
		ERR(post(p, *forms, expected));
		ERR(err_wrap(awake(p), "after %.200s", *forms));
	}
	return NULL;
}

TEST(what_is_no_update_is_refused)
{
	static const char *const forms[] = {
		"",
		" ",
		"{",
		"{}",
		"[]",
		"null",
		"1",
		"\"x\"",
		"{\"update_id\":%lld,\"message\":{\"message_id\":1,",
		"{\"update_id\":}",
		"{\"update_id\":\"%lld\"}",
		"{\"update_id\":1.5}",
		"{\"update_id\":-1}",
		"{\"update_id\":9223372036854775808}",
		"{\"update_id\":1e9}",
		"{\"update_id\":null,\"message\":{}}",
		"{\"update_id\":%lld} {}",
		"{'update_id':%lld}",
		"{\"update_id\":true}",
		"[{\"update_id\":%lld}]",
		NULL,
	};
	struct product *p;
	int64_t n;

	ERR(started(t, &p));
	ERR(post_each(p, forms, 400));
	ERR(talk_settle(p));
	ERR(fixture_int(&p->db, "SELECT count(*) FROM updates WHERE update_id < 5000", &n));
	CHECK_INT(n, 0);
	return talk_calm(p);
}

TEST(odd_updates_are_taken_and_passed_over)
{
	static const char *const forms[] = {
		"{\"update_id\":%lld}",
		"{\"update_id\":%lld,\"message\":7}",
		"{\"update_id\":%lld,\"message\":[]}",
		"{\"update_id\":%lld,\"message\":{}}",
		"{\"update_id\":%lld,\"message\":{\"chat\":{\"id\":\"600\",\"type\":7},\"from\":[],\"text\":{}}}",
		"{\"update_id\":%lld,\"message\":{\"message_id\":1,\"chat\":{\"id\":600.5,\"type\":\"private\"},\"text\":\"x\"}}",
		"{\"update_id\":%lld,\"message\":{\"message_id\":1,\"chat\":{\"id\":600,\"type\":\"private\"},\"text\":\"no sender\"}}",
		"{\"update_id\":%lld,\"message\":{\"message_id\":1,\"chat\":{\"id\":99999999999999999999,\"type\":\"private\"},\"text\":\"x\"}}",
		"{\"update_id\":%lld,\"edited_message\":{\"message_id\":1," PRIVATE
		",\"text\":\"/tarefa edited\"}}",
		"{\"update_id\":%lld,\"channel_post\":{\"message_id\":1,\"chat\":{\"id\":-1001,\"type\":\"channel\"},\"date\":1,\"text\":\"/tarefa channel\"}}",
		"{\"update_id\":%lld,\"business_message\":{\"message_id\":1," PRIVATE
		",\"text\":\"/tarefa business\"}}",
		"{\"update_id\":%lld,\"poll\":{\"id\":\"1\"},\"new_kind_of_2031\":{\"a\":[1,2,{\"b\":null}]}}",
		"{\"update_id\":%lld,\"inline_query\":{\"id\":\"1\"," FROM
		",\"query\":\"x\",\"offset\":\"\"}}",
		"{\"update_id\":%lld,\"message\":{\"message_id\":1,\"chat\":{\"id\":600,\"type\":\"private\"},\"date\":1,"
		"\"from\":{\"id\":600,\"is_bot\":true,\"first_name\":\"Bot\"},\"text\":\"/tarefa bot\"}}",
		"{\"update_id\":%lld,\"message\":{\"message_id\":1,\"chat\":{\"id\":600,\"type\":\"private\"},\"date\":1,"
		"\"from\":{\"id\":601,\"is_bot\":false,\"first_name\":\"Eva\"},\"text\":\"/tarefa another sender\"}}",
		PRESS("\"data\":\"t:list_tasks:page=1\",\"inline_message_id\":\"x\""),
		PRESS("\"data\":\"t:list_tasks:page=1\""),
		"{\"update_id\":%lld,\"callback_query\":{\"data\":\"x\"}}",
		"{\"update_id\":%lld,\"my_chat_member\":{\"chat\":{\"id\":600,\"type\":\"private\"}}}",
		NULL,
	};
	struct product *p;
	int64_t n;
	int sent;

	ERR(started(t, &p));
	ERR(post_each(p, forms, 200));
	ERR(talk_settle(p));
	ERR(fixture_int(&p->db, "SELECT (SELECT count(*) FROM tasks) + (SELECT count(*) FROM inbox_items)",
			&n));
	CHECK_INT(n, 0);
	ERR(talk_sent(p, OTHER, "sendMessage", NULL, &sent));
	CHECK_INT(sent, 0);
	return talk_calm(p);
}

/* Writes text over what stands there, without its NUL. */
static void overlay(char *at, const char *text)
{
	while (*text)
		*at++ = *text++;
}

/* A message of n bytes in all, so many of them in its text. */
static const char *of_size(struct product *p, size_t n, const char *text_of)
{
	const char *head =
		mem_fmt(p->t->pool, "{\"update_id\":%lld,\"message\":{\"message_id\":1," PRIVATE ",\"%s\":\"",
			(long long)next_id++, text_of);
	char *body = mem_alloc(p->t->pool, n + 1);

	memset(body, 'a', n);
	overlay(body, head);
	overlay(body + n - 3, "\"}}");
	return body;
}

static NODISCARD err_t *post_size(struct product *p, size_t n, const char *text_of, int expected)
{
	int status;

	ERR(talk_post(p, of_size(p, n, text_of), n, &status));
	CHECK_INT(status, expected);
	return NULL;
}

/* brackets or members, n deep. */
static const char *deep(struct product *p, int n, const char *open, const char *close)
{
	struct buf b = buf_new(p->t->pool, LIMIT_WEBHOOK_BODY);

	buf_fmt(&b,
		"{\"update_id\":%lld,\"message\":{\"message_id\":1," PRIVATE ",\"text\":\"/whoami\",\"x\":",
		(long long)next_id++);
	for (int i = 0; i < n; i++)
		buf_text(&b, open);
	buf_text(&b, "1");
	for (int i = 0; i < n; i++)
		buf_text(&b, close);
	buf_text(&b, "}}");
	return b.p;
}

TEST(huge_and_deep)
{
	struct product *p;
	const char *body;
	int status, sent;

	ERR(started(t, &p));
	ERR(post_size(p, LIMIT_WEBHOOK_BODY, "text", 200));
	ERR(talk_await(p, CHAT, "sendMessage", "longo demais", 1));
	ERR(awake(p));
	ERR(post_size(p, LIMIT_WEBHOOK_BODY, "unknown", 200));
	ERR(talk_await(p, CHAT, "sendMessage", "mensagem vazia", 1));
	ERR(post_size(p, LIMIT_WEBHOOK_BODY + 1, "text", 413));
	ERR(post_size(p, 4 * LIMIT_WEBHOOK_BODY, "text", 413));
	ERR(awake(p));
	body = deep(p, 20, "[", "]");
	ERR(talk_post(p, body, strlen(body), &status));
	CHECK_INT(status, 200);
	ERR(talk_await(p, CHAT, "sendMessage", "Papel", 1));
	for (int n = 100; n <= 100000; n *= 10) {
		body = deep(p, n, "[", "]");
		ERR(talk_post(p, body, strlen(body), &status));
		CHECK_INT(status, 400);
		body = deep(p, n / 2, "{\"a\":", "}");
		ERR(talk_post(p, body, strlen(body), &status));
		CHECK_INT(status, 400);
		ERR(awake(p));
	}
	ERR(talk_sent(p, CHAT, "sendMessage", "Papel", &sent));
	CHECK_INT(sent, 1);
	return talk_calm(p);
}

/* Odd bytes are kept as what can be kept of them; the person hears an answer each time. */
TEST(odd_bytes)
{
	static const struct {
		const char *body;
		size_t n;
		const char *kept;
	} cases[] = {
#define CASE(bytes, kept) \
	{ "\",\"text\":\"/tarefa " bytes "\"}}", sizeof "\",\"text\":\"/tarefa " bytes "\"}}" - 1, kept }
		CASE("um\\u0000zero", "um\xEF\xBF\xBDzero"),
		CASE("dois\\ud800solto", "dois"),
		CASE("tres\\udc00\\ud800", "tres"),
		CASE("quatro \xff\xfe\xc3", "quatro"),
		CASE("cinco \xed\xa0\x80 x", "cinco"),
		CASE("seis \xf4\x90\x80\x80", "seis"),
		CASE("sete \\u202e\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D", "sete"),
		CASE("oito \xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7 fam\xC3\xADlia",
		     "oito \xF0\x9F\x91\xA9"),
		CASE("nove <b>x</b> & <script>alert(1)</script> &lt;",
		     "nove <b>x</b> & <script>alert(1)</script> &lt;"),
		CASE("dez \\\\u0000 \\\" \\\\", "dez \\u0000 \" \\"),
		CASE("onze \\u0007\\u001b[31m", "onze"),
#undef CASE
	};
	struct product *p;
	int status;

	ERR(started(t, &p));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf body = buf_new(t->pool, LIMIT_WEBHOOK_BODY);

		buf_fmt(&body,
			"{\"update_id\":%lld,\"message\":{\"message_id\":1," PRIVATE
			",\"author_signature\":\"x",
			(long long)next_id++);
		buf_put(&body, cases[i].body, cases[i].n);
		ERR(talk_post(p, body.p, body.n, &status));
		CHECK_INT(status, 200);
		ERR(err_wrap(talk_await(p, CHAT, "sendMessage", "Anotado", (int)i + 1), "case %d",
			     (int)i + 1));
		ERR(awake(p));
	}
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *title;

		ERR(fixture_text(&p->db,
				 mem_fmt(t->pool, "SELECT title FROM tasks WHERE id = %d", (int)i + 1),
				 &title));
		CHECK(strstr(title, cases[i].kept));
	}
	/* A real NUL byte between the bytes of the JSON is no JSON. */
	static const char nul[] = "{\"update_id\":2777,\0\"message\":{}}";

	ERR(talk_post(p, nul, sizeof nul - 1, &status));
	CHECK(status == 200 || status == 400);
	ERR(awake(p));
	ERR(talk_expect(p, CHAT, NULL, "/tarefas", "nove <b>x</b> & <script>"));
	return talk_calm(p);
}

TEST(an_update_twice_has_one_effect)
{
	struct product *p;
	int64_t n;

	ERR(started(t, &p));
	for (int i = 0; i < 5; i++) {
		next_id = 2000;
		ERR(post(p, MESSAGE("\"text\":\"/tarefa once\""), 200));
		ERR(awake(p));
	}
	ERR(talk_settle(p));
	ERR(fixture_int(&p->db, "SELECT count(*) FROM tasks", &n));
	CHECK_INT(n, 1);
	/* Ids may start anew below those that were seen. */
	next_id = 3;
	ERR(post(p, MESSAGE("\"text\":\"/tarefa lower\""), 200));
	ERR(talk_await(p, CHAT, "sendMessage", "lower", 1));
	return talk_calm(p);
}

/* Telegram may choose ids anew after a quiet week: then an old id is a new message. */
TEST(an_id_of_last_week_is_new)
{
	struct product *p;

	ERR(product_new(t, true, NULL, &p));
	ERR(talk_clock(p, "2026-03-02T10:00:00Z"));
	ERR(product_start(p));
	ERR(awake(p));
	next_id = 2000;
	ERR(post(p, MESSAGE("\"text\":\"/tarefa first\""), 200));
	ERR(talk_await(p, CHAT, "sendMessage", "first", 1));
	ERR(talk_settle(p));
	ERR(talk_clock(p, "2026-03-10T10:00:00Z"));
	ERR(talk_await_int(p, "SELECT count(*) FROM updates WHERE update_id = 2000", 0));
	next_id = 2000;
	ERR(post(p, MESSAGE("\"text\":\"/tarefa second\""), 200));
	ERR(talk_await_int(p, "SELECT count(*) FROM tasks", 2));
	ERR(talk_await(p, CHAT, "sendMessage", "second", 1));
	return talk_calm(p);
}

/* Hands what another person was shown to CHAT. */
static NODISCARD err_t *steal(struct product *p)
{
	const char *ref;
	int64_t n;

	ERR(talk_expect(p, OTHER, NULL, "/tarefa segredo dos outros", "segredo"));
	ERR(talk_expect(p, OTHER, NULL, "/nota segredo dos outros", "segredo"));
	ERR(fixture_text(&p->db, "SELECT min(ref) FROM undo_log", &ref));
	ERR(talk_forge(p, CHAT, mem_fmt(p->t->pool, "u:%s", ref)));
	ERR(talk_forge(p, CHAT, "t:complete_task:1"));
	ERR(talk_forge(p, CHAT, "t:delete_task:1"));
	ERR(talk_forge(p, CHAT, "t:search_notes:1"));
	ERR(talk_await(p, CHAT, "sendMessage", NULL, 4));
	ERR(talk_settle(p));
	ERR(fixture_int(&p->db, "SELECT count(*) FROM tasks WHERE status = 'todo'", &n));
	CHECK_INT(n, 1);
	ERR(fixture_int(&p->db, "SELECT count(*) FROM undo_log WHERE undone_at IS NOT NULL", &n));
	CHECK_INT(n, 0);
	return NULL;
}

/* 64 bytes of anything that fits between the quotes of JSON. */
static NODISCARD err_t *press_noise(struct product *p, unsigned seed)
{
	struct buf body = buf_new(p->t->pool, LIMIT_WEBHOOK_BODY);
	int status;

	srandom(seed);
	buf_fmt(&body,
		"{\"update_id\":%lld,\"callback_query\":{\"id\":\"r%u\"," FROM
		",\"message\":{\"message_id\":1,\"date\":0,\"chat\":{\"id\":600,\"type\":\"private\"}},\"data\":\"",
		(long long)next_id++, seed);
	for (int i = 0; i < 64; i++) {
		unsigned char byte = (unsigned char)(random() % 256);

		buf_char(&body, byte < 32 || byte == '"' || byte == '\\' ? ':' : (char)byte);
	}
	buf_text(&body, "\"}}");
	ERR(talk_post(p, body.p, body.n, &status));
	CHECK_INT(status, 200);
	return NULL;
}

static const char *const forged[] = {
	"",
	":",
	"t:",
	"t::",
	"t:no_such_tool:1",
	"t:create_task:",
	"t:create_task:1",
	"t:list_tasks:page=x",
	"t:complete_task:99999",
	"t:complete_task:-1",
	"t:complete_task:99999999999999999999",
	"t:capture_inbox:",
	"t:save_note:",
	"u:",
	"u:x",
	"s:",
	"s:lang=xx",
	"s:zone=../../etc/passwd",
	"s:zone=",
	"x:1",
	"t:search_notes:page=0",
	"t:search_notes:page=-5",
	"t:search_notes:page=99999999999",
	"t:list_tasks:user_id=1&page=1",
	"u:00000000000000000000000000000000",
	"t:complete_task:1&status=done",
	"\x01\x02\x03 %s%n%d {0}",
	"\xF0\x9F\x92\xA3\xF0\x9F\x92\xA3\xF0\x9F\x92\xA3\xF0\x9F\x92\xA3\xF0\x9F\x92\xA3\xF0\x9F\x92\xA3",
	"t:create_task:title=a&title=b",
};

TEST(forged_presses)
{
	struct product *p;
	int answered;

	ERR(started(t, &p));
	ERR(awake(p));
	ERR(steal(p));
	for (size_t i = 0; i < sizeof forged / sizeof *forged; i++) {
		ERR(talk_forge(p, CHAT, forged[i]));
		ERR(err_wrap(awake(p), "after \"%s\"", forged[i]));
	}
	for (unsigned seed = 0; seed < 20; seed++)
		ERR(press_noise(p, seed));
	ERR(awake(p));
	ERR(talk_settle(p));
	ERR(talk_sent(p, 0, "answerCallbackQuery", NULL, &answered));
	CHECK(answered >= (int)(sizeof forged / sizeof *forged));
	ERR(talk_sent(p, CHAT, "sendMessage", "segredo", &answered));
	CHECK_INT(answered, 0);
	ERR(talk_sent(p, CHAT, "editMessageText", "segredo", &answered));
	CHECK_INT(answered, 0);
	return talk_calm(p);
}

TEST(groups_hear_it_once)
{
	struct product *p;
	int64_t rows;
	int n;

	ERR(started(t, &p));
	for (int i = 0; i < 5; i++)
		ERR(talk_raw(
			p,
			"{\"message\":{\"message_id\":1,\"date\":1,\"chat\":{\"id\":-700,\"type\":\"supergroup\",\"title\":\"Casa\"},"
			"\"from\":{\"id\":600,\"is_bot\":false,\"first_name\":\"Ana\",\"language_code\":\"pt-br\"},\"text\":\"/tarefa bugiganga\"}}"));
	ERR(talk_await(p, -700, "sendMessage", "só converso em particular", 1));
	ERR(talk_await_int(p, "SELECT count(*) FROM updates WHERE kind = 'group' AND state = 'done'", 5));
	ERR(talk_settle(p));
	ERR(talk_sent(p, -700, "sendMessage", NULL, &n));
	CHECK_INT(n, 1);
	ERR(talk_stored(p, "bugiganga", &rows));
	CHECK_INT(rows, 0);
	return awake(p);
}

TEST(what_is_no_text_is_kept_and_said)
{
	static const struct {
		const char *content, *said;
	} cases[] = {
		{ "\"voice\":{\"file_id\":\"v1\",\"duration\":3,\"file_size\":9000}", "ouvir áudios" },
		{ "\"photo\":[{\"file_id\":\"p0\",\"width\":1,\"height\":1},{\"file_id\":\"p1\",\"width\":9,\"height\":9}]",
		  "ver fotos" },
		{ "\"caption\":\"a legenda\",\"photo\":[{\"file_id\":\"p2\"}]", "ver fotos" },
		{ "\"document\":{\"file_id\":\"d1\",\"file_name\":\"contrato.pdf\",\"mime_type\":\"application/pdf\",\"file_size\":3000000000}",
		  "abrir arquivos" },
		{ "\"location\":{\"latitude\":-23.5,\"longitude\":-46.6}", "usar localizações" },
		{ "\"sticker\":{\"file_id\":\"s1\"}", "esse tipo de mensagem" },
		{ "\"video\":{\"file_id\":\"m1\"},\"caption\":\"/tarefa na legenda\"", "na legenda" },
		{ "\"contact\":{\"phone_number\":\"1\",\"first_name\":\"x\"}", "esse tipo de mensagem" },
		{ "\"forward_origin\":{\"type\":\"hidden_user\",\"date\":1,\"sender_user_name\":\"x\"},\"text\":\"algo encaminhado\"",
		  "encaminhou" },
		{ "\"location\":{\"latitude\":\"NaN\",\"longitude\":900}", "mensagem vazia" },
		{ "\"photo\":[]", "mensagem vazia" },
		{ "\"text\":\"\"", "mensagem vazia" },
		{ "\"text\":\" \\n\\t \"", "mensagem vazia" },
		{ "\"text\":\"/\"", "guardei na sua /inbox" },
		{ "\"text\":\"/ xyzzy\"", "guardei na sua /inbox" },
		{ "\"text\":\"/tarefa@LembraBot pelo nome\"", "pelo nome" },
	};
	struct product *p;
	int64_t n;
	int said = 0;

	ERR(started(t, &p));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ERR(talk_sent(p, CHAT, "sendMessage", cases[i].said, &said));
		ERR(post(p,
			 mem_fmt(t->pool,
				 "{\"update_id\":%%lld,\"message\":{\"message_id\":1," PRIVATE ",%s}}",
				 cases[i].content),
			 200));
		ERR(awake(p));
		ERR(talk_await(p, CHAT, "sendMessage", cases[i].said, said + 1));
	}
	ERR(fixture_int(&p->db, "SELECT count(*) FROM inbox_items", &n));
	CHECK_INT(n, 10);
	ERR(fixture_int(
		&p->db,
		"SELECT count(*) FROM inbox_items WHERE file::text LIKE '%3000000000%' AND file::text LIKE '%contrato.pdf%'",
		&n));
	CHECK_INT(n, 1);
	/* An album: several updates, each kept. */
	for (int i = 0; i < 3; i++)
		ERR(post(p,
			 mem_fmt(t->pool,
				 "{\"update_id\":%%lld,\"message\":{\"message_id\":1," PRIVATE
				 ",\"media_group_id\":\"g\",\"photo\":[{\"file_id\":\"g%d\"}]}}",
				 i),
			 200));
	ERR(talk_await_int(p, "SELECT count(*) FROM inbox_items WHERE file::text ~ '\"g[012]\"'", 3));
	return talk_calm(p);
}

TEST(long_texts)
{
	static const size_t sizes[] = { 4096, LIMIT_TEXT_IN, LIMIT_TEXT_IN + 1, 60000 };
	struct product *p;
	int64_t n;

	ERR(started(t, &p));
	ERR(awake(p));
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		char *text = mem_alloc(t->pool, sizes[i] + 1);

		memset(text, 'x', sizes[i]);
		ERR(talk_expect(p, CHAT, NULL, text,
				sizes[i] > LIMIT_TEXT_IN ? "longo demais" : "guardei na sua /inbox"));
		overlay(text, "/tarefa ");
		ERR(talk_expect(p, CHAT, NULL, text,
				sizes[i] > LIMIT_TEXT_IN ? "longo demais" : "caracteres"));
		overlay(text, "/notas  ");
		ERR(talk_expect(p, CHAT, NULL, text,
				sizes[i] > LIMIT_TEXT_IN ? "longo demais" : "Não achei nenhuma nota"));
		text[1] = 'n';
		memset(text + 2, 'y', sizes[i] - 2);
		ERR(talk_expect(p, CHAT, NULL, text, sizes[i] > LIMIT_TEXT_IN ? "longo demais" : "/"));
		ERR(awake(p));
	}
	ERR(fixture_int(&p->db, "SELECT max(length(content)) FROM inbox_items", &n));
	CHECK_INT(n, LIMIT_TEXT_IN);
	return talk_calm(p);
}
