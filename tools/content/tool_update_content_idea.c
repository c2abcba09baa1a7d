#include "core/limits.h"
#include "core/text.h"
#include "tools/content/content_view.h"
#include "tools/when.h"
#include "tools/which.h"
#include "tools/words.h"
#include <stddef.h>

struct args {
	int64_t id;
	const char *query, *title, *text, *status, *channel, *theme, *format, *publish_on, *details;
	struct json_texts tags;
};

#define AT(member) offsetof(struct args, member)

static const struct json_field params[] = {
	{ "id", JSON_INT, 0, AT(id), 1, INT64_MAX, NULL, "the idea's number; give it or words of it" },
	{ "query", JSON_TEXT, 0, AT(query), 0, 1000, NULL,
	  "words that the idea holds, when the number is not known" },
	{ "title", JSON_TEXT, 0, AT(title), 0, 2000, NULL, "a new title, up to 500 characters" },
	{ "text", JSON_TEXT, 0, AT(text), 0, 20000, NULL, "a new text" },
	{ "status", JSON_TEXT, 0, AT(status), 0, 0, CONTENT_STATUSES,
	  "a new status; of what is published use record_post" },
	{ "channel", JSON_TEXT, 0, AT(channel), 0, 0, CONTENT_CHANNELS, NULL },
	{ "theme", JSON_TEXT, 0, AT(theme), 0, 100, NULL, NULL },
	{ "format", JSON_TEXT, 0, AT(format), 0, 100, NULL, NULL },
	{ "publish_on", JSON_TEXT, 0, AT(publish_on), 0, 40, NULL,
	  "the local day to publish it, 2026-11-30; none for no day" },
	{ "tags", JSON_TEXTS, 0, AT(tags), 0, WORDS_TAGS, NULL, "all its tags from now on" },
	{ "details", JSON_TEXT, 0, AT(details), 0, LIMIT_TEXT_IN, NULL,
	  "the whole sentence, from which status and day are read when they are not given" },
	{ 0 },
};

/* What is to change; NULL stays as it is. */
struct change {
	const char *title, *text, *status, *channel, *theme, *format, *day;
	bool dated, any;
	struct json_texts tags;
};

static NODISCARD err_t *change_read(struct req *req, const struct args *args, struct change *ret)
{
	struct content_words w = content_words_read(req->pool, args->details ? args->details : "");
	struct when when;
	const char *rest;

	*ret = (struct change){ .title = args->title,
				.text = args->text,
				.channel = args->channel,
				.theme = args->theme,
				.format = args->format,
				.tags = words_tags(req->pool, &args->tags) };
	ret->status = args->status ? args->status : w.status;
	ret->dated = args->publish_on != NULL;
	if (args->title && (!*words_line(req->pool, args->title) || words_chars(args->title) > 500))
		return err_new(ERR_INVALID, "\"title\": 1 to 500 characters");
	if (args->publish_on && !text_same(args->publish_on, "none")) {
		if (!when_read(req, args->publish_on, &when))
			return err_new(ERR_INVALID, "\"publish_on\": not a local day like 2026-11-30");
		ret->day = when_date(req, &when);
	} else if (!args->publish_on && args->details && when_find(req, args->details, &when, &rest)) {
		ret->dated = true;
		ret->day = when_date(req, &when);
	}
	if (ret->day && !ret->status)
		ret->status = "scheduled";
	ret->any = ret->title || ret->text || ret->status || ret->channel || ret->theme || ret->format ||
		   ret->dated || ret->tags.n;
	return NULL;
}

static NODISCARD err_t *put(struct req *req, struct tx *tx, int64_t id, const struct change *c,
			    struct outcome *ret)
{
	struct idea idea;
	struct rows *rows;

	if (c->any)
		ERR(tx_exec(tx, STMT_IDEA_UPDATE,
			    PG_ARGS(PG_INT(id), PG_TEXT(c->title), PG_TEXT(c->text), PG_TEXT(c->status),
				    PG_TEXT(c->channel), PG_TEXT(c->theme), PG_TEXT(c->format),
				    PG_BOOL(c->tags.n > 0), PG_TEXTS(c->tags.v, c->tags.n), PG_BOOL(c->dated),
				    PG_TEXT(c->day)),
			    &rows));
	else
		ERR(tx_exec(tx, STMT_IDEA_GET, PG_ARGS(PG_INT(id)), &rows));
	if (!rows_count(rows)) {
		idea_absent(req, id, ret);
		return NULL;
	}
	idea = idea_row(req, rows, 0, c->any ? COL_IDEA_UPDATE_IDEA : COL_IDEA_GET_IDEA);
	if (c->any)
		*ret = (struct outcome){ .kind = OUTCOME_DONE, .object = "idea", .object_id = id };
	idea_card(req, &idea, tr(req->pool, req->lang, c->any ? "content.updated" : "content.what"), ret);
	if (!c->any)
		outcome_refuse(req, ret, "nothing_to_change", ret->html);
	return NULL;
}

static void ask_which(struct req *req, const struct rows *rows, const char *status, struct outcome *ret)
{
	struct json_list list = idea_rows(req, rows, COL_IDEA_LIST_IDEA);
	const struct idea *v = list.v;

	which_refuse(req, ret, tr(req->pool, req->lang, "content.which"), idea_fields, sizeof *v, &list);
	for (int i = 0; i < (int)list.n; i++) {
		outcome_button(req, ret, i, text_cut(req->pool, v[i].title, 40),
			       button_act(req->pool, "update_content_idea", SLOT_I("id", v[i].id),
					  SLOT_S("status", status)));
		ret->outside = ret->outside || v[i].outside;
	}
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	const char *words = args->query ? words_line(req->pool, args->query) : "";
	struct change change;
	struct rows *rows;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	ERR(change_read(req, args, &change));
	if (args->id)
		return put(req, tx, args->id, &change, ret);
	if (!*words) {
		outcome_refuse(req, ret, "empty", tr(req->pool, req->lang, "usage.update_content_idea"));
		return NULL;
	}
	ERR(tx_exec(tx, STMT_IDEA_LIST, PG_ARGS(PG_TEXT(words), PG_TEXT(NULL), PG_TEXT(NULL), PG_INT(1)),
		    &rows));
	if (rows_count(rows) == 1)
		return put(req, tx, rows_int(rows, 0, COL_IDEA_LIST_ID), &change, ret);
	if (rows_count(rows))
		ask_which(req, rows, change.status, ret);
	else
		outcome_refuse(req, ret, "not_found", tr(req->pool, req->lang, "content.none_such"));
	return NULL;
}

const struct tool tool_update_content_idea = {
	.name = "update_content_idea",
	.description =
		"Changes an idea for content by its number or words of it: title, text, status, channel, day to publish.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = idea_result,
	.effect = TOOL_REVERSIBLE,
	.claim = CLAIM_CHANGE,
	.words = { .what = "title text query id" },
	.min_role = ROLE_USER,
	.run = run,
};
