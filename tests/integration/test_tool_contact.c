#include "core/text.h"
#include "tests/integration/sample.h"
#include "tests/integration/tool_scene.h"
#include "tools/contact/contact_view.h"

#include <string.h>

SAMPLE(contacts, "INSERT INTO contacts (name) VALUES ('%s')")

/* The scene's clock shows 2026-11-18 16:20 in São Paulo, a Wednesday. */

static const struct {
	const char *line, *name, *company, *email, *phone, *category, *notes;
} lines[] = {
	{ "Ana Souza, da empresa Acme, ana@acme.com, 11 98765-4321, cliente", "Ana Souza", "Acme",
	  "ana@acme.com", "11 98765-4321", "client", "" },
	{ "João da padaria", "João da padaria", "", NULL, NULL, NULL, "" },
	{ "Bruno +55 (11) 98765-4321", "Bruno", "", NULL, "+55 (11) 98765-4321", NULL, "" },
	{ "Marta 555-000-1111 client", "Marta", "", NULL, "555-000-1111", "client", "" },
	{ "Paul Mendes company Big Co, paul@x.com likes tea", "Paul Mendes", "Big Co", "paul@x.com", NULL,
	  NULL, "likes tea" },
	{ "Dra. Lúcia telefone 1133334444 obs: só de manhã", "Dra. Lúcia", "", NULL, "1133334444", NULL,
	  "só de manhã" },
};

TEST(a_line_says_who_it_is)
{
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct contact c = contact_words(t->pool, lines[i].line);

		CHECK_TEXT(c.name, lines[i].name);
		CHECK_TEXT(c.company, lines[i].company);
		CHECK(text_same(c.email, lines[i].email));
		CHECK(text_same(c.phone, lines[i].phone));
		CHECK(text_same(c.category, lines[i].category));
		CHECK_TEXT(c.notes, lines[i].notes);
	}
	CHECK_TEXT(contact_query(t->pool, "John's phone number?"), "John");
	CHECK_TEXT(contact_query(t->pool, "o telefone da Ana"), "Ana");
	return NULL;
}

static err_t *play_save(struct scene *s)
{
	ERR(tool_scene_say(s, "/contato"));
	CHECK_SAID(s, "Você ainda não guardou contatos");
	ERR(tool_scene_say(s, "/contato Ânia <Souza>, empresa Acme, ania@acme.com, 11 98765-4321, cliente"));
	CHECK_INT(s->last.kind, OUTCOME_DONE);
	CHECK_SAID(s, "👤 <b>Ânia &lt;Souza&gt;</b> · cliente\n🏢 Acme\n📱 11 98765-4321\n📧 ania@acme.com");
	ERR(tool_scene_say(s, "/contato ania"));
	CHECK_INT(s->last.kind, OUTCOME_SAY);
	CHECK_SAID(s, "📱 11 98765-4321");
	ERR(tool_scene_call(s, "find_contact", "{\"query\":\"telefone da ÂNIA\"}"));
	CHECK_SAID(s, "📧 ania@acme.com");
	ERR(tool_scene_call(s, "find_contact", "{\"query\":\"acme\"}"));
	CHECK_SAID(s, "Ânia");
	ERR(tool_scene_call(s, "find_contact", "{\"query\":\"Zeca\"}"));
	CHECK_SAID(s, "Não achei nenhum contato com “Zeca”");
	ERR(tool_scene_say(s, "/contato Bruno"));
	CHECK_SAID(s, "Contato guardado");
	ERR(tool_scene_press(s, "u:"));
	CHECK_COUNT(s, "SELECT count(*) FROM contacts", 1);
	s->req->lang = LANG_EN;
	ERR(tool_scene_say(s, "/contact Bob 555-123-4567"));
	CHECK_SAID(s, "Contact saved");
	ERR(tool_scene_say(s, "/contact"));
	CHECK_SAID(s, "<b>2 contacts</b>, follow-ups first");
	return NULL;
}

TEST(a_contact_is_kept_and_found)
{
	return tool_scene_run(t, play_save);
}

