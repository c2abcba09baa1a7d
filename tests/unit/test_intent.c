#include "ml/intent/intent.h"

#include "core/text.h"
#include "tests/test.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW INT64_C(1794996000) /* Wednesday 2026-11-18 10:00 */
#define SENTENCE "O governo anunciou ontem um novo projeto para as cidades. "

static const struct {
	const char *text, *name, *args; /* args: the whole object */
} said_pt[] = {
	{ "me lembra de pagar o aluguel amanhã às 9", "create_reminder",
	  "{\"text\":\"pagar o aluguel\",\"at\":\"2026-11-19T09:00:00\"}" },
	{ "marca reunião com a Ana sexta 14h30", "create_event",
	  "{\"title\":\"reunião com a Ana\",\"start\":\"2026-11-20T14:30:00\"}" },
	{ "anota aí: a senha da academia é a data", "save_note",
	  "{\"text\":\"a senha da academia é a data\"}" },
	{ "tenho que comprar pão hoje", "create_task", "{\"title\":\"comprar pão\",\"due\":\"2026-11-18\"}" },
	{ "comprar leite amanhã !alta #casa", "create_task",
	  "{\"title\":\"comprar leite\",\"due\":\"2026-11-19\",\"tags\":[\"casa\"],\"priority\":\"high\"}" },
	{ "feito 3", "complete_task", "{\"id\":3}" },
	{ "muda a tarefa 4 pra sexta", "update_task", "{\"id\":4,\"due\":\"2026-11-20\"}" },
	{ "vc pode me lembrar de tomar remédio todo dia às 8h?", "create_reminder",
	  "{\"text\":\"tomar remédio\",\"at\":\"2026-11-19T08:00:00\",\"rrule\":\"FREQ=DAILY\"}" },
	{ "dentista sexta 9h", "create_event", "{\"title\":\"dentista\",\"start\":\"2026-11-20T09:00:00\"}" },
	{ "manda um email pra ana@x.com dizendo que chego tarde", "send_email",
	  "{\"to\":\"ana@x.com\",\"body\":\"chego tarde\"}" },
	{ "lembra que eu prefiro reuniões de manhã", "remember",
	  "{\"fact\":\"eu prefiro reuniões de manhã\"}" },
	{ "estou livre amanhã à tarde?", "find_free_time",
	  "{\"start\":\"2026-11-19T12:00:00\",\"end\":\"2026-11-19T18:00:00\"}" },
	{ "o que eu tenho hoje?", "list_events",
	  "{\"start\":\"2026-11-18T00:00:00\",\"end\":\"2026-11-19T00:00:00\"}" },
	{ "dormi 6h30", "log_checkin", "{\"sleep\":6.5,\"text\":\"dormi 6h30\"}" },
	{ "me chama de Zé", "set_preference", "{\"key\":\"name\",\"value\":\"Zé\"}" },
	{ "convida a Ana para o almoço de sexta às 12h", "create_event",
	  "{\"title\":\"almoço\",\"attendees\":[\"Ana\"],\"start\":\"2026-11-20T12:00:00\"}" },
	{ "convide o Pedro, a Maria e joao@example.org pra reunião de amanhã 10h", "create_event",
	  "{\"title\":\"reunião\",\"attendees\":[\"Pedro\",\"Maria\",\"joao@example.org\"],\"start\":\"2026-11-19T10:00:00\"}" },
	{ "adiciona o Pedro na reunião de amanhã", "update_event",
	  "{\"title\":\"reunião\",\"attendees\":[\"Pedro\"]}" },
	{ "adia a reunião em uma hora", "update_event", "{\"title\":\"reunião\",\"shift\":60}" },
	{ "adianta o dentista meia hora", "update_event", "{\"title\":\"dentista\",\"shift\":-30}" },
	{ "empurra a call com a Ana uma hora e meia", "update_event",
	  "{\"title\":\"call com a Ana\",\"shift\":90}" },
	{ "adia a consulta em um dia", "update_event", "{\"title\":\"consulta\",\"shift\":1440}" },
	{ "adia a reunião para amanhã", "update_event", "{\"title\":\"reunião\",\"start\":\"2026-11-19\"}" },
	{ "adia a reunião pra daqui a uma hora", "update_event",
	  "{\"title\":\"reunião\",\"start\":\"2026-11-18T11:00:00\"}" },
	{ "cancela todas as reuniões de sexta", "delete_event",
	  "{\"several\":true,\"start\":\"2026-11-20\"}" },
	{ "cancela a reunião de sexta", "delete_event", "{\"title\":\"reunião\",\"start\":\"2026-11-20\"}" },
	{ "Oi! Tudo bem? cria uma tarefa pra ligar pro João, por favor", "create_task",
	  "{\"title\":\"ligar pro João\"}" },
};

