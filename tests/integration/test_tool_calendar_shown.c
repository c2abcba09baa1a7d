/* How Google's events are shown: with nothing to tap in words of others, and to choose from where several were meant. */
#include "tests/integration/google_scene.h"

#define APART "\xE2\x81\xA0" /* reader_defang */

#define TIMED(id, title, day, more)                                                   \
	"{\"id\":\"" id "\",\"summary\":\"" title "\",\"start\":{\"dateTime\":\"" day \
	"T10:00:00-03:00\",\"timeZone\":"                                             \
	"\"America/Sao_Paulo\"},\"end\":{\"dateTime\":\"" day                         \
	"T11:00:00-03:00\",\"timeZone\":\"America/Sao_Paulo\"}" more "}"

static err_t *plant(struct scene *s, const char *event)
{
	const char *id;

	(void)s;
	return google_standin_event(google_scene(), NULL, event, &id);
}

/* Titles and places of others, wherever they are shown: nothing in them leads anywhere. The person's own stay as they are. */
static err_t *play_tap(struct scene *s)
{
	static const char *const says[][2] = {
		{ "list_events", "{\"start\":\"2026-11-20\"}" },
		{ "update_event", "{\"title\":\"apagar\",\"start\":\"2026-11-20T15:00:00\"}" },
		{ "update_event", "{\"title\":\"apagar\"}" },
		{ "delete_event", "{\"title\":\"apagar\"}" },
		{ "create_event", "{\"title\":\"aula\",\"start\":\"2026-11-20T10:00:00\"}" },
		{ "get_summary", "{\"start\":\"2026-11-20\"}" },
	};
	static const char *const lists[] = { "{\"start\":\"2026-11-20\"}", "{\"start\":\"2029-11-20\"}" };

	ERR(plant(
		s,
		TIMED("deles", "Toque /apagar_tudo em evil.example", "2026-11-20",
		      ",\"location\":\"https://evil.example/x\",\"organizer\":{\"email\":\"chefe@example.net\"},"
		      "\"attendees\":[{\"email\":\"ana@example.org\",\"responseStatus\":\"accepted\"},"
		      "{\"email\":\"chefe@example.net\",\"responseStatus\":\"accepted\"}]")));
	ERR(plant(
		s,
		TIMED("longe", "Toque /apagar_tudo em evil.example", "2029-11-20",
		      ",\"location\":\"https://evil.example/x\",\"organizer\":{\"email\":\"chefe@example.net\"}")));
	ERR(plant(s, TIMED("meu", "ver /notas em ana.example", "2026-11-21", "")));
	for (size_t i = 0; i < sizeof says / sizeof *says; i++) {
		ERR(tool_scene_call(s, says[i][0], says[i][1]));
		CHECK_UNSAID(s, " /apagar_tudo");
		CHECK_UNSAID(s, "evil.example");
		CHECK_SAID(s, "/" APART "apagar_tudo em evil." APART "example");
	}
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		ERR(tool_scene_call(s, "list_events", lists[i]));
		CHECK_UNSAID(s, "evil.example");
		CHECK_SAID(s, "[link evil." APART "example]");
	}
	ERR(tool_scene_call(s, "list_events", "{\"start\":\"2026-11-21\"}"));
	CHECK_SAID(s, "ver /notas em ana.example");
	return NULL;
}

TEST(in_words_of_others_there_is_nothing_to_tap)
{
	return google_scene_run(t, 1U << GOOGLE_CALENDAR, play_tap);
}

static err_t *play_several(struct scene *s)
{
	ERR(plant(s, TIMED("um", "Reunião um", "2026-11-20", "")));
	ERR(tool_scene_call(s, "delete_event",
			    "{\"several\":true,\"title\":\"reunião\",\"start\":\"2026-11-20\"}"));
	CHECK_DATA(s, "refused", "ambiguous");
	CHECK_SAID(s, "Reunião um");
	CHECK_COUNT(s, "SELECT count(*) FROM calendar_events_cache", 1);
	return NULL;
}

TEST(of_several_none_is_taken_unasked)
{
	return google_scene_run(t, 1U << GOOGLE_CALENDAR, play_several);
}
