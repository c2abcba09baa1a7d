#include "core/limits.h"
#include "core/text.h"
#include "tools/contact/contact_view.h"
#include "tools/page.h"
#include "tools/words.h"
#include <stddef.h>

struct args {
	int64_t page, id;
	const char *query;
};

static const struct json_field params[] = {
	PAGE_PARAM(offsetof(struct args, page)),
	{ "id", JSON_INT, 0, offsetof(struct args, id), 1, INT64_MAX, NULL,
	  "the number of one contact, to see all of it" },
	{ "query", JSON_TEXT, 0, offsetof(struct args, query), 0, LIMIT_TEXT_IN, NULL,
	  "a name, company, or other words; without it the follow-ups that are due, and the latest" },
	{ 0 },
};

struct found {
	int64_t total, page;
	struct json_list contacts;
};

static const struct json_field result[] = {
	{ "total", JSON_INT, JSON_REQUIRED, offsetof(struct found, total) },
	{ "page", JSON_INT, JSON_REQUIRED, offsetof(struct found, page), .doc = "from 1, ten a page" },
	{ "contacts", JSON_OBJECTS, JSON_REQUIRED, offsetof(struct found, contacts), .of = contact_fields,
	  .size = sizeof(struct contact) },
	{ 0 },
};

static NODISCARD err_t *render(struct req *req, const struct args *args, const char *words,
			       const struct rows *rows, struct outcome *ret)
{
	struct page page = page_of(args->page, rows_int(rows, 0, COL_CONTACT_FIND_TOTAL));
	struct json_list list = contact_rows(req, rows, COL_CONTACT_FIND_CONTACT);
	struct buf html = buf_new(req->pool, LIMIT_MESSAGE_BYTES);
	const struct contact *v = list.v;

	buf_text(&html, tr(req->pool, req->lang, *words ? "contact.list_words" : "contact.list",
			   SLOT_I("total", page.total), SLOT_S("words", text_cut(req->pool, words, 80))));
	for (int i = 0; i < (int)list.n; i++) {
		buf_fmt(&html, "\n%s", contact_line(req, &v[i]));
		outcome_button(req, ret, i / 2,
			       mem_fmt(req->pool, "👤 %s", text_cut(req->pool, v[i].name, 24)),
			       button_act(req->pool, "find_contact", SLOT_I("id", v[i].id)));
	}
	page_end(req, ret, &html, &page, "find_contact",
		 *words ? mem_fmt(req->pool, "query=%s", words) : NULL);
	outcome_data(req, ret, result, &(struct found){ page.total, page.number, list });
	ret->html = html.p;
	return buf_check(&html);
}

static void none(struct req *req, const char *words, struct outcome *ret)
{
	ret->html = *words ? tr(req->pool, req->lang, "contact.none_words",
				SLOT_S("words", text_cut(req->pool, words, 80)))
			   : tr(req->pool, req->lang, "contact.none");
	outcome_data(req, ret, result, &(struct found){ .page = 1 });
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	const char *words = contact_query(req->pool, args->query ? words_line(req->pool, args->query) : "");
	struct contact c;
	struct rows *rows;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	if (args->id)
		ERR(tx_exec(tx, STMT_CONTACT_GET, PG_ARGS(PG_INT(args->id)), &rows));
	else
		ERR(tx_exec(tx, STMT_CONTACT_FIND,
			    PG_ARGS(PG_TEXT(words), PG_INT(args->page > 1 ? args->page : 1)), &rows));
	if (!rows_count(rows)) {
		if (args->id)
			contact_absent(req, args->id, ret);
		else
			none(req, words, ret);
		return NULL;
	}
	if (!args->id && (rows_count(rows) > 1 || !*words))
		return render(req, args, words, rows, ret);
	c = contact_row(req, rows, 0, args->id ? COL_CONTACT_GET_CONTACT : COL_CONTACT_FIND_CONTACT);
	contact_card(req, &c, NULL, ret);
	outcome_data(req, ret, result, &(struct found){ 1, 1, { 1, &c } });
	return NULL;
}

const struct tool tool_find_contact = {
	.name = "find_contact",
	.description =
		"Finds contacts by name, company or other words, in any case and without accents; without words shows due follow-ups and the latest.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_READ,
	.words = { .what = "query id" },
	.min_role = ROLE_GUEST,
	.commands = "contato contact",
	.with_text = "save_contact",
	.run = run,
};
