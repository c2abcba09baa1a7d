#include "ml/stats/draw.h"
#include "tests/test.h"
#include <math.h>

/* Every way to draw, counted. */
static double counted(const struct draws *d, double reached)
{
	size_t ways = 1, as_much = 0;

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
		as_much += sum >= reached - 1e-9;
	}
	return (double)as_much / (double)ways;
}

TEST(the_tail_of_draws_is_what_counting_them_gives)
{
	const double v[] = { 0, 0, 1, 3, 2, 2, 0, 1, 5, 0, 4, 1, 1, 0,
			     0, 7, 2, 3, 1, 0, 0, 1, 0, 2, 6, 1, 3, 3 };
	const size_t size[] = { 4, 4, 4, 4, 4, 4, 4 };
	const struct draws d = { v, size, 7, 1 };

	for (double reached = 12; reached <= 28; reached++) {
		double real = counted(&d, reached), told = draw_tail(&d, reached);

		CHECK(told >= real * 0.9 - 1e-12 && told <= real * 1.15 + 1e-12);
	}
	CHECK(draw_tail(&d, 30) <= 0);
	CHECK(draw_tail(&d, 0) > 0.99);
	return NULL;
}

TEST(groups_of_one_size_or_another_and_broken_numbers)
{
	const double v[] = { 0.3, 1.7, 2.2, 0.1, 0.9, 4.1, 1.3, 1.3, 0.2,
			     2.8, 3.3, 0.4, 0.4, 1.1, 5.2, 0.7, 1.9 };
	const size_t size[] = { 3, 2, 4, 5, 3 };
	const struct draws d = { v, size, 5, 0 };

	CHECK(fabs(draw_tail(&d, 11) - counted(&d, 11)) < 0.03);
	CHECK(fabs(draw_tail(&d, 13) - counted(&d, 13)) < 0.01);
	/* The highest there is. */
	CHECK(fabs(draw_tail(&d, 2.2 + 4.1 + 2.8 + 5.2 + 1.9 - 1.9 + 5.2 - 5.2 + 1.9) - counted(&d, 16.2)) <
	      1e-9);
	return NULL;
}
