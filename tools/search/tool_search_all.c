#include "core/limits.h"
#include "core/text.h"
#include "ml/reader/reader.h"
#include "tools/tool.h"
#include "tools/look_back.h"
#include "tools/words.h"
#include <string.h>

struct args {
	const char *query, *kind, *start, *end;
	int64_t max_results;
};

#define KINDS "task note inbox project contact idea event reminder said"

static const struct json_field params[] = {
	{ "query", JSON_TEXT, JSON_REQUIRED, offsetof(struct args, query), 0, 1000, NULL,
	  "words to look for; accents and small slips do not matter" },
	{ "kind", JSON_TEXT, 0, offsetof(struct args, kind), 0, 0, KINDS,
	  "only things of this kind; said: what the person wrote in the conversation" },
	{ "start", JSON_TEXT, 0, offsetof(struct args, start), 0, 40, NULL, "only from this local day on" },
	{ "end", JSON_TEXT, 0, offsetof(struct args, end), 0, 40, NULL, "only before this local day" },
	{ "max_results", JSON_INT, 0, offsetof(struct args, max_results), 1, 30, NULL, "10 when left out" },
	{ 0 },
};

/* One that was found, as data has it. */
struct hit {
	const char *kind, *title, *text, *day;
	int64_t id;
	bool outside;
};

static const struct json_field hit_fields[] = {
	{ "kind", JSON_TEXT, JSON_REQUIRED, offsetof(struct hit, kind), .values = KINDS " project_item" },
	{ "id", JSON_INT, 0, offsetof(struct hit, id), .doc = "none of what was said" },
	{ "title", JSON_TEXT, JSON_WORDS, offsetof(struct hit, title) },
	{ "text", JSON_TEXT, JSON_WORDS, offsetof(struct hit, text), .doc = "the part that was asked for" },
	{ "day", JSON_TEXT, JSON_REQUIRED, offsetof(struct hit, day) },
	{ "outside", JSON_BOOL, 0, offsetof(struct hit, outside) },
	{ 0 },
};

struct found {
	int64_t total;
	bool similar;
	struct json_list results;
};

static const struct json_field result[] = {
	{ "total", JSON_INT, JSON_REQUIRED, offsetof(struct found, total) },
	{ "similar", JSON_BOOL, 0, offsetof(struct found, similar),
	  .doc = "nothing holds the words themselves, these are like them" },
	{ "results", JSON_OBJECTS, JSON_REQUIRED, offsetof(struct found, results), .of = hit_fields,
	  .size = sizeof(struct hit), .doc = "the best of them" },
	{ 0 },
};

enum { SHOWN = 10, QUERY_WORDS = 12, SNIPPET_CHARS = 110, DATA_CHARS = 400, STEM = 4 };

static NODISCARD err_t *from_text(struct req *req, const char *text, struct json **ret_args)
{
	if (!*words_line(req->pool, text))
		return NULL;
	*ret_args = json_object(req->pool);
	json_set_text(*ret_args, "query", words_line(req->pool, text));
	return NULL;
}

/* The words that were asked for, folded. */
struct asked {
	const char *v[QUERY_WORDS];
	int n;
};

static struct asked asked_of(apr_pool_t *pool, const char *query)
{
	struct asked asked = { .n = 0 };
	const char *s = text_fold(pool, query);

	while (*s && asked.n < QUERY_WORDS) {
		size_t n = strcspn(s, " ,.;:!?\"()");

		if (n > 1)
			asked.v[asked.n++] = mem_textn(pool, s, n);
		s += n + (s[n] != 0);
	}
	return asked;
}

/* A word of the text as asked for: the same beginning is enough, since stems are what was searched. */
static bool is_asked(apr_pool_t *pool, const struct asked *asked, const char *word, size_t n)
{
	const char *folded = text_fold(pool, mem_textn(pool, word, n));

	for (int i = 0; i < asked->n; i++) {
		size_t want = strlen(asked->v[i]),
		       stem = want > STEM ? (want > STEM + 3 ? want - 3 : STEM) : want;

		if (strncmp(folded, asked->v[i], stem) == 0 && (want > STEM || !folded[stem]))
			return true;
	}
	return false;
}

static size_t word_length(const char *s)
{
	size_t n = 0;

	while (s[n] && !strchr(" \t\r\n,.;:!?\"()", s[n]))
		n++;
	return n;
}

/* Where the first word that was asked for begins; 0 when there is none. */
static size_t first_hit(apr_pool_t *pool, const struct asked *asked, const char *text)
{
	for (size_t i = 0; text[i];) {
		size_t n = word_length(text + i);

		if (n && is_asked(pool, asked, text + i, n))
			return i;
		i += n ? n : 1;
	}
	return 0;
}

/* Where a piece of the text begins that holds what was asked for. */
static size_t piece_from(apr_pool_t *pool, const struct asked *asked, const char *text)
{
	size_t hit = first_hit(pool, asked, text), from = hit > 40 ? hit - 40 : 0;

	while (from > 0 && text[from - 1] != ' ')
		from--;
	return from;
}

/* A piece of the text around what was asked for, which is bold. HTML. */
static const char *snippet(apr_pool_t *pool, const struct asked *asked, const char *text)
{
	struct buf out = buf_new(pool, LIMIT_MESSAGE_BYTES);
	size_t from = piece_from(pool, asked, text);
	const char *cut = text_cut(pool, text + from, SNIPPET_CHARS);

	if (from)
		buf_text(&out, "…");
	while (*cut) {
		size_t n = word_length(cut), len = n ? n : 1;
		bool bold = n && is_asked(pool, asked, cut, n);

		buf_fmt(&out, bold ? "<b>%s</b>" : "%s", text_html(pool, mem_textn(pool, cut, len)));
		cut += len;
	}
	return out.over || !out.p ? "" : out.p;
}

