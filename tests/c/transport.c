/*
 * What the header promises of a transport of the program's own: what the function is given, and what becomes of each
 * thing that it can answer.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "xq.h"

#define CHECK(condition)                                                    \
    do {                                                                    \
        if (!(condition)) {                                                 \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
            exit(1);                                                        \
        }                                                                   \
    } while (0)

/* What the function answers next, and how often it was asked. */
typedef struct {
    int32_t result;
    int http_status;
    const char *body;
    const char *message;
    int retry_after;
    int calls;
    const char *content_type;
    int not_sent;
} script_t;

static const char *header(const xq_http_request_t *request, const char *name) {
    size_t i;
    for (i = 0; i < request->header_count; i++)
        if (strcmp(request->header_names[i], name) == 0) return request->header_values[i];
    return "";
}

static int32_t scripted(void *context, const xq_http_request_t *request, xq_http_reply_t *reply) {
    script_t *script = (script_t *)context;
    size_t i;
    script->calls++;
    CHECK(request->size == sizeof *request);
    CHECK(strcmp(request->method, "POST") == 0);
    CHECK(strcmp(request->url, "https://subscription.xq.example.com/v2/authorizealias") == 0);
    CHECK(strcmp(header(request, "api-key"), "general-key") == 0);
    CHECK(strcmp(header(request, "content-type"), "application/json") == 0);
    CHECK(strncmp(header(request, "user-agent"), "libxq/", 6) == 0);
    CHECK(request->body_length == strlen("{\"user\":\"a\",\"firstName\":\"\",\"lastName\":\"\"}"));
    CHECK(memcmp(request->body, "{\"user\":\"a\"", 11) == 0);
    CHECK(request->timeout_ms == 1234 && request->max_reply_bytes == 10);

    CHECK(xq_http_reply_add_body(reply, NULL, 0) == XQ_OK);
    CHECK(xq_http_reply_add_body(reply, NULL, 1) == XQ_INVALID_ARGUMENT);
    CHECK(xq_http_reply_add_body(NULL, "a", 1) == XQ_INVALID_ARGUMENT);
    xq_http_reply_set_status(NULL, 200);
    xq_http_reply_set_message(NULL, "a");
    xq_http_reply_set_retry_after(NULL, 1);
    xq_http_reply_set_content_type(NULL, "text/html");
    xq_http_reply_set_content_type(reply, "text/html");
    xq_http_reply_set_content_type(reply, NULL);
    xq_http_reply_set_message(reply, "caf\xe9");

    xq_http_reply_set_status(reply, script->http_status);
    for (i = 0; script->body && script->body[i]; i++) {
        xq_status_t added = xq_http_reply_add_body(reply, script->body + i, 1);
        CHECK(added == (i < 10 ? XQ_OK : XQ_PROTOCOL));
    }
    if (script->retry_after) xq_http_reply_set_retry_after(reply, (uint32_t)script->retry_after);
    if (script->content_type) xq_http_reply_set_content_type(reply, script->content_type);
    if (script->not_sent) xq_http_reply_set_not_sent(reply);
    CHECK(xq_http_reply_is_canceled(reply) == 0);
    xq_http_reply_set_message(reply, script->message);
    return script->result;
}

static void answers(xq_api_t *api, script_t *script, script_t now, xq_status_t expected, const char *word) {
    xq_error_t *error = NULL;
    char *token = NULL;
    xq_status_t status;
    *script = now;
    status = xq_authorize_alias(api, "a", NULL, NULL, &token, &error);
    if (status != expected || !strstr(xq_error_message(error), word)) {
        fprintf(stderr, "got %s: %s\nexpected %s naming %s\n", xq_status_name(status), xq_error_message(error),
                xq_status_name(expected), word);
        exit(1);
    }
    CHECK(script->calls == 1);
    CHECK(xq_error_retry_after(error) == (status == XQ_REJECTED ? 7 : -1));
    CHECK((token != NULL) == (status == XQ_OK));
    xq_string_free(token);
    xq_error_free(error);
}

/* Whether it was done, as the function tells it, or as the reply does. */
static void tells(xq_api_t *api, script_t *script, script_t now, xq_outcome_t expected) {
    xq_error_t *error = NULL;
    *script = now;
    CHECK(xq_authorize_alias(api, "a", NULL, NULL, NULL, &error) != XQ_OK);
    if (xq_error_outcome(error) != expected) {
        fprintf(stderr, "got %d, expected %d: %s\n", (int)xq_error_outcome(error), (int)expected,
                xq_error_message(error));
        exit(1);
    }
    xq_error_free(error);
}

