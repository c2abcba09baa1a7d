#include "integrations/llm/llm_base64.h"

#include <string.h>

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

size_t llm_base64_size(size_t n)
{
	return (n + 2) / 3 * 4;
}

void llm_base64_write(char *to, const void *from, size_t n)
{
	const unsigned char *p = from;

	for (; n; n -= n < 3 ? n : 3, p += 3, to += 4) {
		unsigned long bits = (unsigned long)p[0] << 16 | (n > 1 ? (unsigned long)p[1] << 8 : 0) |
				     (n > 2 ? p[2] : 0);

		to[0] = letters[bits >> 18];
		to[1] = letters[bits >> 12 & 63];
		to[2] = n > 1 ? letters[bits >> 6 & 63] : '=';
		to[3] = n > 2 ? letters[bits & 63] : '=';
	}
}

/* -1: none. */
static int value_of(char c)
{
	const char *at = c ? strchr(letters, c) : NULL;

	return at ? (int)(at - letters) : -1;
}

bool llm_base64_read(const char *from, size_t n, void *to, size_t *ret_n)
{
	unsigned char *out = to;
	size_t letters_n = n;

	if (n % 4)
		return false;
	while (letters_n && n - letters_n < 2 && from[letters_n - 1] == '=')
		letters_n--;
	unsigned long bits = 0;
	size_t have = 0, written = 0;
	for (size_t i = 0; i < letters_n; i++) {
		int value = value_of(from[i]);

		if (value < 0)
			return false;
		bits = (bits << 6 | (unsigned long)value) & 0xFFFFFF;
		if (++have > 1)
			out[written++] = (unsigned char)(bits >> (6 - 2 * (have - 1)));
		have %= 4;
	}
	*ret_n = written;
	return true;
}
