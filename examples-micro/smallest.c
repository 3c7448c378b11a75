/* What a small product has of libxq: it signs in by its certificate, and seals readings. For the figures. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "board.h"
#include "device.h"
#include "serial_transport.h"
#include "xq.h"

int main(void) {
    static const char reading[] = "21.5 kWh";
    const char *recipient = "operator@alias.local";
    xq_api_t *api = board_give() ? device_connect(serial_transport) : NULL;
    xq_bytes_t *sealed = NULL;
    xq_error_t *error = NULL;
    int ok = api && device_sign_in(api, 0);
    xq_status_t status = XQ_INTERNAL;
    if (ok)
        status = xq_encrypt_auto(api, (const uint8_t *)reading, strlen(reading), &recipient, 1, NULL, &sealed, &error);
    if (ok && status != XQ_OK) failed("seal", status, error);
    ok = status == XQ_OK && board_store("reading.xq", sealed->data, sealed->length);
    xq_bytes_free(sealed);
    xq_api_free(api);
    return ok ? 0 : 1;
}
