/*
 * Many threads on one handle, and two on another. Each thread stores, fetches, shares and takes back keys of its own,
 * signs in, reads and sets the token, and checks that what comes back is what it asked for.
 *
 *     threads SECONDS    the settings come from the environment
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

#define FAIL(worker, ...)                                                  \
    do {                                                                   \
        fprintf(stderr, "%s:%d: thread %d: ", __FILE__, __LINE__, (worker)->number); \
        fprintf(stderr, __VA_ARGS__);                                      \
        fputc('\n', stderr);                                               \
        exit(1);                                                           \
    } while (0)
#define CHECK(worker, condition)                                  \
    do {                                                          \
        if (!(condition)) FAIL((worker), "%s", #condition);       \
    } while (0)

enum { SHARING = 32, APART = 2, THREADS = SHARING + APART, MAX_ACTS = 16 };

typedef struct {
    char **items;
    size_t count, room;
} texts_t;

typedef struct {
    int number;
    int rounds;
    xq_api_t *api;
    /* Tokens that this thread was given, and tokens that it found on the handle. */
    texts_t issued, found;
    /* The token that its handle holds for ever; NULL where threads sign in. */
    const char *fixed;
    unsigned long requests, lines;
    unsigned long tried[MAX_ACTS], done[MAX_ACTS];
    int act;
} worker_t;

static const char *const people[] = {"device-7@alias.local", "sensor-7@42.trusted.local"};
static pthread_key_t self;
static struct timespec until;

