#include "core/text.h"
#include "ml/guard/guard_part.h"
#include <string.h>

/* A run of characters that count up from an ASCII one. Unicode 15, the compatibility forms of digits and letters. */
struct fold_run {
	uint32_t first, last;
	char to;
};

static const struct fold_run runs[] = {
	{ 0xFF01, 0xFF5E, '!' }, /* full width */
	{ 0x0660, 0x0669, '0' },   { 0x06F0, 0x06F9, '0' },   { 0x07C0, 0x07C9, '0' },
	{ 0x0966, 0x096F, '0' },   { 0x09E6, 0x09EF, '0' },   { 0x0E50, 0x0E59, '0' },
	{ 0x1040, 0x1049, '0' },   { 0x2080, 0x2089, '0' },   { 0x2074, 0x2079, '4' },
	{ 0x2070, 0x2070, '0' },   { 0x00B9, 0x00B9, '1' },   { 0x00B2, 0x00B3, '2' },
	{ 0x2460, 0x2468, '1' },   { 0x24EA, 0x24EA, '0' },   { 0x2776, 0x277E, '1' },
	{ 0x24F5, 0x24FD, '1' },   { 0x1D7CE, 0x1D7D7, '0' }, { 0x1D7D8, 0x1D7E1, '0' },
	{ 0x1D7E2, 0x1D7EB, '0' }, { 0x1D7EC, 0x1D7F5, '0' }, { 0x1D7F6, 0x1D7FF, '0' },
	{ 0x1FBF0, 0x1FBF9, '0' }, { 0x24B6, 0x24CF, 'A' },   { 0x24D0, 0x24E9, 'a' },
	{ 0x0A66, 0x0A6F, '0' },   { 0x0AE6, 0x0AEF, '0' },   { 0x0B66, 0x0B6F, '0' },
	{ 0x0BE6, 0x0BEF, '0' },   { 0x0C66, 0x0C6F, '0' },   { 0x0CE6, 0x0CEF, '0' },
	{ 0x0D66, 0x0D6F, '0' },   { 0x0DE6, 0x0DEF, '0' },   { 0x0ED0, 0x0ED9, '0' },
	{ 0x0F20, 0x0F29, '0' },   { 0x1090, 0x1099, '0' },   { 0x17E0, 0x17E9, '0' },
	{ 0x1810, 0x1819, '0' },   { 0x1946, 0x194F, '0' },   { 0x19D0, 0x19D9, '0' },
	{ 0x1A80, 0x1A89, '0' },   { 0x1A90, 0x1A99, '0' },   { 0x1B50, 0x1B59, '0' },
	{ 0x1BB0, 0x1BB9, '0' },   { 0x1C40, 0x1C49, '0' },   { 0x1C50, 0x1C59, '0' },
	{ 0xA620, 0xA629, '0' },   { 0xA8D0, 0xA8D9, '0' },   { 0xA900, 0xA909, '0' },
	{ 0xA9D0, 0xA9D9, '0' },   { 0xA9F0, 0xA9F9, '0' },   { 0xAA50, 0xAA59, '0' },
	{ 0xABF0, 0xABF9, '0' },   { 0x104A0, 0x104A9, '0' }, { 0x10D30, 0x10D39, '0' },
	{ 0x11066, 0x1106F, '0' }, { 0x110F0, 0x110F9, '0' }, { 0x11136, 0x1113F, '0' },
	{ 0x111D0, 0x111D9, '0' }, { 0x112F0, 0x112F9, '0' }, { 0x11450, 0x11459, '0' },
	{ 0x114D0, 0x114D9, '0' }, { 0x11650, 0x11659, '0' }, { 0x116C0, 0x116C9, '0' },
	{ 0x11730, 0x11739, '0' }, { 0x118E0, 0x118E9, '0' }, { 0x11950, 0x11959, '0' },
	{ 0x11C50, 0x11C59, '0' }, { 0x11D50, 0x11D59, '0' }, { 0x11DA0, 0x11DA9, '0' },
	{ 0x11F50, 0x11F59, '0' }, { 0x16A60, 0x16A69, '0' }, { 0x16AC0, 0x16AC9, '0' },
	{ 0x16B50, 0x16B59, '0' }, { 0x1E140, 0x1E149, '0' }, { 0x1E2F0, 0x1E2F9, '0' },
	{ 0x1E4F0, 0x1E4F9, '0' }, { 0x1E950, 0x1E959, '0' }, { 0x2474, 0x247C, '1' },
	{ 0x2488, 0x2490, '1' },   { 0x2780, 0x2788, '1' },   { 0x278A, 0x2792, '1' },
};

