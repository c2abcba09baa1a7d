#include "tools/inbox/inbox_view.h"

#include "core/text.h"
#include "tools/words.h"
#include <string.h>

const struct json_field inbox_fields[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct inbox_row, id) },
	{ "kind", JSON_TEXT, JSON_REQUIRED, offsetof(struct inbox_row, kind), .values = INBOX_KINDS },
	{ "text", JSON_TEXT, JSON_WORDS, offsetof(struct inbox_row, text), .doc = "or the file's name" },
	{ "day", JSON_TEXT, JSON_REQUIRED, offsetof(struct inbox_row, day), .doc = "when it came" },
	{ "status", JSON_TEXT, JSON_REQUIRED, offsetof(struct inbox_row, status),
	  .values = "new processing processed archived" },
	{ "category", JSON_TEXT, 0, offsetof(struct inbox_row, category), .values = INBOX_CATEGORIES },
	{ "suggested", JSON_TEXT, 0, offsetof(struct inbox_row, suggested), .values = INBOX_CATEGORIES,
	  .doc = "a category that its words speak for" },
	{ "tags", JSON_TEXTS, 0, offsetof(struct inbox_row, tag_list) },
	{ "outside", JSON_BOOL, 0, offsetof(struct inbox_row, outside) },
	{ 0 },
};

struct inbox_row inbox_row(struct req *req, const struct rows *rows, int row, int col)
{
	const char *tags = rows_text(rows, row, col + COL_INBOX_TAGS);

	return (struct inbox_row){ .id = rows_int(rows, row, col + COL_INBOX_ID),
				   .kind = rows_text(rows, row, col + COL_INBOX_KIND),
				   .text = rows_text(rows, row, col + COL_INBOX_TEXT),
				   .date = rows_text(rows, row, col + COL_INBOX_DATE),
				   .day = rows_text(rows, row, col + COL_INBOX_DAY),
				   .status = rows_text(rows, row, col + COL_INBOX_STATUS),
				   .category = rows_text(rows, row, col + COL_INBOX_CATEGORY),
				   .suggested = rows_text(rows, row, col + COL_INBOX_SUGGESTED),
				   .tags = tags,
				   .tag_list = words_tag_list(req->pool, tags),
				   .outside = rows_bool(rows, row, col + COL_INBOX_OUTSIDE) };
}

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
			       button_act(req->pool, "process_inbox", SLOT_I("id", id),
					  SLOT_S("into", intos[i])));
	}
}
