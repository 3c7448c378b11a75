/* HTTP exchanges over plain POSIX sockets, for xq_config_set_transport(). */
#ifndef POSIX_TRANSPORT_H
#define POSIX_TRANSPORT_H

#include "xq.h"

/* An xq_transport_t for http:// addresses; its context is not used. */
int32_t posix_transport(void *context, const xq_http_request_t *request, xq_http_reply_t *reply);

#endif