/* Letters of other scripts that look like Latin ones, and signs that look like ASCII ones. */
static const struct {
	uint32_t from;
	char to;
} singles[] = {
	{ 0x0430, 'a' },  { 0x0435, 'e' }, { 0x043E, 'o' }, { 0x0440, 'p' }, { 0x0441, 'c' },
	{ 0x0445, 'x' },  { 0x0443, 'y' }, { 0x0456, 'i' }, { 0x0455, 's' }, { 0x0458, 'j' },
	{ 0x04BB, 'h' },  { 0x0501, 'd' }, { 0x051B, 'q' }, { 0x051D, 'w' }, { 0x043A, 'k' },
	{ 0x043C, 'm' },  { 0x0442, 't' }, { 0x0432, 'b' }, { 0x043D, 'h' }, { 0x0410, 'A' },
	{ 0x0412, 'B' },  { 0x0415, 'E' }, { 0x041A, 'K' }, { 0x041C, 'M' }, { 0x041D, 'H' },
	{ 0x041E, 'O' },  { 0x0420, 'P' }, { 0x0421, 'C' }, { 0x0422, 'T' }, { 0x0425, 'X' },
	{ 0x0423, 'Y' },  { 0x0406, 'I' }, { 0x0405, 'S' }, { 0x0408, 'J' }, { 0x03B1, 'a' },
	{ 0x03BF, 'o' },  { 0x03BD, 'v' }, { 0x03B9, 'i' }, { 0x03BA, 'k' }, { 0x03C1, 'p' },
	{ 0x03C5, 'u' },  { 0x0391, 'A' }, { 0x0392, 'B' }, { 0x0395, 'E' }, { 0x0396, 'Z' },
	{ 0x0397, 'H' },  { 0x0399, 'I' }, { 0x039A, 'K' }, { 0x039C, 'M' }, { 0x039D, 'N' },
	{ 0x039F, 'O' },  { 0x03A1, 'P' }, { 0x03A4, 'T' }, { 0x03A5, 'Y' }, { 0x03A7, 'X' },
	{ 0x0131, 'i' },  { 0x0251, 'a' }, { 0x0261, 'g' }, { 0x2024, '.' }, { 0xFE52, '.' },
	{ 0x3002, '.' },  { 0xFF61, '.' }, { 0x00B7, '.' }, { 0xFE6B, '@' }, { 0x2044, '/' },
	{ 0x2215, '/' },  { 0x2212, '-' }, { 0xFE58, '-' }, { 0xFE63, '-' }, { 0x2043, '-' },
	{ 0x02D7, '-' },  { 0x00AF, '-' }, { 0xFE55, ':' }, { 0x2236, ':' }, { 0xA789, ':' },
	{ 0xFE62, '+' },  { 0x2795, '+' }, { 0xFE59, '(' }, { 0xFE5A, ')' }, { 0x2768, '(' },
	{ 0x2769, ')' },  { 0xFE66, '=' }, { 0x201C, '"' }, { 0x201D, '"' }, { 0x2018, '\'' },
	{ 0x2019, '\'' }, { 0x00AB, '"' }, { 0x00BB, '"' }, { 0x2192, '=' }, { 0x00AA, 'a' },
	{ 0x00BA, 'o' },  { 0x20AC, '$' }, { 0x00A3, '$' }, { 0xFE33, '_' }, { 0x203F, '_' },
	{ 0x3007, '0' },  { 0x4E00, '1' }, { 0x4E8C, '2' }, { 0x4E09, '3' }, { 0x56DB, '4' },
	{ 0x4E94, '5' },  { 0x516D, '6' }, { 0x4E03, '7' }, { 0x516B, '8' }, { 0x4E5D, '9' },
};

