/* What sentences about the calendar ask for, and what of them the tools are given. */
#include "core/json.h"
#include "ml/intent/intent.h"
#include "tests/test.h"

#define NOW INT64_C(1795165200) /* Friday 2026-11-20 09:00 */

static const struct {
	enum lang lang;
	const char *text, *intent, *args;
} cases[] = {
	/* A time alone is the next that comes: the conversation makes it the event's own day's. */
	{ LANG_PT, "passa o jantar com o Tom para as 21h", "update_event",
	  "{\"title\":\"jantar com o Tom\",\"start\":\"2026-11-20T21:00:00\"}" },
	{ LANG_EN, "move dinner with Tom to 9pm", "update_event",
	  "{\"title\":\"dinner with Tom\",\"start\":\"2026-11-20T21:00:00\"}" },
	{ LANG_PT, "passa o jantar com o Tom para sexta às 21h", "update_event",
	  "{\"title\":\"jantar com o Tom\",\"start\":\"2026-11-27T21:00:00\"}" },
	{ LANG_PT, "adia a aula de inglês em uma hora", "update_event",
	  "{\"title\":\"aula de inglês\",\"shift\":60}" },
	{ LANG_PT, "adia a reunião pra daqui a uma hora", "update_event",
	  "{\"title\":\"reunião\",\"start\":\"2026-11-20T10:00:00\"}" },
	/* Days of their own are no tasks. */
	{ LANG_PT, "marca férias de 20 a 27 de dezembro", "create_event",
	  "{\"title\":\"férias\",\"start\":\"2026-12-20\",\"end\":\"2026-12-27\"}" },
	{ LANG_PT, "agenda o aniversário da Bia pro dia 5 de dezembro", "create_event",
	  "{\"title\":\"aniversário da Bia\",\"start\":\"2026-12-05\"}" },
	{ LANG_EN, "schedule Ana's birthday on December 5", "create_event",
	  "{\"title\":\"Ana's birthday\",\"start\":\"2026-12-05\"}" },
	/* What repeats until a day ends there. */
	{ LANG_PT, "marca reunião todo dia útil às 9h até 18 de dezembro", "create_event",
	  "{\"title\":\"reunião\",\"start\":\"2026-11-23T09:00:00\","
	  "\"rrule\":\"FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;UNTIL=20261218T235959\"}" },
	{ LANG_PT, "acha 90 minutos livres na quarta", "find_free_time",
	  "{\"minutes\":90,\"start\":\"2026-11-25T00:00:00\",\"end\":\"2026-11-26T00:00:00\"}" },
	{ LANG_PT, "qual meu próximo compromisso?", "list_events",
	  "{\"query\":\"\",\"start\":\"2026-11-20T09:00:00\",\"end\":\"2027-05-22T09:00:00\",\"max_results\":1}" },
	{ LANG_EN, "what's my next meeting?", "list_events",
	  "{\"query\":\"\",\"start\":\"2026-11-20T09:00:00\",\"end\":\"2027-05-22T09:00:00\",\"max_results\":1}" },
	{ LANG_PT, "quando é a próxima aula de inglês?", "list_events",
	  "{\"query\":\"aula de inglês\",\"start\":\"2026-11-20T09:00:00\",\"end\":\"2027-05-22T09:00:00\","
	  "\"max_results\":1}" },
};

TEST(sentences_about_the_calendar)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct intent intent;

		intent_find(t->pool, cases[i].text, cases[i].lang, NOW, &intent);
		ERR(err_wrap(test_text(__FILE__, __LINE__, "intent", intent.name, cases[i].intent), "%s",
			     cases[i].text));
		ERR(err_wrap(test_text(__FILE__, __LINE__, "args", json_write(t->pool, intent.args),
				       cases[i].args),
			     "%s", cases[i].text));
	}
	return NULL;
}
