#include "bot/cli/chat.h"

#include "bot/turn/channel.h"
#include "bot/talk/mydata_zip.h"
#include "bot/web/ingest.h"
#include "bot/work/worker.h"
#include "core/clock.h"
#include "core/crypt.h"
#include "core/fiber.h"
#include "core/json.h"
#include "core/log.h"
#include "core/req.h"
#include "core/text.h"
#include "cron/scheduler.h"
#include "db/db.h"
#include "db/pg_admin.h"
#include "db/pg_listen.h"
#include "integrations/llm/llm.h"
#include "integrations/telegram/telegram_html.h"
#include "ml/chart/chart_png.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SLOTS = 8, BUTTONS_MAX = 64, SETTLE_MS = 2, OWNER_LOGIN = -1 };

static struct {
	struct config *config;
	apr_pool_t *pool;
	const char *name;
	int64_t login;
	bool tty;
	struct channel channel;
	int64_t next_message, next_update;
	/* Buttons of the latest message that has any. */
	apr_pool_t *buttons_pool;
	const char *buttons[BUTTONS_MAX];
	int buttons_n;
	int64_t buttons_message;
	char *line;
	size_t line_n;
	ssize_t line_got;
} chat;

static void print_row(const struct json *row)
{
	for (size_t i = 0; i < json_len(row) && chat.buttons_n < BUTTONS_MAX; i++) {
		const struct json *button = json_item(row, i);
		const char *url = json_text(button, "url");

		if (url) {
			printf("  [%s: %s]", json_text(button, "text"), url);
			continue;
		}
		chat.buttons[chat.buttons_n++] =
			mem_text(chat.buttons_pool, json_text(button, "callback_data"));
		printf("  [#%d %s]", chat.buttons_n, json_text(button, "text"));
	}
	printf("\n");
}

static NODISCARD err_t *print_buttons(const char *markup, int64_t message_id)
{
	struct json *j, *rows;

	if (!markup)
		return NULL;
	pool_clear(chat.buttons_pool);
	chat.buttons_n = 0;
	chat.buttons_message = message_id;
	ERR(json_read(chat.buttons_pool, markup, strlen(markup), &j));
	rows = json_at(j, "inline_keyboard");
	for (size_t i = 0; i < json_len(rows); i++)
		print_row(json_item(rows, i));
	return NULL;
}

/* Bytes go into a file here, never over another, and readable by its owner only. */
static void save(const char *name, const void *data, size_t n)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");

	if (!f) {
		printf("(%s: %s)\n", name, strerror(errno));
		return;
	}
	fwrite(data, 1, n, f);
	printf(fclose(f) ? "(%s is not whole)\n" : "[%s]\n", name);
}

static NODISCARD err_t *save_document(apr_pool_t *pool, const struct sending *s)
{
	struct export_zip zip;

	ERR(mydata_zip(pool, s->chat_id, &zip));
	save(zip.name, zip.data, zip.n);
	return NULL;
}

/* Without a picture its words are enough. */
static void save_photo(apr_pool_t *pool, const struct sending *s)
{
	const char *png;
	size_t n;
	err_t *err = chart_png(pool, s->chart ? s->chart : "", &png, &n);

	if (err)
		log_error("chart_failed", err);
	else
		save(mem_fmt(pool, "lembra-%lld.png", (long long)s->id), png, n);
}

static err_t *send_one(void *ctx, apr_pool_t *pool, const struct sending *s, struct tg_result *ret)
{
	bool photo = text_same(s->method, "photo");
	bool text = s->text && (photo || text_same(s->method, "send") || text_same(s->method, "edit"));

	(void)ctx;
	*ret = (struct tg_result){ .outcome = TG_OK, .description = "" };
	ret->message_id = s->target_id ? s->target_id : ++chat.next_message;
	if (text_same(s->method, "document"))
		ERR(save_document(pool, s));
	if (photo)
		save_photo(pool, s);
	if (text) {
		printf("%s%s\n", chat.tty ? "\r" : "", tg_html_plain(pool, s->text));
		ERR(print_buttons(s->markup, ret->message_id));
		printf(chat.tty ? "\n› " : "\n");
		fflush(stdout);
	}
	return NULL;
}