static const struct {
	const char *text, *name, *args;
} said_en[] = {
	{ "remind me to pay rent tomorrow at 9am", "create_reminder",
	  "{\"text\":\"pay rent\",\"at\":\"2026-11-19T09:00:00\"}" },
	{ "move the report task to monday", "update_task", "{\"title\":\"report\",\"due\":\"2026-11-23\"}" },
	{ "invite Ana and Bob to lunch on friday at noon", "create_event",
	  "{\"title\":\"lunch\",\"attendees\":[\"Ana\",\"Bob\"],\"start\":\"2026-11-20T12:00:00\"}" },
	{ "push the meeting by an hour", "update_event", "{\"title\":\"meeting\",\"shift\":60}" },
	{ "bring the standup forward 15 minutes", "update_event", "{\"title\":\"standup\",\"shift\":-15}" },
	{ "move the meeting to 3pm", "update_event",
	  "{\"title\":\"meeting\",\"start\":\"2026-11-18T15:00:00\"}" },
	{ "cancel all my meetings on friday", "delete_event", "{\"several\":true,\"start\":\"2026-11-20\"}" },
	{ "check off laundry", "complete_task", "{\"title\":\"laundry\"}" },
	{ "show my last 5 emails", "search_emails", "{\"max_results\":5}" },
};

static err_t *check_said(apr_pool_t *pool, const char *text, enum lang lang, const char *name,
			 const char *args)
{
	struct intent intent;

	intent_find(pool, text, lang, NOW, &intent);
	CHECK_TEXT(intent.name, name);
	CHECK_TEXT(json_write(pool, intent.args), args);
	CHECK(intent.confidence >= INTENT_ACT);
	return NULL;
}

TEST(takes_out_what_is_said)
{
	for (size_t i = 0; i < sizeof said_pt / sizeof *said_pt; i++)
		ERR(err_wrap(check_said(t->pool, said_pt[i].text, LANG_PT, said_pt[i].name, said_pt[i].args),
			     "%s", said_pt[i].text));
	for (size_t i = 0; i < sizeof said_en / sizeof *said_en; i++)
		ERR(err_wrap(check_said(t->pool, said_en[i].text, LANG_EN, said_en[i].name, said_en[i].args),
			     "%s", said_en[i].text));
	return NULL;
}

/* What is said of a time goes along: the grammar has no need to read the sentence again. */
TEST(tells_the_time_that_was_found)
{
	const char *text = "Oi! marca dentista amanhã às 5";
	struct intent intent;

	intent_find(t->pool, text, LANG_PT, NOW, &intent);
	CHECK_TEXT(intent.name, "create_event");
	CHECK_TEXT(date_iso(t->pool, intent.date->start), "2026-11-19T17:00:00");
	CHECK(intent.date->has_other);
	CHECK_TEXT(date_iso(t->pool, intent.date->other), "2026-11-19T05:00:00");
	CHECK_TEXT(text + intent.date->begin, "amanhã às 5");
	CHECK_TEXT(text + intent.date->spans[0].begin, "amanhã às 5");
	/* the number is the task's, no hour that could be another's */
	intent_find(t->pool, "muda a tarefa 4 pra sexta", LANG_PT, NOW, &intent);
	CHECK(intent.date && !intent.date->has_other);
	intent_find(t->pool, "criar tarefa comprar leite", LANG_PT, NOW, &intent);
	CHECK(intent.confidence >= INTENT_ACT && !intent.date);
	return NULL;
}

