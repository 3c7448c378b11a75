/*
 * What the header promises of every function and no service is needed for: NULL in each place where a pointer goes,
 * text that is not UTF-8, outputs on failure, and freeing. Compiled as C99 and as C++11.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xq.h"

#define CHECK(condition)                                                        \
    do {                                                                        \
        if (!(condition)) {                                                     \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);     \
            exit(1);                                                            \
        }                                                                       \
    } while (0)

#define NOT_UTF8 "caf\xe9"

/* A failed call: the status, an error that agrees with it and whose message has `word`, and no output. */
static void failed(xq_status_t status, xq_status_t expected, const char *out, xq_error_t *error, const char *word) {
    if (status != expected || !error || !strstr(xq_error_message(error), word)) {
        fprintf(stderr, "got %s: %s\nexpected %s naming %s\n", xq_status_name(status), xq_error_message(error),
                xq_status_name(expected), word);
        exit(1);
    }
    CHECK(xq_error_status(error) == expected);
    CHECK(xq_error_http_status(error) == 0);
    CHECK(xq_error_can_retry(error) == 0);
    CHECK(xq_error_outcome(error) == XQ_OUTCOME_NOT_SENT && xq_error_request(error) == 0);
    CHECK(out == NULL);
    xq_error_free(error);
}

static void initializers_agree(void) {
    xq_packet_options_t options = XQ_PACKET_OPTIONS_INIT, same_options;
    xq_packet_row_t row = XQ_PACKET_ROW_INIT, same_row;
    xq_packet_options_init(&same_options, sizeof same_options);
    xq_packet_row_init(&same_row, sizeof same_row);
    xq_packet_options_init(NULL, sizeof same_options);
    xq_packet_row_init(NULL, 0);
    xq_seal_options_init(NULL, sizeof(xq_seal_options_t));
    { /* no more is written than there is room for */
        size_t small[2] = {7, 7};
        xq_packet_options_init((xq_packet_options_t *)small, sizeof small[0]);
        CHECK(small[0] == sizeof small[0] && small[1] == 7);
    }
    CHECK(options.size == same_options.size && options.expires_hours == same_options.expires_hours);
    CHECK(options.type_number == same_options.type_number && !same_options.type && !same_options.meta);
    CHECK(!same_options.subject && !same_options.labels && same_options.label_count == 0);
    CHECK(row.size == same_row.size && row.expires == same_row.expires && row.type_number == same_row.type_number);
    CHECK(!same_row.key && !same_row.recipients && same_row.recipient_count == 0 && !same_row.type);
    CHECK(!same_row.unit && !same_row.title && !same_row.labels && same_row.label_count == 0 && !same_row.meta);
}

static void frees_take_null(void) {
    xq_string_free(NULL);
    xq_error_free(NULL);
    xq_config_free(NULL);
    xq_api_free(NULL);
    xq_list_free(NULL);
    xq_bytes_free(NULL);
    xq_sealer_free(NULL);
    xq_opener_free(NULL);
    xq_subscriber_free(NULL);
    CHECK(xq_error_reply(NULL) == NULL);
    CHECK(xq_error_status(NULL) == XQ_OK);
    CHECK(strcmp(xq_error_message(NULL), "") == 0);
    CHECK(xq_error_http_status(NULL) == 0);
    CHECK(xq_error_can_retry(NULL) == 0);
    CHECK(xq_error_outcome(NULL) == XQ_OUTCOME_NOT_SENT);
    CHECK(xq_error_request(NULL) == 0);
    CHECK(strcmp(xq_error_operation(NULL), "") == 0);
    CHECK(xq_http_reply_is_canceled(NULL) == 0);
    xq_http_reply_set_not_sent(NULL);
}

static void statuses_have_names(void) {
    int status;
    CHECK(strcmp(xq_status_name(XQ_OK), "XQ_OK") == 0);
    CHECK(strcmp(xq_status_name(XQ_INVALID_ARGUMENT), "XQ_INVALID_ARGUMENT") == 0);
    for (status = XQ_OK; status <= XQ_CANCELED; status++) {
        CHECK(strncmp(xq_status_name(status), "XQ_", 3) == 0);
        CHECK(strlen(xq_status_meaning(status)) > 5);
        CHECK(strchr(xq_status_meaning(status), '\n') == NULL);
    }
    CHECK(strcmp(xq_status_name(-1), "unknown") == 0);
    CHECK(strcmp(xq_status_name(XQ_CANCELED + 1), "unknown") == 0);
    CHECK(strlen(xq_status_meaning(1000)) > 5);
    CHECK(strcmp(xq_version(), XQ_VERSION) == 0);
    CHECK(XQ_VERSION_NUMBER >= 1000);
    CHECK(xq_version_number() == XQ_VERSION_NUMBER);
    CHECK(xq_features() == (XQ_FEATURE_SOCKETS | XQ_FEATURE_TLS | XQ_FEATURE_FILES));
}

/* Marks outputs, so that a test sees that they are written. */
static char *const MARK = (char *)1;

#define FAILS(expected, word, call)                                  \
    do {                                                             \
        xq_error_t *error = (xq_error_t *)MARK;                      \
        xq_status_t status = (call);                                 \
        CHECK(error != (xq_error_t *)MARK);                          \
        failed(status, expected, NULL, error, word);                 \
    } while (0)

/* For calls that give a text: it must have been taken back. */
#define FAILS_OUT(expected, word, call)                              \
    do {                                                             \
        char *out = MARK;                                            \
        xq_error_t *error = (xq_error_t *)MARK;                      \
        xq_status_t status = (call);                                 \
        CHECK(out == NULL && error != (xq_error_t *)MARK);           \
        failed(status, expected, out, error, word);                  \
    } while (0)

/* A call that works leaves no error behind. */
#define WORKS(call)                                                  \
    do {                                                             \
        xq_error_t *error = (xq_error_t *)MARK;                      \
        CHECK((call) == XQ_OK && error == NULL);                     \
    } while (0)

/* The same without anybody who cares for output or error. */
#define FAILS_QUIETLY(expected, call) CHECK((call) == (expected))

static void roots_are_checked(xq_config_t *config) {
    static const uint8_t blank[] = " \t\n", byte[1 << 20 | 1] = "x";
    FAILS(XQ_CONFIGURATION, "is empty", xq_config_set_ca_memory(config, byte, 0, &error));
    FAILS(XQ_CONFIGURATION, "is blank", xq_config_set_ca_memory(config, blank, 3, &error));
    FAILS(XQ_CONFIGURATION, "is too large", xq_config_set_ca_memory(config, byte, sizeof byte, &error));
    WORKS(xq_config_set_ca_memory(config, byte, sizeof byte - 1, &error));
    FAILS(XQ_INVALID_ARGUMENT, "pem is NULL; expected 1 bytes", xq_config_set_ca_memory(config, NULL, 1, &error));
    FAILS(XQ_INVALID_ARGUMENT, "config is NULL", xq_config_set_ca_memory(NULL, byte, 1, &error));
    CHECK(xq_config_set_ca_memory(config, NULL, 0, NULL) == XQ_OK);
    FAILS(XQ_INVALID_ARGUMENT, "roots is 3", xq_config_set_roots(config, 3, &error));
    FAILS(XQ_INVALID_ARGUMENT, "roots is -1", xq_config_set_roots(config, -1, &error));
    FAILS(XQ_INVALID_ARGUMENT, "config is NULL", xq_config_set_roots(NULL, XQ_ROOTS_NONE, &error));
    WORKS(xq_config_set_roots(config, XQ_ROOTS_BUILT_IN, &error));
}

