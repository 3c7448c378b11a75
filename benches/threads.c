/* Calls a second from 1, 2, 4 and 8 threads: of libxq on one handle, of libcurl with a handle for each thread.
 *
 *     threads ORIGIN CA_FILE both ROUNDS CALLS     medians of the rounds
 *     threads ORIGIN CA_FILE xq THREADS CALLS      so many calls from each thread: for counting connections
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "exchange.h"

enum { MOST = 8 };

static xq_api_t *api;
static curl_client_t clients[MOST];
static long calls;

static void *by_xq(void *unused) {
    for (long n = 0; n < calls; n++) call_by_xq(api);
    return unused;
}

static void *by_curl(void *client) {
    for (long n = 0; n < calls; n++) call_by_curl(client);
    return NULL;
}

/* Calls a second, of all threads together. */
static double run(int threads, int xq) {
    pthread_t started[MOST];
    double from = by_the_clock();
    for (int n = 0; n < threads; n++)
        if (pthread_create(&started[n], NULL, xq ? by_xq : by_curl, xq ? NULL : &clients[n]) != 0)
            give_up("threads", "a thread cannot be started");
    for (int n = 0; n < threads; n++) pthread_join(started[n], NULL);
    return (double)(calls * threads) / (by_the_clock() - from);
}

static void both(size_t rounds) {
    for (int threads = 1; threads <= MOST; threads *= 2) {
        double *xq = calloc(rounds, sizeof(double)), *curl = calloc(rounds, sizeof(double));
        run(threads, 1);
        run(threads, 0);
        for (size_t round = 0; round < rounds; round++) {
            xq[round] = run(threads, 1);
            curl[round] = run(threads, 0);
        }
        printf("%d %.0f %.0f\n", threads, median(xq, rounds), median(curl, rounds));
        free(xq);
        free(curl);
    }
}

int main(int argc, char **argv) {
    if (argc != 6) give_up("threads", "expected ORIGIN CA_FILE both ROUNDS CALLS, or ORIGIN CA_FILE xq THREADS CALLS");
    api = open_handle(argv[1], argv[2]);
    calls = atol(argv[5]);
    if (strcmp(argv[3], "xq") == 0) {
        run(atoi(argv[4]) < MOST ? atoi(argv[4]) : MOST, 1);
    } else {
        for (int n = 0; n < MOST; n++) curl_open(&clients[n], argv[1], argv[2]);
        both((size_t)atol(argv[4]));
        for (int n = 0; n < MOST; n++) curl_close(&clients[n]);
    }
    xq_api_free(api);
    return 0;
}
