/*
 * A thread that is canceled (pthread_cancel) inside a call: the call comes to its end, and the thread after it. And one
 * that calls as it ends, in the destructor of something of its own. And a call over the transport of the examples, which
 * is stopped (xq_api_cancel).
 *
 *     cancel SILENT URL    a service that says nothing, and one that answers
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../../examples-c/posix_transport.h"

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

/* Canceled before it closes a kept connection, it frees the handle all the same. */
static void *free_it(void *api) {
    CHECK(xq_validate_api_key((xq_api_t *)api, NULL, NULL) == XQ_OK);
    CHECK(pthread_cancel(pthread_self()) == 0);
    xq_api_free((xq_api_t *)api);
    state = -2;
    pthread_testcancel();
    return NULL;
}

static pthread_key_t key;

static void last_words(void *api) {
    status = xq_validate_api_key((xq_api_t *)api, NULL, NULL);
}

static void *call_twice(void *api) {
    CHECK(pthread_setspecific(key, api) == 0);
    CHECK(xq_validate_api_key((xq_api_t *)api, NULL, NULL) == XQ_OK);
    return NULL;
}

static void wait_ms(long ms) {
    struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

static void *stopped(void *api) {
    xq_error_t *error = NULL;
    time_t started = time(NULL);
    CHECK(xq_validate_api_key((xq_api_t *)api, NULL, &error) == XQ_CANCELED);
    /* Its limit is a minute. */
    CHECK(time(NULL) - started < 20);
    CHECK(xq_error_outcome(error) == XQ_OUTCOME_UNKNOWN);
    xq_error_free(error);
    return NULL;
}

static xq_api_t *api_at(const char *url, uint32_t timeout_ms, xq_transport_t transport) {
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL;
    CHECK(xq_config_set_api_key(config, "general-key", NULL) == XQ_OK);
    CHECK(xq_config_set_service_url(config, XQ_SERVICE_SUBSCRIPTION, url, NULL) == XQ_OK);
    CHECK(xq_config_set_timeout_ms(config, timeout_ms, NULL) == XQ_OK);
    CHECK(xq_config_set_transport(config, transport, NULL, NULL) == XQ_OK);
    CHECK(xq_api_new(config, &api, NULL) == XQ_OK);
    xq_config_free(config);
    return api;
}

int main(int argc, char **argv) {
    xq_api_t *api;
    pthread_t thread;
    void *result = NULL;
    xq_error_t *error = NULL;
    CHECK(argc == 3);
    api = api_at(argv[1], 1000, NULL);
    CHECK(pthread_create(&thread, NULL, call, api) == 0);
    wait_ms(200);
    CHECK(pthread_cancel(thread) == 0);
    CHECK(pthread_join(thread, &result) == 0);
    CHECK(status == XQ_TIMEOUT);
    CHECK(state == PTHREAD_CANCEL_ENABLE);
    CHECK(result == PTHREAD_CANCELED);
    xq_api_free(api);

    CHECK(pthread_create(&thread, NULL, free_it, api_at(argv[2], 10000, NULL)) == 0);
    CHECK(pthread_join(thread, &result) == 0);
    CHECK(state == -2 && result == PTHREAD_CANCELED);

    api = api_at(argv[2], 10000, NULL);
    status = XQ_INTERNAL;
    CHECK(pthread_key_create(&key, last_words) == 0);
    CHECK(pthread_create(&thread, NULL, call_twice, api) == 0);
    CHECK(pthread_join(thread, &result) == 0);
    CHECK(status == XQ_OK);
    xq_api_free(api);

    api = api_at(argv[1], 60000, posix_transport);
    CHECK(pthread_create(&thread, NULL, stopped, api) == 0);
    wait_ms(200);
    CHECK(xq_api_cancel(api, NULL) == XQ_OK);
    CHECK(pthread_join(thread, NULL) == 0);
    xq_api_free(api);
    api = api_at("http://127.0.0.1:1/v2", 10000, posix_transport);
    CHECK(xq_validate_api_key(api, NULL, &error) == XQ_NETWORK);
    CHECK(xq_error_outcome(error) == XQ_OUTCOME_NOT_SENT);
    xq_error_free(error);
    xq_api_free(api);
    puts("ok");
    return 0;
}
