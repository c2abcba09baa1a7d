#include "tests/integration/google_scene.h"
#include "tests/integration/sample.h"

#include <string.h>

SAMPLE(files_seen,
       "WITH a AS (INSERT INTO google_accounts (sub, email, scopes, bot_id, chat_id, refresh) VALUES "
       "('files', 'f@example.org', '', 1, 1, 'k1:x') RETURNING id) "
       "INSERT INTO files_seen (account_id, file, name, type) SELECT id, 'F', '%s', 'text/plain' FROM a")

static err_t *unconnected(struct scene *s)
{
	ERR(tool_scene_say(s, "/arquivos contrato"));
	CHECK_DATA(s, "refused", "not_connected");
	CHECK_SAID(s, "procurar e ler arquivos");
	CHECK(tool_scene_has(s, "t:connect_google:for=drive_read"));
	ERR(tool_scene_call(s, "save_file", "{\"what\":\"notes\"}"));
	CHECK(tool_scene_has(s, "t:connect_google:for=drive_save"));
	return NULL;
}

TEST(without_an_account_it_says_what_is_needed_and_why)
{
	return google_scene_run(t, 0, unconnected);
}

static err_t *control(const char *path, const char *body)
{
	struct json *reply;

	return google_standin_control(google_scene(), path, body, &reply);
}

/* Files that are neither in the bin nor gone, of that name. */
static err_t *files_named(const char *name, int expected)
{
	struct json *files;
	int n = 0;

	ERR(google_standin_control(google_scene(), "files", NULL, &files));
	for (size_t i = 0; i < json_len(files); i++) {
		struct json *f = json_item(files, i);

		n += !json_true(f, "trashed") && !json_true(f, "gone") && strstr(json_text(f, "name"), name);
	}
	CHECK_INT(n, expected);
	return NULL;
}

static err_t *found(struct scene *s)
{
	ERR(control("file",
		    "{\"name\":\"Contrato da Ana.txt\",\"text\":\"O aluguel é de R$ 900 até 10/12.\"}"));
	ERR(control("file",
		    "{\"name\":\"Contrato antigo\",\"mimeType\":\"application/vnd.google-apps.document\","
		    "\"text\":\"Linha um\",\"shared\":true}"));
	ERR(control("file", "{\"name\":\"Foto.png\",\"mimeType\":\"image/png\",\"size\":1000}"));
	ERR(control("file", "{\"name\":\"Jogado fora contrato\",\"text\":\"x\",\"trashed\":true}"));
	ERR(tool_scene_say(s, "/arquivos contrato"));
	CHECK_SAID(s, "Contrato da Ana.txt");
	CHECK_SAID(s, "Contrato antigo");
	CHECK_SAID(s, "documento");
	CHECK_UNSAID(s, "Foto");
	CHECK_UNSAID(s, "Jogado");
	CHECK(tool_scene_has(s, "t:read_file:1") && tool_scene_has(s, "t:read_file:2"));
	/* Without a model: the text itself, in short; and never for one that acts. */
	ERR(tool_scene_call(s, "read_file", "{\"query\":\"contrato ana\"}"));
	CHECK_SAID(s, "900 até");
	CHECK_SAID(s, "Do Drive de ana@example.org");
	CHECK(s->last.outside && !strstr(tool_scene_model(s, "read_file"), "900"));
	CHECK(strstr(s->last.said, "Contrato da Ana.txt") && !strstr(s->last.said, "900"));
	ERR(tool_scene_call(s, "read_file", "{\"query\":\"antigo\"}"));
	CHECK_SAID(s, "Linha um");
	ERR(tool_scene_call(s, "read_file", "{\"query\":\"foto\"}"));
	CHECK_DATA(s, "refused", "unreadable");
	ERR(tool_scene_call(s, "read_file", "{\"id\":99}"));
	CHECK_DATA(s, "refused", "not_found");
	ERR(tool_scene_say(s, "/arquivos nadinha"));
	CHECK_SAID(s, "Não achei nada");
	/* Somebody else's numbers open nothing. */
	s->req->user_id = s->bia;
	ERR(tool_scene_call(s, "read_file", "{\"id\":1}"));
	CHECK_DATA(s, "refused", "not_found");
	return NULL;
}

TEST(files_are_found_and_read)
{
	return google_scene_run(t, 1U << GOOGLE_DRIVE_READ, found);
}

static err_t *trouble(struct scene *s)
{
	ERR(control("file", "{\"name\":\"Longo.txt\",\"size\":9000000}"));
	ERR(tool_scene_call(s, "read_file", "{\"query\":\"longo\"}"));
	CHECK_DATA(s, "refused", "too_long");
	ERR(google_standin_fault(google_scene(), "drive.list", "503", 0));
	ERR(tool_scene_say(s, "/arquivos x"));
	CHECK_DATA(s, "refused", "google_down");
	ERR(control("faults_clear", NULL));
	ERR(google_standin_fault(google_scene(), "drive.list", "403:accessNotConfigured", 0));
	ERR(tool_scene_say(s, "/arquivos x"));
	CHECK_DATA(s, "refused", "not_allowed");
	CHECK_SAID(s, "console do Google");
	ERR(control("faults_clear", NULL));
	ERR(google_standin_fault(google_scene(), "drive.list", "garbage", 0));
	ERR(tool_scene_say(s, "/arquivos x"));
	CHECK_DATA(s, "refused", "google_down");
	ERR(control("faults_clear", NULL));
	ERR(google_standin_fault(google_scene(), "drive.list", "huge", 0));
	ERR(tool_scene_say(s, "/arquivos x"));
	CHECK_DATA(s, "refused", "google_down");
	return NULL;
}

