#include "tests/unit/guard_corpus.h"

#include "core/clock.h"
#include "core/text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPEN "⟦"
#define CLOSE "⟧"

enum { MARKS_MAX = 8, TIMES = 20 };

static const char usual[] =
	"Oi! Amanhã às 14h30 tenho reunião com a Ana na Av. Paulista 1578, 10º andar; me lembra uma hora antes e anota que "
	"o orçamento ficou em R$ 1.234,56 para 12 pessoas. Se eu atrasar, avisa ela, por favor.";

/* A case without its escapes and marks; marks are bytes [from, to) of the text. */
struct guard_case {
	const char *text;
	size_t from[MARKS_MAX], to[MARKS_MAX];
	int marks;
};

static NODISCARD err_t *read_case(apr_pool_t *pool, const char *line, struct guard_case *ret)
{
	const char *s = strchr(line, '\t');
	struct buf b = buf_new(pool, 1 << 16);

	*ret = (struct guard_case){ .marks = 0 };
	if (!s)
		return err_new(ERR_INVALID, "a case without a language: \"%s\"", line);
	for (s++; *s && *s != '\n'; s++) {
		if (*s == '\\' && (s[1] == 'n' || s[1] == 't')) {
			buf_char(&b, *++s == 'n' ? '\n' : '\t');
		} else if (strncmp(s, OPEN, strlen(OPEN)) == 0 && ret->marks < MARKS_MAX) {
			ret->from[ret->marks] = b.n;
			s += strlen(OPEN) - 1;
		} else if (strncmp(s, CLOSE, strlen(CLOSE)) == 0) {
			ret->to[ret->marks++] = b.n;
			s += strlen(CLOSE) - 1;
		} else {
			buf_char(&b, *s);
		}
	}
	ret->text = b.p ? b.p : "";
	return NULL;
}

/* Whether a letter or digit of what is marked is in none of the spans found. */
static bool leaks(apr_pool_t *pool, const struct guard_case *c, bool *ret_any)
{
	struct guard_view v = guard_fold(pool, c->text);
	struct guard_span span;
	size_t pos = 0;
	char *hidden = mem_alloc(pool, v.n + 1);

	*ret_any = false;
	while (guard_scan(&v, false, &pos, &span)) {
		*ret_any = true;
		memset(hidden + span.from, 1, span.kind ? span.to - span.from : 0);
	}
	for (size_t i = 0; i < v.n; i++)
		for (int k = 0; k < c->marks; k++)
			if (v.begin[i] >= c->from[k] && v.begin[i] < c->to[k] && guard_alnum(v.c[i]) &&
			    !hidden[i])
				return true;
	return false;
}

static NODISCARD err_t *timed_mask(apr_pool_t *pool, const char *text, double *ret_us)
{
	int64_t began = clock_mono_us();

	for (int i = 0; i < TIMES; i++) {
		apr_pool_t *own = pool_child(pool);
		const char *masked;

		ERR(guard_mask(guard_new(own, "0123456789abcdef", PRIVACY_MASK), text, &masked));
		pool_free(own);
	}
	*ret_us = (double)(clock_mono_us() - began) / TIMES;
	return NULL;
}

static NODISCARD err_t *score_case(apr_pool_t *pool, const char *line, bool misses, struct guard_score *score)
{
	struct guard_case c;
	bool any, leak;
	double us;

	ERR(read_case(pool, line, &c));
	leak = leaks(pool, &c, &any);
	score->personal += c.marks > 0;
	score->harmless += c.marks == 0;
	score->masked += c.marks && !leak;
	score->touched += !c.marks && any;
	if (misses && (c.marks ? leak : any))
		printf("%s %s", c.marks ? "LEAKS " : "TOUCHES", line);
	ERR(timed_mask(pool, c.text, &us));
	score->us_message += us;
	return NULL;
}

err_t *guard_corpus_score(apr_pool_t *pool, const char *file, bool misses, struct guard_score *ret)
{
	char *line = NULL;
	size_t cap = 0;
	FILE *in = fopen(file, "r");
	err_t *err = NULL;

	if (!in)
		return err_new(ERR_INVALID, "cannot read \"%s\"", file);
	*ret = (struct guard_score){ 0 };
	while (!err && getline(&line, &cap, in) > 0) {
		apr_pool_t *own = pool_child(pool);

		err = score_case(own, line, misses, ret);
		pool_free(own);
	}
	free(line);
	fclose(in);
	ERR(err);
	ret->us_message /= ret->personal + ret->harmless ? ret->personal + ret->harmless : 1;
	return timed_mask(pool, usual, &ret->us_usual);
}
