#include "tests/integration/sample.h"
#include "tests/integration/tool_scene.h"
#include "tools/when.h"

#include <string.h>

SAMPLE(reminders, "INSERT INTO reminders (text, wall, start_wall, zone, fire_at, bot_id, chat_id) VALUES "
		  "('%s', '2026-11-21 10:00', '2026-11-21 10:00', 'UTC', '2026-11-21 10:00Z', 9, 1)")

/* The scene's clock shows 2026-11-18 16:20 in São Paulo, a Wednesday. */

static err_t *play_create(struct scene *s)
{
	ERR(tool_scene_say(s, "/lembrar pagar o aluguel amanhã às 9h"));
	CHECK_INT(s->last.kind, OUTCOME_DONE);
	CHECK_SAID(s, "<b>pagar o aluguel</b>");
	CHECK_SAID(s, "amanhã (qui, 19/11) às 09:00");
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM reminders WHERE wall = '2026-11-19 09:00' AND fire_at = '2026-11-19 12:00Z' "
		"AND zone = 'America/Sao_Paulo' AND state = 'pending' AND rrule IS NULL",
		1);
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM jobs WHERE kind = 'reminder' AND ref = '1' AND run_at = '2026-11-19 12:00Z'",
		1);
	ERR(tool_scene_press(s, "u:"));
	CHECK_COUNT(s, "SELECT count(*) FROM reminders", 0);
	CHECK_COUNT(s, "SELECT count(*) FROM jobs WHERE kind = 'reminder'", 0);
	ERR(tool_scene_say(s, "/lembrar tomar remédio todo dia às 8h"));
	CHECK_SAID(s, "todo dia");
	CHECK_COUNT(s,
		    "SELECT count(*) FROM reminders WHERE rrule = 'FREQ=DAILY' AND wall = '2026-11-19 08:00'",
		    1);
	ERR(tool_scene_say(s, "/lembrar ligar amanhã às 5"));
	CHECK_SAID(s, "às 17:00");
	ERR(tool_scene_press(s, "t:snooze_reminder:id=3&at=2026-11-19T05:00:00"));
	CHECK_SAID(s, "às 05:00");
	s->req->lang = LANG_EN;
	ERR(tool_scene_say(s, "/remind call Ana tomorrow at 3pm"));
	CHECK_SAID(s, "tomorrow (Thu, Nov 19) at 15:00");
	ERR(tool_scene_say(s, "/reminders"));
	CHECK_SAID(s, "<b>3 reminders</b>");
	CHECK_SAID(s, "every day");
	return NULL;
}

TEST(a_reminder_has_wall_time_zone_and_a_job)
{
	return tool_scene_run(t, play_create);
}

static err_t *play_days_of_the_month(struct scene *s)
{
	ERR(tool_scene_say(s, "/lembrar faxina todo último sábado do mês às 10h"));
	CHECK_SAID(s, "todo mês (último sáb)");
	ERR(tool_scene_say(s, "/lembrar feira toda segunda terça do mês às 10h"));
	CHECK_SAID(s, "todo mês (2ª ter)");
	s->req->lang = LANG_EN;
	ERR(tool_scene_say(s, "/reminders"));
	CHECK_SAID(s, "every month (last Sat)");
	CHECK_SAID(s, "every month (2nd Tue)");
	return NULL;
}

TEST(the_days_of_a_month_are_said_as_people_say_them)
{
	return tool_scene_run(t, play_days_of_the_month);
}

