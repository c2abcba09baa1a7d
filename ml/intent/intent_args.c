#include "ml/intent/intent_args.h"

#include "core/limits.h"
#include "core/text.h"
#include "ml/intent/intent_event.h"
#include "ml/intent/intent_mail.h"
#include "ml/intent/intent_project.h"
#include "ml/intent/intent_note.h"
#include "ml/intent/intent_read.h"
#include <string.h>

#define DAY_S INT64_C(86400)

enum time_kind { TIME_NONE, TIME_DUE, TIME_AT, TIME_START, TIME_RANGE };

static const struct {
	const char *rest;
	enum time_kind time;
} kinds[] = {
#define INTENT(name, rest, time) [INTENT_##name] = { rest, TIME_##time },
#include "ml/intent/intent_names.def"
#undef INTENT
	[INTENT_none] = { NULL, TIME_NONE },
};

/* --- times -------------------------------------------------------------------------------------- */

/* A bare length counts from now: "timer de 15 minutos". */
static const char *moment_of(apr_pool_t *pool, const struct date_found *d, enum time_kind kind,
			     int64_t reference)
{
	if (kind == TIME_AT && d->has_duration && d->start == reference)
		return date_iso(pool, d->start + (int64_t)d->duration_s);

	if (d->deadline && d->has_end)
		return intent_due_of(pool, d);
	return d->allday ? intent_day_of(pool, d->start) : date_iso(pool, d->start);
}

/* "o que vence até sexta", "esta semana": a list goes up to that day. */
static bool is_listed_until(const struct intent_reading *r)
{
	const struct date_found *d = r->date;

	return r->match->intent == INTENT_list_tasks &&
	       (d->deadline || (d->has_end && d->end - d->start > DAY_S));
}

/* From the start to the end that was said, or the day's. "90 minutos livres na quarta": the length is no end. */
static void put_range(apr_pool_t *pool, const struct intent_reading *r, struct json *args)
{
	enum { MINUTES_LEAST = 5, MINUTES_MOST = 1440 };
	const struct date_found *d = r->date;
	bool is_free = r->match->intent == INTENT_find_free_time;
	int64_t minutes = is_free && d->has_duration ? (int64_t)d->duration_s / 60 : 0;
	int64_t end = d->has_end  ? d->end
		      : d->allday ? d->start + DAY_S
				  : d->start - d->start % DAY_S + DAY_S;

	if (minutes >= MINUTES_LEAST && minutes <= MINUTES_MOST)
		json_set_int(args, "minutes", minutes);
	if (minutes && d->start == r->reference)
		return; /* a length alone: from now on */
	if (minutes && d->allday && end < d->start + DAY_S)
		end = d->start + DAY_S;
	json_set_text(args, "start", date_iso(pool, d->start));
	json_set_text(args, "end", date_iso(pool, end));
}

static void put_times(apr_pool_t *pool, const struct intent_reading *r, struct json *args)
{
	const struct date_found *d = r->date;

	if (!d)
		return;
	switch (kinds[r->match->intent].time) {
	case TIME_NONE: return;
	case TIME_DUE:
		json_set_text(args, is_listed_until(r) ? "until" : "due", intent_due_of(pool, d));
		break;
	case TIME_AT: json_set_text(args, "at", moment_of(pool, d, TIME_AT, r->reference)); break;
	case TIME_START:
		json_set_text(args, "start", moment_of(pool, d, TIME_START, r->reference));
		if (d->has_end && !d->deadline && !(d->allday && d->end - d->start <= DAY_S))
			json_set_text(args, "end",
				      d->allday ? intent_day_of(pool, d->end - 1) : date_iso(pool, d->end));
		break;
	case TIME_RANGE: put_range(pool, r, args); break;
	}
	if (d->rrule && kinds[r->match->intent].time != TIME_RANGE)
		json_set_text(args, "rrule", d->rrule);
}

/* --- marks and numbers -------------------------------------------------------------------------- */

static const char *priority_said(const struct intent_reading *r)
{
	const struct intent_token *t = intent_token_of(r, IC_PRIOW);

	if (!t)
		return NULL;
	if (strstr(t->text, "urg") || text_same(t->text, "asap") || strstr(t->text, "maxima"))
		return "urgent";
	if (strstr(t->text, "alta") || strstr(t->text, "high") || strstr(t->text, "importante") ||
	    strstr(t->text, "top"))
		return "high";
	return strstr(t->text, "baixa") || strstr(t->text, "low") ? "low" : "medium";
}

