#include "tools/inbox/inbox_view.h"

#include "core/text.h"
#include <string.h>

/* Beginnings of folded words; what more of them speak for wins, the earlier of equals. */
static const struct {
	const char *category, *words;
} known[] = {
	{ "finance",
	  "pagar pagamento boleto fatura conta banco cartao imposto iptu ipva aluguel pix dinheiro salario invest "
	  "orcamento reembols pay bill invoice bank tax rent money salary budget refund expense" },
	{ "health",
	  "medic consulta exame remedio dentista academia treino vacina terapia saude nutricion farmacia "
	  "doctor dentist medicine gym workout vaccine therapy health pharmacy prescription" },
	{ "work",
	  "trabalho cliente reuniao relatorio projeto chefe contrato proposta apresentacao planilha equipe escritorio "
	  "work client meeting report project boss contract proposal presentation spreadsheet team office deadline" },
	{ "content",
	  "post video conteudo instagram linkedin youtube blog reels roteiro podcast newsletter artigo thread "
	  "content script article caption" },
	{ "personal",
	  "casa familia mae pai filho filha aniversario presente viagem ferias mercado cachorro gato amig receita "
	  "home family mom dad birthday gift trip vacation groceries dog cat friend recipe" },
};

static const char gaps[] = " \t\r\n.,;:!?()\"'/#";

/* How many words of the text begin as one of the list. */
static int count(apr_pool_t *pool, const char *text, const char *words)
{
	int n = 0;

	for (const char *s = text + strspn(text, gaps); *s; s += strspn(s, gaps)) {
		size_t length = strcspn(s, gaps);
		const char *word = mem_textn(pool, s, length);
		bool found = false;

		for (const char *w = words; *w && !found; w += strspn(w, " ")) {
			size_t k = strcspn(w, " ");

			found = length >= k && strncmp(word, w, k) == 0 && (k > 3 || length <= k + 1);
			w += k;
		}
		n += found;
		s += length;
	}
	return n;
}

const char *inbox_category(apr_pool_t *pool, const char *text)
{
	const char *category = NULL, *folded = text_fold(pool, text_cut(pool, text, 500));
	int most = 0;

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		int n = count(pool, folded, known[i].words);

		if (n > most) {
			most = n;
			category = known[i].category;
		}
	}
	return category;
}

const char *inbox_about(struct req *req, const char *category, const char *suggested)
{
	const char *which = *category ? category : suggested;

	if (!*which)
		return "";
	return mem_fmt(req->pool, " · %s%s",
		       tr(req->pool, req->lang, mem_fmt(req->pool, "inbox.category.%s", which)),
		       *category ? "" : "?");
}

void inbox_buttons(struct req *req, int64_t id, int row, bool numbered, struct outcome *ret)
{
	static const char *const marks[] = { "✅", "📝", "📅", "🗄" }, *const intos[] = { "task", "note",
											 "event", "archive" };

	for (size_t i = 0; i < sizeof intos / sizeof *intos; i++) {
		const char *label = tr(req->pool, req->lang, mem_fmt(req->pool, "button.to_%s", intos[i]));

		if (numbered)
			label = i ? marks[i] : mem_fmt(req->pool, "%lld %s", (long long)id, marks[i]);
		outcome_button(req, ret, row, label,
			       mem_fmt(req->pool, "t:process_inbox:id=%lld&into=%s", (long long)id,
				       intos[i]));
	}
}
