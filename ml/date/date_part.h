/* date_part: what one phrase of a date says, and the grammar's functions that read one.
 * Needs: date_lex, date_civil. Used by: ml/date.
 * A reader takes the index of a token and gives the index after its phrase, or 0 when there is none
 * there; *ret_part is touched only then. Readers of the same part of the grammar share a file. */
#ifndef ML_DATE_DATE_PART_H
#define ML_DATE_DATE_PART_H

#include "ml/date/date_civil.h"
#include "ml/date/date_lex.h"

enum part_has {
	HAS_DAY = 1,
	HAS_DAY2 = 2, /* day to day2 */
	HAS_SPAN = 4, /* days [a, b): weeks, quarters */
	HAS_TIME = 8,
	HAS_TIME2 = 16, /* tod to tod2 */
	HAS_POD = 32,
	HAS_LENGTH = 64,
	HAS_SET = 128,
	HAS_AT = 256,      /* the instant at */
	HAS_AT_SPAN = 512, /* instants [at, at2) */
	HAS_DEADLINE = 1024,
	HAS_DAY_END = 2048, /* the last second of the day */
	HAS_WEAK = 4096,    /* counts only beside something else */
};

/* What is known of a day; 0 is unknown. A month or a year alone has no d. */
struct day {
	int y, m, d, wd;
	bool known;  /* n is the day; wd says that a weekday gave it */
	bool either; /* d and m could as well be the other way round */
	int64_t n;
};

struct tod {
	int s;     /* seconds of the day */
	bool open; /* 1..12 without am or pm */
	bool h24;  /* "7h": the morning's unless a part of the day says otherwise */
	bool bare; /* a naked number, which only company makes a time */
};

struct length {
	int64_t months, days;
	double seconds;
	bool clock; /* says hours, minutes or seconds */
};

enum { SET_HOURLY = 4 };
struct set {
	int freq; /* 0 daily, 1 weekly, 2 monthly, 3 yearly, SET_HOURLY */
	int interval;
	unsigned weekdays; /* bit 1 Monday .. 7 */
	int nth;           /* with weekdays, monthly: first, second .. -1 last */
	int month, month_day;
};

struct part {
	unsigned has;
	struct day day, day2;
	int64_t span_a, span_b;
	struct tod tod, tod2;
	enum pod pod;
	struct length length;
	struct set set;
	int64_t at, at2;
};

struct scan {
	const struct token *v;
	int n;
	enum lang lang;
	int64_t ref;   /* wall seconds */
	int64_t today; /* its day */
	int y, m, d;   /* its date */
};

struct number {
	double value;
	int whole;
	int digits; /* how many were typed; 0: in words */
	bool ordinal;
	bool fraction;
};

/* date_match.c: single tokens and numbers. */
bool is_text(const struct scan *s, int i, const char *text);
bool is_texts(const struct scan *s, int i, const char *first, const char *second);
/* The word at i as one of the class; *ret_value may be NULL. */
bool is_word(const struct scan *s, int i, enum word_class class, int *ret_value);
bool is_shy(const struct scan *s, int i, enum word_class class);
int skip_words(const struct scan *s, int i, enum word_class class);
/* A number from 0 up in digits or words, or an ordinal; no fraction. */
int number_read(const struct scan *s, int i, struct number *ret);
/* Also "3,5", "1/2", "half a", "a few". */
int amount_read(const struct scan *s, int i, struct number *ret);
/* A year in four digits, words, or (with two_digits) '16. */
int year_read(const struct scan *s, int i, bool two_digits, int *ret_year);
/* Nothing is glued to the number at i but what a number may stand beside. */
bool number_starts(const struct scan *s, int i);
bool number_ends(const struct scan *s, int next);
/* A shy word counts after a preposition, beside a number, or alone. */
bool has_company(const struct scan *s, int i, int next);

/* date_time.c */
int time_read(const struct scan *s, int i, struct part *ret);
struct date_found;
/* Notes in found the other start that the part may mean, if there is one. */
void other_reading(const struct scan *s, const struct part *part, struct date_found *found);

int pod_read(const struct scan *s, int i, struct part *ret);
void pod_apply(enum pod pod, struct tod *tod);
void pod_range(enum pod pod, int *ret_from, int *ret_to);

/* date_numeric.c, date_holiday.c */
int numeric_read(const struct scan *s, int i, struct part *ret);
int holiday_read(const struct scan *s, int i, struct part *ret);

/* date_month.c: days beside their month, and months. */
int month_day_read(const struct scan *s, int i, struct part *ret);
/* A day of the month as a number: "5", "5th", "twenty-first", "um". */
int mday_number(const struct scan *s, int i, struct number *ret);

/* date_span.c: weeks, months, quarters, years, and what is counted or cut out of them. */
int span_read(const struct scan *s, int i, struct part *ret);
int nth_read(const struct scan *s, int i, struct part *ret);
enum { THIRD_BEGIN, THIRD_MIDDLE, THIRD_END }; /* values of W_BEGIN */
struct edge {
	int third;
	bool rest; /* "the rest of" */
};
/* "fim do", "the end of", "rest of": what comes before the whole. */
int edge_read(const struct scan *s, int i, struct edge *ret);
/* The whole after it: a calendar unit, a month, a year. */
int whole_read(const struct scan *s, int i, struct part *ret);

/* date_day.c: one day, said in any way. */
int day_read(const struct scan *s, int i, struct part *ret);

/* date_length.c: durations and what is counted from a day. */
int counted_read(const struct scan *s, int i, struct part *ret);
int for_read(const struct scan *s, int i, struct part *ret);
double length_seconds(const struct length *length);

/* date_set.c */
int set_read(const struct scan *s, int i, struct part *ret);
const char *set_rrule(apr_pool_t *pool, const struct set *set);
/* First day from `from` on. */
int64_t set_first(const struct set *set, int64_t from);

/* date_range.c */
int range_read(const struct scan *s, int i, struct part *ret);

/* date_merge.c: sets *into to both; false, and into as it was, when they do not go together. */
bool part_merge(struct part *into, const struct part *more);

/* date_join.c: phrases that go together. */
int phrase_read(const struct scan *s, int i, struct part *ret);

/* date_resolve.c: days that are still partly unknown, resolved to the future. */
bool day_resolve(const struct scan *s, const struct day *day, int64_t from, int64_t *ret_day,
		 int64_t *ret_after);
bool day_range(const struct scan *s, struct part *part, int64_t *ret_a, int64_t *ret_b);

#endif
