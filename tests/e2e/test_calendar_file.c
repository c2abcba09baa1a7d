/* A calendar file in the chat: a card of its events, kept after the press; what is none goes where files go. */
#include "core/text.h"
#include "tests/e2e/talk.h"

enum { CHAT = 42 };

static err_t *file(struct product *p, const char *id, const char *text)
{
	struct json *body = json_object(p->t->pool), *reply;

	json_set_text(body, "file_id", id);
	json_set_text(body, "text", text);
	return standin_control(p->s, "file", body, &reply);
}

static err_t *deliver(struct product *p, const char *id, const char *name)
{
	return talk_raw(
		p,
		mem_fmt(p->t->pool,
			"{\"message\":{\"message_id\":900,\"date\":1,\"chat\":{\"id\":%d,\"type\":\"private\"},\"from\":"
			"{\"id\":%d,\"is_bot\":false,\"first_name\":\"Ana\",\"language_code\":\"pt\"},\"document\":"
			"{\"file_id\":\"%s\",\"file_unique_id\":\"u%s\",\"file_name\":\"%s\",\"file_size\":200}}}",
			CHAT, CHAT, id, id, name));
}

TEST(a_calendar_file_becomes_a_card)
{
	struct product *p;

	ERR(product_new(t, true, NULL, &p));
	ERR(talk_start_owned(p, CHAT));
	ERR(file(
		p, "ics1",
		"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20991120T130000Z\r\nDTEND:20991120T140000Z\r\n"
		"SUMMARY:Reunião do condomínio\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"));
	ERR(file(p, "ics2", "nada disso"));
	ERR(deliver(p, "ics1", "convite.ics"));
	ERR(talk_await(p, CHAT, "sendMessage", "Reunião do condomínio", 1));
	ERR(talk_settle(p));
	ERR(talk_await_int(p, "SELECT count(*) FROM events", 0));
	ERR(standin_press(p->s, CHAT, "✅ Confirmar", NULL));
	ERR(talk_await_int(p, "SELECT count(*) FROM events WHERE outside AND title LIKE 'Reunião%'", 1));
	ERR(talk_settle(p));
	ERR(deliver(p, "ics2", "quebrado.ics"));
	ERR(talk_await_int(p, "SELECT count(*) FROM inbox_items", 1));
	ERR(talk_settle(p));
	return talk_calm(p);
}