/* How long the first of two requests takes, and what each was given. */
typedef struct {
    long first_ms;
    int calls;
    uint32_t given_ms[2];
} slow_t;

static int32_t slow(void *context, const xq_http_request_t *request, xq_http_reply_t *reply) {
    static const char group[] = "{\"id\":9,\"members\":[]}";
    slow_t *script = (slow_t *)context;
    struct timespec time = {0, 0};
    CHECK(script->calls < 2);
    if (script->calls == 0) time.tv_nsec = script->first_ms * 1000000;
    script->given_ms[script->calls++] = request->timeout_ms;
    nanosleep(&time, NULL);
    xq_http_reply_set_status(reply, 200);
    CHECK(xq_http_reply_add_body(reply, group, sizeof group - 1) == XQ_OK);
    return XQ_OK;
}

/* The limit is that of both requests of a call, and the second is not begun where nothing is left of it. */
static void both_have_one_limit(void) {
    static const char *const members[] = {"a@b.c"};
    slow_t script = {200, 0, {0, 0}};
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL;
    xq_error_t *error = NULL;
    CHECK(xq_config_set_api_key(config, "general-key", NULL) == XQ_OK);
    CHECK(xq_config_set_timeout_ms(config, 900, NULL) == XQ_OK);
    CHECK(xq_config_set_transport(config, slow, &script, NULL) == XQ_OK);
    CHECK(xq_api_new(config, &api, NULL) == XQ_OK);
    xq_config_free(config);
    CHECK(xq_set_dashboard_token(api, "dashboard", NULL) == XQ_OK);
    CHECK(xq_add_usergroup_members(api, 9, members, 1, NULL) == XQ_OK);
    CHECK(script.calls == 2 && script.given_ms[0] == 900);
    CHECK(script.given_ms[1] >= 1 && script.given_ms[1] <= 700);

    script.calls = 0;
    script.first_ms = 950;
    CHECK(xq_add_usergroup_members(api, 9, members, 1, &error) == XQ_TIMEOUT);
    CHECK(script.calls == 1);
    CHECK(strstr(xq_error_message(error), "have used up 900 ms, the time limit of the whole call"));
    CHECK(xq_error_outcome(error) == XQ_OUTCOME_NOT_SENT && xq_error_can_retry(error) == 1);
    CHECK(xq_error_request(error) == 4 && strcmp(xq_error_operation(error), "xq_add_usergroup_members") == 0);
    xq_error_free(error);
    xq_api_free(api);
}

/* Where a sealed file is to be, and what taking its key back is answered with. */
typedef struct {
    char output[512];
    int http_status;
} intruder_t;

