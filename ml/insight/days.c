#include "ml/insight/days.h"

#include "core/text.h"
#include "ml/date/date.h"
#include "ml/date/date_civil.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	double min, max;
} numbers[DAY_NUMBERS] = {
	[DAY_SLEEP] = { "sleep", 0, 24 },        [DAY_ENERGY] = { "energy", 0, 100 },
	[DAY_MOOD] = { "mood", 0, 100 },         [DAY_WORKOUT] = { "workout", 0, 1 },
	[DAY_DUE] = { "tasks_due", 0, 1000 },    [DAY_DONE] = { "tasks_done", 0, 1000 },
	[DAY_MEETINGS] = { "meetings", 0, 100 },
};

struct days *days_new(apr_pool_t *pool)
{
	struct days *days = MEM_NEW(pool, struct days);

	days->pool = pool;
	return days;
}

/* Room for n days, of which the present ones begin at `shift`. */
static void resize(struct days *d, size_t n, size_t shift)
{
	size_t cap = n > d->cap ? n + n / 2 + 64 : d->cap;
	int(*hours)[SHUFFLE_HOURS] = mem_alloc(d->pool, sizeof *hours * cap);

	for (int k = 0; k < DAY_NUMBERS; k++) {
		double *v = mem_alloc(d->pool, sizeof *v * cap);

		for (size_t i = 0; i < cap; i++)
			v[i] = i >= shift && i < shift + d->n ? d->v[k][i - shift] : NAN;
		d->v[k] = v;
	}
	if (d->n)
		memcpy(&hours[shift], d->hours, sizeof *hours * d->n);
	d->hours = hours;
	for (size_t i = 0; i < d->posts_n; i++)
		d->posts[i].day += shift;
	d->cap = cap;
	d->n = n;
}

static NODISCARD err_t *place_of(struct days *d, int64_t day, size_t *ret)
{
	if (!d->n)
		d->first = day;
	if (day < d->first - DAYS_MAX || day > d->first + DAYS_MAX)
		return err_new(ERR_INVALID, "\"date\": too far from the others");
	if (day < d->first) {
		size_t shift = (size_t)(d->first - day);

		resize(d, d->n + shift, shift);
		d->first = day;
	}
	*ret = (size_t)(day - d->first);
	if (*ret >= d->cap)
		resize(d, *ret + 1, 0);
	else if (*ret >= d->n)
		d->n = *ret + 1;
	return NULL;
}

static NODISCARD err_t *date_read(const char *text, int64_t *ret_day)
{
	int64_t wall;

	if (!text || strlen(text) != 10 || !date_parse_iso(text, &wall))
		return err_new(ERR_INVALID, "\"date\": not a day like 2026-11-30");
	*ret_day = civil_floor(wall);
	return NULL;
}

static NODISCARD err_t *number_read(const struct json *line, const char *name, double min, double max,
				    double *ret)
{
	struct json *at = json_at(line, name);

	*ret = NAN;
	if (!at)
		return NULL;
	if (json_is_bool(at))
		*ret = json_true(at, NULL);
	else if (!json_double(at, NULL, ret))
		return err_new(ERR_INVALID, "\"%s\": not a number", name);
	if (!(*ret >= min && *ret <= max))
		return err_new(ERR_INVALID, "\"%s\": not between %g and %g", name, min, max);
	return NULL;
}

/* {"9":2}: how many in which hour. */
struct hours_read {
	int counts[SHUFFLE_HOURS];
};

static err_t *hour_read(void *ctx, const char *key, struct json *value)
{
	struct hours_read *h = ctx;
	int64_t hour, n;

	if (!text_int(key, &hour) || hour < 0 || hour >= SHUFFLE_HOURS || !json_int(value, NULL, &n) ||
	    n < 0 || n > 1000)
		return err_new(ERR_INVALID, "\"hours\": not hours with counts");
	h->counts[hour] = (int)n;
	return NULL;
}

static int label_of(apr_pool_t *pool, const char **labels, int *n, const char *label)
{
	if (!label || !*label)
		return -1;
	for (int i = 0; i < *n; i++)
		if (text_same(labels[i], label))
			return i;
	if (*n == LABELS_MAX)
		return -1;
	labels[*n] = mem_text(pool, label);
	return (*n)++;
}

static NODISCARD err_t *post_read(struct days *d, size_t day, const struct json *o)
{
	struct day_post post = { .day = day, .hour = -1 };
	int64_t hour;

	if (!json_is_object(o) || !json_double(o, "engagement", &post.engagement) || post.engagement < 0)
		return err_new(ERR_INVALID, "\"posts\": one without engagement");
	if (!json_double(o, "followers", &post.followers))
		post.followers = NAN;
	if (json_int(o, "hour", &hour) && hour >= 0 && hour < SHUFFLE_HOURS)
		post.hour = (int)hour;
	post.theme = label_of(d->pool, d->themes, &d->themes_n, json_text(o, "theme"));
	post.format = label_of(d->pool, d->formats, &d->formats_n, json_text(o, "format"));
	if (d->posts_n == POSTS_MAX)
		return err_new(ERR_TOO_LARGE, "\"posts\": too many");
	if (d->posts_n == d->posts_cap) {
		size_t cap = d->posts_cap ? 2 * d->posts_cap : 64;
		struct day_post *more = mem_alloc(d->pool, sizeof *more * cap);

		if (d->posts_n)
			memcpy(more, d->posts, sizeof *more * d->posts_n);
		d->posts = more;
		d->posts_cap = cap;
	}
	d->posts[d->posts_n++] = post;
	return NULL;
}

static NODISCARD err_t *posts_read(struct days *d, size_t day, const struct json *list)
{
	size_t before = d->posts_n;

	for (size_t i = 0; i < json_len(list); i++) {
		err_t *err = post_read(d, day, json_item(list, i));

		if (err) {
			d->posts_n = before;
			return err;
		}
	}
	return NULL;
}

static void posts_of_drop(struct days *d, size_t day)
{
	size_t kept = 0;

	for (size_t i = 0; i < d->posts_n; i++)
		if (d->posts[i].day != day)
			d->posts[kept++] = d->posts[i];
	d->posts_n = kept;
}

static int by_day(const void *a, const void *b)
{
	const struct day_post *l = a, *r = b;

	return (l->day > r->day) - (l->day < r->day);
}

err_t *days_add(struct days *days, const struct json *line)
{
	struct hours_read hours = { { 0 } };
	double v[DAY_NUMBERS];
	int64_t day = 0;
	size_t at = 0;

	if (!json_is_object(line))
		return err_new(ERR_INVALID, "not an object");
	ERR(date_read(json_text(line, "date"), &day));
	for (int k = 0; k < DAY_NUMBERS; k++)
		ERR(number_read(line, numbers[k].name, numbers[k].min, numbers[k].max, &v[k]));
	if (json_at(line, "hours") && !json_is_object(json_at(line, "hours")))
		return err_new(ERR_INVALID, "\"hours\": not hours with counts");
	if (json_at(line, "hours"))
		ERR(json_each(json_at(line, "hours"), hour_read, &hours));
	ERR(place_of(days, day, &at));
	posts_of_drop(days, at);
	ERR(posts_read(days, at, json_at(line, "posts")));
	if (days->posts_n > 1 && days->posts[days->posts_n - 1].day < days->posts[days->posts_n - 2].day)
		qsort(days->posts, days->posts_n, sizeof *days->posts, by_day);
	for (int k = 0; k < DAY_NUMBERS; k++)
		days->v[k][at] = v[k];
	memcpy(days->hours[at], hours.counts, sizeof hours.counts);
	return NULL;
}
