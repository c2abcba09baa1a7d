#include "tools/contact/contact_view.h"

#include "core/limits.h"
#include "core/text.h"
#include "tools/when.h"
#include "tools/which.h"
#include "tools/words.h"
#include <string.h>

enum { DAY_S = 86400, WEEK = 7, MONTH = 30, DIGITS = 8, BEGINNING_CHARS = 300 };

const struct json_field contact_fields[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct contact, id) },
	{ "name", JSON_TEXT, JSON_REQUIRED, offsetof(struct contact, name) },
	{ "kind", JSON_TEXT, JSON_REQUIRED, offsetof(struct contact, kind), .values = CONTACT_KINDS },
	{ "company", JSON_TEXT, 0, offsetof(struct contact, company) },
	{ "email", JSON_TEXT, 0, offsetof(struct contact, email) },
	{ "phone", JSON_TEXT, 0, offsetof(struct contact, phone) },
	{ "category", JSON_TEXT, JSON_REQUIRED, offsetof(struct contact, category),
	  .values = CONTACT_CATEGORIES },
	{ "notes", JSON_TEXT, 0, offsetof(struct contact, notes) },
	{ "last_interaction", JSON_TEXT, 0, offsetof(struct contact, last) },
	{ "next_follow_up", JSON_TEXT, 0, offsetof(struct contact, next) },
	{ "tags", JSON_TEXTS, 0, offsetof(struct contact, tags) },
	{ 0 },
};

const struct json_field contact_result[] = {
	{ "contact", JSON_OBJECT, JSON_REQUIRED, offsetof(struct contact_result, contact),
	  .of = contact_fields },
	WHICH_CANDIDATES(offsetof(struct contact_result, candidates), contact_fields, contact),
	{ 0 },
};

struct contact contact_row(struct req *req, const struct rows *rows, int row, int col)
{
	return (struct contact){ .id = rows_int(rows, row, col + COL_CONTACT_ID),
				 .name = rows_text(rows, row, col + COL_CONTACT_NAME),
				 .kind = rows_text(rows, row, col + COL_CONTACT_KIND),
				 .company = rows_text(rows, row, col + COL_CONTACT_COMPANY),
				 .email = rows_text(rows, row, col + COL_CONTACT_EMAIL),
				 .phone = rows_text(rows, row, col + COL_CONTACT_PHONE),
				 .category = rows_text(rows, row, col + COL_CONTACT_CATEGORY),
				 .notes = rows_text(rows, row, col + COL_CONTACT_NOTES),
				 .last = rows_text(rows, row, col + COL_CONTACT_LAST),
				 .next = rows_text(rows, row, col + COL_CONTACT_NEXT),
				 .tags = words_tag_list(req->pool,
							rows_text(rows, row, col + COL_CONTACT_TAGS)) };
}

struct json_list contact_rows(struct req *req, const struct rows *rows, int col)
{
	int n = rows_count(rows);
	struct contact *v = mem_alloc(req->pool, sizeof *v * (size_t)(n + 1));

	for (int i = 0; i < n; i++) {
		v[i] = contact_row(req, rows, i, col);
		v[i].notes = text_cut(req->pool, v[i].notes, BEGINNING_CHARS);
	}
	return (struct json_list){ .n = (size_t)n, .v = v };
}

void contact_absent(struct req *req, int64_t id, struct outcome *ret)
{
	outcome_refuse(req, ret, "not_found", tr(req->pool, req->lang, "contact.no_id", SLOT_I("id", id)));
}

/* --- words --------------------------------------------------------------------------------------- */

static const struct {
	const char *word, *category;
} categories[] = { { "cliente", "client" },    { "client", "client" },   { "customer", "client" },
		   { "lead", "lead" },         { "prospect", "lead" },   { "parceiro", "partner" },
		   { "parceira", "partner" },  { "partner", "partner" }, { "pessoal", "personal" },
		   { "personal", "personal" }, { "amigo", "personal" },  { "amiga", "personal" },
		   { "friend", "personal" } };

static bool is_one_of(const char *word, const char *words)
{
	size_t n = strlen(word);

	for (const char *at = words; n && (at = strstr(at, word)); at += n)
		if ((at == words || at[-1] == ' ') && (at[n] == ' ' || !at[n]))
			return true;
	return false;
}

