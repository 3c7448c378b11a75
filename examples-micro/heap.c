/*
 * First fit over one block, neighbours that are free made one: small, and good enough for what libxq asks of it. One task
 * alone may use it; under an RTOS, its own heap or a lock around this one.
 */
#include "heap.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifndef HEAP_BYTES
#define HEAP_BYTES (24 * 1024)
#endif

/* In front of each piece. Eight bytes, so that what follows is aligned for anything. */
typedef struct {
    uint32_t size; /* with the head; 0 where nothing was ever */
    uint32_t used;
} head_t;

static uint64_t block[HEAP_BYTES / 8];
static size_t in_use, peak, refused, limit = HEAP_BYTES;

static head_t *first(void) {
    return (head_t *)block;
}

/* NULL at the end. */
static head_t *after(head_t *head) {
    head_t *next = (head_t *)((uint8_t *)head + head->size);
    return (uint8_t *)next < (uint8_t *)block + sizeof block ? next : NULL;
}

static void join_free_neighbours(head_t *head) {
    head_t *next;
    while ((next = after(head)) != NULL && !next->used) head->size += next->size;
}

/* Leaves the piece as large as was asked for, and makes the rest a free one. */
static void split(head_t *head, uint32_t size) {
    head_t *rest = (head_t *)((uint8_t *)head + size);
    if (head->size < size + 2 * sizeof(head_t)) return;
    rest->size = head->size - size;
    rest->used = 0;
    head->size = size;
}

void *malloc(size_t length) {
    head_t *head = first();
    uint32_t size;
    refused = length;
    if (length > sizeof block) return NULL;
    size = (uint32_t)((length + 7) / 8 * 8 + sizeof(head_t));
    if (head->size == 0) head->size = sizeof block;
    for (; head; head = after(head)) {
        if (head->used) continue;
        join_free_neighbours(head);
        if (head->size < size) continue;
        split(head, size);
        if (in_use + head->size > limit) return NULL;
        head->used = 1;
        in_use += head->size;
        if (in_use > peak) peak = in_use;
        refused = 0;
        return head + 1;
    }
    return NULL;
}

void free(void *memory) {
    head_t *head;
    if (!memory) return;
    head = (head_t *)memory - 1;
    if (!head->used) abort(); /* it was free already */
    head->used = 0;
    in_use -= head->size;
}

void *calloc(size_t count, size_t size) {
    void *memory;
    if (size && count > sizeof block / size) return NULL;
    memory = malloc(count * size);
    return memory ? memset(memory, 0, count * size) : NULL;
}

void *realloc(void *memory, size_t length) {
    void *moved = malloc(length);
    size_t had;
    if (!memory || !moved) return moved;
    had = ((head_t *)memory - 1)->size - sizeof(head_t);
    memcpy(moved, memory, had < length ? had : length);
    free(memory);
    return moved;
}

size_t heap_bytes(void) {
    return sizeof block;
}

size_t heap_used(void) {
    return in_use;
}

size_t heap_peak(void) {
    return peak;
}

void heap_forget_peak(void) {
    peak = in_use;
}

size_t heap_refused(void) {
    return refused;
}

void heap_limit(size_t bytes) {
    limit = bytes;
}
