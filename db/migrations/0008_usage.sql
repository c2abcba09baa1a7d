-- What models were asked and what it cost. One row a call that got an answer; no content.
-- Money is in millionths of a US dollar.
CREATE TABLE llm_usage (
	user_id bigint NOT NULL DEFAULT app_user_id(),
	id bigint GENERATED ALWAYS AS IDENTITY,
	provider text NOT NULL,
	model text NOT NULL, -- that answered
	tokens_in bigint NOT NULL, -- cached ones included
	tokens_cached bigint NOT NULL,
	tokens_out bigint NOT NULL, -- thoughts included
	cost bigint, -- NULL: the price is not known
	counted bigint NOT NULL, -- against budgets: the cost, or one assumed
	latency_ms bigint NOT NULL,
	success boolean NOT NULL,
	error text,
	trace text DEFAULT app_trace(),
	created_at timestamptz NOT NULL DEFAULT app_now(),
	PRIMARY KEY (user_id, id)
);
CREATE INDEX llm_usage_when ON llm_usage (user_id, created_at);
SELECT own_table('llm_usage');

-- What each day ("2026-11-21") and month ("2026-11") of a person has cost so far, in their zone. Read before every call,
-- so it is one row each; its lock puts calls that end together into an order, so that each threshold is told once.
CREATE TABLE llm_spend (
	user_id bigint NOT NULL DEFAULT app_user_id(),
	period text NOT NULL,
	spent bigint NOT NULL,
	told int NOT NULL DEFAULT 0, -- the highest percentage the person was told of
	PRIMARY KEY (user_id, period)
);
SELECT own_table('llm_spend');
