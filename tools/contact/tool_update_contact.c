#include "core/limits.h"
#include "core/text.h"
#include "tools/pending.h"
#include "tools/contact/contact_args.h"
#include "tools/words.h"
#include <stddef.h>

struct args {
	struct contact_args is; /* first: CONTACT_PARAMS point into it */
	int64_t id;
	const char *new_name;
};

static const struct json_field params[] = {
	{ "id", JSON_INT, 0, offsetof(struct args, id), 1, INT64_MAX, NULL,
	  "the contact's number; give it or the name" },
	{ "name", JSON_TEXT, 0, offsetof(struct contact_args, name), 0, 800, NULL, "who it is" },
	{ "new_name", JSON_TEXT, 0, offsetof(struct args, new_name), 0, 800, NULL, "the name from now on" },
	CONTACT_PARAMS,
	{ 0 },
};

static NODISCARD err_t *put(struct req *req, struct tx *tx, int64_t id, const char *name,
			    const struct contact *c, struct outcome *ret)
{
	struct contact kept;
	struct rows *rows;

	ERR(tx_exec(tx, STMT_CONTACT_UPDATE,
		    PG_ARGS(PG_INT(id), PG_TEXT(name), PG_TEXT(c->kind), PG_TEXT(c->company),
			    PG_TEXT(c->email), PG_TEXT(c->phone), PG_TEXT(c->category), PG_TEXT(c->notes),
			    PG_TEXT(c->last && *c->last ? c->last : NULL), PG_TEXT(c->next)),
		    &rows));
	if (!rows_count(rows)) {
		contact_absent(req, id, ret);
		return NULL;
	}
	kept = contact_row(req, rows, 0, COL_CONTACT_UPDATE_CONTACT);
	*ret = (struct outcome){ .kind = OUTCOME_DONE, .object = "contact", .object_id = id };
	contact_card(req, &kept, tr(req->pool, req->lang, "contact.updated"), ret);
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

	set(o, "company", c->company);
	set(o, "email", c->email);
	set(o, "phone", c->phone);
	set(o, "category", c->category);
	set(o, "notes", c->notes);
	set(o, "last_interaction", c->last);
	set(o, "next_follow_up", c->next);
	return o;
}

/* Nobody of that name: a yes keeps them, with what was said. */
static NODISCARD err_t *ask_new(struct req *req, struct tx *tx, const char *name, const struct contact *c,
				struct outcome *ret)
{
	struct json *save = again(req, c);
	const char *id;

	json_set_text(save, "name", name);
	json_set_text(save, "anyway", "yes");
	ERR(pending_put(tx, "save_contact", save, NULL, NULL, &id));
	ret->html = tr(req->pool, req->lang, "contact.unknown", SLOT_S("name", name));
	outcome_button(req, ret, 0, tr(req->pool, req->lang, "button.save_contact"),
		       mem_fmt(req->pool, "y:%s", id));
	outcome_button(req, ret, 0, tr(req->pool, req->lang, "button.cancel"),
		       mem_fmt(req->pool, "n:%s", id));
	ret->card = true;
	return NULL;
}

/* One of several: each button carries all that was said. */
static NODISCARD err_t *ask_which(struct req *req, struct tx *tx, const char *name, const struct contact *c,
				  const struct rows *rows, struct outcome *ret)
{
	ret->html = tr(req->pool, req->lang, "contact.which", SLOT_S("words", name));
	for (int i = 0; i < rows_count(rows); i++) {
		struct json *update = again(req, c);
		const char *id;

		json_set_int(update, "id", rows_int(rows, i, COL_CONTACT_FIND_ID));
		ERR(pending_put(tx, "update_contact", update, NULL, NULL, &id));
		outcome_button(req, ret, i,
			       text_cut(req->pool, rows_text(rows, i, COL_CONTACT_FIND_NAME), 40),
			       mem_fmt(req->pool, "y:%s", id));
	}
	ret->card = true;
	return NULL;
}

static bool bare(const struct contact *c, const char *new_name)
{
	return !new_name && !c->kind && !c->company && !c->email && !c->phone && !c->category && !c->notes &&
	       !c->last && !c->next;
}

static NODISCARD err_t *by_name(struct req *req, struct tx *tx, const struct args *args, struct contact *c,
				struct outcome *ret)
{
	const char *name = contact_query(req->pool, c->name ? c->name : "");
	struct contact known;
	struct rows *rows;

	if (!*name) {
		outcome_refuse(req, ret, "empty", tr(req->pool, req->lang, "usage.update_contact"));
		return NULL;
	}
	ERR(tx_exec(tx, STMT_CONTACT_FIND, PG_ARGS(PG_TEXT(name), PG_INT(1)), &rows));
	if (!rows_count(rows))
		return ask_new(req, tx, name, c, ret);
	if (rows_count(rows) > 1)
		return ask_which(req, tx, name, c, rows, ret);
	known = contact_row(req, rows, 0, COL_CONTACT_FIND_CONTACT);
	if (!bare(c, args->new_name))
		return put(req, tx, known.id, args->new_name, c, ret);
	contact_card(req, &known, tr(req->pool, req->lang, "contact.what"), ret);
	outcome_refuse(req, ret, "nothing_to_change", ret->html);
	return NULL;
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	const char *complaint;
	struct contact c;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	ERR(contact_args_read(req, &args->is, &c, &complaint));
	if (args->new_name && (!*words_line(req->pool, args->new_name) || words_chars(args->new_name) > 200))
		return err_new(ERR_INVALID, "\"new_name\": 1 to 200 characters");
	if (complaint) {
		outcome_refuse(req, ret, "too_long", complaint);
		return NULL;
	}
	if (args->id)
		return put(req, tx, args->id, args->new_name, &c, ret);
	return by_name(req, tx, args, &c, ret);
}

const struct tool tool_update_contact = {
	.name = "update_contact",
	.description =
		"Changes a contact by number or name: details, the day of the last talk, the next follow-up. Asks when several match.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = contact_result,
	.effect = TOOL_REVERSIBLE,
	.claim = CLAIM_CHANGE,
	.words = { .what = "name id" },
	.min_role = ROLE_USER,
	.run = run,
};
