#include "core/limits.h"
#include "core/text.h"
#include "tools/content/content_view.h"
#include "tools/when.h"
#include "tools/words.h"
#include <stddef.h>
#include <string.h>

enum { DAY_S = 86400, WEEK = 7, TITLE_CHARS = 500 };

struct args {
	int64_t id, idea_id, views, likes, comments, shares;
	const char *title, *channel, *theme, *format, *url, *published_at, *details;
};

#define AT(member) offsetof(struct args, member)
#define MOST INT64_C(1000000000000)

static const struct json_field params[] = {
	{ "title", JSON_TEXT, 0, AT(title), 0, LIMIT_TEXT_IN, NULL, "what was published" },
	{ "idea_id", JSON_INT, 0, AT(idea_id), 1, INT64_MAX, NULL, "the idea that it was made of" },
	{ "id", JSON_INT, 0, AT(id), 1, INT64_MAX, NULL,
	  "the number of a post that is recorded, to set its figures instead" },
	{ "channel", JSON_TEXT, 0, AT(channel), 0, 0, CONTENT_CHANNELS, NULL },
	{ "theme", JSON_TEXT, 0, AT(theme), 0, 100, NULL, NULL },
	{ "format", JSON_TEXT, 0, AT(format), 0, 100, NULL, "reels, carousel, video, article ..." },
	{ "url", JSON_TEXT, 0, AT(url), 0, 2000, NULL, NULL },
	{ "published_at", JSON_TEXT, 0, AT(published_at), 0, 40, NULL,
	  "local, 2026-11-18T18:00:00; now when left out" },
	{ "views", JSON_INT, 0, AT(views), 0, MOST, NULL, NULL },
	{ "likes", JSON_INT, 0, AT(likes), 0, MOST, NULL, NULL },
	{ "comments", JSON_INT, 0, AT(comments), 0, MOST, NULL, NULL },
	{ "shares", JSON_INT, 0, AT(shares), 0, MOST, NULL, NULL },
	{ "details", JSON_TEXT, 0, AT(details), 0, LIMIT_TEXT_IN, NULL,
	  "the whole sentence, from which what is not given above is read" },
	{ 0 },
};

struct post {
	int64_t id, idea_id, views, likes, comments, shares;
	const char *title, *channel, *theme, *format, *at;
	bool outside;
};

struct recorded {
	const struct post *post;
};

static const struct json_field post_fields[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct post, id) },
	{ "title", JSON_TEXT, JSON_WORDS, offsetof(struct post, title) },
	{ "channel", JSON_TEXT, JSON_REQUIRED, offsetof(struct post, channel), .values = CONTENT_CHANNELS },
	{ "theme", JSON_TEXT, 0, offsetof(struct post, theme) },
	{ "format", JSON_TEXT, 0, offsetof(struct post, format) },
	{ "published_at", JSON_TEXT, JSON_REQUIRED, offsetof(struct post, at) },
	{ "idea_id", JSON_INT, 0, offsetof(struct post, idea_id), .doc = "the idea that it was made of" },
	{ "views", JSON_INT, 0, offsetof(struct post, views) },
	{ "likes", JSON_INT, 0, offsetof(struct post, likes) },
	{ "comments", JSON_INT, 0, offsetof(struct post, comments) },
	{ "shares", JSON_INT, 0, offsetof(struct post, shares) },
	{ "outside", JSON_BOOL, 0, offsetof(struct post, outside) },
	{ 0 },
};

static const struct json_field result[] = {
	{ "post", JSON_OBJECT, JSON_REQUIRED, offsetof(struct recorded, post), .of = post_fields },
	{ 0 },
};

/* Given or said; below 0 for neither. */
static int64_t either(int64_t given, int64_t said)
{
	return given ? given : said;
}

/* The number of an idea is none of a day: "a ideia 1 ontem às 18h". */
static const char *without_idea(struct req *req, const char *details)
{
	static const char *const words[] = { "ideia ", "idea ", "ideia #", "idea #" };
	char *s = mem_textn(req->pool, details, strlen(details));

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		for (char *at = s; (at = strstr(at, words[i]));)
			for (at += strlen(words[i]); *at >= '0' && *at <= '9'; at++)
				*at = ' ';
	return s;
}

