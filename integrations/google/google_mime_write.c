#include "integrations/google/google_mime.h"

#include "core/clock.h"
#include "core/crypt.h"
#include "core/text.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum {
	MAIL_MAX = 1024 * 1024,
	LINE = 76,        /* of a line that is folded or encoded (RFC 2047, 2045) */
	WORD_MAX = 75,    /* of an encoded word */
	WORD_FRAME = 12,  /* "=?UTF-8?Q?" and "?=" */
	PLAIN_WORD = 60,  /* a longer one is not left as it is, for a line could not be folded */
	NAME_CHARS = 100, /* of a name before an address */
};

/* What is written, and how far its line has come. */
struct page {
	struct buf out;
	size_t column;
};

static void put_n(struct page *p, const char *s, size_t n)
{
	buf_put(&p->out, s, n);
	p->column += n;
}

static void put(struct page *p, const char *s)
{
	put_n(p, s, strlen(s));
}

/* "=C3" */
static void put_hex(struct page *p, char c)
{
	buf_fmt(&p->out, "=%02X", (unsigned char)c);
	p->column += 3;
}

static void fold(struct page *p)
{
	buf_text(&p->out, "\r\n ");
	p->column = 1;
}

static void end_line(struct page *p)
{
	buf_text(&p->out, "\r\n");
	p->column = 0;
}

/* --- encoded words --- */

static bool is_q_plain(unsigned char c)
{
	return c < 128 && (isalnum(c) || strchr("!*+-/", c)) && c;
}

static size_t q_size(const char *s, size_t n)
{
	size_t size = 0;

	for (size_t i = 0; i < n; i++)
		size += is_q_plain((unsigned char)s[i]) || s[i] == ' ' ? 1 : 3;
	return size;
}

static size_t b_size(size_t n)
{
	return (n + 2) / 3 * 4;
}

static void put_base64(struct page *p, apr_pool_t *pool, const char *s, size_t n)
{
	char *text = mem_text(pool, crypt_base64url(pool, s, n));

	for (char *c = text; *c; c++)
		*c = *c == '-' ? '+' : *c == '_' ? '/' : *c;
	put(p, text);
	put(p, n % 3 == 1 ? "==" : n % 3 ? "=" : "");
}

static void put_q(struct page *p, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] == ' ')
			put(p, "_");
		else if (is_q_plain((unsigned char)s[i]))
			put_n(p, s + i, 1);
		else
			put_hex(p, s[i]);
}

/* How many bytes at s, whole characters, fit into `room` letters of an encoded word. */
static size_t fits(const char *s, size_t room, bool q)
{
	size_t n = 0, len;
	uint32_t c;

	while ((len = text_utf8_next(s + n, &c)) && (q ? q_size(s, n + len) : b_size(n + len)) <= room)
		n += len;
	return n;
}

static void put_encoded(struct page *p, apr_pool_t *pool, const char *s)
{
	bool q = q_size(s, strlen(s)) <= b_size(strlen(s));

	while (*s) {
		size_t room, n;

		if (p->column + WORD_FRAME + 16 > LINE)
			fold(p);
		room = LINE - p->column - WORD_FRAME;
		n = fits(s, room > WORD_MAX - WORD_FRAME ? WORD_MAX - WORD_FRAME : room, q);
		put(p, q ? "=?UTF-8?Q?" : "=?UTF-8?B?");
		if (q)
			put_q(p, s, n);
		else
			put_base64(p, pool, s, n);
		put(p, "?=");
		s += n;
		if (*s)
			fold(p);
	}
}

/* --- headers --- */

/* One line of what can be seen. */
static const char *tidy(apr_pool_t *pool, const char *s)
{
	struct buf out = buf_new(pool, strlen(s) + 1);

	for (s = text_visible(pool, s); *s; s++)
		if (!strchr(" \t\r\n", *s))
			buf_char(&out, *s);
		else if (out.n && out.p[out.n - 1] != ' ')
			buf_char(&out, ' ');
	return text_trim(pool, out.p ? out.p : "");
}

/* ASCII that no reader takes for an encoded word, with blanks at which it can be folded. */
static bool is_plain(const char *s)
{
	for (const char *c = s; *c; c++)
		if ((unsigned char)*c >= 127)
			return false;
	for (const char *word = s; *word; word += strcspn(word, " "), word += *word == ' ')
		if (strcspn(word, " ") > PLAIN_WORD)
			return false;
	return !strstr(s, "=?");
}

static void put_text(struct page *p, apr_pool_t *pool, const char *s)
{
	const char *text = tidy(pool, s);

	if (!is_plain(text)) {
		put_encoded(p, pool, text);
		return;
	}
	while (*text) {
		size_t n = strcspn(text, " ");

		put_n(p, text, n);
		text += n + (text[n] == ' ');
		if (!*text)
			return;
		if (p->column + 1 + strcspn(text, " ") > LINE)
			fold(p);
		else
			put(p, " ");
	}
}

