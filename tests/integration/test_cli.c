#include "bot/cli/cli.h"
#include "core/clock.h"
#include "core/crypt.h"
#include "core/json.h"
#include "core/text.h"
#include "core/version.h"
#include "db/migrate.h"
#include "db/pg_admin.h"
#include "tests/integration/fixture.h"
#include "tests/standins/client.h"
#include "tests/standins/llm_client.h"
#include "tools/tool.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define TRACE_A "0123456789abcdef0123456789abcdef"
#define TRACE_B "01234567ffffffffffffffffffffffff"
#define SECRET "hunter2-hunter2"

typedef int command(struct config *config, apr_pool_t *pool, int argc, char **argv);

struct scene {
	struct test *t;
	struct fixture f;
	struct config *config;
	/* Of the last command. */
	int code;
	const char *out, *err;
};

static NODISCARD err_t *scene_open(struct test *t, struct scene *s)
{
	s->t = t;
	ERR(fixture_db(t, &s->f));
	return fixture_config(&s->f, NULL, &s->config);
}

static const char *file_text(struct test *t, FILE *file)
{
	struct buf all = buf_new(t->pool, 16 * 1024 * 1024);
	char part[4096];

	rewind(file);
	for (size_t n; (n = fread(part, 1, sizeof part, file));)
		buf_put(&all, part, n);
	fclose(file);
	return all.p ? all.p : "";
}

/* Runs the command on the words of line, with both outputs caught. */
static void run(struct scene *s, command *fn, const char *line)
{
	char *argv[8] = { NULL }, *rest = mem_text(s->t->pool, line), *word;
	int out = dup(STDOUT_FILENO), err = dup(STDERR_FILENO), argc = 0;
	FILE *out_file = tmpfile(), *err_file = tmpfile();

	while ((word = strsep(&rest, " ")) && argc < 7)
		argv[argc++] = word;
	fflush(NULL);
	dup2(fileno(out_file), STDOUT_FILENO);
	dup2(fileno(err_file), STDERR_FILENO);
	s->code = fn(s->config, s->t->pool, argc, argv);
	fflush(NULL);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	close(out);
	close(err);
	s->out = file_text(s->t, out_file);
	s->err = file_text(s->t, err_file);
}

static NODISCARD err_t *said(const struct scene *s, int code, const char *out, const char *err)
{
	if (s->code != code || !strstr(s->out, out) || !strstr(s->err, err))
		return err_new(ERR_INTERNAL, "code %d (not %d), \"%s\" expected in: %s\nand \"%s\" in: %s",
			       s->code, code, out, s->out, err, s->err);
	return NULL;
}

#define EXPECT(s, fn, line, code, out, err)           \
	do {                                          \
		run((s), (fn), (line));               \
		ERR(said((s), (code), (out), (err))); \
	} while (0)

TEST(usage)
{
	static const struct {
		command *fn;
		const char *line;
	} bad[] = {
		{ cli_migrate, "migrate now" },
		{ cli_doctor, "doctor --dead" },
		{ cli_trace, "trace" },
		{ cli_trace, "trace a b" },
		{ cli_user, "user" },
		{ cli_user, "user invite king" },
		{ cli_user, "user role 0 user" },
		{ cli_user, "user role 1 king" },
		{ cli_user, "user remove x --yes" },
		{ cli_user, "user list all" },
		{ cli_user, "user remove 1 --no" },
		{ cli_export, "export" },
		{ cli_export, "export me" },
		{ cli_export, "export 1 --out" },
		{ cli_webhook, "webhook" },
		{ cli_webhook, "webhook info x" },
		{ cli_tools, "tools all" },
		{ cli_insights, "insights --looks 60,30" },
		{ cli_config, "config" },
		{ cli_version, "version x" },
	};
	struct scene s;

	ERR(scene_open(t, &s));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		EXPECT(&s, bad[i].fn, bad[i].line, 2, "", "usage: lembra ");
	return NULL;
}