static err_t *play_bad(struct scene *s)
{
	ERR(tool_scene_say(s, "/lembrar"));
	CHECK_SAID(s, "Qual é o lembrete, e para quando?");
	ERR(tool_scene_say(s, "/lembrar regar as plantas"));
	CHECK_SAID(s, "Para quando é o lembrete “regar as plantas”?");
	ERR(tool_scene_say(s, "/lembretes"));
	CHECK_SAID(s, "Nenhum lembrete");
	ERR(tool_scene_call(s, "create_reminder", "{\"text\":\"x\",\"at\":\"2020-01-01T10:00:00\"}"));
	CHECK_SAID(s, "já passou");
	CHECK_ERR(tool_scene_call(s, "create_reminder", "{\"text\":\"x\",\"at\":\"logo\"}"), ERR_INVALID);
	CHECK_ERR(tool_scene_call(
			  s, "create_reminder",
			  "{\"text\":\"x\",\"at\":\"2026-12-01T10:00:00\",\"rrule\":\"FREQ=SECONDLY\"}"),
		  ERR_INVALID);
	CHECK_ERR(tool_scene_call(s, "create_reminder", "{\"at\":\"2026-12-01T10:00:00\"}"), ERR_INVALID);
	CHECK_COUNT(s, "SELECT count(*) FROM reminders", 0);
	/* In a gap the clock has jumped over, and in an overlap the first of the two. */
	s->req->zone = "Europe/Lisbon";
	ERR(tool_scene_call(s, "create_reminder", "{\"text\":\"gap\",\"at\":\"2027-03-28T01:30:00\"}"));
	ERR(tool_scene_call(s, "create_reminder", "{\"text\":\"twice\",\"at\":\"2027-10-31T01:30:00\"}"));
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM reminders WHERE fire_at = '2027-03-28 01:30Z' OR fire_at = '2027-10-31 00:30Z'",
		2);
	return NULL;
}

TEST(a_reminder_without_a_sound_time_is_not_made)
{
	return tool_scene_run(t, play_bad);
}

static err_t *play_settle(struct scene *s)
{
	ERR(tool_scene_say(s, "/lembrar ligar amanhã às 9h"));
	ERR(tool_scene_say(s, "/lembrar remédio todo dia às 8h"));
	ERR(tool_scene_call(s, "snooze_reminder", "{\"id\":1,\"minutes\":10}"));
	CHECK_SAID(s, "Adiado");
	CHECK_COUNT(s,
		    "SELECT count(*) FROM reminders WHERE id = 1 AND snoozes = 1 AND fire_at < '2026-11-19'",
		    1);
	ERR(tool_scene_press(s, "u:"));
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM reminders WHERE id = 1 AND snoozes = 0 AND wall = '2026-11-19 09:00'",
		1);
	ERR(tool_scene_call(s, "delete_reminder", "{\"id\":2,\"as\":\"done\"}"));
	CHECK_SAID(s, "O próximo");
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM reminders WHERE id = 2 AND state = 'pending' AND wall = '2026-11-19 08:00'",
		1);
	ERR(tool_scene_call(s, "delete_reminder", "{\"text\":\"REMEDIO\"}"));
	CHECK_SAID(s, "Lembrete apagado");
	CHECK_COUNT(s, "SELECT count(*) FROM jobs WHERE kind = 'reminder' AND ref = '2'", 0);
	ERR(tool_scene_press(s, "u:"));
	CHECK_COUNT(s, "SELECT count(*) FROM jobs WHERE kind = 'reminder' AND ref = '2'", 1);
	s->req->user_id = s->bia;
	ERR(tool_scene_call(s, "delete_reminder", "{\"id\":1}"));
	CHECK_SAID(s, "Não achei o lembrete 1");
	ERR(tool_scene_call(s, "snooze_reminder", "{\"id\":1,\"minutes\":10}"));
	CHECK_SAID(s, "Não achei o lembrete 1");
	CHECK_COUNT(s, "SELECT count(*) FROM reminders WHERE state = 'pending'", 2);
	return NULL;
}

TEST(a_reminder_is_snoozed_done_and_deleted)
{
	return tool_scene_run(t, play_settle);
}

/* Lisbon, in the hour that comes twice: 01:30 by summer time is over, 01:50 is still to come. */
static err_t *play_overlap(struct scene *s)
{
	s->req->zone = "Europe/Lisbon";
	s->req->now = INT64_C(1792891800000000); /* 2026-10-25T01:30Z: 01:30 there, for the second time */
	CHECK_INT(when_now(s->req) % 86400, 5400);
	CHECK_INT(when_instant_ahead(s->req, when_now(s->req) + 1200) - s->req->now, 1200000000);
	return NULL;
}

TEST(an_hour_that_comes_twice_is_the_one_still_to_come)
{
	return tool_scene_run(t, play_overlap);
}

