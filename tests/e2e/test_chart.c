/* Pictures in the chat: drawn when they leave, with words that say the same; and words alone where no picture can be had. */
#include "core/clock.h"
#include "core/text.h"
#include "tests/e2e/talk.h"
#include "tests/standins/llm_client.h"
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ANA = 981, BIA = 982, PNG_MAX = 200 * 1024, WIDE = 800 };

static NODISCARD err_t *started(struct test *t, struct product **ret)
{
	ERR(product_new(t, true, NULL, ret));
	ERR(talk_clock(*ret, "2026-11-25T15:00:00Z"));
	return NULL;
}

static NODISCARD err_t *ended(struct product *p)
{
	int code;

	ERR(talk_calm(p));
	ERR(product_stop(p, &code));
	CHECK_INT(code, 0);
	return NULL;
}

/* --- a lembra without, or with another, lembra-chart --- */

static void remove_folder(void *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
	rmdir(path);
}

static const char *build_dir(void)
{
	const char *dir = getenv("TEST_BUILD_DIR");

	return dir ? dir : "build";
}

static NODISCARD err_t *copy_file(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
	struct stat st;

	CHECK(in >= 0 && out >= 0 && fstat(in, &st) == 0);
	for (off_t left = st.st_size; left > 0;) {
		ssize_t n = copy_file_range(in, NULL, out, NULL, (size_t)left, 0);

		if (n <= 0)
			return err_new(ERR_INTERNAL, "cannot copy \"%s\"", from);
		left -= n;
	}
	close(in);
	close(out);
	return NULL;
}

