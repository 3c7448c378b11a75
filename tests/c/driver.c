/*
 * Calls libxq as told on standard input, so that tests can drive the C ABI step by step.
 *
 * A line is a command and its arguments, separated by tabs; \xHH in an argument is a byte, @ alone is NULL. Each line
 * is answered by one: status, HTTP status, whether to retry, what came out, the message; escaped the same way.
 */
#define _POSIX_C_SOURCE 200809L
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "../../examples-c/posix_transport.h"
#include "xq.h"

enum { MAX_FIELDS = 64, MAX_LINE = 1 << 23 };

static xq_config_t *config;
static xq_api_t *api;

/* Where it is set, every place for a result that may be NULL is. */
static int no_outputs;
#define OUTPUT(place) (no_outputs ? NULL : (place))

static int hex(char digit) {
    return digit <= '9' ? digit - '0' : (digit | 32) - 'a' + 10;
}

/* Undoes the escapes in place; NULL for @. */
static char *argument(char *field) {
    char *from = field, *to = field;
    if (strcmp(field, "@") == 0) return NULL;
    while (*from) {
        if (from[0] == '\\' && from[1] == 'x') {
            *to++ = (char)(hex(from[2]) * 16 + hex(from[3]));
            from += 4;
        } else {
            *to++ = *from++;
        }
    }
    *to = 0;
    return field;
}

/*
 * A list in one field: each item is followed by a comma, and a comma in an item is \x2c. @ alone is no list at all.
 * What comes back is kept until the next line.
 */
static struct {
    const char *items[1 << 15];
    size_t count;
} lists[4];

static const char *const *list(int which, char *field, size_t *count) {
    char *end;
    *count = lists[which].count = 0;
    if (strcmp(field, "@") == 0) return NULL;
    for (; (end = strchr(field, ',')); field = end + 1) {
        *end = 0;
        lists[which].items[lists[which].count++] = argument(field);
    }
    *count = lists[which].count;
    return lists[which].items;
}

static void print_text(const char *text) {
    if (!text) {
        putchar('@');
        return;
    }
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < 32 || c == '\\' || c == 127) printf("\\x%02x", c);
        else putchar(c);
    }
}

/* The reply that the last call left behind, in its list or in its error. */
static char *last_reply;

/* What the last error said of when to come back. */
static int64_t last_retry_after;

/* Whether it was carried out, and whose which request it was. */
static char last_outcome[128];

static void keep_reply(const char *reply) {
    if (!reply) return;
    last_reply = (char *)realloc(last_reply, strlen(reply) + 1);
    strcpy(last_reply, reply);
}

/* Puts a list into one text, as list() takes it apart: items escaped by the answer, commas in them not there. */
static char *joined(xq_list_t *list) {
    size_t i, size = 1;
    char *text, *to;
    if (!list) return NULL;
    for (i = 0; i < list->count; i++) size += list->items[i] ? strlen(list->items[i]) + 1 : 2;
    to = text = (char *)malloc(size);
    for (i = 0; i < list->count; i++) {
        const char *item = list->items[i] ? list->items[i] : "@";
        to += sprintf(to, "%s,", item);
    }
    *to = 0;
    return text;
}

static void answer(xq_status_t status, const char *out, xq_error_t *error) {
    if (error && xq_error_status(error) != status) abort();
    printf("%s\t%d\t%d\t", xq_status_name(status), xq_error_http_status(error), xq_error_can_retry(error));
    print_text(out);
    putchar('\t');
    print_text(xq_error_message(error));
    putchar('\n');
    fflush(stdout);
    keep_reply(xq_error_reply(error));
    if (error) {
        last_retry_after = xq_error_retry_after(error);
        snprintf(last_outcome, sizeof last_outcome, "%d %s %llu", (int)xq_error_outcome(error),
                 xq_error_operation(error), (unsigned long long)xq_error_request(error));
    }
    xq_error_free(error);
}

/* Commands that set a text in the configuration. */
static const struct {
    const char *name;
    xq_status_t (*set)(xq_config_t *, const char *, xq_error_t **);
} texts[] = {
    {"api_key", xq_config_set_api_key},
    {"dashboard_api_key", xq_config_set_dashboard_api_key},
    {"locator_key", xq_config_set_locator_key},
    {"base_uri", xq_config_set_base_uri},
    {"ca_file", xq_config_set_ca_file},
    {"proxy", xq_config_set_proxy},
    {"user_agent_suffix", xq_config_set_user_agent_suffix},
};

