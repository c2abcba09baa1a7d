#include "ml/insight/schedule.h"

#include "core/text.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FAILS = 2 };

double schedule_level(int k)
{
	static const double share[] = { 0.3, 0.25, 0.2 };
	double after = k - 2;

	if (k < 3)
		return SCHEDULE_LEVEL * share[k];
	return SCHEDULE_LEVEL * 0.25 / (after * (after + 1)); /* 1/2 + 1/6 + 1/12 + ... = 1 */
}

/* How many looks there have been when these count. */
static int looks_of(const struct question *q, const struct days *days, size_t n)
{
	return (int)(question_pairs(q, days, n) / SCHEDULE_STEP);
}

bool schedule_is_due(const struct schedule *s, const struct days *days, size_t n)
{
	for (size_t i = 0; i < QUESTIONS; i++)
		if (looks_of(&questions[i], days, n) > s->looks[i])
			return true;
	return false;
}

/* --- findings --- */

static bool is_living(const struct finding *f)
{
	return !text_same(f->is.tier, "withdrawn");
}

static struct finding *living_find(struct schedule *s, const char *kind)
{
	for (size_t i = 0; i < s->findings_n; i++)
		if (is_living(&s->findings[i]) && text_same(s->findings[i].is.kind, kind))
			return &s->findings[i];
	return NULL;
}

/* Room for one more: that of the same that was withdrawn, or a new one, or that of the oldest that was withdrawn. */
static struct finding *room_for(struct schedule *s, const struct insight *is)
{
	struct finding *oldest = NULL;

	for (size_t i = 0; i < s->findings_n; i++) {
		struct finding *f = &s->findings[i];

		if (is_living(f))
			continue;
		if (text_same(f->is.kind, is->kind) && f->is.lag == is->lag &&
		    text_same(f->is.detail, is->detail))
			return f;
		if (!oldest || f->told < oldest->told)
			oldest = f;
	}
	return s->findings_n < FINDINGS_MAX ? &s->findings[s->findings_n++] : oldest;
}

/* --- a look at one question --- */

struct night {
	apr_pool_t *pool;
	const struct days *days;
	size_t n, news;
	struct schedule *s;
};

static void tell(struct night *night, struct finding *f, enum finding_news news, const char *tier)
{
	f->news = news;
	if (tier)
		f->is.tier = tier;
	night->news++;
}

/* The numbers of all days, where the same is still what they say. */
static void renew(struct finding *f, const struct answer *answers, size_t n)
{
	const char *tier = f->is.tier;

	for (size_t i = 0; i < n; i++)
		if (answers[i].found.lag == f->is.lag && text_same(answers[i].found.detail, f->is.detail)) {
			double q = f->is.q;

			f->is = answers[i].found;
			f->is.q = q;
		}
	f->is.tier = tier;
}

static void hold(struct night *night, const struct question *q, struct finding *f,
		 const struct answer *answers, size_t n)
{
	int64_t from = f->told + 1 - night->days->first;
	double p = question_holds(night->pool, q, night->days, from > 0 ? (size_t)from : 0, night->n, &f->is);

	if (isnan(p))
		return;
	if (p > SCHEDULE_HOLDS) {
		f->failed++;
		tell(night, f, f->failed < FAILS ? NEWS_FAILED : NEWS_WITHDRAWN,
		     f->failed < FAILS ? NULL : "withdrawn");
		return;
	}
	f->failed = 0;
	renew(f, answers, n);
	tell(night, f, text_same(f->is.tier, "likely") ? NEWS_CONFIRMED : NEWS_HELD, "confirmed");
}

/* The test of the question that says most, when the level lets it through. */
static void find(struct night *night, const struct answer *answers, size_t n, double level)
{
	const struct answer *best = NULL;
	struct finding *f;

	for (size_t i = 0; i < n; i++)
		if (!best || answers[i].p / answers[i].weight < best->p / best->weight)
			best = &answers[i];
	if (!best || best->p > level * best->weight)
		return;
	f = room_for(night->s, &best->found);
	if (!f)
		return;
	*f = (struct finding){ .is = best->found, .told = night->days->first + (int64_t)night->n - 1 };
	f->is.q = fmin(best->p / best->weight * SCHEDULE_LEVEL / level, 1);
	tell(night, f, NEWS_LIKELY, "likely");
}

/* Takes all looks of questions[i] up to the k-th as one. */
static void look(struct night *night, size_t i, int k)
{
	const struct question *q = &questions[i];
	struct answer answers[QUESTION_LAGS];
	struct finding *f;
	size_t n = question_answer(night->pool, q, night->days, 0, night->n, answers);
	double level = 0;

	if (!n) /* gaps: its look waits */
		return;
	while (night->s->looks[i] < k)
		level += schedule_level(night->s->looks[i]++);
	level *= q->core ? INSIGHT_CORE : 1 - INSIGHT_CORE;
	f = living_find(night->s, q->kind);
	if (f)
		hold(night, q, f, answers, n);
	else
		find(night, answers, n, level);
}

/* k: 0 for whatever is due. */
static size_t look_all(struct schedule *s, const struct days *days, size_t n, int k)
{
	struct night night = { NULL, days, n < days->n ? n : days->n, 0, s };

	for (size_t i = 0; i < s->findings_n; i++)
		s->findings[i].news = NEWS_NONE;
	if (!k && !schedule_is_due(s, days, n))
		return 0;
	night.pool = pool_child(days->pool);
	for (size_t i = 0; i < QUESTIONS; i++) {
		int due = k ? k : looks_of(&questions[i], days, n);

		if (due > s->looks[i])
			look(&night, i, due);
	}
	pool_free(night.pool);
	return night.news;
}

size_t schedule_night(struct schedule *s, const struct days *days, size_t n)
{
	return look_all(s, days, n, 0);
}

size_t schedule_look(struct schedule *s, const struct days *days, size_t n, int k)
{
	return k > 0 ? look_all(s, days, n, k) : 0;
}

/* --- what is missing --- */

static int by_lack(const void *a, const void *b)
{
	const struct missing *l = a, *r = b;

	if (l->lacks != r->lacks)
		return l->lacks < r->lacks ? -1 : 1;
	return (l->question > r->question) - (l->question < r->question);
}

void schedule_missing(const struct days *days, size_t n, struct missing ret[QUESTIONS])
{
	for (size_t i = 0; i < QUESTIONS; i++) {
		size_t has = question_pairs(&questions[i], days, n);

		ret[i] =
			(struct missing){ &questions[i], has, has < SCHEDULE_STEP ? SCHEDULE_STEP - has : 0 };
	}
	qsort(ret, QUESTIONS, sizeof *ret, by_lack);
}
