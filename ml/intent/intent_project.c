#include "ml/intent/intent_project.h"

#include "core/text.h"
#include "ml/intent/intent_read.h"
#include <string.h>

/* Tokens [begin, end). */
struct part {
	int begin, end;
};

static bool starts_any(const char *word, const char *const *list)
{
	for (; *list; list++)
		if (text_starts(word, *list))
			return true;
	return false;
}

static bool is_said(const struct intent_token *t, enum intent_class c)
{
	return intent_set_has(&t->asks, c);
}

/* The last "projeto": what comes before may be part of a title. -1: none. */
static int project_at(const struct intent_sentence *s)
{
	for (int i = s->n - 1; i >= s->head; i--)
		if (intent_has(&s->v[i], IC_PROJ) && !text_starts(s->v[i].text, "projetos") &&
		    !text_starts(s->v[i].text, "projects"))
			return i;
	return -1;
}

/* Where a name that follows "projeto" is over. */
static bool ends_name(const struct intent_sentence *s, int i, int p)
{
	static const char *const words[] = { "para", "pra", "pro", "como", "to", "as", "going",
					     "foi",  "on",  "em",  "esta", "ta", "so", NULL };
	const struct intent_token *t = &s->v[i];

	for (int k = 0; words[k]; k++)
		if (text_same(t->text, words[k]))
			return true;
	return intent_has(t, IC_COLON) || intent_has(t, IC_COMMA) || intent_has(t, IC_DONEADJ) ||
	       intent_has(t, IC_STATUS) || intent_has(t, IC_BE) || intent_has(t, IC_QUESTION) ||
	       is_said(t, IC_PUT) || (i > p + 1 && (intent_has(t, IC_TASK) || intent_has(t, IC_ITEM)));
}

static struct part name_after(const struct intent_sentence *s, int p)
{
	static const char *const leads[] = { "called", "named", "chamad", "de", "do", "da", "of", NULL };
	struct part name = { p + 1, p + 1 };

	while (name.begin < s->n && starts_any(s->v[name.begin].text, leads) &&
	       strlen(s->v[name.begin].text) <= strlen("chamado"))
		name.begin++;
	for (name.end = name.begin; name.end < s->n && !ends_name(s, name.end, p); name.end++)
		;
	while (name.end > name.begin && intent_has(&s->v[name.end - 1], IC_DET))
		name.end--;
	return name;
}

/* "the home renovation project": from the article on. */
static struct part name_before(const struct intent_sentence *s, int p)
{
	struct part name = { p, p };

	while (name.begin > s->head) {
		const struct intent_token *t = &s->v[name.begin - 1];

		if (intent_has(t, IC_DET) || intent_has(t, IC_POSS) || intent_has(t, IC_TO) ||
		    intent_has(t, IC_IN) || intent_has(t, IC_OF) || intent_has(t, IC_BE) ||
		    intent_has(t, IC_QWHAT) || intent_has(t, IC_QHOW) ||
		    (name.begin - 1 == s->head && t->forms))
			break;
		name.begin--;
	}
	return name;
}

static struct part name_part(const struct intent_reading *r)
{
	const struct intent_sentence *s = r->sentence;
	int p = project_at(s);
	struct part name = { 0, 0 };

	if (p < 0)
		return name;
	name = name_after(s, p);
	/* What is put into it begins where its name is over. */
	if (r->match->intent == INTENT_add_project_item && r->match->begin > p && name.end > r->match->begin)
		name.end = r->match->begin;
	return name.end > name.begin || r->lang != LANG_EN ? name : name_before(s, p);
}

/* Names keep the dates in them: "projeto Natal". */
static const char *words_of(apr_pool_t *pool, const struct intent_reading *r, struct part part)
{
	struct intent_reading plain = *r;

	plain.timed = false;
	return part.end > part.begin ? intent_words_between(pool, &plain, part.begin, part.end) : "";
}

