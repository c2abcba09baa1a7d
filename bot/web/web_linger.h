/* web_linger: keeps the socket of a refused request open until its client has stopped sending.
 * Needs: libuv. Used by: web_server.
 * TCP answers unread bytes on a closed socket with a reset, which would overtake the 401 or 413 that we sent. */
#ifndef BOT_WEB_WEB_LINGER_H
#define BOT_WEB_WEB_LINGER_H

/* fd is about to be closed by its owner; a copy of it is read to its end and dropped, for a few seconds and a
 * few megabytes at most. */
void web_linger(int fd);

#endif