TEST(version_config_tools)
{
	struct scene s;
	struct json *tool;
	const char *line;
	size_t n = 0;

	ERR(scene_open(t, &s));
	EXPECT(&s, cli_version, "version", 0, "lembra " LEMBRA_VERSION "\n", "");
	EXPECT(&s, cli_config, "config --example", 0, "", "");
	CHECK_TEXT(s.out, config_example(t->pool));
	EXPECT(&s, cli_tools, "tools --json", 0, "", "");
	ERR(json_read(t->pool, s.out, strlen(s.out), &tool));
	CHECK(json_len(tool) > 40);
	CHECK_TEXT(json_text(tool, "40.name"), tools_all[40]->name);
	CHECK_TEXT(json_text(tool, "40.result.anyOf.0.type"), "object");
	EXPECT(&s, cli_tools, "tools", 0, "", "");
	for (line = s.out; *line; line += strcspn(line, "\n") + 1, n++) {
		ERR(json_read(t->pool, line, strcspn(line, "\n"), &tool));
		CHECK_TEXT(json_text(tool, "name"), tools_all[n]->name);
		CHECK_TEXT(json_text(tool, "description"), tools_all[n]->description);
		CHECK_TEXT(json_text(tool, "parameters.type"), "object");
		CHECK(role_of(json_text(tool, "min_role")) == tools_all[n]->min_role);
		CHECK(json_text(tool, "effect"));
	}
	CHECK(!tools_all[n]);
	return NULL;
}

TEST(migrate)
{
	struct scene s;

	ERR(scene_open(t, &s));
	EXPECT(&s, cli_migrate, "migrate", 0, "already up to date\n", "");
	EXPECT(&s, cli_migrate, "migrate --status", 0, "0001_ground 2", "");
	ERR(fixture_sql(&s.f, "DROP SCHEMA public CASCADE; CREATE SCHEMA public"));
	EXPECT(&s, cli_migrate, "migrate --status", 1, "0001_ground pending\n", "");
	EXPECT(&s, cli_migrate, "migrate", 0, mem_fmt(t->pool, "applied %zu migrations\n", migrations_count),
	       "");
	EXPECT(&s, cli_migrate, "migrate", 0, "already up to date\n", "");
	ERR(fixture_sql(&s.f, "UPDATE schema_migrations SET checksum = 'x' WHERE number = 2"));
	EXPECT(&s, cli_migrate, "migrate --status", 1, "0002_things CHANGED\n", "");
	EXPECT(&s, cli_migrate, "migrate", 1, "", "lembra: migration 0002_things has changed");
	s.config->database_url = "";
	EXPECT(&s, cli_migrate, "migrate", 1, "", "lembra: DATABASE_URL is not set\n");
	return NULL;
}

static const char story[] =
	"INSERT INTO users (role, created_at) VALUES ('user', now());"
	"INSERT INTO updates VALUES (9, 77, 42, 'message', '" SECRET "', '" TRACE_A
	"', 'done', '2026-11-21 10:00:00Z', '2026-11-21 10:00:02.5Z');"
	"INSERT INTO updates VALUES (9, 78, 42, 'message', '" SECRET "', '" TRACE_B
	"', 'queued', '2026-11-21 10:00:01Z');"
	"INSERT INTO queue (bot_id, chat_id, lane, update_id, kind, attempts) VALUES (9, 42, 0, 78, 'message', 3);"
	"INSERT INTO turn_steps VALUES (1, 9, 77, 1, 2, 'call', 'create_task', '{\"title\": \"" SECRET
	"\"}', '2026-11-21 10:00:01Z');"
	"INSERT INTO audit_log (user_id, act, object, object_id, trace, created_at) VALUES (1, 'create_task', 'task', 5, '" TRACE_A
	"', '2026-11-21 10:00:01Z');"
	"INSERT INTO assistant_logs (user_id, kind, name, duration_ms, success, error, trace, created_at)"
	" VALUES (1, 'tool_call', 'create_task', 12, false, 'TIMEOUT', '" TRACE_A
	"', '2026-11-21 10:00:01.5Z');"
	"INSERT INTO interactions (user_id, said_by, text, trace, created_at) VALUES (1, 'person', '" SECRET
	"', '" TRACE_A "', now());"
	"INSERT INTO outbox (bot_id, chat_id, dedupe, method, text, class, state, attempts, message_id, trace, accepted_at, created_at, sent_at)"
	" VALUES (9, 42, 'd', 'send', '" SECRET "', 'reply', 'sent', 2, 901, '" TRACE_A
	"', '2026-11-21 10:00:00Z', '2026-11-21 10:00:01.75Z',"
	" '2026-11-21 10:00:02Z');";

