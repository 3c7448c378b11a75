/*
 * Signs a person in: checks the API key, asks for access, validates the PIN and exchanges it for an access token.
 *
 *     sign_in ADDRESS [FILE]
 *
 * The settings come from the environment (XQ_API_KEY at least). The service mails the PIN to ADDRESS; it is read from
 * standard input. The access token goes to FILE, for share_key.c and for the next time.
 */
#include <stdio.h>
#include <string.h>

#include "xq.h"

/* Tells what failed and frees the error. */
static int failed(const char *what, xq_status_t status, xq_error_t *error) {
    fprintf(stderr, "%s: %s: %s\n", what, xq_status_name(status), xq_error_message(error));
    if (xq_error_can_retry(error)) fprintf(stderr, "Trying again later can help.\n");
    if (xq_error_outcome(error) == XQ_OUTCOME_UNKNOWN) fprintf(stderr, "It may have been done all the same.\n");
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

static int check_api_key(xq_api_t *api) {
    char *answer = NULL;
    xq_error_t *error = NULL;
    xq_status_t status = xq_validate_api_key(api, &answer, &error);
    if (status != XQ_OK) return failed("API key", status, error);
    printf("The API key is valid: %s\n", answer);
    xq_string_free(answer);
    return 1;
}

static int ask_for_access(xq_api_t *api, const char *address) {
    xq_error_t *error = NULL;
    xq_status_t status = xq_authorize_user(api, address, NULL, NULL, 0, 0, NULL, &error);
    if (status != XQ_OK) return failed("authorize", status, error);
    return 1;
}

/* A PIN is text: it may begin with zeros. */
static int validate_pin(xq_api_t *api, const char *address) {
    char pin[32];
    xq_error_t *error = NULL;
    xq_status_t status;
    printf("The PIN that was mailed to %s: ", address);
    fflush(stdout);
    if (!fgets(pin, sizeof pin, stdin)) {
        fprintf(stderr, "no PIN was given\n");
        return 0;
    }
    pin[strcspn(pin, "\r\n")] = '\0';
    printf("\n");
    status = xq_code_validate(api, pin, &error);
    if (status != XQ_OK) return failed("PIN", status, error);
    return 1;
}

/* A token is a credential: it goes into a file that nobody else may read (umask 077), never onto the screen. */
static int keep(const char *token, const char *path) {
    FILE *file = fopen(path, "w");
    int written = file && fputs(token, file) >= 0;
    if (file && fclose(file) != 0) written = 0;
    if (!written) perror(path);
    return written;
}

static int exchange(xq_api_t *api, const char *path) {
    char *token = NULL;
    int ok;
    xq_error_t *error = NULL;
    xq_status_t status = xq_exchange_key(api, NULL, 0, &token, &error);
    if (status != XQ_OK) return failed("exchange", status, error);
    printf("Signed in, with an access token of %lu characters.\n", (unsigned long)strlen(token));
    ok = !path || keep(token, path);
    xq_string_free(token);
    return ok;
}

int main(int argc, char **argv) {
    xq_api_t *api;
    int ok;
    if (argc != 2 && argc != 3) {
        fprintf(stderr, "usage: %s ADDRESS [FILE]\n", argv[0]);
        return 2;
    }
    api = connect_from_environment();
    ok = api && check_api_key(api) && ask_for_access(api, argv[1]) && validate_pin(api, argv[1]) && exchange(api, argv[2]);
    xq_api_free(api);
    return ok ? 0 : 1;
}
