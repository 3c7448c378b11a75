/*
 * Signs in over the program's own TLS: the library opens no socket. See mbedtls_transport.c for the function.
 *
 *     own_tls ALIAS ROOT.pem
 *
 * The settings come from the environment (XQ_API_KEY at least, and XQ_CA_FILE not: whom to trust is the transport's).
 */
#include <stdio.h>

#include "mbedtls_transport.h"
#include "xq.h"

static int failed(const char *what, xq_status_t status, xq_error_t *error) {
    fprintf(stderr, "%s: %s: %s\n", what, xq_status_name(status), xq_error_message(error));
    xq_error_free(error);
    return 0;
}

/* Firmware has the certificate linked in, or in its flash. */
static int read_root(const char *path, char *root, size_t size) {
    FILE *file = fopen(path, "rb");
    size_t length = file ? fread(root, 1, size - 1, file) : 0;
    root[length] = '\0';
    if (file) fclose(file);
    if (length == 0 || length == size - 1) fprintf(stderr, "%s cannot be read, or is too large\n", path);
    return length > 0 && length < size - 1;
}

static mbedtls_transport_t *trust(const char *path) {
    char root[8192];
    const char *why = "";
    mbedtls_transport_t *transport;
    if (!read_root(path, root, sizeof root)) return NULL;
    transport = mbedtls_transport_new(root, &why);
    if (!transport) fprintf(stderr, "TLS: %s\n", why);
    return transport;
}

static xq_api_t *connect_over(mbedtls_transport_t *transport) {
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL;
    xq_error_t *error = NULL;
    xq_status_t status = xq_config_read_environment(config, &error);
    if (status == XQ_OK) status = xq_config_set_transport(config, mbedtls_transport, transport, &error);
    if (status == XQ_OK) status = xq_api_new(config, &api, &error);
    if (status != XQ_OK) failed("settings", status, error);
    xq_config_free(config);
    return api;
}

static int sign_in(xq_api_t *api, const char *alias) {
    xq_error_t *error = NULL;
    xq_status_t status = xq_authorize_alias(api, alias, NULL, NULL, NULL, &error);
    if (status != XQ_OK) return failed("alias", status, error);
    printf("Signed in as %s over the program's own TLS.\n", alias);
    return 1;
}

int main(int argc, char **argv) {
    mbedtls_transport_t *transport;
    xq_api_t *api;
    int ok;
    if (argc != 3) {
        fprintf(stderr, "usage: %s ALIAS ROOT.pem\n", argv[0]);
        return 2;
    }
    transport = trust(argv[2]);
    api = transport ? connect_over(transport) : NULL;
    ok = api && sign_in(api, argv[1]);
    xq_api_free(api);
    /* Last: the handle uses it. */
    mbedtls_transport_free(transport);
    return ok ? 0 : 1;
}
