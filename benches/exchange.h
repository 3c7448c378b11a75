/* The same exchange by libxq and by libcurl: GET key/LOCATOR over a kept TLS connection, and a copy of the key. */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include <curl/curl.h>
#include <xq.h>

#define API_KEY "AbCdEfGhIjKlMnOpQrStUvWxYz012345"
#define TOKEN                                                                                                          \
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqYW5lQGV4YW1wbGUuY29tIiwiZXhwIjoxOTAwMDAwMDAwfQ.0123456789abcdefghijklmnopqrstuvwx"
#define LOCATOR "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"

/* A handle whose services are all at `origin`, signed in. */
xq_api_t *open_handle(const char *origin, const char *ca_file);
/* Ends the program where libxq refused. */
void must(xq_status_t status, xq_error_t **error, const char *what);

/* libcurl at its best: one handle, its connection kept. */
typedef struct {
    CURL *curl;
    struct curl_slist *headers;
    char reply[1024];
    size_t length;
} curl_client_t;

void curl_open(curl_client_t *client, const char *origin, const char *ca_file);
void curl_close(curl_client_t *client);

/* One call. It ends the program where anything but a key comes back. */
void call_by_xq(xq_api_t *api);
void call_by_curl(curl_client_t *client);

#endif
