/*
 * The driver's commands of the dashboard, and any other request. Rows are shown as NAME=VALUE with blanks between them and
 * a bar after each row.
 */
#ifndef DRIVER_DASHBOARD_H
#define DRIVER_DASHBOARD_H

/* What is shown of rows grows here. */
static struct {
    char *text;
    size_t used, size;
} table;

static void show(const char *text) {
    size_t length = strlen(text);
    if (table.used + length + 1 > table.size) {
        table.size = 2 * (table.used + length + 1);
        table.text = (char *)realloc(table.text, table.size);
    }
    memcpy(table.text + table.used, text, length + 1);
    table.used += length;
}

static void show_text(const char *name, const char *value) {
    show(name);
    show("=");
    show(shown(value));
    show(" ");
}

static void show_number(const char *name, int64_t value) {
    char digits[32];
    sprintf(digits, "%lld", (long long)value);
    show_text(name, digits);
}

/* Go ends a program over a pointer that is a small number: a list of none has an address, or is NULL. */
static void is_an_address(const void *pointer) {
    if (pointer && (uintptr_t)pointer < 4096) abort();
}

static void show_list(const char *name, const char *const *items, size_t count) {
    size_t i;
    is_an_address(items);
    show(name);
    show("=");
    if (!items) show("@");
    for (i = 0; items && i < count; i++) {
        show(items[i]);
        show(",");
    }
    show(" ");
}

/* What was shown, to be freed; an empty text where that was nothing. */
static char *take_table(void) {
    char *text;
    show("");
    text = table.text;
    table.text = NULL;
    table.used = table.size = 0;
    return text;
}

static char *groups_shown(xq_usergroups_t *groups) {
    size_t i;
    if (!groups) return NULL;
    is_an_address(groups->rows);
    for (i = 0; i < groups->count; i++) {
        const xq_usergroup_t *row = &groups->rows[i];
        show_number("id", row->id);
        show_text("name", row->name);
        show_number("business", row->business_id);
        show_list("members", row->members, row->member_count);
        show("|");
    }
    keep_reply(groups->reply);
    xq_usergroups_free(groups);
    return take_table();
}

static char *contacts_shown(xq_contacts_t *contacts) {
    size_t i;
    if (!contacts) return NULL;
    is_an_address(contacts->rows);
    for (i = 0; i < contacts->count; i++) {
        const xq_contact_t *row = &contacts->rows[i];
        show_number("id", row->id);
        show_text("email", row->email);
        show_text("first", row->first_name);
        show_text("last", row->last_name);
        show_text("title", row->title);
        show_number("role", row->role);
        show_text("status", row->status);
        show_number("business", row->business_id);
        show("|");
    }
    keep_reply(contacts->reply);
    xq_contacts_free(contacts);
    return take_table();
}

static char *businesses_shown(xq_businesses_t *businesses) {
    size_t i;
    if (!businesses) return NULL;
    is_an_address(businesses->rows);
    for (i = 0; i < businesses->count; i++) {
        show_number("id", businesses->rows[i].id);
        show_text("name", businesses->rows[i].name);
        show("|");
    }
    keep_reply(businesses->reply);
    xq_businesses_free(businesses);
    return take_table();
}

static char *communication_shown(xq_communication_t *communication) {
    if (!communication) return NULL;
    show_number("id", communication->id);
    show_text("locator", communication->locator_token);
    show_list("labels", communication->labels, communication->label_count);
    keep_reply(communication->reply);
    xq_communication_free(communication);
    return take_table();
}

static char *certificate_shown(xq_device_certificate_t *certificate) {
    if (!certificate) return NULL;
    show_number("id", certificate->id);
    show_text("certificate", certificate->certificate);
    show_text("transport_key", certificate->transport_key);
    show_text("private_key", certificate->private_key);
    xq_device_certificate_free(certificate);
    return take_table();
}

static char *number_shown(int64_t number) {
    char *text = (char *)malloc(32);
    sprintf(text, "%lld", (long long)number);
    return text;
}

static int dashboard_sign_in(char **f, char **text, char **out, xq_error_t **error, xq_status_t *status) {
    if (strcmp(f[0], "dashboard_signup") == 0) {
        int32_t already = -7;
        *status = xq_dashboard_signup(api, argument(f[1]), argument(f[2]), atoi(f[3]), OUTPUT(&already), error);
        if (*status == XQ_OK) *text = number_shown(already);
    } else if (strcmp(f[0], "send_login_link") == 0) {
        *status = xq_send_login_link(api, argument(f[1]), argument(f[2]), error);
    } else if (strcmp(f[0], "dashboard_login") == 0) {
        *status = xq_dashboard_login(api, argument(f[1]), argument(f[2]), argument(f[3]), argument(f[4]), out, error);
    } else if (strcmp(f[0], "login_verify") == 0) {
        *status = xq_login_verify(api, out, error);
    } else if (strcmp(f[0], "validate_access_token") == 0) {
        *status = xq_validate_access_token(api, error);
    } else if (strcmp(f[0], "exchange_for_dashboard_token") == 0) {
        *status = xq_exchange_for_dashboard_token(api, argument(f[1]), out, error);
    } else {
        return 0;
    }
    return 1;
}