static err_t *play_same(struct scene *s)
{
	ERR(tool_scene_call(s, "save_contact", "{\"name\":\"Ana\",\"phone\":\"11 1111-1111\"}"));
	ERR(tool_scene_call(s, "save_contact", "{\"name\":\"ANA\",\"email\":\"ana@x.com\"}"));
	CHECK(s->last.card);
	CHECK_SAID(s, "É a mesma pessoa?");
	CHECK_COUNT(s, "SELECT count(*) FROM contacts", 1);
	ERR(tool_scene_answer(s, true));
	CHECK_COUNT(s, "SELECT count(*) FROM contacts WHERE phone = '11 1111-1111' AND email = 'ana@x.com'",
		    1);
	ERR(tool_scene_call(s, "save_contact", "{\"name\":\"Ana\",\"phone\":\"11 2222-2222\"}"));
	ERR(tool_scene_answer(s, false));
	CHECK_INT(s->last.kind, OUTCOME_DONE);
	CHECK_COUNT(s, "SELECT count(*) FROM contacts WHERE name = 'Ana'", 2);
	/* Now two match: a button each. */
	ERR(tool_scene_call(s, "update_contact", "{\"name\":\"ana\",\"last_interaction\":\"2026-11-17\"}"));
	CHECK_SAID(s, "Qual deles?");
	ERR(tool_scene_answer(s, true));
	CHECK_COUNT(s, "SELECT count(*) FROM contacts WHERE last_interaction = '2026-11-17'", 1);
	ERR(tool_scene_call(s, "save_contact", "{\"name\":\"Ana\"}"));
	CHECK_INT(s->last.kind, OUTCOME_SAY);
	ERR(tool_scene_press(s, "t:save_contact:anyway=yes&name=Ana"));
	CHECK_COUNT(s, "SELECT count(*) FROM contacts", 3);
	return NULL;
}

TEST(a_second_of_the_same_name_is_asked_about)
{
	return tool_scene_run(t, play_same);
}

static err_t *play_update(struct scene *s)
{
	ERR(tool_scene_call(s, "save_contact", "{\"name\":\"Ana Souza\",\"category\":\"lead\"}"));
	ERR(tool_scene_press(s, "t:update_contact:id=1&last_interaction=2026-11-18"));
	CHECK_SAID(s, "🗣 última conversa: hoje (qua, 18/11)");
	ERR(tool_scene_press(s, "t:update_contact:id=1&next_follow_up=2026-11-25"));
	CHECK_SAID(s, "⏰ retomar: qua, 25/11");
	ERR(tool_scene_call(s, "update_contact",
			    "{\"name\":\"ana\",\"next_follow_up\":\"2026-11-19\",\"category\":\"client\"}"));
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM contacts WHERE next_follow_up = '2026-11-19' AND category = 'client'",
		1);
	ERR(tool_scene_press(s, "u:"));
	CHECK_COUNT(s,
		    "SELECT count(*) FROM contacts WHERE next_follow_up = '2026-11-25' AND category = 'lead'",
		    1);
	ERR(tool_scene_call(s, "save_contact", "{\"name\":\"Bruno\"}"));
	ERR(tool_scene_say(s, "/contato"));
	CHECK_SAID(s, "<b>1</b> · Ana Souza · ⏰ qua, 25/11\n<b>2</b> · Bruno");
	ERR(tool_scene_press(s, "t:find_contact:2"));
	CHECK_SAID(s, "Bruno");
	ERR(tool_scene_call(s, "update_contact",
			    "{\"id\":1,\"next_follow_up\":\"none\",\"new_name\":\"Ana S.\"}"));
	CHECK_COUNT(s, "SELECT count(*) FROM contacts WHERE name = 'Ana S.' AND next_follow_up IS NULL", 1);
	ERR(tool_scene_call(s, "update_contact", "{\"name\":\"Zeca\",\"phone\":\"11 3333-3333\"}"));
	CHECK_SAID(s, "Ainda não conheço “Zeca”");
	ERR(tool_scene_answer(s, true));
	CHECK_COUNT(s, "SELECT count(*) FROM contacts WHERE name = 'Zeca' AND phone = '11 3333-3333'", 1);
	return NULL;
}

TEST(a_contact_is_changed)
{
	return tool_scene_run(t, play_update);
}