/* Puts another file there while the key is stored. */
static int32_t intrudes(void *context, const xq_http_request_t *request, xq_http_reply_t *reply) {
    static const char locator[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";
    intruder_t *script = (intruder_t *)context;
    if (strcmp(request->method, "DELETE") == 0) {
        CHECK(strstr(request->url, locator));
        xq_http_reply_set_status(reply, script->http_status);
    } else {
        FILE *file = fopen(script->output, "wb");
        CHECK(file && fclose(file) == 0);
        xq_http_reply_set_status(reply, 200);
        CHECK(xq_http_reply_add_body(reply, locator, sizeof locator - 1) == XQ_OK);
    }
    return XQ_OK;
}

/* A key whose file could not be finished is taken back, and then nothing was done. */
static void is_taken_back(int http_status, xq_outcome_t outcome) {
    static const char *const people[] = {"a@b.c"};
    char folder[] = "/tmp/xq-transport-XXXXXX", input[64];
    intruder_t script;
    xq_seal_options_t options = XQ_SEAL_OPTIONS_INIT;
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL;
    xq_error_t *error = NULL;
    FILE *file;
    CHECK(mkdtemp(folder));
    script.http_status = http_status;
    sprintf(script.output, "%s/output", folder);
    sprintf(input, "%s/input", folder);
    file = fopen(input, "wb");
    CHECK(file && fputs("text", file) >= 0 && fclose(file) == 0);
    CHECK(xq_config_set_api_key(config, "general-key", NULL) == XQ_OK);
    CHECK(xq_config_set_transport(config, intrudes, &script, NULL) == XQ_OK);
    CHECK(xq_api_new(config, &api, NULL) == XQ_OK);
    xq_config_free(config);
    CHECK(xq_set_access_token(api, "access", NULL) == XQ_OK);
    options.key = ".20123456789012345678901234567890123456789012345678901234567890123";
    CHECK(xq_encrypt_file(api, input, script.output, people, 1, &options, &error) == XQ_FILE);
    if (xq_error_outcome(error) != outcome) {
        fprintf(stderr, "got %d, expected %d: %s\n", (int)xq_error_outcome(error), (int)outcome,
                xq_error_message(error));
        exit(1);
    }
    xq_error_free(error);
    xq_api_free(api);
    CHECK(remove(input) == 0 && remove(script.output) == 0 && remove(folder) == 0);
}

int main(void) {
    static script_t script;
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL;
    xq_error_t *error = NULL;
    CHECK(xq_config_set_transport(NULL, scripted, NULL, NULL) == XQ_INVALID_ARGUMENT);
    CHECK(xq_config_set_api_key(config, "general-key", NULL) == XQ_OK);
    CHECK(xq_config_set_base_uri(config, "xq.example.com/v2", NULL) == XQ_OK);
    /* Without a transport it takes sockets of the library's own. */
    CHECK((xq_api_new(config, &api, NULL) == XQ_OK) == ((xq_features() & XQ_FEATURE_SOCKETS) != 0));
    CHECK(!(xq_features() & XQ_FEATURE_TLS) == !(xq_features() & XQ_FEATURE_SOCKETS));
    xq_api_free(api);
    CHECK(xq_config_set_timeout_ms(config, 1234, NULL) == XQ_OK);
    CHECK(xq_config_set_max_reply_bytes(config, 10, NULL) == XQ_OK);
    CHECK(xq_config_set_transport(config, scripted, &script, NULL) == XQ_OK);

    CHECK(xq_config_set_proxy(config, "http://127.0.0.1:1", NULL) == XQ_OK);
    CHECK(xq_api_new(config, &api, &error) == XQ_CONFIGURATION && strstr(xq_error_message(error), "proxy"));
    xq_error_free(error);
    CHECK(xq_config_set_proxy(config, NULL, NULL) == XQ_OK);
    CHECK(xq_config_set_roots(config, XQ_ROOTS_SYSTEM, NULL) == XQ_OK);
    CHECK(xq_api_new(config, &api, NULL) == XQ_CONFIGURATION);
    CHECK(xq_config_set_roots(config, XQ_ROOTS_BUILT_IN, NULL) == XQ_OK);
    CHECK(xq_config_set_ca_memory(config, (const uint8_t *)"pem", 3, NULL) == XQ_OK);
    CHECK(xq_api_new(config, &api, NULL) == XQ_CONFIGURATION);
    CHECK(xq_config_set_ca_memory(config, NULL, 0, NULL) == XQ_OK);
    CHECK(xq_api_new(config, &api, NULL) == XQ_OK);
    xq_config_free(config);

    answers(api, &script, (script_t){XQ_OK, 200, "1234567890", NULL, 0, 0, NULL, 0}, XQ_PROTOCOL, "not a token");
    answers(api, &script, (script_t){XQ_OK, 201, "a-token", NULL, 0, 0, NULL, 0}, XQ_OK, "");
    answers(api, &script, (script_t){XQ_OK, 200, "0123456789a", NULL, 0, 0, NULL, 0}, XQ_PROTOCOL, "larger than 10 bytes");
    answers(api, &script, (script_t){XQ_OK, 503, "0123456789a", NULL, 0, 0, NULL, 0}, XQ_SERVER, "HTTP 503");
    answers(api, &script, (script_t){XQ_OK, 429, "slow", NULL, 7, 0, NULL, 0}, XQ_REJECTED, "slow");
    answers(api, &script, (script_t){XQ_OK, 0, NULL, NULL, 0, 0, NULL, 0}, XQ_PROTOCOL, "no HTTP status");
    answers(api, &script, (script_t){XQ_OK, 70000, NULL, NULL, 0, 0, NULL, 0}, XQ_PROTOCOL, "no HTTP status");
    answers(api, &script, (script_t){XQ_NETWORK, 0, NULL, "the modem is off", 0, 0, NULL, 0}, XQ_NETWORK, "the modem is off");
    answers(api, &script, (script_t){XQ_TIMEOUT, 0, NULL, NULL, 0, 0, NULL, 0}, XQ_TIMEOUT, "ran out of time");
    answers(api, &script, (script_t){XQ_TLS, 0, NULL, "two\nlines", 0, 0, NULL, 0}, XQ_TLS, "two lines");
    answers(api, &script, (script_t){99, 200, "a-token", NULL, 0, 0, NULL, 0}, XQ_NETWORK, "no reply");
    answers(api, &script, (script_t){-1, 0, NULL, NULL, 0, 0, NULL, 0}, XQ_NETWORK, "no reply");
    answers(api, &script, (script_t){XQ_NETWORK, 700, NULL, NULL, 0, 0, NULL, 0}, XQ_NETWORK, "no reply");
    answers(api, &script, (script_t){XQ_NETWORK, 401, "half", NULL, 0, 0, NULL, 0}, XQ_UNAUTHORIZED, "(HTTP 401)");
    answers(api, &script, (script_t){XQ_TIMEOUT, 500, NULL, NULL, 0, 0, NULL, 0}, XQ_SERVER, "(HTTP 500)");
    answers(api, &script, (script_t){XQ_OK, 200, "a-token", NULL, 0, 0, "text/html; charset=utf-8", 0}, XQ_PROTOCOL, "HTML");
    answers(api, &script, (script_t){XQ_OK, 200, "a-token", NULL, 0, 0, " TEXT/html\r\nx: y", 0}, XQ_PROTOCOL, "HTML");
    answers(api, &script, (script_t){XQ_OK, 200, "a-token", NULL, 0, 0, "text/plain; x=text/html", 0}, XQ_OK, "");
    tells(api, &script, (script_t){XQ_NETWORK, 0, NULL, NULL, 0, 0, NULL, 0}, XQ_OUTCOME_UNKNOWN);
    tells(api, &script, (script_t){XQ_NETWORK, 0, NULL, NULL, 0, 0, NULL, 1}, XQ_OUTCOME_NOT_SENT);
    tells(api, &script, (script_t){XQ_TIMEOUT, 200, "half", NULL, 0, 0, NULL, 0}, XQ_OUTCOME_UNKNOWN);
    tells(api, &script, (script_t){XQ_OK, 0, NULL, NULL, 0, 0, NULL, 0}, XQ_OUTCOME_UNKNOWN);
    tells(api, &script, (script_t){XQ_OK, 200, "no token", NULL, 0, 0, NULL, 0}, XQ_OUTCOME_DONE);
    tells(api, &script, (script_t){XQ_OK, 200, "a-token", NULL, 0, 0, "text/html", 0}, XQ_OUTCOME_UNKNOWN);
    tells(api, &script, (script_t){XQ_OK, 203, "a-token", NULL, 0, 0, "text/html", 0}, XQ_OUTCOME_UNKNOWN);
    tells(api, &script, (script_t){XQ_OK, 200, "0123456789a", NULL, 0, 0, "text/html", 0}, XQ_OUTCOME_UNKNOWN);
    tells(api, &script, (script_t){XQ_OK, 200, "0123456789a", NULL, 0, 0, NULL, 0}, XQ_OUTCOME_DONE);
    tells(api, &script, (script_t){XQ_OK, 206, "a-token", NULL, 0, 0, NULL, 0}, XQ_OUTCOME_DONE);
    tells(api, &script, (script_t){XQ_OK, 403, "a-token", NULL, 0, 0, "text/html", 0}, XQ_OUTCOME_REFUSED);
    tells(api, &script, (script_t){XQ_OK, 302, NULL, NULL, 0, 0, NULL, 0}, XQ_OUTCOME_REFUSED);
    tells(api, &script, (script_t){XQ_OK, 403, NULL, NULL, 0, 0, NULL, 0}, XQ_OUTCOME_REFUSED);
    tells(api, &script, (script_t){XQ_NETWORK, 502, NULL, NULL, 0, 0, NULL, 0}, XQ_OUTCOME_UNKNOWN);
    tells(api, &script, (script_t){XQ_OK, 199, NULL, NULL, 0, 0, NULL, 0}, XQ_OUTCOME_UNKNOWN);
    xq_api_free(api);
    both_have_one_limit();
    is_taken_back(204, XQ_OUTCOME_NOT_SENT);
    is_taken_back(500, XQ_OUTCOME_DONE);
    puts("ok");
    return 0;
}
