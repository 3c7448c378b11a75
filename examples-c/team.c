/*
 * A team as a recipient of keys: makes a group, stores a key for it, lets one more in, and takes the group away again.
 *
 *     team TOKEN ADDRESS ADDRESS
 *
 * TOKEN is a file with the access token of the administrator, who has signed in (see sign_in.c). The first ADDRESS is in the
 * team from the start, the second comes later. The settings come from the environment (XQ_API_KEY at least).
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

/* A token for the dashboard comes from the access token. */
static xq_api_t *administrator(const char *path) {
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL;
    char *token = NULL;
    xq_error_t *error = NULL;
    xq_status_t status = xq_config_read_environment(config, &error);
    if (status == XQ_OK) status = xq_api_new(config, &api, &error);
    if (status == XQ_OK) status = xq_load_file_content(path, &token, &error);
    if (status == XQ_OK) {
        token[strcspn(token, "\r\n")] = 0;
        status = xq_set_access_token(api, token, &error);
    }
    if (status == XQ_OK) status = xq_exchange_for_dashboard_token(api, NULL, NULL, &error);
    xq_string_free(token);
    xq_config_free(config);
    if (status == XQ_OK) return api;
    failed("dashboard", status, error);
    xq_api_free(api);
    return NULL;
}

/* Gives the group's id, 0 where there is none. */
static int64_t make_team(xq_api_t *api, const char *first) {
    const char *members[1];
    xq_usergroups_t *made = NULL;
    int64_t id;
    xq_error_t *error = NULL;
    xq_status_t status;
    members[0] = first;
    status = xq_create_usergroup(api, "Night shift", members, 1, &made, &error);
    if (status != XQ_OK) return failed("group", status, error);
    id = made->rows[0].id;
    xq_usergroups_free(made);
    return id;
}

/* The group is a recipient like a person. Labels are for finding the key again on the dashboard. */
static int store_for(xq_api_t *api, int64_t team) {
    static const char *const labels[] = {"night shift", "door codes"};
    char address[64];
    const char *recipients[1];
    char *locator = NULL;
    xq_error_t *error = NULL;
    xq_status_t status;
    recipients[0] = address;
    snprintf(address, sizeof address, "%lld@group.local", (long long)team);
    status = xq_create_and_store_packet(api, "a secret key", recipients, 1, NULL, &locator, &error);
    if (status == XQ_OK) status = xq_add_labels_to_locator_token(api, locator, labels, 2, &error);
    if (status != XQ_OK) failed("key", status, error);
    else printf("A key is stored for %s.\n", address);
    xq_string_free(locator);
    return status == XQ_OK;
}

static int let_in(xq_api_t *api, int64_t team, const char *second) {
    const char *members[1];
    xq_usergroups_t *now = NULL;
    xq_error_t *error = NULL;
    size_t i;
    xq_status_t status;
    members[0] = second;
    status = xq_add_usergroup_members(api, team, members, 1, &error);
    if (status == XQ_OK) status = xq_get_usergroup(api, team, NULL, &now, &error);
    if (status != XQ_OK) return failed("members", status, error);
    for (i = 0; i < now->rows[0].member_count; i++) printf("In it: %s\n", now->rows[0].members[i]);
    xq_usergroups_free(now);
    return 1;
}

/* A call that has no function of its own, or whose reply is wanted as it came. */
static int ask_for_groups(xq_api_t *api) {
    xq_request_t request = XQ_REQUEST_INIT;
    int32_t http_status = 0;
    char *reply = NULL;
    xq_error_t *error = NULL;
    xq_status_t status;
    request.service = XQ_SERVICE_DASHBOARD;
    request.path = "usergroup";
    status = xq_request(api, &request, &http_status, &reply, &error);
    if (status != XQ_OK) return failed("request", status, error);
    printf("HTTP %d: %lu bytes of JSON\n", (int)http_status, (unsigned long)strlen(reply));
    xq_string_free(reply);
    return 1;
}

static int take_away(xq_api_t *api, int64_t team) {
    xq_error_t *error = NULL;
    xq_status_t status = xq_delete_usergroup(api, team, &error);
    if (status != XQ_OK) return failed("delete", status, error);
    printf("The group is deleted.\n");
    return 1;
}

int main(int argc, char **argv) {
    xq_api_t *api;
    int64_t team;
    int ok;
    if (argc != 4) {
        fprintf(stderr, "usage: team TOKEN ADDRESS ADDRESS\n");
        return 2;
    }
    api = administrator(argv[1]);
    team = api ? make_team(api, argv[2]) : 0;
    ok = team && store_for(api, team) && let_in(api, team, argv[3]) && ask_for_groups(api);
    if (team && !take_away(api, team)) ok = 0;
    xq_api_free(api);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
