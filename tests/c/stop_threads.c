/*
 * Handles that are stopped at random while threads are inside: 32 threads work on 8 handles that come from one, whose
 * connections they share, and another thread stops the handles but the last. A call ends as it would alone, or in
 * XQ_CANCELED; on the handle that nobody stops, none ever does.
 *
 *     stop_threads SECONDS THREADS    the settings come from the environment
 *
 * Threads share nothing here but the handles, no lock above all: it would order what the library must order itself.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "xq.h"

#define CHECK(condition)                                                    \
    do {                                                                    \
        if (!(condition)) {                                                 \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
            exit(1);                                                        \
        }                                                                   \
    } while (0)

enum { HANDLES = 8, MAX_THREADS = 32 };

static xq_api_t *handles[HANDLES];
static struct timespec until;

typedef struct {
    int number;
    unsigned long done, stopped;
} worker_t;

static int is_over(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec > until.tv_sec || (now.tv_sec == until.tv_sec && now.tv_nsec >= until.tv_nsec);
}

/* Whether a call worked; otherwise it was stopped, on a handle where that may be. */
static int worked(worker_t *worker, xq_status_t status, xq_error_t *error) {
    int may_be_stopped = worker->number % HANDLES != HANDLES - 1;
    if (status == XQ_OK) {
        worker->done++;
        return 1;
    }
    if (status != XQ_CANCELED || !may_be_stopped) {
        fprintf(stderr, "thread %d: %s: %s\n", worker->number, xq_status_name((int)status), xq_error_message(error));
        exit(1);
    }
    CHECK(xq_error_outcome(error) == XQ_OUTCOME_NOT_SENT || xq_error_outcome(error) == XQ_OUTCOME_UNKNOWN);
    xq_error_free(error);
    worker->stopped++;
    return 0;
}

static void *work(void *argument) {
    static const char *const people[] = {"device-7@alias.local"};
    worker_t *worker = (worker_t *)argument;
    xq_api_t *own = NULL, *api = handles[worker->number % HANDLES];
    unsigned long round;
    for (round = 0; !is_over(); round++) {
        char key[64], *locator = NULL, *fetched = NULL;
        xq_error_t *error = NULL;
        xq_status_t status;
        sprintf(key, "key of thread %d, round %lu", worker->number, round);
        status = xq_create_and_store_packet(api, key, people, 1, NULL, &locator, &error);
        if (worked(worker, status, error)) {
            error = NULL;
            status = xq_get_packet(api, locator, &fetched, &error);
            if (worked(worker, status, error)) CHECK(strcmp(fetched, key) == 0);
            /* One of its own, which nobody knows to stop. */
            CHECK(xq_api_derive(api, 0, &own, NULL) == XQ_OK);
            CHECK(xq_revoke_packet(own, locator, NULL) == XQ_OK);
            xq_api_free(own);
        }
        xq_string_free(locator);
        xq_string_free(fetched);
    }
    return NULL;
}

static void *stop(void *argument) {
    unsigned seed = 7;
    (void)argument;
    while (!is_over()) {
        struct timespec pause = {0, 200000};
        seed = seed * 1103515245u + 12345u;
        CHECK(xq_api_cancel(handles[(seed >> 16) % (HANDLES - 1)], NULL) == XQ_OK);
        if (seed >> 30) nanosleep(&pause, NULL);
        CHECK(xq_api_resume(handles[(seed >> 16) % (HANDLES - 1)], NULL) == XQ_OK);
        pause.tv_nsec *= 100;
        nanosleep(&pause, NULL);
    }
    return NULL;
}

int main(int argc, char **argv) {
    static worker_t workers[MAX_THREADS];
    pthread_t threads[MAX_THREADS], stopper;
    xq_config_t *config = xq_config_new();
    xq_api_t *first = NULL;
    unsigned long done = 0, stopped = 0;
    int i, count;
    CHECK(argc == 3);
    count = atoi(argv[2]);
    CHECK(count <= MAX_THREADS);
    CHECK(xq_config_read_environment(config, NULL) == XQ_OK);
    CHECK(xq_config_set_timeout_ms(config, 600000, NULL) == XQ_OK);
    CHECK(xq_api_new(config, &first, NULL) == XQ_OK);
    xq_config_free(config);
    CHECK(xq_authorize_alias(first, "device-7", NULL, NULL, NULL, NULL) == XQ_OK);
    for (i = 0; i < HANDLES; i++) CHECK(xq_api_derive(first, 0, &handles[i], NULL) == XQ_OK);
    xq_api_free(first);
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += atoi(argv[1]);
    for (i = 0; i < count; i++) {
        workers[i].number = i;
        CHECK(pthread_create(&threads[i], NULL, work, &workers[i]) == 0);
    }
    CHECK(pthread_create(&stopper, NULL, stop, NULL) == 0);
    for (i = 0; i < count; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
        done += workers[i].done;
        stopped += workers[i].stopped;
    }
    CHECK(pthread_join(stopper, NULL) == 0);
    /* Whatever was stopped last works on. */
    for (i = 0; i < HANDLES; i++) {
        CHECK(xq_validate_api_key(handles[i], NULL, NULL) == XQ_OK);
        xq_api_free(handles[i]);
    }
    CHECK(done > 0 && stopped > 0);
    printf("%lu calls done, %lu stopped\nok\n", done, stopped);
    return 0;
}