/* What was published, without the figures that follow it. */
static const char *title_of(struct req *req, const struct args *args)
{
	static const char *const ends[] = { ", ",     ": ",    " com ", " with ",
					    " teve ", " got ", " hit ", " bateu " };
	const char *title = args->title ? words_line(req->pool, args->title) : "";
	size_t n = strlen(title);

	for (size_t i = 0; args->details && i < sizeof ends / sizeof *ends; i++) {
		const char *at = strstr(title, ends[i]);

		if (at && at > title && at[strlen(ends[i])] >= '0' && at[strlen(ends[i])] <= '9' &&
		    (size_t)(at - title) < n)
			n = (size_t)(at - title);
	}
	return text_cut(req->pool, mem_textn(req->pool, title, n), TITLE_CHARS);
}

/* When it was published: as given, as said of the past, or now. */
static NODISCARD err_t *published(struct req *req, const struct args *args, struct when *ret)
{
	int64_t now = when_now(req);
	struct when when;
	const char *rest;

	*ret = (struct when){ .wall = now, .has_time = true };
	if (args->published_at) {
		if (!when_read(req, args->published_at, ret))
			return err_new(ERR_INVALID,
				       "\"published_at\": not a local time like 2026-11-18T18:00:00");
	} else if (args->details && when_find(req, without_idea(req, args->details), &when, &rest)) {
		for (int i = 0; i < WEEK && when.wall > now; i++)
			when.wall -= DAY_S;
		if (when.wall <= now && (when.has_time || when.wall < now - now % DAY_S))
			*ret = when;
	}
	ret->has_time = true;
	return NULL;
}

static void put_count(struct buf *b, const char *mark, int64_t n)
{
	if (n >= 0)
		buf_fmt(b, "%s%s %lld", b->n ? " · " : "", mark, (long long)n);
}

static int64_t known(int64_t n)
{
	return n < 0 ? 0 : n;
}

/* rows of one POST. */
static void tell(struct req *req, const struct rows *rows, struct outcome *ret)
{
	struct post post = { .id = ret->object_id,
			     .idea_id = rows_int(rows, 0, COL_POST_IDEA_ID),
			     .title = rows_text(rows, 0, COL_POST_TITLE),
			     .channel = rows_text(rows, 0, COL_POST_CHANNEL),
			     .theme = rows_text(rows, 0, COL_POST_THEME),
			     .format = rows_text(rows, 0, COL_POST_FORMAT),
			     .at = rows_text(rows, 0, COL_POST_AT),
			     .views = known(rows_int(rows, 0, COL_POST_VIEWS)),
			     .likes = known(rows_int(rows, 0, COL_POST_LIKES)),
			     .comments = known(rows_int(rows, 0, COL_POST_COMMENTS)),
			     .shares = known(rows_int(rows, 0, COL_POST_SHARES)),
			     .outside = rows_bool(rows, 0, COL_POST_OUTSIDE) };

	ret->outside = post.outside;
	outcome_data(req, ret, result, &(struct recorded){ &post });
}

/* rows of one POST. */
static void render(struct req *req, const struct rows *rows, const char *key, struct outcome *ret)
{
	apr_pool_t *pool = req->pool;
	const char *title = rows_text(rows, 0, COL_POST_TITLE),
		   *channel = rows_text(rows, 0, COL_POST_CHANNEL),
		   *format = rows_text(rows, 0, COL_POST_FORMAT);
	struct buf counts = buf_new(pool, 1000);
	struct when when;

	*ret = (struct outcome){ .kind = OUTCOME_DONE,
				 .object = "post",
				 .object_id = rows_int(rows, 0, COL_POST_ID) };
	put_count(&counts, "👁", rows_int(rows, 0, COL_POST_VIEWS));
	put_count(&counts, "❤️", rows_int(rows, 0, COL_POST_LIKES));
	put_count(&counts, "💬", rows_int(rows, 0, COL_POST_COMMENTS));
	put_count(&counts, "🔁", rows_int(rows, 0, COL_POST_SHARES));
	tell(req, rows, ret);
	ret->html = tr(pool, req->lang, key, SLOT_I("id", ret->object_id),
		       SLOT_S("title", text_cut(pool, *title ? title : "post", 200)),
		       SLOT_S("channel", text_same(channel, "other") ? "" : mem_fmt(pool, " · %s", channel)),
		       SLOT_S("format", *format ? mem_fmt(pool, " · %s", format) : ""),
		       SLOT_S("when", when_read(req, rows_text(rows, 0, COL_POST_AT), &when)
					      ? when_text(req, &when)
					      : ""),
		       SLOT_S("counts", counts.n ? mem_fmt(pool, "\n%s", counts.p) : ""));
}

