/* web_stream: an answer that stays open: events are pushed from the handler's fiber as they happen.
 * Needs: web_server. Used by: web, route_admin.
 * What waits for the client is bounded: a client that does not read is dropped. When the client goes away, or the
 * server stops, the handler's fiber is cancelled: its next wait or push gives ERR_CANCELLED, and it returns. A stream
 * may live for days: its handler uses a pool for each event, not r->pool. */
#ifndef BOT_WEB_WEB_STREAM_H
#define BOT_WEB_WEB_STREAM_H

#include "bot/web/web_server.h"

/* Answers 200 text/event-stream and keeps the answer open until the handler returns. ERR_UNAVAILABLE when
 * LIMIT_STREAMS are open, or the server stops; then the request is not answered. */
NODISCARD err_t *web_stream_open(struct web_request *r);
/* One event (WHATWG HTML: server-sent events). name: a word, or NULL for "message". ERR_CANCELLED: nobody reads any
 * more. ERR_TOO_LARGE: the client was too slow and is dropped. */
NODISCARD err_t *web_stream_event(struct web_request *r, const char *name, const char *data);

/* For web: the handler has returned; what it pushed still goes out. Not on a request without a stream. */
void web_stream_end(struct web_request *r);
/* For web: the connection has ended. True: the handler still runs, and web_stream_end will release the request. */
bool web_stream_gone(struct web_request *r);
/* For web: ends them all; clients that do not take the end are cut off soon after. */
void web_stream_stop(void);
size_t web_stream_count(void);

/* For tests: how long a stream may be silent before a comment shows that it lives. */
void web_stream_beat_ms(int64_t ms);

#endif
