#include "ml/intent/intent_rest.h"

#include "core/text.h"
#include <string.h>

/* Words that join what was taken out to what is left: not part of a title when they stand at its edge. */
static const char *const lead_pt[] = { "de",      "do",         "da",  "que",   "para", "pra",
				       "pro",     "p",          "com", "sobre", "q",    "e",
				       "chamado", "chamada",    "ao",  "eh",    "aí",   "ai",
				       "isso",    "o_seguinte", "dos", "das",   NULL };
static const char *const lead_en[] = { "to",    "that", "for", "about", "called",
				       "named", "of",   "and", "on",    NULL };
static const char *const tail_pt[] = { "de", "do",  "da",  "que", "para", "pra", "pro", "em",  "na",
				       "no", "e",   "com", "as",  "ate",  "ai",  "dia", "por", "como",
				       "ta", "pfv", "a",   "o",   "p",    "até", "às",  NULL };
static const char *const tail_en[] = { "to", "for", "on", "at",  "and",  "by",
				       "in", "of",  "as", "the", "from", NULL };

/* One past the last byte of the date that begins at byte i; 0 when none does. */
static int date_over(const struct intent_reading *r, int i)
{
	if (!r->date || !r->timed)
		return 0;
	for (int k = 0; k < r->date->n_spans; k++)
		if (i >= r->date->spans[k].begin && i < r->date->spans[k].finish)
			return r->date->spans[k].finish;
	return 0;
}