TEST(trace)
{
	static const char *const lines[] = {
		"2026-11-21T10:00:00Z ",
		"+0 ms  update  message received: bot 9, chat 42, update 77\n",
		"+1000 ms  step    1.2 call create_task, user 1\n",
		"+1000 ms  audit   create_task task 5 (done), user 1\n",
		"+1500 ms  log     tool_call create_task failed, TIMEOUT, 12 ms, user 1\n",
		"+1750 ms  outbox  reply send put: id 1, part 0",
		"+2000 ms  outbox  sent: id 1, message_id 901, attempts 2, 2000 ms after",
		"+2500 ms  update  done, 2500 ms after",
	};
	struct scene s;
	const char *at;

	ERR(scene_open(t, &s));
	ERR(fixture_sql(&s.f, story));
	EXPECT(&s, cli_trace, "trace " TRACE_A, 0, "trace " TRACE_A "\n", "");
	at = s.out;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		at = strstr(at, lines[i]);
		if (!at)
			return err_new(ERR_INTERNAL, "\"%s\" is not there, or too early: %s", lines[i],
				       s.out);
	}
	CHECK(!strstr(s.out, SECRET) && !strstr(s.out, TRACE_B));
	EXPECT(&s, cli_trace, "trace 0123456789ABC", 0, "trace " TRACE_A "\n", "");
	EXPECT(&s, cli_trace, "trace 01234567", 1, "", "\"01234567\" is ambiguous");
	CHECK(strstr(s.err, TRACE_A) && strstr(s.err, TRACE_B));
	EXPECT(&s, cli_trace, "trace 01234567f", 0, "waits in lane talk as message, seq 1, attempts 3\n", "");
	EXPECT(&s, cli_trace, "trace deadbeef", 1, "", "lembra: nothing is known of trace \"deadbeef\"");
	EXPECT(&s, cli_trace, "trace 0123456", 1, "", "is no trace id");
	EXPECT(&s, cli_trace, "trace 01234567%", 1, "", "is no trace id");
	return NULL;
}

/* A terminal on standard input on which these keys are typed. */
static NODISCARD err_t *type(const char *keys)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave;

	if (master < 0 || grantpt(master) || unlockpt(master))
		return err_new(ERR_INTERNAL, "no terminal");
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	if (slave < 0 || write(master, keys, strlen(keys)) < 0)
		return err_new(ERR_INTERNAL, "no terminal");
	dup2(slave, STDIN_FILENO);
	clearerr(stdin);
	return NULL;
}

TEST(users)
{
	const char *code, *canon, *hash, *receipt;
	struct scene s;
	int64_t left;

	ERR(scene_open(t, &s));
	EXPECT(&s, cli_user, "user invite", 0, "role     user\n", "");
	code = mem_textn(t->pool, s.out + strlen("code     "), strcspn(s.out + strlen("code     "), "\n"));
	canon = crypt_code_canon(t->pool, code);
	CHECK(canon);
	ERR(fixture_text(&s.f, "SELECT hash FROM pairing_codes WHERE role = 'user' AND kind = 'invite'",
			 &hash));
	CHECK_TEXT(hash, crypt_hash_hex(t->pool, canon, strlen(canon)));
	EXPECT(&s, cli_user, "user invite owner", 0, "role     owner\n", "");

	ERR(fixture_sql(&s.f,
			"SELECT person_add('owner', 41, 9, 'Ana Secreta', 'x', 'en', '2026-11-21 10:00Z'), "
			"person_add('user', 42, 9, 'Bia Secreta', 'x', 'pt-BR', '2026-11-21 11:00Z')"));
	EXPECT(&s, cli_user, "user list", 0,
	       "1      owner  en     America/Sao_Paulo        2026-11-21T10:00:00Z 41\n", "");
	CHECK(strstr(s.out, "2      user   pt-BR  America/Sao_Paulo        2026-11-21T11:00:00Z 42\n"));
	CHECK(!strstr(s.out, "Secreta"));
	EXPECT(&s, cli_user, "user role 2 admin", 0, "person 2 is now admin\n", "");
	EXPECT(&s, cli_user, "user role 1 user", 1, "", "lembra: person 1 is the last owner");
	EXPECT(&s, cli_user, "user role 99 user", 1, "", "lembra: no person has the id 99");
	EXPECT(&s, cli_user, "user remove 1 --yes", 1, "", "lembra: person 1 is the last owner");
	EXPECT(&s, cli_user, "user remove 99 --yes", 1, "", "lembra: no person has the id 99");
	EXPECT(&s, cli_user, "user remove 2 --yes", 0, "erased person 2: ", "");
	receipt = strstr(s.out, "receipt ") + strlen("receipt ");
	ERR(fixture_int(&s.f,
			mem_fmt(t->pool, "SELECT count(*) FROM erasure_receipts WHERE receipt = '%.32s'",
				receipt),
			&left));
	CHECK_INT(left, 1);
	ERR(fixture_int(&s.f, "SELECT count(*) FROM users WHERE user_id = 2", &left));
	CHECK_INT(left, 0);
	return NULL;
}

