/*
 * Holds the serial transport to its time limit, on this machine: over a line that is silent, one whose modem does not answer
 * as it is to hang up, and one that never stops talking.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "board.h"
#include "serial_transport.h"

enum { LIMIT_MS = 600, LATE_MS = 300 };

/* What the line says, over and over; NULL where it is silent. */
static const char *babble;
static size_t next_byte;

uint64_t board_now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

int board_line_get(void) {
    if (!babble) return -1;
    if (!babble[next_byte]) next_byte = 0;
    return (uint8_t)babble[next_byte++];
}

int board_line_put(uint8_t byte) {
    (void)byte;
    return 1;
}

static int ends_in_time(const char *what, int out_of_step, const char *line_says) {
    serial_line_t line;
    xq_http_request_t request;
    uint64_t began = board_now_ms(), took;
    int32_t status;
    memset(&line, 0, sizeof line);
    memset(&request, 0, sizeof request);
    line.out_of_step = out_of_step;
    request.method = "GET";
    request.url = "http://host/v2/apikey";
    request.timeout_ms = LIMIT_MS;
    babble = line_says;
    status = serial_transport(&line, &request, NULL);
    took = board_now_ms() - began;
    if (status == XQ_TIMEOUT && took < LIMIT_MS + LATE_MS) return 1;
    printf("%s: %s after %d ms; expected XQ_TIMEOUT after %d\n", what, xq_status_name(status), (int)took, LIMIT_MS);
    return 0;
}

int main(void) {
    int ok = ends_in_time("a line that is silent", 0, NULL);
    ok &= ends_in_time("a modem that does not answer", 1, NULL);
    ok &= ends_in_time("a line that never stops talking", 0, "HTTP/1.1 100 Continue\r\n\r\n");
    ok &= ends_in_time("the same while it is to hang up", 1, "HTTP/1.1 100 Continue\r\n\r\n");
    if (ok) puts("The time limit holds.");
    return ok ? 0 : 1;
}