TEST(what_goes_wrong_at_drive_is_said_plainly)
{
	return google_scene_run(t, 1U << GOOGLE_DRIVE_READ, trouble);
}

static err_t *saved(struct scene *s)
{
	ERR(tool_scene_call(s, "save_note", "{\"title\":\"Lista de compras\",\"text\":\"leite\\npão\"}"));
	ERR(tool_scene_call(s, "save_file", "{\"title\":\"a nota lista de compras\"}"));
	CHECK_SAID(s, "Salvei no Drive");
	CHECK_DATA(s, "name", "Lista de compras.md");
	ERR(files_named("Lista de compras.md", 1));
	ERR(tool_scene_press(s, "u:"));
	CHECK_SAID(s, "lixeira");
	ERR(files_named("Lista de compras.md", 0));
	ERR(tool_scene_call(s, "create_task", "{\"title\":\"=SOMA(1)\"}"));
	ERR(tool_scene_call(s, "save_file", "{\"title\":\"minhas tarefas\"}"));
	ERR(files_named("Tarefas da Lembra.csv", 1));
	ERR(tool_scene_call(s, "save_file", "{\"text\":\"Olá\",\"title\":\"Oi\"}"));
	ERR(files_named("Oi.md", 1));
	ERR(tool_scene_call(s, "save_file", "{\"title\":\"coisa que não há\"}"));
	CHECK_DATA(s, "refused", "not_found");
	ERR(tool_scene_call(s, "save_file", "{}"));
	CHECK_DATA(s, "refused", "empty");
	return NULL;
}

TEST(what_is_kept_here_is_saved_there_and_taken_back)
{
	return google_scene_run(t, 1U << GOOGLE_DRIVE_SAVE, saved);
}

static err_t *lost(struct scene *s)
{
	static const char *const faults[] = {
		"after", "drop", "500", "503", "cut", "garbage", "429:rateLimitExceeded"
	};

	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		const char *name = mem_fmt(s->pool, "Perdido %d", (int)i);

		ERR(google_standin_fault(google_scene(), "drive.upload", faults[i], 1));
		ERR(tool_scene_call(s, "save_file",
				    mem_fmt(s->pool, "{\"title\":\"%s\",\"text\":\"x\"}", name)));
		CHECK_SAID(s, "Salvei no Drive");
		ERR(err_wrap(files_named(name, 1), "%s", faults[i]));
	}
	ERR(google_standin_fault(google_scene(), "drive.upload", "403:storageQuotaExceeded", 1));
	ERR(tool_scene_call(s, "save_file", "{\"title\":\"Cheio\",\"text\":\"x\"}"));
	CHECK_SAID(s, "Nada mudou");
	ERR(files_named("Cheio", 0));
	return NULL;
}

TEST(a_file_is_saved_once_whatever_is_lost_on_the_way)
{
	return google_scene_run(t, 1U << GOOGLE_DRIVE_SAVE, lost);
}

static err_t *unaccounted(struct scene *s)
{
	struct button undo;

	ERR(tool_scene_call(s, "save_file", "{\"title\":\"Fica\",\"text\":\"x\"}"));
	undo = s->last.buttons[s->last.buttons_n - 1];
	ERR(tool_scene_say(s, "/conectar"));
	ERR(tool_scene_press(s, "t:disconnect_google:1"));
	ERR(tool_scene_answer(s, true));
	CHECK_SAID(s, "Desconectei");
	s->last.buttons = &undo;
	s->last.buttons_n = 1;
	ERR(tool_scene_press(s, "u:"));
	CHECK_DATA(s, "refused", "refused");
	CHECK_COUNT(s, "SELECT count(*) FROM operations WHERE settled_at IS NULL", 0);
	CHECK_COUNT(s, "SELECT count(*) FROM undo_log WHERE undone_at IS NOT NULL", 0);
	ERR(files_named("Fica", 1));
	return NULL;
}

/* Nothing leaves without an account: that is known, and no sweep goes on for days. */
TEST(an_undo_whose_account_is_gone_says_so)
{
	return google_scene_run(t, 1U << GOOGLE_DRIVE_SAVE, unaccounted);
}

static err_t *large(struct scene *s)
{
	ERR(control(
		"file",
		"{\"name\":\"Tese\",\"mimeType\":\"application/vnd.google-apps.document\",\"text\":\"x\"}"));
	ERR(google_standin_fault(google_scene(), "drive.export", "huge", 1));
	ERR(tool_scene_call(s, "read_file", "{\"query\":\"tese\"}"));
	CHECK_DATA(s, "refused", "too_long");
	CHECK_SAID(s, "Tese");
	ERR(google_standin_fault(google_scene(), "drive.export", "403:exportSizeLimitExceeded", 1));
	ERR(tool_scene_call(s, "read_file", "{\"query\":\"tese\"}"));
	CHECK_DATA(s, "refused", "too_long");
	return NULL;
}

/* Of a document that is only exported nobody knows the size before. */
TEST(a_document_that_is_too_large_is_called_that)
{
	return google_scene_run(t, 1U << GOOGLE_DRIVE_READ, large);
}
