#include "tests/integration/sample.h"
#include "tests/integration/tool_scene.h"

#include <string.h>

SAMPLE(events,
       "INSERT INTO events (title, start_wall, end_wall, zone, start_at, end_at) VALUES "
       "('%s', '2026-11-21 10:00', '2026-11-21 11:00', 'UTC', '2026-11-21 10:00Z', '2026-11-21 11:00Z')")

/* The scene's clock shows Wednesday 2026-11-18 in São Paulo, in the morning. */

static err_t *play_create(struct scene *s)
{
	ERR(tool_scene_say(s, "/agendar reunião com cliente X amanhã 14h"));
	CHECK_INT(s->last.kind, OUTCOME_DONE);
	CHECK_SAID(s, "<b>reunião com cliente X</b>");
	CHECK_SAID(s, "amanhã (qui, 19/11), 14:00–15:00");
	CHECK_SAID(s, "horário de São Paulo");
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM events WHERE start_wall = '2026-11-19 14:00' AND end_wall = '2026-11-19 15:00' "
		"AND start_at = '2026-11-19 17:00Z' AND NOT all_day",
		1);
	ERR(tool_scene_say(s, "/agendar dentista amanhã das 14h30 às 15h30"));
	CHECK_SAID(s, "No mesmo horário já tem <b>reunião com cliente X</b>");
	ERR(tool_scene_press(s, "u:"));
	CHECK_COUNT(s, "SELECT count(*) FROM events", 1);
	ERR(tool_scene_say(s, "/agendar viagem de 10 a 15 de dezembro"));
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM events WHERE all_day AND start_wall = '2026-12-10' AND end_wall = '2026-12-16'",
		1);
	ERR(tool_scene_say(s, "/agendar café amanhã às 5"));
	CHECK(tool_scene_has(s, "t:update_event:id=4&start=2026-11-19T05:00:00"));
	ERR(tool_scene_press(s, "t:update_event:id=4&start=2026-11-19T05:00:00"));
	CHECK_SAID(s, "05:00–06:00");
	s->req->lang = LANG_EN;
	ERR(tool_scene_say(s, "/schedule lunch with John tomorrow at 1pm"));
	CHECK_SAID(s, "tomorrow (Thu, Nov 19), 13:00–14:00");
	s->req->lang = LANG_PT;
	ERR(tool_scene_say(s, "/agendar"));
	CHECK_SAID(s, "O que marcamos");
	ERR(tool_scene_say(s, "/agendar dentista"));
	CHECK_SAID(s, "Quando é “dentista”?");
	CHECK_ERR(
		tool_scene_call(
			s, "create_event",
			"{\"title\":\"x\",\"start\":\"2026-11-19T10:00:00\",\"end\":\"2026-11-19T09:00:00\"}"),
		ERR_INVALID);
	CHECK_ERR(tool_scene_call(s, "create_event", "{\"title\":\"x\",\"start\":\"logo\"}"), ERR_INVALID);
	return NULL;
}

static err_t *play_whole_days(struct scene *s)
{
	ERR(tool_scene_say(s, "/agendar aniversário da Bia dia 5 de dezembro o dia todo"));
	CHECK_SAID(s, "<b>aniversário da Bia</b>");
	ERR(tool_scene_say(s, "/agendar limpeza toda segunda às 9h até 18 de dezembro"));
	CHECK_SAID(s, "<b>limpeza</b>");
	CHECK_SAID(s, "toda semana (seg), até sex, 18/12");
	/* In a list, whole days say from when to when. */
	ERR(tool_scene_say(s, "/agendar férias de 20 a 27 de dezembro"));
	ERR(tool_scene_say(s, "/agenda 24 de dezembro"));
	CHECK_SAID(s, "dom, 20/12 a dom, 27/12 · férias");
	/* A command invites whom it names by an address, as a sentence does. */
	ERR(tool_scene_say(s, "/agendar café com bia@example.org e o Caio amanhã 9h"));
	CHECK_COUNT(s, "SELECT count(*) FROM events WHERE attendees = '{bia@example.org}'", 1);
	return NULL;
}

TEST(a_whole_day_and_an_end_are_no_part_of_the_title)
{
	return tool_scene_run(t, play_whole_days);
}

TEST(an_event_has_weekday_hours_and_zone)
{
	return tool_scene_run(t, play_create);
}

