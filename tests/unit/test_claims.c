#include "ml/guard/claims.h"
#include "tests/test.h"
#include <string.h>

static unsigned claims(struct test *t, const char *text)
{
	return claims_find(t->pool, text);
}

TEST(claims_of_acts_are_found_in_both_languages)
{
	CHECK_INT(claims(t, "Anotei \"comprar leite\" para amanhã."), CLAIM_MAKE);
	CHECK_INT(claims(t, "Oi! Já criei o lembrete."), CLAIM_MAKE);
	CHECK_INT(claims(t, "A tarefa foi criada."), CLAIM_MAKE);
	CHECK_INT(claims(t, "Tarefa criada!"), CLAIM_MAKE);
	CHECK_INT(claims(t, "Anotado: comprar leite amanhã"), CLAIM_MAKE);
	CHECK_INT(claims(t, "Pronto!"), CLAIM_DONE);
	CHECK_INT(claims(t, "Enviei o e-mail para a Ana."), CLAIM_SEND);
	CHECK_INT(claims(t, "Vou te lembrar amanhã às 9h."), CLAIM_MAKE);
	CHECK_INT(claims(t, "I've added milk to your list."), CLAIM_MAKE);
	CHECK_INT(claims(t, "I just sent it."), CLAIM_SEND);
	CHECK_INT(claims(t, "The note has been deleted."), CLAIM_REMOVE);
	CHECK_INT(claims(t, "I'll remind you tomorrow."), CLAIM_MAKE);
	CHECK_INT(claims(t, "Done! Anything else?"), CLAIM_DONE);
	CHECK_INT(claims(t, "Reminder set."), CLAIM_MAKE);
	CHECK_INT(claims(t, "Combinado, amanhã às 9h eu te lembro do remédio!"), CLAIM_MAKE);
	CHECK_INT(claims(t, "Te aviso amanhã às 9h."), CLAIM_MAKE);
	CHECK_INT(claims(t, "A Ana já foi avisada."), CLAIM_SEND);
	CHECK_INT(claims(t, "You're all set for 3pm."), CLAIM_DONE);
	CHECK_INT(claims(t, "Consider it done."), CLAIM_DONE);
	CHECK_INT(claims(t, "Já tá na sua agenda!"), CLAIM_STATE);
	CHECK_INT(claims(t, "Lembrete ativado."), CLAIM_MAKE);
	CHECK_INT(claims(t, "Risquei o leite da lista."), CLAIM_COMPLETE);
	return NULL;
}

TEST(claims_are_not_seen_where_nothing_is_claimed)
{
	CHECK_INT(claims(t, "Você tem 3 tarefas para hoje."), 0);
	CHECK_INT(claims(t, "Ainda não criei a tarefa."), 0);
	CHECK_INT(claims(t, "Não foi enviado nenhum e-mail."), 0);
	CHECK_INT(claims(t, "Quer que eu marque?"), 0);
	CHECK_INT(claims(t, "Já anotei isso antes?"), 0);
	CHECK_INT(claims(t, "I didn't send it."), 0);
	CHECK_INT(claims(t, "I could not find that note."), 0);
	CHECK_INT(claims(t, "You can say it in one sentence."), 0);
	CHECK_INT(claims(t, "Posso criar uma tarefa para você."), 0);
	CHECK_INT(claims(t, "Não está na sua agenda."), 0);
	CHECK_INT(claims(t, "Quer que eu te lembre?"), 0);
	CHECK_INT(claims(t, ""), 0);
	return NULL;
}

TEST(claims_about_how_things_stand_are_their_own_kind)
{
	CHECK_INT(claims(t, "Sua reunião está marcada para as 14h."), CLAIM_STATE);
	CHECK_INT(claims(t, "Your meeting is scheduled for 2 pm."), CLAIM_STATE);
	return NULL;
}

TEST(claims_go_and_the_rest_of_the_text_stays)
{
	CHECK_TEXT(claims_strip(t->pool, "Anotei tudo. Quer que eu avise a Ana?", CLAIM_MAKE),
		   "Quer que eu avise a Ana?");
	CHECK_TEXT(claims_strip(t->pool, "Boa sorte na prova! Criei a tarefa.\nAté mais.", CLAIM_MAKE),
		   "Boa sorte na prova!\nAté mais.");
	CHECK_TEXT(claims_strip(t->pool, "Enviei.", CLAIM_SEND), "");
	CHECK_TEXT(claims_strip(t->pool, "Enviei a versão 1.2 hoje.", CLAIM_MAKE),
		   "Enviei a versão 1.2 hoje.");
	return NULL;
}