static void put_marks(apr_pool_t *pool, const struct intent_reading *r, struct json *args)
{
	struct json *tags = json_array(pool);
	const char *word, *priority = NULL;
	int end = r->finish;

	for (int i = 0; i < end; i++) {
		int over = intent_mark_over(pool, r, i, &word);

		if (!over)
			continue;
		if (r->text[i] == '!')
			priority = intent_priority_of(word);
		else if (json_len(tags) < 10)
			json_push_text(tags, mem_textn(pool, r->text + i + 1, (size_t)(over - i - 1)));
	}
	if (!priority && r->match->intent != INTENT_save_note && r->match->intent != INTENT_save_content_idea)
		priority = priority_said(r);
	if (r->match->intent == INTENT_list_tasks) {
		if (json_len(tags))
			json_set_text(args, "tag", json_text(json_item(tags, 0), NULL));
	} else if (json_len(tags)) {
		json_set(args, "tags", tags);
	}
	if (priority && (r->match->intent == INTENT_create_task || r->match->intent == INTENT_list_tasks ||
			 r->match->intent == INTENT_update_task))
		json_set_text(args, "priority", priority);
}

static bool takes_id(enum intent_id intent)
{
	switch (intent) {
	case INTENT_update_task:
	case INTENT_complete_task:
	case INTENT_delete_task:
	case INTENT_snooze_reminder:
	case INTENT_delete_reminder:
	case INTENT_update_event:
	case INTENT_delete_event:
	case INTENT_search_notes:
	case INTENT_update_note:
	case INTENT_delete_note:
	case INTENT_update_contact:
	case INTENT_update_content_idea:
	case INTENT_read_email:
	case INTENT_archive_email: return true;
	default: return false;
	}
}

/* --- mail, people, health ----------------------------------------------------------------------- */

static const char *token_text(apr_pool_t *pool, const struct intent_reading *r, const struct intent_token *t)
{
	return mem_textn(pool, r->text + t->begin, (size_t)(t->end - t->begin));
}

/* Digits that could be a telephone, from the first to the last. */
static const char *phone_of(apr_pool_t *pool, const struct intent_reading *r)
{
	int first = -1, last = -1, digits = 0;

	for (int i = 0; i < r->finish; i++) {
		char c = r->text[i];

		if ((c >= '0' && c <= '9') || (first >= 0 && strchr(" -().", c)) || c == '+' || c == '(') {
			first = first < 0 ? i : first;
			digits += c >= '0' && c <= '9';
			last = c >= '0' && c <= '9' ? i + 1 : last;
		} else {
			if (digits >= 8)
				break;
			first = last = -1;
			digits = 0;
		}
	}
	return digits >= 8 ? mem_textn(pool, r->text + first, (size_t)(last - first)) : NULL;
}

/* Words of which the tool makes more than a name. */
static const char *const kinds_of_people[] = { "empresa", "company",  "cliente",  "client",  "customer",
					       "lead",    "parceiro", "parceira", "partner", NULL };

/* "falei com a Ana ontem", "retomar com a Ana em duas semanas", "marca a Ana como cliente". */
static void put_talk(apr_pool_t *pool, const struct intent_reading *r, struct json *args)
{
	static const char *const talks[] = { "falei",  "conversei", "liguei", "talked", "spoke",
					     "spoken", "chatted",   "called", NULL },
				 *const again[] = { "retomar",   "retoma",         "retome",
						    "reconnect", "reconnect_with", NULL };
	static const struct {
		const char *word, *category;
	} known[] = { { "cliente", "client" },  { "client", "client" },    { "customer", "client" },
		      { "lead", "lead" },       { "parceiro", "partner" }, { "parceira", "partner" },
		      { "partner", "partner" }, { "pessoal", "personal" }, { "personal", "personal" } };
	int64_t day = r->date ? r->date->start : r->reference;

	if (intent_words_said(r, talks))
		json_set_text(args, "last_interaction",
			      intent_day_of(pool, day <= r->reference ? day : r->reference));
	else if (intent_words_said(r, again) && r->date)
		json_set_text(args, "next_follow_up", intent_day_of(pool, day));
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (intent_words_said(r, (const char *const[]){ known[i].word, NULL }) &&
		    !json_text(args, "category"))
			json_set_text(args, "category", known[i].category);
}

