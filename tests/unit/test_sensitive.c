#include "ml/guard/sensitive.h"
#include "tests/test.h"

TEST(sensitive_facts_are_recognised_in_both_languages)
{
	CHECK_INT(sensitive_find(t->pool, "tenho diabetes tipo 2"), SENSITIVE_HEALTH);
	CHECK_INT(sensitive_find(t->pool, "I was diagnosed last year"), SENSITIVE_HEALTH);
	CHECK_INT(sensitive_find(t->pool, "sou Católico praticante"), SENSITIVE_RELIGION);
	CHECK_INT(sensitive_find(t->pool, "votei em branco"), SENSITIVE_POLITICS);
	CHECK_INT(sensitive_find(t->pool, "I am gay"), SENSITIVE_SEXUALITY);
	CHECK_INT(sensitive_find(t->pool, "meu CPF é 529.982.247-25"), SENSITIVE_DOCUMENT);
	CHECK_INT(sensitive_find(t->pool, "a senha é gato123"), SENSITIVE_DOCUMENT);
	return NULL;
}

TEST(plain_facts_are_not_sensitive)
{
	CHECK_INT(sensitive_find(t->pool, "prefiro reuniões de manhã"), SENSITIVE_NONE);
	CHECK_INT(sensitive_find(t->pool, "meu cachorro se chama Ateuzinho da Silva"), SENSITIVE_NONE);
	CHECK_INT(sensitive_find(t->pool, "I like my party on Fridays"), SENSITIVE_NONE);
	CHECK_INT(sensitive_find(t->pool, "sou vegetariano e moro em Lisboa"), SENSITIVE_NONE);
	CHECK_INT(sensitive_find(t->pool, ""), SENSITIVE_NONE);
	return NULL;
}
