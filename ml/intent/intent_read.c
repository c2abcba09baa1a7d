#include "ml/intent/intent_read.h"

#include "core/text.h"

#define DAY_S INT64_C(86400)

const struct intent_token *intent_token_of(const struct intent_reading *r, enum intent_class c)
{
	for (int i = r->sentence->head; i < r->sentence->n; i++)
		if (intent_has(&r->sentence->v[i], c))
			return &r->sentence->v[i];
	return NULL;
}

bool intent_words_said(const struct intent_reading *r, const char *const *words)
{
	for (int i = r->sentence->head; i < r->sentence->n; i++)
		if (intent_word_in(words, r->sentence->v[i].text))
			return true;
	return false;
}

bool intent_number_said(const struct intent_reading *r, int64_t *ret_id)
{
	static const char *const signs[] = { "#", "numero", "number", "no", "n", NULL };
	const struct intent_sentence *s = r->sentence;

	for (int i = s->head; i < s->n && i < s->head + 8; i++) {
		const struct intent_token *t = &s->v[i], *before = i > s->head ? &s->v[i - 1] : NULL;

		if (!intent_has(t, IC_NUM) || t->dated || !text_int(t->text, ret_id) || *ret_id <= 0)
			continue;
		if (before && intent_word_in(signs, before->text) && i > s->head + 1)
			before = &s->v[i - 2];
		if (before && (intent_has(before, IC_TASK) || intent_has(before, IC_REM) ||
			       intent_has(before, IC_NOTE) || intent_has(before, IC_EVENT) ||
			       intent_has(before, IC_PROJ) || intent_has(before, IC_IDEA) ||
			       intent_has(before, IC_DONEADJ) || intent_has(before, IC_DET) ||
			       intent_has(before, IC_EMAIL) || intent_has(before, IC_CONTACT) ||
			       intent_set_has(&before->asks, IC_FINISH)))
			return true;
		return false;
	}
	return false;
}

const char *intent_sentence_from(apr_pool_t *pool, const struct intent_reading *r, int from)
{
	const struct intent_sentence *s = r->sentence;
	int begin = from < s->n ? s->v[from].begin : r->finish;
	int end = r->finish > begin ? r->finish : s->v[s->n - 1].end;

	return text_trim(pool, mem_textn(pool, r->text + begin, (size_t)(end - begin)));
}

const char *intent_day_of(apr_pool_t *pool, int64_t wall)
{
	return mem_textn(pool, date_iso(pool, wall), 10);
}

const char *intent_due_of(apr_pool_t *pool, const struct date_found *d)
{
	int64_t end = d->end;

	if (d->deadline && d->has_end)
		return end % DAY_S == 0 ? intent_day_of(pool, end - 1) : date_iso(pool, end);
	if (d->allday || !d->has_time || (d->has_end && !d->has_duration && !d->rrule)) /* "sexta de manhã" */
		return intent_day_of(pool, d->has_end && d->end - d->start > DAY_S && !d->rrule ? d->end - 1
												: d->start);
	return date_iso(pool, d->start);
}

void intent_set_some(struct json *args, const char *key, const char *text)
{
	if (key && text && *text)
		json_set_text(args, key, text);
}
