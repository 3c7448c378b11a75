#include "exchange.h"

#include "bench.h"

void must(xq_status_t status, xq_error_t **error, const char *what) {
    if (status != XQ_OK) give_up(what, *error ? xq_error_message(*error) : xq_status_name(status));
}

xq_api_t *open_handle(const char *origin, const char *ca_file) {
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL;
    xq_error_t *error = NULL;
    int32_t service;
    must(xq_config_set_api_key(config, API_KEY, &error), &error, "the API key");
    must(xq_config_set_ca_file(config, ca_file, &error), &error, "the root certificate");
    for (service = 0; service < 4; service++)
        must(xq_config_set_service_url(config, service, origin, &error), &error, "a service's address");
    must(xq_api_new(config, &api, &error), &error, "the handle");
    must(xq_set_access_token(api, TOKEN, &error), &error, "the token");
    xq_config_free(config);
    return api;
}

void call_by_xq(xq_api_t *api) {
    xq_error_t *error = NULL;
    char *key = NULL;
    must(xq_get_packet(api, LOCATOR, &key, &error), &error, "xq_get_packet");
    xq_string_free(key);
}