static bool within(struct part part, int i)
{
	return i >= part.begin && i < part.end;
}

/* What it is to become, or what is asked about; NULL: nothing of it. */
static const char *status_said(const struct intent_reading *r, struct part name)
{
	static const char *const paused[] = { "paus",  "suspen", "para_o",  "para_a",
					      "parad", "hold",   "on_hold", NULL },
				 *const active[] = { "retom",        "reativ",      "reabr", "resum",
						     "unpause",      "reopen",      "ativ",  "active",
						     "em_andamento", "in_progress", NULL },
				 *const cancelled[] = { "cancel", NULL },
				 *const completed[] = { "conclu", "finaliz", "complet", "finish", "encerr",
							"termin", "acab",    "done",    NULL },
				 *const planning[] = { "planejamento", "planning", NULL };
	static const struct {
		const char *status;
		const char *const *words;
	} all[] = { { "paused", paused },
		    { "active", active },
		    { "cancelled", cancelled },
		    { "completed", completed },
		    { "planning", planning } };

	for (int i = r->sentence->head; i < r->sentence->n; i++) {
		const struct intent_token *t = &r->sentence->v[i];

		if (within(name, i))
			continue;
		for (size_t k = 0; k < sizeof all / sizeof *all; k++)
			if (starts_any(t->text, all[k].words))
				return all[k].status;
		if (is_said(t, IC_DEL))
			return "cancelled";
	}
	return NULL;
}

/* Its number, "projeto 2", or its name. */
static void put_which(apr_pool_t *pool, const struct intent_reading *r, struct part name, struct json *args)
{
	const char *words = words_of(pool, r, name);
	int64_t id;

	if (text_int(words, &id) && id > 0)
		json_set_int(args, "id", id);
	else
		intent_set_some(args, "title", words);
}

static void put_new(apr_pool_t *pool, const struct intent_reading *r, struct json *args)
{
	struct intent_reading reading = *r;
	const char *title;

	/* Only a deadline is none of the name. */
	reading.timed = r->date && r->date->deadline;
	title = intent_rest(pool, &reading);
	if (reading.timed && *title)
		json_set_text(args, "due", intent_due_of(pool, r->date));
	reading.timed = false;
	if (!*title)
		title = intent_rest(pool, &reading);
	intent_set_some(args, "title", *title ? title : intent_project_name(pool, r)); /* "projeto Natal" */
}

static bool is_deadline(const struct intent_reading *r)
{
	for (int i = r->sentence->head; r->date && i < r->sentence->n; i++)
		if (intent_has(&r->sentence->v[i], IC_DEADLINE))
			return true;
	return r->date && r->date->deadline;
}

static void put_change(apr_pool_t *pool, const struct intent_reading *r, struct json *args)
{
	struct part name = name_part(r);
	const char *new_name;
	int to;

	put_which(pool, r, name, args);
	new_name = intent_new_name(pool, r, &to);
	if (*new_name) {
		json_set_text(args, "new_title", new_name);
		return;
	}
	if (is_deadline(r))
		json_set_text(args, "due", intent_due_of(pool, r->date));
	intent_set_some(args, "status", status_said(r, name));
}

/* The noun that says what is put there stands first: "a decisão usar piso frio". NULL: a task. */
static const char *kind_said(const struct intent_sentence *s, int *at)
{
	static const struct {
		const char *word, *kind;
	} kinds[] = { { "marco", "milestone" },   { "milestone", "milestone" }, { "decis", "decision" },
		      { "document", "document" }, { "reuni", "meeting" },       { "meeting", "meeting" } };

	for (*at = s->head; *at < s->n && *at < s->head + 4; ++*at) {
		const struct intent_token *t = &s->v[*at];

		for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
			if (text_starts(t->text, kinds[k].word))
				return kinds[k].kind;
		if (*at > s->head && !intent_has(t, IC_DET) && !t->forms)
			break;
	}
	return NULL;
}

