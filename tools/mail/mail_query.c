#include "tools/mail/mail_query.h"

#include "core/clock.h"
#include "core/text.h"
#include "tools/when.h"
#include "tools/words.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 60, DAY_S = 86400 };

/* Folded words, and where each stands in the text. */
struct reading {
	struct req *req;
	const char *word[WORDS_MAX], *raw[WORDS_MAX];
	bool used[WORDS_MAX];
	int n;
	struct gmail_query q;
};

static const char from_words[] = "de do da dos das from by pelo pela";
static const char about_words[] = "sobre about assunto subject acerca regarding";
static const char noise[] =
	"e-mail e-mails email emails mail mails mensagem mensagens message messages o a os as um uma meu meus minha minhas "
	"the my any some que for me eu i tem tenho ha have is are there novo novos nova novas new recebi received recebidos "
	"todos all ultimos ultimo latest recent recentes caixa entrada inbox gmail na no em in on lista listar mostra mostrar "
	"for para pra pro show list ver buscar busca procura find search foram was were desde since mandou enviou sent enviados";

static void split(struct reading *r, const char *text)
{
	const char *s = words_line(r->req->pool, text);

	while (*s && r->n < WORDS_MAX) {
		size_t n = strcspn(s, " "), end = n;

		while (end && strchr(",;?!", s[end - 1]))
			end--;
		if (end) {
			r->raw[r->n] = mem_textn(r->req->pool, s, end);
			r->word[r->n] = text_fold(r->req->pool, r->raw[r->n]);
			r->n++;
		}
		s += n + (s[n] == ' ');
	}
}

static const char *append(apr_pool_t *pool, const char *a, const char *b)
{
	return a && *a ? mem_fmt(pool, "%s %s", a, b) : b;
}

/* "2026/11/01" or "2026-11-01": midnight there, as seconds since 1970; 0: none. */
static int64_t day_of(struct req *req, const char *text)
{
	char *iso = mem_text(req->pool, text);
	struct when when;

	for (char *c = iso; *c; c++)
		if (*c == '/')
			*c = '-';
	return when_read(req, iso, &when) ? when_instant(req, when.wall) / SECOND_US : 0;
}

/* "7d", "2m", "1y": so long ago. */
static int64_t ago(struct req *req, const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);
	int64_t day = *end == 'y' ? 365 : *end == 'm' ? 30 : *end == 'd' ? 1 : 0;

	return n > 0 && n < 10000 && day && !end[1] ? req->now / SECOND_US - n * day * DAY_S : 0;
}

/* Gmail's own "name:value", also in Portuguese, where it is one that a search of ours has too. */
static bool operator_is(struct reading *r, const char *name, const char *value)
{
	struct gmail_query *q = &r->q;
	apr_pool_t *pool = r->req->pool;

	if (text_has_word("from de do da", name))
		q->from = value;
	else if (text_has_word("to para pra pro", name))
		q->to = value;
	else if (text_has_word("subject assunto", name))
		q->subject = append(pool, q->subject, value);
	else if (text_same(name, "label") || text_same(name, "in"))
		q->label = value;
	else if (text_same(name, "after"))
		q->since = day_of(r->req, value);
	else if (text_same(name, "before"))
		q->until = day_of(r->req, value);
	else if (text_same(name, "newer_than"))
		q->since = ago(r->req, value);
	else if (text_same(name, "older_than"))
		q->until = ago(r->req, value);
	else if (text_same(name, "is"))
		q->unread = text_same(value, "unread");
	else if (text_same(name, "has"))
		q->attachment = text_has_word("attachment anexo anexos", text_fold(pool, value));
	else
		return false;
	return true;
}

/* How many words from the i-th on are such a one: "from:ana", "de: ana", "subject:\"the lease\""; 0: none. */
static int operator_of(struct reading *r, int i)
{
	const char *colon = strchr(r->word[i], ':'), *value;
	apr_pool_t *pool = r->req->pool;
	int n = 1;

	if (!colon || colon == r->word[i] || (!colon[1] && i + 1 == r->n))
		return 0;
	value = colon[1] ? strchr(r->raw[i], ':') + 1 : r->raw[i + n++];
	while (*value == '"' && !strchr(value + 1, '"') && i + n < r->n)
		value = append(pool, value, r->raw[i + n++]);
	value += strspn(value, "\"(");
	value = mem_textn(pool, value, strcspn(value, "\")"));
	return operator_is(r, mem_textn(pool, r->word[i], (size_t)(colon - r->word[i])), value) ? n : 0;
}