static int groups(char **f, char **text, xq_error_t **error, xq_status_t *status) {
    xq_usergroups_t *found = NULL;
    size_t count;
    const char *const *members;
    int64_t id = strtoll(f[1], NULL, 10);
    if (strcmp(f[0], "create_usergroup") == 0) {
        members = list(0, f[2], &count);
        *status = xq_create_usergroup(api, argument(f[1]), members, count, OUTPUT(&found), error);
    } else if (strcmp(f[0], "get_usergroup") == 0) {
        *status = xq_get_usergroup(api, id, argument(f[2]), OUTPUT(&found), error);
    } else if (strcmp(f[0], "update_usergroup") == 0) {
        members = list(0, f[3], &count);
        *status = xq_update_usergroup(api, id, argument(f[2]), members, count, error);
    } else if (strcmp(f[0], "add_usergroup_members") == 0) {
        members = list(0, f[2], &count);
        *status = xq_add_usergroup_members(api, id, members, count, error);
    } else if (strcmp(f[0], "remove_usergroup_members") == 0) {
        members = list(0, f[2], &count);
        *status = xq_remove_usergroup_members(api, id, members, count, error);
    } else if (strcmp(f[0], "delete_usergroup") == 0) {
        *status = xq_delete_usergroup(api, id, error);
    } else {
        return 0;
    }
    *text = groups_shown(found);
    return 1;
}

/* EMAIL FIRST LAST TITLE ROLE NOTIFICATIONS OVERFLOW; no ROLE: the defaults. */
static const xq_new_contact_t *new_contact(char **f) {
    static xq_new_contact_t given;
    xq_new_contact_t fresh = XQ_NEW_CONTACT_INIT;
    given = fresh;
    given.email = argument(f[0]);
    given.first_name = argument(f[1]);
    given.last_name = argument(f[2]);
    given.title = argument(f[3]);
    if (*f[4]) given.role = atoi(f[4]);
    if (*f[5]) given.notifications = atoi(f[5]);
    if (*f[6]) given.overflow = atoi(f[6]);
    return &given;
}

static int contacts(char **f, char **text, xq_error_t **error, xq_status_t *status) {
    xq_contacts_t *found = NULL;
    int64_t id = strtoll(f[1], NULL, 10);
    if (strcmp(f[0], "add_contact") == 0) {
        id = -1;
        *status = xq_add_contact(api, new_contact(f + 1), OUTPUT(&id), error);
        if (*status == XQ_OK) *text = number_shown(id);
        return 1;
    } else if (strcmp(f[0], "get_contacts") == 0) {
        *status = xq_get_contacts(api, atoi(f[1]), argument(f[2]), strtoll(f[3], NULL, 10), strtoll(f[4], NULL, 10),
                                  OUTPUT(&found), error);
    } else if (strcmp(f[0], "disable_contact") == 0) {
        *status = xq_disable_contact(api, id, error);
    } else if (strcmp(f[0], "remove_contact") == 0) {
        *status = xq_remove_contact(api, id, error);
    } else {
        return 0;
    }
    *text = contacts_shown(found);
    return 1;
}

static int businesses(char **f, char **text, char **out, xq_error_t **error, xq_status_t *status) {
    xq_businesses_t *found = NULL;
    xq_communication_t *communication = NULL;
    xq_device_certificate_t *certificate = NULL;
    size_t count;
    const char *const *labels;
    if (strcmp(f[0], "get_businesses") == 0) {
        *status = xq_get_businesses(api, OUTPUT(&found), error);
        *text = businesses_shown(found);
    } else if (strcmp(f[0], "get_business_info") == 0) {
        *status = xq_get_business_info(api, OUTPUT(&found), error);
        *text = businesses_shown(found);
    } else if (strcmp(f[0], "switch_business") == 0) {
        *status = xq_switch_business(api, strtoll(f[1], NULL, 10), out, error);
    } else if (strcmp(f[0], "get_communication_by_locator_token") == 0) {
        *status = xq_get_communication_by_locator_token(api, argument(f[1]), OUTPUT(&communication), error);
        *text = communication_shown(communication);
    } else if (strcmp(f[0], "add_labels_to_locator_token") == 0) {
        labels = list(0, f[2], &count);
        *status = xq_add_labels_to_locator_token(api, argument(f[1]), labels, count, error);
    } else if (strcmp(f[0], "generate_device_certificate") == 0) {
        *status = xq_generate_device_certificate(api, argument(f[1]), argument(f[2]), OUTPUT(&certificate), error);
        *text = certificate_shown(certificate);
    } else {
        return 0;
    }
    return 1;
}

/* METHOD SERVICE PATH NAMES VALUES BODY TOKEN; what comes out is the HTTP status, a blank and the text. */
static int any_request(char **f, char **text, char **out, xq_error_t **error, xq_status_t *status) {
    xq_request_t given = XQ_REQUEST_INIT;
    int32_t http_status = -1;
    int64_t seconds = -7;
    size_t values;
    if (strcmp(f[0], "request") == 0) {
        given.method = argument(f[1]);
        given.service = atoi(f[2]);
        given.path = argument(f[3]);
        given.query_names = list(0, f[4], &given.query_count);
        given.query_values = list(1, f[5], &values);
        given.body = argument(f[6]);
        given.token = atoi(f[7]);
        *status = xq_request(api, &given, OUTPUT(&http_status), out, error);
        if (*status == XQ_OK && out) {
            *text = (char *)malloc(strlen(*out) + 16);
            sprintf(*text, "%d %s", (int)http_status, *out);
        }
    } else if (strcmp(f[0], "token_expiration") == 0) {
        *status = xq_token_expiration(api, atoi(f[1]), &seconds, error);
        if (*status == XQ_OK) *text = number_shown(seconds);
    } else {
        return 0;
    }
    return 1;
}

static int dashboard(char **f, char **text, char **out, xq_error_t **error, xq_status_t *status) {
    return dashboard_sign_in(f, text, out, error, status) || groups(f, text, error, status) ||
           contacts(f, text, error, status) || businesses(f, text, out, error, status) ||
           any_request(f, text, out, error, status);
}

#endif
