#include "tests/e2e/talk.h"

#include "core/clock.h"
#include "core/text.h"
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TICK_MS = 5, REPLY_MAX = 8 * 1024 * 1024, PAIRS_MAX = 32 };

static void tick(void)
{
	poll(NULL, 0, TICK_MS);
}

err_t *talk_say(struct product *p, int64_t chat, const char *lang, const char *text)
{
	struct json *body = json_object(p->t->pool), *from = json_object(p->t->pool), *reply;

	json_set_int(body, "chat_id", chat);
	json_set_text(body, "text", text);
	if (lang) {
		json_set_text(from, "language_code", lang);
		json_set(body, "from", from);
	}
	return standin_control(p->s, "message", body, &reply);
}

/* Messages of the bot that the chat shows, and the last one's text. */
static NODISCARD err_t *look(struct product *p, int64_t chat, int *ret_n, const char **ret_last)
{
	struct json *messages;

	*ret_n = 0;
	*ret_last = "";
	ERR(standin_chat(p->s, chat, &messages));
	for (size_t i = 0; i < json_len(messages); i++) {
		if (!json_true(json_item(messages, i), "from_bot"))
			continue;
		++*ret_n;
		*ret_last = json_text(json_item(messages, i), "text");
	}
	return NULL;
}

err_t *talk_ask(struct product *p, int64_t chat, const char *lang, const char *text, const char **ret_reply)
{
	int before, now;

	ERR(look(p, chat, &before, ret_reply));
	ERR(talk_say(p, chat, lang, text));
	ERR(err_wrap(standin_wait(p->s, chat, before + 1, TALK_MS, NULL), "no answer to \"%.200s\"", text));
	return look(p, chat, &now, ret_reply);
}

err_t *talk_expect(struct product *p, int64_t chat, const char *lang, const char *text, const char *part)
{
	const char *reply;

	ERR(talk_ask(p, chat, lang, text, &reply));
	if (strstr(reply, part))
		return NULL;
	return err_new(ERR_INTERNAL, "\"%.200s\" was answered \"%.400s\", without \"%s\"", text, reply, part);
}

err_t *talk_raw(struct product *p, const char *update)
{
	struct json *body = json_object(p->t->pool), *raw, *reply;

	ERR(json_read(p->t->pool, update, strlen(update), &raw));
	json_set(body, "raw", raw);
	return standin_control(p->s, "message", body, &reply);
}

err_t *talk_forge(struct product *p, int64_t chat, const char *data)
{
	struct json *body = json_object(p->t->pool), *reply;

	json_set_int(body, "chat_id", chat);
	json_set_bool(body, "forge", true);
	json_set_text(body, "data", data);
	return standin_control(p->s, "press", body, &reply);
}

err_t *talk_sent(struct product *p, int64_t chat, const char *method, const char *part, int *ret_n)
{
	struct json *ledger;

	*ret_n = 0;
	ERR(standin_ledger(p->s, 0, &ledger));
	for (size_t i = 0; i < json_len(ledger); i++) {
		struct json *entry = json_item(ledger, i);
		const char *text = json_text(entry, "text");
		int64_t id, code;

		if (!json_int(entry, "chat_id", &id) || !json_int(entry, "code", &code))
			continue;
		if (code == 200 && (id == chat || !chat) && text_same(json_text(entry, "method"), method) &&
		    (!part || (text && strstr(text, part))))
			++*ret_n;
	}
	return NULL;
}

/* The first complaint in the log, to tell beside a wait in vain. */
static const char *complaint(struct product *p)
{
	const char *text, *at;
	err_t *err = product_log(p, &text);

	if (err) {
		err_clear(err);
		return "";
	}
	at = strstr(text, "\"level\":\"error\"");
	return at ? mem_textn(p->t->pool, at, strcspn(at, "\n")) : "nothing in the log";
}

