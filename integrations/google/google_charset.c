#include "integrations/google/google_charset.h"

#include "core/text.h"
#include <ctype.h>
#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <strings.h>

#define REPLACEMENT "\xEF\xBF\xBD"

enum { NAME_MAX_BYTES = 40, GROWS = 4, CHUNK = 1024 };

/* Names that are other ones in truth; NULL: say nothing. */
static const struct {
	const char *name, *to;
} aliases[] = {
	{ "us-ascii", NULL },
	{ "ascii", NULL },
	{ "iso-8859-1", "WINDOWS-1252" },
	{ "iso8859-1", "WINDOWS-1252" },
	{ "latin1", "WINDOWS-1252" },
	{ "cp1252", "WINDOWS-1252" },
	{ "ks_c_5601-1987", "CP949" },
	{ "gb2312", "GB18030" },
	{ "x-sjis", "SHIFT_JIS" },
};

/* A name that iconv may be asked for: nothing that it could take for a path or an option. */
static bool is_name(const char *name)
{
	size_t n = strlen(name);

	if (!n || n > NAME_MAX_BYTES)
		return false;
	for (const char *c = name; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("-_.:+", *c))
			return false;
	return true;
}

static iconv_t converter(const char *charset)
{
	const char *name = charset && is_name(charset) ? charset : NULL;

	for (size_t i = 0; name && i < sizeof aliases / sizeof *aliases; i++)
		if (strcasecmp(name, aliases[i].name) == 0) {
			name = aliases[i].to;
			break;
		}
	return name ? iconv_open("UTF-8", name) : (iconv_t)-1;
}

static bool is_utf8_name(const char *charset)
{
	return charset && (strcasecmp(charset, "utf-8") == 0 || strcasecmp(charset, "utf8") == 0);
}

static const char *convert(apr_pool_t *pool, iconv_t cd, const char *bytes, size_t n)
{
	struct buf out = buf_new(pool, n * GROWS + CHUNK);
	char *in = (char *)(uintptr_t)bytes, chunk[CHUNK];

	while (n) {
		char *to = chunk;
		size_t room = sizeof chunk;
		size_t done = iconv(cd, &in, &n, &to, &room);

		buf_put(&out, chunk, (size_t)(to - chunk));
		if (done != (size_t)-1 || errno == E2BIG)
			continue;
		/* A byte that begins no character here, or one that is cut at the end. */
		buf_text(&out, REPLACEMENT);
		iconv(cd, NULL, NULL, NULL, NULL);
		in++;
		n--;
	}
	return text_utf8_clean(pool, out.p ? out.p : "", out.n);
}

const char *google_charset_utf8(apr_pool_t *pool, const char *charset, const void *bytes, size_t n)
{
	const char *text;
	iconv_t cd;

	if (is_utf8_name(charset))
		return text_utf8_clean(pool, bytes, n);
	cd = converter(charset);
	if (cd == (iconv_t)-1) {
		if (text_utf8_valid(bytes, n))
			return text_utf8_clean(pool, bytes, n);
		cd = iconv_open("UTF-8", "WINDOWS-1252");
	}
	if (cd == (iconv_t)-1)
		return text_utf8_clean(pool, bytes, n);
	text = convert(pool, cd, bytes, n);
	iconv_close(cd);
	return text;
}
