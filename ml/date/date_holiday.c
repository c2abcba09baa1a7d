#include "ml/date/date_part.h"

#include <string.h>

/* Names without "dia de/do/da", "day", articles and apostrophes, which are skipped on both sides.
 * month > 0: that date; month 0: day counts from Easter; nth: weekday number nth of the month. */
struct holiday {
	enum lang lang;
	const char *name;
	int month, day;
	int weekday, nth;
	bool needs_day; /* "independência" alone is a word */
};
static const struct holiday holidays[] = {
	{ LANG_PT, "natal", 12, 25, 0, 0, false },
	{ LANG_PT, "vespera de natal", 12, 24, 0, 0, false },
	{ LANG_PT, "ano novo", 1, 1, 0, 0, false },
	{ LANG_PT, "vespera de ano novo", 12, 31, 0, 0, false },
	{ LANG_PT, "reveillon", 1, 1, 0, 0, false },
	{ LANG_PT, "confraternizacao universal", 1, 1, 0, 0, false },
	{ LANG_PT, "reis", 1, 6, 0, 0, true },
	{ LANG_PT, "mulher", 3, 8, 0, 0, true },
	{ LANG_PT, "mulheres", 3, 8, 0, 0, true },
	{ LANG_PT, "mentira", 4, 1, 0, 0, true },
	{ LANG_PT, "tiradentes", 4, 21, 0, 0, false },
	{ LANG_PT, "trabalho", 5, 1, 0, 0, true },
	{ LANG_PT, "trabalhador", 5, 1, 0, 0, true },
	{ LANG_PT, "namorados", 6, 12, 0, 0, true },
	{ LANG_PT, "sao joao", 6, 24, 0, 0, false },
	{ LANG_PT, "independencia", 9, 7, 0, 0, true },
	{ LANG_PT, "nossa senhora aparecida", 10, 12, 0, 0, false },
	{ LANG_PT, "criancas", 10, 12, 0, 0, true },
	{ LANG_PT, "crianca", 10, 12, 0, 0, true },
	{ LANG_PT, "professor", 10, 15, 0, 0, true },
	{ LANG_PT, "halloween", 10, 31, 0, 0, false },
	{ LANG_PT, "bruxas", 10, 31, 0, 0, true },
	{ LANG_PT, "finados", 11, 2, 0, 0, false },
	{ LANG_PT, "proclamacao republica", 11, 15, 0, 0, false },
	{ LANG_PT, "consciencia negra", 11, 20, 0, 0, false },
	{ LANG_PT, "maes", 5, 0, 7, 2, true },
	{ LANG_PT, "pais", 8, 0, 7, 2, true },
	{ LANG_PT, "black friday", 11, 0, 4, 4, false },
	{ LANG_PT, "carnaval", 0, -47, 0, 0, false },
	{ LANG_PT, "quarta feira cinzas", 0, -46, 0, 0, false },
	{ LANG_PT, "domingo ramos", 0, -7, 0, 0, false },
	{ LANG_PT, "sexta feira santa", 0, -2, 0, 0, false },
	{ LANG_PT, "sexta santa", 0, -2, 0, 0, false },
	{ LANG_PT, "pascoa", 0, 0, 0, 0, false },
	{ LANG_PT, "corpus christi", 0, 60, 0, 0, false },
	{ LANG_EN, "christmas eve", 12, 24, 0, 0, false },
	{ LANG_EN, "xmas eve", 12, 24, 0, 0, false },
	{ LANG_EN, "christmas", 12, 25, 0, 0, false },
	{ LANG_EN, "xmas", 12, 25, 0, 0, false },
	{ LANG_EN, "boxing", 12, 26, 0, 0, true },
	{ LANG_EN, "new years eve", 12, 31, 0, 0, false },
	{ LANG_EN, "new year s eve", 12, 31, 0, 0, false },
	{ LANG_EN, "new years", 1, 1, 0, 0, false },
	{ LANG_EN, "new year s", 1, 1, 0, 0, false },
	{ LANG_EN, "new year", 1, 1, 0, 0, false },
	{ LANG_EN, "martin luther king s", 1, 0, 1, 3, false },
	{ LANG_EN, "martin luther kings", 1, 0, 1, 3, false },
	{ LANG_EN, "martin luther king", 1, 0, 1, 3, false },
	{ LANG_EN, "mlk", 1, 0, 1, 3, true },
	{ LANG_EN, "groundhog", 2, 2, 0, 0, true },
	{ LANG_EN, "valentine s", 2, 14, 0, 0, false },
	{ LANG_EN, "valentines", 2, 14, 0, 0, false },
	{ LANG_EN, "presidents", 2, 0, 1, 3, true },
	{ LANG_EN, "saint patrick s", 3, 17, 0, 0, false },
	{ LANG_EN, "st patrick s", 3, 17, 0, 0, false },
	{ LANG_EN, "st patricks", 3, 17, 0, 0, false },
	{ LANG_EN, "april fools", 4, 1, 0, 0, false },
	{ LANG_EN, "april fool s", 4, 1, 0, 0, false },
	{ LANG_EN, "earth", 4, 22, 0, 0, true },
	{ LANG_EN, "labor", 9, 0, 1, 1, true },
	{ LANG_EN, "labour", 5, 1, 0, 0, true },
	{ LANG_EN, "may", 5, 1, 0, 0, true },
	{ LANG_EN, "international workers", 5, 1, 0, 0, false },
	{ LANG_EN, "workers", 5, 1, 0, 0, true },
	{ LANG_EN, "mother s", 5, 0, 7, 2, true },
	{ LANG_EN, "mothers", 5, 0, 7, 2, true },
	{ LANG_EN, "father s", 6, 0, 7, 3, true },
	{ LANG_EN, "fathers", 6, 0, 7, 3, true },
	{ LANG_EN, "memorial", 5, 0, 1, -1, true },
	{ LANG_EN, "juneteenth", 6, 19, 0, 0, false },
	{ LANG_EN, "independence", 7, 4, 0, 0, true },
	{ LANG_EN, "columbus", 10, 0, 1, 2, true },
	{ LANG_EN, "halloween", 10, 31, 0, 0, false },
	{ LANG_EN, "veterans", 11, 11, 0, 0, true },
	{ LANG_EN, "thanksgiving", 11, 0, 4, 4, false },
	{ LANG_EN, "black friday", 11, 1, 4, 4, false },
	{ LANG_EN, "cyber monday", 11, 4, 4, 4, false },
	{ LANG_EN, "ash wednesday", 0, -46, 0, 0, false },
	{ LANG_EN, "palm sunday", 0, -7, 0, 0, false },
	{ LANG_EN, "maundy thursday", 0, -3, 0, 0, false },
	{ LANG_EN, "good friday", 0, -2, 0, 0, false },
	{ LANG_EN, "easter monday", 0, 1, 0, 0, false },
	{ LANG_EN, "easter", 0, 0, 0, 0, false },
	{ LANG_EN, "ascension", 0, 39, 0, 0, true },
	{ LANG_EN, "whit sunday", 0, 49, 0, 0, false },
	{ LANG_EN, "pentecost", 0, 49, 0, 0, false },
	{ LANG_EN, "trinity sunday", 0, 56, 0, 0, false },
	{ LANG_EN, "corpus christi", 0, 60, 0, 0, false },
};