err_t *talk_await(struct product *p, int64_t chat, const char *method, const char *part, int n)
{
	int64_t deadline = clock_mono_ms() + TALK_MS;
	int seen;

	for (;;) {
		ERR(talk_sent(p, chat, method, part, &seen));
		if (seen >= n)
			return NULL;
		if (clock_mono_ms() > deadline)
			return err_new(ERR_TIMEOUT, "%d of %d \"%s\" with \"%s\"; %s", seen, n, method,
				       part ? part : "", complaint(p));
		tick();
	}
}

err_t *talk_await_int(struct product *p, const char *sql, int64_t n)
{
	int64_t deadline = clock_mono_ms() + TALK_MS, value;

	for (;;) {
		ERR(fixture_int(&p->db, sql, &value));
		if (value == n)
			return NULL;
		if (clock_mono_ms() > deadline)
			return err_new(ERR_TIMEOUT, "%lld, not %lld: %s", (long long)value, (long long)n,
				       sql);
		tick();
	}
}

err_t *talk_delivered(struct product *p)
{
	int64_t deadline = clock_mono_ms() + TALK_MS, pending = 1;

	for (;;) {
		struct json *reply;

		ERR(standin_control(p->s, "deliveries", NULL, &reply));
		if (!json_int(reply, "pending", &pending))
			return err_new(ERR_INTERNAL, "the stand-in does not say what is pending");
		if (!pending)
			return NULL;
		if (clock_mono_ms() > deadline)
			return err_new(ERR_TIMEOUT, "%lld updates are not accepted; %s", (long long)pending,
				       complaint(p));
		tick();
	}
}

err_t *talk_settle(struct product *p)
{
	ERR(talk_delivered(p));
	return talk_await_int(p,
			      "SELECT coalesce(sum(pending + (lease_until IS NOT NULL)::int), 0) FROM chats",
			      0);
}

static NODISCARD err_t *connect_to(int port, int *ret_fd)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval patience = { .tv_sec = TALK_MS / 1000 };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	*ret_fd = fd;
	return connect(fd, (struct sockaddr *)&to, sizeof to)
		       ? err_new(ERR_HTTP, "nobody listens on %d", port)
		       : NULL;
}

/* What is refused early need not be read to its end, so a failing send is no failure here. */
static void send_all(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t sent = send(fd, p, n, MSG_NOSIGNAL);

		if (sent <= 0)
			return;
		p += sent;
		n -= (size_t)sent;
	}
}

err_t *talk_http(struct product *p, const char *head, const void *body, size_t n, int *ret_status,
		 const char **ret_body)
{
	struct buf in = buf_new(p->t->pool, REPLY_MAX);
	const char *text, *rest;
	char part[4096];
	ssize_t got;
	int64_t status = 0;
	int fd;

	ERR(connect_to(p->port, &fd));
	text = mem_fmt(
		p->t->pool,
		"%s HTTP/1.1\r\nHost: test\r\nConnection: close\r\nX-Telegram-Bot-Api-Secret-Token: e2e-secret\r\n"
		"Content-Length: %zu\r\n\r\n",
		head, n);
	send_all(fd, text, strlen(text));
	send_all(fd, body, n);
	buf_text(&in, "");
	while ((got = recv(fd, part, sizeof part, 0)) > 0)
		buf_put(&in, part, (size_t)got);
	close(fd);
	ERR(buf_check(&in));
	if (text_starts(in.p, "HTTP/1.1 "))
		text_int(mem_textn(p->t->pool, in.p + strlen("HTTP/1.1 "), 3), &status);
	rest = strstr(in.p, "\r\n\r\n");
	*ret_status = (int)status;
	*ret_body = rest ? rest + 4 : "";
	return NULL;
}

err_t *talk_get(struct product *p, const char *path, int *ret_status, const char **ret_body)
{
	return talk_http(p, mem_fmt(p->t->pool, "GET %s", path), "", 0, ret_status, ret_body);
}

err_t *talk_post(struct product *p, const void *body, size_t n, int *ret_status)
{
	const char *reply;

	return talk_http(p, "POST /webhook/telegram", body, n, ret_status, &reply);
}