static bool is_phrase(const char *s)
{
	for (; *s; s++)
		if (!isalnum((unsigned char)*s) && !strchr(" !#$%&'*+-/=?^_`{|}~", *s))
			return false;
	return true;
}

/* "Ana" <ana@example.org> */
static void put_name(struct page *p, apr_pool_t *pool, const char *name)
{
	size_t quoted = strlen(name);

	for (const char *c = name; *c; c++)
		quoted += *c == '"' || *c == '\\';
	if (!is_plain(name) || quoted > PLAIN_WORD) {
		put_encoded(p, pool, name);
	} else if (is_phrase(name)) {
		put(p, name);
	} else {
		put(p, "\"");
		for (; *name; name++) {
			put(p, strchr("\"\\", *name) ? "\\" : "");
			put_n(p, name, 1);
		}
		put(p, "\"");
	}
}

static NODISCARD err_t *put_address(struct page *p, apr_pool_t *pool, const struct mime_address *a)
{
	const char *name = text_cut(pool, tidy(pool, a->name ? a->name : ""), NAME_CHARS);

	if (!google_mime_is_address(a->address))
		return err_new(ERR_INVALID, "no mail address");
	if (!*name) {
		put(p, a->address);
		return NULL;
	}
	put_name(p, pool, name);
	if (p->column + strlen(a->address) + 3 > LINE)
		fold(p);
	else
		put(p, " ");
	put(p, mem_fmt(pool, "<%s>", a->address));
	return NULL;
}

static NODISCARD err_t *put_addresses(struct page *p, apr_pool_t *pool, const char *name,
				      const struct mime_addresses *list)
{
	if (!list->n)
		return NULL;
	put(p, name);
	for (size_t i = 0; i < list->n; i++) {
		ERR(put_address(p, pool, &list->v[i]));
		if (i + 1 < list->n) {
			put(p, ",");
			fold(p);
		}
	}
	end_line(p);
	return NULL;
}

static void put_date(struct page *p, apr_pool_t *pool, const struct mime_mail *mail)
{
	static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t wall = (time_t)(mail->date / SECOND_US + mail->offset_s);
	long minutes = (long)(mail->offset_s / 60);
	struct tm tm;

	gmtime_r(&wall, &tm);
	put(p, mem_fmt(pool, "Date: %.3s, %02d %.3s %04d %02d:%02d:%02d %c%02ld%02ld", days + 3 * tm.tm_wday,
		       tm.tm_mday, months + 3 * tm.tm_mon, tm.tm_year + 1900, tm.tm_hour, tm.tm_min,
		       tm.tm_sec, minutes < 0 ? '-' : '+', labs(minutes) / 60, labs(minutes) % 60));
	end_line(p);
}

static NODISCARD err_t *put_id(struct page *p, apr_pool_t *pool, const char *name, const char *id)
{
	if (!google_mime_is_id(id))
		return err_new(ERR_INVALID, "no message id");
	put(p, mem_fmt(pool, "%s<%s>", name, id));
	end_line(p);
	return NULL;
}

/* What the answered mail refers to, and that mail. */
static void put_references(struct page *p, apr_pool_t *pool, const struct mime_mail *mail)
{
	const char **ids;
	size_t n = google_mime_ids(pool, mail->references ? mail->references : "", MIME_REFERENCES, &ids);

	put(p, "References: ");
	for (size_t i = 0; i < n; i++)
		if (!text_same(ids[i], mail->in_reply_to)) {
			put(p, mem_fmt(pool, "<%s>", ids[i]));
			fold(p);
		}
	put(p, mem_fmt(pool, "<%s>", mail->in_reply_to));
	end_line(p);
}

/* --- the body --- */

/* With LF, without what is no character of a text. */
static const char *body_lines(apr_pool_t *pool, const char *s)
{
	struct buf out = buf_new(pool, 4 * strlen(s) + 1);

	for (s = text_utf8_clean(pool, s, strlen(s)); *s; s++) {
		if (*s == '\r' && s[1] == '\n')
			continue;
		if (*s == '\r' || *s == '\n')
			buf_char(&out, '\n');
		else if (*s == '\t' || ((unsigned char)*s >= ' ' && *s != 127))
			buf_char(&out, *s);
	}
	if (out.n && out.p[out.n - 1] != '\n')
		buf_char(&out, '\n');
	return out.p ? out.p : "";
}

static bool is_7bit(const char *body)
{
	for (const char *line = body; *line; line = strchr(line, '\n') + 1) {
		size_t n = strcspn(line, "\n");

		if (n > LINE || text_starts(line, "From ") || *line == '.' ||
		    (n && strchr(" \t", line[n - 1])))
			return false;
	}
	for (const char *c = body; *c; c++)
		if ((unsigned char)*c >= 127)
			return false;
	return true;
}