static void settings_are_checked(void) {
    xq_config_t *config = xq_config_new();
    typedef xq_status_t (*set_text)(xq_config_t *, const char *, xq_error_t **);
    static const struct {
        set_text set;
        const char *wrong[7];
        const char *word;
        const char *right;
    } texts[] = {
        {xq_config_set_api_key, {"", "two words", "line\nbreak", "caf\xc3\xa9", "tab\t"}, "API key", "abc"},
        {xq_config_set_dashboard_api_key, {"", "two words", "line\r", "caf\xc3\xa9"}, "dashboard API key", "abc"},
        {xq_config_set_locator_key, {"", "line\nbreak", "\x01"}, "locator key", "any text \xc3\xa9"},
        {xq_config_set_base_uri, {"", "https://xqmsg.net", "a b", "host:99999/v2", "/v2"}, "base address", "localhost:8443/v2/"},
        {xq_config_set_proxy, {"", "socks5://localhost:1", "https://localhost:1", "http://", "http://p:99999", "http://u:p@h@x:1"}, "proxy", "http://u:p@localhost:3128"},
        {xq_config_set_user_agent_suffix, {"line\nbreak", "caf\xc3\xa9"}, "user agent", "sensor/1 (x)"},
    };
    size_t i, j;
    for (i = 0; i < sizeof texts / sizeof *texts; i++) {
        for (j = 0; texts[i].wrong[j]; j++) {
            FAILS(XQ_CONFIGURATION, texts[i].word, texts[i].set(config, texts[i].wrong[j], &error));
            FAILS_QUIETLY(XQ_CONFIGURATION, texts[i].set(config, texts[i].wrong[j], NULL));
        }
        FAILS(XQ_INVALID_ARGUMENT, "UTF-8", texts[i].set(config, NOT_UTF8, &error));
        FAILS(XQ_INVALID_ARGUMENT, "config is NULL", texts[i].set(NULL, texts[i].right, &error));
        WORKS(texts[i].set(config, texts[i].right, &error));
        CHECK(texts[i].set(config, NULL, NULL) == XQ_OK);
    }
    FAILS(XQ_FILE, "/no/such/file", xq_config_set_ca_file(config, "/no/such/file", &error));
    FAILS(XQ_FILE, "directory", xq_config_set_ca_file(config, ".", &error));
    FAILS(XQ_CONFIGURATION, "empty", xq_config_set_ca_file(config, "", &error));
    FAILS(XQ_INVALID_ARGUMENT, "UTF-8", xq_config_set_ca_file(config, NOT_UTF8, &error));
    CHECK(xq_config_set_ca_file(config, NULL, NULL) == XQ_OK);
    roots_are_checked(config);

    FAILS(XQ_CONFIGURATION, "connect time limit", xq_config_set_connect_timeout_ms(config, 0, &error));
    FAILS(XQ_CONFIGURATION, "time limit", xq_config_set_timeout_ms(config, 0, &error));
    FAILS(XQ_CONFIGURATION, "largest reply", xq_config_set_max_reply_bytes(config, 0, &error));
    FAILS(XQ_INVALID_ARGUMENT, "config is NULL", xq_config_set_timeout_ms(NULL, 1, &error));
    FAILS(XQ_INVALID_ARGUMENT, "config is NULL", xq_config_set_connect_timeout_ms(NULL, 1, &error));
    FAILS(XQ_INVALID_ARGUMENT, "config is NULL", xq_config_set_max_reply_bytes(NULL, 1, &error));
    FAILS(XQ_INVALID_ARGUMENT, "config is NULL", xq_config_set_allow_plain_http(NULL, 1, &error));
    FAILS(XQ_INVALID_ARGUMENT, "config is NULL", xq_config_read_environment(NULL, &error));
    xq_config_free(config);
}

static void addresses_are_checked(void) {
    static const char *const wrong[] = {"", "xqmsg.net/v2", "ftp://xqmsg.net/v2", "https://", "https:///v2", "https://u:p@host/v2",
                                        "https://host:0/v2", "https://host:99999/v2", "https://host:/v2", "https://host/v2?a=b",
                                        "https://host/v2#a", "https://a b/v2", "https://*/v2", "https://-a/v2", "https://a..b/v2", "https://host:+443/v2", "https://host/../v2", "https://host/caf\xc3\xa9", "https://host/\nv2",
                                        "https://host\\@else/v2", "https://host/v2\\", "https://[::1/v2", "https://[::1]x:1/v2",
                                        "https://host%2f/v2", "https://:443/v2", "httpsx://host/v2"};
    static const char *const right[] = {"https://host/v2", "https://host:8443/v2/", "http://127.0.0.1:80/a", "https://[::1]:1/v2", "HTTPS://host/v2"};
    xq_config_t *config = xq_config_new();
    size_t i;
    for (i = 0; i < sizeof wrong / sizeof *wrong; i++)
        FAILS(XQ_CONFIGURATION, "validation", xq_config_set_service_url(config, XQ_SERVICE_VALIDATION, wrong[i], &error));
    for (i = 0; i < sizeof right / sizeof *right; i++)
        CHECK(xq_config_set_service_url(config, XQ_SERVICE_QUANTUM, right[i], NULL) == XQ_OK);
    FAILS(XQ_INVALID_ARGUMENT, "service is 4", xq_config_set_service_url(config, 4, "https://host/v2", &error));
    FAILS(XQ_INVALID_ARGUMENT, "service is -1", xq_config_set_service_url(config, -1, "https://host/v2", &error));
    FAILS(XQ_INVALID_ARGUMENT, "UTF-8", xq_config_set_service_url(config, XQ_SERVICE_QUANTUM, NOT_UTF8, &error));
    FAILS(XQ_INVALID_ARGUMENT, "config is NULL", xq_config_set_service_url(NULL, XQ_SERVICE_QUANTUM, NULL, &error));
    CHECK(xq_config_set_service_url(config, XQ_SERVICE_QUANTUM, NULL, NULL) == XQ_OK);
    xq_config_free(config);
}

static xq_status_t new_handle(const xq_config_t *config, xq_error_t **error) {
    xq_api_t *api = (xq_api_t *)MARK;
    xq_status_t status = xq_api_new(config, &api, error);
    CHECK((api == NULL) == (status != XQ_OK));
    xq_api_free(api);
    return status;
}

/* Here the system has them. */
static void nothing_is_wanted_from_a_board(void) {
    FAILS(XQ_CONFIGURATION, "xq_board_set_random", xq_board_set_random(NULL, NULL, &error));
    FAILS(XQ_CONFIGURATION, "xq_board_set_clock", xq_board_set_clock(NULL, NULL, &error));
    FAILS_QUIETLY(XQ_CONFIGURATION, xq_board_set_random(NULL, NULL, NULL));
}