static const char *category_of(const char *folded)
{
	for (size_t i = 0; i < sizeof categories / sizeof *categories; i++)
		if (text_same(categories[i].word, folded))
			return categories[i].category;
	return NULL;
}

static bool is_mail(const char *word)
{
	const char *at = strchr(word, '@');

	return at && at > word && strchr(at, '.') && !strchr(at + 1, '@');
}

/* Bytes of a telephone number that begins s, or 0. */
static size_t phone_span(const char *s)
{
	size_t n = strspn(s, "+0123456789 -().");
	int digits = 0;

	while (n && !(s[n - 1] >= '0' && s[n - 1] <= '9'))
		n--;
	for (size_t i = 0; i < n; i++)
		digits += s[i] >= '0' && s[i] <= '9';
	return digits >= DIGITS && strchr("+(0123456789", *s) ? n : 0;
}

/* What the words until here belong to. */
enum part { PART_NAME, PART_COMPANY, PART_NOTES, PART_SKIP };

static enum part part_of(const char *folded, enum part part, bool *ret_is)
{
	*ret_is = true;
	if (is_one_of(folded, "empresa company firma"))
		return PART_COMPANY;
	if (is_one_of(folded, "obs nota notas note notes sobre about observacao"))
		return PART_NOTES;
	if (is_one_of(
		    folded,
		    "email e-mail mail telefone tel fone celular cel phone mobile whatsapp zap numero number categoria category"))
		return PART_SKIP;
	*ret_is = false;
	return part;
}

static const char *bare(apr_pool_t *pool, const char *word, size_t n)
{
	while (n && strchr(",;:()", word[n - 1]))
		n--;
	while (n && strchr(",;:()", *word)) {
		word++;
		n--;
	}
	return mem_textn(pool, word, n);
}

/* Little words that join the parts: not at the edge of one. */
static const char *part_text(apr_pool_t *pool, struct buf *b)
{
	const char *s = text_trim(pool, b->p ? b->p : "");

	for (;;) {
		size_t n = strlen(s), k = 0;

		while (n && strchr(" ,;:-", s[n - 1]))
			n--;
		while (k < n && s[n - 1 - k] != ' ')
			k++;
		if (k && is_one_of(text_fold(pool, mem_textn(pool, s + n - k, k)),
				   "da do de com como as with at from e and o a eh is seu"))
			s = mem_textn(pool, s, n - k);
		else
			return mem_textn(pool, s, n);
	}
}

struct contact contact_words(apr_pool_t *pool, const char *line)
{
	struct contact c = { 0 };
	struct buf parts[] = { buf_new(pool, LIMIT_TEXT_IN), buf_new(pool, LIMIT_TEXT_IN),
			       buf_new(pool, LIMIT_TEXT_IN) };
	enum part part = PART_NAME;

	for (const char *s = line + strspn(line, " \t\r\n"); *s; s += strspn(s, " \t\r\n")) {
		size_t n = strcspn(s, " \t\r\n"), phone = phone_span(s);
		const char *word = bare(pool, s, n), *folded = text_fold(pool, word);
		bool ends = strchr(",;", s[n - 1]), starts;

		part = part_of(folded, part, &starts);
		if (phone && !c.phone) {
			c.phone = mem_textn(pool, s, phone);
			n = phone + strspn(s + phone, ",;");
			part = PART_NOTES;
		} else if (is_mail(word)) {
			c.email = word;
			part = PART_NOTES;
		} else if (category_of(folded) && part != PART_NOTES) {
			c.category = category_of(folded);
			part = PART_SKIP;
		} else if (category_of(folded) && !c.category) {
			c.category = category_of(folded);
		} else if (!starts && part != PART_SKIP) {
			buf_fmt(&parts[part], "%s%s", parts[part].n ? " " : "",
				part == PART_NOTES ? mem_textn(pool, s, n) : word);
		}
		if (ends && part != PART_NOTES)
			part = PART_NOTES;
		s += n;
	}
	c.name = part_text(pool, &parts[PART_NAME]);
	c.company = part_text(pool, &parts[PART_COMPANY]);
	c.notes = part_text(pool, &parts[PART_NOTES]);
	return c;
}