static bool invisible(uint32_t c)
{
	return c == 0xAD || c == 0x34F || c == 0x61C || c == 0x180E || (c >= 0x200B && c <= 0x200F) ||
	       (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || (c >= 0xFE00 && c <= 0xFE0F) ||
	       c == 0xFEFF || c == 0x115F || c == 0x1160 || c == 0x3164 || c == 0xFFA0 ||
	       (c >= 0x300 && c <= 0x36F) || (c >= 0x20D0 && c <= 0x20F0) || (c >= 0xE0000 && c <= 0xE01EF) ||
	       (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
}

static bool space(uint32_t c)
{
	return c == '\t' || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F ||
	       c == 0x205F || c == 0x3000 || c == 0x2800;
}

static char mathematical(uint32_t c)
{
	uint32_t k = (c - 0x1D400) % 52;

	return (char)(k < 26 ? 'A' + k : 'a' + k - 26);
}

/* A Latin letter without its accent. */
static char latin(uint32_t c)
{
	char utf8[3] = { (char)(0xC0 | c >> 6), (char)(0x80 | (c & 0x3F)), 0 };
	apr_pool_t *pool = pool_root();
	char folded = *text_fold(pool, utf8);
	bool upper = c < 0x100 ? c < 0xDF : !(c & 1);

	pool_free(pool);
	if (!guard_alpha(folded))
		return GUARD_LETTER;
	return upper && folded >= 'a' ? (char)(folded - 32) : folded;
}

static char fold_other(uint32_t c)
{
	for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++)
		if (c >= runs[i].first && c <= runs[i].last)
			return (char)(runs[i].to + (char)(c - runs[i].first));
	for (size_t i = 0; i < sizeof singles / sizeof singles[0]; i++)
		if (singles[i].from == c)
			return singles[i].to;
	if (c >= 0x2010 && c <= 0x2015)
		return '-';
	if (c >= 0x1D400 && c < 0x1D6A4)
		return mathematical(c);
	if (c == 0x85 || c == 0x2028 || c == 0x2029)
		return '\n';
	if ((c >= 0x3041 && c < 0xA000) || (c >= 0xAC00 && c < 0xD7A4) || (c >= 0x20000 && c < 0x40000))
		return GUARD_IDEOGRAPH;
	/* Signs; and scripts without spaces, in which a word ends where another script begins. */
	return c < 0xC0 || c == 0xD7 || c == 0xF7 || (c >= 0x2000 && c < 0x2C00) || c >= 0x2E00
		       ? GUARD_SYMBOL
		       : GUARD_LETTER;
}

enum { PLANE = 0x10000, LEFT_OUT = 1 };

static char fold(uint32_t c)
{
	if (invisible(c))
		return LEFT_OUT;
	if (space(c))
		return ' ';
	if (c < 0x80)
		return (char)(c == '\r' ? '\n' : c);
	if (c >= 0xC0 && c < 0x180 && c != 0xD7 && c != 0xF7)
		return latin(c);
	return fold_other(c);
}

/* What a character folds to is looked for once in a process. */
static char fold_known(uint32_t c)
{
	static char known[PLANE];

	if (c >= PLANE)
		return fold(c);
	if (!known[c])
		known[c] = fold(c);
	return known[c];
}

struct guard_view guard_fold(apr_pool_t *pool, const char *text)
{
	size_t max = strlen(text), len;
	struct guard_view v = { .text = text };
	uint32_t c;

	v.c = mem_alloc(pool, max + 1);
	v.later = MEM_NEW(pool, struct guard_span);
	v.begin = mem_alloc(pool, (max + 1) * sizeof *v.begin);
	v.end = mem_alloc(pool, (max + 1) * sizeof *v.end);
	for (size_t at = 0; (len = text_utf8_next(text + at, &c)); at += len) {
		char folded = fold_known(c);

		if (folded == LEFT_OUT)
			continue;
		v.c[v.n] = folded;
		v.begin[v.n] = (uint32_t)at;
		if (v.n)
			v.end[v.n - 1] = (uint32_t)at;
		v.n++;
	}
	if (v.n)
		v.end[v.n - 1] = (uint32_t)max;
	return v;
}

bool guard_at(const struct guard_view *v, size_t i, const char *word)
{
	for (; *word; word++, i++)
		if (i >= v->n || guard_low(v->c[i]) != *word)
			return false;
	return true;
}
