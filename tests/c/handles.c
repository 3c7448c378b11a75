/*
 * Two handles of one configuration share nothing: no token, no logger, no connection.
 *
 *     handles    the settings come from the environment
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xq.h"

#define CHECK(condition)                                                    \
    do {                                                                    \
        if (!(condition)) {                                                 \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
            exit(1);                                                        \
        }                                                                   \
    } while (0)

static void count_line(void *context, int32_t level, const char *message) {
    CHECK(level == XQ_LOG_INFO && message);
    ++*(int *)context;
}

static int holds(xq_api_t *api, const char *expected) {
    char *access = NULL, *dashboard = NULL;
    int same;
    CHECK(xq_get_access_token(api, &access, NULL) == XQ_OK);
    CHECK(xq_get_dashboard_token(api, &dashboard, NULL) == XQ_OK);
    same = expected ? access && dashboard && strcmp(access, expected) == 0 && strcmp(dashboard, expected) == 0
                    : !access && !dashboard;
    xq_string_free(access);
    xq_string_free(dashboard);
    return same;
}

int main(void) {
    xq_config_t *config = xq_config_new();
    xq_api_t *one = NULL, *other = NULL;
    int lines = 0, i;
    CHECK(xq_config_read_environment(config, NULL) == XQ_OK);
    CHECK(xq_api_new(config, &one, NULL) == XQ_OK && xq_api_new(config, &other, NULL) == XQ_OK);
    xq_config_free(config);

    CHECK(xq_set_access_token(one, "a-token", NULL) == XQ_OK && xq_set_dashboard_token(one, "a-token", NULL) == XQ_OK);
    CHECK(holds(one, "a-token") && holds(other, NULL));
    CHECK(xq_forget_tokens(other, NULL) == XQ_OK && holds(one, "a-token"));

    CHECK(xq_set_logger(one, count_line, &lines, NULL) == XQ_OK);
    /* In turn, so that each handle's connection is idle when the other looks for one. */
    for (i = 0; i < 3; i++) {
        CHECK(xq_validate_api_key(one, NULL, NULL) == XQ_OK);
        CHECK(xq_validate_api_key(other, NULL, NULL) == XQ_OK);
    }
    CHECK(lines == 3);
    xq_api_free(one);
    CHECK(xq_validate_api_key(other, NULL, NULL) == XQ_OK);
    xq_api_free(other);
    puts("ok");
    return 0;
}