static void handles_need_sound_settings(void) {
    xq_config_t *config = xq_config_new();
    FAILS(XQ_CONFIGURATION, "XQ_API_KEY", new_handle(config, &error));
    CHECK(xq_config_set_api_key(config, "key", NULL) == XQ_OK);
    CHECK(new_handle(config, NULL) == XQ_OK);
    FAILS(XQ_INVALID_ARGUMENT, "config is NULL", new_handle(NULL, &error));
    FAILS(XQ_INVALID_ARGUMENT, "out is NULL", xq_api_new(config, NULL, &error));
    FAILS_QUIETLY(XQ_INVALID_ARGUMENT, xq_api_new(config, NULL, NULL));

    CHECK(xq_config_set_service_url(config, XQ_SERVICE_DASHBOARD, "http://xq.example.com/v2", NULL) == XQ_OK);
    FAILS(XQ_CONFIGURATION, "dashboard", new_handle(config, &error));
    CHECK(xq_config_set_allow_plain_http(config, 1, NULL) == XQ_OK);
    CHECK(new_handle(config, NULL) == XQ_OK);
    CHECK(xq_config_set_allow_plain_http(config, 0, NULL) == XQ_OK);
    CHECK(xq_config_set_service_url(config, XQ_SERVICE_DASHBOARD, "HTTP://xq.example.com/v2", NULL) == XQ_OK);
    FAILS(XQ_CONFIGURATION, "plain HTTP", new_handle(config, &error));
    CHECK(xq_config_set_service_url(config, XQ_SERVICE_DASHBOARD, "http://localhost.example.com/v2", NULL) == XQ_OK);
    FAILS(XQ_CONFIGURATION, "plain HTTP", new_handle(config, &error));
    CHECK(xq_config_set_service_url(config, XQ_SERVICE_DASHBOARD, "http://dashboard.localhost/v2", NULL) == XQ_OK);
    CHECK(new_handle(config, NULL) == XQ_OK);
    CHECK(xq_config_set_service_url(config, XQ_SERVICE_DASHBOARD, "http://[::1]:8080/v2", NULL) == XQ_OK);
    CHECK(new_handle(config, NULL) == XQ_OK);

    CHECK(xq_config_set_ca_file(config, __FILE__, NULL) == XQ_OK);
    FAILS(XQ_CONFIGURATION, "root certificates", new_handle(config, &error));
    CHECK(xq_config_set_ca_file(config, NULL, NULL) == XQ_OK);
    CHECK(xq_config_set_ca_memory(config, (const uint8_t *)"-----BEGIN CERTIFICATE-----", 27, NULL) == XQ_OK);
    FAILS(XQ_CONFIGURATION, "xq_config_set_ca_memory", new_handle(config, &error));
    xq_config_free(config);
}

