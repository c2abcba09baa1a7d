#include "ml/date/date_part.h"

#include <string.h>

/* A naked hour beside a day: "9 tomorrow", "amanhã 9", not "amanhã 3 reuniões". */
static bool weak_fits(const struct scan *s, int next, const struct part *part)
{
	if (!(part->has & HAS_TIME) || !part->tod.bare)
		return true;
	if (next >= s->n || s->v[next].kind == TOKEN_PUNCT)
		return true;
	return s->v[next].n_words && !is_word(s, next, W_UNIT, NULL) && !is_word(s, next, W_AND, NULL) &&
	       !is_word(s, next, W_THE, NULL);
}

/* One phrase: the longest reading of any kind. Sets and ranges win over what they begin with. */
static int item_read(const struct scan *s, int i, bool first, struct part *ret)
{
	static int (*const readers[])(const struct scan *, int, struct part *) = {
		set_read, range_read, counted_read, day_read, time_read, pod_read, for_read,
	};
	struct part part;
	int best = 0;

	for (size_t k = 0; k < sizeof readers / sizeof *readers; k++) {
		int next = readers[k](s, i, &part);

		if (next <= best || (next == best && !(part.has & HAS_WEAK)))
			continue;
		if (!first && (part.has & HAS_WEAK) && !weak_fits(s, next, &part))
			continue;
		best = next;
		*ret = part;
	}
	if (best && (ret->has & HAS_LENGTH) && !(ret->has & ~(unsigned)(HAS_LENGTH | HAS_WEAK)) && !first &&
	    !is_word(s, i, W_FOR, NULL) && i > 0 && !is_text(s, i - 1, ",") && !is_text(s, i - 1, "-"))
		return best;
	return best;
}

/* What may stand between two phrases of one reading. */
static int glue(const struct scan *s, int i)
{
	int next = i;

	if (is_text(s, next, ",") || is_text(s, next, "-") ||
	    (is_text(s, next, ".") && !s->v[next + 1].glued) || is_text(s, next, "@") ||
	    is_text(s, next, "("))
		next++;
	if (is_text(s, next, "o") && is_text(s, next + 1, "no"))
		next++;
	while (next < s->n && next < i + 4 &&
	       (is_word(s, next, W_ON, NULL) || is_word(s, next, W_OF, NULL) ||
		is_word(s, next, W_THE, NULL) || is_word(s, next, W_ABOUT, NULL) ||
		is_word(s, next, W_FROM, NULL) || is_word(s, next, W_AT, NULL) ||
		is_texts(s, next, "a", "partir")))
		next++;
	return next;
}

/* Tries to read a phrase after each length of glue, the shortest glue first: prepositions may belong to it. */
static int more_read(const struct scan *s, int i, struct part *acc)
{
	int last = glue(s, i);
	struct part part;

	for (int from = i; from <= last; from++) {
		struct part both = *acc;
		int next = item_read(s, from, false, &part);

		if (next && part_merge(&both, &part)) {
			*acc = both;
			return next;
		}
	}
	return 0;
}

int phrase_read(const struct scan *s, int i, struct part *ret)
{
	struct part part;
	bool deadline = is_word(s, i, W_BY, NULL);
	int from = i + deadline, next;

	if (s->lang == LANG_PT && deadline &&
	    (is_word(s, from, W_THE, NULL) && !is_word(s, from, W_AT, NULL)))
		from++;
	next = item_read(s, from, true, &part);
	if (!next)
		return 0;
	for (int after; next < s->n && (after = more_read(s, next, &part));)
		next = after;
	if (deadline && !(part.has & (HAS_SET | HAS_LENGTH | HAS_DAY2 | HAS_TIME2 | HAS_AT_SPAN)))
		part.has |= HAS_DEADLINE;
	*ret = part;
	return next;
}
