#include "tools/rule_text.h"

#include "core/text.h"
#include "tools/when.h"
#include <stdlib.h>
#include <string.h>

/* The value of KEY in "KEY=VALUE;...", or NULL. */
static const char *part_of(apr_pool_t *pool, const char *rrule, const char *key)
{
	size_t n = strlen(key);

	for (const char *s = rrule; *s;) {
		size_t len = strcspn(s, ";");

		if (strncmp(s, key, n) == 0 && s[n] == '=')
			return mem_textn(pool, s + n + 1, len - n - 1);
		s += len + (s[len] == ';');
	}
	return NULL;
}

/* "MO" as the day's short name; NULL when it is none. */
static const char *day_name(struct req *req, const char *day)
{
	static const char *const days[] = { "SU", "MO", "TU", "WE", "TH", "FR", "SA" };

	for (int i = 0; i < 7; i++)
		if (strncmp(day, days[i], 2) == 0)
			return tr(req->pool, req->lang, mem_fmt(req->pool, "when.weekday.%d", i));
	return NULL;
}

/* "2TU" as "2ª ter", "-1SU" as "último dom", "MO" as "seg"; NULL for what has no words here, "-2FR". */
static const char *day_text(struct req *req, const char *item)
{
	char *end;
	long n = strtol(item, &end, 10);
	const char *name = day_name(req, end);

	if (!name || end == item)
		return name;
	if (n < -1 || !n || n > 5)
		return NULL;
	return tr(req->pool, req->lang,
		  mem_fmt(req->pool, "rule.nth%s.%ld", *end == 'S' ? "_m" : "", n < 0 ? 0 : n),
		  SLOT_S("day", name));
}

static const char *days_text(struct req *req, const char *list)
{
	struct buf out = buf_new(req->pool, 1024);

	if (text_same(list, "MO,TU,WE,TH,FR"))
		return tr(req->pool, req->lang, "rule.workdays");
	while (*list) {
		size_t n = strcspn(list, ",");
		const char *day = day_text(req, mem_textn(req->pool, list, n));

		if (!day)
			return NULL;
		buf_fmt(&out, "%s%s", out.n ? ", " : "", day);
		list += n + (list[n] == ',');
	}
	return out.over || !out.p ? NULL : out.p;
}

static const char *every(struct req *req, const char *freq, int64_t n)
{
	static const char *const known[] = { "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY" };

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (text_same(freq, known[i]))
			return tr(req->pool, req->lang,
				  mem_fmt(req->pool, n == 1 ? "rule.every.%zu" : "rule.each.%zu", i),
				  SLOT_I("n", n));
	return NULL;
}

/* UNTIL as the day on the person's wall: "20261218", "20261218T235959", also with Z; NULL for anything else. */
static const char *until_text(struct req *req, const char *until)
{
	const char *iso;
	struct when when;

	if (strspn(until, "0123456789") != 8)
		return NULL;
	iso = mem_fmt(req->pool, "%.4s-%.2s-%.2s", until, until + 4, until + 6);
	if (until[8] == 'T' && strspn(until + 9, "0123456789") == 6)
		iso = mem_fmt(req->pool, "%sT%.2s:%.2s:%.2s%s", iso, until + 9, until + 11, until + 13,
			      until + 15);
	if (!when_read(req, iso, &when))
		return NULL;
	when.has_time = false;
	when.wall -= when.wall % 86400;
	return tr(req->pool, req->lang, "rule.until", SLOT_S("day", when_text(req, &when)));
}

/* Without its end. */
static const char *rhythm(struct req *req, const char *rrule)
{
	apr_pool_t *pool = req->pool;
	const char *freq = part_of(pool, rrule, "FREQ"), *interval = part_of(pool, rrule, "INTERVAL");
	const char *byday = part_of(pool, rrule, "BYDAY"), *monthday = part_of(pool, rrule, "BYMONTHDAY");
	const char *base, *days = byday ? days_text(req, byday) : NULL;
	int64_t n = 1;

	if (interval && !text_int(interval, &n))
		n = 1;
	base = freq ? every(req, freq, n) : NULL;
	if (!base || (byday && !days))
		return tr(pool, req->lang, "rule.some");
	if (days && text_same(byday, "MO,TU,WE,TH,FR") && n == 1)
		return days;
	if (days)
		return mem_fmt(pool, "%s (%s)", base, days);
	if (monthday && text_same(monthday, "-1"))
		return mem_fmt(pool, "%s, %s", base, tr(pool, req->lang, "rule.month_end"));
	if (monthday)
		return mem_fmt(pool, "%s, %s", base,
			       tr(pool, req->lang, "rule.month_day", SLOT_S("day", monthday)));
	return base;
}

const char *rule_text(struct req *req, const char *rrule)
{
	const char *until = part_of(req->pool, rrule, "UNTIL");
	const char *text = until ? until_text(req, until) : NULL;

	return text ? mem_fmt(req->pool, "%s, %s", rhythm(req, rrule), text) : rhythm(req, rrule);
}
