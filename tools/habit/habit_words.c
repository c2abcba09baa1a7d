#include "tools/habit/habit_words.h"

#include "core/text.h"
#include "tools/words.h"
#include <string.h>

/* Endings that say how often; of "N times" the number stands before. Longer ones first. */
static const struct {
	const char *words, *per;
	bool counted; /* after "N vezes", or "Nx" */
} endings[] = {
	{ "todos os dias", "day", false },
	{ "todas as semanas", "week", false },
	{ "toda semana", "week", false },
	{ "cada semana", "week", false },
	{ "every single day", "day", false },
	{ "todo santo dia", "day", false },
	{ "todo dia", "day", false },
	{ "cada dia", "day", false },
	{ "every day", "day", false },
	{ "every week", "week", false },
	{ "diariamente", "day", false },
	{ "semanalmente", "week", false },
	{ "weekly", "week", false },
	{ "daily", "day", false },
	{ "everyday", "day", false },
	{ "por semana", "week", true },
	{ "na semana", "week", true },
	{ "a semana", "week", true },
	{ "/semana", "week", true },
	{ "per week", "week", true },
	{ "a week", "week", true },
	{ "each week", "week", true },
	{ "/week", "week", true },
	{ "por dia", "day", true },
	{ "ao dia", "day", true },
	{ "no dia", "day", true },
	{ "/dia", "day", true },
	{ "per day", "day", true },
	{ "a day", "day", true },
	{ "each day", "day", true },
	{ "/day", "day", true },
};

static const char *const numbers[][3] = {
	{ "uma", "once", "um" },  { "duas", "twice", "two" }, { "tres", "thrice", "three" },
	{ "quatro", "four", "" }, { "cinco", "five", "" },    { "seis", "six", "" },
	{ "sete", "seven", "" },  { "oito", "eight", "" },    { "nove", "nine", "" },
	{ "dez", "ten", "" },
};

/* The name as it is written, with as many characters left as its folded form has in n bytes: Latin letters fold one to one. */
static const char *head(apr_pool_t *pool, const char *text, const char *folded, size_t n)
{
	size_t keep = words_chars(mem_textn(pool, folded, n));
	const char *s = text;
	uint32_t c;

	for (size_t k; keep && (k = text_utf8_next(s, &c)); keep--)
		s += k;
	return text_trim(pool, mem_textn(pool, text, (size_t)(s - text)));
}

static size_t trimmed(const char *s, size_t n)
{
	while (n && strchr(" ,;:-.", s[n - 1]))
		n--;
	return n;
}

static bool ends_with(const char *s, size_t n, const char *end)
{
	size_t k = strlen(end);

	return n >= k && strncmp(s + n - k, end, k) == 0 && (n == k || *end == '/' || s[n - k - 1] == ' ');
}

static int64_t number_of(const char *word)
{
	int64_t n;

	if (text_int(word, &n))
		return n > 0 && n < 1000000 ? n : 0;
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		for (size_t k = 0; k < 3; k++)
			if (*numbers[i][k] && text_same(numbers[i][k], word))
				return (int64_t)i + 1;
	return 0;
}

/* "8 vezes", "3x", "twice" at the end of n bytes: how many, and what is left before it. */
static int64_t count_before(apr_pool_t *pool, const char *s, size_t *n)
{
	static const char *const times[] = { "vezes", "vez", "times", "time", "x", NULL };
	size_t end = trimmed(s, *n), from;
	bool counted = false;
	int64_t count;

	for (int i = 0; times[i] && !counted; i++)
		if (ends_with(s, end, times[i]) ||
		    (text_same(times[i], "x") && end > 1 && s[end - 1] == 'x' && s[end - 2] >= '0' &&
		     s[end - 2] <= '9')) {
			end = trimmed(s, end - strlen(times[i]));
			counted = true;
		}
	for (from = end; from && s[from - 1] != ' ';)
		from--;
	count = number_of(mem_textn(pool, s + from, end - from));
	if (!count || (!counted && !text_same(mem_textn(pool, s + from, end - from), "once") &&
		       !text_same(mem_textn(pool, s + from, end - from), "twice")))
		return 0;
	*n = trimmed(s, from);
	return count;
}

struct habit_words habit_words_read(apr_pool_t *pool, const char *text)
{
	const char *line = words_line(pool, text), *s = text_fold(pool, line);
	struct habit_words w = { .name = line, .per = "day", .target = 1 };
	size_t n = trimmed(s, strlen(s));

	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		size_t left;
		int64_t count;

		if (!ends_with(s, n, endings[i].words))
			continue;
		left = trimmed(s, n - strlen(endings[i].words));
		count = count_before(pool, s, &left);
		if (endings[i].counted && !count)
			break; /* "30 min por dia" belongs to what is done */
		w.per = endings[i].per;
		w.target = count ? count : 1;
		w.said = true;
		n = left;
		break;
	}
	w.name = head(pool, line, s, n);
	return w;
}

const char *habit_often(struct req *req, const char *per, int64_t target)
{
	return tr(req->pool, req->lang, mem_fmt(req->pool, "habit.often.%s%s", per, target == 1 ? "" : "s"),
		  SLOT_I("n", target));
}
