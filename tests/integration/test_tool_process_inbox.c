#include "tests/integration/tool_scene.h"
#include "tools/inbox/inbox_view.h"

#include <string.h>

/* The scene's clock shows 2026-11-18 16:20 in São Paulo, a Wednesday. */

static err_t *play_taps(struct scene *s)
{
	ERR(tool_scene_say(s, "/inbox comprar <leite> & pão"));
	ERR(tool_scene_press(s, "t:process_inbox:id=1&into=task"));
	CHECK_INT(s->last.kind, OUTCOME_DONE);
	CHECK_TEXT(s->last.html, "✅ Virou a tarefa 1: <b>comprar &lt;leite&gt; &amp; pão</b>");
	CHECK_COUNT(s,
		    "SELECT count(*) FROM tasks WHERE title = 'comprar <leite> & pão' AND description = ''",
		    1);
	CHECK_COUNT(s, "SELECT count(*) FROM inbox_items WHERE status = 'processed'", 1);
	ERR(tool_scene_press(s, "u:"));
	CHECK_TEXT(s->last.html, "Desfeito: o item voltou para a inbox como era.");
	CHECK_COUNT(s, "SELECT count(*) FROM tasks", 0);
	CHECK_COUNT(s, "SELECT count(*) FROM inbox_items WHERE status = 'new'", 1);
	ERR(tool_scene_say(s, "/inbox"));
	ERR(tool_scene_press(s, "t:process_inbox:id=1&into=note"));
	CHECK_SAID(s, "📝 Virou a nota 1");
	ERR(tool_scene_press(s, "t:list_inbox:page=1"));
	CHECK_SAID(s, "vazia");
	ERR(tool_scene_say(s, "/inbox jantar com a Bia amanhã às 20h"));
	ERR(tool_scene_say(s, "/inbox"));
	s->req->lang = LANG_EN;
	ERR(tool_scene_press(s, "t:process_inbox:id=2&into=archive"));
	CHECK_SAID(s, "🗄 Archived");
	ERR(tool_scene_call(s, "process_inbox", "{\"id\":2,\"into\":\"task\"}"));
	CHECK_SAID(s, "sorted that one already");
	CHECK_INT(s->last.kind, OUTCOME_SAY);
	return NULL;
}

TEST(one_tap_sorts_an_item)
{
	return tool_scene_run(t, play_taps);
}

static err_t *play_event(struct scene *s)
{
	ERR(tool_scene_say(s, "/inbox jantar com a Bia amanhã às 20h"));
	ERR(tool_scene_press(s, "t:process_inbox:id=1&into=event"));
	CHECK_SAID(s, "amanhã (qui, 19/11) às 20:00");
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM events WHERE start_wall = '2026-11-19 20:00' AND end_wall = '2026-11-19 21:00' "
		"AND start_at = '2026-11-19 23:00Z' AND zone = 'America/Sao_Paulo' AND NOT all_day",
		1);
	ERR(tool_scene_press(s, "u:"));
	CHECK_COUNT(s, "SELECT count(*) FROM events", 0);
	CHECK_COUNT(s, "SELECT count(*) FROM inbox_items WHERE status = 'new'", 1);
	ERR(tool_scene_say(s, "/inbox almoço com a equipe"));
	ERR(tool_scene_press(s, "t:process_inbox:id=2&into=event"));
	CHECK_INT(s->last.kind, OUTCOME_SAY);
	CHECK_SAID(s, "Quando é “almoço com a equipe”?");
	ERR(tool_scene_press(s, "t:process_inbox:id=2&into=event&start=2026-11-19T14:00:00"));
	CHECK_SAID(s, "às 14:00");
	ERR(tool_scene_say(s, "/inbox feriado"));
	ERR(tool_scene_call(s, "process_inbox", "{\"id\":3,\"into\":\"event\",\"start\":\"2026-12-25\"}"));
	CHECK_COUNT(s, "SELECT count(*) FROM events WHERE all_day AND end_wall = '2026-12-26'", 1);
	/* Yesterday's "tomorrow" is not ours. */
	ERR(tool_scene_say(s, "/inbox reunião amanhã às 9h"));
	ERR(fixture_sql(&s->f,
			"UPDATE inbox_items SET created_at = created_at - interval '2 days' WHERE id = 4"));
	ERR(tool_scene_call(s, "process_inbox", "{\"id\":4,\"into\":\"event\"}"));
	CHECK_SAID(s, "Quando é");
	return NULL;
}