TEST(removal_is_confirmed)
{
	struct scene s;
	int64_t left;

	ERR(scene_open(t, &s));
	ERR(fixture_sql(&s.f, "SELECT person_add('user', 41, 9, 'x', 'x', 'en', now())"));
	dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
	EXPECT(&s, cli_user, "user remove 1", 2, "", "add --yes");
	ERR(type("yes\n"));
	EXPECT(&s, cli_user, "user remove 1", 1, "Type the id to go on", "lembra: nothing was erased");
	ERR(type("11\n"));
	EXPECT(&s, cli_user, "user remove 1", 1, "", "lembra: nothing was erased");
	ERR(fixture_int(&s.f, "SELECT count(*) FROM users", &left));
	CHECK_INT(left, 1);
	ERR(type("1\n"));
	EXPECT(&s, cli_user, "user remove 1", 0, "erased person 1", "");
	return NULL;
}

TEST(export)
{
	const char *path = mem_fmt(t->pool, "/tmp/lembra-export-%s.json", crypt_random_hex(t->pool, 8)),
		   *text;
	struct stat file = { 0 };
	struct json *j;
	struct scene s;
	int64_t id;
	FILE *in;

	ERR(scene_open(t, &s));
	ERR(fixture_sql(
		&s.f,
		"SELECT person_add('owner', 41, 9, 'Ana \"A\"', 'x', 'en', now()), person_add('user', 42, 9, 'Bia', 'x', 'en', now());"
		"INSERT INTO notes (user_id, id, text, created_at, updated_at) VALUES (1, 1, 'first', now(), now()), (1, 2, 'second', now(), now()),"
		" (2, 1, '" SECRET "', now(), now())"));
	EXPECT(&s, cli_export, "export 1", 0, "", "");
	ERR(json_read(t->pool, s.out, strlen(s.out), &j));
	CHECK_TEXT(json_text(j, "program"), "lembra " LEMBRA_VERSION);
	CHECK(json_int(j, "user_id", &id) && id == 1);
	CHECK_TEXT(json_text(j, "parts.profiles.0.name"), "Ana \"A\"");
	CHECK_INT(json_len(json_at(j, "parts.notes")), 2);
	CHECK_TEXT(json_text(j, "parts.notes.1.text"), "second");
	CHECK_INT(json_len(json_at(j, "parts.directory")), 1);
	CHECK_INT(json_len(json_at(j, "parts.users")), 1);
	CHECK(json_is_array(json_at(j, "parts.tasks")) && !json_len(json_at(j, "parts.tasks")));
	CHECK(!strstr(s.out, SECRET) && !strstr(s.out, "Bia"));

	umask(0);
	EXPECT(&s, cli_export, mem_fmt(t->pool, "export 2 --out %s", path), 0, "", "");
	CHECK_TEXT(s.out, "");
	CHECK(stat(path, &file) == 0);
	CHECK_INT(file.st_mode & 0777, 0600);
	in = fopen(path, "r");
	CHECK(in);
	text = file_text(t, in);
	ERR(json_read(t->pool, text, strlen(text), &j));
	CHECK_TEXT(json_text(j, "parts.notes.0.text"), SECRET);
	EXPECT(&s, cli_export, mem_fmt(t->pool, "export 2 --out %s", path), 1, "", "File exists");
	unlink(path);
	EXPECT(&s, cli_export, mem_fmt(t->pool, "export 99 --out %s", path), 1, "",
	       "lembra: no person has the id 99");
	CHECK(stat(path, &file) != 0);
	return NULL;
}