/* Past "the task", "a milestone": these words are no part of what is to be done. */
static int title_from(const struct intent_reading *r, int begin, const char *kind, int kind_at)
{
	const struct intent_sentence *s = r->sentence;
	int i = begin;

	while (i < r->match->end && intent_has(&s->v[i], IC_DET))
		i++;
	if (i >= r->match->end - 1)
		return begin;
	if (intent_has(&s->v[i], IC_TASK) || (kind && i == kind_at && !text_same(kind, "meeting")))
		return i + 1;
	return begin;
}

/* "marco" is no month here: the day is looked for after it. */
static bool date_after(apr_pool_t *pool, const struct intent_reading *r, const struct intent_token *kind,
		       struct date_found *ret)
{
	const char *text = mem_textn(pool, r->text + kind->end, (size_t)(r->finish - kind->end));

	if (!date_find(pool, text, r->lang, r->reference, ret))
		return false;
	for (int i = 0; i < ret->n_spans; i++) {
		ret->spans[i].begin += kind->end;
		ret->spans[i].finish += kind->end;
	}
	ret->begin += kind->end;
	ret->finish += kind->end;
	return true;
}

static bool overlaps(const struct intent_sentence *s, struct part part, const struct date_found *d)
{
	return part.end > part.begin && d->begin < s->v[part.end - 1].end &&
	       d->finish > s->v[part.begin].begin;
}

static void put_item(apr_pool_t *pool, const struct intent_reading *r, struct json *args)
{
	const struct intent_sentence *s = r->sentence;
	struct part name = name_part(r);
	struct intent_reading reading = *r;
	struct intent_match match = *r->match;
	struct date_found date;
	int kind_at;
	const char *kind = kind_said(s, &kind_at), *title;
	int64_t id;

	if (kind && r->date && overlaps(s, (struct part){ kind_at, kind_at + 1 }, r->date))
		reading.date = date_after(pool, r, &s->v[kind_at], &date) ? &date : NULL;
	reading.timed = reading.date && !overlaps(s, name, reading.date);
	if (match.begin >= 0)
		match.begin = title_from(r, match.begin, kind, kind_at);
	reading.match = &match;
	title = intent_rest(pool, &reading);
	intent_set_some(args, "project", words_of(pool, r, name));
	if (text_int(title, &id) && id > 0) {
		json_set_int(args, "id", id);
		return;
	}
	intent_set_some(args, "title", title);
	intent_set_some(args, "kind", kind);
	if (reading.timed && *title)
		json_set_text(args, "due", intent_due_of(pool, reading.date));
}

const char *intent_project_name(apr_pool_t *pool, const struct intent_reading *r)
{
	return words_of(pool, r, name_part(r));
}

const char *intent_new_name(apr_pool_t *pool, const struct intent_reading *r, int *ret_to)
{
	static const char *const verbs[] = { "renome", "rename", "nome", "name", "titulo", "title", NULL };
	const struct intent_sentence *s = r->sentence;
	bool renames = false;

	for (*ret_to = s->head; *ret_to < s->n; ++*ret_to) {
		const char *word = s->v[*ret_to].text;

		renames = renames || starts_any(word, verbs);
		if (renames && (text_same(word, "para") || text_same(word, "pra") || text_same(word, "pro") ||
				text_same(word, "to")))
			return words_of(pool, r, (struct part){ *ret_to + 1, s->n });
	}
	return "";
}

void intent_project_args(apr_pool_t *pool, const struct intent_reading *r, struct json *args)
{
	switch (r->match->intent) {
	case INTENT_create_project: put_new(pool, r, args); break;
	case INTENT_update_project: put_change(pool, r, args); break;
	case INTENT_add_project_item: put_item(pool, r, args); break;
	default:
		put_which(pool, r, name_part(r), args);
		if (project_at(r->sentence) < 0)
			intent_set_some(args, "status", status_said(r, (struct part){ 0, 0 }));
		break;
	}
}