/* Commands that set a number in the configuration. */
static const struct {
    const char *name;
    xq_status_t (*set)(xq_config_t *, uint32_t, xq_error_t **);
} numbers[] = {
    {"connect_timeout_ms", xq_config_set_connect_timeout_ms},
    {"timeout_ms", xq_config_set_timeout_ms},
};

static int configure(char **f, xq_error_t **error, xq_status_t *status) {
    size_t i;
    for (i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (strcmp(f[0], texts[i].name) == 0) {
            *status = texts[i].set(config, argument(f[1]), error);
            return 1;
        }
    }
    for (i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (strcmp(f[0], numbers[i].name) == 0) {
            *status = numbers[i].set(config, (uint32_t)strtoul(f[1], NULL, 10), error);
            return 1;
        }
    }
    if (strcmp(f[0], "service_url") == 0) {
        *status = xq_config_set_service_url(config, atoi(f[1]), argument(f[2]), error);
    } else if (strcmp(f[0], "allow_plain_http") == 0) {
        *status = xq_config_set_allow_plain_http(config, atoi(f[1]), error);
    } else if (strcmp(f[0], "max_reply_bytes") == 0) {
        *status = xq_config_set_max_reply_bytes(config, strtoul(f[1], NULL, 10), error);
    } else if (strcmp(f[0], "no_transport") == 0) {
        *status = xq_config_set_transport(config, NULL, NULL, error);
    } else if (strcmp(f[0], "envelope") == 0) {
        *status = xq_config_set_envelope(config, atoi(f[1]), error);
    } else if (strcmp(f[0], "roots") == 0) {
        *status = xq_config_set_roots(config, atoi(f[1]), error);
    } else if (strcmp(f[0], "ca_memory") == 0) {
        const char *pem = argument(f[1]);
        *status = xq_config_set_ca_memory(config, (const uint8_t *)pem, pem ? strlen(pem) : 0, error);
    } else if (strcmp(f[0], "read_environment") == 0) {
        *status = xq_config_read_environment(config, error);
    } else {
        return 0;
    }
    return 1;
}

/* What was logged since it was last asked for. */
static char logged[1 << 16];

static void keep_log(void *context, int32_t level, const char *message) {
    size_t used = strlen(logged);
    if (context != logged) abort();
    snprintf(logged + used, sizeof logged - used, "%d %s\n", (int)level, message);
}

/* Whether what only the superuser may read is within reach, for one who is the superuser. */
static xq_status_t superuser(int is) {
    if (getuid() == 0 && seteuid(is ? 0 : 65534) != 0) abort();
#ifdef __linux__
    /* A change of user keeps others from looking into the process, leak checkers among them. */
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
#endif
    return XQ_OK;
}

static int handle(char **f, char **out, xq_error_t **error, xq_status_t *status) {
    if (strcmp(f[0], "open") == 0) {
        *status = xq_api_new(config, &api, error);
    } else if (strcmp(f[0], "close") == 0) {
        xq_api_free(api);
        api = NULL;
        *status = XQ_OK;
    } else if (strcmp(f[0], "superuser") == 0) {
        *status = superuser(atoi(f[1]));
    } else if (strcmp(f[0], "get_access_token") == 0) {
        *status = xq_get_access_token(api, out, error);
    } else if (strcmp(f[0], "set_access_token") == 0) {
        *status = xq_set_access_token(api, argument(f[1]), error);
    } else if (strcmp(f[0], "get_dashboard_token") == 0) {
        *status = xq_get_dashboard_token(api, out, error);
    } else if (strcmp(f[0], "set_dashboard_token") == 0) {
        *status = xq_set_dashboard_token(api, argument(f[1]), error);
    } else if (strcmp(f[0], "forget_tokens") == 0) {
        *status = xq_forget_tokens(api, error);
    } else {
        return 0;
    }
    return 1;
}

