#include "tools/content/content_view.h"

#include "core/limits.h"
#include "core/text.h"
#include "tools/when.h"
#include "tools/which.h"
#include "tools/words.h"
#include <stdlib.h>
#include <string.h>

/* Folded words and what they mean. */
struct meaning {
	const char *words, *means;
};

static const struct meaning channels[] = {
	{ "instagram insta ig", "instagram" }, { "linkedin", "linkedin" },
	{ "twitter tweet x", "twitter" },      { "blog substack medium newsletter", "blog" },
	{ "youtube yt", "youtube" },           { "tiktok facebook face threads", "other" }
};
static const struct meaning formats[] = { { "reel reels", "reels" },
					  { "carrossel carousel", "carousel" },
					  { "video videos", "video" },
					  { "story stories", "stories" },
					  { "live", "live" },
					  { "thread", "thread" },
					  { "artigo article", "article" },
					  { "podcast episodio episode", "podcast" },
					  { "shorts", "shorts" },
					  { "newsletter", "newsletter" } };
static const struct meaning statuses[] = {
	{ "rascunho draft drafted", "draft" },
	{ "agendada agendado agenda agende agendar scheduled schedule", "scheduled" },
	{ "publicada publicado published postada postado posted", "published" },
	{ "arquivada arquivado arquiva arquive arquivar archive archived apaga apague delete remove",
	  "archived" }
};
static const struct meaning counts[] = { { "views view visualizacoes visualizacao plays reproducoes acessos",
					   "views" },
					 { "likes like curtidas curtida", "likes" },
					 { "comentarios comentario comments comment", "comments" },
					 { "compartilhamentos compartilhamento shares share", "shares" } };

#define LEN(a) (sizeof(a) / sizeof *(a))

enum { BEGINNING_CHARS = 300 };

const struct json_field idea_fields[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct idea, id) },
	{ "title", JSON_TEXT, JSON_REQUIRED | JSON_WORDS, offsetof(struct idea, title) },
	{ "text", JSON_TEXT, JSON_WORDS, offsetof(struct idea, text) },
	{ "status", JSON_TEXT, JSON_REQUIRED, offsetof(struct idea, status), .values = CONTENT_STATUSES },
	{ "channel", JSON_TEXT, JSON_REQUIRED, offsetof(struct idea, channel), .values = CONTENT_CHANNELS },
	{ "theme", JSON_TEXT, 0, offsetof(struct idea, theme) },
	{ "format", JSON_TEXT, 0, offsetof(struct idea, format) },
	{ "tags", JSON_TEXTS, 0, offsetof(struct idea, tag_list) },
	{ "publish_on", JSON_TEXT, 0, offsetof(struct idea, day) },
	{ "outside", JSON_BOOL, 0, offsetof(struct idea, outside) },
	{ 0 },
};

const struct json_field idea_result[] = {
	{ "idea", JSON_OBJECT, JSON_REQUIRED, offsetof(struct idea_result, idea), .of = idea_fields },
	WHICH_CANDIDATES(offsetof(struct idea_result, candidates), idea_fields, idea),
	{ 0 },
};

struct idea idea_row(struct req *req, const struct rows *rows, int row, int col)
{
	const char *tags = rows_text(rows, row, col + COL_IDEA_TAGS);

	return (struct idea){ .id = rows_int(rows, row, col + COL_IDEA_ID),
			      .title = rows_text(rows, row, col + COL_IDEA_TITLE),
			      .text = rows_text(rows, row, col + COL_IDEA_TEXT),
			      .status = rows_text(rows, row, col + COL_IDEA_STATUS),
			      .channel = rows_text(rows, row, col + COL_IDEA_CHANNEL),
			      .theme = rows_text(rows, row, col + COL_IDEA_THEME),
			      .format = rows_text(rows, row, col + COL_IDEA_FORMAT),
			      .tags = tags,
			      .tag_list = words_tag_list(req->pool, tags),
			      .day = rows_text(rows, row, col + COL_IDEA_DAY),
			      .outside = rows_bool(rows, row, col + COL_IDEA_OUTSIDE) };
}

struct json_list idea_rows(struct req *req, const struct rows *rows, int col)
{
	int n = rows_count(rows);
	struct idea *v = mem_alloc(req->pool, sizeof *v * (size_t)(n + 1));

	for (int i = 0; i < n; i++) {
		v[i] = idea_row(req, rows, i, col);
		v[i].text = text_cut(req->pool, v[i].text, BEGINNING_CHARS);
	}
	return (struct json_list){ .n = (size_t)n, .v = v };
}

void idea_absent(struct req *req, int64_t id, struct outcome *ret)
{
	outcome_refuse(req, ret, "not_found", tr(req->pool, req->lang, "content.no_id", SLOT_I("id", id)));
}

static bool is_one_of(const char *word, const char *words)
{
	size_t n = strlen(word);

	for (const char *at = words; n && (at = strstr(at, word)); at += n)
		if ((at == words || at[-1] == ' ') && (at[n] == ' ' || !at[n]))
			return true;
	return false;
}

static const char *meaning_of(const struct meaning *table, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++)
		if (is_one_of(word, table[i].words))
			return table[i].means;
	return NULL;
}