static void put_contact(apr_pool_t *pool, const struct intent_reading *r, struct json *args)
{
	const struct intent_sentence *s = r->sentence;
	const struct intent_token *mail = intent_token_of(r, IC_MAIL);
	int i = r->match->begin, end;

	intent_set_some(args, "phone", phone_of(pool, r));
	intent_set_some(args, "email", mail ? token_text(pool, r, mail) : NULL);
	if (i < 0)
		return;
	while (i + 1 < s->n && intent_has(&s->v[i], IC_DET) && !intent_has(&s->v[i], IC_NAME))
		i++;
	for (end = i; end < r->match->end; end++)
		if (s->v[end].dated || (end > i && intent_word_in(kinds_of_people, s->v[end].text)) ||
		    intent_has(&s->v[end], IC_NUM) || intent_has(&s->v[end], IC_MAIL) ||
		    intent_has(&s->v[end], IC_COMMA) || intent_has(&s->v[end], IC_COLON) ||
		    intent_has(&s->v[end], IC_DETAIL) || intent_has(&s->v[end], IC_BE) ||
		    *s->v[end].text == '(' || (intent_has(&s->v[end], IC_TO) && end > i))
			break;
	intent_set_some(args, "name", intent_words_between(pool, r, i, end));
	if (r->match->intent == INTENT_save_contact && intent_words_said(r, kinds_of_people))
		intent_set_some(args, "details", intent_sentence_from(pool, r, i));
	if (r->match->intent == INTENT_update_contact)
		put_talk(pool, r, args);
}

/* "6h30" is 6.5, "7" is 7, "6,5" too. */
static double hours_of(const char *s)
{
	double hours = 0, part = 0, scale = 1;

	for (; *s >= '0' && *s <= '9' && hours < 1e6; s++)
		hours = hours * 10 + (*s - '0');
	if (*s == 'h' || *s == ':') {
		for (s++; *s >= '0' && *s <= '9' && part < 1e6; s++)
			part = part * 10 + (*s - '0');
		return hours + part / 60;
	}
	if (*s == ',' || *s == '.')
		for (s++; *s >= '0' && *s <= '9' && scale < 1e6; s++) {
			part = part * 10 + (*s - '0');
			scale *= 10;
		}
	return hours + part / scale;
}

static bool is_body_word(const struct intent_token *t, const char *const *words)
{
	return intent_word_in(words, t->text);
}

/* The number said of one of these words: the next before another measure, or the one just before it. */
static const struct intent_token *number_near(const struct intent_reading *r, const char *const *words)
{
	const struct intent_sentence *s = r->sentence;

	for (int i = s->head; i < s->n; i++) {
		if (!is_body_word(&s->v[i], words))
			continue;
		for (int k = i + 1; k < s->n && (!intent_has(&s->v[k], IC_BODY)); k++)
			if (intent_has(&s->v[k], IC_NUM))
				return &s->v[k];
		for (int k = i - 1; k >= s->head && k >= i - 3 && !intent_has(&s->v[k], IC_BODY); k--)
			if (intent_has(&s->v[k], IC_NUM))
				return &s->v[k];
	}
	return NULL;
}

/* Who sits still has trained something else. */
static bool trained(const struct intent_reading *r)
{
	const struct intent_token *t = intent_token_of(r, IC_TRAIN);

	return (t && !text_starts(t->text, "medit")) ||
	       intent_words_said(r,
				 (const char *const[]){ "treino", "workout", "academia", "work_out", NULL });
}

static void put_checkin(apr_pool_t *pool, const struct intent_reading *r, struct json *args)
{
	static const char *const energy[] = { "energia", "energy", "disposicao", "energy_level", NULL };
	static const char *const mood[] = { "humor", "mood", "animo", NULL };
	static const char *const sleep[] = { "sono", "sleep", "dormi", "slept", NULL };
	const struct intent_token *number;
	int64_t value;

	if (trained(r))
		json_set_bool(args, intent_token_of(r, IC_NEG) ? "rest_day" : "workout", true);
	number = number_near(r, sleep);
	if (number)
		json_set_double(args, "sleep", hours_of(r->text + number->begin));
	number = number_near(r, energy);
	if (number && text_int(number->text, &value))
		json_set_int(args, "energy", value);
	number = number_near(r, mood);
	if (number && text_int(number->text, &value))
		json_set_int(args, "mood", value);
	if (*intent_rest(pool, r))
		json_set_text(args, "text", intent_sentence_from(pool, r, 0));
}

/* "muda meu fuso para Lisboa": the words after the last preposition; NULL when it is not about the zone. */
static const char *zone_said(apr_pool_t *pool, const struct intent_reading *r)
{
	static const char *const before[] = { " para ", " pra ", " pro ", " to ", " em ", " in ", " de " };
	const char *said = mem_textn(pool, r->text, (size_t)r->finish), *city = NULL;
	const char *folded = text_fold(pool, said);

	if (!strstr(folded, "fuso") && !strstr(folded, "time zone") && !strstr(folded, "timezone"))
		return NULL;
	for (size_t i = 0; i < sizeof before / sizeof *before; i++)
		for (const char *at = said; (at = strstr(at, before[i])); at++)
			if (!city || at + strlen(before[i]) > city)
				city = at + strlen(before[i]);
	return city ? mem_textn(pool, city, strcspn(city, ".,;!?")) : NULL;
}