static err_t *play_list(struct scene *s)
{
	ERR(tool_scene_say(s, "/agenda"));
	CHECK_SAID(s, "Nada marcado");
	ERR(tool_scene_say(s, "/agendar reunião de equipe toda segunda às 10h"));
	CHECK_SAID(s, "toda semana (seg)");
	ERR(tool_scene_say(s, "/agendar dentista sexta 9h"));
	ERR(tool_scene_call(s, "list_events", "{\"start\":\"2026-11-18\",\"end\":\"2026-12-02\"}"));
	CHECK_SAID(s, "<b>sex, 20/11</b>\n09:00–10:00 · dentista");
	CHECK_SAID(s, "<b>seg, 23/11</b>\n10:00–11:00 · reunião de equipe");
	CHECK_SAID(s, "<b>seg, 30/11</b>\n10:00–11:00 · reunião de equipe");
	ERR(tool_scene_say(s, "/agenda DENTISTA"));
	CHECK_SAID(s, "dentista");
	CHECK_UNSAID(s, "equipe");
	ERR(tool_scene_say(s, "/agenda sexta"));
	CHECK_SAID(s, "dentista");
	CHECK_UNSAID(s, "equipe");
	ERR(tool_scene_call(s, "find_free_time",
			    "{\"start\":\"2026-11-20T08:00:00\",\"end\":\"2026-11-20T12:00:00\"}"));
	CHECK_SAID(s, "08:00–09:00\n10:00–12:00");
	ERR(tool_scene_call(
		s, "find_free_time",
		"{\"start\":\"2026-11-20T08:00:00\",\"end\":\"2026-11-20T12:00:00\",\"minutes\":90}"));
	CHECK_UNSAID(s, "08:00–09:00");
	s->req->user_id = s->bia;
	ERR(tool_scene_say(s, "/agenda"));
	CHECK_SAID(s, "Nada marcado");
	return NULL;
}

TEST(the_calendar_is_shown_by_day_with_what_repeats)
{
	return tool_scene_run(t, play_list);
}

static err_t *play_change(struct scene *s)
{
	ERR(tool_scene_say(s, "/agendar reunião com a Ana sexta 14h30"));
	ERR(tool_scene_call(s, "update_event",
			    "{\"title\":\"reuniao ana\",\"start\":\"2026-11-23T15:00:00\"}"));
	CHECK_SAID(s, "seg, 23/11, 15:00–16:00");
	ERR(tool_scene_call(s, "update_event", "{\"event_id\":\"1\",\"start\":\"2026-11-24\"}"));
	CHECK_SAID(s, "ter, 24/11, 15:00–16:00");
	ERR(tool_scene_press(s, "u:"));
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM events WHERE start_wall = '2026-11-23 15:00' AND start_at = '2026-11-23 18:00Z'",
		1);
	ERR(tool_scene_say(s, "/agendar reunião com o Beto quinta 10h"));
	ERR(tool_scene_call(s, "delete_event", "{\"title\":\"reunião\"}"));
	CHECK_INT(s->last.kind, OUTCOME_SAY);
	CHECK_SAID(s, "Mais de um compromisso");
	ERR(tool_scene_call(s, "delete_event", "{\"title\":\"reunião\",\"start\":\"2026-11-19\"}"));
	CHECK_SAID(s, "Desmarcado: <b>reunião com o Beto</b>");
	ERR(tool_scene_press(s, "u:"));
	CHECK_COUNT(s, "SELECT count(*) FROM events", 2);
	s->req->user_id = s->bia;
	ERR(tool_scene_call(s, "delete_event", "{\"event_id\":\"1\"}"));
	CHECK_SAID(s, "Não achei o evento 1");
	ERR(tool_scene_call(s, "update_event", "{\"event_id\":\"1\",\"start\":\"2026-11-24\"}"));
	CHECK_SAID(s, "Não achei o evento 1");
	CHECK_COUNT(s, "SELECT count(*) FROM events", 2);
	return NULL;
}

TEST(an_event_is_moved_and_cancelled)
{
	return tool_scene_run(t, play_change);
}

