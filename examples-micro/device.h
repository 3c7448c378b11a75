/* The device as XQ knows it: a handle over the serial line, signed in by the certificate that is linked in. */
#ifndef DEVICE_H
#define DEVICE_H

#include "xq.h"

/* While a reply grows, the heap holds three times as much for a moment: the limit is what the largest reply here needs. */
enum { TIMEOUT_MS = 4000, MAX_REPLY_BYTES = 4 * 1024 };

/* Prints what failed, and frees the error. Always 0. */
int failed(const char *what, xq_status_t status, xq_error_t *error);

/* A handle for the services that are linked in, NULL where that failed. The transport's context is the serial_line_t. */
xq_api_t *device_connect(xq_transport_t transport);

/* Signs in by the certificate; 0 where that failed. */
int device_sign_in(xq_api_t *api, int announce);

#endif