static err_t *typing(void *ctx, apr_pool_t *pool, int64_t chat_id)
{
	(void)ctx;
	(void)pool;
	(void)chat_id;
	return NULL;
}

static err_t *answer(void *ctx, apr_pool_t *pool, const char *callback_id)
{
	(void)ctx;
	(void)pool;
	(void)callback_id;
	return NULL;
}

static struct json *person_json(apr_pool_t *pool)
{
	struct json *from = json_object(pool);

	json_set_int(from, "id", chat.login);
	json_set_bool(from, "is_bot", false);
	json_set_text(from, "first_name", chat.name);
	return from;
}

static struct json *message_json(apr_pool_t *pool, int64_t message_id)
{
	struct json *message = json_object(pool), *where = json_object(pool);

	json_set_int(where, "id", chat.login);
	json_set_text(where, "type", "private");
	json_set_int(message, "message_id", message_id);
	json_set_int(message, "date", clock_now() / SECOND_US);
	json_set(message, "chat", where);
	return message;
}

/* The same update that Telegram would have sent. */
static const char *update_json(apr_pool_t *pool, const char *text, const char *pressed)
{
	struct json *update = json_object(pool), *body;

	json_set_int(update, "update_id", ++chat.next_update);
	if (pressed) {
		body = json_object(pool);
		json_set_text(body, "id", "terminal");
		json_set_text(body, "chat_instance", "0");
		json_set_text(body, "data", pressed);
		json_set(body, "message", message_json(pool, chat.buttons_message));
	} else {
		body = message_json(pool, ++chat.next_message);
		json_set_text(body, "text", text);
	}
	json_set(body, "from", person_json(pool));
	json_set(update, pressed ? "callback_query" : "message", body);
	return json_write(pool, update);
}

static void read_line(void *arg)
{
	(void)arg;
	chat.line_got = getline(&chat.line, &chat.line_n, stdin);
}

/* "#3" as data of button 3; NULL when it is no press. *ret_bad: a number that no button has. */
static const char *pressed(const char *line, bool *ret_bad)
{
	int64_t number;

	*ret_bad = false;
	if (line[0] != '#' || !text_int(line + 1, &number))
		return NULL;
	*ret_bad = number < 1 || number > chat.buttons_n;
	return *ret_bad ? NULL : chat.buttons[number - 1];
}

static NODISCARD err_t *settled(apr_pool_t *pool, bool *ret_settled)
{
	struct rows *rows;

	*ret_settled = false;
	if (worker_busy())
		return NULL;
	ERR(db_exec(pool, STMT_CHAT_PENDING, PG_ARGS(PG_INT(0), PG_INT(chat.login)), &rows));
	*ret_settled = rows_int(rows, 0, COL_CHAT_PENDING_PENDING) == 0;
	return NULL;
}

/* A pipe's next line may press a button of this line's answer, so it waits for it. */
static NODISCARD err_t *settle(apr_pool_t *pool)
{
	bool done = false;

	while (!done) {
		ERR(fiber_sleep(SETTLE_MS));
		ERR(settled(pool, &done));
	}
	return NULL;
}

static NODISCARD err_t *say(apr_pool_t *pool, const char *line)
{
	bool bad;
	const char *press = pressed(line, &bad), *body;
	struct update_in update;

	if (bad) {
		printf("#%s?\n", line + 1);
		return NULL;
	}
	body = update_json(pool, line, press);
	if (ingest_classify(pool, body, strlen(body), &update) != INGEST_KEEP)
		return err_new(ERR_INTERNAL, "line was not taken");
	ERR(ingest_wait(&update));
	worker_kick();
	return chat.tty ? NULL : settle(pool);
}

static NODISCARD err_t *converse(apr_pool_t *pool)
{
	for (;;) {
		const char *line;

		pool_clear(pool);
		fiber_work(read_line, NULL);
		if (chat.line_got < 0)
			return settle(pool);
		line = text_trim(pool, text_utf8_clean(pool, chat.line, (size_t)chat.line_got));
		if (*line)
			ERR(say(pool, line));
		else if (chat.tty)
			printf("› ");
		fflush(stdout);
	}
}

