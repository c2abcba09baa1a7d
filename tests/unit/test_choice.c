#include "ml/insight/choice.h"
#include "tests/test.h"

TEST(draws_follow_what_was_tapped)
{
	int liked = 0, tried = 0;
	double sum = 0;

	for (uint64_t day = 0; day < 2000; day++) {
		double good = choice_draw(6, 1, choice_seed("a", day)),
		       bad = choice_draw(0, 6, choice_seed("b", day)),
		       new = choice_draw(0, 0, choice_seed("c", day));

		CHECK(good >= 0 && good <= 1);
		liked += good > bad;
		tried += new > good;
		sum += good;
	}
	CHECK(liked > 1900);
	CHECK(tried > 300 && tried < 1400);            /* what is new gets its turn */
	CHECK(sum / 2000 > 0.77 && sum / 2000 < 0.83); /* of Beta(8, 2): .8 */
	CHECK(choice_draw(1, 1, 5) == choice_draw(1, 1, 5));
	CHECK(choice_seed("a", 1) != choice_seed("a", 2) && choice_seed("a", 1) != choice_seed("b", 1));
	return NULL;
}
