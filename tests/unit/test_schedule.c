#include "core/text.h"
#include "ml/insight/insight.h"
#include "ml/insight/schedule.h"
#include "tests/test.h"
#include <math.h>
#include <string.h>

/* Days in which nothing is noted. */
static struct days *blank(struct test *t, size_t n)
{
	struct days *d = days_new(t->pool);

	d->first = 20458; /* a Monday */
	d->n = d->cap = n;
	for (int k = 0; k < DAY_NUMBERS; k++) {
		d->v[k] = mem_alloc(t->pool, sizeof **d->v * n);
		for (size_t i = 0; i < n; i++)
			d->v[k][i] = NAN;
	}
	d->hours = mem_alloc(t->pool, sizeof *d->hours * n);
	return d;
}

/* Energy follows sleep until the `until`-th day, and nothing from there. */
static struct days *sleeper(struct test *t, size_t n, size_t until)
{
	struct days *d = blank(t, n);
	struct chance chance = { 77 };

	for (size_t i = 0; i < n; i++) {
		double sleep = 6 + (double)chance_below(&chance, 90) / 40,
		       noise = (double)chance_below(&chance, 90) / 40;

		d->v[DAY_SLEEP][i] = sleep;
		d->v[DAY_ENERGY][i] = 1 + (i < until ? sleep : 6) + noise / 2;
	}
	return d;
}

static const struct finding *finding_of(const struct schedule *s, const char *kind)
{
	for (size_t i = 0; i < s->findings_n; i++)
		if (text_same(s->findings[i].is.kind, kind))
			return &s->findings[i];
	return NULL;
}

static struct schedule *new_person(struct test *t)
{
	return MEM_NEW(t->pool, struct schedule);
}

TEST(all_looks_of_all_questions_spend_one_level)
{
	double looks = 0, core = 0, others = 0;

	for (int k = 0; k < 2000; k++) {
		looks += schedule_level(k);
		CHECK(k == 0 || schedule_level(k) < schedule_level(k - 1));
	}
	CHECK(looks <= SCHEDULE_LEVEL && looks > 0.999 * SCHEDULE_LEVEL && looks < 0.05);
	for (size_t i = 0; i < QUESTIONS; i++)
		*(questions[i].core ? &core : &others) += questions[i].weight;
	CHECK(fabs(core - 1) < 1e-9 && fabs(others - 1) < 1e-9);
	CHECK(question_find("best_weekday") && !question_find("best_month"));
	return NULL;
}

TEST(a_look_is_due_when_the_days_of_its_question_have_come)
{
	struct days *d = sleeper(t, 70, 70);
	struct schedule *s = new_person(t), before;

	d->v[DAY_SLEEP][3] = d->v[DAY_ENERGY][9] = NAN; /* two pairs less */
	CHECK(!schedule_is_due(s, d, 31) && schedule_is_due(s, d, 32));
	CHECK_INT(schedule_night(s, d, 31), 0);
	CHECK_INT(schedule_night(s, d, 32), 1);
	CHECK_TEXT(finding_of(s, "sleep_energy")->is.tier, "likely");
	CHECK_INT(finding_of(s, "sleep_energy")->news, NEWS_LIKELY);
	CHECK_INT(finding_of(s, "sleep_energy")->told, d->first + 31);
	CHECK_INT(s->looks[0], 1);
	/* The same night again, and those until the next look, bring nothing. */
	before = *s;
	CHECK_INT(schedule_night(s, d, 32), 0);
	CHECK_INT(finding_of(s, "sleep_energy")->news, NEWS_NONE);
	CHECK_INT(schedule_night(s, d, 61), 0);
	CHECK_INT(s->looks[0], before.looks[0]);
	CHECK_INT(schedule_night(s, d, 62), 1);
	CHECK_TEXT(finding_of(s, "sleep_energy")->is.tier, "confirmed");
	CHECK_INT(finding_of(s, "sleep_energy")->is.n, 60);
	CHECK_INT(s->findings_n, 1);
	return NULL;
}