static int sign_in(char **f, char **out, xq_error_t **error, xq_status_t *status) {
    if (strcmp(f[0], "validate_api_key") == 0) {
        *status = xq_validate_api_key(api, out, error);
    } else if (strcmp(f[0], "authorize_user") == 0) {
        *status = xq_authorize_user(api, argument(f[1]), argument(f[2]), argument(f[3]), atoi(f[4]), atoi(f[5]), out,
                                    error);
    } else if (strcmp(f[0], "code_validate") == 0) {
        *status = xq_code_validate(api, argument(f[1]), error);
    } else if (strcmp(f[0], "exchange_key") == 0) {
        *status = xq_exchange_key(api, argument(f[1]), atoi(f[2]), out, error);
    } else {
        return 0;
    }
    return 1;
}

static int devices(char **f, char **out, xq_error_t **error, xq_status_t *status) {
    if (strcmp(f[0], "authorize_alias") == 0) {
        *status = xq_authorize_alias(api, argument(f[1]), argument(f[2]), argument(f[3]), out, error);
    } else if (strcmp(f[0], "authorize_device") == 0) {
        *status = xq_authorize_device(api, argument(f[1]), argument(f[2]), atoi(f[3]), out, error);
    } else if (strcmp(f[0], "authorize_device_cert") == 0) {
        *status = xq_authorize_device_cert(api, strtoll(f[1], NULL, 10), argument(f[2]), argument(f[3]), argument(f[4]),
                                           argument(f[5]), atoi(f[6]), out, error);
    } else if (strcmp(f[0], "authorize_device_cert_memory") == 0) {
        *status = xq_authorize_device_cert_memory(api, strtoll(f[1], NULL, 10), argument(f[2]), argument(f[3]),
                                                  argument(f[4]), argument(f[5]), atoi(f[6]), out, error);
    } else if (strcmp(f[0], "announce_device") == 0) {
        *status = xq_announce_device(api, argument(f[1]), error);
    } else if (strcmp(f[0], "load_file_content") == 0) {
        *status = xq_load_file_content(argument(f[1]), out, error);
    } else {
        return 0;
    }
    return 1;
}

static int account(char **f, char **out, xq_error_t **error, xq_status_t *status) {
    size_t count;
    const char *const *items;
    if (strcmp(f[0], "deauthorize") == 0) {
        *status = xq_deauthorize(api, error);
    } else if (strcmp(f[0], "delete_subscriber") == 0) {
        *status = xq_delete_subscriber(api, error);
    } else if (strcmp(f[0], "update_settings") == 0) {
        *status = xq_update_settings(api, atoi(f[1]), atoi(f[2]), error);
    } else if (strcmp(f[0], "authorize_delegate") == 0) {
        *status = xq_authorize_delegate(api, out, error);
    } else if (strcmp(f[0], "combine_authorizations") == 0) {
        int64_t merged = -1;
        char number[32];
        items = list(0, f[1], &count);
        *status = xq_combine_authorizations(api, items, count, out, OUTPUT(&merged), error);
        if (*status == XQ_OK) {
            sprintf(number, "%lld", (long long)merged);
            keep_reply(number);
        }
    } else if (strcmp(f[0], "exchange_for_subscription_token") == 0) {
        *status = xq_exchange_for_subscription_token(api, out, error);
    } else {
        return 0;
    }
    return 1;
}

static const char *shown(const char *text) {
    return text ? text : "@";
}

/* KEY RECIPIENTS TYPE TYPE_NUMBER EXPIRES SUBJECT LABELS META, from the second field on; no TYPE_NUMBER: no options. */
static const xq_packet_options_t *options(char **f) {
    static xq_packet_options_t given;
    xq_packet_options_t fresh = XQ_PACKET_OPTIONS_INIT;
    if (!*f[3]) return NULL;
    given = fresh;
    given.type = argument(f[2]);
    given.type_number = atoi(f[3]);
    if (strcmp(f[4], "@") != 0) given.expires_hours = strtoll(f[4], NULL, 10);
    given.subject = argument(f[5]);
    given.labels = list(1, f[6], &given.label_count);
    given.meta = argument(f[7]);
    return &given;
}