static err_t *play_data(struct scene *s)
{
	ERR(tool_scene_call(
		s, "create_event",
		"{\"title\":\"reunião com a Ana\",\"start\":\"2026-11-20T14:00:00\",\"place\":\"sala 2\","
		"\"attendees\":[\"Ana\",\"Beto\"]}"));
	CHECK_TEXT(json_write(s->pool, s->last.data),
		   "{\"event\":{\"id\":1,\"title\":\"reunião com a Ana\",\"start\":\"2026-11-20T14:00:00\","
		   "\"end\":\"2026-11-20T15:00:00\",\"place\":\"sala 2\",\"attendees\":\"Ana, Beto\"}}");
	ERR(tool_scene_call(s, "create_event", "{\"title\":\"reunião\",\"start\":\"2026-11-20T14:30:00\"}"));
	CHECK_DATA_INT(s, "clash.id", 1);
	ERR(tool_scene_call(s, "create_event",
			    "{\"title\":\"viagem\",\"start\":\"2026-11-21\",\"end\":\"2026-11-22\"}"));
	CHECK_DATA(s, "event.start", "2026-11-21");
	CHECK_DATA(s, "event.end", "2026-11-22");
	ERR(tool_scene_call(s, "create_event", "{\"title\":\"dentista\"}"));
	CHECK_DATA(s, "refused", "when_missing");
	ERR(tool_scene_call(s, "list_events", "{\"max_results\":2}"));
	CHECK_DATA_INT(s, "total", 3);
	CHECK_INT(json_len(json_at(s->last.data, "events")), 2);
	CHECK_DATA_INT(s, "events.1.id", 2);
	ERR(tool_scene_call(s, "find_free_time",
			    "{\"start\":\"2026-11-20T08:00:00\",\"end\":\"2026-11-20T18:00:00\"}"));
	CHECK_TEXT(
		json_write(s->pool, s->last.data),
		"{\"minutes\":60,\"free\":[{\"start\":\"2026-11-20T08:00:00\",\"end\":\"2026-11-20T14:00:00\"},"
		"{\"start\":\"2026-11-20T15:30:00\",\"end\":\"2026-11-20T18:00:00\"}]}");
	ERR(tool_scene_call(s, "update_event", "{\"title\":\"reuniao\",\"place\":\"sala 3\"}"));
	CHECK_DATA(s, "refused", "ambiguous");
	CHECK_DATA_INT(s, "candidates.1.id", 2);
	ERR(tool_scene_call(s, "update_event", "{\"id\":2,\"place\":\"sala 3\"}"));
	CHECK_DATA(s, "event.place", "sala 3");
	ERR(tool_scene_call(s, "update_event", "{\"id\":2}"));
	CHECK_DATA(s, "refused", "nothing_to_change");
	/* A time alone is of its own day. */
	ERR(tool_scene_call(s, "update_event", "{\"id\":2,\"start\":\"16:00\"}"));
	CHECK_DATA(s, "event.start", "2026-11-20T16:00:00");
	CHECK_DATA(s, "event.end", "2026-11-20T17:00:00");
	ERR(tool_scene_call(s, "update_event", "{\"id\":2,\"start\":\"16:00\",\"end\":\"18:00\"}"));
	CHECK_DATA(s, "event.end", "2026-11-20T18:00:00");
	CHECK_ERR(tool_scene_call(s, "update_event", "{\"id\":2,\"start\":\"25:00\"}"), ERR_INVALID);
	ERR(tool_scene_call(s, "delete_event", "{\"id\":2}"));
	CHECK_TEXT(json_write(s->pool, s->last.data), "{\"id\":2,\"title\":\"reunião\"}");
	ERR(tool_scene_call(s, "delete_event", "{\"title\":\"dentista\"}"));
	CHECK_DATA(s, "refused", "not_found");
	return NULL;
}

TEST(events_are_told_as_data)
{
	return tool_scene_run(t, play_data);
}

static err_t *hidden(struct scene *s, const char *tool, const char *args)
{
	ERR(tool_scene_call(s, tool, args));
	CHECK_SAID(s, "SEGREDO");
	CHECK(s->last.outside);
	CHECK(!strstr(tool_scene_model(s, tool), "SEGREDO"));
	CHECK(strstr(tool_scene_model(s, tool), "\"id\":"));
	return NULL;
}

#define MARKED "SELECT count(*) FROM events WHERE outside"

