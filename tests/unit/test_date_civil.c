#include "ml/date/date_civil.h"
#include "tests/test.h"

TEST(days_count_from_1970)
{
	int y, m, d;

	CHECK_INT(civil_days(1970, 1, 1), 0);
	CHECK_INT(civil_days(2000, 3, 1), 11017);
	for (int64_t day = -200000; day < 200000; day += 37) {
		civil_of(day, &y, &m, &d);
		CHECK(civil_valid(y, m, d));
		CHECK_INT(civil_days(y, m, d), day);
	}
	CHECK_INT(civil_weekday(civil_days(2026, 11, 21)), 6);
	return NULL;
}

TEST(months_end_where_they_end)
{
	int64_t day;

	CHECK_INT(civil_add_months(civil_days(2027, 1, 31), 1), civil_days(2027, 2, 28));
	CHECK_INT(civil_add_months(civil_days(2027, 3, 31), -13), civil_days(2026, 2, 28));
	CHECK(civil_nth(2026, 11, 1, -1, &day));
	CHECK_INT(day, civil_days(2026, 11, 30));
	CHECK(!civil_nth(2026, 11, 2, 5, &day));
	return NULL;
}

TEST(easter_and_iso_weeks)
{
	CHECK_INT(civil_easter(2024), civil_days(2024, 3, 31));
	CHECK_INT(civil_easter(2027), civil_days(2027, 3, 28));
	CHECK_INT(civil_easter(2038), civil_days(2038, 4, 25));
	CHECK_INT(civil_week(2021, 1), civil_days(2021, 1, 4));
	CHECK_INT(civil_week(2019, 1), civil_days(2018, 12, 31));
	return NULL;
}
