#include "ml/date/date_civil.h"

/* Howard Hinnant, "chrono-compatible low-level date algorithms": years begin in March, eras have 400 years. */
int64_t civil_days(int64_t y, int m, int d)
{
	y -= m <= 2;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t year_of_era = y - era * 400;
	int64_t day_of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;

	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

void civil_of(int64_t days, int *ret_y, int *ret_m, int *ret_d)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	*ret_d = (int)(doy - (153 * mp + 2) / 5 + 1);
	*ret_m = (int)(mp < 10 ? mp + 3 : mp - 9);
	*ret_y = (int)(yoe + era * 400 + (*ret_m <= 2));
}

int civil_weekday(int64_t days)
{
	return (int)(((days + 3) % 7 + 7) % 7) + 1;
}

int civil_month_len(int y, int m)
{
	return (int)(civil_days(m == 12 ? y + 1 : y, m == 12 ? 1 : m + 1, 1) - civil_days(y, m, 1));
}

bool civil_valid(int y, int m, int d)
{
	return m >= 1 && m <= 12 && d >= 1 && d <= civil_month_len(y, m);
}

int64_t civil_add_months(int64_t days, int64_t months)
{
	int y, m, d;

	civil_of(days, &y, &m, &d);
	int64_t total = (int64_t)y * 12 + m - 1 + months;
	int to_y = (int)(total / 12), to_m = (int)(total % 12) + 1;
	int len = civil_month_len(to_y, to_m);
	return civil_days(to_y, to_m, d < len ? d : len);
}

int64_t civil_on_or_after(int64_t days, int weekday)
{
	return days + (weekday - civil_weekday(days) + 7) % 7;
}

bool civil_nth(int y, int m, int weekday, int n, int64_t *ret_days)
{
	int64_t first = civil_on_or_after(civil_days(y, m, 1), weekday);
	int64_t end = civil_days(y, m, 1) + civil_month_len(y, m);
	int64_t last = first + (end - 1 - first) / 7 * 7;
	int64_t day = n > 0 ? first + 7 * (int64_t)(n - 1) : last + 7 * (int64_t)(n + 1);

	if (!n || day < first || day > last)
		return false;
	*ret_days = day;
	return true;
}

/* The anonymous Gregorian algorithm (Nature, 1876; Meeus, "Astronomical Algorithms", chapter 8). */
int64_t civil_easter(int y)
{
	int a = y % 19, b = y / 100, c = y % 100;
	int h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
	int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
	int n = h + l - 7 * ((a + 11 * h + 22 * l) / 451) + 114;

	return civil_days(y, n / 31, n % 31 + 1);
}

int64_t civil_week(int y, int week)
{
	int64_t fourth = civil_days(y, 1, 4); /* always in week 1 */

	return fourth - (civil_weekday(fourth) - 1) + 7 * (int64_t)(week - 1);
}

int64_t civil_floor(int64_t wall)
{
	return (wall - ((wall % DAY_S) + DAY_S) % DAY_S) / DAY_S;
}
