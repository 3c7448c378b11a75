/* The least that the exchange can cost: the same bytes over the same kind of TLS, one send and one receive, no limits. */
#ifndef FLOOR_H
#define FLOOR_H

#include <openssl/ssl.h>

#include "exchange.h"

typedef struct {
    SSL_CTX *context;
    SSL *tls;
    char request[1024];
    size_t length;
} floor_client_t;

void floor_open(floor_client_t *client, const char *origin, const char *ca_file);
void floor_close(floor_client_t *client);

/* One call. It ends the program where anything but a key comes back. */
void call_by_floor(floor_client_t *client);

#endif
