/*
 * The shortest useful program: signs in as a device, which takes no PIN, and seals a message for other people.
 *
 *     first
 *
 * The settings come from the environment (XQ_API_KEY at least). sign_in.c and seal_message.c tell each failure apart.
 */
#include <stdio.h>

#include "xq.h"

int main(void) {
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL;
    xq_error_t *error = NULL;
    xq_bytes_t *sealed = NULL;
    const char *people[] = {"joe@example.com", "7@group.local"};
    const uint8_t text[] = "Meet me at noon.";

    if (xq_config_read_environment(config, &error) == XQ_OK && /* XQ_API_KEY and friends */
        xq_api_new(config, &api, &error) == XQ_OK &&
        xq_authorize_alias(api, "device-7", NULL, NULL, NULL, &error) == XQ_OK &&
        xq_encrypt_auto(api, text, sizeof text - 1, people, 2, NULL, &sealed, &error) == XQ_OK)
        printf("%zu bytes that only they can open\n", sealed->length);
    else
        fprintf(stderr, "%s\n", xq_error_message(error));

    int failed = error != NULL;
    xq_error_free(error);
    xq_bytes_free(sealed);
    xq_api_free(api);
    xq_config_free(config);
    return failed;
}
