/*
 * A host of several addresses, some of which lead nowhere. The program brings its own getaddrinfo, which libxq then
 * calls, and a black hole: a listener whose queue is full, so that nothing is ever answered.
 *
 *     addresses PORT PROXY    the emulator at 127.0.0.1:PORT, and a proxy that leads there at 127.0.0.1:PROXY
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
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

/* Nothing listens there, nothing is answered there, and the network of that there is none. */
#define GOOD "127.0.0.1"
#define REFUSES "127.0.0.3"
#define HOLE "127.0.0.2"
#define HOLE_TOO "127.0.0.4"
/* The good one as an address of the other family. */
#define MAPPED "::ffff:127.0.0.1"
#define UNREACHABLE "2001:db8::1"
#define UNREACHABLE_TOO "2001:db8::2"
/* No TCP goes there, which shows at once: to all, and to groups. */
#define TO_ALL "255.255.255.255"
#define GROUP "224.0.0.1"
#define GROUP_TOO "224.0.0.2"

static const struct {
    const char *name;
    const char *addresses[5];
} hosts[] = {
    {"hole.test", {HOLE, GOOD}},
    {"holes.test", {HOLE, HOLE_TOO, GOOD}},
    {"refused.test", {REFUSES, GOOD}},
    {"four.test", {GOOD}},
    {"six-alone.test", {MAPPED}},
    {"unreachable.test", {UNREACHABLE, GOOD}},
    {"six.test", {UNREACHABLE, UNREACHABLE_TOO, GOOD}},
    {"dead.test", {HOLE, REFUSES, HOLE_TOO}},
    {"soon.test", {HOLE, TO_ALL, GROUP, GROUP_TOO, GOOD}},
    {"silent.test", {GOOD}},
    {"all-refuse.test", {REFUSES, "127.0.0.5", "127.0.0.6"}},
};

static struct addrinfo *information(const char *address) {
    struct {
        struct addrinfo info;
        union {
            struct sockaddr any;
            struct sockaddr_in four;
            struct sockaddr_in6 six;
        } address;
    } *found = calloc(1, sizeof *found);
    CHECK(found);
    found->info.ai_socktype = SOCK_STREAM;
    found->info.ai_addr = &found->address.any;
    if (inet_pton(AF_INET, address, &found->address.four.sin_addr) == 1) {
        found->info.ai_family = found->address.four.sin_family = AF_INET;
        found->info.ai_addrlen = sizeof found->address.four;
    } else {
        CHECK(inet_pton(AF_INET6, address, &found->address.six.sin6_addr) == 1);
        found->info.ai_family = found->address.six.sin6_family = AF_INET6;
        found->info.ai_addrlen = sizeof found->address.six;
    }
    return &found->info;
}

static int look_ups;

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result) {
    size_t host, i;
    look_ups++;
    (void)service;
    (void)hints;
    for (host = 0; host < sizeof hosts / sizeof *hosts; host++) {
        struct addrinfo **next = result;
        if (strcmp(node, hosts[host].name) != 0) continue;
        for (i = 0; i < 5 && hosts[host].addresses[i]; i++) {
            *next = information(hosts[host].addresses[i]);
            next = &(*next)->ai_next;
        }
        return 0;
    }
    return EAI_NONAME;
}

void freeaddrinfo(struct addrinfo *info) {
    while (info) {
        struct addrinfo *next = info->ai_next;
        free(info);
        info = next;
    }
}

static int sockets;

int socket(int domain, int type, int protocol) {
    sockets++;
    return (int)syscall(SYS_socket, domain, type, protocol);
}

/* Where it is set, a look at a kept connection finds that the other end has closed it. */
static int is_closed;

ssize_t recv(int fd, void *buffer, size_t length, int flags) {
    if (is_closed && flags & MSG_PEEK) return 0;
    return syscall(SYS_recvfrom, fd, buffer, length, flags, NULL, NULL);
}

static struct sockaddr_in at(const char *address, int port) {
    struct sockaddr_in place;
    memset(&place, 0, sizeof place);
    place.sin_family = AF_INET;
    place.sin_port = htons((unsigned short)port);
    CHECK(inet_pton(AF_INET, address, &place.sin_addr) == 1);
    return place;
}

