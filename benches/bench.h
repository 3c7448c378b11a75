/* What the programs here have in common. */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>

/* Seconds: by the clock, and of the processor that the calling thread has used. */
double by_the_clock(void);
double of_this_thread(void);

/* The middle of `count` values, which are sorted. */
double median(double *values, size_t count);

/* Says what went wrong and ends the program. */
void give_up(const char *what, const char *why);

/* A line of /proc/self/status, such as VmRSS or VmHWM, in bytes. */
double memory(const char *name);
/* Lets VmHWM, the most that the process has had, begin again. */
void forget_peak(void);

#endif
