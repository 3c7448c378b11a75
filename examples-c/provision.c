/*
 * A provisioning line: an administrator has a certificate issued for a device, and the device signs in with it at once, as
 * it will in the field.
 *
 *     provision TOKEN TAG
 *
 * TOKEN is a file with the access token of the administrator, who has signed in (see sign_in.c). TAG is what the certificate
 * is to be known by, such as the device's serial number. The settings come from the environment (XQ_API_KEY at least).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xq.h"

static int failed(const char *what, xq_status_t status, xq_error_t *error) {
    fprintf(stderr, "%s: %s: %s\n", what, xq_status_name(status), xq_error_message(error));
    /* A certificate may be issued all the same, and its private key be nowhere else: a secret for the operator alone. */
    if (xq_error_reply(error)) fprintf(stderr, "Keep this: %s\n", xq_error_reply(error));
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

static xq_status_t sign_in_administrator(xq_api_t *api, const char *path, xq_error_t **error) {
    char *token = NULL;
    xq_status_t status = xq_load_file_content(path, &token, error);
    if (status == XQ_OK) {
        token[strcspn(token, "\r\n")] = 0;
        status = xq_set_access_token(api, token, error);
    }
    xq_string_free(token);
    return status;
}

/* The dashboard has a token of its own, which the handle keeps beside the access token. */
static xq_device_certificate_t *issue(xq_api_t *api, const char *token_path, const char *tag) {
    xq_device_certificate_t *issued = NULL;
    xq_error_t *error = NULL;
    int64_t ends = -1, now = 0;
    xq_status_t status = sign_in_administrator(api, token_path, &error);
    if (status == XQ_OK) status = xq_exchange_for_dashboard_token(api, NULL, NULL, &error);
    if (status == XQ_OK) status = xq_token_expiration(api, XQ_TOKEN_DASHBOARD, &ends, &error);
    if (status == XQ_OK) status = xq_server_time(api, &now, &error);
    if (status == XQ_OK) status = xq_generate_device_certificate(api, tag, NULL, &issued, &error);
    if (status != XQ_OK) {
        failed("certificate", status, error);
        return NULL;
    }
    printf("Certificate %lld is issued.\n", (long long)issued->id);
    if (ends >= 0) printf("The dashboard's token is good for %lld hours more.\n", (long long)(ends - now) / 3600);
    return issued;
}

/* What the line puts into the device: the id and the three texts. Here it uses them itself. */
static int sign_in(xq_api_t *device, const xq_device_certificate_t *issued, const char *name) {
    xq_error_t *error = NULL;
    xq_status_t status = xq_authorize_device_cert_memory(device, issued->id, issued->certificate, issued->transport_key,
                                                         issued->private_key, name, 1, NULL, &error);
    if (status != XQ_OK) return failed("sign-in", status, error);
    printf("The device has signed in with it.\n");
    return 1;
}

/* The dashboard lists it now, among the contacts with the role of a device. */
static int is_listed(xq_api_t *api) {
    xq_contacts_t *devices = NULL;
    xq_error_t *error = NULL;
    size_t i;
    xq_status_t status = xq_get_contacts(api, 6, NULL, 0, 0, &devices, &error);
    if (status != XQ_OK) return failed("devices", status, error);
    for (i = 0; i < devices->count; i++) {
        const xq_contact_t *row = &devices->rows[i];
        printf("Device %lld: %s\n", (long long)row->id, row->first_name ? row->first_name : "(no name)");
    }
    xq_contacts_free(devices);
    return 1;
}

int main(int argc, char **argv) {
    xq_api_t *administrator = NULL, *device = NULL;
    xq_device_certificate_t *issued = NULL;
    int done = 0;
    if (argc != 3) {
        fprintf(stderr, "usage: provision TOKEN TAG\n");
        return 2;
    }
    administrator = connect_from_environment();
    device = connect_from_environment();
    if (administrator && device) issued = issue(administrator, argv[1], argv[2]);
    done = issued && sign_in(device, issued, argv[2]) && is_listed(administrator);
    /* Wipes the keys. */
    xq_device_certificate_free(issued);
    xq_api_free(device);
    xq_api_free(administrator);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
