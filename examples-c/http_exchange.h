/* HTTP/1.1 over any stream of bytes, for functions that are given to xq_config_set_transport(). */
#ifndef HTTP_EXCHANGE_H
#define HTTP_EXCHANGE_H

#include "xq.h"

enum { HTTP_MAX_AUTHORITY = 272 };

/* Where a request goes: SCHEME://HOST[:PORT]/PATH, taken apart. */
typedef struct {
    char host[256];
    char port[8];
    /* Host and port as the address has them, for the header field of that name. */
    char authority[HTTP_MAX_AUTHORITY];
    /* The rest of the address. */
    const char *path;
} http_address_t;

/* A connection. Both functions keep the time limit and end where the operation is canceled. */
typedef struct {
    void *context;
    /* Reads at least one byte: XQ_OK, XQ_TIMEOUT, or XQ_NETWORK, which the end is too. */
    int32_t (*read)(void *context, void *bytes, size_t size, size_t *amount);
    /* Writes all of it: XQ_OK, XQ_TIMEOUT or XQ_NETWORK. */
    int32_t (*write)(void *context, const void *bytes, size_t length);
} http_stream_t;

/* Takes an address of this scheme and standard port apart; 0 where it is none. */
int http_split(const char *url, const char *scheme, const char *standard_port, http_address_t *address);

/*
 * Sends the request and reads the reply, as an xq_transport_t does. `keep` is 1 where the connection is to stay open, and
 * 1 afterwards where it can take another request.
 */
int32_t http_exchange(const http_stream_t *stream, const http_address_t *address, const xq_http_request_t *request,
                      xq_http_reply_t *reply, int *keep);

/* Says why there is no reply, and returns `status`. */
int32_t http_failed(xq_http_reply_t *reply, int32_t status, const char *why);

#endif