static void put_preference(apr_pool_t *pool, const struct intent_reading *r, struct json *args)
{
	const struct intent_sentence *s = r->sentence;
	const struct intent_token *style = intent_token_of(r, IC_STYLE);
	const char *key = "style", *value = intent_rest(pool, r);

	if (zone_said(pool, r)) {
		key = "zone";
		value = zone_said(pool, r);
	} else if (intent_token_of(r, IC_CALLME)) {
		key = "name";
	} else if (style && (strstr(style->text, "ingles") || strstr(style->text, "english"))) {
		key = "language";
		value = "en";
	} else if (style && strstr(style->text, "portugu")) {
		key = "language";
		value = "pt";
	} else {
		value = intent_words_between(pool, r, s->head, s->n);
	}
	json_set_text(args, "key", key);
	intent_set_some(args, "value", value);
}

static void put_count(const struct intent_reading *r, struct json *args)
{
	const struct intent_sentence *s = r->sentence;
	int64_t n;

	for (int i = s->head; i + 1 < s->n; i++)
		if (intent_has(&s->v[i], IC_NUM) && !s->v[i].dated && text_int(s->v[i].text, &n) && n > 0 &&
		    n <= 50 && (intent_has(&s->v[i + 1], IC_EMAIL) || intent_has(&s->v[i + 1], IC_STATUS))) {
			json_set_int(args, "max_results", n);
			return;
		}
}

/* Whose they are, and whether only those that are late. */
static void put_listed(apr_pool_t *pool, const struct intent_reading *r, struct json *args)
{
	static const char *const marks[] = { "tag", "tags", "etiqueta", "tagged", NULL };
	static const char *const late[] = { "atrasada", "atrasadas", "atrasado", "atrasados",
					    "vencida",  "vencidas",  "vencido",  "vencidos",
					    "overdue",  "late",      NULL };

	intent_set_some(args, "project", intent_project_name(pool, r));
	for (int i = r->sentence->head; i + 1 < r->sentence->n; i++)
		if (intent_word_in(marks, r->sentence->v[i].text) && r->sentence->v[i + 1].plain)
			json_set_text(args, "tag", token_text(pool, r, &r->sentence->v[i + 1]));
	if (!r->date && intent_words_said(r, late))
		json_set_text(args, "due", "overdue");
}

/* Into which project; and "renomeia a tarefa 7 para comprar tinta branca": without a number, what stands before is the present title. */
static void put_changed(apr_pool_t *pool, const struct intent_reading *r, struct json *args)
{
	static const char *const days[] = { "prazo",    "data", "vencimento", "deadline",
					    "due_date", "date", NULL };
	const char *name;
	int64_t id;
	int to;

	intent_set_some(args, "project", intent_project_name(pool, r));
	if (!r->date && intent_words_said(r, days) &&
	    intent_set_has(&r->sentence->v[r->sentence->head].asks, IC_DEL))
		json_set_text(args, "due", "none");
	name = intent_new_name(pool, r, &to);
	if (!*name)
		return;
	intent_set_some(args, "new_title", name);
	if (!json_int(args, "id", &id) && r->match->begin >= 0)
		intent_set_some(args, "title", intent_words_between(pool, r, r->match->begin, to));
}

/* "qual meu próximo compromisso?": the first from now on, whatever it is called. */
static void put_next(apr_pool_t *pool, const struct intent_reading *r, struct json *args)
{
	static const char *const words[] = { "proximo", "proxima", "next", NULL };
	static const char *const any[] = { "reuniao", "meeting", "compromisso", "appointment", NULL };
	const struct intent_sentence *s = r->sentence;
	int i = s->head;

	while (i < s->n && !intent_word_in(words, s->v[i].text))
		i++;
	if (i == s->n || r->date)
		return;
	if (i + 1 < s->n && (intent_has(&s->v[i + 1], IC_EVENT) || intent_word_in(any, s->v[i + 1].text)))
		json_set_text(args, "query", "");
	else
		json_set_text(args, "query", intent_words_between(pool, r, i + 1, s->n));
	json_set_text(args, "start", date_iso(pool, r->reference));
	json_set_text(args, "end", date_iso(pool, r->reference + 183 * DAY_S));
	json_set_int(args, "max_results", 1);
}

/* --- all together ------------------------------------------------------------------------------- */

