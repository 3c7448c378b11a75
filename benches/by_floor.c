#include "floor.h"

#include <openssl/err.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench.h"

/* The same request as libxq's. */
static const char head[] = "GET /key/" LOCATOR " HTTP/1.1\r\nhost: %s\r\napi-key: " API_KEY
                           "\r\ncontent-type: application/json\r\nuser-agent: libxq/0.1.0\r\n"
                           "authorization: Bearer " TOKEN "\r\n\r\n";

static void tls_failed(const char *what) {
    give_up(what, ERR_reason_error_string(ERR_get_error()));
}

static int connected(const char *host, const char *port) {
    struct addrinfo hints, *found;
    int connection;
    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_STREAM;
    if (getaddrinfo(host, port, &hints, &found) != 0) give_up("floor", "the host is not known");
    connection = socket(found->ai_family, SOCK_STREAM, 0);
    if (connect(connection, found->ai_addr, found->ai_addrlen) != 0) give_up("floor", "no connection");
    freeaddrinfo(found);
    return connection;
}

void floor_open(floor_client_t *client, const char *origin, const char *ca_file) {
    char host[256], *port;
    snprintf(host, sizeof host, "%s", origin + strlen("https://"));
    client->length = (size_t)snprintf(client->request, sizeof client->request, head, host);
    port = strrchr(host, ':');
    *port++ = 0;
    client->context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_verify(client->context, SSL_VERIFY_PEER, NULL);
    if (SSL_CTX_load_verify_locations(client->context, ca_file, NULL) != 1) tls_failed("floor: the root certificate");
    client->tls = SSL_new(client->context);
    SSL_set1_host(client->tls, host);
    SSL_set_fd(client->tls, connected(host, port));
    if (SSL_connect(client->tls) != 1) tls_failed("floor: the handshake");
}

void floor_close(floor_client_t *client) {
    close(SSL_get_fd(client->tls));
    SSL_free(client->tls);
    SSL_CTX_free(client->context);
}

void call_by_floor(floor_client_t *client) {
    char reply[4096], *body, *key;
    int length;
    if (SSL_write(client->tls, client->request, (int)client->length) != (int)client->length) tls_failed("floor");
    length = SSL_read(client->tls, reply, sizeof reply - 1);
    if (length <= 0) tls_failed("floor");
    reply[length] = 0;
    body = strstr(reply, "\r\n\r\n");
    if (!body || strncmp(reply, "HTTP/1.1 200", 12) != 0) give_up("floor", reply);
    key = malloc(strlen(body));
    strcpy(key, body + 4);
    free(key);
}