static NODISCARD err_t *telegram_open(struct scene *s, const char *a, const char *b)
{
	const char *pairs[5] = { 0 };
	struct standin *bot;

	ERR(standin_start(s->t, &bot));
	pairs[0] = mem_fmt(s->t->pool, "TELEGRAM_API_BASE=%s", bot->base);
	pairs[1] = mem_fmt(s->t->pool, "TELEGRAM_BOT_TOKEN=%s", bot->token);
	pairs[2] = a;
	pairs[3] = b;
	return fixture_config(&s->f, pairs, &s->config);
}

TEST(webhook)
{
	struct scene s;

	ERR(scene_open(t, &s));
	EXPECT(&s, cli_webhook, "webhook info", 1, "", "lembra: TELEGRAM_BOT_TOKEN is not set\n");
	ERR(telegram_open(&s, NULL, NULL));
	EXPECT(&s, cli_webhook, "webhook set", 1, "", "lembra: TELEGRAM_WEBHOOK_SECRET is not set\n");
	s.config->telegram_webhook_secret = SECRET;
	EXPECT(&s, cli_webhook, "webhook set", 1, "", "lembra: PUBLIC_URL is not set: give a URL\n");
	EXPECT(&s, cli_webhook, "webhook set https://other.example.org/x", 0,
	       "posts to https://other.example.org/x\n", "");
	EXPECT(&s, cli_webhook, "webhook info", 0, "\"url\":\"https://other.example.org/x\"", "");
	EXPECT(&s, cli_webhook, "webhook delete", 0, "no webhook any more\n", "");
	EXPECT(&s, cli_webhook, "webhook info", 0, "\"url\":\"\"", "");
	s.config->telegram_bot_token = "5:wrong-" SECRET;
	EXPECT(&s, cli_webhook, "webhook info", 1, "", "lembra: Telegram refused (unauthorized)");
	CHECK(!strstr(s.err, SECRET));
	return NULL;
}

TEST(doctor_finds_nothing)
{
	static const char *const lines[] = {
		"ok   database  owner: reached as ",
		"ok   database  app: reached as ",
		"ok   database  queue: reached as ",
		"ok   schema    all ",
		"ok   roles     app: ",
		"ok   roles     queue: ",
		"ok   rows      row security holds",
		"ok   clock ",
		"ok   people    1 known",
		"ok   queue     0 updates",
		"skip redis ",
		"ok   token     the bot is @",
		"ok   webhook   https://lembra.example.org/webhook/telegram; 0 ",
		"skip google ",
		"ok   model     gemini: gemini-3.8-flash answered in ",
		"ok   model     rules",
		NULL,
	};
	struct llm_standin *llm;
	struct scene s;

	ERR(scene_open(t, &s));
	ERR(telegram_open(&s, "PUBLIC_URL=https://lembra.example.org", "TELEGRAM_WEBHOOK_SECRET=" SECRET));
	ERR(llm_standin_start(t, &llm));
	ERR(llm_standin_key(llm, SECRET));
	s.config->gemini_api_base = llm->base;
	s.config->gemini_api_key = SECRET;
	s.config->providers[0] = PROVIDER_GEMINI;
	s.config->providers[1] = PROVIDER_RULES;
	s.config->providers_n = 2;
	ERR(fixture_sql(&s.f, "SELECT person_add('owner', 41, 9, 'Ana', 'x', 'en', now())"));
	EXPECT(&s, cli_webhook, "webhook set", 0, "", "");
	EXPECT(&s, cli_doctor, "doctor --live", 0, "", "");
	for (const char *const *line = lines; *line; line++)
		ERR(said(&s, 0, *line, ""));
	CHECK(!strstr(s.out, SECRET) && !strstr(s.out, s.config->telegram_bot_token));
	return NULL;
}

