/*
 * Signs a device of a business's trusted range in and announces it.
 *
 *     device NAME BUSINESS
 *
 * The settings come from the environment: XQ_API_KEY and XQ_LOCATOR_KEY at least.
 */
#include <stdio.h>

#include "xq.h"

static int failed(const char *what, xq_status_t status, xq_error_t *error) {
    fprintf(stderr, "%s: %s: %s\n", what, xq_status_name(status), xq_error_message(error));
    xq_error_free(error);
    return 0;
}

static xq_api_t *connect_from_environment(void) {
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL;
    xq_error_t *error = NULL;
    xq_status_t status = xq_config_read_environment(config, &error);
    if (status == XQ_OK) status = xq_api_new(config, &api, &error);
    if (status != XQ_OK) failed("settings", status, error);
    xq_config_free(config);
    return api;
}

/*
 * The one call that can give a token and an error: the device is signed in, and only the announcement failed. Then it is
 * the announcement that is tried again, not the sign-in.
 */
static int sign_in(xq_api_t *api, const char *device, const char *business) {
    char *token = NULL;
    xq_error_t *error = NULL;
    xq_status_t status = xq_authorize_device(api, device, business, 1, &token, &error);
    int signed_in = token != NULL;
    xq_string_free(token);
    if (!signed_in) return failed("authorize", status, error);
    printf("The device %s is signed in.\n", device);
    if (status != XQ_OK) {
        failed("announce", status, error);
        error = NULL;
        status = xq_announce_device(api, device, &error);
        if (status != XQ_OK) return failed("announce again", status, error);
    }
    printf("It is announced to the dashboard.\n");
    return 1;
}

int main(int argc, char **argv) {
    xq_api_t *api;
    int ok;
    if (argc != 3) {
        fprintf(stderr, "usage: %s NAME BUSINESS\n", argv[0]);
        return 2;
    }
    api = connect_from_environment();
    ok = api && sign_in(api, argv[1], argv[2]);
    xq_api_free(api);
    return ok ? 0 : 1;
}