TEST(asks_about_what_could_be_a_story)
{
	struct intent intent;

	intent_find(t->pool, "já paguei o aluguel", LANG_PT, NOW, &intent);
	CHECK_TEXT(intent.name, "complete_task");
	CHECK_TEXT(json_text(intent.args, "title"), "aluguel");
	CHECK(intent.confidence >= INTENT_ASK && intent.confidence < INTENT_ACT);
	return NULL;
}

/* A command stays one with letters slipped, and none when it is told, denied or deep in an article. */
TEST(minds_slips_and_frames)
{
	struct intent intent;
	char *article = mem_alloc(t->pool, 8000);

	intent_find(t->pool, "lmebrete: tomar vitamina 9h", LANG_PT, NOW, &intent);
	CHECK_TEXT(intent.name, "create_reminder");
	intent_find(t->pool, "não precisa criar tarefa", LANG_PT, NOW, &intent);
	CHECK_TEXT(intent.name, "none");
	intent_find(t->pool, "ela falou: me lembra de comprar pão", LANG_PT, NOW, &intent);
	CHECK_TEXT(intent.name, "none");
	while (strlen(article) < 7000)
		memcpy(article + strlen(article), SENTENCE, sizeof SENTENCE);
	intent_find(t->pool, article, LANG_PT, NOW, &intent);
	CHECK_TEXT(intent.name, "none");
	return NULL;
}

TEST(keeps_all_of_a_long_note)
{
	struct intent intent;

	intent_find(t->pool, "anota: primeira linha\nsegunda linha. Fim", LANG_PT, NOW, &intent);
	CHECK_TEXT(intent.name, "save_note");
	CHECK_TEXT(json_text(intent.args, "text"), "primeira linha\nsegunda linha. Fim");
	return NULL;
}

TEST(ranks_what_is_likely)
{
	const char *names[5];
	size_t n = intent_likely(t->pool, "e aquele lembrete do remédio, como fica?", LANG_PT, 5, names);
	bool found = false;

	CHECK_INT(n, 5);
	for (size_t i = 0; i < n; i++)
		found = found || strstr(names[i], "reminder");
	CHECK(found);
	CHECK_INT(intent_likely(t->pool, "xyzzy", LANG_PT, 5, names), 0);
	CHECK(intent_likely(t->pool, "cria uma tarefa: x", LANG_PT, 1, names) == 1);
	CHECK_TEXT(names[0], "create_task");
	return NULL;
}

/* --- the kept cases ------------------------------------------------------------------------------ */

struct score {
	int tools, good, none, false_actions;
};

static NODISCARD err_t *score_line(apr_pool_t *pool, const char *line, struct score *score)
{
	struct intent intent;
	struct json *j;
	int64_t reference;

	ERR(json_read(pool, line, strlen(line), &j));
	const char *want = json_text(j, "intent");
	CHECK(want && date_parse_iso(json_text(j, "reference"), &reference));
	intent_find(pool, json_text(j, "text"), lang_of(json_text(j, "lang")), reference, &intent);
	if (text_same(want, "none")) {
		score->none++;
		score->false_actions += intent.confidence >= INTENT_ACT;
	} else {
		score->tools++;
		score->good += text_same(want, intent.name);
	}
	return NULL;
}

static NODISCARD err_t *score_file(apr_pool_t *pool, const char *path, struct score *score)
{
	char *line = NULL;
	size_t cap = 0;
	FILE *in = fopen(path, "r");
	err_t *err = NULL;

	CHECK(in);
	while (!err && getline(&line, &cap, in) > 0)
		err = score_line(pool, line, score);
	free(line);
	fclose(in);
	return err;
}

static NODISCARD err_t *check_level(apr_pool_t *pool, const char *path, int percent)
{
	struct score score = { 0 };

	ERR(score_file(pool, path, &score));
	CHECK(score.tools >= 400 && score.none >= 200);
	if (score.good * 100 < score.tools * percent || score.false_actions * 100 > score.none)
		return err_new(ERR_INTERNAL, "%d of %d right, %d false actions in %d", score.good,
			       score.tools, score.false_actions, score.none);
	return NULL;
}

TEST(holds_its_level)
{
	ERR(check_level(t->pool, "tests/data/intents/dev.jsonl", 95));
	return check_level(t->pool, "tests/data/intents/kept.jsonl", 90);
}
