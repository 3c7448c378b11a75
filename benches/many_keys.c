/* Many keys stored in one call (xq_create_and_store_packets).
 *
 *     many_keys reply COUNT                         writes the reply of the service to COUNT keys
 *     many_keys COUNT ORIGIN CA_FILE cpu ROUNDS     milliseconds of the processor for a call, the median of the rounds
 *     many_keys COUNT - - cpu ROUNDS                the same over a transport of the program's own, without TLS
 *     many_keys COUNT ORIGIN CA_FILE memory         bytes of the request's keys, and how far memory grew at most
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "exchange.h"

enum { KEY = 64, PAIR = 128 };

static size_t count;
static const char *recipients[] = {"joe@example.com", "team-7@group.local"};

/* The key at `index`, of 64 digits as 256 bits of the service's entropy have, and its locator of 43. */
static void write_key(char *to, size_t index) { snprintf(to, KEY + 1, "%064zx", index * 2654435761u + 1); }

static char *make_reply(size_t *length) {
    char *reply = malloc(count * PAIR + 16), *end = reply, key[KEY + 1];
    end += sprintf(end, "{\"tokens\":[");
    for (size_t index = 0; index < count; index++) {
        write_key(key, index);
        end += sprintf(end, "%s{\"%s\":\"Loc-%039zu\"}", index ? "," : "", key, index);
    }
    end += sprintf(end, "]}");
    *length = (size_t)(end - reply);
    return reply;
}

static const char *reply;
static size_t reply_length;

static int32_t answer(void *unused, const xq_http_request_t *request, xq_http_reply_t *to) {
    (void)unused;
    (void)request;
    xq_http_reply_set_status(to, 200);
    return xq_http_reply_add_body(to, reply, reply_length);
}

static xq_api_t *open_in_memory(void) {
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL;
    xq_error_t *error = NULL;
    reply = make_reply(&reply_length);
    must(xq_config_set_api_key(config, API_KEY, &error), &error, "the API key");
    must(xq_config_set_transport(config, answer, NULL, &error), &error, "the transport");
    must(xq_api_new(config, &api, &error), &error, "the handle");
    must(xq_set_access_token(api, TOKEN, &error), &error, "the token");
    xq_config_free(config);
    return api;
}

static void store(xq_api_t *api, const char *const *keys) {
    xq_list_t *list = NULL;
    xq_error_t *error = NULL;
    must(xq_create_and_store_packets(api, keys, count, recipients, 2, NULL, &list, &error), &error, "the call");
    if (list->count != count || strlen(list->items[count - 1]) != 43) give_up("the call", "gave something else");
    xq_list_free(list);
}

int main(int argc, char **argv) {
    if (argc == 3 && strcmp(argv[1], "reply") == 0) {
        count = (size_t)atol(argv[2]);
        fputs(make_reply(&reply_length), stdout);
        return 0;
    }
    if (argc < 5) give_up("many_keys", "expected reply COUNT, or COUNT ORIGIN CA_FILE cpu|memory [ROUNDS]");
    count = (size_t)atol(argv[1]);
    char *texts = malloc(count * (KEY + 1));
    const char **keys = malloc(count * sizeof *keys);
    for (size_t index = 0; index < count; index++) {
        write_key(texts + index * (KEY + 1), index);
        keys[index] = texts + index * (KEY + 1);
    }
    xq_api_t *api = strcmp(argv[2], "-") == 0 ? open_in_memory() : open_handle(argv[2], argv[3]);
    if (strcmp(argv[4], "memory") == 0) {
        char *key = NULL;
        xq_error_t *error = NULL;
        /* The connection and its buffers are there before. */
        must(xq_get_packet(api, LOCATOR, &key, &error), &error, "xq_get_packet");
        xq_string_free(key);
        forget_peak();
        double before = memory("VmRSS");
        store(api, keys);
        printf("%zu %.0f\n", count * (KEY + 3), memory("VmHWM") - before);
    } else {
        size_t rounds = argc > 5 ? (size_t)atol(argv[5]) : 1;
        double *used = calloc(rounds, sizeof(double));
        store(api, keys);
        for (size_t round = 0; round < rounds; round++) {
            double from = of_this_thread();
            store(api, keys);
            used[round] = (of_this_thread() - from) * 1e3;
        }
        printf("%.3f\n", median(used, rounds));
        free(used);
    }
    xq_api_free(api);
    free(keys);
    free(texts);
    return 0;
}
