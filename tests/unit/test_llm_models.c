#include "integrations/llm/llm_models.h"

#include "core/clock.h"
#include "tests/test.h"

static int64_t at(const char *iso)
{
	int64_t now = 0;

	err_clear(clock_parse(iso, &now));
	return now;
}

TEST(prices_have_their_days)
{
	const struct llm_usage usage = { .in = 1000000, .cached = 0, .out = 100000, .thoughts = 90000 };
	const struct {
		enum config_provider provider;
		const char *model, *day;
		int64_t cost; /* -1: unknown; then 4 and 20 dollars are assumed */
	} cases[] = {
		{ PROVIDER_GEMINI, "gemini-4-argon", "2026-11-30T23:59:59Z", 2000000 + 1000000 },
		{ PROVIDER_GEMINI, "gemini-4-argon", "2026-12-01T00:00:00Z", 4000000 + 2000000 },
		{ PROVIDER_GEMINI, "models/gemini-3.8-flash-001", "2026-12-31T12:00:00Z", 750000 + 375000 },
		{ PROVIDER_GEMINI, "gemini-3.8-flash", "2027-01-01T12:00:00Z", -1 },
		{ PROVIDER_GEMINI, "gemini-3.5-flash-lite", "2026-11-21T12:00:00Z", 300000 + 250000 },
		{ PROVIDER_GEMINI, "gemini-3.5-flash", "2026-11-21T12:00:00Z", -1 },
		{ PROVIDER_GEMINI, "gemini-4-neonate", "2026-11-21T12:00:00Z", -1 },
		{ PROVIDER_OPENAI, "gpt-5.6", "2026-11-21T12:00:00Z", -1 },
		{ PROVIDER_OLLAMA, "anything", "2026-11-21T12:00:00Z", 0 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		bool known;
		int64_t cost =
			llm_model_cost(cases[i].provider, cases[i].model, &usage, at(cases[i].day), &known);

		CHECK_INT(known, cases[i].cost >= 0);
		CHECK_INT(cost, cases[i].cost >= 0 ? cases[i].cost : 6000000);
	}
	return NULL;
}

TEST(parts_of_a_millionth_count)
{
	const struct llm_usage usage = { .in = 1 }, none = { 0 };
	int64_t day = at("2026-11-21T12:00:00Z");
	bool known;

	CHECK_INT(llm_model_cost(PROVIDER_GEMINI, "gemini-3.8-flash", &usage, day, &known), 1);
	CHECK_INT(llm_model_cost(PROVIDER_GEMINI, "gemini-3.8-flash", &none, day, &known), 0);
	return NULL;
}

TEST(thinking_is_set_where_it_is_known)
{
	int64_t november = at("2026-11-30T12:00:00Z"), december = at("2026-12-01T12:00:00Z");

	CHECK_INT(llm_model_thinking(PROVIDER_GEMINI, "gemini-3.8-flash", december), LLM_THINK_LEVEL);
	CHECK_INT(llm_model_thinking(PROVIDER_GEMINI, "models/gemini-4-hydrogen-001", november),
		  LLM_THINK_LEVEL);
	CHECK_INT(llm_model_thinking(PROVIDER_GEMINI, "gemini-2.5-flash", november), LLM_THINK_BUDGET);
	CHECK_INT(llm_model_thinking(PROVIDER_GEMINI, "gemini-2.5-flash", december), LLM_THINK_LEVEL);
	CHECK_INT(llm_model_thinking(PROVIDER_GEMINI, "gemini-2.5-flash-lite", december), LLM_THINK_BUDGET);
	CHECK_INT(llm_model_thinking(PROVIDER_GEMINI, "gemini-flash-latest", november), LLM_THINK_NOTHING);
	CHECK_INT(llm_model_thinking(PROVIDER_GEMINI, "gemini-5", november), LLM_THINK_NOTHING);
	CHECK_INT(llm_model_thinking(PROVIDER_OPENAI, "gemini-3.8-flash", november), LLM_THINK_NOTHING);
	return NULL;
}

TEST(another_model_is_noticed)
{
	static const struct {
		const char *asked, *answered;
		bool same;
	} cases[] = {
		{ "gemini-3.8-flash", "gemini-3.8-flash", true },
		{ "gemini-3.8-flash", "models/gemini-3.8-flash-001", true },
		{ "gemini-3.8-flash", "gemini-3.8-flash-preview-09-2026", true },
		{ "gemini-3.8-flash", "gemini-3.8-flash-lite", false },
		{ "gemini-3.7-flash", "gemini-3.8-flash", false },
		{ "gemini-3.8-flash", "gemini-3.8", false },
		{ "gemini-flash-latest", "gemini-3.8-flash", true },
		{ "gpt-5.6", "gpt-5.6-2026-08-01", true },
		{ "gpt-5.6", "gpt-5.6-mini", false },
		{ "qwen3", "qwen3:latest", true },
		{ "claude-haiku-4-5", "claude-haiku-4-5-20251001", true },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (llm_model_same(cases[i].asked, cases[i].answered) != cases[i].same)
			return err_new(ERR_INTERNAL, "%s answered by %s", cases[i].asked, cases[i].answered);
	return NULL;
}
