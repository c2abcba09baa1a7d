#include "core/limits.h"
#include "core/text.h"
#include "tools/content/content_view.h"
#include "tools/when.h"
#include "tools/words.h"
#include <stddef.h>
#include <string.h>

struct args {
	const char *title, *text, *status, *channel, *theme, *format, *publish_on, *details;
	struct json_texts tags;
};

#define AT(member) offsetof(struct args, member)

static const struct json_field params[] = {
	{ "title", JSON_TEXT, 0, AT(title), 0, 2000, NULL,
	  "the idea in a line, up to 500 characters; give it or text" },
	{ "text", JSON_TEXT, 0, AT(text), 0, 20000, NULL, "the idea in the person's words" },
	{ "status", JSON_TEXT, 0, AT(status), 0, 0, CONTENT_STATUSES, "idea when left out" },
	{ "channel", JSON_TEXT, 0, AT(channel), 0, 0, CONTENT_CHANNELS, NULL },
	{ "theme", JSON_TEXT, 0, AT(theme), 0, 100, NULL, "what it is about, a word or two" },
	{ "format", JSON_TEXT, 0, AT(format), 0, 100, NULL, "reels, carousel, video, article ..." },
	{ "publish_on", JSON_TEXT, 0, AT(publish_on), 0, 40, NULL,
	  "the local day to publish it, 2026-11-30" },
	{ "tags", JSON_TEXTS, 0, AT(tags), 0, WORDS_TAGS, NULL, "one word each, without #" },
	{ "details", JSON_TEXT, 0, AT(details), 0, LIMIT_TEXT_IN, NULL,
	  "the whole sentence, from which channel and format are read when they are not given" },
	{ 0 },
};

static NODISCARD err_t *from_text(struct req *req, const char *text, struct json **ret_args)
{
	struct words words = words_take(req->pool, text, false);

	if (!*words.text)
		return NULL;
	*ret_args = json_object(req->pool);
	json_set_text(*ret_args, "text", words.text);
	json_set(*ret_args, "tags", words_json(req->pool, &words.tags));
	return NULL;
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	const char *text = args->text ? text_trim(req->pool, args->text) : "";
	const char *title = args->title ? words_line(req->pool, args->title) : "";
	struct content_words w = content_words_read(req->pool, args->details ? args->details : text);
	struct json_texts tags = words_tags(req->pool, &args->tags);
	struct when day = { 0 };
	struct idea idea;
	struct rows *rows;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	if (args->publish_on && !when_read(req, args->publish_on, &day))
		return err_new(ERR_INVALID, "\"publish_on\": not a local day like 2026-11-30");
	if (!*title) {
		title = text_cut(req->pool,
				 words_line(req->pool, mem_textn(req->pool, text, strcspn(text, "\n"))), 500);
		text = text_same(title, text) ? "" : text;
	}
	if (!*title) {
		outcome_refuse(req, ret, "empty", tr(req->pool, req->lang, "usage.save_content_idea"));
		return NULL;
	}
	ERR(tx_exec(tx, STMT_IDEA_PUT,
		    PG_ARGS(PG_TEXT(text_cut(req->pool, title, 500)), PG_TEXT(text),
			    PG_TEXT(args->status       ? args->status
				    : args->publish_on ? "scheduled"
						       : "idea"),
			    PG_TEXT(args->channel ? args->channel
				    : w.channel   ? w.channel
						  : "other"),
			    PG_TEXT(args->theme ? words_line(req->pool, args->theme) : ""),
			    PG_TEXT(args->format ? words_line(req->pool, args->format)
				    : w.format   ? w.format
						 : ""),
			    PG_TEXTS(tags.v, tags.n),
			    PG_TEXT(args->publish_on ? when_date(req, &day) : NULL)),
		    &rows));
	idea = idea_row(req, rows, 0, COL_IDEA_PUT_IDEA);
	*ret = (struct outcome){ .kind = OUTCOME_DONE, .object = "idea", .object_id = idea.id };
	idea_card(req, &idea, tr(req->pool, req->lang, "content.saved"), ret);
	return NULL;
}

const struct tool tool_save_content_idea = {
	.name = "save_content_idea",
	.description = "Keeps an idea for something to publish: a post, a video, an article.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = idea_result,
	.effect = TOOL_REVERSIBLE,
	.claim = CLAIM_MAKE,
	.words = { .what = "title text" },
	.min_role = ROLE_USER,
	.from_text = from_text, /* /ideia TEXT, by list_content_ideas */
	.run = run,
};
