/* date_civil: days and months of the Gregorian calendar, counted.
 * Needs: nothing. Used by: date_part, reader, days, mail_view, plan, runner, routine_view, look.
 * A day is its number since 1970-01-01; weekdays are 1 Monday .. 7 Sunday. */
#ifndef ML_DATE_DATE_CIVIL_H
#define ML_DATE_DATE_CIVIL_H

#include <stdbool.h>
#include <stdint.h>

#define DAY_S INT64_C(86400)

int64_t civil_days(int64_t y, int m, int d); /* m of 1..12 */
void civil_of(int64_t days, int *ret_y, int *ret_m, int *ret_d);
int civil_weekday(int64_t days);
int civil_month_len(int y, int m);
bool civil_valid(int y, int m, int d);
/* Same day of the month, or the month's last when there is none such. */
int64_t civil_add_months(int64_t days, int64_t months);
/* First occurrence of a weekday on or after the day. */
int64_t civil_on_or_after(int64_t days, int weekday);
/* Day number n of that weekday in the month (n of 1..5, or -1.. from its end); false when there is none. */
bool civil_nth(int y, int m, int weekday, int n, int64_t *ret_days);
int64_t civil_easter(int y);
/* Monday of an ISO 8601 week. */
int64_t civil_week(int y, int week);
/* The day in which a wall time, in seconds, lies. */
int64_t civil_floor(int64_t wall);

#endif