static bool is_qp_plain(const char *s, const char *line)
{
	unsigned char c = (unsigned char)*s;

	if ((c == ' ' || c == '\t') && (s[1] == '\n' || !s[1]))
		return false;
	if (s == line && (c == '.' || text_starts(s, "From ")))
		return false;
	return (c >= ' ' && c < 127 && c != '=') || c == '\t';
}

/* Quoted-printable (RFC 2045 section 6.7), soft breaks between characters. */
static void put_qp(struct page *p, const char *body)
{
	const char *line = body;
	uint32_t c;

	for (size_t n; (n = text_utf8_next(body, &c)); body += n) {
		bool plain = is_qp_plain(body, line);

		if (c == '\n') {
			end_line(p);
			line = body + 1;
			continue;
		}
		if (p->column + (plain ? 1 : 3 * n) > LINE - 1) {
			buf_text(&p->out, "=\r\n");
			p->column = 0;
		}
		if (plain)
			put_n(p, body, n);
		for (size_t i = 0; i < n && !plain; i++)
			put_hex(p, body[i]);
	}
}

static size_t qp_size(const char *body)
{
	size_t size = 0;

	for (; *body; body++)
		size += (unsigned char)*body >= 127 || *body == '=' ? 3 : 1;
	return size;
}

static const char *crlf(apr_pool_t *pool, const char *body)
{
	struct buf out = buf_new(pool, 2 * strlen(body) + 1);

	for (; *body; body++)
		if (*body == '\n')
			buf_text(&out, "\r\n");
		else
			buf_char(&out, *body);
	return out.p ? out.p : "";
}

static void put_body(struct page *p, apr_pool_t *pool, const char *given)
{
	const char *body = body_lines(pool, given), *wire;
	const char *how = is_7bit(body)                                ? "7bit"
			  : qp_size(body) <= strlen(body) / 3 * 4 + 32 ? "quoted-printable"
								       : "base64";

	buf_fmt(&p->out,
		"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
		"Content-Transfer-Encoding: %s\r\n\r\n",
		how);
	p->column = 0;
	if (*how == 'q') {
		put_qp(p, body);
		return;
	}
	wire = crlf(pool, body);
	if (*how == '7') {
		put(p, wire);
		return;
	}
	for (size_t left = strlen(wire), n; left; left -= n, wire += n) {
		n = left < 57 ? left : 57;
		put_base64(p, pool, wire, n);
		end_line(p);
	}
}

/* --- public --- */

err_t *google_mime_write(apr_pool_t *pool, const struct mime_mail *mail, struct buf *ret)
{
	struct page p = { .out = buf_new(pool, MAIL_MAX) };

	if (*mail->from.address)
		ERR(put_addresses(&p, pool, "From: ", &(struct mime_addresses){ 1, &mail->from }));
	ERR(put_addresses(&p, pool, "To: ", &mail->to));
	ERR(put_addresses(&p, pool, "Cc: ", &mail->cc));
	put(&p, "Subject: ");
	put_text(&p, pool, mail->subject);
	end_line(&p);
	put_date(&p, pool, mail);
	ERR(put_id(&p, pool, "Message-ID: ", mail->message_id));
	if (mail->in_reply_to) {
		ERR(put_id(&p, pool, "In-Reply-To: ", mail->in_reply_to));
		put_references(&p, pool, mail);
	}
	put_body(&p, pool, mail->body);
	ERR(buf_check(&p.out));
	*ret = p.out;
	return NULL;
}

bool google_mime_is_address(const char *address)
{
	const char *at = strrchr(address, '@'), *label;

	if (!at || at == address || at - address > 64 || strlen(address) > 254)
		return false;
	for (const char *c = address; c < at; c++)
		if (!isalnum((unsigned char)*c) && !strchr("!#$%&'*+-/=?^_`{|}~", *c) &&
		    !(*c == '.' && c > address && c + 1 < at && c[1] != '.'))
			return false;
	if (!strchr(at, '.'))
		return false;
	for (label = at + 1;; label++) {
		size_t n = strcspn(label, ".");

		if (!n || n > 63 || *label == '-' || label[n - 1] == '-')
			return false;
		for (size_t i = 0; i < n; i++)
			if (!isalnum((unsigned char)label[i]) && label[i] != '-')
				return false;
		label += n;
		if (!*label)
			return true;
	}
}

const char *google_mime_reply_subject(apr_pool_t *pool, const char *subject)
{
	const char *text = tidy(pool, subject);

	return strncasecmp(text, "re:", 3) == 0 ? text : text_trim(pool, mem_fmt(pool, "Re: %s", text));
}