/* Rows: KEY RECIPIENTS TYPE EXPIRES UNIT TITLE LABELS META each. */
static const xq_packet_row_t *rows(char **f, size_t *count) {
    static xq_packet_row_t given[4];
    static const char *recipients[4][8];
    size_t i;
    *count = 0;
    for (; (*f[0] || *f[1]) && *count < 4; f += 8) {
        xq_packet_row_t fresh = XQ_PACKET_ROW_INIT;
        xq_packet_row_t *row = &given[*count];
        *row = fresh;
        row->key = argument(f[0]);
        row->recipients = list(0, f[1], &row->recipient_count);
        for (i = 0; row->recipients && i < row->recipient_count; i++) recipients[*count][i] = row->recipients[i];
        if (row->recipients) row->recipients = recipients[*count];
        row->type = argument(f[2]);
        row->expires = strtoll(f[3], NULL, 10);
        row->unit = argument(f[4]);
        row->title = argument(f[5]);
        row->labels = list(*count == 0 ? 1 : *count == 1 ? 2 : 3, f[6], &row->label_count);
        row->meta = argument(f[7]);
        ++*count;
    }
    return given;
}

static int packets(char **f, char **out, xq_list_t **many, xq_error_t **error, xq_status_t *status) {
    size_t keys, people;
    const char *const *key;
    const char *const *recipients;
    if (strcmp(f[0], "create_packet") == 0) {
        recipients = list(0, f[2], &people);
        *status = xq_create_packet(api, argument(f[1]), recipients, people, options(f + 1), out, error);
    } else if (strcmp(f[0], "create_and_store_packet") == 0) {
        recipients = list(0, f[2], &people);
        *status = xq_create_and_store_packet(api, argument(f[1]), recipients, people, options(f + 1), out, error);
    } else if (strcmp(f[0], "create_and_store_packets") == 0) {
        key = list(2, f[1], &keys);
        recipients = list(0, f[2], &people);
        *status = xq_create_and_store_packets(api, key, keys, recipients, people, options(f + 1), many, error);
    } else if (strcmp(f[0], "create_and_store_packets_batch") == 0) {
        const xq_packet_row_t *row = rows(f + 1, &keys);
        *status = xq_create_and_store_packets_batch(api, row, keys, many, error);
    } else {
        return 0;
    }
    return 1;
}

static int stored_keys(char **f, char **out, xq_list_t **many, xq_error_t **error, xq_status_t *status) {
    size_t count;
    const char *const *items;
    if (strcmp(f[0], "add_packet") == 0) {
        *status = xq_add_packet(api, argument(f[1]), out, error);
    } else if (strcmp(f[0], "get_packet") == 0) {
        *status = xq_get_packet(api, argument(f[1]), out, error);
    } else if (strcmp(f[0], "get_packets") == 0) {
        items = list(0, f[1], &count);
        *status = xq_get_packets(api, items, count, many, error);
    } else if (strcmp(f[0], "revoke_packet") == 0) {
        *status = xq_revoke_packet(api, argument(f[1]), error);
    } else if (strcmp(f[0], "grant_users") == 0) {
        items = list(0, f[2], &count);
        *status = xq_grant_users(api, argument(f[1]), items, count, error);
    } else if (strcmp(f[0], "revoke_users") == 0) {
        items = list(0, f[2], &count);
        *status = xq_revoke_users(api, argument(f[1]), items, count, error);
    } else {
        return 0;
    }
    return 1;
}

