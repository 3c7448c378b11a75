/* A TCP connection over plain POSIX sockets with a time limit, under the transports of these examples. */
#ifndef POSIX_SOCKET_H
#define POSIX_SOCKET_H

#include "xq.h"

typedef struct {
    int socket;
    /* When the exchange's time is up, by posix_now_ms(). */
    long long until_ms;
    /* Tells whether the operation is canceled. */
    const xq_http_reply_t *reply;
} posix_socket_t;

/* A clock that nobody sets. */
long long posix_now_ms(void);

/* Connects within the time limit that is in `connection`: XQ_OK, XQ_NETWORK or XQ_TIMEOUT. */
int32_t posix_connect(posix_socket_t *connection, const char *host, const char *port);

/* Waits until the socket is ready for POLLIN or POLLOUT: XQ_OK, XQ_TIMEOUT, or XQ_NETWORK where it is canceled. */
int32_t posix_wait(const posix_socket_t *connection, short events);

/* Whether a call on the socket, which never blocks, only has to be made again once it is ready. */
int posix_is_not_ready(void);

#endif
