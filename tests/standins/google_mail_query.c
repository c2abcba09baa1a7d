/* Gmail's search: words of a message, and operators. A term OR a term binds closer than terms beside each other. */
#include "tests/standins/google_gmail.h"

#include "core/clock.h"
#include "core/text.h"
#include "core/zone.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct look {
	apr_pool_t *pool;
	const struct mailbox *box;
	const struct mail *mail;
	const char *at;
};

static bool terms(struct look *l, char end);

static bool holds(struct look *l, const char *text, const char *value)
{
	const char *wanted = text_tokens(l->pool, value);

	return wanted[1] && strstr(text_tokens(l->pool, text), wanted);
}

static bool in_header(struct look *l, const char *name, const char *value)
{
	return holds(l, mime_words(l->pool, mail_header(l->mail, name), NULL), value);
}

static bool in_files(struct look *l, const struct part *p, const char *value)
{
	bool found = *p->filename && holds(l, p->filename, value);

	for (size_t i = 0; !found && i < p->parts.n; i++)
		found = in_files(l, p->parts.v[i], value);
	return found;
}

static bool in_text(struct look *l, const char *value)
{
	static const char *const names[] = { "Subject", "From", "To", "Cc" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (in_header(l, names[i], value))
			return true;
	return holds(l, mime_text(l->pool, l->mail->root, "text/plain"), value) ||
	       holds(l, mime_text(l->pool, l->mail->root, "text/html"), value) ||
	       in_files(l, l->mail->root, value);
}

/* --- times --- */

/* "2026/12/01" at midnight of Pacific time, or seconds since 1970. */
static bool date_read(struct look *l, const char *value, int64_t *ret_ms)
{
	const struct zone *pacific;
	int64_t seconds, year, month, day;
	char *end;

	if (text_int(value, &seconds) && seconds > 100000) {
		*ret_ms = seconds * 1000;
		return true;
	}
	year = strtol(value, &end, 10);
	month = *end == '/' || *end == '-' ? strtol(end + 1, &end, 10) : 0;
	day = *end == '/' || *end == '-' ? strtol(end + 1, &end, 10) : 0;
	err_t *err = zone_find("America/Los_Angeles", &pacific);

	if (!err)
		err = clock_parse(mem_fmt(l->pool, "%04d-%02d-%02dT00:00:00Z", (int)year, (int)month,
					  (int)day),
				  &seconds);
	if (!err)
		*ret_ms = zone_instant(pacific, seconds / SECOND_US) / 1000;
	bool good = !err;
	err_clear(err);
	return good;
}

/* "2d", "3m", "1y", "12h" before now. */
static bool age_read(const char *value, int64_t *ret_ms)
{
	char *end;
	int64_t n = strtol(value, &end, 10), unit;

	unit = *end == 'h'   ? HOUR_US
	       : *end == 'd' ? DAY_US
	       : *end == 'm' ? 30 * DAY_US
	       : *end == 'y' ? 365 * DAY_US
			     : 0;
	*ret_ms = (clock_now() - n * unit) / 1000;
	return n > 0 && unit && !end[1];
}

static bool in_time(struct look *l, const char *name, const char *value)
{
	int64_t ms = 0;

	if (text_has_word("newer_than older_than", name))
		return age_read(value, &ms) &&
		       (*name == 'n' ? l->mail->internal_ms > ms : l->mail->internal_ms <= ms);
	if (!date_read(l, value, &ms))
		return false;
	return text_has_word("after newer", name) ? l->mail->internal_ms >= ms : l->mail->internal_ms < ms;
}

/* --- operators --- */

static bool in_label(struct look *l, const char *value)
{
	const struct label *label = label_find(l->box, value);

	return label ? mail_has(l->mail, label->id) : false;
}

static bool in_place(struct look *l, const char *value)
{
	if (text_same(value, "anywhere"))
		return true;
	if (text_same(value, "drafts"))
		value = "draft";
	return in_label(l, value);
}

static bool is_so(struct look *l, const char *value)
{
	if (text_same(value, "read"))
		return !mail_has(l->mail, "UNREAD");
	return text_has_word("unread starred important", value) && in_label(l, value);
}

static const struct {
	const char *name, *header;
} headers[] = {
	{ "from", "From" }, { "to", "To" }, { "cc", "Cc" }, { "bcc", "Bcc" }, { "subject", "Subject" }
};

static bool operator_holds(struct look *l, const char *name, const char *value, bool *ret)
{
	*ret = true;
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
		if (text_same(headers[i].name, name))
			return in_header(l, headers[i].header, value);
	if (text_same(name, "is"))
		return is_so(l, value);
	if (text_same(name, "in"))
		return in_place(l, value);
	if (text_same(name, "label"))
		return in_label(l, value);
	if (text_same(name, "category"))
		return in_label(l, mem_fmt(l->pool, "CATEGORY_%s", value));
	if (text_same(name, "has"))
		return text_same(value, "attachment") && mime_has_file(l->mail->root);
	if (text_same(name, "filename"))
		return in_files(l, l->mail->root, value);
	if (text_same(name, "rfc822msgid")) {
		size_t bare = strspn(value, "<");

		return text_same(l->mail->message_id,
				 mem_fmt(l->pool, "<%.*s>", (int)strcspn(value + bare, ">"), value + bare));
	}
	if (text_has_word("newer_than older_than after before newer older", name))
		return in_time(l, name, value);
	*ret = false;
	return false;
}

/* --- terms --- */

static void spaces(struct look *l)
{
	l->at += strspn(l->at, " \t\r\n");
}

/* Up to a space or a bracket, or what stands in quotes. */
static const char *word(struct look *l)
{
	size_t n;
	const char *from = l->at;

	if (*from == '"') {
		n = strcspn(++from, "\"");
		l->at = from + n + (from[n] == '"');
	} else {
		n = strcspn(from, " \t\r\n(){}\"");
		l->at = from + n;
	}
	return mem_textn(l->pool, from, n);
}

/* from:(a b): each of the words; from:(a OR b), from:{a b}: one of them. */
static bool grouped(struct look *l, const char *name)
{
	char end = *l->at++ == '(' ? ')' : '}';
	bool all = true, any = false, alternatives = end == '}', known;

	for (spaces(l); *l->at && *l->at != end; spaces(l)) {
		const char *before = l->at, *value = word(l);
		bool held;

		if (l->at == before)
			l->at++;
		if (text_same(value, "OR")) {
			alternatives = true;
			continue;
		}
		held = operator_holds(l, name, value, &known);
		all = all && held;
		any = any || held;
	}
	l->at += *l->at == end;
	return alternatives ? any : all;
}

static bool term(struct look *l)
{
	const char *colon, *text;
	bool known = false, held;

	if (*l->at == '-' && l->at[1] && l->at[1] != ' ') {
		l->at++;
		return !term(l);
	}
	if (*l->at == '(' || *l->at == '{')
		return terms(l, *l->at++ == '(' ? ')' : '}');
	if (*l->at == '"')
		return in_text(l, word(l));
	text = word(l);
	colon = strchr(text, ':');
	if (colon) {
		char *name = mem_textn(l->pool, text, (size_t)(colon - text));

		for (char *c = name; *c; c++)
			*c = (char)tolower((unsigned char)*c);
		if (!colon[1] && (*l->at == '(' || *l->at == '{'))
			return grouped(l, name);
		text = !colon[1] && *l->at == '"' ? word(l) : colon + 1;
		held = operator_holds(l, name, text, &known);
		if (known)
			return held;
	}
	return in_text(l, text);
}

/* All of them; in {} one of them. */
static bool terms(struct look *l, char end)
{
	bool all = true, any = false;

	for (spaces(l); *l->at && *l->at != end; spaces(l)) {
		const char *before = l->at;
		bool held;

		if (strncmp(l->at, "AND ", 4) == 0) {
			l->at += 4;
			continue;
		}
		held = term(l);
		for (spaces(l); strncmp(l->at, "OR ", 3) == 0; spaces(l)) {
			bool other;

			l->at += 3;
			spaces(l);
			other = term(l);
			held = held || other;
		}
		all = all && held;
		any = any || held;
		if (l->at == before)
			l->at++;
	}
	l->at += end && *l->at == end;
	return end == '}' ? any : all;
}

bool query_matches(apr_pool_t *pool, const struct mailbox *box, const struct mail *m, const char *q)
{
	struct look l = { pool, box, m, q };

	return terms(&l, '\0');
}

bool query_everywhere(const char *q)
{
	return q && (strstr(q, "in:anywhere") || strstr(q, "in:trash") || strstr(q, "in:spam"));
}
