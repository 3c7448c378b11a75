/*
 * A handle before and after a fork: the child is told that it is not the child's, at once and without a request; it makes
 * one of its own, and frees both. The parent's goes on.
 *
 *     fork URL [ROOT]    the subscription service, and the file of its root certificate
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "xq.h"

#define CHECK(condition)                                                    \
    do {                                                                    \
        if (!(condition)) {                                                 \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
            exit(1);                                                        \
        }                                                                   \
    } while (0)

static xq_api_t *api_at(char **argv) {
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL;
    CHECK(xq_config_set_api_key(config, "general-key", NULL) == XQ_OK);
    CHECK(xq_config_set_service_url(config, XQ_SERVICE_SUBSCRIPTION, argv[1], NULL) == XQ_OK);
    CHECK(xq_config_set_ca_file(config, argv[2], NULL) == XQ_OK);
    CHECK(xq_api_new(config, &api, NULL) == XQ_OK);
    xq_config_free(config);
    return api;
}

static void in_child(xq_api_t *inherited, char **argv) {
    xq_error_t *error = NULL;
    char *token = NULL;
    xq_api_t *own;
    CHECK(xq_validate_api_key(inherited, NULL, &error) == XQ_INVALID_ARGUMENT);
    CHECK(strstr(xq_error_message(error), "fork"));
    xq_error_free(error);
    CHECK(xq_get_access_token(inherited, &token, NULL) == XQ_INVALID_ARGUMENT && token == NULL);
    xq_api_free(inherited);
    own = api_at(argv);
    CHECK(xq_validate_api_key(own, NULL, NULL) == XQ_OK);
    xq_api_free(own);
    exit(0);
}

int main(int argc, char **argv) {
    xq_api_t *api;
    pid_t child;
    int status;
    CHECK(argc == 2 || argc == 3);
    api = api_at(argv);
    CHECK(xq_validate_api_key(api, NULL, NULL) == XQ_OK);
    child = fork();
    CHECK(child >= 0);
    if (child == 0) in_child(api, argv);
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    CHECK(xq_validate_api_key(api, NULL, NULL) == XQ_OK);
    xq_api_free(api);
    puts("ok");
    return 0;
}
