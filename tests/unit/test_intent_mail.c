/* What sentences about mail ask for, and what of them the tools are given. */
#include "core/json.h"
#include "core/text.h"
#include "ml/intent/intent.h"
#include "tests/test.h"

#define NOW INT64_C(1795856400) /* Saturday 2026-11-28 09:00 */

static const struct {
	enum lang lang;
	const char *text, *intent, *args;
} cases[] = {
	{ LANG_PT, "e-mails não lidos do João desta semana", "search_emails",
	  "{\"query\":\"não lidos do João desta semana\"}" },
	{ LANG_PT, "emails não lidos", "search_emails", "{\"query\":\"não lidos\"}" },
	{ LANG_EN, "any unread mail from Maria?", "search_emails", "{\"query\":\"unread from Maria?\"}" },
	{ LANG_PT, "procura emails do João sobre o contrato", "search_emails",
	  "{\"query\":\"do João sobre o contrato\"}" },
	{ LANG_PT, "arquiva o segundo", "archive_email", "{\"query\":\"segundo\"}" },
	{ LANG_EN, "archive the second one", "archive_email", "{\"query\":\"second one\"}" },
	{ LANG_PT, "lê o primeiro e-mail", "read_email", "{\"query\":\"primeiro\"}" },
	{ LANG_PT, "abre o 3", "read_email", "{\"query\":\"3\"}" },
	{ LANG_EN, "open number 3", "read_email", "{\"query\":\"3\"}" },
	{ LANG_PT, "abre o e-mail 3", "read_email", "{\"query\":\"3\"}" },
	{ LANG_PT, "arquiva o 2", "archive_email", "{\"query\":\"2\"}" },
	{ LANG_PT, "responde pro João que sim", "send_email", "{\"reply_to\":\"João\",\"body\":\"sim\"}" },
	{ LANG_PT, "lê o segundo", "read_email", "{\"query\":\"segundo\"}" },
	{ LANG_PT, "manda um e-mail pra ana@example.org dizendo que chego às 10h", "send_email",
	  "{\"to\":\"ana@example.org\",\"body\":\"chego às 10h\"}" },
	{ LANG_PT, "manda um e-mail para o João Silva sobre o contrato dizendo que assinei", "send_email",
	  "{\"to\":\"João Silva\",\"subject\":\"o contrato\",\"body\":\"assinei\"}" },
	/* Nobody who was named is left out. */
	{ LANG_PT, "envia e-mail para ana@example.org e joao@example.org dizendo que a reunião mudou",
	  "send_email", "{\"to\":\"ana@example.org, joao@example.org\",\"body\":\"a reunião mudou\"}" },
	{ LANG_PT, "manda um e-mail pra Ana e pro João Silva dizendo oi", "send_email",
	  "{\"to\":\"Ana, João Silva\",\"body\":\"oi\"}" },
	{ LANG_PT, "manda um e-mail pra Bia Lima com cópia pro João Pedro dizendo que chego às 10h",
	  "send_email", "{\"to\":\"Bia Lima\",\"cc\":\"João Pedro\",\"body\":\"chego às 10h\"}" },
	{ LANG_EN, "email bia@example.org cc tom@example.org subject Hello saying see you soon", "send_email",
	  "{\"to\":\"bia@example.org\",\"cc\":\"tom@example.org\",\"subject\":\"Hello\",\"body\":\"see you soon\"}" },
	{ LANG_PT, "tenho e-mail novo?", "search_emails", "{\"query\":\"não lidos novo?\"}" },
	{ LANG_PT, "responde o e-mail da Ana dizendo que sim", "send_email",
	  "{\"reply_to\":\"e-mail da Ana\",\"body\":\"sim\"}" },
	{ LANG_PT, "responde o segundo dizendo que chego às 10h", "send_email",
	  "{\"reply_to\":\"segundo\",\"body\":\"chego às 10h\"}" },
	{ LANG_PT, "escreve um rascunho pro João sobre o contrato", "create_draft",
	  "{\"to\":\"João\",\"subject\":\"o contrato\"}" },
	{ LANG_EN, "send an email to John Smith about the lease saying I signed", "send_email",
	  "{\"to\":\"John Smith\",\"subject\":\"the lease\",\"body\":\"I signed\"}" },
};

TEST(sentences_about_mail)
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
