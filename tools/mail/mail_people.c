#include "tools/mail/mail_people.h"

#include "core/text.h"
#include "tools/words.h"
#include <string.h>

enum { PEOPLE = 20, NAME_CHARS = 100 };

static void add(apr_pool_t *pool, struct mail_people *p, struct mime_address *v, const char *name,
		const char *email)
{
	for (size_t i = 0; i < p->found.n; i++)
		if (text_same(text_fold(pool, v[i].address), text_fold(pool, email)))
			return;
	if (p->found.n < PEOPLE)
		v[p->found.n++] =
			(struct mime_address){ text_cut(pool, words_line(pool, name), NAME_CHARS), email };
}

/* A name among the contacts: one has it, or just one has it exactly. */
static NODISCARD err_t *by_name(struct req *req, struct tx *tx, const char *name, struct mail_people *p,
				struct mime_address *v)
{
	struct rows *rows;
	int n, exact = 0;

	ERR(tx_exec(tx, STMT_MAIL_PEOPLE, PG_ARGS(PG_TEXT(name)), &rows));
	n = rows_count(rows);
	for (int i = 0; i < n; i++)
		exact += rows_bool(rows, i, COL_MAIL_PEOPLE_EXACT);
	if (!n) {
		p->unknown = p->unknown ? p->unknown : name;
		return NULL;
	}
	if (n == 1 || exact == 1) {
		const char *email = rows_text(rows, 0, COL_MAIL_PEOPLE_EMAIL);

		if (google_mime_is_address(email))
			add(req->pool, p, v, rows_text(rows, 0, COL_MAIL_PEOPLE_NAME), email);
		else
			p->unknown = name;
		return NULL;
	}
	if (p->unclear)
		return NULL;
	p->unclear = name;
	for (p->n = 0; p->n < (size_t)n; p->n++)
		p->candidates[p->n] =
			(struct mail_person){ rows_int(rows, (int)p->n, COL_MAIL_PEOPLE_ID),
					      rows_text(rows, (int)p->n, COL_MAIL_PEOPLE_NAME),
					      rows_text(rows, (int)p->n, COL_MAIL_PEOPLE_EMAIL) };
	return NULL;
}

/* One of the list: "Name <address>", an address, or a name. */
static NODISCARD err_t *one(struct req *req, struct tx *tx, const char *text, struct mail_people *p,
			    struct mime_address *v)
{
	struct mime_addresses list;

	text = words_line(req->pool, text);
	if (!*text)
		return NULL;
	if (!strchr(text, '@'))
		return by_name(req, tx, text, p, v);
	list = google_mime_addresses(req->pool, text);
	for (size_t i = 0; i < list.n; i++)
		if (google_mime_is_address(list.v[i].address))
			add(req->pool, p, v, list.v[i].name, list.v[i].address);
		else
			p->wrong = text;
	if (!list.n)
		p->wrong = text;
	return NULL;
}

/* Past one of the list: a comma or a semicolon ends it, unless it stands in quotes. */
static size_t part(const char *s)
{
	bool quoted = false;
	size_t n = 0;

	for (; s[n]; n++) {
		if (s[n] == '\\' && quoted && s[n + 1])
			n++;
		else if (s[n] == '"')
			quoted = !quoted;
		else if (!quoted && strchr(",;\n", s[n]))
			break;
	}
	return n;
}

err_t *mail_people_find(struct req *req, struct tx *tx, const char *list, struct mail_people *ret)
{
	struct mail_people p = { 0 };
	struct mime_address *v = mem_alloc(req->pool, sizeof *v * PEOPLE);

	p.found.v = v;
	for (const char *s = text_visible(req->pool, list); *s;) {
		size_t n = part(s);

		ERR(one(req, tx, mem_textn(req->pool, s, n), &p, v));
		s += n + (s[n] != '\0');
	}
	*ret = p;
	return NULL;
}

err_t *mail_people_contact(struct req *req, struct tx *tx, int64_t id, struct mail_people *ret)
{
	struct mime_address *v = mem_alloc(req->pool, sizeof *v);
	struct mail_people p = { .found = { 0, v } };
	struct rows *rows;

	ERR(tx_exec(tx, STMT_MAIL_PERSON, PG_ARGS(PG_INT(id)), &rows));
	if (rows_count(rows) && google_mime_is_address(rows_text(rows, 0, COL_MAIL_PERSON_EMAIL)))
		add(req->pool, &p, v, rows_text(rows, 0, COL_MAIL_PERSON_NAME),
		    rows_text(rows, 0, COL_MAIL_PERSON_EMAIL));
	*ret = p;
	return NULL;
}
