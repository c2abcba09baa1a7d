/* web_server_part: what web_server, web_answer and web_stream share behind their headers.
 * Needs: libmicrohttpd. Used by: web_server, web_answer, web_stream. */
#ifndef BOT_WEB_WEB_SERVER_PART_H
#define BOT_WEB_WEB_SERVER_PART_H

#include "bot/web/web_server.h"
#include <microhttpd.h>

/* The answer goes out. own: the response is this request's, and is destroyed after it. */
void web_server_settle(struct web_request *r, int status, struct MHD_Response *response, bool own);
/* A connection was resumed: the epoll descriptor does not show it. */
void web_server_kick(void);
bool web_server_closing(void);
int web_server_fd(const struct web_request *r);
/* The request's end, once nobody uses it. */
void web_server_release(struct web_request *r);

#endif