static err_t *play_bad(struct scene *s)
{
	ERR(tool_scene_call(s, "save_contact", "{}"));
	CHECK_SAID(s, "Quem você quer guardar?");
	ERR(tool_scene_call(s, "save_contact", mem_fmt(s->pool, "{\"name\":\"%0201d\"}", 1)));
	CHECK_SAID(s, "O nome tem 201 caracteres");
	ERR(tool_scene_call(s, "update_contact", "{\"phone\":\"1\"}"));
	CHECK_SAID(s, "De quem?");
	CHECK_ERR(tool_scene_call(s, "save_contact", "{\"name\":\"a\",\"next_follow_up\":\"logo\"}"),
		  ERR_INVALID);
	CHECK_ERR(tool_scene_call(s, "save_contact", "{\"name\":\"a\",\"category\":\"foe\"}"), ERR_INVALID);
	CHECK_ERR(tool_scene_call(s, "save_contact", "{\"name\":\"a\",\"user_id\":2}"), ERR_INVALID);
	CHECK_COUNT(s, "SELECT count(*) FROM contacts", 0);
	ERR(tool_scene_call(s, "save_contact", "{\"name\":\"Segredo\"}"));
	s->req->user_id = s->bia;
	ERR(tool_scene_call(s, "find_contact", "{\"query\":\"segredo\"}"));
	CHECK_SAID(s, "Não achei nenhum contato");
	ERR(tool_scene_call(s, "find_contact", "{\"id\":1}"));
	CHECK_SAID(s, "Não achei o contato 1");
	ERR(tool_scene_call(s, "update_contact", "{\"id\":1,\"phone\":\"1\"}"));
	CHECK_SAID(s, "Não achei o contato 1");
	s->req->role = ROLE_GUEST;
	CHECK_ERR(tool_scene_call(s, "save_contact", "{\"name\":\"a\"}"), ERR_DENIED);
	CHECK_COUNT(s, "SELECT count(*) FROM contacts WHERE phone = ''", 1);
	return NULL;
}

TEST(bad_contacts_are_explained_or_refused)
{
	return tool_scene_run(t, play_bad);
}

static err_t *play_data(struct scene *s)
{
	ERR(tool_scene_call(
		s, "save_contact",
		"{\"name\":\"Ana Souza\",\"company\":\"Acme\",\"category\":\"lead\",\"next_follow_up\":\"2026-11-25\"}"));
	CHECK_TEXT(
		json_write(s->pool, s->last.data),
		"{\"contact\":{\"id\":1,\"name\":\"Ana Souza\",\"kind\":\"person\",\"company\":\"Acme\",\"category\":\"lead\","
		"\"next_follow_up\":\"2026-11-25\"}}");
	ERR(tool_scene_call(s, "update_contact", "{\"id\":1,\"phone\":\"11 3333-3333\"}"));
	CHECK_DATA(s, "contact.phone", "11 3333-3333");
	ERR(tool_scene_call(s, "update_contact", "{\"name\":\"ana\"}"));
	CHECK_DATA(s, "refused", "nothing_to_change");
	ERR(tool_scene_call(s, "update_contact", "{\"id\":7,\"phone\":\"1\"}"));
	CHECK_DATA(s, "refused", "not_found");
	ERR(tool_scene_call(s, "save_contact", "{\"name\":\"Ana Lima\",\"phone\":\"11 4444-4444\"}"));
	ERR(tool_scene_call(s, "find_contact", "{}"));
	CHECK_DATA_INT(s, "total", 2);
	CHECK_DATA_INT(s, "contacts.0.id", 1);
	CHECK_DATA(s, "contacts.1.name", "Ana Lima");
	ERR(tool_scene_call(s, "find_contact", "{\"query\":\"lima\"}"));
	CHECK_DATA_INT(s, "contacts.0.id", 2);
	ERR(tool_scene_call(s, "find_contact", "{\"query\":\"zeca\"}"));
	CHECK_TEXT(json_write(s->pool, s->last.data), "{\"total\":0,\"page\":1,\"contacts\":[]}");
	ERR(tool_scene_call(s, "find_contact", "{\"id\":9}"));
	CHECK_DATA(s, "refused", "not_found");
	ERR(tool_scene_call(s, "save_contact", "{\"name\":\"Ana\"}"));
	CHECK_DATA(s, "refused", "ambiguous");
	CHECK_DATA_INT(s, "candidates.0.id", 1);
	ERR(tool_scene_call(s, "save_contact", mem_fmt(s->pool, "{\"name\":\"%0201d\"}", 1)));
	CHECK_DATA(s, "refused", "too_long");
	return NULL;
}

TEST(contacts_are_told_as_data)
{
	return tool_scene_run(t, play_data);
}
