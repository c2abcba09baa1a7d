#include "core/limits.h"
#include "core/text.h"
#include "tools/pending.h"
#include "tools/contact/contact_args.h"
#include "tools/which.h"
#include "tools/words.h"
#include <stddef.h>
#include <string.h>

struct args {
	struct contact_args is; /* first: CONTACT_PARAMS point into it */
	const char *anyway;
};

static const struct json_field params[] = {
	{ "name", JSON_TEXT, 0, offsetof(struct contact_args, name), 0, LIMIT_TEXT_IN, NULL,
	  "whole name, 1 to 200 characters" },
	CONTACT_PARAMS,
	{ "anyway", JSON_TEXT, 0, offsetof(struct args, anyway), 0, 0, "yes no",
	  "yes: the person said that it is another one of the same name" },
	{ 0 },
};

static NODISCARD err_t *from_text(struct req *req, const char *text, struct json **ret_args)
{
	const char *line = words_line(req->pool, text);

	if (!*line)
		return NULL;
	*ret_args = json_object(req->pool);
	json_set_text(*ret_args, "details", line);
	return NULL;
}

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

static NODISCARD err_t *put(struct req *req, struct tx *tx, const struct contact *c, struct outcome *ret)
{
	struct contact kept;
	struct rows *rows;

	ERR(tx_exec(tx, STMT_CONTACT_PUT,
		    PG_ARGS(PG_TEXT(c->name), PG_TEXT(c->kind ? c->kind : "person"),
			    PG_TEXT(or_empty(c->company)), PG_TEXT(or_empty(c->email)),
			    PG_TEXT(or_empty(c->phone)), PG_TEXT(c->category ? c->category : "personal"),
			    PG_TEXT(or_empty(c->notes)), PG_TEXT(c->last),
			    PG_TEXT(c->next && *c->next ? c->next : NULL), PG_TEXT("")),
		    &rows));
	kept = contact_row(req, rows, 0, COL_CONTACT_PUT_CONTACT);
	*ret = (struct outcome){ .kind = OUTCOME_DONE, .object = "contact", .object_id = kept.id };
	contact_card(req, &kept, tr(req->pool, req->lang, "contact.saved"), ret);
	return NULL;
}

static void set(struct json *o, const char *key, const char *value)
{
	if (value && *value)
		json_set_text(o, key, value);
}

static struct json *again(struct req *req, const struct contact *c)
{
	struct json *o = json_object(req->pool);

	set(o, "kind", c->kind);
	set(o, "company", c->company);
	set(o, "email", c->email);
	set(o, "phone", c->phone);
	set(o, "category", c->category);
	set(o, "notes", c->notes);
	set(o, "last_interaction", c->last);
	set(o, "next_follow_up", c->next);
	return o;
}

/* There is one of this name: yes adds what is new to it, no makes another. */
static NODISCARD err_t *ask_same(struct req *req, struct tx *tx, const struct contact *c,
				 const struct contact *known, struct outcome *ret)
{
	struct json *update = again(req, c), *other = again(req, c);
	const char *id;

	json_set_int(update, "id", known->id);
	json_set_text(other, "name", c->name);
	json_set_text(other, "anyway", "yes");
	ERR(pending_put(tx, "update_contact", update, "save_contact", other, &id));
	ret->html = tr(req->pool, req->lang, "contact.same", SLOT_S("line", contact_line(req, known)));
	outcome_button(req, ret, 0, tr(req->pool, req->lang, "button.same_contact"),
		       mem_fmt(req->pool, "y:%s", id));
	outcome_button(req, ret, 0, tr(req->pool, req->lang, "button.other_contact"),
		       mem_fmt(req->pool, "n:%s", id));
	ret->card = true;
	return NULL;
}

static bool bare(const struct contact *c)
{
	return !c->kind && !c->company && !c->email && !c->phone && !c->category && !c->notes && !c->last &&
	       !c->next;
}

/* A name and nothing else may just be looked for. */
static NODISCARD err_t *look(struct req *req, struct tx *tx, const struct contact *c, struct outcome *ret)
{
	struct contact known;
	struct json_list list;
	struct rows *rows;

	ERR(tx_exec(tx, STMT_CONTACT_FIND, PG_ARGS(PG_TEXT(c->name), PG_INT(1)), &rows));
	if (!rows_count(rows))
		return put(req, tx, c, ret);
	if (rows_count(rows) == 1) {
		known = contact_row(req, rows, 0, COL_CONTACT_FIND_CONTACT);
		contact_card(req, &known, NULL, ret);
		ret->object_id = known.id;
	} else {
		list = contact_rows(req, rows, COL_CONTACT_FIND_CONTACT);
		which_refuse(req, ret, tr(req->pool, req->lang, "contact.which", SLOT_S("words", c->name)),
			     contact_fields, sizeof known, &list);
		for (int i = 0; i < rows_count(rows); i++)
			outcome_button(req, ret, i,
				       text_cut(req->pool, rows_text(rows, i, COL_CONTACT_FIND_NAME), 40),
				       button_act(req->pool, "find_contact",
						  SLOT_I("id", rows_int(rows, i, COL_CONTACT_FIND_ID))));
	}
	if (strlen(c->name) <= 24)
		outcome_button(req, ret, 20,
			       tr(req->pool, req->lang, "button.new_contact", SLOT_S("name", c->name)),
			       button_act(req->pool, "save_contact", SLOT_S("anyway", "yes"),
					  SLOT_S("name", c->name)));
	return NULL;
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	const char *complaint;
	struct contact c, known;
	struct rows *rows;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	ERR(contact_args_read(req, &args->is, &c, &complaint));
	if (complaint)
		outcome_refuse(req, ret, "too_long", complaint);
	else if (!c.name)
		outcome_refuse(req, ret, "empty", tr(req->pool, req->lang, "usage.save_contact"));
	if (ret->html)
		return NULL;
	if (args->anyway && text_same(args->anyway, "yes"))
		return put(req, tx, &c, ret);
	if (bare(&c))
		return look(req, tx, &c, ret);
	ERR(tx_exec(tx, STMT_CONTACT_NAMED, PG_ARGS(PG_TEXT(c.name)), &rows));
	if (!rows_count(rows))
		return put(req, tx, &c, ret);
	known = contact_row(req, rows, 0, COL_CONTACT_NAMED_CONTACT);
	return ask_same(req, tx, &c, &known, ret);
}

const struct tool tool_save_contact = {
	.name = "save_contact",
	.description =
		"Keeps a person or company: name, company, mail, phone, category, notes, next follow-up. Asks when there is one of the same name.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = contact_result,
	.effect = TOOL_REVERSIBLE,
	.claim = CLAIM_MAKE,
	.words = { .what = "name" },
	.min_role = ROLE_USER,
	.from_text = from_text, /* /contato TEXT, by find_contact */
	.run = run,
};