static void add(texts_t *texts, const char *text) {
    if (texts->count == texts->room) {
        texts->room = texts->room ? 2 * texts->room : 64;
        texts->items = (char **)realloc(texts->items, texts->room * sizeof *texts->items);
    }
    texts->items[texts->count] = (char *)malloc(strlen(text) + 1);
    strcpy(texts->items[texts->count++], text);
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The context is the handle's; a line is told on the thread that made the request. */
static void count_line(void *context, int32_t level, const char *message) {
    worker_t *worker = (worker_t *)pthread_getspecific(self);
    CHECK(worker, worker->api == context);
    CHECK(worker, level >= XQ_LOG_ERROR && level <= XQ_LOG_INFO && strstr(message, " ms"));
    worker->lines++;
}

/*
 * Whether a call worked. Another thread may have ended the token that this one's call was made under, or signed in as
 * one whose key it is not: then the service refuses. Anything else is a failure of the test.
 */
static int worked(worker_t *worker, xq_status_t status, xq_error_t **place, int may_be_refused) {
    xq_error_t *error = *place;
    int was_asked = status == XQ_OK || xq_error_http_status(error) != 0;
    CHECK(worker, (error == NULL) == (status == XQ_OK) && xq_error_status(error) == status);
    worker->requests += (unsigned long)was_asked;
    worker->tried[worker->act]++;
    if (status == XQ_OK) worker->done[worker->act]++;
    else if (worker->fixed || (status != XQ_UNAUTHORIZED && !(may_be_refused && status == XQ_REJECTED)))
        FAIL(worker, "act %d: %s: %s", worker->act, xq_status_name(status), xq_error_message(error));
    xq_error_free(error);
    return status == XQ_OK;
}

static void sign_in(worker_t *worker) {
    xq_error_t *error = NULL;
    char *token = NULL;
    xq_status_t status;
    if (worker->fixed) return;
    if (worker->rounds % 4 == 3) {
        /* Its announcement may fail, where another thread has given the new token up by then. */
        status = xq_authorize_device(worker->api, "sensor-7", "42", 1, &token, &error);
        worker->requests += token != NULL;
        worked(worker, status, &error, 0);
    } else {
        status = xq_authorize_alias(worker->api, "device-7", NULL, NULL, &token, &error);
        CHECK(worker, worked(worker, status, &error, 0));
    }
    CHECK(worker, token);
    add(&worker->issued, token);
    xq_string_free(token);
}

static void look_at_token(worker_t *worker) {
    char *token = NULL;
    int i;
    for (i = 0; i < 20; i++) {
        CHECK(worker, xq_get_access_token(worker->api, &token, NULL) == XQ_OK);
        if (worker->fixed) CHECK(worker, token && strcmp(token, worker->fixed) == 0);
        else if (token) add(&worker->found, token);
        xq_string_free(token);
    }
}

/* Goes back to an older token of its own, or leaves the handle with none for a moment. */
static void change_token(worker_t *worker) {
    xq_error_t *error = NULL;
    if (worker->fixed) return;
    if (worker->number % 8 == 0) {
        CHECK(worker, xq_forget_tokens(worker->api, NULL) == XQ_OK);
    } else if (worker->number % 8 == 4) {
        worked(worker, xq_deauthorize(worker->api, &error), &error, 0);
    } else {
        const char *token = worker->issued.items[worker->issued.count - 1];
        CHECK(worker, xq_set_access_token(worker->api, token, NULL) == XQ_OK);
        CHECK(worker, xq_set_dashboard_token(worker->api, token, NULL) == XQ_OK);
    }
    sign_in(worker);
}

/* Stores a key that no other thread and no other round has; NULL where that was refused. */
static char *store(worker_t *worker, char *key) {
    xq_error_t *error = NULL;
    xq_packet_options_t options = XQ_PACKET_OPTIONS_INIT;
    char *locator = NULL;
    xq_status_t status;
    sprintf(key, ".1key of thread %d, round %d", worker->number, worker->rounds);
    options.expires_hours = worker->number + 1;
    status = xq_create_and_store_packet(worker->api, key, people, 2, &options, &locator, &error);
    CHECK(worker, worked(worker, status, &error, 0) == (locator != NULL));
    return locator;
}

static void fetch(worker_t *worker, const char *locator, const char *key) {
    xq_error_t *error = NULL;
    char *fetched = NULL;
    if (worked(worker, xq_get_packet(worker->api, locator, &fetched, &error), &error, 0))
        CHECK(worker, strcmp(fetched, key) == 0);
    xq_string_free(fetched);
}

static void ask_expiry(worker_t *worker, const char *locator) {
    xq_error_t *error = NULL;
    int64_t left = -1, whole = (int64_t)(worker->number + 1) * 3600;
    if (worked(worker, xq_packet_expiration(worker->api, locator, &left, &error), &error, 1))
        CHECK(worker, left <= whole && left > whole - 3600);
}

static void share(worker_t *worker, const char *locator) {
    static const char *const more[] = {"joe@example.com"};
    xq_error_t *error = NULL;
    worked(worker, xq_grant_users(worker->api, locator, more, 1, &error), &error, 1);
    worked(worker, xq_revoke_users(worker->api, locator, more, 1, &error), &error, 1);
}

static void take_back(worker_t *worker, const char *locator) {
    xq_error_t *error = NULL;
    char *key = NULL;
    if (!worked(worker, xq_revoke_packet(worker->api, locator, &error), &error, 1)) return;
    CHECK(worker, xq_get_packet(worker->api, locator, &key, &error) != XQ_OK && key == NULL);
    worker->requests += xq_error_http_status(error) != 0;
    xq_error_free(error);
}

static void use_many(worker_t *worker) {
    enum { MANY = 5 };
    char text[MANY][64];
    const char *keys[MANY], *locators[MANY];
    xq_list_t *stored = NULL, *fetched = NULL;
    xq_error_t *error = NULL;
    xq_status_t status;
    size_t i;
    for (i = 0; i < MANY; i++) {
        sprintf(text[i], "%d of thread %d, round %d", (int)i, worker->number, worker->rounds);
        keys[i] = text[i];
    }
    status = xq_create_and_store_packets(worker->api, keys, MANY, people, 2, NULL, &stored, &error);
    if (!worked(worker, status, &error, 0)) return;
    CHECK(worker, stored->count == MANY);
    /* Asked for backwards. */
    for (i = 0; i < MANY; i++) locators[i] = stored->items[MANY - 1 - i];
    if (worked(worker, xq_get_packets(worker->api, locators, MANY, &fetched, &error), &error, 0)) {
        CHECK(worker, fetched->count == MANY);
        for (i = 0; i < MANY; i++)
            if (fetched->items[i]) CHECK(worker, strcmp(fetched->items[i], keys[MANY - 1 - i]) == 0);
    }
    xq_list_free(stored);
    xq_list_free(fetched);
}

static void use_packet(worker_t *worker) {
    char key[64], *packet = NULL, *locator = NULL;
    xq_error_t *error = NULL;
    xq_status_t status;
    sprintf(key, "packet of thread %d, round %d", worker->number, worker->rounds);
    status = xq_create_packet(worker->api, key, people, 2, NULL, &packet, &error);
    if (worked(worker, status, &error, 0) &&
        worked(worker, xq_add_packet(worker->api, packet, &locator, &error), &error, 1))
        fetch(worker, locator, key);
    xq_string_free(packet);
    xq_string_free(locator);
}

static void use_account(worker_t *worker) {
    xq_error_t *error = NULL;
    xq_subscriber_t *who = NULL;
    char *delegate = NULL, *combined = NULL, *scopes = NULL;
    int32_t newsletter = -1, notifications = -1;
    int64_t merged = 0, now = 0;
    if (worked(worker, xq_get_subscriber(worker->api, &who, &error), &error, 0))
        CHECK(worker, strstr(who->user, worker->fixed ? "other-1" : "-7"));
    xq_subscriber_free(who);
    worked(worker, xq_update_settings(worker->api, 1, 2, &error), &error, 0);
    if (worked(worker, xq_get_settings(worker->api, &newsletter, &notifications, &error), &error, 0))
        CHECK(worker, newsletter >= 0 && newsletter <= 1 && notifications >= 0 && notifications <= 3);
    if (worked(worker, xq_authorize_delegate(worker->api, &delegate, &error), &error, 0)) {
        const char *one[1];
        one[0] = delegate;
        if (worked(worker, xq_combine_authorizations(worker->api, one, 1, &combined, &merged, &error), &error, 1))
            CHECK(worker, merged == 1 && combined);
    }
    xq_string_free(delegate);
    xq_string_free(combined);
    CHECK(worker, worked(worker, xq_server_time(worker->api, &now, &error), &error, 0) && now > 1600000000);
    CHECK(worker, worked(worker, xq_validate_api_key(worker->api, &scopes, &error), &error, 0));
    CHECK(worker, strstr(scopes, "authorize"));
    xq_string_free(scopes);
}

static void *work(void *context) {
    worker_t *worker = (worker_t *)context;
    struct timespec now;
    CHECK(worker, pthread_setspecific(self, worker) == 0);
    do {
        char key[64], *locator;
        worker->act = 0, sign_in(worker);
        worker->act = 1, locator = store(worker, key);
        worker->act = 2, look_at_token(worker);
        if (locator) {
            worker->act = 3, fetch(worker, locator, key);
            worker->act = 4, ask_expiry(worker, locator);
            worker->act = 5, share(worker, locator);
            worker->act = 6, take_back(worker, locator);
        }
        xq_string_free(locator);
        worker->act = 7, use_many(worker);
        worker->act = 8, use_packet(worker);
        worker->act = 9, use_account(worker);
        worker->act = 10, change_token(worker);
        worker->rounds++;
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while (now.tv_sec < until.tv_sec);
    return NULL;
}

static xq_api_t *open_api(void) {
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL;
    if (xq_config_read_environment(config, NULL) != XQ_OK || xq_api_new(config, &api, NULL) != XQ_OK) exit(1);
    xq_config_free(config);
    return api;
}

/* Every token that was found is one that was given out, whole; and none was given out twice. */
static void compare_tokens(worker_t *workers) {
    texts_t all = {NULL, 0, 0};
    size_t i;
    int w;
    for (w = 0; w < SHARING; w++)
        for (i = 0; i < workers[w].issued.count; i++) add(&all, workers[w].issued.items[i]);
    qsort(all.items, all.count, sizeof *all.items, by_text);
    for (i = 1; i < all.count; i++) CHECK(workers, strcmp(all.items[i - 1], all.items[i]) != 0);
    for (w = 0; w < SHARING; w++)
        for (i = 0; i < workers[w].found.count; i++)
            if (!bsearch(&workers[w].found.items[i], all.items, all.count, sizeof *all.items, by_text))
                FAIL(&workers[w], "this token was never given out: %s", workers[w].found.items[i]);
    printf("%lu tokens given out\n", (unsigned long)all.count);
    for (i = 0; i < all.count; i++) free(all.items[i]);
    free(all.items);
}

/* Each request was told once, on its own handle; and each act worked for most threads. */
static void compare_counts(worker_t *workers) {
    unsigned long requests = 0, tried, done;
    int w, act;
    for (w = 0; w < THREADS; w++) {
        CHECK(&workers[w], workers[w].lines == (workers[w].fixed ? 0 : workers[w].requests));
        requests += workers[w].requests;
    }
    for (act = 0; act < MAX_ACTS; act++) {
        for (w = tried = done = 0; w < SHARING; w++) tried += workers[w].tried[act], done += workers[w].done[act];
        if (tried) printf("act %d: %lu of %lu calls worked\n", act, done, tried);
        CHECK(workers, 4 * done >= tried);
    }
    printf("%lu requests\n", requests);
}

static void free_worker(worker_t *worker) {
    size_t i;
    for (i = 0; i < worker->issued.count; i++) free(worker->issued.items[i]);
    for (i = 0; i < worker->found.count; i++) free(worker->found.items[i]);
    free(worker->issued.items);
    free(worker->found.items);
}

int main(int argc, char **argv) {
    static worker_t workers[THREADS];
    pthread_t threads[THREADS];
    xq_api_t *shared = open_api(), *other = open_api();
    char *token = NULL;
    int i;
    CHECK(workers, argc == 2 && pthread_key_create(&self, NULL) == 0);
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += atoi(argv[1]);
    CHECK(workers, xq_set_logger(shared, count_line, shared, NULL) == XQ_OK);
    CHECK(workers, xq_authorize_alias(other, "other-1", NULL, NULL, &token, NULL) == XQ_OK);
    for (i = 0; i < THREADS; i++) {
        workers[i].number = i;
        workers[i].api = i < SHARING ? shared : other;
        workers[i].fixed = i < SHARING ? NULL : token;
        CHECK(workers, pthread_create(&threads[i], NULL, work, &workers[i]) == 0);
    }
    for (i = 0; i < THREADS; i++) CHECK(workers, pthread_join(threads[i], NULL) == 0);
    compare_tokens(workers);
    compare_counts(workers);
    for (i = 0; i < THREADS; i++) free_worker(&workers[i]);
    xq_string_free(token);
    xq_api_free(shared);
    xq_api_free(other);
    puts("ok");
    return 0;
}
