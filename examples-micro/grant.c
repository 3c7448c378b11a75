/*
 * What a service would grant to a device with another kind of key than the emulator issues; for measure.sh.
 *
 *     grant token         prints an access token
 *     grant seal KEY      seals what comes in with a transport key, as the service does
 *
 * The settings come from the environment (XQ_API_KEY at least).
 */
#include <stdio.h>
#include <string.h>

#include "xq.h"

static int failed(xq_status_t status, xq_error_t *error) {
    fprintf(stderr, "%s: %s\n", xq_status_name(status), xq_error_message(error));
    xq_error_free(error);
    return 0;
}

static int token(void) {
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL;
    char *text = NULL;
    xq_error_t *error = NULL;
    xq_status_t status = xq_config_read_environment(config, &error);
    if (status == XQ_OK) status = xq_api_new(config, &api, &error);
    if (status == XQ_OK) status = xq_authorize_alias(api, "device", NULL, NULL, &text, &error);
    if (status == XQ_OK) fputs(text, stdout);
    xq_string_free(text);
    xq_api_free(api);
    xq_config_free(config);
    return status == XQ_OK ? 1 : failed(status, error);
}

/* An envelope of version 3 is a message in GCM without a frame. */
static int seal(const char *transport_key) {
    char key[256];
    uint8_t text[4096];
    size_t length = fread(text, 1, sizeof text, stdin);
    xq_bytes_t *sealed = NULL;
    xq_error_t *error = NULL;
    xq_status_t status;
    snprintf(key, sizeof key, ".1%s", transport_key);
    status = xq_encrypt_message(key, NULL, text, length, NULL, &sealed, &error);
    if (status == XQ_OK) fwrite(sealed->data, 1, sealed->length, stdout);
    xq_bytes_free(sealed);
    return status == XQ_OK ? 1 : failed(status, error);
}

int main(int argc, char **argv) {
    if (argc == 2 && strcmp(argv[1], "token") == 0) return token() ? 0 : 1;
    if (argc == 3 && strcmp(argv[1], "seal") == 0) return seal(argv[2]) ? 0 : 1;
    fprintf(stderr, "usage: %s token | %s seal KEY\n", argv[0], argv[0]);
    return 2;
}
