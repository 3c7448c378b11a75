/*
 * Shares a secret key: the sender stores it for the recipient, the recipient fetches it, a stranger is refused, the
 * sender takes it back, and the recipient is refused too.
 *
 *     share_key RECIPIENT SENDER_TOKEN RECIPIENT_TOKEN STRANGER_TOKEN
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

static int store(xq_api_t *sender, const char *recipient, const char *key, char **locator) {
    const char *recipients[1];
    xq_packet_options_t options = XQ_PACKET_OPTIONS_INIT;
    xq_error_t *error = NULL;
    xq_status_t status;
    recipients[0] = recipient;
    options.expires_hours = 1;
    options.subject = "The key to report.pdf";
    status = xq_create_and_store_packet(sender, key, recipients, 1, &options, locator, &error);
    if (status != XQ_OK) return failed("store", status, error);
    printf("The sender has stored a key; its locator token is %s.\n", *locator);
    return 1;
}

static int fetch(xq_api_t *recipient, const char *locator, const char *expected) {
    char *key = NULL;
    int same;
    xq_error_t *error = NULL;
    xq_status_t status = xq_get_packet(recipient, locator, &key, &error);
    if (status != XQ_OK) return failed("fetch", status, error);
    same = strcmp(key, expected) == 0;
    printf("The recipient has fetched %s key.\n", same ? "the same" : "another");
    xq_string_free(key);
    return same;
}

/* The service must say no; its words are in the error's message. */
static int is_refused(xq_api_t *api, const char *who, const char *locator) {
    xq_error_t *error = NULL;
    xq_status_t status = xq_get_packet(api, locator, NULL, &error);
    if (status == XQ_REJECTED) printf("%s is refused: %s\n", who, xq_error_message(error));
    else fprintf(stderr, "%s: expected a refusal, got %s\n", who, xq_status_name(status));
    xq_error_free(error);
    return status == XQ_REJECTED;
}

static int take_back(xq_api_t *sender, const char *locator) {
    xq_error_t *error = NULL;
    xq_status_t status = xq_revoke_packet(sender, locator, &error);
    if (status != XQ_OK) return failed("revoke", status, error);
    printf("The sender has taken the key back.\n");
    return 1;
}

int main(int argc, char **argv) {
    /* A real program takes its key from a good random source. */
    static const char key[] = ".1Zk3vT0yq8hV5wN2xR7dLbQe4mUc9sJaG";
    xq_config_t *config = xq_config_new();
    xq_api_t *sender = NULL, *recipient = NULL, *stranger = NULL;
    char *locator = NULL;
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
        ok = sender && recipient && stranger && store(sender, argv[1], key, &locator) && fetch(recipient, locator, key) &&
             is_refused(stranger, "A stranger", locator) && take_back(sender, locator) &&
             is_refused(recipient, "The recipient", locator);
    }
    xq_string_free(locator);
    xq_api_free(stranger);
    xq_api_free(recipient);
    xq_api_free(sender);
    xq_config_free(config);
    return ok ? 0 : 1;
}
