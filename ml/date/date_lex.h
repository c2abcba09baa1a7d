/* date_lex: text as tokens that the grammar of dates reads: words folded, numbers, punctuation.
 * Needs: text, i18n. Used by: date_part, date_words.
 * Letters and digits part ways ("14h30" is 14, h, 30); `glued` says that nothing stood between. */
#ifndef ML_DATE_DATE_LEX_H
#define ML_DATE_DATE_LEX_H

#include "core/i18n.h"
#include "core/mem.h"
#include <stdbool.h>

enum word_class {
	W_NUM = 1, /* value: the number */
	W_ORD,
	W_MONTH,   /* 1..12 */
	W_WDAY,    /* 1 Monday .. 7 */
	W_WDAYS,   /* in the plural */
	W_UNIT,    /* enum unit */
	W_REL_DAY, /* days from today, + 10 */
	W_POD,     /* enum pod */
	W_PODS,    /* in the plural */
	W_NOON,    /* hour */
	W_THIS,
	W_NEXT,
	W_LAST,
	W_EVERY,
	W_AND,
	W_TO,
	W_FROM,
	W_BETWEEN,
	W_AT,
	W_ON,
	W_OF,
	W_THE,
	W_IN,
	W_FOR,
	W_AGO,
	W_LATER,
	W_BEFORE,
	W_AFTER,
	W_NOW,
	W_AMPM, /* 0, 12 */
	W_HALF,
	W_QUARTER,
	W_BEGIN, /* of a span: 0 begin, 1 middle, 2 end */
	W_FEW,   /* how many that is */
	W_FREQ,  /* frequency * 100 + interval */
	W_ABOUT,
	W_BY,
	W_ORDINAL_NOUN, /* what makes "segunda" and "second" a number before it */
	W_STOP,         /* a word that never goes with a bare number or a shy word before it */
};
enum { W_SHY = 1 }; /* flag: also an ordinary word, which needs company to count */

enum unit {
	UNIT_SECOND,
	UNIT_MINUTE,
	UNIT_HOUR,
	UNIT_DAY,
	UNIT_WEEK,
	UNIT_MONTH,
	UNIT_YEAR,
	UNIT_WEEKEND,
	UNIT_QUARTER,
	UNIT_FORTNIGHT,
	UNIT_HALF,
	UNIT_BIMESTER,
	UNIT_WORKDAY
};
enum pod { POD_NONE, POD_MORNING, POD_AFTERNOON, POD_EVENING, POD_NIGHT, POD_DAWN, POD_LUNCH, POD_DAY };

struct word {
	const char *text;
	unsigned char class;
	unsigned char flags;
	short value;
};
/* Entries of a folded word, side by side; NULL when there is none. Sorted by text, see the unit test. */
const struct word *word_find(enum lang lang, const char *text, int *ret_count);
const struct word *word_table(enum lang lang, int *ret_count);

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_NUMBER, TOKEN_PUNCT };
struct token {
	enum token_kind kind;
	bool glued;   /* to the token before */
	bool blocked; /* a number that belongs to money, a percentage or a code */
	short n_words;
	int digits; /* of a number; value is -1 over 9 digits */
	int64_t value;
	const char *text; /* folded; one character for punctuation */
	const struct word *words;
	int begin, end; /* bytes of the original */
};

struct tokens {
	enum lang lang;
	int n;
	struct token *v; /* v[n] is TOKEN_END, and so are two more */
};
/* Valid UTF-8; longer than 16 KiB is read up to there. */
struct tokens tokens_read(apr_pool_t *pool, const char *text, enum lang lang);

#endif
