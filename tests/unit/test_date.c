#include "ml/date/date.h"
#include "tests/test.h"

#include "core/text.h"
#include <string.h>

/* Saturday. */
#define REFERENCE "2026-11-21T10:00:00"

/* "start [end] [dDURATION] [RRULE] | rest", or "none". */
static const char *read_at(apr_pool_t *pool, enum lang lang, const char *reference, const char *text)
{
	struct buf b = buf_new(pool, 4096);
	struct date_found f;
	int64_t at;

	if (!date_parse_iso(reference, &at))
		return "bad reference";
	if (!date_find(pool, text, lang, at, &f))
		return "none";
	const char *start = date_iso(pool, f.start);
	buf_text(&b, f.allday ? mem_textn(pool, start, 10) : mem_textn(pool, start, 16));
	if (f.has_end)
		buf_fmt(&b, " %s", mem_textn(pool, date_iso(pool, f.end), f.allday ? 10 : 16));
	if (f.has_duration)
		buf_fmt(&b, " d%g", f.duration_s);
	if (f.rrule)
		buf_fmt(&b, " %s", f.rrule);
	buf_fmt(&b, " | %s", f.rest);
	return b.p;
}

#define PT(text, expected) CHECK_TEXT(read_at(t->pool, LANG_PT, REFERENCE, (text)), (expected))
#define EN(text, expected) CHECK_TEXT(read_at(t->pool, LANG_EN, REFERENCE, (text)), (expected))

TEST(portuguese_clock)
{
	PT("pagar a conta amanhã 14h30", "2026-11-22T14:30 | pagar a conta");
	PT("dentista às 2 da tarde", "2026-11-21T14:00 | dentista");
	PT("almoço meio-dia e meia", "2026-11-21T12:30 | almoço");
	PT("ligar quinze para as três", "2026-11-21T14:45 | ligar");
	PT("consulta 14 horas", "2026-11-21T14:00 | consulta");
	PT("ônibus às 9", "2026-11-22T09:00 | ônibus"); /* past today: tomorrow */
	PT("ônibus às 3", "2026-11-21T15:00 | ônibus"); /* 1..7: the afternoon */
	PT("ônibus às 03:00", "2026-11-22T03:00 | ônibus");
	PT("voo às 10 da noite", "2026-11-21T22:00 | voo");
	return NULL;
}

TEST(portuguese_days)
{
	PT("viagem depois de amanhã", "2026-11-23 | viagem");
	PT("hj às 20h", "2026-11-21T20:00 | ");
	PT("pagar aluguel dia 5", "2026-12-05 | pagar aluguel");
	PT("festa 1º de abril", "2027-04-01 | festa");
	PT("entregar sexta que vem", "2026-11-27 | entregar");
	PT("filme de terror na sexta 13", "2027-08-13 | filme de terror");
	PT("prova 25/03 às 14h", "2027-03-25T14:00 | prova");
	PT("fechar caixa no fim do mês", "2026-11-21 2026-12-01 | fechar caixa");
	PT("condomínio na primeira segunda do mês", "2026-12-07 | condomínio");
	PT("relatório no último dia do mês", "2026-11-30 | relatório");
	PT("ligar pro pai no natal", "2026-12-25 | ligar pro pai");
	PT("ovos de chocolate na páscoa", "2027-03-28 | ovos de chocolate");
	PT("29/2", "2028-02-29 | ");
	return NULL;
}

TEST(portuguese_lengths_and_ranges)
{
	PT("me lembra daqui a 20 min de tirar o bolo", "2026-11-21T10:20 | me lembra de tirar o bolo");
	PT("focar por 45 min", "2026-11-21T10:00 2026-11-21T10:45 d2700 | focar");
	PT("reunião das 14 às 15h30", "2026-11-21T14:00 2026-11-21T15:30 | reunião");
	PT("dia 10 de março às 9h por 2 horas", "2027-03-10T09:00 2027-03-10T11:00 d7200 | ");
	PT("férias de 5 a 20 de janeiro", "2027-01-05 2027-01-21 | férias");
	PT("recesso 28/12-3/1", "2026-12-28 2027-01-04 | recesso");
	return NULL;
}