TEST(an_item_becomes_an_event_when_its_time_is_known)
{
	return tool_scene_run(t, play_event);
}

static err_t *play_sort(struct scene *s)
{
	ERR(tool_scene_call(s, "process_inbox", "{}"));
	CHECK_SAID(s, "Sua inbox está vazia");
	ERR(tool_scene_say(s, "/inbox pagar o boleto do aluguel"));
	ERR(tool_scene_say(s, "/inbox uga"));
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM inbox_items WHERE suggested->>'category' = 'finance' AND category IS NULL",
		1);
	CHECK_COUNT(s, "SELECT count(*) FROM inbox_items WHERE suggested IS NULL", 1);
	ERR(tool_scene_say(s, "/inbox"));
	CHECK_SAID(s, "pagar o boleto do aluguel · 💰 finanças?");
	ERR(tool_scene_call(s, "process_inbox", "{}"));
	CHECK_SAID(s, "<b>Item 1</b> · 18/11 · 💰 finanças?");
	ERR(tool_scene_press(s, "t:process_inbox:id=1&category=personal"));
	CHECK_SAID(s, "🏠 pessoal\n");
	CHECK_COUNT(s, "SELECT count(*) FROM inbox_items WHERE category = 'personal' AND status = 'new'", 1);
	ERR(tool_scene_call(s, "process_inbox", "{\"id\":1,\"tags\":[\"Casa\",\"mês\"]}"));
	CHECK_SAID(s, "#casa #mês");
	ERR(tool_scene_call(
		s, "process_inbox",
		"{\"id\":1,\"into\":\"task\",\"category\":\"finance\",\"title\":\"aluguel\",\"due\":\"2026-11-30\"}"));
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM tasks WHERE title = 'aluguel' AND description = 'pagar o boleto do aluguel' AND due_date = '2026-11-30'",
		1);
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM inbox_items WHERE id = 1 AND category = 'finance' AND status = 'processed'",
		1);
	CHECK_TEXT(inbox_category(s->pool, "Marcar consulta com o dentista"), "health");
	CHECK_TEXT(inbox_category(s->pool, "send the report to the client"), "work");
	CHECK_TEXT(inbox_category(s->pool, "roteiro do vídeo"), "content");
	CHECK(inbox_category(s->pool, "uga buga") == NULL);
	return NULL;
}

TEST(an_item_gets_a_category_and_tags)
{
	return tool_scene_run(t, play_sort);
}