static void make_hole(const char *address, int port) {
    struct sockaddr_in place = at(address, port);
    int i, listener = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(bind(listener, (struct sockaddr *)&place, sizeof place) == 0);
    CHECK(listen(listener, 0) == 0);
    for (i = 0; i < 4; i++) {
        int filler = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        CHECK(filler >= 0);
        (void)connect(filler, (struct sockaddr *)&place, sizeof place);
    }
}

static const char *proxy;

static xq_api_t *api_at(const char *host, int port, uint32_t connect_timeout_ms) {
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL;
    char url[64];
    sprintf(url, "http://%s:%d/subscription/v2", host, port);
    CHECK(xq_config_set_api_key(config, "general-key", NULL) == XQ_OK);
    CHECK(xq_config_set_allow_plain_http(config, 1, NULL) == XQ_OK);
    CHECK(xq_config_set_connect_timeout_ms(config, connect_timeout_ms, NULL) == XQ_OK);
    CHECK(xq_config_set_proxy(config, proxy, NULL) == XQ_OK);
    CHECK(xq_config_set_service_url(config, XQ_SERVICE_SUBSCRIPTION, url, NULL) == XQ_OK);
    CHECK(xq_api_new(config, &api, NULL) == XQ_OK);
    xq_config_free(config);
    return api;
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* A call reaches the host, in less than the quarter of its limit that an address would have for itself. */
static void reached(const char *host, int port) {
    xq_api_t *api = api_at(host, port, 20000);
    double start = seconds();
    xq_error_t *error = NULL;
    if (xq_validate_api_key(api, NULL, &error) != XQ_OK) {
        fprintf(stderr, "%s: %s\n", host, xq_error_message(error));
        exit(1);
    }
    CHECK(seconds() - start < 5);
    xq_api_free(api);
}

static void fails(const char *host, int port, xq_status_t status, const char *words, const char *more) {
    xq_api_t *api = api_at(host, port, 1000);
    xq_error_t *error = NULL;
    double start = seconds();
    xq_status_t is = xq_validate_api_key(api, NULL, &error);
    if (is != status || !strstr(xq_error_message(error), host) || !strstr(xq_error_message(error), words) ||
        !strstr(xq_error_message(error), more)) {
        fprintf(stderr, "%s: %s %s\n", host, xq_status_name((int)is), xq_error_message(error));
        exit(1);
    }
    /* Nothing was sent, and the limit was that of connecting, not of the call, which is thirty times as long. */
    CHECK(xq_error_outcome(error) == XQ_OUTCOME_NOT_SENT);
    CHECK(seconds() - start < 15);
    xq_error_free(error);
    xq_api_free(api);
}

/* The second connection goes to the address that won, and to no other. */
static void remembered(int port) {
    xq_api_t *api = api_at("holes.test", port, 20000);
    sockets = 0;
    CHECK(xq_validate_api_key(api, NULL, NULL) == XQ_OK);
    CHECK(sockets == 3);
    sockets = 0;
    CHECK(xq_validate_api_key(api, NULL, NULL) == XQ_OK);
    CHECK(sockets == 0);
    is_closed = 1;
    CHECK(xq_validate_api_key(api, NULL, NULL) == XQ_OK);
    CHECK(sockets == 1);
    is_closed = 0;
    xq_api_free(api);
}

/* The next address is tried as soon as one fails, also where another is still under way. */
static void goes_on_at_once(int port) {
    double best = 10;
    int tries;
    /* A machine with other work gets more than one try. */
    for (tries = 0; tries < 5 && best > 0.6; tries++) {
        double start = seconds();
        reached("soon.test", port);
        if (seconds() - start < best) best = seconds() - start;
    }
    CHECK(best <= 0.6);
}

static void *works(void *api) {
    CHECK(xq_validate_api_key((xq_api_t *)api, NULL, NULL) == XQ_OK);
    return NULL;
}

static void *is_stopped(void *api) {
    CHECK(xq_validate_api_key((xq_api_t *)api, NULL, NULL) == XQ_CANCELED);
    return NULL;
}

static pthread_t in_a_thread(void *(*function)(void *), xq_api_t *api) {
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, function, api) == 0);
    return thread;
}