TEST(portuguese_sets)
{
	PT("academia toda terça e quinta às 19h30", "2026-11-24T19:30 FREQ=WEEKLY;BYDAY=TU,TH | academia");
	PT("remédio todo dia útil às 8h", "2026-11-23T08:00 FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR | remédio");
	PT("reunião todo dia útil às 9h até 18 de dezembro",
	   "2026-11-23T09:00 FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;UNTIL=20261218T235959 | reunião");
	EN("standup every weekday at 9am until December 18",
	   "2026-11-23T09:00 FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;UNTIL=20261218T235959 | standup");
	PT("regar plantas a cada 15 dias", "2026-11-21 FREQ=DAILY;INTERVAL=15 | regar plantas");
	PT("toda primeira segunda do mês às 10h", "2026-12-07T10:00 FREQ=MONTHLY;BYDAY=1MO | ");
	PT("pagar o aluguel todo dia 5", "2026-12-05 FREQ=MONTHLY;BYMONTHDAY=5 | pagar o aluguel");
	PT("nadar às segundas e quartas 18h", "2026-11-23T18:00 FREQ=WEEKLY;BYDAY=MO,WE | nadar");
	PT("escola de segunda a sexta às 7h", "2026-11-23T07:00 FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR | escola");
	PT("remédio todo dia às 7 da manhã", "2026-11-22T07:00 FREQ=DAILY | remédio");
	return NULL;
}

TEST(portuguese_traps)
{
	PT("a segunda reunião foi boa", "none");
	PT("quero a quinta opção", "none");
	PT("é tarde demais", "none");
	PT("tirei nota 10", "none");
	PT("custa R$ 50,00 ou 12% a mais", "none");
	PT("versão 2.1.3 saiu", "none");
	PT("meu telefone é 11 98765-4321", "none");
	PT("boa tarde, tudo bem?", "none");
	PT("comprar 3 pães e 12 ovos", "none");
	PT("ter paciência", "none");
	PT("mais tarde eu vejo", "none");
	return NULL;
}

TEST(english_times_and_days)
{
	EN("call mom next friday at 3", "2026-11-27T15:00 | call mom");
	EN("in 20 minutes take out the cake", "2026-11-21T10:20 | take out the cake");
	EN("meet at quarter past 3", "2026-11-21T15:15 | meet");
	EN("half past eight tomorrow", "2026-11-22T08:30 | ");
	EN("rent on the last day of the month", "2026-11-30 | rent");
	EN("flight 3/25 6:15am", "2027-03-25T06:15 | flight");
	EN("dentist tomorrow at 2:30 p.m. for 45 minutes",
	   "2026-11-22T14:30 2026-11-22T15:15 d2700 | dentist");
	EN("call between 2 and 4pm tomorrow", "2026-11-22T14:00 2026-11-22T16:00 | call");
	EN("shop from 10 to 11am", "2026-11-22T10:00 2026-11-22T11:00 | shop");
	EN("new year's eve", "2026-12-31 | ");
	EN("pay rent by friday", "2026-11-21T10:00 2026-11-28T00:00 | pay rent");
	return NULL;
}

TEST(english_sets)
{
	EN("water plants every other week", "2026-11-21 FREQ=WEEKLY;INTERVAL=2 | water plants");
	EN("standup on weekdays at 9:15am", "2026-11-23T09:15 FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR | standup");
	EN("choir on the last friday of every month at 8pm",
	   "2026-11-27T20:00 FREQ=MONTHLY;BYDAY=-1FR | choir");
	EN("birthday every 15 march", "2027-03-15 FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=15 | birthday");
	return NULL;
}

/* A number inside a word or a code, or of a thing that is counted through, is no time. */
TEST(names_and_codes_keep_their_digits)
{
	PT("comprar filtro X13 amanhã", "2026-11-22 | comprar filtro X13");
	PT("cabo HDMI2 sexta", "2026-11-27 | cabo HDMI2");
	PT("vacina COVID19", "none");
	PT("boleto 4500-3", "none");
	PT("ler a página 3 hoje", "2026-11-21 | ler a página 3");
	PT("voo LA3045 sexta 9h", "2026-11-27T09:00 | voo LA3045");
	PT("reunião às14h30 amanhã", "2026-11-22T14:30 | reunião");
	PT("entrega dia5", "2026-12-05 | entrega");
	EN("read page 3 today", "2026-11-21 | read page 3");
	EN("buy filter X13 tomorrow", "2026-11-22 | buy filter X13");
	return NULL;
}

TEST(english_traps)
{
	EN("I may march in the sun", "none");
	EN("May I come in?", "none");
	EN("wait a second", "none");
	EN("the second time I saw it", "none");
	EN("bought 2 shirts for $20", "none");
	EN("version 2.0.1 is out", "none");
	EN("call 555-123-4567", "none");
	EN("good morning", "none");
	EN("he sat on the chair", "none");
	EN("02/30/2027", "none");
	return NULL;
}

