/* One call over a kept TLS connection, by libxq, by libcurl and by the leanest loop (floor.h) in turn.
 *
 *     one_call ORIGIN CA_FILE all ROUNDS CALLS           microseconds a call, by the clock and of the processor: medians
 *     one_call ORIGIN CA_FILE xq|curl|floor CALLS        so many calls and no more: for strace and callgrind
 *     one_call ORIGIN CA_FILE derive COUNT               microseconds for a handle from a handle, made and freed
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "exchange.h"
#include "floor.h"

enum { XQ, CURL_ALONE, FLOOR, CLIENTS };

static const char *const names[CLIENTS] = {"xq", "curl", "floor"};
static xq_api_t *api;
static curl_client_t client;
static floor_client_t least;

static void begin(int by, const char *origin, const char *ca_file) {
    if (by == XQ) api = open_handle(origin, ca_file);
    else if (by == CURL_ALONE) curl_open(&client, origin, ca_file);
    else floor_open(&least, origin, ca_file);
}

static void end(int by) {
    if (by == XQ) xq_api_free(api);
    else if (by == CURL_ALONE) curl_close(&client);
    else floor_close(&least);
}

static void make_calls(int by, long count) {
    for (long n = 0; n < count; n++) {
        if (by == XQ) call_by_xq(api);
        else if (by == CURL_ALONE) call_by_curl(&client);
        else call_by_floor(&least);
    }
}

static void all(size_t rounds, long calls) {
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
        printf("%s %.2f %.2f\n", names[by], median(clock[by], rounds), median(cpu[by], rounds));
        free(clock[by]);
        free(cpu[by]);
    }
}

/* xq_api_derive(), and curl_easy_duphandle(), which is the nearest to it. */
static void derive(long count) {
    double started = by_the_clock();
    xq_error_t *error = NULL;
    for (long n = 0; n < count; n++) {
        xq_api_t *own = NULL;
        must(xq_api_derive(api, 1000, &own, &error), &error, "xq_api_derive");
        xq_api_free(own);
    }
    printf("xq %.3f\n", (by_the_clock() - started) / (double)count * 1e6);
    started = by_the_clock();
    for (long n = 0; n < count; n++) curl_easy_cleanup(curl_easy_duphandle(client.curl));
    printf("curl %.3f\n", (by_the_clock() - started) / (double)count * 1e6);
}

int main(int argc, char **argv) {
    if (argc < 5) give_up("one_call", "expected ORIGIN CA_FILE all ROUNDS CALLS, or ORIGIN CA_FILE xq|curl|floor CALLS");
    int derives = strcmp(argv[3], "derive") == 0, is_all = derives || strcmp(argv[3], "all") == 0;
    for (int by = 0; by < CLIENTS; by++)
        if (is_all || strcmp(argv[3], names[by]) == 0) begin(by, argv[1], argv[2]);
    if (derives) derive(atol(argv[4]));
    else if (is_all) all((size_t)atol(argv[4]), atol(argv[5]));
    for (int by = 0; by < CLIENTS; by++) {
        if (!is_all && strcmp(argv[3], names[by]) != 0) continue;
        if (!is_all) make_calls(by, atol(argv[4]));
        end(by);
    }
    return 0;
}
