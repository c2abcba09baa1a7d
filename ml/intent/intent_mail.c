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

static const struct intent_token *token_of(const struct intent_reading *r, enum intent_class c)
{
	for (int i = r->sentence->head; i < r->sentence->n; i++)
		if (intent_has(&r->sentence->v[i], c))
			return &r->sentence->v[i];
	return NULL;
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

/* The name that begins at k: "João", "João Silva". */
static const char *name_from(apr_pool_t *pool, const struct intent_reading *r, int k, int end)
{
	const struct intent_sentence *s = r->sentence;
	int last = k;

	while (last + 1 < end && last < k + 3 && intent_has(&s->v[last + 1], IC_CAPITAL) &&
	       !intent_has(&s->v[last + 1], IC_ABOUT))
		last++;
	return mem_textn(pool, r->text + s->v[k].begin, (size_t)(s->v[last].end - s->v[k].begin));
}

static bool is_article(const struct intent_token *t)
{
	static const char *const articles[] = { "o", "a", "os", "as", "the", NULL };

	return intent_word_in(articles, t->text) || (intent_has(t, IC_DET) && !intent_has(t, IC_NAME));
}

/* Who it goes to: an address, or the words after "para". */
static const char *addressee(apr_pool_t *pool, const struct intent_reading *r, int end)
{
	const struct intent_sentence *s = r->sentence;
	const struct intent_token *mail = token_of(r, IC_MAIL);

	if (mail)
		return token_text(pool, r, mail);
	for (int i = s->head; i < end; i++) {
		int k = i + 1;

		/* "para o" may be one token: it also says "stop it". */
		if (!intent_has(&s->v[i], IC_TO) && !text_starts(s->v[i].text, "para_") &&
		    !text_same(s->v[i].text, "email") && !text_same(s->v[i].text, "send"))
			continue;
		while (k < end && is_article(&s->v[k]))
			k++;
		if (k < end && (intent_has(&s->v[k], IC_NAME) || intent_has(&s->v[k], IC_KIN) ||
				intent_has(&s->v[k], IC_CAPITAL)))
			return name_from(pool, r, k, end);
	}
	return NULL;
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

	set_some(args, "reply_to", which);
	set_some(args, "to", which ? NULL : addressee(pool, r, head_end));
	if (subject < head_end)
		set_some(args, "subject",
			 intent_words_between(pool, r, subject,
					      body < s->n && body > subject ? body - 1 : head_end));
	if (body < s->n)
		set_some(args, "body", intent_words_between(pool, r, body, s->n));
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
	unread = strstr(folded, "nao lid") || strstr(folded, "unread") || strstr(folded, "por ler");
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
