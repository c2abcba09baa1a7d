#include "ml/intent/intent_mail.h"

#include "core/text.h"
#include "ml/intent/intent_read.h"
#include <string.h>

static void set_some(struct json *args, const char *key, const char *text)
{
	if (text && *text)
		json_set_text(args, key, text);
}

static const char *token_text(apr_pool_t *pool, const struct intent_reading *r, const struct intent_token *t)
{
	return mem_textn(pool, r->text + t->begin, (size_t)(t->end - t->begin));
}

/* Where the body of a mail begins: after "dizendo que", a colon, "que", "saying". */
static int body_from(const struct intent_sentence *s, int i)
{
	for (; i < s->n; i++) {
		if (intent_has(&s->v[i], IC_SAYING) || intent_has(&s->v[i], IC_COLON))
			return i + 1;
		if (intent_has(&s->v[i], IC_THAT))
			return i;
	}
	return s->n;
}

/* Where the words after "sobre", "assunto" begin. */
static int subject_from(const struct intent_sentence *s, int i, int end)
{
	for (; i < end; i++)
		if ((intent_has(&s->v[i], IC_ABOUT) && !intent_has(&s->v[i], IC_TO)) ||
		    text_same(s->v[i].text, "assunto") || text_same(s->v[i].text, "subject") ||
		    text_same(s->v[i].text, "com_o_assunto"))
			return i + 1;
	return end;
}

/* The last token of the name that begins at k: "João", "João Silva". */
static int name_end(const struct intent_sentence *s, int k, int end)
{
	int last = k;

	while (last + 1 < end && last < k + 3 && intent_has(&s->v[last + 1], IC_CAPITAL) &&
	       !intent_has(&s->v[last + 1], IC_ABOUT))
		last++;
	return last;
}

static const char *name_from(apr_pool_t *pool, const struct intent_reading *r, int k, int end)
{
	const struct intent_sentence *s = r->sentence;

	return mem_textn(pool, r->text + s->v[k].begin,
			 (size_t)(s->v[name_end(s, k, end)].end - s->v[k].begin));
}

static bool is_article(const struct intent_token *t)
{
	static const char *const articles[] = { "o", "a", "os", "as", "the", NULL };

	return intent_word_in(articles, t->text) || (intent_has(t, IC_DET) && !intent_has(t, IC_NAME));
}

/* Where the copies are named: after "com cópia para", "cc". */
static int copies_from(const struct intent_sentence *s, int end)
{
	static const char *const copies[] = { "copia", "cc", "copying", NULL };

	for (int i = s->head; i < end; i++)
		if (intent_word_in(copies, s->v[i].text))
			return i + 1;
	return end;
}

/* The addresses of [from, to), by commas; NULL: none. */
static const char *addresses(apr_pool_t *pool, const struct intent_reading *r, int from, int to)
{
	const struct intent_sentence *s = r->sentence;
	const char *list = NULL;

	for (int i = from; i < to; i++)
		if (intent_has(&s->v[i], IC_MAIL))
			list = list ? mem_fmt(pool, "%s, %s", list, token_text(pool, r, &s->v[i]))
				    : token_text(pool, r, &s->v[i]);
	return list;
}

static bool is_to(const struct intent_token *t)
{
	/* "para o" may be one token: it also says "stop it". */
	return intent_has(t, IC_TO) || text_starts(t->text, "para_");
}

/* The names that begin at k, by commas: "Ana", "a Ana e o João Silva"; NULL: none does. */
static const char *names_from(apr_pool_t *pool, const struct intent_reading *r, int k, int end)
{
	const struct intent_sentence *s = r->sentence;
	const char *list = NULL;

	for (;;) {
		while (k < end && (is_article(&s->v[k]) || is_to(&s->v[k])))
			k++;
		if (k >= end || !(intent_has(&s->v[k], IC_NAME) || intent_has(&s->v[k], IC_KIN) ||
				  intent_has(&s->v[k], IC_CAPITAL)))
			return list;
		list = list ? mem_fmt(pool, "%s, %s", list, name_from(pool, r, k, end))
			    : name_from(pool, r, k, end);
		k = name_end(s, k, end) + 1;
		if (k >= end || !(text_same(s->v[k].text, "e") || text_same(s->v[k].text, "and") ||
				  intent_has(&s->v[k], IC_COMMA)))
			return list;
		k++;
	}
}

/* Who it goes to: addresses, or the names after "para". */
static const char *addressee(apr_pool_t *pool, const struct intent_reading *r, int end)
{
	const struct intent_sentence *s = r->sentence;
	const char *list = addresses(pool, r, s->head, end);

	for (int i = s->head; i < end && !list; i++)
		if (is_to(&s->v[i]) || text_same(s->v[i].text, "email") || text_same(s->v[i].text, "send"))
			list = names_from(pool, r, i + 1, end);
	return list;
}

