/*
 * The account of the one who is signed in: tells who that is, changes what is wanted by mail, makes a token for another
 * program, and gives the own token up.
 *
 *     account TOKEN
 *
 * TOKEN is a file with the access token (see sign_in.c). The settings come from the environment (XQ_API_KEY at least).
 */
#include <inttypes.h>
#include <stdio.h>

#include "xq.h"

static int failed(const char *what, xq_status_t status, xq_error_t *error) {
    fprintf(stderr, "%s: %s: %s\n", what, xq_status_name(status), xq_error_message(error));
    xq_error_free(error);
    return 0;
}

static xq_api_t *signed_in_with(const char *path) {
    char token[8192 + 1] = "";
    FILE *file = fopen(path, "r");
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL;
    xq_error_t *error = NULL;
    xq_status_t status = xq_config_read_environment(config, &error);
    if (!file || !fgets(token, sizeof token, file)) perror(path);
    if (file) fclose(file);
    if (status == XQ_OK) status = xq_api_new(config, &api, &error);
    if (status == XQ_OK) status = xq_set_access_token(api, token, &error);
    xq_config_free(config);
    if (status == XQ_OK) return api;
    failed(path, status, error);
    xq_api_free(api);
    return NULL;
}

static int tell_who(xq_api_t *api) {
    xq_subscriber_t *who = NULL;
    xq_error_t *error = NULL;
    int64_t now = 0;
    xq_status_t status = xq_get_subscriber(api, &who, &error);
    if (status == XQ_OK) status = xq_server_time(api, &now, &error);
    if (status != XQ_OK) {
        xq_subscriber_free(who);
        return failed("subscriber", status, error);
    }
    printf("Signed in as %s.\n", who->user ? who->user : "somebody");
    /* The service need not tell. */
    if (who->ends_ms >= 0)
        printf("The subscription ends in %" PRId64 " days.\n", (who->ends_ms / 1000 - now) / 86400);
    xq_subscriber_free(who);
    return 1;
}

static int want_no_mail(xq_api_t *api) {
    int32_t newsletter = -1, notifications = -1;
    xq_error_t *error = NULL;
    xq_status_t status = xq_update_settings(api, 0, 0, &error);
    if (status == XQ_OK) status = xq_get_settings(api, &newsletter, &notifications, &error);
    if (status != XQ_OK) return failed("settings", status, error);
    printf("Newsletter: %d, notifications: %d.\n", (int)newsletter, (int)notifications);
    return newsletter == 0 && notifications == 0;
}

static int let_another_program_in(xq_api_t *api) {
    char *token = NULL;
    xq_error_t *error = NULL;
    xq_status_t status = xq_authorize_delegate(api, &token, &error);
    if (status != XQ_OK) return failed("delegate", status, error);
    printf("There is a token for another program.\n");
    xq_string_free(token);
    return 1;
}

static int give_up(xq_api_t *api) {
    xq_error_t *error = NULL;
    xq_status_t status = xq_deauthorize(api, &error);
    if (status != XQ_OK) return failed("deauthorize", status, error);
    status = xq_get_subscriber(api, NULL, &error);
    printf("The token is given up: %s\n", xq_error_message(error));
    xq_error_free(error);
    return status == XQ_UNAUTHORIZED;
}

int main(int argc, char **argv) {
    xq_api_t *api;
    int ok;
    if (argc != 2) {
        fprintf(stderr, "usage: %s TOKEN\n", argv[0]);
        return 2;
    }
    api = signed_in_with(argv[1]);
    ok = api && tell_who(api) && want_no_mail(api) && let_another_program_in(api) && give_up(api);
    xq_api_free(api);
    return ok ? 0 : 1;
}