/* Every table, those of a later migration too. */
err_t *talk_stored(struct product *p, const char *word, int64_t *ret_rows)
{
	apr_pool_t *pool = p->t->pool;
	struct buf hex = buf_new(pool, 4096);

	for (const char *c = word; *c; c++)
		buf_fmt(&hex, "%02x", (unsigned char)*c);
	return fixture_int(
		&p->db,
		mem_fmt(pool,
			"SELECT sum((xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %%I t WHERE t::text ILIKE %%L OR t::text LIKE %%L',"
			" relname, '%%%s%%', '%%%s%%'), false, true, '')))[1]::text::bigint)"
			" FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'",
			word, hex.p),
		ret_rows);
}

void talk_setting(struct product *p, const char *pair)
{
	const char **pairs = mem_alloc(p->t->pool, sizeof *pairs * PAIRS_MAX);
	int n = 0;

	for (const char *const *old = p->pairs; old && *old && n < PAIRS_MAX - 2; old++)
		pairs[n++] = *old;
	pairs[n] = pair;
	p->pairs = pairs;
}

static void remove_file(void *path)
{
	unlink(path);
}

/* Renamed into place: the product never reads half of it. */
err_t *talk_clock(struct product *p, const char *iso)
{
	apr_pool_t *pool = p->t->pool;
	const char *path = mem_fmt(pool, "%s/clock", p->dir), *aside = mem_fmt(pool, "%s.new", path);
	FILE *f = fopen(aside, "we");

	if (!f)
		return err_new(ERR_INTERNAL, "cannot write \"%s\"", aside);
	fprintf(f, "%s 1\n", iso);
	fclose(f);
	if (rename(aside, path))
		return err_new(ERR_INTERNAL, "cannot rename \"%s\"", aside);
	if (!p->pid) {
		talk_setting(p, mem_fmt(pool, "TEST_CLOCK_FILE=%s", path));
		mem_cleanup(pool, mem_text(pool, path), remove_file);
	}
	return NULL;
}

err_t *talk_owner_code(struct product *p, const char **ret_code)
{
	static const char head[] = "to become its owner:\n\n    ";
	const char *text, *at;

	*ret_code = NULL;
	ERR(product_log(p, &text));
	while ((at = strstr(text, head))) {
		text = at + strlen(head);
		*ret_code = mem_textn(p->t->pool, text, strcspn(text, "\n"));
	}
	return NULL;
}

err_t *talk_start_owned(struct product *p, int64_t chat)
{
	struct json *messages;
	const char *code;

	ERR(product_start(p));
	ERR(talk_owner_code(p, &code));
	CHECK(code);
	ERR(talk_expect(p, chat, "pt-br", code, "Em que língua"));
	ERR(standin_press(p->s, chat, "Português 🇧🇷", NULL));
	ERR(talk_await(p, chat, "editMessageText", "onde você está", 1));
	ERR(standin_press(p->s, chat, "Brasília / São Paulo", NULL));
	ERR(talk_await(p, chat, "editMessageText", "Tudo pronto", 1));
	return standin_wait(p->s, chat, 1, TALK_MS, &messages);
}

err_t *talk_invite(struct product *p, const char *role, const char **ret_code)
{
	const char *args[] = { "user", "invite", role, NULL }, *output;
	int code;

	ERR(product_command(p, NULL, args, &output, &code));
	CHECK_INT(code, 0);
	CHECK(text_starts(output, "code     "));
	output += strlen("code     ");
	*ret_code = mem_textn(p->t->pool, output, strcspn(output, "\n"));
	return NULL;
}

err_t *talk_calm(struct product *p)
{
	static const char *const alarms[] = {
		"child_ended",   "AddressSanitizer", "runtime error",
		"LeakSanitizer", "fiber_stack",      "\"event\":\"dead_letter\""
	};
	const char *text;

	ERR(product_log(p, &text));
	for (size_t i = 0; i < sizeof alarms / sizeof *alarms; i++) {
		const char *at = strstr(text, alarms[i]);

		if (at)
			return err_new(ERR_INTERNAL, "in the log: %.400s", at);
	}
	return NULL;
}
