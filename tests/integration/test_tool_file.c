#include "tests/integration/google_scene.h"
#include "tests/integration/sample.h"

#include <string.h>

SAMPLE(files_seen, "WITH a AS (INSERT INTO google_accounts (sub, email, scopes, bot_id, chat_id, refresh) VALUES "
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
