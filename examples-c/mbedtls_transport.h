/* HTTPS exchanges over mbedTLS 2.28, for xq_config_set_transport(). */
#ifndef MBEDTLS_TRANSPORT_H
#define MBEDTLS_TRANSPORT_H

#include "xq.h"

typedef struct mbedtls_transport mbedtls_transport_t;

/*
 * Makes the context of mbedtls_transport(): whom it trusts, its random bytes, and the connection that it keeps.
 *
 * `root` is the root certificate in PEM, with a NUL at its end, or several; nothing else is trusted, and it is not looked
 * at afterwards. NULL on failure, `why` then says in a sentence what is wrong.
 */
mbedtls_transport_t *mbedtls_transport_new(const char *root, const char **why);

/* Closes what is open and frees everything, once no handle uses it any more. NULL is nothing. */
void mbedtls_transport_free(mbedtls_transport_t *transport);

/*
 * An xq_transport_t for https:// addresses; its context is an mbedtls_transport_t. The certificate of the other end must
 * come from a root of the context, be valid now, and be for the host's name: mbedTLS 2.28 does not take an IP address.
 * Several threads may be in it at once, where mbedTLS is built for that (MBEDTLS_THREADING_C, as Debian's is). One
 * connection is kept for the next exchange with the same host.
 */
int32_t mbedtls_transport(void *context, const xq_http_request_t *request, xq_http_reply_t *reply);

#endif