const char *contact_query(apr_pool_t *pool, const char *words)
{
	struct buf b = buf_new(pool, LIMIT_TEXT_IN);

	for (const char *s = words + strspn(words, " "); *s; s += strspn(s, " ")) {
		size_t n = strcspn(s, " ");
		const char *word = mem_textn(pool, s, n), *folded;
		const char *own = strstr(word, "'s");

		if (own && !own[2])
			word = mem_textn(pool, word, (size_t)(own - word));
		word = bare(pool, word, strlen(word) - (strlen(word) && word[strlen(word) - 1] == '?'));
		folded = text_fold(pool, word);
		if (!is_one_of(
			    folded,
			    "telefone fone celular numero number phone email e-mail mail address endereco contato contact "
			    "o a os as do da de dos das the of for meu minha my whatsapp zap") &&
		    *word)
			buf_fmt(&b, "%s%s", b.n ? " " : "", word);
		s += n;
	}
	return b.p ? b.p : "";
}

/* --- showing ------------------------------------------------------------------------------------- */

static const char *day_text(struct req *req, const char *iso)
{
	struct when when;

	return iso && *iso && when_read(req, iso, &when) ? when_text(req, &when) : "";
}

static void put(struct req *req, struct buf *html, const char *key, const char *value)
{
	if (value && *value)
		buf_fmt(html, "\n%s", tr(req->pool, req->lang, key, SLOT_S("value", value)));
}

static void follow_button(struct req *req, const struct contact *c, int days, const char *key,
			  struct outcome *ret)
{
	struct when when = { .wall = when_now(req) + (int64_t)days * DAY_S };

	outcome_button(req, ret, 1, tr(req->pool, req->lang, key),
		       button_act(req->pool, "update_contact", SLOT_I("id", c->id),
				  SLOT_S("next_follow_up", when_date(req, &when))));
}

void contact_card(struct req *req, const struct contact *c, const char *lead, struct outcome *ret)
{
	struct buf html = buf_new(req->pool, LIMIT_MESSAGE_BYTES);
	const char *today = when_date(req, &(struct when){ .wall = when_now(req) });

	if (lead)
		buf_fmt(&html, "%s\n", lead);
	buf_text(&html, tr(req->pool, req->lang, "contact.head", SLOT_S("name", c->name), SLOT_I("id", c->id),
			   SLOT_S("category", tr(req->pool, req->lang,
						 mem_fmt(req->pool, "contact.category.%s", c->category)))));
	put(req, &html, "contact.company", c->company);
	put(req, &html, "contact.phone", c->phone);
	put(req, &html, "contact.email", c->email);
	put(req, &html, "contact.notes", text_cut(req->pool, c->notes, 1500));
	put(req, &html, "contact.last", day_text(req, c->last));
	put(req, &html, "contact.next", day_text(req, c->next));
	ret->html = html.p;
	outcome_data(req, ret, contact_result, &(struct contact_result){ .contact = c });
	outcome_button(req, ret, 0, tr(req->pool, req->lang, "button.spoke_today"),
		       button_act(req->pool, "update_contact", SLOT_I("id", c->id),
				  SLOT_S("last_interaction", today)));
	follow_button(req, c, WEEK, "button.follow_week", ret);
	follow_button(req, c, MONTH, "button.follow_month", ret);
}

const char *contact_line(struct req *req, const struct contact *c)
{
	struct buf b = buf_new(req->pool, LIMIT_MESSAGE_BYTES);

	buf_fmt(&b, "<b>%lld</b> · %s", (long long)c->id,
		text_html(req->pool, text_cut(req->pool, c->name, 60)));
	if (*c->company)
		buf_fmt(&b, " · %s", text_html(req->pool, text_cut(req->pool, c->company, 40)));
	if (*c->phone)
		buf_fmt(&b, " · %s", text_html(req->pool, c->phone));
	else if (*c->email)
		buf_fmt(&b, " · %s", text_html(req->pool, c->email));
	if (*c->next)
		buf_fmt(&b, " · ⏰ %s", day_text(req, c->next));
	return b.p;
}
