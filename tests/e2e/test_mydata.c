/* A person takes everything along, and leaves. */
#include "core/text.h"
#include "tests/e2e/talk.h"
#include <string.h>

enum { ANA = 941, BIA = 942 };

static NODISCARD err_t *started(struct test *t, struct product **ret)
{
	ERR(product_new(t, true, NULL, ret));
	ERR(talk_clock(*ret, "2026-11-23T15:00:00Z"));
	return product_start(*ret);
}

static NODISCARD err_t *ended(struct product *p)
{
	int code;

	ERR(talk_calm(p));
	ERR(product_stop(p, &code));
	CHECK_INT(code, 0);
	return NULL;
}

TEST(everything_of_a_person_comes_as_a_zip)
{
	struct product *p;
	int n;

	ERR(started(t, &p));
	ERR(talk_expect(p, ANA, NULL, "/tarefa comprar leite", "comprar leite"));
	ERR(talk_expect(p, ANA, NULL, "/lembrar tomar remédio todo dia às 8h", "tomar remédio"));
	ERR(talk_say(p, ANA, NULL, "/exportar"));
	ERR(talk_await(p, ANA, "sendMessage", "Estou juntando", 1));
	ERR(talk_await(p, ANA, "sendDocument", NULL, 1));
	ERR(talk_settle(p));
	ERR(talk_sent(p, ANA, "sendDocument", NULL, &n));
	CHECK_INT(n, 1);
	return ended(p);
}

TEST(a_person_erases_everything_by_a_typed_word)
{
	struct product *p;
	int64_t n;

	ERR(started(t, &p));
	ERR(talk_expect(p, ANA, NULL, "/tarefa quixotesca", "quixotesca"));
	ERR(talk_expect(p, BIA, NULL, "/tarefa de bia", "de bia"));
	/* The word alone is a word. */
	ERR(talk_expect(p, ANA, NULL, "APAGAR TUDO", "Não apaguei nada"));
	ERR(talk_expect(p, ANA, NULL, "/apagar_tudo", "não dá para desfazer"));
	ERR(talk_clock(p, "2026-11-23T15:11:00Z")); /* too late */
	ERR(talk_expect(p, ANA, NULL, "APAGAR TUDO", "Não apaguei nada"));
	ERR(talk_expect(p, ANA, NULL, "/apagar_tudo", "não dá para desfazer"));
	ERR(talk_expect(p, ANA, NULL, "apagar tudo", "Seu recibo"));
	ERR(talk_settle(p));
	ERR(talk_stored(p, "quixotesca", &n));
	CHECK_INT(n, 0);
	ERR(fixture_int(&p->db, "SELECT count(*) FROM users", &n));
	CHECK_INT(n, 1);
	ERR(fixture_int(&p->db, "SELECT count(*) FROM erasure_receipts", &n));
	CHECK_INT(n, 1);
	ERR(talk_expect(p, BIA, NULL, "/tarefas", "de bia"));
	return ended(p);
}
