/* log: one JSON line an event, with the trace id and never content.
 * Needs: clock. Used by: everything (only main paths log, libraries return errors).
 * Lines go to stderr without ever blocking: what a stuck pipe refuses is dropped and counted. */
#ifndef CORE_LOG_H
#define CORE_LOG_H

#include "core/err.h"
#include <stdint.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

struct log_kv {
	const char *key;
	const char *text; /* NULL: number */
	int64_t number;
};
/* A function, so that an array may be given too without a warning. */
static inline const char *log_text(const char *s)
{
	return s ? s : "";
}
#define KV_S(k, v) ((struct log_kv){ (k), log_text(v), 0 })
#define KV_I(k, v) ((struct log_kv){ (k), NULL, (int64_t)(v) })

/* role: "web", "worker" ... written as "role" in each line. */
void log_init(const char *role, enum log_level level);

/* log_event(LOG_INFO, "update_accepted", KV_I("update_id", id), ...): {"ts","level","event","role","pid","trace_id",...}.
 * Texts are cut at 200 bytes; ids, names and codes only. */
#define log_event(level, event, ...) \
	log_put((level), (event), (const struct log_kv[]){ __VA_ARGS__ __VA_OPT__(, ){ NULL, NULL, 0 } })
void log_put(enum log_level level, const char *event, const struct log_kv *kv);

/* Logs the error's code and message under `event` and frees it; NULL does nothing. */
void log_error(const char *event, err_t *err);

/* The trace id this thread's lines carry from now on; NULL or "" is none. Not copied: fiber sets it at every switch
 * to what the running fiber was given. */
void log_trace(const char *trace);

/* While on, this thread's lines are written together by log_flush, once each turn of its loop; a warning or an
 * error takes what is held with it at once. Off writes what is held. fiber_run does all of this. */
void log_hold(bool on);
void log_flush(void);

/* Lines dropped since the start. */
uint64_t log_dropped(void);

#endif
