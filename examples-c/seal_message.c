/*
 * Seals a message for somebody, who opens it on a handle of their own; a stranger cannot.
 *
 *     seal_message RECIPIENT SENDER_TOKEN RECIPIENT_TOKEN STRANGER_TOKEN
 *
 * RECIPIENT is the recipient's address; the others are files with the access tokens of three people who have signed in
 * (see sign_in.c). The settings come from the environment (XQ_API_KEY at least).
 */
#include <stdio.h>
#include <string.h>

#include "xq.h"

static int failed(const char *what, xq_status_t status, xq_error_t *error) {
    fprintf(stderr, "%s: %s: %s\n", what, xq_status_name(status), xq_error_message(error));
    xq_error_free(error);
    return 0;
}

/* A handle for the person whose access token is in this file. */
static xq_api_t *signed_in_as(const xq_config_t *config, const char *path) {
    char token[8192 + 1] = "";
    FILE *file = fopen(path, "r");
    xq_api_t *api = NULL;
    xq_error_t *error = NULL;
    xq_status_t status;
    if (!file || !fgets(token, sizeof token, file)) perror(path);
    if (file) fclose(file);
    status = xq_api_new(config, &api, &error);
    if (status == XQ_OK) status = xq_set_access_token(api, token, &error);
    if (status == XQ_OK) return api;
    failed(path, status, error);
    xq_api_free(api);
    return NULL;
}

static int seal_message(xq_api_t *sender, const char *recipient, const char *text, xq_bytes_t **sealed) {
    xq_packet_options_t packet = XQ_PACKET_OPTIONS_INIT;
    xq_seal_options_t options = XQ_SEAL_OPTIONS_INIT;
    xq_error_t *error = NULL;
    xq_status_t status;
    packet.expires_hours = 1;
    options.packet = &packet;
    status = xq_encrypt_auto(sender, (const uint8_t *)text, strlen(text), &recipient, 1, &options, sealed, &error);
    if (status != XQ_OK) return failed("seal", status, error);
    printf("The sender has sealed %lu bytes as %lu.\n", (unsigned long)strlen(text), (unsigned long)(*sealed)->length);
    return 1;
}

static int open_message(xq_api_t *recipient, const xq_bytes_t *sealed, const char *expected) {
    xq_bytes_t *text = NULL;
    xq_error_t *error = NULL;
    xq_status_t status = xq_decrypt_auto(recipient, sealed->data, sealed->length, NULL, &text, &error);
    int same;
    if (status != XQ_OK) return failed("open", status, error);
    same = text->length == strlen(expected) && memcmp(text->data, expected, text->length) == 0;
    printf("The recipient has opened it: %s\n", (const char *)text->data); /* a zero stands behind the bytes */
    xq_bytes_free(text);
    return same;
}

/* The service gives the key to nobody else; its words are in the error's message. */
static int is_refused(xq_api_t *stranger, const xq_bytes_t *sealed) {
    xq_error_t *error = NULL;
    xq_status_t status = xq_decrypt_auto(stranger, sealed->data, sealed->length, NULL, NULL, &error);
    if (status == XQ_REJECTED) printf("A stranger is refused: %s\n", xq_error_message(error));
    else fprintf(stderr, "A stranger: expected a refusal, got %s\n", xq_status_name(status));
    xq_error_free(error);
    return status == XQ_REJECTED;
}

int main(int argc, char **argv) {
    static const char text[] = "The meeting is moved to Thursday, 9:30.";
    xq_config_t *config = xq_config_new();
    xq_api_t *sender = NULL, *recipient = NULL, *stranger = NULL;
    xq_bytes_t *sealed = NULL;
    xq_error_t *error = NULL;
    xq_status_t status;
    int ok = 0;
    if (argc != 5) {
        fprintf(stderr, "usage: %s RECIPIENT SENDER_TOKEN RECIPIENT_TOKEN STRANGER_TOKEN\n", argv[0]);
        xq_config_free(config);
        return 2;
    }
    status = xq_config_read_environment(config, &error);
    if (status != XQ_OK) {
        failed("settings", status, error);
    } else {
        sender = signed_in_as(config, argv[2]);
        recipient = signed_in_as(config, argv[3]);
        stranger = signed_in_as(config, argv[4]);
        ok = sender && recipient && stranger && seal_message(sender, argv[1], text, &sealed) &&
             open_message(recipient, sealed, text) && is_refused(stranger, sealed);
    }
    xq_bytes_free(sealed);
    xq_api_free(stranger);
    xq_api_free(recipient);
    xq_api_free(sender);
    xq_config_free(config);
    return ok ? 0 : 1;
}
