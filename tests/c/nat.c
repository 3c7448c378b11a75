/*
 * Kept connections whose path dies without a word: one call pays for it, and not each of them.
 *
 *     nat URL    a service that answers four requests at a time, and once a line is read here only those of connections
 *                that are new
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "xq.h"

#define CHECK(condition)                                                    \
    do {                                                                    \
        if (!(condition)) {                                                 \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
            exit(1);                                                        \
        }                                                                   \
    } while (0)

enum { THREADS = 4, CALLS = 3 };

static void *call(void *api) {
    CHECK(xq_validate_api_key((xq_api_t *)api, NULL, NULL) == XQ_OK);
    return NULL;
}

int main(int argc, char **argv) {
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL, *patient = NULL;
    pthread_t threads[THREADS];
    int i;
    CHECK(argc == 2);
    CHECK(xq_config_set_api_key(config, "general-key", NULL) == XQ_OK);
    CHECK(xq_config_set_service_url(config, XQ_SERVICE_SUBSCRIPTION, argv[1], NULL) == XQ_OK);
    CHECK(xq_api_new(config, &patient, NULL) == XQ_OK);
    xq_config_free(config);
    for (i = 0; i < THREADS; i++) CHECK(pthread_create(&threads[i], NULL, call, patient) == 0);
    for (i = 0; i < THREADS; i++) CHECK(pthread_join(threads[i], NULL) == 0);
    /* The connections are those of all handles that come from one. */
    CHECK(xq_api_derive(patient, 1000, &api, NULL) == XQ_OK);
    puts("ready");
    fflush(stdout);
    CHECK(getchar() == '\n');
    for (i = 0; i < CALLS; i++) puts(xq_status_name((int)xq_validate_api_key(api, NULL, NULL)));
    xq_api_free(patient);
    xq_api_free(api);
    return 0;
}
