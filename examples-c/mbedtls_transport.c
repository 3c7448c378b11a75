/*
 * HTTPS over mbedTLS 2.28 and POSIX sockets: what a board copies, with its own sockets in place of posix_socket.c.
 *
 * The time limit of the request is that of connecting, the handshake, sending and the reply together. mbedTLS never waits
 * here: what it reads and writes with returns at once, and posix_wait() waits, which knows the limit.
 *
 * A connection takes 32 KB of heap and more; MBEDTLS_SSL_IN_CONTENT_LEN and MBEDTLS_SSL_OUT_CONTENT_LEN, set to less where
 * mbedTLS is built, make it smaller, if the services agree to send records of that length.
 */
#define _POSIX_C_SOURCE 200809L
#include "mbedtls_transport.h"

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/ssl.h>
#include <mbedtls/x509_crt.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http_exchange.h"
#include "posix_socket.h"

#ifndef MBEDTLS_HAVE_TIME_DATE
#error "without a clock (MBEDTLS_HAVE_TIME_DATE) mbedTLS takes certificates that have expired"
#endif

/* Longer than this, a connection is not left idle: somebody on the way may have forgotten it, and would not say so. */
enum { MAX_IDLE_MS = 30000 };

typedef struct {
    posix_socket_t below;
    mbedtls_ssl_context ssl;
    char authority[HTTP_MAX_AUTHORITY];
    long long idle_since_ms;
} connection_t;

struct mbedtls_transport {
    mbedtls_entropy_context entropy;
    mbedtls_ctr_drbg_context random;
    mbedtls_x509_crt root;
    mbedtls_ssl_config config;
    /* Guards `kept` alone. Firmware with one task that calls libxq needs no lock. */
    pthread_mutex_t lock;
    connection_t *kept;
};

