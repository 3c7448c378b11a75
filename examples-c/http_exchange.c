/*
 * HTTP/1.1 over any stream of bytes: writes the request, reads the reply, and hands its parts to libxq as they come. It
 * takes MAX_HEAD bytes of heap and less than 1 KB of stack.
 */
#define _POSIX_C_SOURCE 200809L
#include "http_exchange.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The longest head of a reply that is taken; a board can do with 4 KB. */
enum { MAX_HEAD = 16 * 1024 };

/* An exchange under way, and what is gathered to be written, or was read and is not yet handed on. */
typedef struct {
    const http_stream_t *stream;
    int http_status;
    size_t filled;
    char bytes[MAX_HEAD];
} exchange_t;

int32_t http_failed(xq_http_reply_t *reply, int32_t status, const char *why) {
    xq_http_reply_set_message(reply, why);
    return status;
}

static int copy(char *to, size_t size, const char *from, size_t length) {
    if (length >= size) return 0;
    memcpy(to, from, length);
    to[length] = '\0';
    return 1;
}

int http_split(const char *url, const char *scheme, const char *standard_port, http_address_t *address) {
    size_t length = strlen(scheme);
    const char *start = url + length, *host = start, *end, *path, *colon;
    if (strncmp(url, scheme, length) != 0 || !(path = strchr(start, '/'))) return 0;
    address->path = path;
    /* The colons of an IPv6 address, which stands in brackets, are none of a port. */
    end = *start == '[' ? (const char *)memchr(start, ']', (size_t)(path - start)) : start;
    if (!end) return 0;
    colon = (const char *)memchr(end, ':', (size_t)(path - end));
    if (end > start) host++;
    else end = colon ? colon : path;
    return copy(address->authority, sizeof address->authority, start, (size_t)(path - start)) &&
           copy(address->host, sizeof address->host, host, (size_t)(end - host)) &&
           (colon ? copy(address->port, sizeof address->port, colon + 1, (size_t)(path - colon - 1))
                  : copy(address->port, sizeof address->port, standard_port, strlen(standard_port)));
}

/* What passed through held keys; a plain memset() before free() would be optimized away. */
static void wipe(void *bytes, size_t length) {
    volatile char *next = (volatile char *)bytes;
    while (length-- > 0) *next++ = 0;
}

static int32_t flush(exchange_t *exchange) {
    int32_t status = exchange->stream->write(exchange->stream->context, exchange->bytes, exchange->filled);
    exchange->filled = 0;
    return status;
}

/* Gathers what is to be sent, so that it goes in few packets. */
static int32_t put(exchange_t *exchange, const char *bytes, size_t length) {
    int32_t status = XQ_OK;
    while (length > 0 && status == XQ_OK) {
        size_t room = sizeof exchange->bytes - exchange->filled, amount = length < room ? length : room;
        memcpy(exchange->bytes + exchange->filled, bytes, amount);
        exchange->filled += amount;
        bytes += amount;
        length -= amount;
        if (exchange->filled == sizeof exchange->bytes) status = flush(exchange);
    }
    return status;
}

/* Puts texts one after the other, up to a NULL. */
static int32_t put_line(exchange_t *exchange, const char *const *texts) {
    int32_t status = XQ_OK;
    for (; *texts && status == XQ_OK; texts++) status = put(exchange, *texts, strlen(*texts));
    return status;
}

static int32_t send_request(exchange_t *exchange, const http_address_t *address, const xq_http_request_t *request,
                            int keep) {
    const char *first[] = {request->method, " ", NULL, " HTTP/1.1\r\nhost: ", NULL, "\r\n", NULL, NULL};
    char length[48] = "";
    size_t i;
    int32_t status;
    first[2] = address->path;
    first[4] = address->authority;
    if (!keep) first[6] = "connection: close\r\n";
    status = put_line(exchange, first);
    for (i = 0; i < request->header_count && status == XQ_OK; i++) {
        const char *line[] = {NULL, ": ", NULL, "\r\n", NULL};
        line[0] = request->header_names[i];
        line[2] = request->header_values[i];
        status = put_line(exchange, line);
    }
    if (request->body) snprintf(length, sizeof length, "content-length: %lu\r\n", (unsigned long)request->body_length);
    if (status == XQ_OK) status = put(exchange, length, strlen(length));
    if (status == XQ_OK) status = put(exchange, "\r\n", 2);
    if (status == XQ_OK) status = put(exchange, (const char *)request->body, request->body ? request->body_length : 0);
    return status == XQ_OK && exchange->filled > 0 ? flush(exchange) : status;
}

