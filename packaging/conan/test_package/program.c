/* Makes a handle, which needs no network. */
#include <stdio.h>
#include <string.h>
#include <xq.h>

int main(void) {
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL;
    xq_status_t status = xq_config_set_api_key(config, "key", NULL);
    if (status == XQ_OK) status = xq_api_new(config, &api, NULL);
    xq_api_free(api);
    xq_config_free(config);
    printf("libxq %s: %s\n", xq_version(), xq_status_name(status));
    return status == XQ_OK && strcmp(xq_version(), XQ_VERSION) == 0 ? 0 : 1;
}
