/*
 * The host's side: the operator, who seals messages for the meter and opens its readings.
 *
 *     operator seal RECIPIENT TEXT FILE       seals TEXT for RECIPIENT into FILE
 *     operator open FILE                      opens FILE, and prints what is in it
 *
 * The settings come from the environment (XQ_API_KEY at least).
 */
#include <stdio.h>
#include <string.h>

#include "xq.h"

static int failed(const char *what, xq_status_t status, xq_error_t *error) {
    fprintf(stderr, "%s: %s: %s\n", what, xq_status_name(status), xq_error_message(error));
    xq_error_free(error);
    return 0;
}

static xq_api_t *sign_in(void) {
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL;
    xq_error_t *error = NULL;
    xq_status_t status = xq_config_read_environment(config, &error);
    if (status == XQ_OK) status = xq_api_new(config, &api, &error);
    if (status == XQ_OK) status = xq_authorize_alias(api, "operator", NULL, NULL, NULL, &error);
    xq_config_free(config);
    if (status == XQ_OK) return api;
    failed("sign in", status, error);
    xq_api_free(api);
    return NULL;
}

static int seal(xq_api_t *api, const char *recipient, const char *text, const char *path) {
    xq_bytes_t *sealed = NULL;
    xq_error_t *error = NULL;
    FILE *file;
    int ok;
    xq_status_t status =
        xq_encrypt_auto(api, (const uint8_t *)text, strlen(text), &recipient, 1, NULL, &sealed, &error);
    if (status != XQ_OK) return failed("seal", status, error);
    file = fopen(path, "wb");
    ok = file && fwrite(sealed->data, 1, sealed->length, file) == sealed->length;
    if (file && fclose(file) != 0) ok = 0;
    if (!ok) perror(path);
    xq_bytes_free(sealed);
    return ok;
}

static int open_file(xq_api_t *api, const char *path) {
    uint8_t sealed[4096];
    FILE *file = fopen(path, "rb");
    size_t length = file ? fread(sealed, 1, sizeof sealed, file) : 0;
    xq_bytes_t *text = NULL;
    xq_error_t *error = NULL;
    xq_status_t status;
    if (file) fclose(file);
    status = xq_decrypt_auto(api, sealed, length, NULL, &text, &error);
    if (status != XQ_OK) return failed("open", status, error);
    printf("The meter says: %s\n", (const char *)text->data);
    xq_bytes_free(text);
    return 1;
}

int main(int argc, char **argv) {
    int seals = argc == 5 && strcmp(argv[1], "seal") == 0;
    xq_api_t *api;
    int ok;
    if (!seals && !(argc == 3 && strcmp(argv[1], "open") == 0)) {
        fprintf(stderr, "usage: %s seal RECIPIENT TEXT FILE\n       %s open FILE\n", argv[0], argv[0]);
        return 2;
    }
    api = sign_in();
    ok = api && (seals ? seal(api, argv[2], argv[3], argv[4]) : open_file(api, argv[2]));
    xq_api_free(api);
    return ok ? 0 : 1;
}
