/* usage: what models were asked and what it cost, per person; budgets.
 * Needs: tx. Used by: llm_account, command_cost.
 * Money is in millionths of a US dollar. Days and months are those of the person's zone. */
#ifndef DB_USAGE_H
#define DB_USAGE_H

#include "db/tx.h"

struct usage_limits { /* 0: none */
	int64_t day, month;
};

struct usage_call {
	const char *provider, *model;
	int64_t in, cached, out; /* tokens */
	int64_t cost;            /* -1: the price is not known */
	int64_t counted;         /* against budgets */
	int64_t latency_ms;
	bool success;
	const char *error; /* a code, or NULL */
};

/* A person is to be told that so much of a limit is used. */
struct usage_notice {
	bool month; /* else the day */
	int64_t percent;
	int64_t spent, limit;
	const char *period; /* "2026-11-21", "2026-11" */
};

/* Whether the person may still spend. Asks nothing when there are no limits. */
NODISCARD err_t *usage_left(struct req *req, const struct usage_limits *limits, bool *ret_left);

/* Stores a call. ret_notices: thresholds of 50, 80 and 100 % that this call crossed and nobody was told of yet (of two
 * in one period the higher); whoever puts a notice on its way says so with usage_told in the same transaction. */
NODISCARD err_t *usage_put(struct tx *tx, const struct usage_call *call, const struct usage_limits *limits,
			   struct usage_notice ret_notices[2], size_t *ret_n);
NODISCARD err_t *usage_told(struct tx *tx, const struct usage_notice *notice);

struct usage_span {
	int64_t calls, in, out;
	int64_t cost;     /* of the calls whose price is known */
	int64_t unpriced; /* calls whose price is not */
	int64_t counted;
};
struct usage_model {
	const char *provider, *model;
	struct usage_span day, month;
};
struct usage_summary {
	struct usage_span day, month;
	struct usage_model *models; /* of this month, dearest first */
	size_t models_n;
};
/* "1.25", in Portuguese "1,25"; with four digits below ten cents. */
const char *usage_dollars(apr_pool_t *pool, enum lang lang, int64_t amount);

/* In the request's pool. */
NODISCARD err_t *usage_summary(struct req *req, struct usage_summary *ret);

#endif
