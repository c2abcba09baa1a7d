#include "core/metrics.h"
#include "tests/test.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

TEST(counters_and_gauges)
{
	metrics_init();
	metric_add(METRIC_TURNS, "message", "ok", NULL, 1);
	metric_add(METRIC_TURNS, "message", "ok", NULL, 2);
	metric_add(METRIC_TURNS, "message", "failed", NULL, 1);
	metric_set(METRIC_QUEUE_DEPTH, NULL, NULL, NULL, 5);
	metric_set(METRIC_QUEUE_DEPTH, NULL, NULL, NULL, 4.5);
	CHECK(metric_get(METRIC_TURNS, "message", "ok", NULL) == 3);
	CHECK(metric_get(METRIC_TURNS, "message", "failed", NULL) == 1);
	CHECK(metric_get(METRIC_TURNS, "button", "ok", NULL) == 0);
	CHECK(metric_get(METRIC_QUEUE_DEPTH, NULL, NULL, NULL) == 4.5);
	return NULL;
}

TEST(prometheus_text)
{
	metrics_init();
	metric_add(METRIC_LLM_TOKENS, "gemini", "a\"b\\c\n", "input", 10);
	metric_observe(METRIC_TOOL_DURATION, "recall", NULL, NULL, 0.005); /* bounds belong to their bucket */
	metric_observe(METRIC_TOOL_DURATION, "recall", NULL, NULL, 0.3);
	metric_observe(METRIC_TOOL_DURATION, "recall", NULL, NULL, 31);
	const char *s = metrics_render(t->pool);

	CHECK(strstr(s,
		     "# TYPE llm_tokens_total counter\n"
		     "llm_tokens_total{provider=\"gemini\",model=\"a\\\"b\\\\c\\n\",type=\"input\"} 10\n"));
	CHECK(strstr(
		s,
		"# TYPE tool_duration_seconds histogram\ntool_duration_seconds_bucket{tool=\"recall\",le=\"0.005\"} 1\n"));
	CHECK(strstr(s, "tool_duration_seconds_bucket{tool=\"recall\",le=\"0.25\"} 1\n"));
	CHECK(strstr(s, "tool_duration_seconds_bucket{tool=\"recall\",le=\"0.5\"} 2\n"));
	CHECK(strstr(s, "tool_duration_seconds_bucket{tool=\"recall\",le=\"30\"} 2\n"));
	CHECK(strstr(s, "tool_duration_seconds_bucket{tool=\"recall\",le=\"+Inf\"} 3\n"));
	CHECK(strstr(
		s,
		"tool_duration_seconds_sum{tool=\"recall\"} 31.305\ntool_duration_seconds_count{tool=\"recall\"} 3\n"));
	CHECK(strstr(s, "\nturn_duration_seconds_bucket{le=\"2.5\"} 0\n"));
	CHECK(strstr(s, "\nupdates_received_total 0\n"));
	CHECK(metric_get(METRIC_TOOL_DURATION, "recall", NULL, NULL) == 3);
	CHECK(metric_get(METRIC_PROCESS_RSS, NULL, NULL, NULL) > 100000);
	CHECK(metric_get(METRIC_PROCESS_FDS, NULL, NULL, NULL) >= 3);
	CHECK(metric_get(METRIC_DISK_FREE, NULL, NULL, NULL) > 0);
	return NULL;
}

TEST(processes_count_together)
{
	enum { CHILDREN = 4, TIMES = 20000 };

	metrics_init();
	for (int i = 0; i < CHILDREN; i++) {
		pid_t pid = fork();
		CHECK(pid >= 0);
		if (pid)
			continue;
		for (int k = 0; k < TIMES; k++) {
			metric_add(METRIC_JOB_RUNS, "sweep", "ok", NULL, 1);
			metric_observe(METRIC_JOB_DURATION, "sweep", NULL, NULL, 1);
		}
		_exit(0);
	}
	while (wait(NULL) > 0)
		;
	CHECK(metric_get(METRIC_JOB_RUNS, "sweep", "ok", NULL) == CHILDREN * TIMES);
	CHECK(metric_get(METRIC_JOB_DURATION, "sweep", NULL, NULL) == CHILDREN * TIMES);
	return NULL;
}

TEST(a_full_table_counts_what_it_drops)
{
	metrics_init();
	for (int i = 0; i < 2000; i++)
		metric_add(METRIC_TURNS, mem_fmt(t->pool, "k%d", i), "ok", NULL, 1);
	CHECK(metric_get(METRIC_TURNS, "k0", "ok", NULL) == 1);
	CHECK(metric_get(METRIC_TURNS, "k1999", "ok", NULL) == 0);
	double dropped = metric_get(METRIC_SERIES_DROPPED, NULL, NULL, NULL);
	CHECK(dropped > 900 && dropped < 1100);
	return NULL;
}

TEST(long_label_values_are_cut_the_same_way)
{
	const char *model = "a-model-whose-name-goes-on-and-on-well-over-the-forty-seven-bytes";

	metrics_init();
	metric_add(METRIC_LLM_REQUESTS, "openai", model, NULL, 1);
	metric_add(METRIC_LLM_REQUESTS, "openai", model, NULL, 1);
	CHECK(metric_get(METRIC_LLM_REQUESTS, "openai", model, NULL) == 2);
	CHECK(metric_get(METRIC_LLM_REQUESTS, "openai", mem_textn(t->pool, model, 47), NULL) == 2);
	return NULL;
}