const char *intent_priority_of(const char *folded)
{
	static const struct {
		const char *word, *priority;
	} known[] = {
		{ "baixa", "low" }, { "low", "low" },   { "media", "medium" },   { "medium", "medium" },
		{ "alta", "high" }, { "high", "high" }, { "urgente", "urgent" }, { "urgent", "urgent" }
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (text_same(known[i].word, folded))
			return known[i].priority;
	return NULL;
}

int intent_mark_over(apr_pool_t *pool, const struct intent_reading *r, int i, const char **ret_word)
{
	const char *s = r->text + i;
	int n = 1;

	if ((*s != '#' && *s != '!') || (i > 0 && !strchr(" \t\n", r->text[i - 1])))
		return 0;
	while (s[n] && !strchr(" \t\r\n.,;:!?)", s[n]))
		n++;
	if (n < 2 || (s[1] >= '0' && s[1] <= '9'))
		return 0;
	*ret_word = text_fold(pool, mem_textn(pool, s + 1, (size_t)n - 1));
	return *s == '#' || intent_priority_of(*ret_word) ? i + n : 0;
}

bool intent_takes_marks(enum intent_id intent)
{
	return intent == INTENT_create_task || intent == INTENT_save_note ||
	       intent == INTENT_save_content_idea || intent == INTENT_update_task ||
	       intent == INTENT_create_project;
}

static bool is_space(char c)
{
	return strchr(" \t\r\n", c) && c;
}

/* Bytes begin..end of the text without dates and marks; gaps become one space. */
static char *cut_out(apr_pool_t *pool, const struct intent_reading *r, int begin, int end)
{
	char *out = mem_alloc(pool, (size_t)(end - begin) + 2);
	int n = 0;
	const char *word;

	for (int i = begin; i < end;) {
		int over = date_over(r, i);

		if (!over && intent_takes_marks(r->match->intent))
			over = intent_mark_over(pool, r, i, &word);
		if (over) {
			if (n > 0 && !is_space(out[n - 1]))
				out[n++] = ' ';
			i = over > i ? over : i + 1;
			while (n > 0 && i < end && is_space(r->text[i]))
				i++;
			continue;
		}
		out[n++] = r->text[i++];
	}
	out[n] = '\0';
	return out;
}

/* Length of the last word of s, n bytes. */
static int last_word(const char *s, int n)
{
	int i = n;

	while (i > 0 && !is_space(s[i - 1]))
		i--;
	return n - i;
}

static bool edge_char(char c, bool tail)
{
	return c && (is_space(c) || strchr(tail ? ",;:-" : ",;:-.!?", c));
}

/* Without punctuation and joining words at its edges. */
static const char *tidy(apr_pool_t *pool, char *s, enum lang lang, bool keep_words)
{
	const char *const *lead = lang == LANG_EN ? lead_en : lead_pt, *const *tail = lang == LANG_EN
											      ? tail_en
											      : tail_pt;
	int n;

	for (;;) {
		while (edge_char(*s, false))
			s++;
		int k = (int)strcspn(s, " \t\r\n,:");
		if (!k || keep_words || !s[k] ||
		    !intent_word_in(lead, text_fold(pool, mem_textn(pool, s, (size_t)k))))
			break;
		s += k;
	}
	for (n = (int)strlen(s);;) {
		while (n > 0 && edge_char(s[n - 1], true))
			n--;
		int k = last_word(s, n);
		if (!k || k == n || keep_words ||
		    !intent_word_in(tail, text_fold(pool, mem_textn(pool, s + n - k, (size_t)k))))
			break;
		n -= k;
	}
	while (n > 0 && strchr(".?", s[n - 1]) && !keep_words)
		n--;
	if (n > 1 && s[0] == '"' && s[n - 1] == '"')
		return mem_textn(pool, s + 1, (size_t)n - 2);
	return mem_textn(pool, s, (size_t)n);
}

/* Courtesies at the end: "por favor", "obrigado". */
static int without_tail(const struct intent_sentence *s, int begin, int end)
{
	while (end > begin) {
		const struct intent_token *t = &s->v[end - 1];

		if (!intent_has(t, IC_POLITE) && !intent_has(t, IC_THANKS) && !intent_has(t, IC_LAUGH) &&
		    !intent_has(t, IC_QUESTION) && !intent_has(t, IC_PUNCT) && !intent_has(t, IC_COMMA))
			break;
		if (t->dated || intent_has(t, IC_DONEADJ))
			break;
		if (intent_has(t, IC_PUNCT) && *t->text == ')')
			break;
		end--;
	}
	return end;
}

/* Little words before what is meant: "aí", "por favor", a colon. */
static int without_head(const struct intent_sentence *s, int begin, int end)
{
	while (begin < end) {
		const struct intent_token *t = &s->v[begin];

		if (!intent_has(t, IC_POLITE) && !intent_has(t, IC_COMMA) && !intent_has(t, IC_COLON) &&
		    !(intent_has(t, IC_FILL) && !intent_has(t, IC_LATER) && !intent_has(t, IC_LAUGH)))
			break;
		begin++;
	}
	return begin;
}

const char *intent_words_between(apr_pool_t *pool, const struct intent_reading *r, int begin, int end)
{
	const struct intent_sentence *s = r->sentence;
	bool long_text = r->match->long_text && end == s->n,
	     keep = long_text && r->match->intent == INTENT_save_note;
	int last = without_tail(s, begin, end), finish;

	begin = without_head(s, begin, last);
	if (begin >= last)
		return "";
	finish = long_text && last == end ? r->finish : s->v[last - 1].end;
	if (finish < s->v[last - 1].end)
		finish = s->v[last - 1].end;
	return tidy(pool, cut_out(pool, r, s->v[begin].begin, finish), r->lang, keep);
}

const char *intent_without_article(apr_pool_t *pool, const char *s, enum lang lang, enum intent_id intent)
{
	static const char *const any_pt[] = { "o", "a", "os", "as", "um", "uma", NULL },
				 *const any_en[] = { "the", "a", "an", NULL },
				 *const new_pt[] = { "um", "uma", NULL },
				 *const new_en[] = { "a", "an", NULL };
	bool makes = intent == INTENT_create_task || intent == INTENT_create_project ||
		     intent == INTENT_create_habit || intent == INTENT_create_reminder ||
		     intent == INTENT_add_project_item;
	const char *const *list = lang == LANG_EN ? (makes ? new_en : any_en) : makes ? new_pt : any_pt;
	size_t k = strcspn(s, " ");

	if (intent == INTENT_save_note || intent == INTENT_remember || intent == INTENT_capture_inbox ||
	    intent == INTENT_save_content_idea || !s[k] ||
	    !intent_word_in(list, text_fold(pool, mem_textn(pool, s, k))))
		return s;
	return s + k + 1;
}

const char *intent_rest(apr_pool_t *pool, const struct intent_reading *r)
{
	if (r->match->begin < 0)
		return "";
	return intent_without_article(pool, intent_words_between(pool, r, r->match->begin, r->match->end),
				      r->lang, r->match->intent);
}
