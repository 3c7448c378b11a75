/*
 * A thread that is canceled (pthread_cancel) inside a call: the call comes to its end, and the thread after it.
 *
 *     cancel URL    a service that says nothing
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "xq.h"

#define CHECK(condition)                                                    \
    do {                                                                    \
        if (!(condition)) {                                                 \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
            exit(1);                                                        \
        }                                                                   \
    } while (0)

static xq_status_t status = XQ_OK;
static int state = -1;

static void *call(void *api) {
    xq_error_t *error = NULL;
    status = xq_validate_api_key((xq_api_t *)api, NULL, &error);
    xq_error_free(error);
    /* As it was before the call. */
    CHECK(pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &state) == 0);
    pthread_testcancel();
    return NULL;
}

static void wait_ms(long ms) {
    struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

int main(int argc, char **argv) {
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL;
    pthread_t thread;
    void *result = NULL;
    CHECK(argc == 2);
    CHECK(xq_config_set_api_key(config, "general-key", NULL) == XQ_OK);
    CHECK(xq_config_set_service_url(config, XQ_SERVICE_SUBSCRIPTION, argv[1], NULL) == XQ_OK);
    CHECK(xq_config_set_timeout_ms(config, 1000, NULL) == XQ_OK);
    CHECK(xq_api_new(config, &api, NULL) == XQ_OK);
    xq_config_free(config);
    CHECK(pthread_create(&thread, NULL, call, api) == 0);
    wait_ms(200);
    CHECK(pthread_cancel(thread) == 0);
    CHECK(pthread_join(thread, &result) == 0);
    CHECK(status == XQ_TIMEOUT);
    CHECK(state == PTHREAD_CANCEL_ENABLE);
    CHECK(result == PTHREAD_CANCELED);
    xq_api_free(api);
    puts("ok");
    return 0;
}
