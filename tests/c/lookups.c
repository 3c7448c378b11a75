/*
 * How often a host name is looked up. The program brings its own getaddrinfo, which libxq then calls: it counts, and
 * knows xq.test (127.0.0.1, after a while), gone.test (not found) and stuck.test (no answer for a long time).
 *
 *     lookups URL    the subscription service at xq.test
 */
#define _GNU_SOURCE
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
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

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int lookups;

static void wait_ms(long ms) {
    struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result) {
    struct {
        struct addrinfo info;
        struct sockaddr_in address;
    } *found;
    (void)service;
    (void)hints;
    pthread_mutex_lock(&lock);
    lookups++;
    pthread_mutex_unlock(&lock);
    if (strcmp(node, "gone.test") == 0) return EAI_NONAME;
    wait_ms(strcmp(node, "stuck.test") == 0 ? 60000 : 200);
    found = calloc(1, sizeof *found);
    found->address.sin_family = AF_INET;
    found->address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    found->info.ai_family = AF_INET;
    found->info.ai_socktype = SOCK_STREAM;
    found->info.ai_addr = (struct sockaddr *)&found->address;
    found->info.ai_addrlen = sizeof found->address;
    *result = &found->info;
    return 0;
}

void freeaddrinfo(struct addrinfo *info) {
    free(info);
}

static int counted(void) {
    int count;
    pthread_mutex_lock(&lock);
    count = lookups;
    lookups = 0;
    pthread_mutex_unlock(&lock);
    return count;
}

static xq_api_t *api_at(const char *url, uint32_t timeout_ms) {
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL;
    CHECK(xq_config_set_api_key(config, "general-key", NULL) == XQ_OK);
    CHECK(xq_config_set_allow_plain_http(config, 1, NULL) == XQ_OK);
    CHECK(xq_config_set_connect_timeout_ms(config, 500, NULL) == XQ_OK);
    CHECK(xq_config_set_timeout_ms(config, timeout_ms, NULL) == XQ_OK);
    CHECK(xq_config_set_service_url(config, XQ_SERVICE_SUBSCRIPTION, url, NULL) == XQ_OK);
    CHECK(xq_api_new(config, &api, NULL) == XQ_OK);
    xq_config_free(config);
    return api;
}

static void *call(void *api) {
    CHECK(xq_validate_api_key((xq_api_t *)api, NULL, NULL) == XQ_OK);
    return NULL;
}

/* The clock of the library too, which can be set forward, and slept through. */
static time_t seconds_later, seconds_slept;
static int connections;

int socket(int domain, int type, int protocol) {
    connections++;
    return (int)syscall(SYS_socket, domain, type, protocol);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    int result = (int)syscall(SYS_clock_gettime, clock, time);
    time->tv_sec += seconds_later;
    if (clock == CLOCK_BOOTTIME) time->tv_sec += seconds_slept;
    return result;
}

int main(int argc, char **argv) {
    pthread_t threads[8];
    xq_api_t *api;
    xq_error_t *error = NULL;
    int i;
    CHECK(argc == 2);

    /* Calls at once wait for one look-up, and later ones remember it. */
    api = api_at(argv[1], 30000);
    for (i = 0; i < 8; i++) CHECK(pthread_create(&threads[i], NULL, call, api) == 0);
    for (i = 0; i < 8; i++) CHECK(pthread_join(threads[i], NULL) == 0);
    for (i = 0; i < 100; i++) call(api);
    CHECK(counted() == 1);
    /* A kept connection needs none, however old the addresses are. */
    seconds_later += 40;
    call(api);
    CHECK(counted() == 0);
    /* Where it is too old itself, the name is looked up again. */
    seconds_later += 45;
    call(api);
    CHECK(counted() == 1);
    /* What is idle through a sleep of the machine is old too, though no other clock goes on meanwhile. */
    connections = 0;
    call(api);
    CHECK(connections == 0);
    seconds_slept += 45;
    call(api);
    CHECK(connections == 1 && counted() == 0);
    xq_api_free(api);
    seconds_later = 0;

    /* A name that was not found is looked up again. */
    api = api_at("http://gone.test/v2", 30000);
    CHECK(xq_validate_api_key(api, NULL, NULL) == XQ_NETWORK);
    CHECK(xq_validate_api_key(api, NULL, NULL) == XQ_NETWORK);
    CHECK(counted() == 2);
    xq_api_free(api);

    /* A look-up that does not end is a time-out, and the only one of its name. */
    api = api_at("http://stuck.test/v2", 30000);
    CHECK(xq_validate_api_key(api, NULL, NULL) == XQ_TIMEOUT);
    CHECK(xq_validate_api_key(api, NULL, NULL) == XQ_TIMEOUT);
    CHECK(counted() == 1);
    xq_api_free(api);

    /* Whichever limit ends it, nothing has been sent, and the sentence is about the name. */
    api = api_at("http://stuck.test/v2", 300);
    CHECK(xq_validate_api_key(api, NULL, &error) == XQ_TIMEOUT);
    CHECK(strstr(xq_error_message(error), "stuck.test was not resolved within 300 ms, the time limit"));
    xq_error_free(error);
    CHECK(counted() == 1);
    xq_api_free(api);

    /* No name is looked up for this machine. */
    api = api_at("http://subscription.localhost:1/v2", 30000);
    CHECK(xq_validate_api_key(api, NULL, NULL) == XQ_NETWORK);
    CHECK(counted() == 0);
    xq_api_free(api);
    puts("ok");
    return 0;
}
