/*
 * The shortest useful program: signs in as a device, which takes no PIN, and has a key stored for other people.
 *
 *     first
 *
 * The settings come from the environment (XQ_API_KEY at least). sign_in.c and share_key.c tell each failure apart.
 */
#include <stdio.h>

#include "xq.h"

int main(void) {
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL;
    xq_error_t *error = NULL;
    char *locator = NULL;
    const char *people[] = {"joe@example.com", "team-7@group.local"};
    xq_packet_options_t options = XQ_PACKET_OPTIONS_INIT;
    options.expires_hours = 72;

    if (xq_config_read_environment(config, &error) == XQ_OK && /* XQ_API_KEY and friends */
        xq_api_new(config, &api, &error) == XQ_OK &&
        xq_authorize_alias(api, "device-7", NULL, NULL, NULL, &error) == XQ_OK &&
        xq_create_and_store_packet(api, "a secret key", people, 2, &options, &locator, &error) == XQ_OK)
        printf("They get the key for %s\n", locator);
    else
        fprintf(stderr, "%s\n", xq_error_message(error));

    int failed = error != NULL;
    xq_error_free(error);
    xq_string_free(locator);
    xq_api_free(api);
    xq_config_free(config);
    return failed;
}
