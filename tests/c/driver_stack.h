/*
 * Everything on a thread whose stack has DRIVER_STACK bytes, and how much of it was used. What is used is what is no longer
 * as it was painted; below the stack lies what nobody may touch.
 */
#include <pthread.h>
#include <sys/mman.h>

enum { PAINT = 0xa5, GUARD = 1 << 16, NEAR_BY = 1 << 10 };

static volatile unsigned char *stack;
static size_t stack_size;

static void *serve_there(void *status) {
    *(int *)status = serve();
    return NULL;
}

static int serve_on_stack(size_t size) {
    pthread_attr_t attributes;
    pthread_t thread;
    void *place;
    size_t i;
    int status = 2;
    if (posix_memalign(&place, GUARD, GUARD + size) || mprotect(place, GUARD, PROT_NONE)) abort();
    stack = (unsigned char *)place + GUARD;
    stack_size = size;
    for (i = 0; i < size; i++) stack[i] = PAINT;
    if (pthread_attr_init(&attributes) || pthread_attr_setstack(&attributes, (void *)stack, size)) abort();
    if (pthread_create(&thread, &attributes, serve_there, &status) || pthread_join(thread, NULL)) abort();
    pthread_attr_destroy(&attributes);
    if (mprotect(place, GUARD, PROT_READ | PROT_WRITE)) abort();
    free(place);
    return status;
}

/* The most that was used since it was last asked for, what the C library has at the top of it included. */
static size_t stack_used(void) {
    volatile unsigned char here = 0, *end = &here - NEAR_BY, *at = stack;
    while (*at == PAINT) at++;
    for (end = end > stack ? end : stack; end > stack;) *--end = PAINT;
    return stack_size - (size_t)(at - stack);
}
