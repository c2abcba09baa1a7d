/* advice: what might be recommended on a day: patterns with an act to take, a forecast, facts worth acting on, what is missing.
 * Needs: finding_view, tool. Used by: tools/insight.
 * Each is true of the rows of this moment; which one is told is for recommend.h to choose. */
#ifndef TOOLS_INSIGHT_ADVICE_H
#define TOOLS_INSIGHT_ADVICE_H

#include "tools/insight/finding_view.h"
#include "tools/when.h"

struct advice {
	const char *type, *source;     /* "overdue"; pattern, forecast, fact or missing */
	const char *title, *reasoning; /* HTML */
	const char *object;            /* what it is about, "" for nothing in particular */
	int64_t object_id, finding_id;
	double weight;            /* how much it matters, 0..1, before what the person thinks of its kind */
	const char *tool, *label; /* what its button runs, and says; NULL: it has none */
	struct json *args;
	const char *tier;
	int64_t n;
	double effect, low, high; /* NaN: none */
	bool outside;             /* holds words of somebody else */
};

enum { ADVICE_MAX = 32 };

/* A day's, in the request's pool. */
struct advices {
	struct req *req;
	struct tx *tx;
	const char *day; /* today, "2026-11-30" */
	int64_t wall;    /* its midnight */
	struct advice v[ADVICE_MAX];
	size_t n;
};

/* A text in the person's language, as tr. */
#define advice_say(list, key, ...) tr((list)->req->pool, (list)->req->lang, key __VA_OPT__(, ) __VA_ARGS__)

/* An advice without numbers, added; NULL when there are too many. */
struct advice *advice_add(struct advices *list, const char *type, const char *source, double weight);
/* What its button does: the arguments are filled by the caller. */
struct json *advice_act(struct advices *list, struct advice *advice, const char *tool, const char *label);
/* That hour of today, tomorrow's when it is over: as a tool takes it. */
struct when advice_at(struct advices *list, int hour, int minute);

/* By what the days say; and by facts. */
NODISCARD err_t *advice_patterns(struct advices *list);
NODISCARD err_t *advice_facts(struct advices *list);
/* By what is not known yet; there is always one. */
NODISCARD err_t *advice_missing(struct advices *list);

/* What is noted, and how many days of it are still missing before it is looked at for the first time. */
struct advice_gap {
	const char *what; /* "sono e energia" */
	int64_t noted, missing;
};
enum { ADVICE_GAPS = 4 };
/* Those that miss something, the one that misses least first. */
NODISCARD err_t *advice_gaps(struct req *req, struct tx *tx, size_t *ret_n,
			     struct advice_gap ret[ADVICE_GAPS]);

#endif
