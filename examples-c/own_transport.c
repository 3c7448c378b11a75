/*
 * Signs in with a transport of the program's own: the library opens no socket. See posix_transport.c for the function.
 *
 *     own_transport ALIAS
 *
 * The settings come from the environment (XQ_API_KEY at least).
 */
#include <stdio.h>

#include "posix_transport.h"
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
    if (status == XQ_OK) status = xq_config_set_transport(config, posix_transport, NULL, &error);
    if (status == XQ_OK) status = xq_api_new(config, &api, &error);
    if (status != XQ_OK) failed("settings", status, error);
    xq_config_free(config);
    return api;
}

static int sign_in(xq_api_t *api, const char *alias) {
    xq_error_t *error = NULL;
    xq_status_t status = xq_authorize_alias(api, alias, NULL, NULL, NULL, &error);
    if (status != XQ_OK) return failed("alias", status, error);
    printf("Signed in as %s over the program's own sockets.\n", alias);
    return 1;
}

int main(int argc, char **argv) {
    xq_api_t *api;
    int ok;
    if (argc != 2) {
        fprintf(stderr, "usage: %s ALIAS\n", argv[0]);
        return 2;
    }
    api = connect_from_environment();
    ok = api && sign_in(api, argv[1]);
    xq_api_free(api);
    return ok ? 0 : 1;
}