/* The product runs as a copy in a folder of its own; of lembra-chart there is this shell script, or none. */
static NODISCARD err_t *own_program(struct product *p, const char *script)
{
	apr_pool_t *pool = p->t->pool;
	char *dir = mem_text(pool, "/tmp/lembra-own-XXXXXX");
	const char *chart;
	int fd;

	CHECK(mkdtemp(dir));
	mem_cleanup(pool, dir, remove_folder);
	p->program = mem_fmt(pool, "%s/lembra", dir);
	chart = mem_fmt(pool, "%s/lembra-chart", dir);
	ERR(copy_file(mem_fmt(pool, "%s/lembra", build_dir()), p->program));
	if (script) {
		fd = open(chart, O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
		CHECK(fd >= 0 && dprintf(fd, "#!/bin/sh\n%s\n", script) > 0 && close(fd) == 0);
	}
	return NULL;
}

/* --- what arrived --- */

static int digit(char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* Big-endian, from byte `at` of the hexadecimal digits. */
static int number_at(const char *hex, int at)
{
	int value = 0;

	for (int i = 2 * at; i < 2 * at + 8; i++)
		value = value * 16 + digit(hex[i]);
	return value;
}

/* The latest message of the bot. */
static NODISCARD err_t *latest(struct product *p, int64_t chat, struct json **ret)
{
	struct json *messages;

	ERR(standin_chat(p->s, chat, &messages));
	for (size_t i = json_len(messages); i > 0; i--)
		if (json_true(json_item(messages, i - 1), "from_bot")) {
			*ret = json_item(messages, i - 1);
			return NULL;
		}
	return err_new(ERR_NOT_FOUND, "no message");
}

/* The latest is a whole picture of the right size, with these words below it. */
static NODISCARD err_t *check_picture(struct product *p, int64_t chat, const char *words)
{
	struct json *message = NULL, *upload;
	const char *hex;
	int64_t size, width, height;

	ERR(latest(p, chat, &message));
	CHECK_TEXT(json_text(message, "kind"), "photo");
	if (!strstr(json_text(message, "text"), words))
		return err_new(ERR_INTERNAL, "\"%s\" is not in: %s", words, json_text(message, "text"));
	CHECK_TEXT(json_text(message, "file_name"), "chart.png");
	CHECK(json_int(message, "file_size", &size) && json_int(message, "width", &width) &&
	      json_int(message, "height", &height));
	ERR(standin_control(p->s, mem_fmt(p->t->pool, "upload?hash=%s", json_text(message, "file_hash")),
			    NULL, &upload));
	hex = json_text(upload, "hex");
	CHECK(hex && (int64_t)strlen(hex) == 2 * size && size <= PNG_MAX);
	CHECK(text_starts(hex, "89504e470d0a1a0a"));
	CHECK_INT(width, WIDE);
	CHECK_INT(number_at(hex, 16), width);
	CHECK_INT(number_at(hex, 20), height);
	return NULL;
}

static NODISCARD err_t *failed(struct product *p, int *ret_n)
{
	const char *log;

	ERR(product_log(p, &log));
	*ret_n = product_count(log, "\"event\":\"chart_failed\"");
	return NULL;
}

static NODISCARD err_t *check_sent(struct product *p, const char *method, const char *part, int n)
{
	int seen;

	ERR(talk_sent(p, ANA, method, part, &seen));
	CHECK_INT(seen, n);
	return NULL;
}

TEST(a_picture_comes_with_its_words_and_buttons)
{
	struct product *p;
	int n;

	ERR(started(t, &p));
	ERR(product_start(p));
	ERR(talk_expect(p, ANA, NULL, "/tarefa comprar leite hoje", "comprar leite"));
	ERR(talk_say(p, ANA, NULL, "/grafico"));
	ERR(talk_await(p, ANA, "sendPhoto", NULL, 1));
	ERR(talk_settle(p));
	ERR(check_picture(p, ANA,
			  "De qui, 19/11 a qua, 25/11 você concluiu 0 tarefas; 1 era para esses dias"));
	/* Too little for a picture: words; the message with the buttons is a picture, so that they are a new one. */
	ERR(standin_press(p->s, ANA, "😴 Sono e energia", NULL));
	ERR(talk_await(p, ANA, "sendMessage", "Faltam 3 dias", 1));
	ERR(standin_press(p->s, ANA, "✅ Tarefas", NULL));
	ERR(talk_await(p, ANA, "sendPhoto", NULL, 2));
	ERR(talk_settle(p));
	ERR(check_sent(p, "editMessageText", NULL, 0));
	ERR(talk_expect(p, BIA, "en", "/task buy milk today", "buy milk"));
	ERR(talk_say(p, BIA, "en", "/chart"));
	ERR(talk_await(p, BIA, "sendPhoto", "you finished", 1));
	ERR(check_picture(p, BIA, "From Thu, Nov 19 to Wed, Nov 25 you finished 0 tasks; 1 was due"));
	ERR(failed(p, &n));
	CHECK_INT(n, 0);
	return ended(p);
}

TEST(plain_words_reach_the_pictures)
{
	struct product *p;

	ERR(started(t, &p));
	ERR(product_start(p));
	ERR(talk_expect(p, ANA, NULL, "/tarefa comprar leite hoje", "comprar leite"));
	ERR(talk_say(p, ANA, NULL, "me mostra o gráfico da semana"));
	ERR(talk_await(p, ANA, "sendPhoto", "você concluiu", 1));
	ERR(talk_expect(p, ANA, NULL, "mostra meu sono", "Faltam 3 dias"));
	ERR(talk_expect(p, BIA, "en", "show me a chart of my habits", "no habits to draw"));
	return ended(p);
}

/* Where no picture can be drawn, its words go out, once. */
static NODISCARD err_t *check_words_alone(struct test *t, const char *script, const char *why)
{
	struct product *p;
	const char *log;
	int n;

	ERR(started(t, &p));
	ERR(own_program(p, script));
	ERR(product_start(p));
	ERR(talk_expect(p, ANA, NULL, "/tarefa comprar leite hoje", "comprar leite"));
	ERR(talk_expect(p, ANA, NULL, "/grafico", "1 era para esses dias"));
	ERR(talk_settle(p));
	ERR(check_sent(p, "sendMessage", "era para esses dias", 1));
	ERR(check_sent(p, "sendPhoto", NULL, 0));
	ERR(talk_expect(p, ANA, NULL, "/status", "acordada"));
	ERR(failed(p, &n));
	CHECK_INT(n, 1);
	ERR(product_log(p, &log));
	CHECK(strstr(log, why) && !strstr(log, "comprar leite"));
	return ended(p);
}

TEST(without_the_program_the_words_go_out)
{
	return check_words_alone(t, NULL, "no program");
}

TEST(a_program_that_fails_costs_the_picture_only)
{
	return check_words_alone(t, "cat >/dev/null; exit 1", "exit code 1");
}

TEST(a_program_that_raves_costs_the_picture_only)
{
	return check_words_alone(t, "exec cat /dev/zero", "text over");
}

TEST(what_telegram_refuses_goes_as_words)
{
	struct product *p;

	ERR(started(t, &p));
	ERR(product_start(p));
	ERR(talk_expect(p, ANA, NULL, "/tarefa comprar leite hoje", "comprar leite"));
	ERR(standin_fault(p->s, "sendPhoto", "400photo", 1));
	ERR(talk_expect(p, ANA, NULL, "/grafico", "1 era para esses dias"));
	ERR(standin_fault(p->s, "sendPhoto", "429", 1));
	ERR(talk_say(p, ANA, NULL, "/grafico"));
	ERR(talk_await(p, ANA, "sendPhoto", "era para esses dias", 1));
	ERR(talk_settle(p));
	ERR(check_sent(p, "sendPhoto", NULL, 1));
	ERR(check_sent(p, "sendMessage", "era para esses dias", 1));
	ERR(check_picture(p, ANA, "1 era para esses dias"));
	return ended(p);
}

/* A worker that dies while a picture is drawn has sent nothing yet: another draws and sends it, once. */
TEST(killed_while_drawing_it_is_sent_once)
{
	struct product *p;
	const char *begun;
	int64_t until = clock_mono_ms() + TALK_MS;

	ERR(started(t, &p));
	ERR(own_program(p, "mark=$(dirname \"$0\")/begun\n"
			   "[ -e \"$mark\" ] || { : >\"$mark\"; sleep 3; }\n"
			   "exec \"$(dirname \"$0\")/real\""));
	begun = mem_fmt(t->pool, "%.*sbegun", (int)(strrchr(p->program, '/') + 1 - p->program), p->program);
	ERR(copy_file(mem_fmt(t->pool, "%s/lembra-chart", build_dir()),
		      mem_fmt(t->pool, "%.*sreal", (int)(strrchr(p->program, '/') + 1 - p->program),
			      p->program)));
	ERR(product_start(p));
	ERR(talk_expect(p, ANA, NULL, "/tarefa comprar leite hoje", "comprar leite"));
	ERR(talk_say(p, ANA, NULL, "/grafico"));
	while (access(begun, F_OK) != 0 && clock_mono_ms() < until)
		poll(NULL, 0, 5);
	ERR(product_kill(p, "worker", SIGKILL));
	ERR(talk_await(p, ANA, "sendPhoto", NULL, 1));
	ERR(talk_settle(p));
	ERR(check_sent(p, "sendPhoto", NULL, 1));
	ERR(check_sent(p, "sendMessage", "era para esses dias", 0));
	return check_picture(p, ANA, "1 era para esses dias");
}

/* An answer that was lost: at least once, as every message, and it is noted. */
TEST(a_lost_answer_repeats_the_picture_and_says_so)
{
	struct product *p;

	ERR(started(t, &p));
	ERR(product_start(p));
	ERR(talk_expect(p, ANA, NULL, "/tarefa comprar leite hoje", "comprar leite"));
	ERR(standin_fault(p->s, "sendPhoto", "lost", 1));
	ERR(talk_say(p, ANA, NULL, "/grafico"));
	ERR(talk_await(p, ANA, "sendPhoto", "era para esses dias", 2));
	ERR(talk_settle(p));
	ERR(check_sent(p, "sendPhoto", NULL, 2));
	ERR(check_sent(p, "sendMessage", "era para esses dias", 0));
	ERR(talk_await_int(
		p, "SELECT count(*) FROM outbox WHERE method = 'photo' AND lost = 1 AND state = 'sent'", 1));
	ERR(product_await(p, "send_repeated", 1, TALK_MS));
	return ended(p);
}

/* What the picture showed is forgotten with its words. */
TEST(the_chart_is_blanked_with_its_text)
{
	struct product *p;
	int64_t n;

	ERR(started(t, &p));
	ERR(product_start(p));
	ERR(talk_expect(p, ANA, NULL, "/habito ler quixotescamente todo dia", "quixotescamente"));
	ERR(talk_say(p, ANA, NULL, "/grafico hábitos"));
	ERR(talk_await(p, ANA, "sendPhoto", "quixotescamente", 1));
	ERR(talk_settle(p));
	ERR(fixture_int(&p->db, "SELECT count(*) FROM outbox WHERE chart LIKE '%quixotescamente%'", &n));
	CHECK_INT(n, 1);
	ERR(fixture_sql(&p->db, "SELECT retain(now() + interval '100 years', 200000, 90)"));
	ERR(fixture_int(
		&p->db,
		"SELECT count(*) FROM outbox WHERE method = 'photo' AND text IS NULL AND chart IS NULL", &n));
	CHECK_INT(n, 1);
	return ended(p);
}

/* On a terminal: the words, and a file of one's own. */
TEST(the_terminal_gets_a_file)
{
	const char *args[] = { "chat", NULL }, *output, *name, *path;
	struct product *p;
	struct stat st;
	int code;

	ERR(started(t, &p));
	ERR(product_command(p, "/tarefa comprar leite hoje\n/grafico\n", args, &output, &code));
	CHECK_INT(code, 0);
	CHECK(strstr(output, "era para esses dias") && strstr(output, "Sono e energia"));
	name = strstr(output, "[lembra-");
	CHECK(name);
	path = mem_fmt(t->pool, "%s/%.*s", p->dir, (int)strcspn(name + 1, "]"), name + 1);
	CHECK(stat(path, &st) == 0 && st.st_size > 1000 && (st.st_mode & 0777) == 0600);
	CHECK(unlink(path) == 0);
	ERR(own_program(p, NULL));
	ERR(product_command(p, "/grafico\n", args, &output, &code));
	CHECK_INT(code, 0);
	CHECK(strstr(output, "era para esses dias") && !strstr(output, "[lembra-"));
	return NULL;
}

/* A model asks for it: our words with their numbers, its own below, and the line that said "a moment" is gone. */
TEST(a_model_shows_a_picture_with_our_words)
{
	struct llm_standin *llm;
	struct product *p;
	struct json *messages;

	ERR(started(t, &p));
	ERR(llm_standin_start(t, &llm));
	talk_setting(p, "LLM_PROVIDER=gemini");
	talk_setting(p, "GEMINI_API_KEY=test-key");
	talk_setting(p, mem_fmt(t->pool, "GEMINI_API_BASE=%s", llm->base));
	ERR(llm_standin_script(
		llm, "{\"steps\":[{\"calls\":[{\"name\":\"get_chart\",\"args\":{\"kind\":\"week\"}}],"
		     "\"delay_ms\":4500},{\"text\":\"Boa semana!\"}]}"));
	ERR(product_start(p));
	ERR(talk_expect(p, ANA, NULL, "/tarefa comprar leite hoje", "comprar leite"));
	ERR(talk_say(p, ANA, NULL, "me mostra um gráfico da minha semana"));
	ERR(talk_await(p, ANA, "sendPhoto", "era para esses dias", 1));
	ERR(talk_await(p, ANA, "sendPhoto", "Boa semana!", 1));
	ERR(talk_settle(p));
	ERR(check_picture(p, ANA, "1 era para esses dias"));
	ERR(check_sent(p, "deleteMessage", NULL, 1));
	ERR(standin_chat(p->s, ANA, &messages));
	CHECK_INT(json_len(messages), 4); /* two said, two answered */
	return ended(p);
}
