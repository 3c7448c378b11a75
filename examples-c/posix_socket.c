/*
 * A TCP connection over plain POSIX sockets: the socket never blocks, and what waits is posix_wait(), which knows the time
 * limit and whether the operation is canceled. On a board with lwIP it is much the same.
 */
#define _POSIX_C_SOURCE 200809L
#include "posix_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* How often it is asked whether the operation is canceled. */
enum { SLICE_MS = 50 };

long long posix_now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int32_t posix_wait(const posix_socket_t *connection, short events) {
    struct pollfd ready;
    ready.fd = connection->socket;
    ready.events = events;
    for (;;) {
        long long left = connection->until_ms - posix_now_ms();
        int count;
        if (left <= 0) return XQ_TIMEOUT;
        if (xq_http_reply_is_canceled(connection->reply)) return XQ_NETWORK;
        count = poll(&ready, 1, left > SLICE_MS ? SLICE_MS : (int)left);
        if (count > 0) return XQ_OK;
        if (count < 0 && errno != EINTR) return XQ_NETWORK;
    }
}

int posix_is_not_ready(void) {
    return errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK;
}

/* Waits until a connection has come about, or not. */
static int32_t await_connection(const posix_socket_t *connection) {
    int error = 0;
    socklen_t size = sizeof error;
    int32_t status = posix_wait(connection, POLLOUT);
    if (status == XQ_OK && (getsockopt(connection->socket, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0))
        status = XQ_NETWORK;
    return status;
}

static int32_t connect_to(posix_socket_t *connection, const struct addrinfo *address) {
    int32_t status = XQ_OK;
    int on = 1;
    connection->socket = socket(address->ai_family, address->ai_socktype, address->ai_protocol);
    if (connection->socket < 0) return XQ_NETWORK;
    /* What is written is gathered before; the last of it is not to wait for the other end's word. */
    setsockopt(connection->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (fcntl(connection->socket, F_SETFL, O_NONBLOCK) != 0) status = XQ_NETWORK;
    if (status == XQ_OK && connect(connection->socket, address->ai_addr, address->ai_addrlen) != 0)
        status = errno == EINPROGRESS ? await_connection(connection) : XQ_NETWORK;
    if (status != XQ_OK) close(connection->socket);
    return status;
}

/* Tries each address of a host. That looking them up has no time limit is getaddrinfo()'s; a board has its own way. */
int32_t posix_connect(posix_socket_t *connection, const char *host, const char *port) {
    struct addrinfo hints, *found, *address;
    int32_t status = XQ_NETWORK;
    memset(&hints, 0, sizeof hints);
    hints.ai_socktype = SOCK_STREAM;
    if (getaddrinfo(host, port, &hints, &found) != 0) return XQ_NETWORK;
    for (address = found; address && status == XQ_NETWORK; address = address->ai_next)
        status = connect_to(connection, address);
    freeaddrinfo(found);
    return status;
}
