#include "exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

static size_t take(char *bytes, size_t size, size_t count, void *to) {
    curl_client_t *client = to;
    size_t amount = size * count;
    if (amount > sizeof client->reply - client->length - 1) return 0;
    memcpy(client->reply + client->length, bytes, amount);
    client->length += amount;
    client->reply[client->length] = 0;
    return amount;
}

void curl_open(curl_client_t *client, const char *origin, const char *ca_file) {
    char url[512];
    snprintf(url, sizeof url, "%s/key/" LOCATOR, origin);
    client->curl = curl_easy_init();
    client->headers = NULL;
    client->headers = curl_slist_append(client->headers, "api-key: " API_KEY);
    client->headers = curl_slist_append(client->headers, "content-type: application/json");
    client->headers = curl_slist_append(client->headers, "authorization: Bearer " TOKEN);
    client->headers = curl_slist_append(client->headers, "accept:");
    curl_easy_setopt(client->curl, CURLOPT_URL, url);
    curl_easy_setopt(client->curl, CURLOPT_USERAGENT, "libcurl");
    curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, client->headers);
    curl_easy_setopt(client->curl, CURLOPT_CAINFO, ca_file);
    curl_easy_setopt(client->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(client->curl, CURLOPT_TIMEOUT_MS, 30000L);
    curl_easy_setopt(client->curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(client->curl, CURLOPT_WRITEDATA, client);
}

void curl_close(curl_client_t *client) {
    curl_easy_cleanup(client->curl);
    curl_slist_free_all(client->headers);
}

void call_by_curl(curl_client_t *client) {
    CURLcode result;
    long status = 0;
    char *key;
    client->length = 0;
    result = curl_easy_perform(client->curl);
    if (result != CURLE_OK) give_up("libcurl", curl_easy_strerror(result));
    curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200 || client->length == 0) give_up("libcurl", client->reply);
    key = malloc(client->length + 1);
    memcpy(key, client->reply, client->length + 1);
    free(key);
}
