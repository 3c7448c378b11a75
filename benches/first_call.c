/* The first call of a program: milliseconds to make a handle and free it, the first time; resident memory, in bytes,
 * after a call over TLS. Built with BY_CURL, by libcurl, whose handle reads the root certificate only with the call.
 *
 *     first_call ORIGIN CA_FILE
 */
#include <stdio.h>

#include "bench.h"
#include "exchange.h"

int main(int argc, char **argv) {
    if (argc != 3) give_up("first_call", "expected ORIGIN CA_FILE");
    double from = by_the_clock();
#ifdef BY_CURL
    curl_client_t client;
    curl_open(&client, argv[1], argv[2]);
    curl_close(&client);
    double made = by_the_clock() - from;
    curl_open(&client, argv[1], argv[2]);
    call_by_curl(&client);
#else
    xq_api_free(open_handle(argv[1], argv[2]));
    double made = by_the_clock() - from;
    xq_api_t *api = open_handle(argv[1], argv[2]);
    call_by_xq(api);
#endif
    printf("%.3f %.0f\n", made * 1e3, memory("VmRSS"));
    return 0;
}