TEST(the_same_state_and_days_give_the_same_answer)
{
	struct days *d = sleeper(t, 95, 95);
	struct schedule *a = new_person(t), *b = new_person(t);

	for (size_t n = 1; n <= 95; n++) {
		schedule_night(a, d, n);
		*b = *a;
		schedule_night(b, d, n); /* a second night on the same day changes nothing but the news */
		for (size_t i = 0; i < QUESTIONS; i++)
			CHECK_INT(a->looks[i], b->looks[i]);
		CHECK_INT(a->findings_n, b->findings_n);
	}
	for (size_t n = 1; n <= 95; n++)
		schedule_night(b, d, n); /* and neither do nights long past */
	CHECK_TEXT(finding_of(b, "sleep_energy")->is.tier, finding_of(a, "sleep_energy")->is.tier);
	CHECK_INT(b->looks[0], a->looks[0]);
	return NULL;
}

TEST(what_fails_twice_is_withdrawn_and_says_so)
{
	struct days *d = sleeper(t, 200, 32);
	struct schedule *s = new_person(t);

	schedule_night(s, d, 30);
	CHECK_INT(finding_of(s, "sleep_energy")->news, NEWS_LIKELY);
	schedule_night(s, d, 60);
	CHECK_INT(finding_of(s, "sleep_energy")->news, NEWS_FAILED);
	CHECK_TEXT(finding_of(s, "sleep_energy")->is.tier, "likely");
	schedule_night(s, d, 90);
	CHECK_INT(finding_of(s, "sleep_energy")->news, NEWS_WITHDRAWN);
	CHECK_TEXT(finding_of(s, "sleep_energy")->is.tier, "withdrawn");
	return NULL;
}

TEST(days_that_are_taken_away_bring_no_second_look)
{
	struct days *d = sleeper(t, 100, 100);
	struct schedule *s = new_person(t);

	schedule_night(s, d, 65);
	CHECK_INT(s->looks[0], 2);
	for (size_t i = 0; i < 40; i++)
		d->v[DAY_SLEEP][i] = NAN;
	CHECK(!schedule_is_due(s, d, 100));
	schedule_night(s, d, 100);
	CHECK_INT(s->looks[0], 2);
	return NULL;
}

TEST(looks_that_are_passed_over_leave_their_share)
{
	/* Three years come at once: one look, with all that was not spent. */
	struct days *d = sleeper(t, 1095, 1095);
	struct schedule *s = new_person(t);

	schedule_night(s, d, 1095);
	CHECK_INT(s->looks[0], 36);
	CHECK(!schedule_is_due(s, d, 1095));
	CHECK_TEXT(finding_of(s, "sleep_energy")->is.tier, "likely");
	return NULL;
}

TEST(gaps_let_a_look_wait)
{
	struct days *d = sleeper(t, 120, 120);
	struct schedule *s = new_person(t);

	for (size_t i = 0; i < 120; i++)
		if (i % 2)
			d->v[DAY_SLEEP][i] = NAN; /* half of the days: below the coverage */
	schedule_night(s, d, 100);
	CHECK_INT(s->looks[0], 0);
	CHECK_INT(s->findings_n, 0);
	return NULL;
}

TEST(a_peak_is_held_by_its_own_hour)
{
	struct days *d = blank(t, 150);
	struct chance chance = { 5 };
	struct schedule *s = new_person(t);

	for (size_t i = 0; i < 150; i++) {
		for (int k = 0; k < 5; k++)
			d->hours[i][8 + chance_below(&chance, 12)]++;
		d->hours[i][i < 70 ? 10 : 15]++;
	}
	schedule_night(s, d, 30);
	CHECK_TEXT(finding_of(s, "peak_hour")->is.detail, "10");
	schedule_night(s, d, 60);
	CHECK_TEXT(finding_of(s, "peak_hour")->is.tier, "confirmed");
	schedule_night(s, d, 120);
	CHECK(finding_of(s, "peak_hour")->failed > 0 || finding_of(s, "peak_hour")->news == NEWS_HELD);
	return NULL;
}

TEST(what_is_missing_names_what_to_note)
{
	struct days *d = sleeper(t, 21, 21);
	struct missing m[QUESTIONS];

	schedule_missing(d, 21, m);
	CHECK_TEXT(m[0].question->kind, "sleep_energy");
	CHECK_INT(m[0].has, 21);
	CHECK_INT(m[0].lacks, 9);
	CHECK_TEXT(m[0].question->note[0], "sleep");
	CHECK_TEXT(m[0].question->note[1], "energy");
	CHECK_INT(m[QUESTIONS - 1].lacks, 30);
	return NULL;
}