static void chat_main(void *arg)
{
	apr_pool_t *pool = pool_root();

	(void)arg;
	if (chat.tty)
		printf("%s\n\n› ",
		       llm_configured(chat.config)
			       ? ""
			       : "(no model configured: built-in rules understand simple sentences)");
	fflush(stdout);
	log_error("chat_failed", converse(pool));
	scheduler_stop();
	worker_stop();
	while (!worker_drained() || !scheduler_idle())
		err_clear(fiber_sleep(SETTLE_MS));
	worker_close();
	while (!ingest_stop())
		err_clear(fiber_sleep(SETTLE_MS));
	pool_free(pool);
	fiber_stop();
}

/* --user NAME is another person of this terminal; without it, the owner. */
static bool who(int argc, char **argv)
{
	const char *hash;

	chat.name = getenv("USER") ? getenv("USER") : "Terminal";
	chat.login = OWNER_LOGIN;
	if (argc == 1)
		return true;
	if (argc != 3 || !text_same(argv[1], "--user") || !*argv[2])
		return false;
	chat.name = argv[2];
	hash = crypt_hash_hex(chat.pool, chat.name, strlen(chat.name));
	chat.login = OWNER_LOGIN - 1 - (int64_t)(strtoul(mem_textn(chat.pool, hash, 7), NULL, 16));
	return true;
}

static NODISCARD err_t *register_person(void)
{
	const char *lang = getenv("LANG"), *params[4];
	struct pg_admin *admin;

	ERR(pg_admin_open(chat.pool, config_db_url(chat.pool, chat.config, CONFIG_DB_OWNER), &admin));
	params[0] = mem_fmt(chat.pool, "%lld", (long long)chat.login);
	params[1] = chat.name;
	params[2] = lang_tag(lang && text_starts(lang, "en_") ? LANG_EN : LANG_PT);
	params[3] = clock_iso(chat.pool, clock_now());
	return pg_admin_query(admin, chat.pool, "SELECT person_local($1, $2, $3, $4)", 4, params, NULL);
}

static NODISCARD err_t *chat_start(void)
{
	ERR(clock_init(*chat.config->test_clock_file ? chat.config->test_clock_file : NULL));
	ERR(llm_init(chat.config));
	req_serve(chat.config);
	ERR(register_person());
	db_open(chat.pool, chat.config, DB_QUEUE | DB_APP);
	chat.tty = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	chat.next_update = chat.next_message = clock_real();
	chat.buttons_pool = pool_child(chat.pool);
	chat.channel = (struct channel){
		.only_chat = chat.login, .send = send_one, .typing = typing, .answer = answer
	};
	signal(SIGPIPE, SIG_IGN);
	fiber_init();
	ingest_start(chat.config, 0, false);
	worker_start(config_db_url(chat.pool, chat.config, CONFIG_DB_QUEUE), &chat.channel, SLOTS);
	/* Reminders appear here when they are due. */
	scheduler_start(&(struct scheduler_opts){ .config = chat.config, .people_only = true });
	fiber_go("chat", chat_main, NULL);
	return NULL;
}

int chat_run(struct config *config, apr_pool_t *pool, int argc, char **argv)
{
	err_t *err;

	chat.config = config;
	chat.pool = pool;
	if (!who(argc, argv)) {
		fprintf(stderr, "usage: lembra chat [--user NAME]\n");
		return 2;
	}
	/* A terminal shows the conversation, not its log; LOG_LEVEL=debug brings it back. */
	log_init("chat", config->log_level == LOG_DEBUG ? LOG_DEBUG : LOG_ERROR);
	err = chat_start();
	if (err) {
		fprintf(stderr, "lembra: %s\n", err_message(err));
		err_clear(err);
		return 1;
	}
	fiber_run();
	pg_listen_stop();
	db_close();
	free(chat.line);
	return 0;
}