TEST(doctor_says_what_is_wrong_with_a_model)
{
	struct llm_standin *llm;
	struct scene s;

	ERR(scene_open(t, &s));
	ERR(llm_standin_start(t, &llm));
	ERR(llm_standin_key(llm, SECRET));
	s.config->providers[0] = PROVIDER_GEMINI;
	s.config->providers_n = 1;
	s.config->gemini_api_base = llm->base;
	s.config->gemini_api_key = "another-" SECRET;
	EXPECT(&s, cli_doctor, "doctor", 0, "skip model     gemini: configured; --live asks it something",
	       "");
	EXPECT(&s, cli_doctor, "doctor --live", 1,
	       "FAIL model     gemini answered 401 API_KEY_INVALID: the key", "");
	CHECK(!strstr(s.out, SECRET));
	s.config->gemini_api_key = SECRET;
	s.config->gemini_model = "other-1";
	EXPECT(&s, cli_doctor, "doctor --live", 1,
	       "FAIL model     gemini has no model \"other-1\": choose a model", "");
	s.config->gemini_model = "gemini-3.8-flash";
	s.config->llm_timeout_s = 1;
	ERR(llm_standin_script(llm, "{\"steps\":[{\"fault\":\"timeout\"}]}"));
	EXPECT(&s, cli_doctor, "doctor --live", 1,
	       "FAIL model     gemini: no answer in time: no answer in time:", "");
	s.config->gemini_api_base = "http://127.0.0.1:1";
	EXPECT(&s, cli_doctor, "doctor --live", 1, "_API_BASE right and reachable?", "");
	return NULL;
}

TEST(doctor_of_the_database)
{
	struct scene s;
	const char *app;

	ERR(scene_open(t, &s));
	EXPECT(&s, cli_doctor, "doctor", 0, "warn people    no owner has come by Telegram yet", "");
	ERR(said(&s, 0, "warn token     TELEGRAM_BOT_TOKEN is not set", ""));
	ERR(fixture_sql(
		&s.f,
		"INSERT INTO updates VALUES (9, 1, 42, 'message', NULL, '" TRACE_A
		"', 'dead', now(), now(), 'INTERNAL'),"
		"(9, 2, 42, 'message', NULL, '" TRACE_B "', 'queued', now() - interval '10 min', NULL, NULL);"
		"INSERT INTO queue (bot_id, chat_id, lane, update_id, kind) VALUES (9, 42, 0, 2, 'message')"));
	EXPECT(&s, cli_doctor, "doctor", 0, "warn queue     1 dead letters", "");
	ERR(said(
		&s, 0,
		"warn queue     1 updates wait for more than 5 min: is a worker running? `lembra trace 01234567`",
		""));

	app = s.config->database_app_url;
	s.config->database_app_url = s.f.owner_url;
	EXPECT(&s, cli_doctor, "doctor", 1, "FAIL roles     app: ", "");
	ERR(said(&s, 1, " owns the database or its tables: let DATABASE_APP_URL name", ""));
	s.config->database_app_url = getenv("TEST_DATABASE_URL");
	EXPECT(&s, cli_doctor, "doctor", 1, " is a superuser: let DATABASE_APP_URL name", "");
	s.config->database_app_url = s.f.queue_url;
	EXPECT(&s, cli_doctor, "doctor", 1, "FAIL roles     app and queue are the same role", "");
	s.config->database_app_url = "postgresql://u:" SECRET "@x/y@127.0.0.1:1/db";
	EXPECT(&s, cli_doctor, "doctor", 1, "FAIL database  app: ", "");
	CHECK(!strstr(s.out, SECRET));
	s.config->database_app_url = app;

	ERR(fixture_sql(
		&s.f,
		"INSERT INTO users (role, created_at) VALUES ('user', now()); ALTER TABLE users DISABLE ROW LEVEL SECURITY"));
	EXPECT(&s, cli_doctor, "doctor", 1, "FAIL rows      1 people are seen by nobody", "");
	ERR(fixture_sql(
		&s.f,
		"ALTER TABLE users ENABLE ROW LEVEL SECURITY; ALTER TABLE notes DISABLE ROW LEVEL SECURITY"));
	EXPECT(&s, cli_doctor, "doctor", 1, "FAIL rows      row security does not hold on notes: ", "");
	ERR(fixture_sql(
		&s.f,
		"ALTER TABLE notes ENABLE ROW LEVEL SECURITY; DELETE FROM schema_migrations WHERE number = 1"));
	EXPECT(&s, cli_doctor, "doctor", 1, "FAIL schema    not current: run `lembra migrate`", "");
	ERR(said(&s, 1, "\n1 check failed\n", ""));
	return NULL;
}