static int configure(mbedtls_transport_t *transport, const char *root, const char **why) {
    static const unsigned char name[] = "libxq example";
    *why = "mbedTLS has no random bytes";
    if (mbedtls_ctr_drbg_seed(&transport->random, mbedtls_entropy_func, &transport->entropy, name, sizeof name) != 0)
        return 0;
    *why = "the root certificate does not parse; expected PEM";
    /* The NUL at the end is part of what it wants. More than 0 is how many of several did not parse. */
    if (mbedtls_x509_crt_parse(&transport->root, (const unsigned char *)root, strlen(root) + 1) != 0) return 0;
    *why = "mbedTLS cannot be configured; is there memory?";
    if (mbedtls_ssl_config_defaults(&transport->config, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM,
                                    MBEDTLS_SSL_PRESET_DEFAULT) != 0)
        return 0;
    mbedtls_ssl_conf_min_version(&transport->config, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
    mbedtls_ssl_conf_authmode(&transport->config, MBEDTLS_SSL_VERIFY_REQUIRED);
    mbedtls_ssl_conf_ca_chain(&transport->config, &transport->root, NULL);
    mbedtls_ssl_conf_rng(&transport->config, mbedtls_ctr_drbg_random, &transport->random);
#ifdef MBEDTLS_SSL_RENEGOTIATION
    /* The defaults, said: who the other end is stays what was verified. */
    mbedtls_ssl_conf_renegotiation(&transport->config, MBEDTLS_SSL_RENEGOTIATION_DISABLED);
#endif
    mbedtls_ssl_conf_legacy_renegotiation(&transport->config, MBEDTLS_SSL_LEGACY_NO_RENEGOTIATION);
    return 1;
}

mbedtls_transport_t *mbedtls_transport_new(const char *root, const char **why) {
    mbedtls_transport_t *transport = (mbedtls_transport_t *)calloc(1, sizeof *transport);
    *why = "there is no memory";
    if (!transport) return NULL;
    mbedtls_entropy_init(&transport->entropy);
    mbedtls_ctr_drbg_init(&transport->random);
    mbedtls_x509_crt_init(&transport->root);
    mbedtls_ssl_config_init(&transport->config);
    pthread_mutex_init(&transport->lock, NULL);
    if (configure(transport, root, why)) return transport;
    mbedtls_transport_free(transport);
    return NULL;
}

/* Closes a connection, with a farewell if it can be said at once. */
static void end(connection_t *connection) {
    if (!connection) return;
    mbedtls_ssl_close_notify(&connection->ssl);
    mbedtls_ssl_free(&connection->ssl);
    close(connection->below.socket);
    free(connection);
}

void mbedtls_transport_free(mbedtls_transport_t *transport) {
    if (!transport) return;
    end(transport->kept);
    pthread_mutex_destroy(&transport->lock);
    mbedtls_ssl_config_free(&transport->config);
    mbedtls_x509_crt_free(&transport->root);
    mbedtls_ctr_drbg_free(&transport->random);
    mbedtls_entropy_free(&transport->entropy);
    free(transport);
}

/* Puts a connection in the place of the one that is kept, which it gives. */
static connection_t *exchange_kept(mbedtls_transport_t *transport, connection_t *connection) {
    connection_t *before;
    pthread_mutex_lock(&transport->lock);
    before = transport->kept;
    transport->kept = connection;
    pthread_mutex_unlock(&transport->lock);
    return before;
}

/* Whether nothing has come since the last reply: what comes unasked is an end, or nothing to be trusted. */
static int is_quiet(connection_t *connection) {
    struct pollfd ready;
    ready.fd = connection->below.socket;
    ready.events = POLLIN;
    return mbedtls_ssl_check_pending(&connection->ssl) == 0 && poll(&ready, 1, 0) == 0;
}

/* The connection that is kept, if it is with this host and as good as new; NULL otherwise. */
static connection_t *take_kept(mbedtls_transport_t *transport, const http_address_t *address) {
    connection_t *connection = exchange_kept(transport, NULL);
    if (!connection) return NULL;
    if (strcmp(connection->authority, address->authority) == 0 && is_quiet(connection) &&
        posix_now_ms() - connection->idle_since_ms < MAX_IDLE_MS)
        return connection;
    end(connection);
    return NULL;
}

/* Nobody can hold a call up by sending on and on: once it has to end there is nothing to read, and posix_wait() says why. */
static int receive_below(void *context, unsigned char *bytes, size_t size) {
    const posix_socket_t *below = (const posix_socket_t *)context;
    ssize_t amount;
    if (posix_now_ms() >= below->until_ms || xq_http_reply_is_canceled(below->reply)) return MBEDTLS_ERR_SSL_WANT_READ;
    amount = recv(below->socket, bytes, size, 0);
    if (amount >= 0) return (int)amount;
    return posix_is_not_ready() ? MBEDTLS_ERR_SSL_WANT_READ : MBEDTLS_ERR_SSL_CONN_EOF;
}

static int send_below(void *context, const unsigned char *bytes, size_t length) {
    const posix_socket_t *below = (const posix_socket_t *)context;
    ssize_t amount = send(below->socket, bytes, length, MSG_NOSIGNAL);
    if (amount >= 0) return (int)amount;
    return posix_is_not_ready() ? MBEDTLS_ERR_SSL_WANT_WRITE : MBEDTLS_ERR_SSL_CONN_EOF;
}

/* After a call of mbedTLS that did not do it all: waits and gives XQ_OK where it is to be made again. */
static int32_t await(const connection_t *connection, int result) {
    if (result == MBEDTLS_ERR_SSL_WANT_READ) return posix_wait(&connection->below, POLLIN);
    if (result == MBEDTLS_ERR_SSL_WANT_WRITE) return posix_wait(&connection->below, POLLOUT);
    return XQ_NETWORK;
}

static int32_t write_all(void *context, const void *bytes, size_t length) {
    connection_t *connection = (connection_t *)context;
    const unsigned char *next = (const unsigned char *)bytes;
    while (length > 0) {
        /* After WANT_WRITE it wants to be called with the same bytes, as it is here. */
        int written = mbedtls_ssl_write(&connection->ssl, next, length);
        int32_t status = written > 0 ? XQ_OK : await(connection, written);
        if (status != XQ_OK) return status;
        if (written > 0) {
            next += written;
            length -= (size_t)written;
        }
    }
    return XQ_OK;
}

static int32_t read_some(void *context, void *bytes, size_t size, size_t *amount) {
    connection_t *connection = (connection_t *)context;
    for (;;) {
        int received = mbedtls_ssl_read(&connection->ssl, (unsigned char *)bytes, size);
        int32_t status = received > 0 ? XQ_OK : await(connection, received);
        if (received > 0) *amount = (size_t)received;
        if (received > 0 || status != XQ_OK) return status;
    }
}

/* What is wrong with the certificate of the other end, in words for people. */
static const char *refusal(uint32_t flags) {
    static const struct {
        uint32_t flags;
        const char *words;
    } reasons[] = {
        {MBEDTLS_X509_BADCERT_NOT_TRUSTED, "its certificate comes from a root that is not trusted"},
        {MBEDTLS_X509_BADCERT_EXPIRED, "its certificate, or one above it, has expired"},
        {MBEDTLS_X509_BADCERT_FUTURE, "its certificate is not valid yet; is the clock right?"},
        {MBEDTLS_X509_BADCERT_CN_MISMATCH, "its certificate is for another host"},
        {MBEDTLS_X509_BADCERT_KEY_USAGE | MBEDTLS_X509_BADCERT_EXT_KEY_USAGE | MBEDTLS_X509_BADCERT_NS_CERT_TYPE,
         "its certificate is for another purpose"},
        {MBEDTLS_X509_BADCERT_BAD_MD | MBEDTLS_X509_BADCERT_BAD_PK | MBEDTLS_X509_BADCERT_BAD_KEY,
         "its certificate is signed in a way that is not accepted"},
    };
    /* It was not looked at. */
    const uint32_t none = (uint32_t)-1;
    size_t i;
    for (i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (flags != none && (flags & reasons[i].flags) != 0) return reasons[i].words;
    return "its certificate is not accepted";
}

/* Says why there is no TLS, and gives the status that belongs to it. */
static int32_t explain(const connection_t *connection, int result, int32_t status, xq_http_reply_t *reply) {
    char message[512], other[64];
    const char *words = other;
    snprintf(other, sizeof other, "the handshake failed (mbedTLS -0x%04x)", (unsigned)-result);
    if (status == XQ_TIMEOUT) {
        words = "the handshake took longer than the time limit";
    } else if (result == MBEDTLS_ERR_X509_CERT_VERIFY_FAILED || result == MBEDTLS_ERR_SSL_BAD_HS_CERTIFICATE) {
        words = refusal(mbedtls_ssl_get_verify_result(&connection->ssl));
        status = XQ_TLS;
    } else if (result == MBEDTLS_ERR_SSL_INVALID_RECORD) {
        words = "it does not speak TLS; is this its HTTPS port?";
        status = XQ_TLS;
    } else if (result == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE) {
        words = "it refused the handshake; does it speak TLS 1.2?";
        status = XQ_TLS;
    } else if (result == MBEDTLS_ERR_SSL_CONN_EOF || result == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY) {
        words = "it closed the connection during the handshake";
    } else if (result != MBEDTLS_ERR_SSL_WANT_READ && result != MBEDTLS_ERR_SSL_WANT_WRITE) {
        status = XQ_TLS;
    }
    snprintf(message, sizeof message, "no TLS with %s: %s", connection->authority, words);
    return http_failed(reply, status, message);
}

static int32_t shake_hands(mbedtls_transport_t *transport, connection_t *connection, const char *host,
                           xq_http_reply_t *reply) {
    int32_t status = XQ_OK;
    int result = mbedtls_ssl_setup(&connection->ssl, &transport->config);
    if (result == 0) result = mbedtls_ssl_set_hostname(&connection->ssl, host);
    if (result != 0) return http_failed(reply, XQ_NETWORK, "there is no memory for TLS");
    mbedtls_ssl_set_bio(&connection->ssl, &connection->below, send_below, receive_below, NULL);
    while (status == XQ_OK && (result = mbedtls_ssl_handshake(&connection->ssl)) != 0)
        status = await(connection, result);
    return status == XQ_OK ? XQ_OK : explain(connection, result, status, reply);
}

/* A new connection, verified; NULL where there is none, `status` and the reply then say why. */
static connection_t *connect_new(mbedtls_transport_t *transport, const http_address_t *address, long long until_ms,
                                 xq_http_reply_t *reply, int32_t *status) {
    connection_t *connection = (connection_t *)calloc(1, sizeof *connection);
    *status = XQ_NETWORK;
    xq_http_reply_set_message(reply, "there is no memory for a connection");
    if (!connection) return NULL;
    connection->below.until_ms = until_ms;
    connection->below.reply = reply;
    strcpy(connection->authority, address->authority);
    *status = posix_connect(&connection->below, address->host, address->port);
    if (*status != XQ_OK) {
        xq_http_reply_set_message(reply, "there is no connection");
        free(connection);
        return NULL;
    }
    mbedtls_ssl_init(&connection->ssl);
    *status = shake_hands(transport, connection, address->host, reply);
    if (*status == XQ_OK) return connection;
    end(connection);
    return NULL;
}

int32_t mbedtls_transport(void *context, const xq_http_request_t *request, xq_http_reply_t *reply) {
    mbedtls_transport_t *transport = (mbedtls_transport_t *)context;
    long long until_ms = posix_now_ms() + request->timeout_ms;
    http_address_t address;
    http_stream_t stream = {NULL, read_some, write_all};
    connection_t *connection;
    int keep = 1;
    int32_t status = XQ_TLS;
    if (!http_split(request->url, "https://", "443", &address)) {
        xq_http_reply_set_not_sent(reply);
        return http_failed(reply, XQ_TLS, "this transport takes https:// addresses alone");
    }
    connection = take_kept(transport, &address);
    if (!connection) connection = connect_new(transport, &address, until_ms, reply, &status);
    if (!connection) {
        xq_http_reply_set_not_sent(reply);
        return status;
    }
    connection->below.until_ms = until_ms;
    connection->below.reply = reply;
    stream.context = connection;
    status = http_exchange(&stream, &address, request, reply, &keep);
    connection->below.reply = NULL;
    connection->idle_since_ms = posix_now_ms();
    end(keep ? exchange_kept(transport, connection) : connection);
    return status;
}