/* "1200", "1.200", "5k", "1,2k"; -1: no number. thousand: "mil" stands after it. */
static int64_t number_of(const char *word, bool thousand)
{
	double n = 0, scale = 1;
	const char *s = word;

	if (*s < '0' || *s > '9' || strlen(word) > 12)
		return -1;
	for (; *s >= '0' && *s <= '9'; s++)
		n = n * 10 + (*s - '0');
	while ((*s == '.' || *s == ',') && strspn(s + 1, "0123456789") == 3)
		for (s++; *s >= '0' && *s <= '9'; s++)
			n = n * 10 + (*s - '0');
	if (*s == '.' || *s == ',')
		for (s++; *s >= '0' && *s <= '9'; s++)
			n += (*s - '0') * (scale /= 10);
	thousand = thousand || *s == 'k';
	s += *s == 'k';
	return *s ? -1 : (int64_t)(thousand ? n * 1000 + 0.5 : n + 0.5);
}

static void count_put(struct content_words *w, const char *what, int64_t n)
{
	int64_t *at = text_same(what, "views")      ? &w->views
		      : text_same(what, "likes")    ? &w->likes
		      : text_same(what, "comments") ? &w->comments
						    : &w->shares;

	if (*at < 0)
		*at = n;
}

struct content_words content_words_read(apr_pool_t *pool, const char *line)
{
	static const char gaps[] = " \t\r\n;:!?()\"'/#";
	struct content_words w = { .views = -1, .likes = -1, .comments = -1, .shares = -1 };
	const char *s = text_fold(pool, line), *means;
	int64_t last = -1, n;
	bool of_idea = false;

	for (s += strspn(s, gaps); *s; s += strspn(s, gaps)) {
		size_t k = strcspn(s, gaps), end = k;
		const char *word;

		while (end && strchr(".,", s[end - 1]))
			end--;
		word = mem_textn(pool, s, end);
		n = number_of(word, text_starts(s + k, " mil ") || text_same(s + k, " mil"));
		if (n >= 0 && of_idea && !w.idea)
			w.idea = n;
		if ((means = meaning_of(counts, LEN(counts), word)) && last >= 0)
			count_put(&w, means, last);
		if (n >= 0)
			last = n;
		w.channel = w.channel ? w.channel : meaning_of(channels, LEN(channels), word);
		w.format = w.format ? w.format : meaning_of(formats, LEN(formats), word);
		w.status = w.status ? w.status : meaning_of(statuses, LEN(statuses), word);
		w.published = w.published ||
			      is_one_of(word, "postei publiquei subi lancei posted published uploaded");
		of_idea = is_one_of(word, "ideia idea") || (of_idea && is_one_of(word, "numero number n"));
		s += k;
	}
	return w;
}

static const char *name_of(struct req *req, const char *kind, const char *value)
{
	return tr(req->pool, req->lang, mem_fmt(req->pool, "content.%s.%s", kind, value));
}

/* " · instagram · reels · #a", and the day. */
static const char *extras(struct req *req, const struct idea *idea)
{
	struct buf b = buf_new(req->pool, LIMIT_MESSAGE_BYTES);
	struct when when;

	if (!text_same(idea->channel, "other"))
		buf_fmt(&b, " · %s", name_of(req, "channel", idea->channel));
	if (*idea->format)
		buf_fmt(&b, " · %s", text_html(req->pool, text_cut(req->pool, idea->format, 40)));
	if (*idea->theme)
		buf_fmt(&b, " · %s", text_html(req->pool, text_cut(req->pool, idea->theme, 40)));
	if (*idea->tags)
		buf_fmt(&b, " · #%s", text_html(req->pool, text_cut(req->pool, idea->tags, 60)));
	if (*idea->day && when_read(req, idea->day, &when))
		buf_fmt(&b, " · 📅 %s", when_text(req, &when));
	return b.p ? b.p : "";
}

const char *idea_line(struct req *req, const struct idea *idea)
{
	return tr(req->pool, req->lang, "content.line", SLOT_I("id", idea->id),
		  SLOT_S("status", name_of(req, "mark", idea->status)),
		  SLOT_S("title", text_cut(req->pool, idea->title, 80)), SLOT_S("extras", extras(req, idea)));
}

void idea_card(struct req *req, const struct idea *idea, const char *lead, struct outcome *ret)
{
	static const char *const steps[] = { "draft", "scheduled", "archived" };
	apr_pool_t *pool = req->pool;
	struct buf html = buf_new(pool, 4 * LIMIT_MESSAGE_BYTES);

	if (lead)
		buf_fmt(&html, "%s\n", lead);
	buf_text(&html,
		 tr(pool, req->lang, "content.card", SLOT_I("id", idea->id), SLOT_S("title", idea->title),
		    SLOT_S("status", name_of(req, "status", idea->status)),
		    SLOT_S("extras", extras(req, idea))));
	if (*idea->text)
		buf_fmt(&html, "\n\n%s", text_html(pool, text_cut(pool, idea->text, 3000)));
	for (size_t i = 0; i < LEN(steps); i++)
		if (!text_same(idea->status, steps[i]))
			outcome_button(req, ret, 0,
				       tr(pool, req->lang, mem_fmt(pool, "button.idea_%s", steps[i])),
				       button_act(pool, "update_content_idea", SLOT_I("id", idea->id),
						  SLOT_S("status", steps[i])));
	if (!text_same(idea->status, "published"))
		outcome_button(req, ret, 0, tr(pool, req->lang, "button.idea_published"),
			       button_act(pool, "record_post", SLOT_I("idea_id", idea->id)));
	ret->outside = idea->outside;
	outcome_data(req, ret, idea_result, &(struct idea_result){ .idea = idea });
	ret->html = html.p;
}