TEST(doctor_of_telegram)
{
	struct scene s;

	ERR(scene_open(t, &s));
	ERR(telegram_open(&s, NULL, NULL));
	EXPECT(&s, cli_doctor, "doctor", 0, "ok   webhook   none, as polling needs it", "");
	s.config->telegram_webhook_secret = SECRET;
	EXPECT(&s, cli_webhook, "webhook set https://other.example.org/path-is-a-secret", 0, "", "");
	EXPECT(&s, cli_doctor, "doctor", 1,
	       "FAIL webhook   polling is chosen, but a webhook is set (https://other.example.org/...)", "");
	CHECK(!strstr(s.out, "path-is-a-secret"));
	s.config->public_url = "https://lembra.example.org";
	EXPECT(&s, cli_doctor, "doctor", 1,
	       "FAIL webhook   set at https://other.example.org/..., not at https://lembra.example.org/webhook/telegram: `lembra webhook set`",
	       "");
	EXPECT(&s, cli_webhook, "webhook delete", 0, "", "");
	EXPECT(&s, cli_doctor, "doctor", 1,
	       "FAIL webhook   not set, not at https://lembra.example.org/webhook/telegram", "");
	s.config->telegram_bot_token = "5:wrong-" SECRET;
	EXPECT(&s, cli_doctor, "doctor", 1, "FAIL token     Telegram says unauthorized", "");
	CHECK(!strstr(s.out, SECRET));
	s.config->telegram_api_base = "http://127.0.0.1:1";
	EXPECT(&s, cli_doctor, "doctor", 1, "FAIL token ", "");
	CHECK(!strstr(s.out, SECRET));
	return NULL;
}

/* A Redis that answers these words to each of n commands; its port. */
static NODISCARD err_t *redis_start(int n, const char *const *answers, int *ret_port)
{
	struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof here;
	int fd = socket(AF_INET, SOCK_STREAM, 0), peer;
	char asked[256];

	if (bind(fd, (struct sockaddr *)&here, size) || listen(fd, 1) ||
	    getsockname(fd, (struct sockaddr *)&here, &size))
		return err_new(ERR_INTERNAL, "no port");
	if (fork() == 0) {
		peer = accept(fd, NULL, NULL);
		for (int i = 0; i < n && read(peer, asked, sizeof asked) > 0; i++)
			if (write(peer, answers[i], strlen(answers[i])) < 0)
				break;
		_exit(0);
	}
	close(fd);
	*ret_port = ntohs(here.sin_port);
	return NULL;
}

TEST(doctor_of_the_rest)
{
	static const char *const fine[] = { "+OK\r\n", "+PONG\r\n" }, *const closed[] = {
		"-WRONGPASS no\r\n"
	};
	const char *clock = mem_fmt(t->pool, "/tmp/lembra-clock-%s", crypt_random_hex(t->pool, 8));
	struct scene s;
	FILE *file;
	int port;

	ERR(scene_open(t, &s));
	ERR(redis_start(2, fine, &port));
	s.config->redis_url = mem_fmt(t->pool, "redis://:" SECRET "@127.0.0.1:%d/0", port);
	EXPECT(&s, cli_doctor, "doctor", 0, "ok   redis ", "");
	EXPECT(&s, cli_doctor, "doctor", 0, "warn redis     127.0.0.1:", ""); /* it is gone */
	ERR(redis_start(1, closed, &port));
	s.config->redis_url = mem_fmt(t->pool, "redis://u:" SECRET "@127.0.0.1:%d/0", port);
	EXPECT(&s, cli_doctor, "doctor", 0, "does not answer PING (-WRONGPASS no)", "");
	CHECK(!strstr(s.out, SECRET));
	s.config->google_client_id = "id";
	s.config->public_url = "https://lembra.example.org";
	EXPECT(&s, cli_doctor, "doctor", 1, "FAIL google    DATA_ENCRYPTION_KEY is missing", "");
	s.config->data_encryption_key = "k1:" SECRET;
	s.config->redis_url = "";
	EXPECT(&s, cli_doctor, "doctor", 0, "ok   google ", "");
	CHECK(!strstr(s.out, SECRET));

	file = fopen(clock, "w");
	CHECK(file);
	fputs("2031-05-06T07:08:09Z 0\n", file);
	fclose(file);
	s.config->test_clock_file = clock;
	run(&s, cli_doctor, "doctor");
	unlink(clock);
	return said(&s, 0,
		    "warn clock     a test clock is in force: Lembra believes it is 2031-05-06T07:08:09Z\n",
		    "");
}
