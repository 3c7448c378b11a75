/* Milliseconds to load a shared library, as a program would that knows it only at run time.
 *
 *     load LIBRARY
 */
#include <dlfcn.h>
#include <stdio.h>

#include "bench.h"

int main(int argc, char **argv) {
    if (argc != 2) give_up("load", "expected the path of a library");
    double from = by_the_clock();
    if (!dlopen(argv[1], RTLD_NOW)) give_up("dlopen", dlerror());
    printf("%.3f\n", (by_the_clock() - from) * 1e3);
    return 0;
}
