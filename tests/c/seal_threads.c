/*
 * Many threads seal and open on one handle: messages, files and streams, each its own, and each finds what it sealed.
 *
 *     seal_threads SECONDS FOLDER THREADS    the settings come from the environment
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "xq.h"

#define CHECK(worker, condition)                                                                        \
    do {                                                                                                \
        if (!(condition)) {                                                                             \
            fprintf(stderr, "%s:%d: thread %d: %s\n", __FILE__, __LINE__, (worker)->number, #condition); \
            exit(1);                                                                                    \
        }                                                                                               \
    } while (0)

/* A call whose last argument is &error, and what went wrong where it fails. */
#define CHECK_CALL(worker, call)                                                                      \
    do {                                                                                              \
        xq_error_t *error = NULL;                                                                     \
        if ((call) != XQ_OK) {                                                                        \
            fprintf(stderr, "%s:%d: thread %d: %s: %s\n", __FILE__, __LINE__, (worker)->number, #call, \
                xq_error_message(error));                                                             \
            exit(1);                                                                                  \
        }                                                                                             \
    } while (0)

enum { MOST_THREADS = 32, LENGTH = 1000 };

typedef struct {
    int number;
    int rounds;
    xq_api_t *api;
    const char *folder;
} worker_t;

static const char *const people[] = {"device-7@alias.local"};
static const int32_t ALGORITHMS[] = {XQ_ALGORITHM_GCM, XQ_ALGORITHM_CTR, XQ_ALGORITHM_OTP};
static struct timespec until;

/* A text that no other thread and no other round has. */
static void make_text(const worker_t *worker, uint8_t *text) {
    size_t i;
    for (i = 0; i < LENGTH; i++) text[i] = (uint8_t)(i * 7 + (size_t)worker->number * 31 + (size_t)worker->rounds);
}

static void use_messages(worker_t *worker, const uint8_t *text) {
    xq_seal_options_t options = XQ_SEAL_OPTIONS_INIT;
    xq_bytes_t *sealed = NULL, *opened = NULL;
    options.algorithm = worker->rounds % 2 ? XQ_ALGORITHM_OTP : XQ_ALGORITHM_GCM;
    CHECK_CALL(worker, xq_encrypt_auto(worker->api, text, LENGTH, people, 1, &options, &sealed, &error));
    CHECK_CALL(worker, xq_decrypt_auto(worker->api, sealed->data, sealed->length, NULL, &opened, &error));
    CHECK(worker, opened->length == LENGTH && memcmp(opened->data, text, LENGTH) == 0);
    xq_bytes_free(sealed);
    xq_bytes_free(opened);
}

static void use_streams(worker_t *worker, const uint8_t *text) {
    uint8_t sealed[LENGTH + XQ_STREAM_FRONT_BYTES], opened[LENGTH + XQ_STREAM_BYTES];
    char *key = NULL;
    xq_sealer_t *sealer = NULL;
    xq_opener_t *opener = NULL;
    size_t taken, made, all = 0, done, length;
    int32_t algorithm = ALGORITHMS[worker->rounds % 3];
    CHECK(worker, xq_generate_key(NULL, algorithm, 8 * LENGTH, &key, NULL) == XQ_OK);
    CHECK(worker, xq_sealer_new(key, NULL, &sealer, NULL) == XQ_OK);
    for (done = 0; done < LENGTH; done += taken) {
        size_t part = LENGTH - done < 100 ? LENGTH - done : 100;
        CHECK(worker, xq_sealer_update(sealer, text + done, part, &taken, sealed + all, sizeof sealed - all, &made,
            NULL) == XQ_OK);
        all += made;
    }
    CHECK(worker, xq_sealer_finish(sealer, sealed + all, sizeof sealed - all, &made, NULL) == XQ_OK);
    length = all + made;
    CHECK(worker, xq_opener_new(XQ_FORM_MESSAGE, key, &opener, NULL) == XQ_OK);
    for (done = all = 0; done < length; done += taken) {
        CHECK(worker, xq_opener_update(opener, sealed + done, length - done, &taken, opened + all,
            sizeof opened - all, &made, NULL) == XQ_OK);
        all += made;
    }
    CHECK(worker, xq_opener_finish(opener, opened + all, sizeof opened - all, &made, NULL) == XQ_OK);
    CHECK(worker, all + made == LENGTH && memcmp(opened, text, LENGTH) == 0);
    xq_sealer_free(sealer);
    xq_opener_free(opener);
    xq_string_free(key);
}

static void read_back(worker_t *worker, const char *path, uint8_t *text) {
    FILE *file = fopen(path, "rb");
    CHECK(worker, file && fread(text, 1, LENGTH, file) == LENGTH && fgetc(file) == EOF && fclose(file) == 0);
}

static void use_files(worker_t *worker, const uint8_t *text) {
    char plain[512], sealed[512], opened[512], *name = NULL;
    uint8_t back[LENGTH];
    xq_seal_options_t options = XQ_SEAL_OPTIONS_INIT;
    FILE *file;
    sprintf(plain, "%.400s/plain-%d", worker->folder, worker->number);
    sprintf(sealed, "%.400s/sealed-%d", worker->folder, worker->number);
    sprintf(opened, "%.400s/opened-%d", worker->folder, worker->number);
    file = fopen(plain, "wb");
    CHECK(worker, file && fwrite(text, 1, LENGTH, file) == LENGTH && fclose(file) == 0);
    options.overwrite = 1;
    options.algorithm = ALGORITHMS[worker->rounds % 3];
    CHECK_CALL(worker, xq_encrypt_file(worker->api, plain, sealed, people, 1, &options, &error));
    CHECK_CALL(worker, xq_decrypt_file(worker->api, sealed, opened, &options, &name, NULL, &error));
    CHECK(worker, strcmp(name, strrchr(plain, '/') + 1) == 0);
    xq_string_free(name);
    read_back(worker, opened, back);
    CHECK(worker, memcmp(back, text, LENGTH) == 0);
}

static void *work(void *context) {
    worker_t *worker = (worker_t *)context;
    struct timespec now;
    do {
        uint8_t text[LENGTH];
        make_text(worker, text);
        use_messages(worker, text);
        use_streams(worker, text);
        use_files(worker, text);
        worker->rounds++;
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while (now.tv_sec < until.tv_sec);
    return NULL;
}

int main(int argc, char **argv) {
    static worker_t workers[MOST_THREADS];
    pthread_t threads[MOST_THREADS];
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL;
    int i, count;
    CHECK(workers, argc == 4 && (count = atoi(argv[3])) <= MOST_THREADS);
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += atoi(argv[1]);
    CHECK(workers, xq_config_read_environment(config, NULL) == XQ_OK);
    /* What one call may wait for the others on a small machine, under valgrind, is no failure. */
    CHECK(workers, xq_config_set_timeout_ms(config, 600000, NULL) == XQ_OK);
    CHECK(workers, xq_api_new(config, &api, NULL) == XQ_OK);
    xq_config_free(config);
    CHECK(workers, xq_authorize_alias(api, "device-7", NULL, NULL, NULL, NULL) == XQ_OK);
    for (i = 0; i < count; i++) {
        workers[i].number = i;
        workers[i].api = api;
        workers[i].folder = argv[2];
        CHECK(workers, pthread_create(&threads[i], NULL, work, &workers[i]) == 0);
    }
    for (i = 0; i < count; i++) CHECK(workers, pthread_join(threads[i], NULL) == 0);
    xq_api_free(api);
    puts("ok");
    return 0;
}
