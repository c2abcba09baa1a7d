#include "ml/intent/intent_mail.h"

#include "core/text.h"

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

/* Who it goes to: an address, or the words after "para". */
static const char *addressee(apr_pool_t *pool, const struct intent_reading *r, int end)
{
	const struct intent_sentence *s = r->sentence;
	const struct intent_token *mail = token_of(r, IC_MAIL);

	if (mail)
		return token_text(pool, r, mail);
	for (int i = s->head; i < end; i++) {
		int k = i + 1;

		if (!intent_has(&s->v[i], IC_TO) && !text_same(s->v[i].text, "email") &&
		    !text_same(s->v[i].text, "send"))
			continue;
		while (k < end && intent_has(&s->v[k], IC_DET) && !intent_has(&s->v[k], IC_NAME))
			k++;
		if (k < end && (intent_has(&s->v[k], IC_NAME) || intent_has(&s->v[k], IC_KIN) ||
				intent_has(&s->v[k], IC_CAPITAL)))
			return token_text(pool, r, &s->v[k]);
	}
	return NULL;
}

void intent_mail_args(apr_pool_t *pool, const struct intent_reading *r, struct json *args)
{
	const struct intent_sentence *s = r->sentence;
	int from = s->head, body = body_from(s, from), head_end = body < s->n ? body : s->n;
	int subject = subject_from(s, from, head_end);

	set_some(args, "to", addressee(pool, r, head_end));
	if (subject < head_end)
		set_some(args, "subject",
			 intent_words_between(pool, r, subject,
					      body < s->n && body > subject ? body - 1 : head_end));
	if (body < s->n)
		set_some(args, "body", intent_words_between(pool, r, body, s->n));
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