static err_t *play_outside(struct scene *s)
{
	ERR(tool_scene_call(s, "create_event",
			    "{\"title\":\"SEGREDO\",\"start\":\"2026-11-20T14:00:00\",\"place\":\"SEGREDO\","
			    "\"attendees\":[\"SEGREDO\"]}"));
	ERR(tool_scene_call(s, "create_event",
			    "{\"title\":\"SEGREDO dois\",\"start\":\"2026-11-20T18:00:00\"}"));
	ERR(fixture_sql(&s->f, "UPDATE events SET outside = true"));
	ERR(hidden(s, "list_events", "{}"));
	ERR(hidden(s, "create_event", "{\"title\":\"o meu\",\"start\":\"2026-11-20T14:00:00\"}"));
	CHECK(strstr(tool_scene_model(s, "create_event"), "o meu"));
	ERR(hidden(s, "update_event", "{\"title\":\"segredo\",\"start\":\"2026-11-21\"}"));
	CHECK_DATA(s, "refused", "ambiguous");
	ERR(hidden(s, "update_event", "{\"id\":2,\"place\":\"sala\"}"));
	ERR(hidden(s, "delete_event", "{\"id\":2}"));
	ERR(tool_scene_press(s, "u:"));
	CHECK_COUNT(s, MARKED, 2);
	ERR(tool_scene_call(s, "update_event", "{\"id\":1,\"new_title\":\"o meu\"}"));
	CHECK_COUNT(s, MARKED, 2); /* its place is still theirs */
	ERR(tool_scene_call(s, "update_event", "{\"id\":1,\"new_title\":\"o meu\",\"place\":\"aqui\"}"));
	CHECK_COUNT(s, MARKED, 1);
	return NULL;
}

TEST(words_of_somebody_else_stay_so_in_every_event)
{
	return tool_scene_run(t, play_outside);
}

static err_t *play_shift(struct scene *s)
{
	ERR(tool_scene_call(
		s, "create_event",
		"{\"title\":\"dentista\",\"start\":\"2026-11-20T10:00:00\",\"end\":\"2026-11-20T10:30:00\"}"));
	ERR(tool_scene_call(s, "update_event", "{\"title\":\"dentista\",\"shift\":90}"));
	CHECK_DATA(s, "event.start", "2026-11-20T11:30:00");
	CHECK_DATA(s, "event.end", "2026-11-20T12:00:00");
	ERR(tool_scene_call(s, "update_event", "{\"title\":\"dentista\",\"shift\":-1470}"));
	CHECK_DATA(s, "event.start", "2026-11-19T11:00:00");
	ERR(tool_scene_call(s, "create_event",
			    "{\"title\":\"viagem\",\"start\":\"2026-12-10\",\"end\":\"2026-12-12\"}"));
	CHECK_ERR(tool_scene_call(s, "update_event", "{\"title\":\"viagem\",\"shift\":60}"), ERR_INVALID);
	ERR(tool_scene_call(s, "update_event", "{\"title\":\"viagem\",\"shift\":1440}"));
	CHECK_DATA(s, "event.start", "2026-12-11");
	CHECK_DATA(s, "event.end", "2026-12-13");
	return NULL;
}

TEST(an_event_moves_by_a_length)
{
	return tool_scene_run(t, play_shift);
}

static err_t *play_several(struct scene *s)
{
	ERR(tool_scene_call(s, "delete_event", "{\"several\":true,\"start\":\"2026-11-20\"}"));
	CHECK_DATA(s, "refused", "not_found");
	ERR(tool_scene_call(s, "create_event",
			    "{\"title\":\"reunião A\",\"start\":\"2026-11-20T10:00:00\"}"));
	ERR(tool_scene_call(s, "delete_event",
			    "{\"several\":true,\"title\":\"reunião\",\"start\":\"2026-11-20\"}"));
	CHECK_DATA(s, "refused", "ambiguous");
	CHECK_COUNT(s, "SELECT count(*) FROM events", 1);
	ERR(tool_scene_call(s, "create_event",
			    "{\"title\":\"reunião B\",\"start\":\"2026-11-21T10:00:00\"}"));
	ERR(tool_scene_call(s, "delete_event",
			    "{\"several\":true,\"start\":\"2026-11-20\",\"end\":\"2026-11-21\"}"));
	CHECK_SAID(s, "reunião A");
	CHECK_SAID(s, "reunião B");
	ERR(tool_scene_press(s, "t:delete_event:1"));
	CHECK_INT(s->last.kind, OUTCOME_DONE);
	CHECK_COUNT(s, "SELECT count(*) FROM events", 1);
	return NULL;
}

TEST(of_several_none_is_taken_unasked)
{
	return tool_scene_run(t, play_several);
}
