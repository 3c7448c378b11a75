/*
 * Ends calls that wait, each for something else, and sees that the handle works on. The program brings its own
 * getaddrinfo, which knows stuck.test (no answer for a long time).
 *
 *     stop GOOD HOLE SILENT SILENT_TLS HALF FULL FOLDER MS    addresses: a service, one that connects never, one that
 *                                                             accepts and says nothing, the same for TLS, one that sends
 *                                                             half of a reply, and one that takes nothing in; a folder for
 *                                                             files; and how long a large request takes to be made
 */
#define _GNU_SOURCE
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "xq.h"

#define CHECK(condition)                                                    \
    do {                                                                    \
        if (!(condition)) {                                                 \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
            exit(1);                                                        \
        }                                                                   \
    } while (0)

static void wait_ms(long ms) {
    struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

static double milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result) {
    (void)service;
    (void)hints;
    (void)result;
    if (strcmp(node, "stuck.test") == 0) wait_ms(60000);
    return EAI_NONAME;
}

void freeaddrinfo(struct addrinfo *info) {
    (void)info;
}

/* Waits until it is told that the operation is stopped. */
static int32_t waits(void *context, const xq_http_request_t *request, xq_http_reply_t *reply) {
    (void)context;
    (void)request;
    while (!xq_http_reply_is_canceled(reply)) wait_ms(10);
    return XQ_NETWORK;
}

static xq_api_t *api_at(const char *url, xq_transport_t transport) {
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL;
    CHECK(xq_config_set_api_key(config, "general-key", NULL) == XQ_OK);
    CHECK(xq_config_set_allow_plain_http(config, 1, NULL) == XQ_OK);
    /* What is not stopped ends in XQ_TIMEOUT. */
    CHECK(xq_config_set_connect_timeout_ms(config, 50000, NULL) == XQ_OK);
    CHECK(xq_config_set_timeout_ms(config, 50000, NULL) == XQ_OK);
    CHECK(xq_config_set_service_url(config, XQ_SERVICE_SUBSCRIPTION, url, NULL) == XQ_OK);
    CHECK(xq_config_set_transport(config, transport, NULL, NULL) == XQ_OK);
    CHECK(xq_api_new(config, &api, NULL) == XQ_OK);
    CHECK(xq_set_access_token(api, "access-token", NULL) == XQ_OK);
    xq_config_free(config);
    return api;
}

struct call {
    xq_api_t *api;
    xq_status_t (*function)(xq_api_t *, xq_error_t **);
    xq_error_t *error;
    xq_status_t status;
    double ended;
};

static void *call(void *argument) {
    struct call *given = argument;
    given->status = given->function(given->api, &given->error);
    given->ended = milliseconds();
    return NULL;
}

static xq_status_t small(xq_api_t *api, xq_error_t **error) {
    return xq_validate_api_key(api, NULL, error);
}

/* More than the buffers of both systems take. */
static char large_key[8 * 1024 * 1024];

static xq_status_t large(xq_api_t *api, xq_error_t **error) {
    const char *people[] = {"a@b.c"};
    return xq_create_and_store_packet(api, large_key, people, 1, NULL, NULL, error);
}

/* Three calls on a handle end once they have had time to get stuck, and none on one that was made from it or that it was made from. */
static void stops(const char *what, const char *url, xq_status_t (*function)(xq_api_t *, xq_error_t **),
                  xq_transport_t transport, xq_outcome_t outcome, long wait) {
    struct call calls[3];
    pthread_t threads[3];
    xq_api_t *first = api_at(url, transport), *api = NULL;
    double stopped, last = 0;
    int i;
    CHECK(xq_api_derive(first, 0, &api, NULL) == XQ_OK);
    memset(calls, 0, sizeof calls);
    for (i = 0; i < 3; i++) {
        calls[i].api = api;
        calls[i].function = function;
        CHECK(pthread_create(&threads[i], NULL, call, &calls[i]) == 0);
    }
    wait_ms(wait);
    for (i = 0; i < 3; i++) CHECK(calls[i].ended == 0);
    stopped = milliseconds();
    CHECK(xq_api_cancel(api, NULL) == XQ_OK);
    /* Whoever looks only now was meant all the same. */
    CHECK(xq_api_resume(api, NULL) == XQ_OK);
    for (i = 0; i < 3; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
        if (calls[i].status != XQ_CANCELED || xq_error_outcome(calls[i].error) != outcome ||
            xq_error_can_retry(calls[i].error)) {
            fprintf(stderr, "%s: %s, outcome %d: %s\n", what, xq_status_name((int)calls[i].status),
                    (int)xq_error_outcome(calls[i].error), xq_error_message(calls[i].error));
            exit(1);
        }
        if (calls[i].ended - stopped > last) last = calls[i].ended - stopped;
        xq_error_free(calls[i].error);
    }
    printf("%s: %.1f ms\n", what, last);
    xq_api_free(first);
    xq_api_free(api);
}

