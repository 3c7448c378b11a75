/*
 * Calls libxq as told on standard input, so that tests can drive the C ABI step by step.
 *
 * A line is a command and its arguments, separated by tabs; \xHH in an argument is a byte, @ alone is NULL. Each line
 * is answered by one: status, HTTP status, whether to retry, what came out, the message; escaped the same way.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xq.h"

enum { MAX_FIELDS = 64, MAX_LINE = 1 << 20 };

static xq_config_t *config;
static xq_api_t *api;

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

static void answer(xq_status_t status, char *out, xq_error_t *error) {
    if (error && xq_error_status(error) != status) abort();
    printf("%s\t%d\t%d\t", xq_status_name(status), xq_error_http_status(error), xq_error_can_retry(error));
    print_text(out);
    putchar('\t');
    print_text(xq_error_message(error));
    putchar('\n');
    fflush(stdout);
    xq_string_free(out);
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
    } else if (strcmp(f[0], "read_environment") == 0) {
        *status = xq_config_read_environment(config, error);
    } else {
        return 0;
    }
    return 1;
}

static int handle(char **f, char **out, xq_error_t **error, xq_status_t *status) {
    if (strcmp(f[0], "open") == 0) {
        *status = xq_api_new(config, &api, error);
    } else if (strcmp(f[0], "close") == 0) {
        xq_api_free(api);
        api = NULL;
        *status = XQ_OK;
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

/* Splits a line at its tabs; fields that are missing are empty. */
static void split(char *line, char **fields) {
    static char empty[1];
    int i;
    for (i = 0; i < MAX_FIELDS; i++) {
        fields[i] = line ? line : empty;
        if (line && (line = strchr(line, '\t'))) *line++ = 0;
    }
}

int main(void) {
    static char line[MAX_LINE];
    config = xq_config_new();
    while (fgets(line, sizeof line, stdin)) {
        char *fields[MAX_FIELDS];
        char *out = NULL;
        xq_error_t *error = NULL;
        xq_status_t status = XQ_OK;
        line[strcspn(line, "\n")] = 0;
        split(line, fields);
        if (!configure(fields, &error, &status) && !handle(fields, &out, &error, &status) &&
            !sign_in(fields, &out, &error, &status)) {
            fprintf(stderr, "driver: no such command: %s\n", fields[0]);
            return 2;
        }
        answer(status, out, error);
    }
    xq_api_free(api);
    xq_config_free(config);
    return 0;
}