/* Takes a request in from one of two connections, and gives that. */
static int request(int one, int other) {
    struct pollfd both[2] = {{0, POLLIN, 0}, {0, POLLIN, 0}};
    char head[4096];
    int which;
    both[0].fd = one;
    both[1].fd = other;
    CHECK(poll(both, 2, 10000) > 0);
    which = both[0].revents ? one : other;
    CHECK(read(which, head, sizeof head) > 0);
    return which;
}

static void reply(int connection) {
    static const char good[] = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
    CHECK(write(connection, good, sizeof good - 1) == sizeof good - 1);
}

static int accepted(int listener) {
    int connection = accept(listener, NULL, NULL);
    CHECK(connection >= 0);
    return connection;
}

/* That the program stops a call says nothing of other connections, nor of where it went: both are kept. */
static void stopped(void) {
    struct sockaddr_in place = at(GOOD, 0);
    socklen_t size = sizeof place;
    int one, other, used, listener = socket(AF_INET, SOCK_STREAM, 0);
    pthread_t first, second;
    xq_api_t *api;
    CHECK(bind(listener, (struct sockaddr *)&place, sizeof place) == 0);
    CHECK(listen(listener, 8) == 0);
    CHECK(getsockname(listener, (struct sockaddr *)&place, &size) == 0);
    api = api_at("silent.test", ntohs(place.sin_port), 20000);
    look_ups = 0;
    first = in_a_thread(works, api);
    one = accepted(listener);
    second = in_a_thread(works, api);
    other = accepted(listener);
    reply(request(one, one));
    reply(request(other, other));
    CHECK(pthread_join(first, NULL) == 0);
    CHECK(pthread_join(second, NULL) == 0);

    sockets = 0;
    first = in_a_thread(is_stopped, api);
    used = request(one, other);
    CHECK(xq_api_cancel(api, NULL) == XQ_OK);
    CHECK(pthread_join(first, NULL) == 0);
    CHECK(xq_api_resume(api, NULL) == XQ_OK);
    first = in_a_thread(works, api);
    other = used == one ? other : one;
    reply(request(other, other));
    CHECK(pthread_join(first, NULL) == 0);
    CHECK(sockets == 0);

    is_closed = 1;
    first = in_a_thread(works, api);
    one = accepted(listener);
    reply(request(one, one));
    CHECK(pthread_join(first, NULL) == 0);
    CHECK(look_ups == 1);
    is_closed = 0;
    close(listener);
    xq_api_free(api);
}

/* Towards a proxy it is the same; the host behind it is the proxy's to look up. */
static void through_a_proxy(int port) {
    char url[64];
    make_hole(HOLE, port);
    make_hole(HOLE_TOO, port);
    sprintf(url, "http://holes.test:%d", port);
    proxy = url;
    reached("nobody.looks.this.up.test", 80);
    sprintf(url, "http://dead.test:%d", port);
    fails("dead.test", 80, XQ_TIMEOUT, "within 1000 ms, the connect time limit", "3 addresses were tried");
    proxy = NULL;
}

/* Where the system has the other family at all. */
static void the_other_family_alone(int port) {
    int can = socket(AF_INET6, SOCK_STREAM, 0);
    if (can < 0) {
        puts("SKIPPED: there is no IPv6 here");
        return;
    }
    close(can);
    reached("six-alone.test", port);
}

int main(int argc, char **argv) {
    int port;
    CHECK(argc == 3);
    port = atoi(argv[1]);
    make_hole(HOLE, port);
    make_hole(HOLE_TOO, port);
    reached("hole.test", port);
    reached("holes.test", port);
    reached("refused.test", port);
    reached("unreachable.test", port);
    reached("six.test", port);
    reached("four.test", port);
    the_other_family_alone(port);
    remembered(port);
    goes_on_at_once(port);
    stopped();
    fails("dead.test", port, XQ_TIMEOUT, "within 1000 ms, the connect time limit", "3 addresses were tried");
    fails("all-refuse.test", port, XQ_NETWORK, "refused the connection", "3 addresses were tried");
    through_a_proxy(atoi(argv[2]));
    puts("ok");
    return 0;
}