static err_t *play_bad(struct scene *s)
{
	ERR(tool_scene_call(s, "capture_inbox",
			    "{\"kind\":\"photo\",\"file_id\":\"F1\",\"source\":\"forward\"}"));
	ERR(tool_scene_call(s, "process_inbox", "{\"id\":1,\"into\":\"task\"}"));
	CHECK(s->last.outside);
	CHECK_COUNT(s, "SELECT count(*) FROM tasks WHERE title = 'foto'", 1);
	ERR(tool_scene_call(s, "capture_inbox", mem_fmt(s->pool, "{\"content\":\"%0600d\\nfim\"}", 1)));
	ERR(tool_scene_call(s, "process_inbox", "{\"id\":2,\"into\":\"task\"}"));
	CHECK_COUNT(s, "SELECT length(title) FROM tasks WHERE id = 2", 500);
	CHECK_COUNT(s, "SELECT length(description) FROM tasks WHERE id = 2", 604);
	CHECK_ERR(tool_scene_call(s, "process_inbox", "{\"id\":2,\"into\":\"bin\"}"), ERR_INVALID);
	CHECK_ERR(tool_scene_call(s, "process_inbox", "{\"id\":2,\"user_id\":2}"), ERR_INVALID);
	ERR(tool_scene_say(s, "/inbox segredo"));
	CHECK_ERR(tool_scene_call(s, "process_inbox", "{\"id\":3,\"into\":\"event\",\"start\":\"logo\"}"),
		  ERR_INVALID);
	s->req->user_id = s->bia;
	ERR(tool_scene_call(s, "process_inbox", "{\"id\":3,\"into\":\"task\"}"));
	CHECK_SAID(s, "Não achei o item 3");
	s->req->role = ROLE_GUEST;
	CHECK_ERR(tool_scene_call(s, "process_inbox", "{}"), ERR_DENIED);
	return NULL;
}

TEST(nobody_sorts_anothers_inbox)
{
	return tool_scene_run(t, play_bad);
}

static err_t *play_data(struct scene *s)
{
	ERR(tool_scene_call(s, "capture_inbox", "{\"content\":\"pagar o boleto\"}"));
	CHECK_TEXT(
		json_write(s->pool, s->last.data),
		"{\"item\":{\"id\":1,\"kind\":\"text\",\"text\":\"pagar o boleto\",\"day\":\"2026-11-18\",\"status\":\"new\","
		"\"suggested\":\"finance\"}}");
	ERR(tool_scene_call(s, "capture_inbox", "{}"));
	CHECK_DATA(s, "refused", "empty");
	ERR(tool_scene_call(s, "list_inbox", "{}"));
	CHECK_DATA_INT(s, "total", 1);
	CHECK_DATA_INT(s, "items.0.id", 1);
	ERR(tool_scene_call(s, "process_inbox",
			    "{\"id\":1,\"category\":\"personal\",\"tags\":[\"a\",\"b\"]}"));
	CHECK_DATA(s, "item.category", "personal");
	CHECK_DATA(s, "item.tags.1", "b");
	ERR(tool_scene_call(s, "process_inbox", "{\"id\":1,\"into\":\"event\"}"));
	CHECK_DATA(s, "refused", "when_missing");
	ERR(tool_scene_call(s, "process_inbox",
			    "{\"id\":1,\"into\":\"event\",\"start\":\"2026-11-30T14:00:00\"}"));
	CHECK_DATA(s, "item.status", "processed");
	CHECK_DATA_INT(s, "event.id", 1);
	CHECK_DATA(s, "event.start", "2026-11-30T14:00:00");
	ERR(tool_scene_call(s, "process_inbox", "{\"id\":1,\"into\":\"task\"}"));
	CHECK_DATA(s, "refused", "already_done");
	ERR(tool_scene_call(s, "process_inbox", "{\"id\":9}"));
	CHECK_DATA(s, "refused", "not_found");
	ERR(tool_scene_say(s, "/inbox um"));
	ERR(tool_scene_call(s, "process_inbox", "{\"into\":\"task\",\"due\":\"2026-11-20\"}"));
	CHECK_DATA_INT(s, "task.id", 1);
	CHECK_DATA(s, "task.due", "2026-11-20");
	ERR(tool_scene_say(s, "/inbox dois"));
	ERR(tool_scene_call(s, "process_inbox", "{\"into\":\"note\"}"));
	CHECK_DATA(s, "note.text", "dois");
	ERR(tool_scene_say(s, "/inbox três"));
	ERR(tool_scene_call(s, "process_inbox", "{\"into\":\"archive\"}"));
	CHECK_DATA(s, "item.status", "archived");
	ERR(tool_scene_call(s, "list_inbox", "{}"));
	CHECK_TEXT(json_write(s->pool, s->last.data), "{\"total\":0,\"page\":1,\"items\":[]}");
	return NULL;
}

