#include "ml/intent/intent_note.h"

#include "core/text.h"
#include "ml/intent/intent_read.h"
#include <string.h>

/* "o item 3 da inbox em tarefa": which, and what it is to become. */
void intent_note_inbox(const struct intent_reading *r, struct json *args)
{
	const struct intent_token *number = intent_token_of(r, IC_NUM);
	const char *into = intent_token_of(r, IC_TASK)    ? "task"
			   : intent_token_of(r, IC_NOTE)  ? "note"
			   : intent_token_of(r, IC_EVENT) ? "event"
			   : intent_token_of(r, IC_ARCH)  ? "archive"
							  : NULL;
	int64_t id;

	if (!number || !text_int(number->text, &id) || id <= 0)
		return;
	json_set_int(args, "id", id);
	intent_set_some(args, "into", into);
}

static int token_index(const struct intent_sentence *s, enum intent_class c, int from)
{
	while (from < s->n && !intent_has(&s->v[from], c))
		from++;
	return from;
}

/* The words that name a note, from token begin to end: none when they are its number. */
static void put_note_query(apr_pool_t *pool, const struct intent_reading *r, int begin, int end,
			   struct json *args)
{
	const char *words = begin < end ? intent_words_between(pool, r, begin, end) : "";

	if (words[strspn(words, "#0123456789 ")])
		json_set_text(args, "query", words);
}

/* "muda a nota 4: texto", "fixa a nota do café", "põe leite na nota 3". */
void intent_note_note(apr_pool_t *pool, const struct intent_reading *r, struct json *args)
{
	static const char *const pins[] = { "fixa", "fixe", "fixar", "pin", "destaca", NULL },
				 *const unpins[] = { "desafixa", "desafixe", "desafixar", "unpin", NULL };
	const struct intent_sentence *s = r->sentence;
	int note = token_index(s, IC_NOTE, s->head), colon = token_index(s, IC_COLON, note);
	int from;
	bool adds = note > s->head + 1 && r->match->begin >= 0 && r->match->begin < note;
	int64_t id;

	if (intent_number_said(r, &id) || (note + 1 < s->n && intent_has(&s->v[note + 1], IC_NUM) &&
					   text_int(s->v[note + 1].text, &id) && id > 0))
		json_set_int(args, "id", id);
	if (intent_words_said(r, pins) || intent_words_said(r, unpins)) {
		json_set_text(args, "pinned", intent_words_said(r, unpins) ? "no" : "yes");
		put_note_query(pool, r, note + 1, s->n, args);
	} else if (colon < s->n) {
		put_note_query(pool, r, note + 1, colon, args);
		intent_set_some(args, intent_token_of(r, IC_CHANGE) ? "text" : "append",
				intent_sentence_from(pool, r, colon + 1));
	} else {
		if (adds)
			intent_set_some(args, "append",
					intent_words_between(pool, r, r->match->begin,
							     r->match->end < note ? r->match->end : note));
		put_note_query(pool, r, note + 1, s->n, args);
		/* "to the shopping note" */
		for (from = r->match->end; adds && from < note; from++)
			if (!intent_has(&s->v[from], IC_DET) && !intent_has(&s->v[from], IC_TO) &&
			    !intent_has(&s->v[from], IC_IN))
				break;
		if (adds && note + 1 >= s->n && from < note)
			put_note_query(pool, r, from, note, args);
	}
}

/* Channels as they are stored, and the folded words for them. */
static const struct {
	const char *word, *channel;
} channels[] = { { "instagram", "instagram" }, { "insta", "instagram" }, { "ig", "instagram" },
		 { "linkedin", "linkedin" },   { "twitter", "twitter" }, { "blog", "blog" },
		 { "youtube", "youtube" } };

void intent_note_content(apr_pool_t *pool, const struct intent_reading *r, struct json *args)
{
	const struct intent_token *t = intent_token_of(r, IC_CHANNEL);

	for (size_t i = 0; t && i < sizeof channels / sizeof *channels; i++)
		if (text_same(channels[i].word, t->text))
			json_set_text(args, "channel", channels[i].channel);
	if (r->match->intent != INTENT_list_content_ideas)
		json_set_text(args, "details", intent_sentence_from(pool, r, 0));
}