static void tokens_are_kept(xq_api_t *api) {
    char *token = MARK;
    CHECK(xq_get_access_token(api, &token, NULL) == XQ_OK && token == NULL);
    WORKS(xq_set_access_token(api, "first", &error));
    CHECK(xq_set_dashboard_token(api, "second", NULL) == XQ_OK);
    FAILS(XQ_INVALID_ARGUMENT, "access token", xq_set_access_token(api, "", &error));
    FAILS(XQ_INVALID_ARGUMENT, "access token", xq_set_access_token(api, "a\r\nx: y", &error));
    FAILS(XQ_INVALID_ARGUMENT, "dashboard token", xq_set_dashboard_token(api, "a b", &error));
    FAILS(XQ_INVALID_ARGUMENT, "UTF-8", xq_set_access_token(api, NOT_UTF8, &error));
    FAILS(XQ_INVALID_ARGUMENT, "UTF-8", xq_set_dashboard_token(api, NOT_UTF8, &error));
    CHECK(xq_get_access_token(api, &token, NULL) == XQ_OK && strcmp(token, "first") == 0);
    strtok(token, "r"); /* a caller may write into what it was given */
    xq_string_free(token);
    CHECK(xq_get_access_token(api, NULL, NULL) == XQ_OK);
    CHECK(xq_get_dashboard_token(api, &token, NULL) == XQ_OK && strcmp(token, "second") == 0);
    xq_string_free(token);
    CHECK(xq_set_access_token(api, NULL, NULL) == XQ_OK);
    CHECK(xq_get_access_token(api, &token, NULL) == XQ_OK && token == NULL);
    CHECK(xq_forget_tokens(api, NULL) == XQ_OK);
    CHECK(xq_get_dashboard_token(api, &token, NULL) == XQ_OK && token == NULL);

    FAILS_OUT(XQ_INVALID_ARGUMENT, "api is NULL", xq_get_access_token(NULL, &out, &error));
    FAILS(XQ_INVALID_ARGUMENT, "api is NULL", xq_set_access_token(NULL, "a", &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "api is NULL", xq_get_dashboard_token(NULL, &out, &error));
    FAILS(XQ_INVALID_ARGUMENT, "api is NULL", xq_set_dashboard_token(NULL, "a", &error));
    FAILS(XQ_INVALID_ARGUMENT, "api is NULL", xq_forget_tokens(NULL, &error));
    FAILS_QUIETLY(XQ_INVALID_ARGUMENT, xq_forget_tokens(NULL, NULL));
}

static int holds(xq_api_t *api, const char *expected) {
    char *token = NULL;
    int same;
    CHECK(xq_get_access_token(api, &token, NULL) == XQ_OK);
    same = expected ? token && strcmp(token, expected) == 0 : !token;
    xq_string_free(token);
    return same;
}

/* A handle from a handle has the same tokens, whichever was signed in and whichever is freed first. */
static void handles_are_made_from_handles(xq_api_t *api) {
    xq_api_t *first = NULL, *second = NULL, *third = NULL;
    xq_error_t *error = NULL;
    WORKS(xq_api_derive(api, 0, &first, &error));
    CHECK(xq_api_derive(first, 1, &second, NULL) == XQ_OK);
    CHECK(xq_api_derive(second, UINT32_MAX, &third, NULL) == XQ_OK);
    CHECK(xq_set_access_token(second, "shared", NULL) == XQ_OK);
    CHECK(holds(api, "shared") && holds(first, "shared") && holds(third, "shared"));
    CHECK(xq_api_cancel(third, NULL) == XQ_OK);
    xq_api_free(first);
    CHECK(holds(second, "shared"));
    xq_api_free(third);
    /* What needs no network is not stopped. */
    CHECK(xq_api_cancel(second, NULL) == XQ_OK);
    CHECK(xq_forget_tokens(second, NULL) == XQ_OK && holds(api, NULL));
    CHECK(xq_validate_api_key(second, NULL, &error) == XQ_CANCELED);
    CHECK(strstr(xq_error_message(error), "xq_api_cancel") && xq_error_request(error) == 1);
    xq_error_free(error);
    CHECK(xq_validate_api_key(api, NULL, NULL) == XQ_NETWORK);
    xq_api_free(second);

    first = (xq_api_t *)MARK;
    FAILS(XQ_INVALID_ARGUMENT, "api is NULL", xq_api_derive(NULL, 0, &first, &error));
    CHECK(first == NULL);
    FAILS(XQ_INVALID_ARGUMENT, "out is NULL", xq_api_derive(api, 0, NULL, &error));
    FAILS_QUIETLY(XQ_INVALID_ARGUMENT, xq_api_derive(api, 0, NULL, NULL));
    FAILS(XQ_INVALID_ARGUMENT, "api is NULL", xq_api_cancel(NULL, &error));
    FAILS(XQ_INVALID_ARGUMENT, "api is NULL", xq_api_resume(NULL, &error));
    FAILS_QUIETLY(XQ_INVALID_ARGUMENT, xq_api_cancel(NULL, NULL));
}

static void sign_in_arguments_are_checked(xq_api_t *api) {
    FAILS_OUT(XQ_INVALID_ARGUMENT, "api is NULL", xq_validate_api_key(NULL, &out, &error));
    FAILS_QUIETLY(XQ_INVALID_ARGUMENT, xq_validate_api_key(NULL, NULL, NULL));

    FAILS_OUT(XQ_INVALID_ARGUMENT, "api is NULL", xq_authorize_user(NULL, "a@b.c", NULL, NULL, 0, 0, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "user is NULL", xq_authorize_user(api, NULL, NULL, NULL, 0, 0, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "user is empty", xq_authorize_user(api, "", NULL, NULL, 0, 0, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "user is not UTF-8", xq_authorize_user(api, NOT_UTF8, NULL, NULL, 0, 0, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "user holds", xq_authorize_user(api, "a@b.c\n", NULL, NULL, 0, 0, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "first_name", xq_authorize_user(api, "a@b.c", NOT_UTF8, NULL, 0, 0, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "last_name", xq_authorize_user(api, "a@b.c", NULL, NOT_UTF8, 0, 0, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "notifications is 4", xq_authorize_user(api, "a@b.c", NULL, NULL, 0, 4, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "notifications is -1", xq_authorize_user(api, "a@b.c", NULL, NULL, 0, -1, &out, &error));
    FAILS_QUIETLY(XQ_INVALID_ARGUMENT, xq_authorize_user(api, NULL, NULL, NULL, 0, 0, NULL, NULL));

    FAILS(XQ_INVALID_ARGUMENT, "api is NULL", xq_code_validate(NULL, "1", &error));
    FAILS(XQ_INVALID_ARGUMENT, "pin is NULL", xq_code_validate(api, NULL, &error));
    FAILS(XQ_INVALID_ARGUMENT, "PIN is empty", xq_code_validate(api, "", &error));
    FAILS(XQ_INVALID_ARGUMENT, "pin is not UTF-8", xq_code_validate(api, NOT_UTF8, &error));
    FAILS(XQ_INVALID_ARGUMENT, "PIN holds", xq_code_validate(api, "004217\n", &error));
    FAILS(XQ_INVALID_ARGUMENT, "PIN holds", xq_code_validate(api, " 004217", &error));
    FAILS(XQ_UNAUTHORIZED, "sign in first", xq_code_validate(api, "004217", &error));
    FAILS_QUIETLY(XQ_UNAUTHORIZED, xq_code_validate(api, "004217", NULL));

    FAILS_OUT(XQ_INVALID_ARGUMENT, "api is NULL", xq_exchange_key(NULL, NULL, 0, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "business is empty", xq_exchange_key(api, "", 0, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "business is not UTF-8", xq_exchange_key(api, NOT_UTF8, 0, &out, &error));
    FAILS_OUT(XQ_UNAUTHORIZED, "sign in first", xq_exchange_key(api, NULL, 0, &out, &error));
    FAILS_QUIETLY(XQ_UNAUTHORIZED, xq_exchange_key(api, NULL, 0, NULL, NULL));
}

static const char *const people[] = {"a@b.c"};
static const char *const no_utf8[] = {"a@b.c", NOT_UTF8};

/* For calls that give a list: it must have been taken back. */
#define FAILS_LIST(expected, word, call)                             \
    do {                                                             \
        xq_list_t *out = (xq_list_t *)MARK;                          \
        xq_error_t *error = (xq_error_t *)MARK;                      \
        xq_status_t status = (call);                                 \
        CHECK(out == NULL && error != (xq_error_t *)MARK);           \
        CHECK(xq_error_reply(error) == NULL);                        \
        failed(status, expected, NULL, error, word);                 \
    } while (0)

static void packet_arguments_are_checked(xq_api_t *api) {
    typedef xq_status_t (*make)(xq_api_t *, const char *, const char *const *, size_t, const xq_packet_options_t *,
                                char **, xq_error_t **);
    static const make makers[] = {xq_create_packet, xq_create_and_store_packet};
    xq_packet_options_t options = XQ_PACKET_OPTIONS_INIT;
    size_t i;
    for (i = 0; i < 2; i++) {
        make call = makers[i];
        FAILS_OUT(XQ_INVALID_ARGUMENT, "api is NULL", call(NULL, "k", people, 1, NULL, &out, &error));
        FAILS_OUT(XQ_INVALID_ARGUMENT, "key is NULL", call(api, NULL, people, 1, NULL, &out, &error));
        FAILS_OUT(XQ_INVALID_ARGUMENT, "key is not UTF-8", call(api, NOT_UTF8, people, 1, NULL, &out, &error));
        FAILS_OUT(XQ_INVALID_ARGUMENT, "recipients is NULL", call(api, "k", NULL, 1, NULL, &out, &error));
        FAILS_OUT(XQ_INVALID_ARGUMENT, "no recipient", call(api, "k", people, 0, NULL, &out, &error));
        FAILS_OUT(XQ_INVALID_ARGUMENT, "recipients[1] is not UTF-8", call(api, "k", no_utf8, 2, NULL, &out, &error));
        FAILS_OUT(XQ_UNAUTHORIZED, "sign in first", call(api, "k", people, 1, NULL, &out, &error));
        FAILS_OUT(XQ_UNAUTHORIZED, "sign in first", call(api, "k", people, 1, &options, &out, &error));
        FAILS_QUIETLY(XQ_INVALID_ARGUMENT, call(api, NULL, NULL, 0, NULL, NULL, NULL));
        options.size = 0;
        FAILS_OUT(XQ_INVALID_ARGUMENT, "XQ_PACKET_OPTIONS_INIT", call(api, "k", people, 1, &options, &out, &error));
        options.size = sizeof options + 8;
        FAILS_OUT(XQ_INVALID_ARGUMENT, "options.size", call(api, "k", people, 1, &options, &out, &error));
        options.size = sizeof options;
        options.subject = NOT_UTF8;
        FAILS_OUT(XQ_INVALID_ARGUMENT, "options.subject", call(api, "k", people, 1, &options, &out, &error));
        options.subject = NULL;
        options.type = NOT_UTF8;
        FAILS_OUT(XQ_INVALID_ARGUMENT, "type is not UTF-8", call(api, "k", people, 1, &options, &out, &error));
        options.type = NULL;
        options.label_count = 1;
        FAILS_OUT(XQ_INVALID_ARGUMENT, "options.labels is NULL", call(api, "k", people, 1, &options, &out, &error));
        options.label_count = 0;
    }
}

static void many_arguments_are_checked(xq_api_t *api) {
    xq_packet_row_t row = XQ_PACKET_ROW_INIT;
    FAILS_LIST(XQ_INVALID_ARGUMENT, "api is NULL", xq_create_and_store_packets(NULL, people, 1, people, 1, NULL, &out, &error));
    FAILS_LIST(XQ_INVALID_ARGUMENT, "keys is NULL", xq_create_and_store_packets(api, NULL, 1, people, 1, NULL, &out, &error));
    FAILS_LIST(XQ_INVALID_ARGUMENT, "keys[1] is not UTF-8", xq_create_and_store_packets(api, no_utf8, 2, people, 1, NULL, &out, &error));
    FAILS_LIST(XQ_INVALID_ARGUMENT, "recipients is NULL", xq_create_and_store_packets(api, people, 1, NULL, 1, NULL, &out, &error));
    FAILS_LIST(XQ_UNAUTHORIZED, "sign in first", xq_create_and_store_packets(api, people, 1, people, 1, NULL, &out, &error));
    FAILS_QUIETLY(XQ_INVALID_ARGUMENT, xq_create_and_store_packets(api, NULL, 0, people, 1, NULL, NULL, NULL));

    FAILS_LIST(XQ_INVALID_ARGUMENT, "rows is NULL", xq_create_and_store_packets_batch(api, NULL, 1, &out, &error));
    FAILS_LIST(XQ_INVALID_ARGUMENT, "no row", xq_create_and_store_packets_batch(api, &row, 0, &out, &error));
    FAILS_LIST(XQ_INVALID_ARGUMENT, "rows[0].key is NULL", xq_create_and_store_packets_batch(api, &row, 1, &out, &error));
    row.key = "k";
    FAILS_LIST(XQ_INVALID_ARGUMENT, "no recipient", xq_create_and_store_packets_batch(api, &row, 1, &out, &error));
    row.recipients = people;
    row.recipient_count = 1;
    FAILS_LIST(XQ_INVALID_ARGUMENT, "api is NULL", xq_create_and_store_packets_batch(NULL, &row, 1, &out, &error));
    FAILS_LIST(XQ_UNAUTHORIZED, "sign in first", xq_create_and_store_packets_batch(api, &row, 1, &out, &error));
    row.meta = NOT_UTF8;
    FAILS_LIST(XQ_INVALID_ARGUMENT, "rows[0].meta", xq_create_and_store_packets_batch(api, &row, 1, &out, &error));
    row.size = 1;
    FAILS_LIST(XQ_INVALID_ARGUMENT, "XQ_PACKET_ROW_INIT", xq_create_and_store_packets_batch(api, &row, 1, &out, &error));
    FAILS_QUIETLY(XQ_INVALID_ARGUMENT, xq_create_and_store_packets_batch(api, &row, 1, NULL, NULL));
}

static void stored_key_arguments_are_checked(xq_api_t *api) {
    int64_t seconds = 7;
    FAILS_OUT(XQ_INVALID_ARGUMENT, "api is NULL", xq_add_packet(NULL, "p", &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "packet is NULL", xq_add_packet(api, NULL, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "packet is not UTF-8", xq_add_packet(api, NOT_UTF8, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "api is NULL", xq_get_packet(NULL, "l", &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "locator is NULL", xq_get_packet(api, NULL, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "locator is not UTF-8", xq_get_packet(api, NOT_UTF8, &out, &error));
    FAILS_LIST(XQ_INVALID_ARGUMENT, "api is NULL", xq_get_packets(NULL, people, 1, &out, &error));
    FAILS_LIST(XQ_INVALID_ARGUMENT, "locators is NULL", xq_get_packets(api, NULL, 1, &out, &error));
    FAILS_LIST(XQ_INVALID_ARGUMENT, "locators[1] is not UTF-8", xq_get_packets(api, no_utf8, 2, &out, &error));
    FAILS(XQ_INVALID_ARGUMENT, "api is NULL", xq_revoke_packet(NULL, "l", &error));
    FAILS(XQ_INVALID_ARGUMENT, "locator is NULL", xq_revoke_packet(api, NULL, &error));
    FAILS(XQ_INVALID_ARGUMENT, "api is NULL", xq_grant_users(NULL, "l", people, 1, &error));
    FAILS(XQ_INVALID_ARGUMENT, "locator is NULL", xq_grant_users(api, NULL, people, 1, &error));
    FAILS(XQ_INVALID_ARGUMENT, "recipients is NULL", xq_grant_users(api, "l", NULL, 1, &error));
    FAILS(XQ_INVALID_ARGUMENT, "api is NULL", xq_revoke_users(NULL, "l", people, 1, &error));
    FAILS(XQ_INVALID_ARGUMENT, "locator is NULL", xq_revoke_users(api, NULL, people, 1, &error));
    FAILS(XQ_INVALID_ARGUMENT, "recipients[1] is not UTF-8", xq_revoke_users(api, "l", no_utf8, 2, &error));
    FAILS(XQ_INVALID_ARGUMENT, "api is NULL", xq_packet_expiration(NULL, "l", &seconds, &error));
    FAILS(XQ_INVALID_ARGUMENT, "locator is NULL", xq_packet_expiration(api, NULL, &seconds, &error));
    FAILS(XQ_INVALID_ARGUMENT, "seconds is NULL", xq_packet_expiration(api, "l", NULL, &error));
    CHECK(seconds == 7);
    FAILS_QUIETLY(XQ_INVALID_ARGUMENT, xq_get_packet(api, NULL, NULL, NULL));
    FAILS_QUIETLY(XQ_INVALID_ARGUMENT, xq_get_packets(api, NULL, 0, NULL, NULL));
}

static void device_arguments_are_checked(xq_api_t *api) {
    xq_config_t *config = xq_config_new();
    FAILS(XQ_INVALID_ARGUMENT, "envelope is 0", xq_config_set_envelope(config, 0, &error));
    FAILS(XQ_INVALID_ARGUMENT, "envelope is 4", xq_config_set_envelope(config, 4, &error));
    FAILS(XQ_INVALID_ARGUMENT, "config is NULL", xq_config_set_envelope(NULL, XQ_ENVELOPE_GCM, &error));
    WORKS(xq_config_set_envelope(config, XQ_ENVELOPE_CBC, &error));
    xq_config_free(config);

    FAILS_OUT(XQ_INVALID_ARGUMENT, "api is NULL", xq_authorize_alias(NULL, "a", NULL, NULL, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "alias is NULL", xq_authorize_alias(api, NULL, NULL, NULL, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "alias is empty", xq_authorize_alias(api, "", NULL, NULL, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "alias is not UTF-8", xq_authorize_alias(api, NOT_UTF8, NULL, NULL, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "first_name", xq_authorize_alias(api, "a", NOT_UTF8, NULL, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "last_name", xq_authorize_alias(api, "a", NULL, NOT_UTF8, &out, &error));

    FAILS_OUT(XQ_INVALID_ARGUMENT, "api is NULL", xq_authorize_device(NULL, "d", "b", 1, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "device is NULL", xq_authorize_device(api, NULL, "b", 1, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "business is NULL", xq_authorize_device(api, "d", NULL, 1, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "business is not UTF-8", xq_authorize_device(api, "d", NOT_UTF8, 1, &out, &error));
    FAILS_OUT(XQ_CONFIGURATION, "locator key", xq_authorize_device(api, "d", "b", 1, &out, &error));
    FAILS_QUIETLY(XQ_CONFIGURATION, xq_authorize_device(api, "d", "b", 1, NULL, NULL));

    FAILS_OUT(XQ_INVALID_ARGUMENT, "api is NULL", xq_authorize_device_cert(NULL, 1, "a", "b", "c", NULL, 1, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "certificate_path", xq_authorize_device_cert(api, 1, NULL, "b", "c", NULL, 1, &out, &error));
    FAILS_OUT(XQ_FILE, "the certificate: /no/a", xq_authorize_device_cert(api, 1, "/no/a", "b", "c", NULL, 1, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "transport_path", xq_authorize_device_cert(api, 1, "a", NULL, "c", NULL, 1, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "private_path", xq_authorize_device_cert(api, 1, "a", "b", NULL, NULL, 1, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "device is not UTF-8", xq_authorize_device_cert(api, 1, "a", "b", "c", NOT_UTF8, 1, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "api is NULL", xq_authorize_device_cert_memory(NULL, 1, "a", "b", "c", NULL, 1, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "private_key", xq_authorize_device_cert_memory(api, 1, "a", "b", NULL, NULL, 1, &out, &error));
    FAILS_OUT(XQ_CRYPTO, "private key", xq_authorize_device_cert_memory(api, 1, "a", "b", "c", NULL, 1, &out, &error));
    FAILS_QUIETLY(XQ_CRYPTO, xq_authorize_device_cert_memory(api, 1, "a", "b", "c", NULL, 1, NULL, NULL));

    FAILS(XQ_INVALID_ARGUMENT, "api is NULL", xq_announce_device(NULL, "d", &error));
    FAILS(XQ_INVALID_ARGUMENT, "device is NULL", xq_announce_device(api, NULL, &error));
    FAILS(XQ_UNAUTHORIZED, "sign in first", xq_announce_device(api, "d", &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "path is NULL", xq_load_file_content(NULL, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "path is not UTF-8", xq_load_file_content(NOT_UTF8, &out, &error));
    FAILS_OUT(XQ_FILE, "/no/such/file", xq_load_file_content("/no/such/file", &out, &error));
    FAILS_QUIETLY(XQ_FILE, xq_load_file_content("/no/such/file", NULL, NULL));
}

static void account_arguments_are_checked(xq_api_t *api) {
    int32_t newsletter = 7, notifications = 7;
    int64_t number = 7;
    xq_subscriber_t *who = (xq_subscriber_t *)MARK;
    FAILS(XQ_INVALID_ARGUMENT, "api is NULL", xq_deauthorize(NULL, &error));
    FAILS(XQ_UNAUTHORIZED, "sign in first", xq_deauthorize(api, &error));
    FAILS(XQ_INVALID_ARGUMENT, "api is NULL", xq_delete_subscriber(NULL, &error));
    FAILS(XQ_UNAUTHORIZED, "sign in first", xq_delete_subscriber(api, &error));
    FAILS(XQ_INVALID_ARGUMENT, "api is NULL", xq_get_subscriber(NULL, &who, &error));
    CHECK(who == NULL);
    FAILS(XQ_UNAUTHORIZED, "sign in first", xq_get_subscriber(api, NULL, &error));
    FAILS(XQ_INVALID_ARGUMENT, "api is NULL", xq_get_settings(NULL, &newsletter, &notifications, &error));
    FAILS(XQ_UNAUTHORIZED, "sign in first", xq_get_settings(api, NULL, NULL, &error));
    CHECK(newsletter == 7 && notifications == 7);
    FAILS(XQ_INVALID_ARGUMENT, "api is NULL", xq_update_settings(NULL, 1, 1, &error));
    FAILS(XQ_INVALID_ARGUMENT, "nothing to change", xq_update_settings(api, -1, -1, &error));
    FAILS(XQ_INVALID_ARGUMENT, "newsletter is 2", xq_update_settings(api, 2, 0, &error));
    FAILS(XQ_INVALID_ARGUMENT, "notifications is 4", xq_update_settings(api, 1, 4, &error));
    FAILS(XQ_UNAUTHORIZED, "sign in first", xq_update_settings(api, 1, -1, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "api is NULL", xq_authorize_delegate(NULL, &out, &error));
    FAILS_OUT(XQ_UNAUTHORIZED, "sign in first", xq_authorize_delegate(api, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "api is NULL", xq_combine_authorizations(NULL, people, 1, &out, &number, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "tokens is NULL", xq_combine_authorizations(api, NULL, 1, &out, &number, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "no token", xq_combine_authorizations(api, NULL, 0, &out, NULL, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "tokens[1] is not UTF-8", xq_combine_authorizations(api, no_utf8, 2, &out, NULL, &error));
    FAILS_OUT(XQ_UNAUTHORIZED, "sign in first", xq_combine_authorizations(api, people, 1, &out, &number, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "api is NULL", xq_exchange_for_subscription_token(NULL, &out, &error));
    FAILS_OUT(XQ_UNAUTHORIZED, "dashboard token", xq_exchange_for_subscription_token(api, &out, &error));
    FAILS(XQ_INVALID_ARGUMENT, "api is NULL", xq_server_time(NULL, &number, &error));
    FAILS(XQ_INVALID_ARGUMENT, "seconds is NULL", xq_server_time(api, NULL, &error));
    CHECK(number == 7);
    FAILS_QUIETLY(XQ_UNAUTHORIZED, xq_combine_authorizations(api, people, 1, NULL, NULL, NULL));
    FAILS(XQ_INVALID_ARGUMENT, "api is NULL", xq_set_logger(NULL, NULL, NULL, &error));
    WORKS(xq_set_logger(api, NULL, NULL, &error));
}

/* For calls that give bytes. */
#define FAILS_BYTES(expected, word, call)                            \
    do {                                                             \
        xq_bytes_t *out = (xq_bytes_t *)MARK;                        \
        xq_error_t *error = (xq_error_t *)MARK;                      \
        xq_status_t status = (call);                                 \
        CHECK(out == NULL && error != (xq_error_t *)MARK);           \
        failed(status, expected, NULL, error, word);                 \
    } while (0)

/* For calls that give keys and locator tokens. */
#define FAILS_BOTH(expected, word, call)                             \
    do {                                                             \
        xq_list_t *keys = (xq_list_t *)MARK, *locators = (xq_list_t *)MARK; \
        xq_error_t *error = (xq_error_t *)MARK;                      \
        xq_status_t status = (call);                                 \
        CHECK(keys == NULL && locators == NULL);                     \
        failed(status, expected, NULL, error, word);                 \
    } while (0)

static const uint8_t DATA[] = {'t', 'e', 0, 't'};
#define LOCATOR "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static void key_making_arguments_are_checked(xq_api_t *api) {
    xq_packet_row_t row = XQ_PACKET_ROW_INIT;
    xq_list_t *list = (xq_list_t *)MARK;
    FAILS_OUT(XQ_INVALID_ARGUMENT, "api is NULL", xq_get_entropy(NULL, 256, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "0 bits", xq_get_entropy(api, 0, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "8193 bits", xq_get_entropy(api, 8193, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "bits", xq_get_entropy(api, SIZE_MAX, &out, &error));
    FAILS_QUIETLY(XQ_INVALID_ARGUMENT, xq_get_entropy(NULL, 256, NULL, NULL));

    FAILS_OUT(XQ_INVALID_ARGUMENT, "algorithm is 3", xq_generate_key(NULL, 3, 0, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "algorithm is -1", xq_generate_key(NULL, -1, 0, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "4 bits", xq_generate_key(NULL, XQ_ALGORITHM_GCM, 4, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "129 bits", xq_generate_key(NULL, XQ_ALGORITHM_GCM, 129, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "8196 bits", xq_generate_key(NULL, XQ_ALGORITHM_CTR, 8196, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "132 bits", xq_generate_key(NULL, XQ_ALGORITHM_OTP, 132, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "bits", xq_generate_key(NULL, XQ_ALGORITHM_OTP, SIZE_MAX - 7, &out, &error));
    FAILS_QUIETLY(XQ_INVALID_ARGUMENT, xq_generate_key(NULL, 3, 0, NULL, NULL));
    WORKS(xq_generate_key(NULL, XQ_ALGORITHM_DEFAULT, 0, NULL, &error));

    FAILS_BOTH(XQ_INVALID_ARGUMENT, "api is NULL", xq_generate_multiple_keys_and_store_packets(NULL, 1, 0, 0, people, 1, NULL, &keys, &locators, &error));
    FAILS_BOTH(XQ_INVALID_ARGUMENT, "no key", xq_generate_multiple_keys_and_store_packets(api, 0, 0, 0, people, 1, NULL, &keys, &locators, &error));
    FAILS_BOTH(XQ_INVALID_ARGUMENT, "algorithm is 9", xq_generate_multiple_keys_and_store_packets(api, 1, 9, 0, people, 1, NULL, &keys, &locators, &error));
    FAILS_BOTH(XQ_INVALID_ARGUMENT, "7 bits", xq_generate_multiple_keys_and_store_packets(api, 1, 0, 7, people, 1, NULL, &keys, &locators, &error));
    FAILS_BOTH(XQ_INVALID_ARGUMENT, "recipients is NULL", xq_generate_multiple_keys_and_store_packets(api, 1, 0, 0, NULL, 1, NULL, &keys, &locators, &error));
    FAILS_BOTH(XQ_INVALID_ARGUMENT, "no recipient", xq_generate_multiple_keys_and_store_packets(api, 1, 0, 0, people, 0, NULL, &keys, &locators, &error));
    FAILS_BOTH(XQ_INVALID_ARGUMENT, "recipients[1] is not UTF-8", xq_generate_multiple_keys_and_store_packets(api, 1, 0, 0, no_utf8, 2, NULL, &keys, &locators, &error));
    FAILS_BOTH(XQ_UNAUTHORIZED, "sign in first", xq_generate_multiple_keys_and_store_packets(api, SIZE_MAX, 0, 0, people, 1, NULL, &keys, &locators, &error));
    FAILS(XQ_INVALID_ARGUMENT, "keys or locators is NULL", xq_generate_multiple_keys_and_store_packets(api, 1, 0, 0, people, 1, NULL, NULL, &list, &error));
    CHECK(list == NULL);
    list = (xq_list_t *)MARK;
    FAILS(XQ_INVALID_ARGUMENT, "keys or locators is NULL", xq_generate_multiple_keys_and_store_packets(api, 1, 0, 0, people, 1, NULL, &list, NULL, &error));
    CHECK(list == NULL);

    FAILS_BOTH(XQ_INVALID_ARGUMENT, "rows is NULL", xq_generate_multiple_keys_and_store_packets_database(api, NULL, 1, 0, 0, &keys, &locators, &error));
    FAILS_BOTH(XQ_INVALID_ARGUMENT, "no row", xq_generate_multiple_keys_and_store_packets_database(api, &row, 0, 0, 0, &keys, &locators, &error));
    FAILS_BOTH(XQ_INVALID_ARGUMENT, "row_count", xq_generate_multiple_keys_and_store_packets_database(api, &row, SIZE_MAX, 0, 0, &keys, &locators, &error));
    FAILS_BOTH(XQ_INVALID_ARGUMENT, "no recipient", xq_generate_multiple_keys_and_store_packets_database(api, &row, 1, 0, 0, &keys, &locators, &error));
    row.recipients = people;
    row.recipient_count = 1;
    FAILS_BOTH(XQ_INVALID_ARGUMENT, "api is NULL", xq_generate_multiple_keys_and_store_packets_database(NULL, &row, 1, 0, 0, &keys, &locators, &error));
    FAILS_BOTH(XQ_UNAUTHORIZED, "sign in first", xq_generate_multiple_keys_and_store_packets_database(api, &row, 1, 0, 0, &keys, &locators, &error));
    FAILS(XQ_INVALID_ARGUMENT, "keys or locators is NULL", xq_generate_multiple_keys_and_store_packets_database(api, &row, 1, 0, 0, NULL, NULL, &error));
}

static void message_arguments_are_checked(xq_api_t *api) {
    xq_seal_options_t options = XQ_SEAL_OPTIONS_INIT;
    xq_packet_options_t packet = XQ_PACKET_OPTIONS_INIT;
    FAILS_BYTES(XQ_INVALID_ARGUMENT, "key is NULL", xq_encrypt_message(NULL, NULL, DATA, 4, NULL, &out, &error));
    FAILS_BYTES(XQ_INVALID_ARGUMENT, "key is not UTF-8", xq_encrypt_message(NOT_UTF8, NULL, DATA, 4, NULL, &out, &error));
    FAILS_BYTES(XQ_INVALID_ARGUMENT, "locator is not UTF-8", xq_encrypt_message(".1k", NOT_UTF8, DATA, 4, NULL, &out, &error));
    FAILS_BYTES(XQ_INVALID_ARGUMENT, "locator", xq_encrypt_message(".1k", "short", DATA, 4, NULL, &out, &error));
    FAILS_BYTES(XQ_INVALID_ARGUMENT, "data is NULL", xq_encrypt_message(".1k", NULL, NULL, 4, NULL, &out, &error));
    FAILS_BYTES(XQ_INVALID_ARGUMENT, "CTR", xq_encrypt_message(".2k", LOCATOR, DATA, 4, NULL, &out, &error));
    FAILS_BYTES(XQ_INVALID_ARGUMENT, "pad", xq_encrypt_message(".Bk", LOCATOR, DATA, 4, NULL, &out, &error));
    FAILS_BYTES(XQ_INVALID_ARGUMENT, "", xq_encrypt_message("key", LOCATOR, DATA, 4, NULL, &out, &error));
    FAILS_BYTES(XQ_INVALID_ARGUMENT, "", xq_encrypt_message(".3key", LOCATOR, DATA, 4, NULL, &out, &error));
    FAILS_BYTES(XQ_CRYPTO, "prefix", xq_encrypt_message(".Zkey", LOCATOR, DATA, 4, NULL, &out, &error));
    FAILS_BYTES(XQ_CRYPTO, "empty", xq_encrypt_message(".1", LOCATOR, DATA, 4, NULL, &out, &error));
    FAILS_QUIETLY(XQ_INVALID_ARGUMENT, xq_encrypt_message(NULL, NULL, NULL, 4, NULL, NULL, NULL));
    WORKS(xq_encrypt_message(".1k", NULL, NULL, 0, &options, NULL, &error));

    options.key = ".1k";
    FAILS_BYTES(XQ_INVALID_ARGUMENT, "options.key", xq_encrypt_message(".1k", NULL, DATA, 4, &options, &out, &error));
    options.key = NULL;
    options.algorithm = XQ_ALGORITHM_OTP;
    FAILS_BYTES(XQ_INVALID_ARGUMENT, ".B", xq_encrypt_message(".1k", NULL, DATA, 4, &options, &out, &error));
    options.algorithm = 5;
    FAILS_BYTES(XQ_INVALID_ARGUMENT, "options.algorithm is 5", xq_encrypt_message(".1k", NULL, DATA, 4, &options, &out, &error));
    options.algorithm = 0;
    options.size = 0;
    FAILS_BYTES(XQ_INVALID_ARGUMENT, "XQ_SEAL_OPTIONS_INIT", xq_encrypt_message(".1k", NULL, DATA, 4, &options, &out, &error));
    options.size = sizeof options + 8;
    FAILS_BYTES(XQ_INVALID_ARGUMENT, "options.size", xq_encrypt_message(".1k", NULL, DATA, 4, &options, &out, &error));
    options.size = sizeof options;
    packet.size = 1;
    options.packet = &packet;
    FAILS_BYTES(XQ_INVALID_ARGUMENT, "options.packet.size", xq_encrypt_message(".1k", NULL, DATA, 4, &options, &out, &error));
    packet.size = sizeof packet;
    packet.subject = NOT_UTF8;
    FAILS_BYTES(XQ_INVALID_ARGUMENT, "options.packet.subject", xq_encrypt_auto(api, DATA, 4, people, 1, &options, &out, &error));
    options.packet = NULL;

    FAILS_BYTES(XQ_INVALID_ARGUMENT, "key is NULL", xq_decrypt_message(NULL, DATA, 4, &out, &error));
    FAILS_BYTES(XQ_INVALID_ARGUMENT, "key is not UTF-8", xq_decrypt_message(NOT_UTF8, DATA, 4, &out, &error));
    FAILS_BYTES(XQ_INVALID_ARGUMENT, "sealed is NULL", xq_decrypt_message(".1k", NULL, 4, &out, &error));
    FAILS_BYTES(XQ_INVALID_ARGUMENT, "nothing that an XQ program", xq_decrypt_message(".1k", DATA, 4, &out, &error));
    FAILS_BYTES(XQ_INVALID_ARGUMENT, "nothing that an XQ program", xq_decrypt_message(".1k", NULL, 0, &out, &error));
    FAILS_QUIETLY(XQ_INVALID_ARGUMENT, xq_decrypt_message(NULL, NULL, 4, NULL, NULL));

    FAILS_BYTES(XQ_INVALID_ARGUMENT, "api is NULL", xq_encrypt_auto(NULL, DATA, 4, people, 1, NULL, &out, &error));
    FAILS_BYTES(XQ_INVALID_ARGUMENT, "data is NULL", xq_encrypt_auto(api, NULL, 4, people, 1, NULL, &out, &error));
    FAILS_BYTES(XQ_INVALID_ARGUMENT, "recipients is NULL", xq_encrypt_auto(api, DATA, 4, NULL, 1, NULL, &out, &error));
    FAILS_BYTES(XQ_INVALID_ARGUMENT, "no recipient", xq_encrypt_auto(api, DATA, 4, people, 0, NULL, &out, &error));
    FAILS_BYTES(XQ_INVALID_ARGUMENT, "no recipient", xq_encrypt_auto(api, DATA, 4, NULL, 0, NULL, &out, &error));
    FAILS_BYTES(XQ_INVALID_ARGUMENT, "recipients[1] is not UTF-8", xq_encrypt_auto(api, DATA, 4, no_utf8, 2, NULL, &out, &error));
    FAILS_BYTES(XQ_UNAUTHORIZED, "sign in first", xq_encrypt_auto(api, DATA, 4, people, 1, NULL, &out, &error));
    options.locator = LOCATOR;
    FAILS_BYTES(XQ_INVALID_ARGUMENT, "without its key", xq_encrypt_auto(api, DATA, 4, NULL, 0, &options, &out, &error));
    options.key = ".1k";
    FAILS_BYTES(XQ_INVALID_ARGUMENT, "beside a locator token", xq_encrypt_auto(api, DATA, 4, people, 1, &options, &out, &error));
    options.key = options.locator = NULL;
    options.algorithm = XQ_ALGORITHM_CTR;
    FAILS_BYTES(XQ_UNAUTHORIZED, "sign in first", xq_encrypt_auto(api, DATA, 4, people, 1, &options, &out, &error));
    FAILS_QUIETLY(XQ_INVALID_ARGUMENT, xq_encrypt_auto(NULL, NULL, 0, NULL, 0, NULL, NULL, NULL));

    FAILS_BYTES(XQ_INVALID_ARGUMENT, "sealed is NULL", xq_decrypt_auto(api, NULL, 4, NULL, &out, &error));
    FAILS_BYTES(XQ_INVALID_ARGUMENT, "no locator token", xq_decrypt_auto(api, DATA, 4, NULL, &out, &error));
    FAILS_QUIETLY(XQ_INVALID_ARGUMENT, xq_decrypt_auto(NULL, NULL, 4, NULL, NULL, NULL));

    FAILS_OUT(XQ_INVALID_ARGUMENT, "sealed is NULL", xq_sealed_locator(NULL, 4, &out, &error));
    FAILS_OUT(XQ_INVALID_ARGUMENT, "", xq_sealed_locator(DATA, 4, &out, &error));
    FAILS_QUIETLY(XQ_INVALID_ARGUMENT, xq_sealed_locator(NULL, 4, NULL, NULL));
}

static void file_arguments_are_checked(xq_api_t *api) {
    xq_seal_options_t options = XQ_SEAL_OPTIONS_INIT;
    char *name = MARK, *path = MARK;
    FAILS(XQ_INVALID_ARGUMENT, "input is NULL", xq_encrypt_file(api, NULL, "o", people, 1, NULL, &error));
    FAILS(XQ_INVALID_ARGUMENT, "output is NULL", xq_encrypt_file(api, "i", NULL, people, 1, NULL, &error));
    FAILS(XQ_INVALID_ARGUMENT, "input is not UTF-8", xq_encrypt_file(api, NOT_UTF8, "o", people, 1, NULL, &error));
    FAILS(XQ_INVALID_ARGUMENT, "api is NULL", xq_encrypt_file(NULL, "i", "o", people, 1, NULL, &error));
    FAILS(XQ_INVALID_ARGUMENT, "no recipient", xq_encrypt_file(api, "i", "o", NULL, 0, NULL, &error));
    FAILS(XQ_UNAUTHORIZED, "sign in first", xq_encrypt_file(api, "i", "o", people, 1, NULL, &error));
    options.key = ".1k";
    FAILS(XQ_INVALID_ARGUMENT, "without its locator token", xq_encrypt_file(NULL, "i", "o", NULL, 0, &options, &error));
    options.locator = LOCATOR;
    FAILS(XQ_FILE, "/no/such/file", xq_encrypt_file(NULL, "/no/such/file", "o", NULL, 0, &options, &error));
    FAILS(XQ_INVALID_ARGUMENT, "input is NULL", xq_decrypt_file(api, NULL, "o", NULL, &name, &path, &error));
    CHECK(!name && !path);
    FAILS(XQ_INVALID_ARGUMENT, "output is NULL", xq_decrypt_file(api, "i", NULL, NULL, &name, &path, &error));
    FAILS(XQ_FILE, "/no/such/file", xq_decrypt_file(api, "/no/such/file", "o", NULL, NULL, NULL, &error));
    FAILS_QUIETLY(XQ_INVALID_ARGUMENT, xq_decrypt_file(NULL, NULL, NULL, NULL, NULL, NULL, NULL));
}

int main(void) {
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL;
    initializers_agree();
    frees_take_null();
    statuses_have_names();
    settings_are_checked();
    addresses_are_checked();
    nothing_is_wanted_from_a_board();
    handles_need_sound_settings();

    /* Nobody listens there: what gets past the checks would come back as XQ_NETWORK. */
    CHECK(xq_config_set_api_key(config, "key", NULL) == XQ_OK);
    CHECK(xq_config_set_service_url(config, XQ_SERVICE_SUBSCRIPTION, "http://127.0.0.1:1/v2", NULL) == XQ_OK);
    CHECK(xq_api_new(config, &api, NULL) == XQ_OK);
    xq_config_free(config);
    tokens_are_kept(api);
    handles_are_made_from_handles(api);
    sign_in_arguments_are_checked(api);
    packet_arguments_are_checked(api);
    many_arguments_are_checked(api);
    stored_key_arguments_are_checked(api);
    device_arguments_are_checked(api);
    account_arguments_are_checked(api);
    key_making_arguments_are_checked(api);
    message_arguments_are_checked(api);
    file_arguments_are_checked(api);
    xq_api_free(api);
    puts("ok");
    return 0;
}
