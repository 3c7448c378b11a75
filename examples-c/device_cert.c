/*
 * Signs a device in with its certificate, from files and then from memory, as firmware without a file system does; then
 * stores a key and fetches it as the device.
 *
 *     device_cert ID CERTIFICATE TRANSPORT_KEY PRIVATE_KEY
 *
 * ID is the certificate's number, the others are the files client.crt, transport.key and client.key. The settings come
 * from the environment (XQ_API_KEY at least).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xq.h"

static int failed(const char *what, xq_status_t status, xq_error_t *error) {
    fprintf(stderr, "%s: %s: %s\n", what, xq_status_name(status), xq_error_message(error));
    xq_error_free(error);
    return 0;
}

static xq_api_t *connect_from_environment(void) {
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL;
    xq_error_t *error = NULL;
    xq_status_t status = xq_config_read_environment(config, &error);
    if (status == XQ_OK) status = xq_api_new(config, &api, &error);
    if (status != XQ_OK) failed("settings", status, error);
    xq_config_free(config);
    return api;
}

static int sign_in_from_files(xq_api_t *api, int64_t id, char **paths) {
    char *token = NULL;
    xq_error_t *error = NULL;
    xq_status_t status =
        xq_authorize_device_cert(api, id, paths[0], paths[1], paths[2], "sensor-1", 1, &token, &error);
    int signed_in = token != NULL;
    xq_string_free(token);
    if (!signed_in) return failed("from files", status, error);
    printf("The device is signed in from its files%s.\n", status == XQ_OK ? ", and announced" : "");
    /* The token is won: see device.c for the announcement that is tried again. */
    if (status != XQ_OK) failed("announce", status, error);
    return 1;
}

/* Here the contents come from files too; in firmware they are in the program, or in a secure element. */
static int sign_in_from_memory(xq_api_t *api, int64_t id, char **paths) {
    char *contents[3] = {NULL, NULL, NULL};
    xq_error_t *error = NULL;
    xq_status_t status = XQ_OK;
    int i;
    for (i = 0; i < 3 && status == XQ_OK; i++) status = xq_load_file_content(paths[i], &contents[i], &error);
    if (status == XQ_OK) {
        status = xq_authorize_device_cert_memory(api, id, contents[0], contents[1], contents[2], "sensor-1", 0, NULL,
                                                 &error);
    }
    for (i = 0; i < 3; i++) xq_string_free(contents[i]);
    if (status != XQ_OK) return failed("from memory", status, error);
    printf("The device is signed in from memory.\n");
    return 1;
}

static int use_a_key(xq_api_t *api) {
    static const char key[] = ".1Zk3vT0yq8hV5wN2xR7dLbQe4mUc9sJaG";
    static const char *const recipients[] = {"operator@example.com"};
    char *locator = NULL, *fetched = NULL;
    xq_error_t *error = NULL;
    int same;
    xq_status_t status = xq_create_and_store_packet(api, key, recipients, 1, NULL, &locator, &error);
    if (status == XQ_OK) status = xq_get_packet(api, locator, &fetched, &error);
    same = status == XQ_OK && strcmp(fetched, key) == 0;
    xq_string_free(fetched);
    xq_string_free(locator);
    if (status != XQ_OK) return failed("key", status, error);
    printf("The device has stored a key and fetched %s.\n", same ? "it" : "another");
    return same;
}

int main(int argc, char **argv) {
    xq_api_t *api;
    int64_t id;
    int ok;
    if (argc != 5) {
        fprintf(stderr, "usage: %s ID CERTIFICATE TRANSPORT_KEY PRIVATE_KEY\n", argv[0]);
        return 2;
    }
    id = strtoll(argv[1], NULL, 10);
    api = connect_from_environment();
    ok = api && sign_in_from_files(api, id, argv + 2) && sign_in_from_memory(api, id, argv + 2) && use_a_key(api);
    xq_api_free(api);
    return ok ? 0 : 1;
}
