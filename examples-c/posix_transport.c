/*
 * HTTP/1.1 over plain POSIX sockets, one connection an exchange: what a board would do with its own TLS in place of
 * connect(), send() and recv().
 */
#define _POSIX_C_SOURCE 200809L
#include "posix_transport.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX_HEAD = 16 * 1024 };

/* An exchange under way: the socket, when its time is up, and the reply, which knows whether the program has stopped it. */
typedef struct {
    int socket;
    long long until_ms;
    const xq_http_reply_t *reply;
} exchange_t;

/* What has come of a reply and is not yet handed on. */
typedef struct {
    char bytes[MAX_HEAD];
    size_t filled;
} input_t;

static long long now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int32_t failed(xq_http_reply_t *reply, int32_t status, const char *why) {
    xq_http_reply_set_message(reply, why);
    return status;
}

/* Waits until the socket is ready; XQ_TIMEOUT once the time is up, or the program has stopped the call. */
static int32_t wait_for(const exchange_t *exchange, short events) {
    struct pollfd ready;
    ready.fd = exchange->socket;
    ready.events = events;
    for (;;) {
        long long left = exchange->until_ms - now_ms();
        int count;
        if (left <= 0 || xq_http_reply_is_canceled(exchange->reply)) return XQ_TIMEOUT;
        count = poll(&ready, 1, left > 50 ? 50 : (int)left);
        if (count > 0) return XQ_OK;
        if (count < 0 && errno != EINTR) return XQ_NETWORK;
    }
}

/* Splits http://HOST[:PORT]/PATH; the path is what follows in `url`. */
static const char *split(const char *url, char *host, size_t host_size, char *port, size_t port_size) {
    const char *start = url + strlen("http://"), *path, *colon;
    size_t length;
    if (strncmp(url, "http://", strlen("http://")) != 0) return NULL;
    path = strchr(start, '/');
    if (!path) return NULL;
    colon = (const char *)memchr(start, ':', (size_t)(path - start));
    length = (size_t)((colon ? colon : path) - start);
    if (length >= host_size) return NULL;
    memcpy(host, start, length);
    host[length] = '\0';
    length = colon ? (size_t)(path - colon - 1) : 2;
    if (length >= port_size) return NULL;
    memcpy(port, colon ? colon + 1 : "80", length);
    port[length] = '\0';
    return path;
}

