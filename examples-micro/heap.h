/* The firmware's heap: malloc() and free() over one block, which tell how much was in use at the most. */
#ifndef HEAP_H
#define HEAP_H

#include <stddef.h>

/* How many bytes there are, heads of blocks included. */
size_t heap_bytes(void);

/* How many are in use, and how many were at the most since heap_forget_peak(). Heads included. */
size_t heap_used(void);
size_t heap_peak(void);
void heap_forget_peak(void);

/* The bytes that malloc() could not give when it was asked last, 0 where it could. */
size_t heap_refused(void);

/* From here on only so many bytes may be in use. */
void heap_limit(size_t bytes);

#endif