static bool holiday_in(const struct holiday *holiday, int y, int64_t *ret_day)
{
	if (!holiday->month) {
		*ret_day = civil_easter(y) + holiday->day;
		return true;
	}
	if (!holiday->weekday) {
		*ret_day = civil_days(y, holiday->month, holiday->day);
		return true;
	}
	if (!civil_nth(y, holiday->month, holiday->weekday, holiday->nth, ret_day))
		return false;
	*ret_day += holiday->day;
	return true;
}

static int skip_day_of(const struct scan *s, int i, bool *ret_day)
{
	*ret_day = s->lang == LANG_PT && (is_text(s, i, "dia") || is_text(s, i, "feriado"));
	if (!*ret_day)
		return i;
	i++;
	return is_word(s, i, W_OF, NULL) ? i + 1 : i;
}

/* The words of the name from token i on, with "de", "da", "-" and "'" between them. */
static int name_read(const struct scan *s, int i, const char *name)
{
	for (;;) {
		size_t n = strcspn(name, " ");

		if (i >= s->n || strncmp(s->v[i].text, name, n) != 0 || s->v[i].text[n])
			return 0;
		i++;
		if (!name[n])
			return i;
		name += n + 1;
		while (is_text(s, i, "-") || is_text(s, i, "'") ||
		       (s->lang == LANG_PT && is_word(s, i, W_OF, NULL) && strncmp(name, "de ", 3) != 0))
			i++;
	}
}

static int day_word_after(const struct scan *s, int i)
{
	if (is_texts(s, i, "'", "s"))
		i += 2;
	else if (is_text(s, i, "'"))
		i++;
	return is_text(s, i, "day") ? i + 1 : 0;
}

int holiday_read(const struct scan *s, int i, struct part *ret)
{
	int modifier = 0, from = i, best = 0, year;
	const struct holiday *found = NULL;
	bool day;

	if (is_word(s, from, W_THE, NULL))
		from++;
	if (is_word(s, from, W_NEXT, NULL) || is_word(s, from, W_THIS, NULL))
		from++;
	else if (is_word(s, from, W_LAST, NULL))
		modifier = -1, from++;
	from = skip_day_of(s, from, &day);
	if (s->lang == LANG_EN && is_word(s, from, W_THE, NULL))
		from++;
	for (size_t k = 0; k < sizeof holidays / sizeof *holidays; k++) {
		const struct holiday *holiday = &holidays[k];

		if (holiday->lang != s->lang || s->v[from].kind != TOKEN_WORD ||
		    *s->v[from].text != *holiday->name)
			continue;
		int next = name_read(s, from, holiday->name);
		int after = next ? day_word_after(s, next) : 0;

		if (!next || (holiday->needs_day && !day && !after))
			continue;
		if ((after ? after : next) > best) {
			best = after ? after : next;
			found = holiday;
		}
	}
	if (!found)
		return 0;

	int64_t n;
	int after = is_word(s, best, W_OF, NULL) ? best + 1 : best;
	bool this_year = is_texts(s, after, "this", "year") || is_texts(s, after, "este", "ano") ||
			 is_texts(s, after, "deste", "ano");

	after = this_year ? 0 : year_read(s, after, false, &year);
	if (!after)
		year = s->y + (is_texts(s, best, "do", "ano") && is_texts(s, best + 2, "que", "vem") ? 1 : 0);
	if (!holiday_in(found, year, &n))
		return 0;
	if (!after && !this_year && year == s->y && (modifier < 0 ? n >= s->today : n < s->today))
		holiday_in(found, year + (modifier < 0 ? -1 : 1), &n);
	*ret = (struct part){ .has = HAS_DAY, .day = { .known = true, .n = n } };
	if (this_year)
		return best + (is_word(s, best, W_OF, NULL) ? 3 : 2);
	return after ? after : year == s->y ? best : best + 4;
}
