/*
 * What Rust's compiler calls in code for ThreadSanitizer and gcc's runtime does not have: the runtime watches the plain
 * functions as well. tests/sanitize.sh links it into each program.
 */
#include <string.h>

void *__tsan_memset(void *to, int byte, size_t size);
void *__tsan_memcpy(void *to, const void *from, size_t size);
void *__tsan_memmove(void *to, const void *from, size_t size);

void *__tsan_memset(void *to, int byte, size_t size) {
    return memset(to, byte, size);
}

void *__tsan_memcpy(void *to, const void *from, size_t size) {
    return memcpy(to, from, size);
}

void *__tsan_memmove(void *to, const void *from, size_t size) {
    return memmove(to, from, size);
}
