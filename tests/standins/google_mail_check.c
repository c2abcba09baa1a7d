/* What Gmail would not take of a message that it shall send or keep as a draft. */
#include "tests/standins/google_gmail.h"

#include "core/text.h"
#include <ctype.h>
#include <string.h>

#define LINE_MAX_BYTES 998
#define MAIL_MAX ((size_t)36700160)

static bool wrong(struct ask *ask, const char *what)
{
	return deny(ask, 400, "invalidArgument", "Invalid message: %s", what);
}

static bool lines_good(struct ask *ask, const char *raw, size_t n)
{
	size_t from = 0;

	for (size_t i = 0; i < n; i++) {
		if (raw[i] == '\0')
			return wrong(ask, "a NUL");
		if ((raw[i] == '\n') != (i > 0 && raw[i - 1] == '\r'))
			return wrong(ask, "a line that does not end in CRLF");
		if (raw[i] != '\n')
			continue;
		if (i - 1 - from > LINE_MAX_BYTES)
			return wrong(ask, "a line of more than 998 bytes");
		from = i + 1;
	}
	if (n - from > LINE_MAX_BYTES)
		return wrong(ask, "a line of more than 998 bytes");
	return !n || raw[n - 1] != '\r' || wrong(ask, "a line that does not end in CRLF");
}

/* Every line of the head: ASCII, a name and a colon or a continuation of one. */
static bool head_good(struct ask *ask, const char *raw, size_t n)
{
	bool first = true;

	for (size_t at = 0; at < n;) {
		const char *end = memchr(raw + at, '\n', n - at);
		size_t len = end ? (size_t)(end - raw) - at - 1 : n - at, name;

		if (!len)
			return true;
		for (size_t i = 0; i < len; i++)
			if (raw[at + i] != '\t' && (raw[at + i] < ' ' || raw[at + i] == 127))
				return wrong(ask, "8-bit or control characters in a header");
		name = strcspn(raw + at, ": \t\r");
		if (raw[at] == ' ' || raw[at] == '\t' ? first || strspn(raw + at, " \t") >= len
						      : !name || raw[at + name] != ':')
			return wrong(ask, "a header line without a name");
		first = false;
		at += len + 2;
	}
	return true;
}

static bool once_good(struct ask *ask, const struct part *root)
{
	static const char *const once[] = { "From",         "To",
					    "Cc",           "Bcc",
					    "Subject",      "Date",
					    "Message-ID",   "In-Reply-To",
					    "References",   "Reply-To",
					    "Sender",       "MIME-Version",
					    "Content-Type", "Content-Transfer-Encoding" };

	for (size_t k = 0; k < sizeof once / sizeof *once; k++) {
		int n = 0;

		for (size_t i = 0; i < root->headers.n; i++)
			n += strcasecmp(((struct header *)root->headers.v[i])->name, once[k]) == 0;
		if (n > 1)
			return wrong(ask, mem_fmt(ask->pool, "%s came twice", once[k]));
	}
	return true;
}

static bool words_good(struct ask *ask, const struct part *root)
{
	for (size_t i = 0; i < root->headers.n; i++) {
		const struct header *h = root->headers.v[i];
		const char *why = NULL;

		mime_words(ask->pool, h->value, &why);
		if (why)
			return wrong(ask, mem_fmt(ask->pool, "%s: %s", h->name, why));
	}
	return true;
}

/* "<x@y>", or several of them. */
static bool ids_good(struct ask *ask, const struct part *root, const char *name, bool many)
{
	const char *s = part_header(root, name);
	int n = 0;

	for (; s && *s; n++) {
		size_t len = strcspn(s, " \t");
		const char *at = memchr(s, '@', len);

		if (*s != '<' || s[len - 1] != '>' || !at || at == s + 1 || at + 2 >= s + len)
			return wrong(ask, mem_fmt(ask->pool, "%s is no <id@domain>", name));
		s += len + strspn(s + len, " \t");
	}
	return many || n <= 1 || wrong(ask, mem_fmt(ask->pool, "more than one id in %s", name));
}

static bool addresses_good(struct ask *ask, const struct account *a, const struct part *root, bool to_send)
{
	static const char *const names[] = { "To", "Cc", "Bcc", "Reply-To" };
	const char *from = part_header(root, "From"),
		   *address = from ? mime_addresses(ask->pool, from) : NULL;
	size_t n = 0;

	if (from && (!address || strchr(address, ' ') ||
		     (strcasecmp(address, a->email) != 0 && !text_has_word(a->aliases, address))))
		return wrong(ask, "From is not one of the account's addresses");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = part_header(root, names[i]), *list;

		if (!value)
			continue;
		list = mime_addresses(ask->pool, value);
		if (!list)
			return deny(ask, 400, "invalidArgument", "Invalid %s header", names[i]);
		n += i < 3;
	}
	return n || !to_send || deny(ask, 400, "invalidArgument", "Recipient address required");
}

bool mail_check(struct ask *ask, const struct account *a, const char *raw, size_t n, bool to_send)
{
	const struct part *root;

	if (n > MAIL_MAX)
		return deny(ask, 413, "uploadTooLarge", "Request Entity Too Large");
	if (!n || !lines_good(ask, raw, n) || !head_good(ask, raw, n))
		return n ? false : wrong(ask, "empty");
	root = mime_read(ask->pool, raw, n);
	if (!once_good(ask, root) || !words_good(ask, root) || !ids_good(ask, root, "Message-ID", false) ||
	    !ids_good(ask, root, "In-Reply-To", true) || !ids_good(ask, root, "References", true) ||
	    !addresses_good(ask, a, root, to_send))
		return false;
	if (part_header(root, "Content-Type") && !text_same(part_header(root, "MIME-Version"), "1.0"))
		return wrong(ask, "Content-Type without MIME-Version: 1.0");
	return !root->flaw || wrong(ask, root->flaw);
}
