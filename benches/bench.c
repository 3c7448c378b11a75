#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double seconds(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

double by_the_clock(void) { return seconds(CLOCK_MONOTONIC); }

double of_this_thread(void) { return seconds(CLOCK_THREAD_CPUTIME_ID); }

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double median(double *values, size_t count) {
    qsort(values, count, sizeof *values, compare);
    return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

void give_up(const char *what, const char *why) {
    fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

double memory(const char *name) {
    char line[256];
    size_t length = strlen(name);
    double kilobytes = -1;
    FILE *status = fopen("/proc/self/status", "r");
    if (!status) give_up("/proc/self/status", "cannot be read");
    while (fgets(line, sizeof line, status))
        if (strncmp(line, name, length) == 0 && line[length] == ':') kilobytes = strtod(line + length + 1, NULL);
    fclose(status);
    if (kilobytes < 0) give_up(name, "is not in /proc/self/status");
    return kilobytes * 1024;
}

void forget_peak(void) {
    FILE *refs = fopen("/proc/self/clear_refs", "w");
    if (!refs || fputs("5", refs) < 0 || fclose(refs) != 0) give_up("/proc/self/clear_refs", "cannot be written");
}