/* "não lidos", "unread", "por ler". */
static void take_unread(struct reading *r)
{
	for (int i = 0; i < r->n; i++) {
		bool two =
			i + 1 < r->n && ((text_has_word("nao not", r->word[i]) &&
					  text_has_word("lido lidos lida lidas read", r->word[i + 1])) ||
					 (text_same(r->word[i], "por") && text_same(r->word[i + 1], "ler")) ||
					 (text_same(r->word[i], "sem") && text_same(r->word[i + 1], "ler")));

		if (two || text_has_word("unread nao-lidos nao-lido", r->word[i])) {
			r->q.unread = true;
			r->used[i] = true;
			r->used[i + two] = true;
		}
	}
}

static void take_attachment(struct reading *r)
{
	for (int i = 0; i < r->n; i++) {
		if (!text_has_word("anexo anexos attachment attachments", r->word[i]))
			continue;
		r->q.attachment = true;
		r->used[i] = true;
		if (i && text_has_word("com with an", r->word[i - 1]))
			r->used[i - 1] = true;
		if (i > 1 && text_same(r->word[i - 2], "with"))
			r->used[i - 2] = true;
	}
}

static bool ends_name(const struct reading *r, int i)
{
	return r->used[i] || text_has_word(about_words, r->word[i]) ||
	       text_has_word("com with e and que that", r->word[i]) || text_has_word(noise, r->word[i]);
}

/* "do João Silva": one to three words after the preposition. */
static void take_from(struct reading *r)
{
	for (int i = 0; i + 1 < r->n; i++) {
		int k = i + 1;

		if (r->used[i] || !text_has_word(from_words, r->word[i]))
			continue;
		while (k < r->n && text_has_word("o a os as the", r->word[k]))
			r->used[k++] = true;
		for (int taken = 0; k < r->n && taken < 3 && !ends_name(r, k); k++, taken++) {
			bool joins = text_has_word("de da do dos das", r->word[k]);

			if (joins && (k + 1 >= r->n || !isupper((unsigned char)r->raw[k + 1][0])))
				break;
			r->q.from = append(r->req->pool, r->q.from, r->raw[k]);
			r->used[k] = r->used[i] = true;
		}
		return;
	}
}

/* "Rachel's email" */
static void take_owner(struct reading *r)
{
	for (int i = 0; i < r->n && !r->q.from; i++) {
		size_t n = strlen(r->word[i]);

		if (r->used[i] || n < 4 || !text_same(r->word[i] + n - 2, "'s"))
			continue;
		r->q.from = mem_textn(r->req->pool, r->raw[i], strlen(r->raw[i]) - 2);
		r->used[i] = true;
	}
}

/* "sobre o contrato": the words after it are looked for in the whole mail. */
static void take_rest(struct reading *r)
{
	for (int i = 0; i < r->n; i++)
		if (!r->used[i] && !text_has_word(noise, r->word[i]) &&
		    !text_has_word(about_words, r->word[i]) && !text_has_word(from_words, r->word[i]) &&
		    !text_has_word("com with e and que that", r->word[i]))
			r->q.words = append(r->req->pool, r->q.words, r->raw[i]);
}

/* "desta semana", "de ontem", "since monday": a day, or the days of a stretch. */
static const char *take_time(struct req *req, const char *text, struct gmail_query *q)
{
	const char *rest = text;
	struct when when;

	if (!when_find(req, text, &when, &rest) || when.rrule)
		return text;
	q->since = when_instant(req, when.wall) / SECOND_US;
	if (when.has_end)
		q->until = when_instant(req, when.end) / SECOND_US;
	else if (!when.has_time)
		q->until = when_instant(req, when.wall + DAY_S) / SECOND_US;
	/* Of what has no end yet there is nothing later. */
	if (q->until > req->now / SECOND_US)
		q->until = 0;
	if (q->since > req->now / SECOND_US) {
		q->since = q->until = 0;
		return text;
	}
	return rest;
}

/* Gmail's own words, each taken out of the others. */
static const char *take_operators(struct reading *r, const char *text)
{
	const char *rest = NULL;

	split(r, text);
	for (int i = 0; i < r->n;) {
		int n = operator_of(r, i);

		if (!n)
			rest = append(r->req->pool, rest, r->raw[i]);
		i += n ? n : 1;
	}
	r->n = 0;
	return rest ? rest : "";
}

struct gmail_query mail_query_read(struct req *req, const char *words)
{
	struct reading r = { .req = req };

	split(&r, take_time(req, take_operators(&r, words), &r.q));
	take_unread(&r);
	take_attachment(&r);
	take_from(&r);
	take_owner(&r);
	take_rest(&r);
	return r.q;
}

bool mail_query_is_empty(const struct gmail_query *q)
{
	return !q->from && !q->to && !q->subject && !q->words && !q->label && !q->unread && !q->attachment &&
	       !q->since && !q->until;
}