/* Calls whose result is not one of the library's own strings: what they give is allocated here. */
static int numbers_and_replies(char **f, char **text, xq_error_t **error, xq_status_t *status) {
    int64_t number = -1;
    int32_t newsletter = -7, notifications = -7;
    xq_subscriber_t *who = NULL;
    if (strcmp(f[0], "packet_expiration") == 0) {
        *status = xq_packet_expiration(api, argument(f[1]), &number, error);
        if (*status != XQ_OK) return 1;
        *text = (char *)malloc(32);
        sprintf(*text, "%lld", (long long)number);
    } else if (strcmp(f[0], "server_time") == 0) {
        *status = xq_server_time(api, &number, error);
        if (*status != XQ_OK) return 1;
        *text = (char *)malloc(32);
        sprintf(*text, "%lld", (long long)number);
    } else if (strcmp(f[0], "get_settings") == 0) {
        *status = xq_get_settings(api, OUTPUT(&newsletter), OUTPUT(&notifications), error);
        if (*status != XQ_OK) return 1;
        *text = (char *)malloc(32);
        sprintf(*text, "%d %d", (int)newsletter, (int)notifications);
    } else if (strcmp(f[0], "get_subscriber") == 0) {
        *status = xq_get_subscriber(api, OUTPUT(&who), error);
        if (!who) return 1;
        *text = (char *)malloc(1024);
        snprintf(*text, 1024, "%lld|%s|%s|%s|%s|%lld|%lld", (long long)who->id, shown(who->user),
            shown(who->first_name),
                 shown(who->last_name), shown(who->subscription), (long long)who->starts_ms, (long long)who->ends_ms);
        keep_reply(who->reply);
        xq_subscriber_free(who);
    } else if (strcmp(f[0], "set_logger") == 0) {
        *status = xq_set_logger(api, atoi(f[1]) ? keep_log : NULL, logged, error);
    } else if (strcmp(f[0], "log") == 0) {
        *text = (char *)malloc(strlen(logged) + 1);
        strcpy(*text, logged);
        *logged = 0;
    } else if (strcmp(f[0], "last_retry_after") == 0) {
        *text = (char *)malloc(32);
        sprintf(*text, "%ld", (long)last_retry_after);
    } else if (strcmp(f[0], "last_outcome") == 0) {
        *text = (char *)malloc(sizeof last_outcome);
        strcpy(*text, last_outcome);
    } else if (strcmp(f[0], "last_reply") == 0) {
        *text = last_reply;
        last_reply = NULL;
    } else {
        return 0;
    }
    return 1;
}

#include "driver_dashboard.h"
#include "driver_sealed.h"

static int call(char **f, char **text, char **out, xq_list_t **many, xq_error_t **error, xq_status_t *status) {
    return configure(f, error, status) || handle(f, out, error, status) || sign_in(f, out, error, status) ||
           packets(f, out, many, error, status) || stored_keys(f, out, many, error, status) ||
           devices(f, out, error, status) || account(f, out, error, status) ||
           numbers_and_replies(f, text, error, status) || sealing(f, text, out, error, status) ||
           dashboard(f, text, out, error, status);
}

/* Splits a line at its tabs; fields that are missing are empty. */
static void split(char *line, char **fields) {
    static char empty[1];
    int i;
    for (i = 0; i < MAX_FIELDS; i++) {
        fields[i] = line ? line : empty;
        if (line && (line = strchr(line, '\t'))) *line++ = 0;
    }
}

static int serve(void);
#include "driver_stack.h"
#ifdef DRIVER_TLS
#include "driver_tls.h"
#endif

/* Does what the lines say, to the end. */
static int serve(void) {
    static char line[MAX_LINE];
    config = xq_config_new();
    /* The same tests then play every call over a transport of the program's own. */
    if (getenv("DRIVER_TRANSPORT")) xq_config_set_transport(config, posix_transport, NULL, NULL);
#ifdef DRIVER_TLS
    transport_over_tls();
#endif
    while (fgets(line, sizeof line, stdin)) {
        char *fields[MAX_FIELDS];
        char *out = NULL, *text = NULL;
        xq_list_t *many = NULL;
        xq_error_t *error = NULL;
        xq_status_t status = XQ_OK;
        line[strcspn(line, "\n")] = 0;
        split(line, fields);
        if (strcmp(fields[0], "no_outputs") == 0) {
            no_outputs = atoi(fields[1]);
        } else if (strcmp(fields[0], "stack") == 0) {
            text = (char *)malloc(32);
            sprintf(text, "%lu", (unsigned long)stack_used());
        } else if (!call(fields, &text, OUTPUT(&out), OUTPUT(&many), OUTPUT(&error), &status)) {
            fprintf(stderr, "driver: no such command: %s\n", fields[0]);
            return 2;
        }
        if (many) text = joined(many);
        answer(status, text ? text : out, error);
        keep_reply(many ? many->reply : NULL);
        xq_string_free(out);
        xq_list_free(many);
        free(text);
    }
    free(last_reply);
    xq_api_free(api);
    xq_config_free(config);
#ifdef DRIVER_TLS
    mbedtls_transport_free(over_tls);
#endif
    return 0;
}

int main(void) {
    const char *size = getenv("DRIVER_STACK");
    return size ? serve_on_stack(strtoul(size, NULL, 10)) : serve();
}