static err_t *play_data(struct scene *s)
{
	ERR(tool_scene_call(
		s, "create_reminder",
		"{\"text\":\"remédio da manhã\",\"at\":\"2026-11-19T08:00:00\",\"rrule\":\"FREQ=DAILY\","
		"\"insist\":\"yes\"}"));
	CHECK_TEXT(json_write(s->pool, s->last.data),
		   "{\"reminder\":{\"id\":1,\"text\":\"remédio da manhã\",\"at\":\"2026-11-19T08:00:00\","
		   "\"rrule\":\"FREQ=DAILY\",\"insist\":true}}");
	ERR(tool_scene_call(s, "create_reminder", "{\"text\":\"remédio\"}"));
	CHECK_DATA(s, "refused", "when_missing");
	ERR(tool_scene_call(s, "create_reminder", "{\"text\":\"remédio\",\"at\":\"2026-11-01T08:00:00\"}"));
	CHECK_DATA(s, "refused", "past");
	ERR(tool_scene_call(s, "create_reminder",
			    "{\"text\":\"remédio da noite\",\"at\":\"2026-11-19T20:00:00\"}"));
	ERR(tool_scene_call(s, "list_reminders", "{}"));
	CHECK_DATA_INT(s, "total", 2);
	CHECK_DATA(s, "reminders.1.at", "2026-11-19T20:00:00");
	CHECK(tool_scene_has(s, "t:delete_reminder:2"));
	ERR(tool_scene_call(s, "delete_reminder", "{\"text\":\"remedio\",\"as\":\"done\"}"));
	CHECK_DATA(s, "refused", "ambiguous");
	CHECK_DATA_INT(s, "candidates.1.id", 2);
	ERR(tool_scene_press(s, "t:delete_reminder:id=1&as=done"));
	CHECK_DATA_INT(s, "id", 1);
	CHECK_DATA(s, "next_at", "2026-11-19T08:00:00");
	ERR(tool_scene_call(s, "snooze_reminder", "{\"id\":2,\"at\":\"2026-11-21T07:00:00\"}"));
	CHECK_DATA(s, "reminder.at", "2026-11-21T07:00:00");
	ERR(tool_scene_call(s, "snooze_reminder", "{\"id\":2}"));
	CHECK_DATA(s, "refused", "when_missing");
	ERR(tool_scene_call(s, "delete_reminder", "{\"id\":2}"));
	CHECK_TEXT(json_write(s->pool, s->last.data), "{\"id\":2,\"text\":\"remédio da noite\"}");
	ERR(tool_scene_call(s, "delete_reminder", "{\"id\":9}"));
	CHECK_DATA(s, "refused", "not_found");
	return NULL;
}

TEST(reminders_are_told_as_data)
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

static err_t *play_outside(struct scene *s)
{
	ERR(tool_scene_call(
		s, "create_reminder",
		"{\"text\":\"SEGREDO\",\"at\":\"2026-11-19T08:00:00\",\"rrule\":\"FREQ=DAILY\"}"));
	ERR(tool_scene_call(s, "create_reminder", "{\"text\":\"o meu\",\"at\":\"2026-11-19T09:00:00\"}"));
	ERR(fixture_sql(&s->f, "UPDATE reminders SET outside = true WHERE id = 1"));
	ERR(hidden(s, "list_reminders", "{}"));
	CHECK(strstr(tool_scene_model(s, "list_reminders"), "o meu"));
	ERR(hidden(s, "snooze_reminder", "{\"id\":1,\"minutes\":10}"));
	ERR(hidden(s, "delete_reminder", "{\"id\":1,\"as\":\"done\"}"));
	CHECK_COUNT(s, "SELECT count(*) FROM reminders WHERE outside AND state = 'pending'", 1);
	ERR(tool_scene_call(s, "snooze_reminder", "{\"id\":1}"));
	CHECK_SAID(s, "SEGREDO");
	CHECK(s->last.outside);
	return NULL;
}

TEST(words_of_somebody_else_stay_so_in_every_reminder)
{
	return tool_scene_run(t, play_outside);
}
