/* metrics: counters, gauges and histograms in memory shared by every process of one run.
 * Needs: metrics.def. Used by: everything (web renders them).
 * metrics_init before the forks. Label values come from fixed sets, never from people. */
#ifndef CORE_METRICS_H
#define CORE_METRICS_H

#include "core/mem.h"
#include <stdint.h>

enum metric {
#define METRIC(id, type, name, labels, help) METRIC_##id,
#include "core/metrics.def"
#undef METRIC
	METRIC_COUNT
};

void metrics_init(void);
/* Label values in the order of metrics.def; NULL for labels the metric has not. */
void metric_add(enum metric m, const char *l1, const char *l2, const char *l3, double value);
void metric_set(enum metric m, const char *l1, const char *l2, const char *l3, double value);
void metric_observe(enum metric m, const char *l1, const char *l2, const char *l3, double seconds);
/* Present value of a counter or gauge; count of a histogram. */
double metric_get(enum metric m, const char *l1, const char *l2, const char *l3);
/* Prometheus text format of everything, in the pool. */
const char *metrics_render(apr_pool_t *pool);

#endif
