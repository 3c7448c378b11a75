/*
 * Stops a call over mbedTLS, makes several at once, and sees what root certificates are refused.
 *
 *     own_tls GOOD SILENT ROOT    addresses: a service, and one that accepts and says nothing; the file with the root
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../examples-c/mbedtls_transport.h"
#include "xq.h"

#define CHECK(condition)                                                    \
    do {                                                                    \
        if (!(condition)) {                                                 \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
            exit(1);                                                        \
        }                                                                   \
    } while (0)

static double milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static xq_api_t *api_at(const char *url, mbedtls_transport_t *transport) {
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL;
    CHECK(xq_config_set_api_key(config, "general-key", NULL) == XQ_OK);
    CHECK(xq_config_set_timeout_ms(config, 50000, NULL) == XQ_OK);
    CHECK(xq_config_set_service_url(config, XQ_SERVICE_SUBSCRIPTION, url, NULL) == XQ_OK);
    CHECK(xq_config_set_transport(config, mbedtls_transport, transport, NULL) == XQ_OK);
    CHECK(xq_api_new(config, &api, NULL) == XQ_OK);
    xq_config_free(config);
    return api;
}

static void *ends_canceled(void *api) {
    double *ended = (double *)malloc(sizeof *ended);
    CHECK(xq_validate_api_key((xq_api_t *)api, NULL, NULL) == XQ_CANCELED);
    *ended = milliseconds();
    return ended;
}

static void stopped_within_100_ms(const char *url, mbedtls_transport_t *transport) {
    xq_api_t *api = api_at(url, transport);
    struct timespec pause = {0, 200000000};
    pthread_t thread;
    void *ended;
    double stopped;
    CHECK(pthread_create(&thread, NULL, ends_canceled, api) == 0);
    nanosleep(&pause, NULL);
    stopped = milliseconds();
    CHECK(xq_api_cancel(api, NULL) == XQ_OK);
    CHECK(pthread_join(thread, &ended) == 0);
    printf("stopped in %.0f ms\n", *(double *)ended - stopped);
    /* Twice as long as it may take, since this machine has other work; and it did wait until then. */
    CHECK(*(double *)ended - stopped < 200 && *(double *)ended > stopped);
    free(ended);
    xq_api_free(api);
}

static void *calls(void *api) {
    int i;
    for (i = 0; i < 10; i++) CHECK(xq_validate_api_key((xq_api_t *)api, NULL, NULL) == XQ_OK);
    return NULL;
}

static void several_at_once(const char *url, mbedtls_transport_t *transport) {
    xq_api_t *api = api_at(url, transport);
    pthread_t threads[4];
    int i;
    for (i = 0; i < 4; i++) CHECK(pthread_create(&threads[i], NULL, calls, api) == 0);
    for (i = 0; i < 4; i++) CHECK(pthread_join(threads[i], NULL) == 0);
    xq_api_free(api);
}

static void refuses(const char *root) {
    const char *why = NULL;
    CHECK(!mbedtls_transport_new(root, &why));
    CHECK(strstr(why, "expected PEM"));
}

int main(int argc, char **argv) {
    static char root[16384];
    mbedtls_transport_t *transport;
    const char *why;
    FILE *file;
    CHECK(argc == 4 && (file = fopen(argv[3], "rb")));
    root[fread(root, 1, sizeof root / 4, file)] = 0;
    fclose(file);
    CHECK((transport = mbedtls_transport_new(root, &why)));
    stopped_within_100_ms(argv[2], transport);
    several_at_once(argv[1], transport);
    mbedtls_transport_free(transport);
    mbedtls_transport_free(NULL);
    refuses("");
    refuses("no certificate");
    /* One that does not parse beside one that does. */
    strcat(root, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    refuses(root);
    puts("ok");
    return 0;
}