/* Reads more, and ends it with a NUL. */
static int32_t receive(exchange_t *exchange) {
    size_t amount = 0, room = sizeof exchange->bytes - 1 - exchange->filled;
    char *end = exchange->bytes + exchange->filled;
    int32_t status = room > 0 ? exchange->stream->read(exchange->stream->context, end, room, &amount) : XQ_NETWORK;
    exchange->filled += amount;
    exchange->bytes[exchange->filled] = '\0';
    return status;
}

static void drop(exchange_t *exchange, size_t amount) {
    memmove(exchange->bytes, exchange->bytes + amount, exchange->filled - amount + 1);
    exchange->filled -= amount;
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
static int32_t take(exchange_t *exchange, size_t length, xq_http_reply_t *reply) {
    while (length > 0) {
        size_t amount = exchange->filled < length ? exchange->filled : length;
        int32_t status;
        if (amount == 0) {
            status = receive(exchange);
        } else {
            status = xq_http_reply_add_body(reply, exchange->bytes, amount);
            drop(exchange, amount);
            length -= amount;
        }
        if (status != XQ_OK) return status;
    }
    return XQ_OK;
}

/* A line of a chunked body, without its end. */
static int32_t take_line(exchange_t *exchange, char *line, size_t size) {
    char *end;
    while (!(end = strstr(exchange->bytes, "\r\n"))) {
        int32_t status = receive(exchange);
        if (status != XQ_OK) return status;
    }
    if (!copy(line, size, exchange->bytes, (size_t)(end - exchange->bytes))) return XQ_NETWORK;
    drop(exchange, (size_t)(end - exchange->bytes) + 2);
    return XQ_OK;
}

static int32_t take_chunks(exchange_t *exchange, xq_http_reply_t *reply) {
    for (;;) {
        char line[256];
        unsigned long size;
        int32_t status = take_line(exchange, line, sizeof line);
        if (status != XQ_OK) return status;
        /* strtoul() takes a sign and blanks, too. */
        if (!isxdigit((unsigned char)line[0])) return http_failed(reply, XQ_NETWORK, "a chunk of the reply has no size");
        size = strtoul(line, NULL, 16);
        if (size == 0) break;
        status = take(exchange, size, reply);
        if (status == XQ_OK) status = take_line(exchange, line, sizeof line);
        if (status != XQ_OK) return status;
    }
    /* What follows the last chunk, up to an empty line, is of no use here. */
    for (;;) {
        char line[256];
        int32_t status = take_line(exchange, line, sizeof line);
        if (status != XQ_OK || line[0] == '\0') return status;
    }
}

/* Seconds alone, which is what services send: from a date they would have to be reckoned here. */
static void set_retry_after(xq_http_reply_t *reply, const char *value) {
    size_t digits = value ? strspn(value, "0123456789") : 0;
    if (digits > 0 && digits < 10 && value[digits] == '\r') xq_http_reply_set_retry_after(reply, (uint32_t)atol(value));
}

/* Whether a further request can follow a reply with this head. */
static int stays_open(const char *head) {
    const char *connection = field(head, "connection");
    int is_framed_once = !field(head, "transfer-encoding") || !field(head, "content-length");
    return strncmp(head, "HTTP/1.1 ", 9) == 0 && is_framed_once && !connection;
}

static int32_t take_body(exchange_t *exchange, const char *head, xq_http_reply_t *reply) {
    const char *encoding = field(head, "transfer-encoding"), *length = field(head, "content-length");
    if (encoding && strncasecmp(encoding, "chunked", 7) == 0) return take_chunks(exchange, reply);
    if (length && isdigit((unsigned char)*length)) return take(exchange, strtoul(length, NULL, 10), reply);
    return exchange->http_status == 204 ? XQ_OK : http_failed(reply, XQ_NETWORK, "the reply does not tell its length");
}

/* Reads until the head of the reply is there, without its end `length` bytes long. */
static int32_t receive_head(exchange_t *exchange, xq_http_reply_t *reply, size_t *length) {
    for (;;) {
        const char *end = NULL;
        int32_t status = XQ_OK;
        while (status == XQ_OK && !(end = strstr(exchange->bytes, "\r\n\r\n"))) status = receive(exchange);
        if (status != XQ_OK && exchange->filled + 1 == sizeof exchange->bytes)
            return http_failed(reply, XQ_NETWORK, "the head of the reply is too long");
        if (status != XQ_OK) return status;
        if (sscanf(exchange->bytes, "HTTP/1.%*c %3d", &exchange->http_status) != 1)
            return http_failed(reply, XQ_NETWORK, "the reply is not HTTP/1.1");
        *length = (size_t)(end - exchange->bytes);
        /* What only says that the reply is still to come, as 103 does, is none. */
        if (exchange->http_status / 100 != 1) return XQ_OK;
        drop(exchange, *length + 4);
    }
}

static int32_t receive_reply(exchange_t *exchange, xq_http_reply_t *reply, int *keep) {
    char *head;
    size_t length = 0;
    int32_t status;
    exchange->filled = 0;
    exchange->bytes[0] = '\0';
    status = receive_head(exchange, reply, &length);
    if (status != XQ_OK) return status;
    head = (char *)calloc(1, length + 3);
    if (!head) return http_failed(reply, XQ_NETWORK, "there is no memory for the head of the reply");
    memcpy(head, exchange->bytes, length + 2);
    drop(exchange, length + 4);
    xq_http_reply_set_status(reply, exchange->http_status);
    set_retry_after(reply, field(head, "retry-after"));
    xq_http_reply_set_content_type(reply, field(head, "content-type"));
    status = take_body(exchange, head, reply);
    /* What follows a reply that nobody asked for is not the next one. */
    *keep = *keep && status == XQ_OK && exchange->filled == 0 && stays_open(head);
    free(head);
    return status;
}

static const char *reason(int32_t status) {
    return status == XQ_TIMEOUT ? "the reply was not whole within the time limit"
                                : "the connection ended before the reply was whole";
}

int32_t http_exchange(const http_stream_t *stream, const http_address_t *address, const xq_http_request_t *request,
                      xq_http_reply_t *reply, int *keep) {
    exchange_t *exchange = (exchange_t *)malloc(sizeof *exchange);
    int32_t sent, status;
    if (!exchange) {
        *keep = 0;
        xq_http_reply_set_not_sent(reply);
        return http_failed(reply, XQ_NETWORK, "there is no memory for the exchange");
    }
    exchange->stream = stream;
    exchange->filled = 0;
    exchange->http_status = 0;
    sent = status = send_request(exchange, address, request, *keep);
    if (status != XQ_TIMEOUT) {
        xq_http_reply_set_message(reply, reason(XQ_NETWORK));
        /* A service may refuse a request, and close, before it has read it all; it cannot carry it out then. */
        status = receive_reply(exchange, reply, keep);
        if (sent != XQ_OK && exchange->http_status < 400) status = sent;
    }
    if (status == XQ_TIMEOUT) xq_http_reply_set_message(reply, reason(XQ_TIMEOUT));
    if (sent != XQ_OK || status != XQ_OK) *keep = 0;
    wipe(exchange, sizeof *exchange);
    free(exchange);
    /* The library knows of a body that is too large, and says so itself. */
    return status == XQ_PROTOCOL ? XQ_OK : status;
}