/* "responde o e-mail da Ana dizendo que sim": which one, as it was said. */
static const char *answered(apr_pool_t *pool, const struct intent_reading *r, int end)
{
	const struct intent_sentence *s = r->sentence;

	for (int i = s->head; i < end; i++) {
		int from = i + 1, last = end - 1;

		if (!text_starts(s->v[i].text, "respond") && !text_starts(s->v[i].text, "repl") &&
		    !text_starts(s->v[i].text, "answer"))
			continue;
		while (last >= from &&
		       (intent_has(&s->v[last], IC_SAYING) || intent_has(&s->v[last], IC_THAT) ||
			intent_has(&s->v[last], IC_COLON)))
			last--;
		while (from <= last && (intent_has(&s->v[from], IC_TO) || is_article(&s->v[from])))
			from++;
		if (from > last)
			return NULL;
		return mem_textn(pool, r->text + s->v[from].begin,
				 (size_t)(s->v[last].end - s->v[from].begin));
	}
	return NULL;
}

void intent_mail_args(apr_pool_t *pool, const struct intent_reading *r, struct json *args)
{
	const struct intent_sentence *s = r->sentence;
	int from = s->head, body = body_from(s, from), head_end = body < s->n ? body : s->n;
	int subject = subject_from(s, from, head_end);
	const char *which = answered(pool, r, head_end);
	int copies = copies_from(s, head_end);
	const char *cc = addresses(pool, r, copies, head_end);

	set_some(args, "reply_to", which);
	set_some(args, "to", which ? NULL : addressee(pool, r, copies));
	if (copies < head_end)
		set_some(args, "cc", cc ? cc : names_from(pool, r, copies, head_end));
	if (subject < head_end)
		set_some(args, "subject",
			 intent_words_between(pool, r, subject,
					      body < s->n && body > subject ? body - 1 : head_end));
	if (body < s->n)
		set_some(args, "body", intent_words_between(pool, r, body, s->n));
}

/* "e-mail novo", "new mail": not read yet. */
static bool is_new(const struct intent_sentence *s)
{
	static const char *const words[] = { "novo", "novos", "nova", "novas", "new", NULL };

	for (int i = s->head; i < s->n; i++)
		if (intent_has(&s->v[i], IC_EMAIL) &&
		    ((i > s->head && intent_word_in(words, s->v[i - 1].text)) ||
		     (i + 1 < s->n && intent_word_in(words, s->v[i + 1].text))))
			return true;
	return false;
}

/* Words that only the whole sentence has: whether it is unread, whose it is, from which days. The tool reads them
 * (tools/mail/mail_query.h). */
void intent_mail_search(apr_pool_t *pool, const struct intent_reading *r, struct json *args)
{
	const struct intent_sentence *s = r->sentence;
	const char *words = json_text(args, "query"), *after = "", *folded;
	const char *whole = intent_sentence_from(pool, r, s->head);
	bool unread;

	for (int i = s->head; i + 1 < s->n; i++)
		if (intent_has(&s->v[i], IC_EMAIL) && !*after)
			after = intent_sentence_from(pool, r, i + 1);
	folded = text_fold(pool, whole);
	unread = is_new(s) || strstr(folded, "nao lid") || strstr(folded, "unread") ||
		 strstr(folded, "por ler");
	if (words && *words && !strstr(after, words))
		after = strstr(words, after) ? words : mem_fmt(pool, "%s %s", words, after);
	folded = text_fold(pool, after);
	if (unread && !strstr(folded, "nao lid") && !strstr(folded, "unread") && !strstr(folded, "por ler"))
		after = mem_fmt(pool, "%s %s", r->lang == LANG_PT ? "não lidos" : "unread", after);
	set_some(args, "query", text_trim(pool, after));
}

/* "lê o primeiro e-mail": which of those that were shown. */
void intent_mail_which(apr_pool_t *pool, const struct intent_reading *r, struct json *args)
{
	static const char *const ordinals[] = { "primeiro", "primeira", "segundo", "segunda", "terceiro",
						"terceira", "quarto",   "quarta",  "quinto",  "quinta",
						"ultimo",   "ultima",   "first",   "second",  "third",
						"fourth",   "fifth",    "last",    "latest",  NULL };

	if (json_at(args, "id") || (json_text(args, "query") && *json_text(args, "query")))
		return;
	for (int i = r->sentence->head; i < r->sentence->n; i++)
		if (intent_word_in(ordinals, r->sentence->v[i].text)) {
			json_set_text(args, "query", token_text(pool, r, &r->sentence->v[i]));
			return;
		}
}

void intent_mail_attendees(apr_pool_t *pool, const struct intent_reading *r, struct json *args)
{
	struct json *list = json_array(pool);

	for (int i = r->sentence->head; i < r->sentence->n; i++)
		if (intent_has(&r->sentence->v[i], IC_MAIL))
			json_push_text(list, token_text(pool, r, &r->sentence->v[i]));
	if (json_len(list))
		json_set(args, "attendees", list);
}
