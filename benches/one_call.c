/* One call over a kept TLS connection, by libxq and by libcurl in turn.
 *
 *     one_call ORIGIN CA_FILE both ROUNDS CALLS    microseconds a call, by the clock and of the processor: medians
 *     one_call ORIGIN CA_FILE xq|curl CALLS        so many calls and no more: for strace and callgrind
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "exchange.h"

enum { XQ, CURL_ALONE, CLIENTS };

static xq_api_t *api;
static curl_client_t client;

static void make_calls(int by, long count) {
    for (long n = 0; n < count; n++) {
        if (by == XQ) call_by_xq(api);
        else call_by_curl(&client);
    }
}

static void both(size_t rounds, long calls) {
    double *clock[CLIENTS], *cpu[CLIENTS];
    for (int by = 0; by < CLIENTS; by++) {
        clock[by] = calloc(rounds, sizeof(double));
        cpu[by] = calloc(rounds, sizeof(double));
        make_calls(by, 10);
    }
    for (size_t round = 0; round < rounds; round++) {
        for (int by = 0; by < CLIENTS; by++) {
            double started = by_the_clock(), used = of_this_thread();
            make_calls(by, calls);
            clock[by][round] = (by_the_clock() - started) / (double)calls * 1e6;
            cpu[by][round] = (of_this_thread() - used) / (double)calls * 1e6;
        }
    }
    for (int by = 0; by < CLIENTS; by++) {
        printf("%s %.2f %.2f\n", by == XQ ? "xq" : "curl", median(clock[by], rounds), median(cpu[by], rounds));
        free(clock[by]);
        free(cpu[by]);
    }
}

int main(int argc, char **argv) {
    if (argc < 5) give_up("one_call", "expected ORIGIN CA_FILE both ROUNDS CALLS, or ORIGIN CA_FILE xq|curl CALLS");
    int xq = strcmp(argv[3], "curl") != 0, curl = strcmp(argv[3], "xq") != 0;
    if (xq) api = open_handle(argv[1], argv[2]);
    if (curl) curl_open(&client, argv[1], argv[2]);
    if (xq && curl) both((size_t)atol(argv[4]), atol(argv[5]));
    else make_calls(xq ? XQ : CURL_ALONE, atol(argv[4]));
    if (curl) curl_close(&client);
    xq_api_free(api);
    return 0;
}
