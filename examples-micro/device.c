#include "device.h"

#include <stddef.h>

#include "board.h"
#include "linked.h"
#include "serial_transport.h"

int failed(const char *what, xq_status_t status, xq_error_t *error) {
    board_print(what);
    board_print(": ");
    board_print(xq_status_name(status));
    if (error) {
        board_print(": ");
        board_print(xq_error_message(error));
    }
    board_print("\n");
    xq_error_free(error);
    return 0;
}

static xq_status_t set_services(xq_config_t *config, xq_error_t **error) {
    const struct {
        int32_t service;
        const char *url;
    } services[] = {
        {XQ_SERVICE_SUBSCRIPTION, linked_subscription_url},
        {XQ_SERVICE_VALIDATION, linked_validation_url},
        {XQ_SERVICE_DASHBOARD, linked_dashboard_url},
        {XQ_SERVICE_QUANTUM, linked_quantum_url},
    };
    xq_status_t status = XQ_OK;
    size_t i;
    for (i = 0; i < sizeof services / sizeof *services && status == XQ_OK; i++)
        status = xq_config_set_service_url(config, services[i].service, services[i].url, error);
    return status;
}

xq_api_t *device_connect(xq_transport_t transport) {
    /* One line, which outlives the handles over it. */
    static serial_line_t line;
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL;
    xq_error_t *error = NULL;
    xq_status_t status = xq_config_set_api_key(config, linked_api_key, &error);
    if (status == XQ_OK) status = xq_config_set_dashboard_api_key(config, linked_dashboard_key, &error);
    /* The emulator's addresses are http://; what they are for is this machine alone. */
    if (status == XQ_OK) status = xq_config_set_allow_plain_http(config, 1, &error);
    if (status == XQ_OK) status = set_services(config, &error);
    if (status == XQ_OK) status = xq_config_set_timeout_ms(config, TIMEOUT_MS, &error);
    if (status == XQ_OK) status = xq_config_set_max_reply_bytes(config, MAX_REPLY_BYTES, &error);
    if (status == XQ_OK) status = xq_config_set_transport(config, transport, &line, &error);
    if (status == XQ_OK) status = xq_api_new(config, &api, &error);
    if (status != XQ_OK) failed("settings", status, error);
    xq_config_free(config);
    return api;
}

int device_sign_in(xq_api_t *api, int announce) {
    xq_error_t *error = NULL;
    xq_status_t status = xq_authorize_device_cert_memory(api, linked_certificate_id, linked_certificate,
                                                         linked_transport_key, linked_private_key, "meter-7", announce, NULL,
                                                         &error);
    return status == XQ_OK ? 1 : failed("sign in", status, error);
}
