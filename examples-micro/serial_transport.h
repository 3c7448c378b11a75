/* HTTP exchanges over a serial line with a modem at its other end, for xq_config_set_transport(). */
#ifndef SERIAL_TRANSPORT_H
#define SERIAL_TRANSPORT_H

#include "xq.h"

/* The line, kept alive from exchange to exchange. It begins as zeros. */
typedef struct {
    /* The last exchange broke off: what comes next may still be its reply, so that the line is hung up first. */
    int out_of_step;
    /* How much of the modem's words at the end of a connection stands at the end of what has come. */
    unsigned carrier_words;
} serial_line_t;

/* An xq_transport_t; its context is a serial_line_t. */
int32_t serial_transport(void *context, const xq_http_request_t *request, xq_http_reply_t *reply);

#endif
