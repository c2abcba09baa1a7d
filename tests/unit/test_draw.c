#include "ml/stats/draw.h"
#include "tests/test.h"
#include <math.h>

/* Every way to draw, counted; those that just reach it half. */
static double counted(const struct draws *d, double reached)
{
	size_t ways = 1;
	double as_much = 0;

	for (size_t g = 0; g < d->groups; g++)
		ways *= d->size[g];
	for (size_t way = 0; way < ways; way++) {
		const double *v = d->v;
		size_t left = way;
		double sum = 0;

		for (size_t g = 0; g < d->groups; v += d->size[g++]) {
			sum += v[left % d->size[g]];
			left /= d->size[g];
		}
		as_much += sum > reached + 1e-9 ? 1 : sum > reached - 1e-9 ? 0.5 : 0;
	}
	return as_much / (double)ways;
}

TEST(the_tail_of_draws_is_what_counting_them_gives)
{
	const double v[] = { 0, 0, 1, 3, 2, 2, 0, 1, 5, 0, 4, 1, 1, 0,
			     0, 7, 2, 3, 1, 0, 0, 1, 0, 2, 6, 1, 3, 3 };
	const size_t size[] = { 4, 4, 4, 4, 4, 4, 4 };
	const struct draws d = { v, size, 7 };

	for (double reached = 13; reached <= 26; reached++) {
		double real = counted(&d, reached), told = draw_tail(&d, reached);

		CHECK(told >= real * 0.8 && told <= real * 1.25);
	}
	CHECK(fabs(draw_tail(&d, 28) - counted(&d, 28)) < 1e-9); /* the highest there is */
	CHECK(draw_tail(&d, 29) <= 0);
	CHECK(draw_tail(&d, 0) > 0.99);
	return NULL;
}

TEST(groups_of_one_size_or_another_and_broken_numbers)
{
	const double v[] = { 0.3, 1.7, 2.2, 0.1, 0.9, 4.1, 1.3, 1.3, 0.2,
			     2.8, 3.3, 0.4, 0.4, 1.1, 5.2, 0.7, 1.9 };
	const size_t size[] = { 3, 2, 4, 5, 3 };
	const struct draws d = { v, size, 5 };

	CHECK(fabs(draw_tail(&d, 11) - counted(&d, 11)) < 0.03);
	CHECK(fabs(draw_tail(&d, 13) - counted(&d, 13)) < 0.01);
	return NULL;
}
