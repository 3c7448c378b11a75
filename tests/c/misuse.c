/*
 * What the header forbids, done on purpose: the sanitizer that tests/sanitize.sh builds with must tell of each, and of
 * a place inside the library, or it would not see a defect either.
 *
 *     misuse freed|leak|race
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <string.h>

#include "xq.h"

static void *configure(void *config) {
    int i;
    for (i = 0; i < 1000; i++) xq_config_set_api_key((xq_config_t *)config, "general-key", NULL);
    return NULL;
}

/* A configuration belongs to one thread at a time. */
static void race(void) {
    xq_config_t *config = xq_config_new();
    pthread_t other;
    pthread_create(&other, NULL, configure, config);
    configure(config);
    pthread_join(other, NULL);
    xq_config_free(config);
}

static void use_freed(void) {
    xq_config_t *config = xq_config_new();
    xq_config_free(config);
    xq_config_set_timeout_ms(config, 1000, NULL);
}

static void *forget(void *unused) {
    int i;
    for (i = 0; i < 10; i++) xq_config_set_api_key(xq_config_new(), "general-key", NULL);
    return unused;
}

/* On a thread that has ended, the stack of which has no pointers left behind. */
static void leak(void) {
    pthread_t other;
    pthread_create(&other, NULL, forget, NULL);
    pthread_join(other, NULL);
}

int main(int argc, char **argv) {
    const char *what = argc == 2 ? argv[1] : "";
    if (strcmp(what, "race") == 0) race();
    if (strcmp(what, "freed") == 0) use_freed();
    if (strcmp(what, "leak") == 0) leak();
    return 0;
}
