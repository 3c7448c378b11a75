/*
 * Seals a file for somebody, or opens one, with a bar that shows how far it is.
 *
 *     seal_file seal TOKEN FILE SEALED_FILE RECIPIENT...
 *     seal_file open TOKEN SEALED_FILE FOLDER_OR_FILE
 *
 * TOKEN is a file with the access token of a person who has signed in (see sign_in.c). The settings come from the
 * environment (XQ_API_KEY at least).
 */
#include <stdio.h>
#include <string.h>

#include "xq.h"

static int failed(const char *what, xq_status_t status, xq_error_t *error) {
    fprintf(stderr, "%s: %s: %s\n", what, xq_status_name(status), xq_error_message(error));
    xq_error_free(error);
    return 0;
}

/* Draws the bar when it has grown. */
static int32_t draw(void *context, uint64_t done, uint64_t total) {
    enum { WIDTH = 40 };
    int *drawn = context;
    int filled = total > 0 ? (int)((double)done / (double)total * WIDTH) : WIDTH;
    if (filled != *drawn) {
        fprintf(stderr, "\r[%-*.*s]", WIDTH, filled, "########################################");
        if (done == total) fputc('\n', stderr);
        *drawn = filled;
    }
    return 0; /* anything else would stop the work */
}

static int seal(xq_api_t *api, const char *input, const char *output, char **recipients, int count) {
    xq_seal_options_t options = XQ_SEAL_OPTIONS_INIT;
    xq_error_t *error = NULL;
    xq_status_t status;
    int drawn = -1;
    options.progress = draw;
    options.progress_context = &drawn;
    options.overwrite = 1;
    status = xq_encrypt_file(api, input, output, (const char *const *)recipients, (size_t)count, &options, &error);
    if (status != XQ_OK) return failed(input, status, error);
    printf("%s is sealed as %s.\n", input, output);
    return 1;
}

static int open(xq_api_t *api, const char *input, const char *output) {
    xq_seal_options_t options = XQ_SEAL_OPTIONS_INIT;
    char *name = NULL, *path = NULL;
    xq_error_t *error = NULL;
    xq_status_t status;
    int drawn = -1;
    options.progress = draw;
    options.progress_context = &drawn;
    status = xq_decrypt_file(api, input, output, &options, &name, &path, &error);
    if (status != XQ_OK) return failed(input, status, error);
    printf("%s is opened as %s.\n", input, path);
    xq_string_free(name);
    xq_string_free(path);
    return 1;
}

/* Signs in with the access token in a file. */
static int sign_in(xq_api_t *api, const char *path) {
    char token[8192 + 1] = "";
    FILE *file = fopen(path, "r");
    xq_error_t *error = NULL;
    xq_status_t status;
    if (!file || !fgets(token, sizeof token, file)) perror(path);
    if (file) fclose(file);
    status = xq_set_access_token(api, token, &error);
    return status == XQ_OK ? 1 : failed(path, status, error);
}

int main(int argc, char **argv) {
    int seals = argc >= 6 && strcmp(argv[1], "seal") == 0;
    int opens = argc == 5 && strcmp(argv[1], "open") == 0;
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL;
    xq_error_t *error = NULL;
    xq_status_t status = XQ_OK;
    int ok = 0;
    if (!seals && !opens) {
        fprintf(stderr, "usage: %s seal TOKEN FILE SEALED_FILE RECIPIENT...\n", argv[0]);
        fprintf(stderr, "       %s open TOKEN SEALED_FILE FOLDER_OR_FILE\n", argv[0]);
        xq_config_free(config);
        return 2;
    }
    status = xq_config_read_environment(config, &error);
    if (status == XQ_OK) status = xq_api_new(config, &api, &error);
    if (status != XQ_OK) failed("settings", status, error);
    else if (sign_in(api, argv[2]))
        ok = seals ? seal(api, argv[3], argv[4], argv + 5, argc - 5) : open(api, argv[3], argv[4]);
    xq_api_free(api);
    xq_config_free(config);
    return ok ? 0 : 1;
}