TEST(the_inbox_is_told_as_data)
{
	return tool_scene_run(t, play_data);
}

static err_t *keep(struct scene *s)
{
	ERR(tool_scene_call(s, "capture_inbox",
			    "{\"content\":\"SEGREDO um\\nSEGREDO\",\"source\":\"forward\"}"));
	CHECK(!strstr(tool_scene_model(s, "capture_inbox"), "SEGREDO"));
	return NULL;
}

static err_t *becomes(struct scene *s, const char *args, const char *what)
{
	ERR(keep(s));
	ERR(tool_scene_call(s, "process_inbox", args));
	CHECK_INT(s->last.kind, OUTCOME_DONE);
	CHECK_SAID(s, "SEGREDO");
	CHECK(s->last.outside);
	CHECK(!strstr(tool_scene_model(s, "process_inbox"), "SEGREDO"));
	CHECK(json_at(s->last.data, what) &&
	      strstr(tool_scene_model(s, "process_inbox"), "\"outside\":true"));
	return NULL;
}

/* Whatever an item becomes is still somebody else's: a forwarded message, or a file by its name. */
static err_t *play_outside(struct scene *s)
{
	ERR(becomes(s, "{\"into\":\"task\",\"title\":\"SEGREDO de outro\"}", "task.id"));
	ERR(becomes(s, "{\"into\":\"note\"}", "note.id"));
	ERR(becomes(s, "{\"into\":\"event\",\"start\":\"2026-11-30\"}", "event.id"));
	ERR(becomes(s, "{\"into\":\"archive\"}", "item.id"));
	CHECK_COUNT(
		s,
		"SELECT (SELECT count(*) FROM tasks WHERE outside) + (SELECT count(*) FROM notes WHERE outside) "
		"+ (SELECT count(*) FROM events WHERE outside) + (SELECT count(*) FROM inbox_items WHERE outside)",
		7);
	ERR(keep(s));
	ERR(tool_scene_call(s, "process_inbox", "{}"));
	CHECK_SAID(s, "SEGREDO");
	CHECK(s->last.outside && !strstr(tool_scene_model(s, "process_inbox"), "SEGREDO"));
	ERR(tool_scene_call(s, "process_inbox", "{\"into\":\"event\"}"));
	CHECK_SAID(s, "SEGREDO");
	CHECK(s->last.outside && !strstr(tool_scene_model(s, "process_inbox"), "SEGREDO"));
	ERR(tool_scene_call(s, "capture_inbox",
			    "{\"kind\":\"file\",\"file_id\":\"F\",\"file_name\":\"SEGREDO.pdf\"}"));
	CHECK(!strstr(tool_scene_model(s, "capture_inbox"), "SEGREDO"));
	ERR(tool_scene_call(s, "list_inbox", "{}"));
	CHECK_SAID(s, "SEGREDO.pdf");
	CHECK(s->last.outside && !strstr(tool_scene_model(s, "list_inbox"), "SEGREDO"));
	ERR(tool_scene_call(s, "process_inbox", "{\"id\":6,\"into\":\"task\"}"));
	CHECK(s->last.outside && !strstr(tool_scene_model(s, "process_inbox"), "SEGREDO"));
	ERR(tool_scene_press(s, "u:"));
	CHECK_COUNT(s, "SELECT count(*) FROM inbox_items WHERE outside AND status = 'new'", 2);
	ERR(tool_scene_call(s, "capture_inbox", "{\"content\":\"meu\"}"));
	ERR(tool_scene_call(s, "process_inbox", "{\"id\":7,\"into\":\"note\"}"));
	CHECK(!s->last.outside && strstr(tool_scene_model(s, "process_inbox"), "meu"));
	return NULL;
}

TEST(whatever_an_item_becomes_is_still_somebody_elses)
{
	return tool_scene_run(t, play_outside);
}
