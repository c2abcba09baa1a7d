#include "ml/intent/smalltalk.h"
#include "tests/test.h"

TEST(greetings_and_thanks_are_small_talk)
{
	CHECK_INT(smalltalk_find(t->pool, "oi"), SMALLTALK_HELLO);
	CHECK_INT(smalltalk_find(t->pool, "Oi, tudo bem? 😊"), SMALLTALK_HELLO);
	CHECK_INT(smalltalk_find(t->pool, "bom dia!"), SMALLTALK_HELLO);
	CHECK_INT(smalltalk_find(t->pool, "Good morning"), SMALLTALK_HELLO);
	CHECK_INT(smalltalk_find(t->pool, "muito obrigada"), SMALLTALK_THANKS);
	CHECK_INT(smalltalk_find(t->pool, "thank you so much"), SMALLTALK_THANKS);
	CHECK_INT(smalltalk_find(t->pool, "vlw"), SMALLTALK_THANKS);
	CHECK_INT(smalltalk_find(t->pool, "blz"), SMALLTALK_OK);
	CHECK_INT(smalltalk_find(t->pool, "até amanhã"), SMALLTALK_BYE);
	return NULL;
}

TEST(what_says_more_is_not)
{
	CHECK_INT(smalltalk_find(t->pool, "oi, cria uma tarefa"), SMALLTALK_NONE);
	CHECK_INT(smalltalk_find(t->pool, "obrigado, agora apaga a nota 3"), SMALLTALK_NONE);
	CHECK_INT(smalltalk_find(t->pool, "comprar leite"), SMALLTALK_NONE);
	CHECK_INT(smalltalk_find(t->pool, "tudo"), SMALLTALK_NONE);
	CHECK_INT(smalltalk_find(t->pool, "👍"), SMALLTALK_NONE);
	CHECK_INT(smalltalk_find(t->pool, ""), SMALLTALK_NONE);
	return NULL;
}