static void put_rest(apr_pool_t *pool, const struct intent_reading *r, struct json *args)
{
	enum intent_id intent = r->match->intent;
	const char *rest = intent_rest(pool, r);
	int64_t id, whole;
	bool numbered = takes_id(intent) && intent_number_said(r, &id),
	     listed = intent == INTENT_read_email || intent == INTENT_archive_email; /* by its place */

	if (text_starts(rest, "'s ")) /* "tomorrow's meeting" without its day */
		rest += 3;
	if (numbered && (intent == INTENT_update_event || intent == INTENT_delete_event))
		json_set_text(args, "event_id", mem_fmt(pool, "%lld", (long long)id));
	else if (numbered && listed)
		json_set_text(args, "query", mem_fmt(pool, "%lld", (long long)id));
	else if (numbered)
		json_set_int(args, "id", id);
	if (numbered &&
	    (intent == INTENT_update_note || intent == INTENT_read_email || !text_int(rest, &whole)))
		rest = intent == INTENT_update_note ? rest : "";
	if (takes_id(intent) && !listed && text_int(rest, &whole)) {
		if (!numbered && whole > 0 && intent != INTENT_update_event && intent != INTENT_delete_event)
			json_set_int(args, "id", whole);
		rest = "";
	}
	if (intent == INTENT_create_habit && *rest && r->match->end == r->sentence->n)
		rest = intent_sentence_from(pool, r, r->match->begin); /* how often is part of it */
	intent_set_some(args, kinds[intent].rest, rest);
}

/* What is said of an appointment besides its title and time. True: args are complete. */
static bool put_event(apr_pool_t *pool, const struct intent_reading *r, struct json *args)
{
	enum intent_id intent = r->match->intent;
	int64_t id;

	if (intent == INTENT_delete_event && intent_event_several(pool, r)) {
		json_set_bool(args, "several", true);
		put_times(pool, r, args);
		return true;
	}
	if (intent == INTENT_update_event &&
	    (intent_event_shift(pool, r, args) || intent_event_guests(pool, r, args))) {
		if (intent_number_said(r, &id))
			json_set_text(args, "event_id", mem_fmt(pool, "%lld", (long long)id));
		return true;
	}
	if (intent == INTENT_create_event && intent_event_guests(pool, r, args)) {
		put_times(pool, r, args);
		return true;
	}
	if (intent == INTENT_create_event)
		intent_mail_attendees(pool, r, args);
	return false;
}

bool intent_takes_time(enum intent_id intent)
{
	return kinds[intent].time != TIME_NONE;
}

struct json *intent_args_read(apr_pool_t *pool, const struct intent_reading *r)
{
	struct json *args = json_object(pool);

	switch (r->match->intent) {
	case INTENT_none: return args;
	case INTENT_send_email:
	case INTENT_create_draft: intent_mail_args(pool, r, args); return args;
	case INTENT_save_contact:
	case INTENT_update_contact: put_contact(pool, r, args); return args;
	case INTENT_log_checkin: put_checkin(pool, r, args); return args;
	case INTENT_update_note: intent_note_note(pool, r, args); return args;
	case INTENT_save_content_idea:
	case INTENT_list_content_ideas:
	case INTENT_update_content_idea:
	case INTENT_record_post: intent_note_content(pool, r, args); break;
	case INTENT_process_inbox: intent_note_inbox(r, args); return args;
	case INTENT_list_projects:
	case INTENT_update_project:
	case INTENT_add_project_item: intent_project_args(pool, r, args); return args;
	case INTENT_create_project:
		intent_project_args(pool, r, args);
		put_marks(pool, r, args);
		return args;
	case INTENT_set_preference: put_preference(pool, r, args); return args;
	case INTENT_create_event:
	case INTENT_update_event:
	case INTENT_delete_event:
		if (put_event(pool, r, args))
			return args;
		break;
	case INTENT_search_emails: put_count(r, args); break;
	default: break;
	}
	put_rest(pool, r, args);
	if (r->match->intent == INTENT_search_emails)
		intent_mail_search(pool, r, args);
	if (r->match->intent == INTENT_read_email || r->match->intent == INTENT_archive_email)
		intent_mail_which(pool, r, args);
	put_times(pool, r, args);
	if (r->match->intent == INTENT_list_events)
		put_next(pool, r, args);
	if (r->match->intent == INTENT_list_tasks)
		put_listed(pool, r, args);
	if (r->match->intent == INTENT_update_task)
		put_changed(pool, r, args);
	if (intent_takes_marks(r->match->intent) || r->match->intent == INTENT_list_tasks)
		put_marks(pool, r, args);
	return args;
}
