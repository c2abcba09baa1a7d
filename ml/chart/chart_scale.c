#include "ml/chart/chart_scale.h"

#include <math.h>
#include <string.h>

/* The number that n digits at s make, or -1. */
static int digits(const char *s, int n)
{
	int value = 0;

	for (int i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return -1;
		value = value * 10 + s[i] - '0';
	}
	return value;
}

bool chart_scale_day(const char *iso, int plus, struct tm *ret)
{
	struct tm day = { .tm_hour = 12 }, same;
	time_t instant;

	if (strlen(iso) != 10 || iso[4] != '-' || iso[7] != '-' || digits(iso, 4) < 1900 ||
	    digits(iso + 5, 2) < 0 || digits(iso + 8, 2) < 0)
		return false;
	day.tm_year = digits(iso, 4) - 1900;
	day.tm_mon = digits(iso + 5, 2) - 1;
	day.tm_mday = digits(iso + 8, 2);
	same = day;
	instant = timegm(&same);
	if (same.tm_mday != day.tm_mday || same.tm_mon != day.tm_mon) /* the 31st of February */
		return false;
	instant += (time_t)plus * 86400;
	return gmtime_r(&instant, ret) != NULL;
}

int chart_scale_weekday(const struct tm *day)
{
	return (day->tm_wday + 6) % 7;
}

const char *chart_scale_date(apr_pool_t *pool, enum lang lang, const struct tm *day)
{
	const char *month = tr(pool, lang, mem_fmt(pool, "chart.month.%d", day->tm_mon + 1));

	if (lang == LANG_PT)
		return mem_fmt(pool, "%02d/%02d", day->tm_mday, day->tm_mon + 1);
	return mem_fmt(pool, "%s %d", month, day->tm_mday);
}

double chart_scale_step(double max, int most, double least)
{
	static const double round[] = { 1, 2, 5 };
	double power = pow(10, floor(log10(max > least ? max : least)) - 2);

	for (int i = 0; i < 12; i++) {
		double step = round[i % 3] * power;

		if (step >= least && max / step <= most)
			return step;
		if (i % 3 == 2)
			power *= 10;
	}
	return max;
}

const char *chart_scale_fixed(apr_pool_t *pool, enum lang lang, double value, int decimals)
{
	double unit = pow(10, decimals), rounded = round(value * unit) / unit;
	char *text = mem_fmt(pool, "%s%.*f", rounded < 0 ? "\u2212" : "", decimals, fabs(rounded)), *point;

	point = strchr(text, '.');
	if (point && lang == LANG_PT)
		*point = ',';
	return text;
}

const char *chart_scale_number(apr_pool_t *pool, enum lang lang, double value, int decimals)
{
	const char *text = chart_scale_fixed(pool, lang, value, decimals);
	size_t n = strlen(text);

	while (decimals > 0 && text[n - 1] == '0')
		n--;
	if (decimals > 0 && (text[n - 1] == ',' || text[n - 1] == '.'))
		n--;
	return mem_textn(pool, text, n);
}
