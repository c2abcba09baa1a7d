#include "ml/phrase/phrase.h"
#include "tests/test.h"

static const struct phrase_fact facts[] = {
	{ "done", "23", "tasks finished", "conclu finish did" },
	{ "sleep", "7,2 h", "average sleep", "sono dorm sleep slept" },
	{ "posts", NULL, "posts", "post public" },
};

#define HELD(answer, expected)                                                 \
	do {                                                                   \
		const char *held_ = phrase_checked(t->pool, answer, facts, 3); \
		CHECK(held_ != NULL);                                          \
		CHECK_TEXT(held_, expected);                                   \
	} while (0)
#define DROPPED(answer) CHECK(phrase_checked(t->pool, answer, facts, 3) == NULL)

TEST(values_are_filled_in)
{
	HELD("Você concluiu [done] tarefas.", "Você concluiu 23 tarefas.");
	HELD("Você concluiu [done] tarefas nesta semana!\nSeu sono ficou em [sleep] por noite.",
	     "Você concluiu 23 tarefas nesta semana! Seu sono ficou em 7,2 h por noite.");
	HELD("  You finished [done] tasks, with [sleep] of sleep a night.  ",
	     "You finished 23 tasks, with 7,2 h of sleep a night.");
	return NULL;
}

TEST(a_number_of_its_own_drops_the_sentence)
{
	DROPPED("Você concluiu 23 tarefas.");
	DROPPED("Você concluiu vinte e [done] tarefas.");
	DROPPED("You finished [done] tasks, twice what you planned.");
	DROPPED("Foram [done] tarefas na terça.");
	DROPPED("Foram [done] tarefas, ou ２３.");
	DROPPED("Foram [done] tarefas em quinze projetos.");
	DROPPED("Foram [done] tarefas em quarenta horas.");
	DROPPED("Você abriu duzentas e concluiu [done].");
	DROPPED("You finished [done] tasks in fifteen projects.");
	DROPPED("You finished [done] of ninety tasks.");
	DROPPED("You finished a million things, [done] of them tasks.");
	DROPPED("Your first week had [done] tasks.");
	/* Figures that are drawn: keycap ten, a hundred, 7 of old screens, 1 with a comma, three o'clock. */
	DROPPED("Foram [done] tarefas, \U0001F51F por dia.");
	DROPPED("Foram [done] tarefas, \U0001F4AF por cento.");
	DROPPED("Foram [done] tarefas, ou \U0001FBF7.");
	DROPPED("Foram [done] tarefas, ou \U0001F102.");
	DROPPED("Foram [done] tarefas às \U0001F552.");
	HELD("Foram [done] tarefas \U0001F389 \U0001F4AA.", "Foram 23 tarefas \U0001F389 \U0001F4AA.");
	HELD("Foram [done] tarefas. E 7 horas de sono.", "Foram 23 tarefas.");
	return NULL;
}

TEST(comparisons_and_causes_drop_it)
{
	DROPPED("Você concluiu mais tarefas: [done].");
	DROPPED("Sono de [sleep], melhor que antes.");
	DROPPED("Você rendeu porque dormiu [sleep].");
	DROPPED("Your sleep of [sleep] improved.");
	DROPPED("Sleeping [sleep] leads to all of it, more than before.");
	DROPPED("You should see a doctor about [sleep].");
	return NULL;
}

TEST(a_denial_of_a_fact_drops_it)
{
	DROPPED("Você não concluiu [done] tarefas.");
	DROPPED("Faltaram [done] tarefas.");
	DROPPED("Você quase dormiu [sleep].");
	DROPPED("You did not finish [done] tasks.");
	DROPPED("You didn't sleep [sleep].");
	DROPPED("You didn’t sleep [sleep].");
	DROPPED("You failed at [done] tasks.");
	DROPPED("You only slept [sleep].");
	return NULL;
}

TEST(what_is_no_fact_drops_it)
{
	DROPPED("Foi uma boa semana!");
	DROPPED("Você concluiu [open] tarefas.");
	DROPPED("Veja https://exemplo.com: [done].");
	DROPPED("<b>[done]</b> tarefas.");
	DROPPED("[done");
	DROPPED("");
	DROPPED("[done] [done] [done] [done] [done] [done] [done] [done] [done] [done] [done] [done] [done] [done] "
		"[done] [done] [done] [done] [done] [done] [done] [done] [done] [done] [done] [done] [done] [done] "
		"[done] [done] [done] [done] [done] [done] [done] [done] [done] [done] [done] [done] [done] [done] "
		"[done] [done] [done] [done] [done] [done] [done] [done] [done] [done] [done] [done] [done] [done] "
		"[done] [done] [done] [done] [done] [done] [done] [done] [done] [done] [done] [done] [done] [done] x.");
	return NULL;
}

/* A value that is right and stands for something else is as wrong as an invented one. */
TEST(a_value_is_told_as_what_it_is)
{
	DROPPED("Você concluiu [sleep].");
	DROPPED("Você dormiu [done] noites.");
	DROPPED("Você concluiu [sleep] de tarefas e dormiu [done].");
	DROPPED("Foram [done] posts.");
	DROPPED("Foram [posts].");
	DROPPED("You slept well and had [done] days.");
	HELD("Você concluiu [done] tarefas e dormiu [sleep].", "Você concluiu 23 tarefas e dormiu 7,2 h.");
	HELD("Com [sleep] de sono por noite, [done] tarefas ficaram prontas.",
	     "Com 7,2 h de sono por noite, 23 tarefas ficaram prontas.");
	return NULL;
}

TEST(three_sentences_are_enough)
{
	HELD("A [done]. B [done]. C [done]. D [done].", "A 23. B 23. C 23.");
	return NULL;
}
