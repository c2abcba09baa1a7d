#include "tools/contact/contact_args.h"

#include "core/text.h"
#include "tools/when.h"
#include "tools/words.h"

static const char *line_or(apr_pool_t *pool, const char *given, const char *said)
{
	if (given && *words_line(pool, given))
		return words_line(pool, given);
	return said && *said ? said : NULL;
}

static NODISCARD err_t *day_read(struct req *req, const char *name, const char *given, const char **ret)
{
	struct when when;

	*ret = NULL;
	if (!given)
		return NULL;
	if (text_same(given, "none") || !*given) {
		*ret = "";
		return NULL;
	}
	if (!when_read(req, given, &when))
		return err_new(ERR_INVALID, "\"%s\": not a local day like 2026-11-30", name);
	when.has_time = false;
	*ret = when_date(req, &when);
	return NULL;
}

err_t *contact_args_read(struct req *req, const struct contact_args *args, struct contact *ret,
			 const char **ret_complaint)
{
	apr_pool_t *pool = req->pool;
	struct contact said = contact_words(pool, args->details ? args->details : ""), c = { 0 };
	const struct {
		const char *field, *text;
		size_t max;
	} * limit, limits[] = { { "name", line_or(pool, args->name, said.name), 200 },
				{ "company", line_or(pool, args->company, said.company), 200 },
				{ "phone", line_or(pool, args->phone, said.phone), 40 },
				{ "notes", args->notes ? args->notes : said.notes, 5000 } };

	c.name = limits[0].text;
	c.kind = args->kind;
	c.company = limits[1].text;
	c.email = line_or(pool, args->email, said.email);
	c.phone = limits[2].text;
	c.category = args->category ? args->category : said.category;
	c.notes = args->notes ? text_trim(pool, args->notes) : said.notes && *said.notes ? said.notes : NULL;
	ERR(day_read(req, "last_interaction", args->last_interaction, &c.last));
	ERR(day_read(req, "next_follow_up", args->next_follow_up, &c.next));
	*ret_complaint = NULL;
	for (limit = limits; limit < limits + sizeof limits / sizeof *limits; limit++)
		if (limit->text && words_chars(limit->text) > limit->max)
			*ret_complaint =
				tr(pool, req->lang, "contact.long",
				   SLOT_S("field", tr(pool, req->lang,
						      mem_fmt(pool, "contact.field.%s", limit->field))),
				   SLOT_I("n", words_chars(limit->text)), SLOT_I("max", limit->max));
	*ret = c;
	return NULL;
}