TEST(what_stands_apart_is_put_together)
{
	const char *text = "Reunião amanhã com o João às 15h, na sala azul";
	struct date_found f;
	int64_t at;

	CHECK(date_parse_iso(REFERENCE, &at));
	CHECK(date_find(t->pool, text, LANG_PT, at, &f));
	CHECK_TEXT(date_iso(t->pool, f.start), "2026-11-22T15:00:00");
	CHECK_TEXT(f.rest, "Reunião com o João, na sala azul");
	CHECK_INT(f.n_spans, 2);
	CHECK_TEXT(mem_textn(t->pool, text + f.spans[0].begin,
			     (size_t)(f.spans[0].finish - f.spans[0].begin)),
		   "amanhã");
	CHECK_TEXT(mem_textn(t->pool, text + f.spans[1].begin,
			     (size_t)(f.spans[1].finish - f.spans[1].begin)),
		   "às 15h");
	CHECK_INT(f.begin, f.spans[0].begin);
	CHECK_INT(f.finish, f.spans[1].finish);
	return NULL;
}

TEST(iso_is_read_whole_or_not_at_all)
{
	int64_t at = 7;

	CHECK(!date_parse_iso("2026-02-29", &at));
	CHECK(!date_parse_iso("2026-11-21T24:00:00", &at));
	CHECK(!date_parse_iso("2026-11-21T10:00:00Z", &at));
	CHECK_INT(at, 7);
	CHECK(date_parse_iso("1969-12-31T23:59:59", &at));
	CHECK_INT(at, -1);
	CHECK_TEXT(date_iso(t->pool, at), "1969-12-31T23:59:59");
	return NULL;
}

static const char *other(struct test *t, const char *text, enum lang lang)
{
	struct date_found f;
	int64_t reference;

	/* a Saturday */
	if (!date_parse_iso("2026-11-21T10:00:00", &reference) ||
	    !date_find(t->pool, text, lang, reference, &f))
		return "nothing found";
	return f.has_other ? date_iso(t->pool, f.other) : "none";
}

TEST(what_can_be_read_two_ways_has_its_other_reading)
{
	CHECK_TEXT(other(t, "reunião amanhã às 5", LANG_PT), "2026-11-22T05:00:00");
	CHECK_TEXT(other(t, "reunião amanhã às 9", LANG_PT), "2026-11-22T21:00:00");
	CHECK_TEXT(other(t, "meeting tomorrow at 5", LANG_EN), "2026-11-22T05:00:00");
	CHECK_TEXT(other(t, "at 5", LANG_EN), "2026-11-22T05:00:00");
	CHECK_TEXT(other(t, "feira sábado", LANG_PT), "2026-11-21T00:00:00");
	CHECK_TEXT(other(t, "due 03/04", LANG_EN), "2027-04-03T00:00:00");
	CHECK_TEXT(other(t, "até dia 03/04", LANG_PT), "none");
	CHECK_TEXT(other(t, "amanhã às 17h", LANG_PT), "none");
	CHECK_TEXT(other(t, "amanhã às 5 da tarde", LANG_PT), "none");
	CHECK_TEXT(other(t, "amanhã meio-dia", LANG_PT), "none");
	CHECK_TEXT(other(t, "sexta", LANG_PT), "none");
	CHECK_TEXT(other(t, "toda terça às 5", LANG_PT), "2026-11-24T05:00:00");
	CHECK_TEXT(other(t, "toda terça", LANG_PT), "none");
	return NULL;
}

TEST(weekdays_in_portuguese_are_days_before_they_are_ordinals)
{
	struct date_found f;
	int64_t reference;

	CHECK(date_parse_iso("2026-11-21T10:00:00", &reference));
	CHECK(date_find(t->pool, "reunião segunda às 10", LANG_PT, reference, &f));
	CHECK_TEXT(date_iso(t->pool, f.start), "2026-11-23T10:00:00");
	CHECK_TEXT(f.rest, "reunião");
	CHECK(date_find(t->pool, "segunda a sexta", LANG_PT, reference, &f));
	CHECK_TEXT(date_iso(t->pool, f.start), "2026-11-23T00:00:00");
	CHECK_TEXT(date_iso(t->pool, f.end), "2026-11-28T00:00:00");
	CHECK(date_find(t->pool, "conta dia 2/12", LANG_PT, reference, &f));
	CHECK_TEXT(f.rest, "conta");
	return NULL;
}

TEST(rules_may_be_hourly)
{
	struct date_found f;
	int64_t reference;

	CHECK(date_parse_iso("2026-11-21T10:00:00", &reference));
	CHECK(date_find(t->pool, "beber água de 2 em 2 horas", LANG_PT, reference, &f));
	CHECK_TEXT(f.rrule, "FREQ=HOURLY;INTERVAL=2");
	CHECK_TEXT(date_iso(t->pool, f.start), "2026-11-21T12:00:00");
	CHECK_TEXT(f.rest, "beber água");
	return NULL;
}