/* What is shown of a thing: with nothing to tap in words that are somebody else's. */
static const char *shown(apr_pool_t *pool, const struct rows *rows, int i, int col)
{
	const char *words = words_line(pool, rows_text(rows, i, col));

	return rows_bool(rows, i, COL_SEARCH_ALL_OUTSIDE) ? reader_defang(pool, words) : words;
}

static const char *line(struct req *req, const struct asked *asked, const struct rows *rows, int i)
{
	apr_pool_t *pool = req->pool;
	const char *kind = rows_text(rows, i, COL_SEARCH_ALL_KIND),
		   *title = shown(pool, rows, i, COL_SEARCH_ALL_TITLE);
	const char *body = shown(pool, rows, i, COL_SEARCH_ALL_BODY);
	const char *text = snippet(pool, asked, *title ? title : body);

	if (*title && *body && first_hit(pool, asked, body))
		text = mem_fmt(pool, "%s — %s", text, snippet(pool, asked, body));
	return tr(pool, req->lang, "search.line",
		  SLOT_S("mark", tr(pool, req->lang, mem_fmt(pool, "search.mark.%s", kind))),
		  SLOT_S("text", text), SLOT_S("date", rows_text(rows, i, COL_SEARCH_ALL_DAY)),
		  SLOT_S("id", text_same(kind, "said")
				       ? ""
				       : mem_fmt(pool, "%lld · ",
						 (long long)rows_int(rows, i, COL_SEARCH_ALL_REF))));
}

static struct hit hit_of(apr_pool_t *pool, const struct asked *asked, const struct rows *rows, int i)
{
	const char *body = words_line(pool, rows_text(rows, i, COL_SEARCH_ALL_BODY));
	struct hit hit = { .kind = rows_text(rows, i, COL_SEARCH_ALL_KIND),
			   .title = words_line(pool, rows_text(rows, i, COL_SEARCH_ALL_TITLE)),
			   .text = text_cut(pool, body + piece_from(pool, asked, body), DATA_CHARS),
			   .day = rows_text(rows, i, COL_SEARCH_ALL_ISO),
			   .outside = rows_bool(rows, i, COL_SEARCH_ALL_OUTSIDE) };

	if (!text_same(hit.kind, "said"))
		hit.id = rows_int(rows, i, COL_SEARCH_ALL_REF);
	return hit;
}

static void data(struct req *req, const char *query, const struct rows *rows, struct outcome *ret)
{
	size_t n = (size_t)rows_count(rows);
	struct hit *hits = mem_alloc(req->pool, sizeof *hits * (n + 1));
	struct asked asked = asked_of(req->pool, query);
	struct found found = { .results = { n, hits } };

	for (size_t i = 0; i < n; i++) {
		hits[i] = hit_of(req->pool, &asked, rows, (int)i);
		ret->outside = ret->outside || hits[i].outside;
	}
	if (n) {
		found.total = rows_int(rows, 0, COL_SEARCH_ALL_TOTAL);
		found.similar = rows_bool(rows, 0, COL_SEARCH_ALL_FUZZY);
	}
	outcome_data(req, ret, result, &found);
}

static NODISCARD err_t *render(struct req *req, const char *query, const struct rows *rows,
			       struct outcome *ret)
{
	struct buf html = buf_new(req->pool, LIMIT_MESSAGE_BYTES);
	struct asked asked = asked_of(req->pool, query);
	int64_t total = rows_int(rows, 0, COL_SEARCH_ALL_TOTAL);

	buf_text(&html, tr(req->pool, req->lang,
			   rows_bool(rows, 0, COL_SEARCH_ALL_FUZZY) ? "search.near" : "search.head",
			   SLOT_S("query", text_cut(req->pool, query, 80)), SLOT_I("n", total)));
	for (int i = 0; i < rows_count(rows); i++)
		buf_fmt(&html, "\n%s", line(req, &asked, rows, i));
	if (total > rows_count(rows))
		buf_fmt(&html, "\n\n%s",
			tr(req->pool, req->lang, "search.more", SLOT_I("n", total - rows_count(rows))));
	ret->html = html.p;
	return buf_check(&html);
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	const char *query = words_line(req->pool, args->query), *kinds[] = { args->kind };
	struct pg_val from, to;
	struct rows *rows;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	ERR(look_back(req, args->start, args->end, &from, &to));
	if (!*query) {
		outcome_refuse(req, ret, "empty", tr(req->pool, req->lang, "usage.search_all"));
		return NULL;
	}
	ERR(tx_exec(tx, STMT_SEARCH_ALL,
		    PG_ARGS(PG_TEXT(query), PG_TEXTS(kinds, args->kind ? 1 : 0), from, to,
			    PG_INT(args->max_results ? args->max_results : SHOWN), PG_TEXT(req->zone)),
		    &rows));
	data(req, query, rows, ret);
	if (rows_count(rows))
		return render(req, query, rows, ret);
	ret->html = tr(req->pool, req->lang, "search.none", SLOT_S("query", text_cut(req->pool, query, 80)));
	return NULL;
}

const struct tool tool_search_all = {
	.name = "search_all",
	.description =
		"Looks for words in everything the person keeps: tasks, notes, inbox, projects, contacts, ideas, events, reminders, and "
		"what they said.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_READ,
	.always_offered = true,
	.words = { .what = "query", .when = "start" },
	.min_role = ROLE_GUEST,
	.commands = "buscar search",
	.from_text = from_text,
	.run = run,
};