/* A stopped handle refuses before anything is sent, and one that goes on works; others do not notice. */
static void works_on(const char *url) {
    xq_api_t *api = api_at(url, NULL), *other = NULL;
    xq_error_t *error = NULL;
    CHECK(xq_api_derive(api, 0, &other, NULL) == XQ_OK);
    CHECK(xq_api_resume(api, NULL) == XQ_OK);
    CHECK(xq_validate_api_key(api, NULL, NULL) == XQ_OK);
    CHECK(xq_api_cancel(api, NULL) == XQ_OK);
    CHECK(xq_api_cancel(api, NULL) == XQ_OK);
    CHECK(xq_validate_api_key(api, NULL, &error) == XQ_CANCELED);
    CHECK(xq_error_outcome(error) == XQ_OUTCOME_NOT_SENT);
    CHECK(strcmp(xq_error_operation(error), "xq_validate_api_key") == 0);
    CHECK(xq_error_request(error) == 2);
    xq_error_free(error);
    CHECK(xq_validate_api_key(other, NULL, NULL) == XQ_OK);
    CHECK(xq_api_resume(api, NULL) == XQ_OK);
    CHECK(xq_validate_api_key(api, NULL, NULL) == XQ_OK);
    xq_api_free(other);
    CHECK(xq_validate_api_key(api, NULL, NULL) == XQ_OK);
    xq_api_free(api);
}

/* Stops the handle once a part of the file is done. */
static int32_t stop_halfway(void *context, uint64_t done, uint64_t size) {
    if (done > size / 2) CHECK(xq_api_cancel((xq_api_t *)context, NULL) == XQ_OK);
    return 0;
}

/* What seals a file is stopped too, and leaves nothing. */
static void stops_sealing(const char *url, const char *folder) {
    static const char key[] = ".20123456789012345678901234567890123456789012345678901234567890123";
    static const char locator[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";
    xq_api_t *api = api_at(url, NULL);
    xq_seal_options_t options = XQ_SEAL_OPTIONS_INIT;
    xq_error_t *error = NULL;
    char input[512], output[512], chunk[4096] = {0};
    FILE *file;
    int i;
    sprintf(input, "%s/input", folder);
    sprintf(output, "%s/output", folder);
    file = fopen(input, "wb");
    CHECK(file);
    for (i = 0; i < 256; i++) CHECK(fwrite(chunk, sizeof chunk, 1, file) == 1);
    CHECK(fclose(file) == 0);
    options.key = key;
    options.locator = locator;
    options.progress = stop_halfway;
    options.progress_context = api;
    if (xq_encrypt_file(api, input, output, NULL, 0, &options, &error) != XQ_CANCELED ||
        !strstr(xq_error_message(error), "xq_api_cancel")) {
        fprintf(stderr, "sealing: %s\n", xq_error_message(error));
        exit(1);
    }
    xq_error_free(error);
    CHECK(access(output, F_OK) != 0);
    CHECK(xq_api_resume(api, NULL) == XQ_OK);
    options.progress = NULL;
    CHECK(xq_encrypt_file(api, input, output, NULL, 0, &options, NULL) == XQ_OK);
    CHECK(remove(input) == 0 && remove(output) == 0);
    xq_api_free(api);
}

int main(int argc, char **argv) {
    CHECK(argc == 9);
    setvbuf(stdout, NULL, _IONBF, 0);
    memset(large_key, 'k', sizeof large_key - 1);
    works_on(argv[1]);
    stops("a name", "http://stuck.test/v2", small, NULL, XQ_OUTCOME_NOT_SENT, 300);
    stops("a connection", argv[2], small, NULL, XQ_OUTCOME_NOT_SENT, 300);
    stops("the reply", argv[3], small, NULL, XQ_OUTCOME_UNKNOWN, 300);
    stops("TLS", argv[4], small, NULL, XQ_OUTCOME_NOT_SENT, 300);
    stops("the rest of the reply", argv[5], small, NULL, XQ_OUTCOME_UNKNOWN, 300);
    stops("the sending", argv[6], large, NULL, XQ_OUTCOME_UNKNOWN, atol(argv[8]));
    stops("a transport of the program's", argv[1], small, waits, XQ_OUTCOME_UNKNOWN, 300);
    stops_sealing(argv[1], argv[7]);
    puts("ok");
    return 0;
}