static NODISCARD err_t *set_counts(struct req *req, struct tx *tx, int64_t id, const struct args *args,
				   const struct content_words *w, struct outcome *ret)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_POST_UPDATE,
		    PG_ARGS(PG_INT(id), PG_INT(either(args->views, w->views)),
			    PG_INT(either(args->likes, w->likes)),
			    PG_INT(either(args->comments, w->comments)),
			    PG_INT(either(args->shares, w->shares))),
		    &rows));
	if (rows_count(rows))
		render(req, rows, "content.post_updated", ret);
	else
		outcome_refuse(req, ret, "not_found",
			       tr(req->pool, req->lang, "content.no_post", SLOT_I("id", id)));
	return NULL;
}

/* The idea is published by it. */
static NODISCARD err_t *take_idea(struct req *req, struct tx *tx, int64_t id, struct idea *ret_idea,
				  struct outcome *ret)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_IDEA_UPDATE,
		    PG_ARGS(PG_INT(id), PG_TEXT(NULL), PG_TEXT(NULL), PG_TEXT("published"), PG_TEXT(NULL),
			    PG_TEXT(NULL), PG_TEXT(NULL), PG_BOOL(false), PG_TEXTS(NULL, 0), PG_BOOL(false),
			    PG_TEXT(NULL)),
		    &rows));
	if (rows_count(rows))
		*ret_idea = idea_row(req, rows, 0, COL_IDEA_UPDATE_IDEA);
	else
		idea_absent(req, id, ret);
	return NULL;
}

static const char *first(const char *a, const char *b, const char *c)
{
	return a && *a ? a : b && *b ? b : c;
}

static NODISCARD err_t *put(struct req *req, struct tx *tx, const struct args *args,
			    const struct content_words *w, struct outcome *ret)
{
	struct idea idea = { 0 };
	struct when when;
	struct rows *rows;
	int64_t idea_id = args->idea_id ? args->idea_id : w->idea;

	ERR(published(req, args, &when));
	if (idea_id)
		ERR(take_idea(req, tx, idea_id, &idea, ret));
	if (ret->html)
		return NULL;
	ERR(tx_exec(tx, STMT_POST_PUT,
		    PG_ARGS(PG_TEXT(first(idea.title, title_of(req, args), "")),
			    PG_TEXT(first(args->channel, w->channel, first(idea.channel, NULL, "other"))),
			    PG_TEXT(first(args->theme, idea.theme, "")),
			    PG_TEXT(first(args->format, w->format, first(idea.format, NULL, ""))),
			    PG_TEXT(args->url ? args->url : ""), PG_TEXT(when_iso(req, &when)),
			    PG_INT(idea_id), PG_INT(either(args->views, w->views)),
			    PG_INT(either(args->likes, w->likes)),
			    PG_INT(either(args->comments, w->comments)),
			    PG_INT(either(args->shares, w->shares))),
		    &rows));
	render(req, rows, "content.posted", ret);
	return NULL;
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	struct content_words w = content_words_read(req->pool, args->details ? args->details : "");
	bool counted = w.views >= 0 || w.likes >= 0 || w.comments >= 0 || w.shares >= 0;
	struct rows *rows;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	if (args->id)
		return set_counts(req, tx, args->id, args, &w, ret);
	if (!args->idea_id && !w.idea && !(args->title && *words_line(req->pool, args->title)) && !counted) {
		outcome_refuse(req, ret, "empty", tr(req->pool, req->lang, "usage.record_post"));
		return NULL;
	}
	/* "my post got 1200 views": of the one that is there. */
	if (args->details && counted && !w.published && !args->idea_id && !w.idea) {
		ERR(tx_exec(tx, STMT_POST_LATEST, PG_ARGS(PG_TEXT(w.channel)), &rows));
		if (rows_count(rows))
			return set_counts(req, tx, rows_int(rows, 0, COL_POST_LATEST_ID), args, &w, ret);
	}
	return put(req, tx, args, &w, ret);
}

const struct tool tool_record_post = {
	.name = "record_post",
	.description =
		"Records that something was published, with its figures (views, likes ...), and the idea it came from; or updates the figures.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.claim = CLAIM_MAKE,
	.words = { .what = "title id" },
	.min_role = ROLE_USER,
	.run = run,
};