/* Connects to one address with a socket that never blocks: what waits is wait_for(). */
static int32_t connect_to(exchange_t *exchange, const struct addrinfo *address) {
    int error = 0;
    socklen_t size = sizeof error;
    int32_t status = XQ_OK;
    exchange->socket = socket(address->ai_family, address->ai_socktype, address->ai_protocol);
    if (exchange->socket < 0) return XQ_NETWORK;
    if (fcntl(exchange->socket, F_SETFL, O_NONBLOCK) != 0) status = XQ_NETWORK;
    if (status == XQ_OK && connect(exchange->socket, address->ai_addr, address->ai_addrlen) != 0) {
        status = errno == EINPROGRESS ? wait_for(exchange, POLLOUT) : XQ_NETWORK;
        if (status == XQ_OK && (getsockopt(exchange->socket, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0))
            status = XQ_NETWORK;
    }
    if (status != XQ_OK) close(exchange->socket);
    return status;
}

/* Tries each address of a host. That looking them up has no time limit is getaddrinfo()'s; a board has its own way. */
static int32_t connect_to_any(exchange_t *exchange, const char *host, const char *port) {
    struct addrinfo hints, *found, *address;
    int32_t status = XQ_NETWORK;
    memset(&hints, 0, sizeof hints);
    hints.ai_socktype = SOCK_STREAM;
    if (getaddrinfo(host, port, &hints, &found) != 0) return XQ_NETWORK;
    for (address = found; address && status == XQ_NETWORK; address = address->ai_next)
        status = connect_to(exchange, address);
    freeaddrinfo(found);
    return status;
}

/* Whether a call on the socket only has to be made again, once it is ready. */
static int is_not_ready(void) {
    return errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK;
}

static int32_t send_all(const exchange_t *exchange, const void *bytes, size_t length) {
    const char *next = (const char *)bytes;
    while (length > 0) {
        ssize_t sent;
        int32_t status = wait_for(exchange, POLLOUT);
        if (status != XQ_OK) return status;
        sent = send(exchange->socket, next, length, MSG_NOSIGNAL);
        if (sent < 0 && !is_not_ready()) return XQ_NETWORK;
        if (sent > 0) {
            next += sent;
            length -= (size_t)sent;
        }
    }
    return XQ_OK;
}

static int32_t send_text(const exchange_t *exchange, const char *text) {
    return send_all(exchange, text, strlen(text));
}

static int32_t send_request(const exchange_t *exchange, const xq_http_request_t *request, const char *host,
                            const char *port, const char *path) {
    char line[512];
    size_t i;
    int32_t status = send_text(exchange, request->method);
    if (status == XQ_OK) status = send_text(exchange, " ");
    if (status == XQ_OK) status = send_text(exchange, path);
    snprintf(line, sizeof line, " HTTP/1.1\r\nhost: %s:%s\r\nconnection: close\r\n", host, port);
    if (status == XQ_OK) status = send_text(exchange, line);
    for (i = 0; i < request->header_count && status == XQ_OK; i++) {
        status = send_text(exchange, request->header_names[i]);
        if (status == XQ_OK) status = send_text(exchange, ": ");
        if (status == XQ_OK) status = send_text(exchange, request->header_values[i]);
        if (status == XQ_OK) status = send_text(exchange, "\r\n");
    }
    line[0] = '\0';
    if (request->body) snprintf(line, sizeof line, "content-length: %lu\r\n", (unsigned long)request->body_length);
    if (status == XQ_OK) status = send_text(exchange, line);
    if (status == XQ_OK) status = send_text(exchange, "\r\n");
    if (status == XQ_OK && request->body) status = send_all(exchange, request->body, request->body_length);
    return status;
}

/* Reads more; XQ_NETWORK at the end. */
static int32_t receive(const exchange_t *exchange, input_t *input) {
    for (;;) {
        ssize_t amount;
        int32_t status = wait_for(exchange, POLLIN);
        if (status != XQ_OK) return status;
        amount = recv(exchange->socket, input->bytes + input->filled, sizeof input->bytes - 1 - input->filled, 0);
        if (amount > 0) {
            input->filled += (size_t)amount;
            input->bytes[input->filled] = '\0';
            return XQ_OK;
        }
        if (amount == 0 || !is_not_ready()) return XQ_NETWORK;
    }
}

static void drop(input_t *input, size_t amount) {
    memmove(input->bytes, input->bytes + amount, input->filled - amount + 1);
    input->filled -= amount;
}

/* The value of a header field in a head, NULL where it has none. */
static const char *field(const char *head, const char *name) {
    size_t length = strlen(name);
    const char *line;
    for (line = strstr(head, "\r\n"); line; line = strstr(line, "\r\n")) {
        line += 2;
        if (strncasecmp(line, name, length) == 0 && line[length] == ':') {
            line += length + 1;
            return line + strspn(line, " \t");
        }
    }
    return NULL;
}

/* Hands `length` bytes of the body on. */
static int32_t take(const exchange_t *exchange, input_t *input, size_t length, xq_http_reply_t *reply) {
    while (length > 0) {
        size_t amount = input->filled < length ? input->filled : length;
        int32_t status;
        if (amount == 0) {
            status = receive(exchange, input);
        } else {
            status = xq_http_reply_add_body(reply, input->bytes, amount);
            drop(input, amount);
            length -= amount;
            /* The library knows of a body that is too large, and says so itself. */
            if (status == XQ_PROTOCOL) return XQ_PROTOCOL;
        }
        if (status != XQ_OK) return status;
    }
    return XQ_OK;
}

/* A line of a chunked body, without its end. */
static int32_t take_line(const exchange_t *exchange, input_t *input, char *line, size_t size) {
    char *end;
    while (!(end = strstr(input->bytes, "\r\n"))) {
        int32_t status = input->filled + 1 < sizeof input->bytes ? receive(exchange, input) : XQ_NETWORK;
        if (status != XQ_OK) return status;
    }
    if ((size_t)(end - input->bytes) >= size) return XQ_NETWORK;
    memcpy(line, input->bytes, (size_t)(end - input->bytes));
    line[end - input->bytes] = '\0';
    drop(input, (size_t)(end - input->bytes) + 2);
    return XQ_OK;
}

static int32_t take_chunks(const exchange_t *exchange, input_t *input, xq_http_reply_t *reply) {
    for (;;) {
        char line[64], *end;
        unsigned long size;
        int32_t status = take_line(exchange, input, line, sizeof line);
        if (status != XQ_OK) return status;
        size = strtoul(line, &end, 16);
        if (end == line) return XQ_NETWORK;
        if (size == 0) return XQ_OK;
        status = take(exchange, input, size, reply);
        if (status == XQ_OK) status = take_line(exchange, input, line, sizeof line);
        if (status != XQ_OK) return status;
    }
}

/* Seconds alone, which is what services send: from a date they would have to be reckoned here. */
static void set_retry_after(xq_http_reply_t *reply, const char *value) {
    size_t digits = value ? strspn(value, "0123456789") : 0;
    if (digits > 0 && digits < 10 && value[digits] == '\r') xq_http_reply_set_retry_after(reply, (uint32_t)atol(value));
}

static int32_t receive_reply(const exchange_t *exchange, xq_http_reply_t *reply) {
    input_t *input = (input_t *)calloc(1, sizeof *input);
    char *head, *end = NULL;
    const char *length, *encoding;
    int32_t status = input ? XQ_OK : XQ_NETWORK;
    int http_status = 0;
    while (status == XQ_OK && !(end = strstr(input->bytes, "\r\n\r\n")))
        status = input->filled + 1 < sizeof input->bytes ? receive(exchange, input) : XQ_NETWORK;
    if (status != XQ_OK || sscanf(input->bytes, "HTTP/1.%*c %3d", &http_status) != 1) {
        free(input);
        return status != XQ_OK ? status : failed(reply, XQ_NETWORK, "the reply is not HTTP/1.1");
    }
    head = (char *)calloc(1, (size_t)(end - input->bytes) + 3);
    if (head) {
        memcpy(head, input->bytes, (size_t)(end - input->bytes) + 2);
        drop(input, (size_t)(end - input->bytes) + 4);
        xq_http_reply_set_status(reply, http_status);
        set_retry_after(reply, field(head, "retry-after"));
        xq_http_reply_set_content_type(reply, field(head, "content-type"));
        encoding = field(head, "transfer-encoding");
        length = field(head, "content-length");
        if (encoding && strncasecmp(encoding, "chunked", 7) == 0) status = take_chunks(exchange, input, reply);
        else if (length) status = take(exchange, input, strtoul(length, NULL, 10), reply);
        else if (http_status != 204) status = failed(reply, XQ_NETWORK, "the reply does not tell its length");
    }
    free(head);
    /* What passed through held keys; a product would wipe it with a function that is not optimized away. */
    memset(input->bytes, 0, sizeof input->bytes);
    free(input);
    return status == XQ_PROTOCOL ? XQ_OK : status;
}

int32_t posix_transport(void *context, const xq_http_request_t *request, xq_http_reply_t *reply) {
    char host[256], port[8];
    exchange_t exchange;
    int32_t status;
    const char *path = split(request->url, host, sizeof host, port, sizeof port);
    (void)context;
    exchange.until_ms = now_ms() + request->timeout_ms;
    exchange.reply = reply;
    /* Until there is a connection, a failed call has done nothing. */
    status = path ? connect_to_any(&exchange, host, port) : XQ_TLS;
    if (status != XQ_OK) {
        xq_http_reply_set_not_sent(reply);
        return failed(reply, status,
                      path ? "there is no connection" : "this transport has no TLS: it takes http:// addresses alone");
    }
    status = send_request(&exchange, request, host, port, path);
    if (status == XQ_OK) status = receive_reply(&exchange, reply);
    close(exchange.socket);
    return status;
}
