/*
 * HTTP/1.1 over plain POSIX sockets, one connection an exchange: the least that a transport is. See mbedtls_transport.c
 * for one with TLS.
 */
#define _POSIX_C_SOURCE 200809L
#include "posix_transport.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http_exchange.h"
#include "posix_socket.h"

static int32_t write_all(void *context, const void *bytes, size_t length) {
    const posix_socket_t *connection = (const posix_socket_t *)context;
    const char *next = (const char *)bytes;
    while (length > 0) {
        ssize_t sent;
        int32_t status = posix_wait(connection, POLLOUT);
        if (status != XQ_OK) return status;
        sent = send(connection->socket, next, length, MSG_NOSIGNAL);
        if (sent < 0 && !posix_is_not_ready()) return XQ_NETWORK;
        if (sent > 0) {
            next += sent;
            length -= (size_t)sent;
        }
    }
    return XQ_OK;
}

static int32_t read_some(void *context, void *bytes, size_t size, size_t *amount) {
    const posix_socket_t *connection = (const posix_socket_t *)context;
    for (;;) {
        ssize_t received;
        int32_t status = posix_wait(connection, POLLIN);
        if (status != XQ_OK) return status;
        received = recv(connection->socket, bytes, size, 0);
        if (received > 0) {
            *amount = (size_t)received;
            return XQ_OK;
        }
        if (received == 0 || !posix_is_not_ready()) return XQ_NETWORK;
    }
}

int32_t posix_transport(void *context, const xq_http_request_t *request, xq_http_reply_t *reply) {
    http_address_t address;
    posix_socket_t connection;
    http_stream_t stream;
    int keep = 0;
    int32_t status;
    (void)context;
    if (!http_split(request->url, "http://", "80", &address)) {
        xq_http_reply_set_not_sent(reply);
        return http_failed(reply, XQ_TLS, "this transport has no TLS: it takes http:// addresses alone");
    }
    connection.until_ms = posix_now_ms() + request->timeout_ms;
    connection.reply = reply;
    status = posix_connect(&connection, address.host, address.port);
    if (status != XQ_OK) {
        xq_http_reply_set_not_sent(reply);
        return http_failed(reply, status, "there is no connection");
    }
    stream.context = &connection;
    stream.read = read_some;
    stream.write = write_all;
    status = http_exchange(&stream, &address, request, reply, &keep);
    close(connection.socket);
    return status;
}
