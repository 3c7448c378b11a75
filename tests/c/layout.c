/*
 * That C and the library mean the same bytes, on machines of 32 and of 64 bits: the layout of the public structs, each
 * of their fields, and numbers that do not fit in 32 bits. The service is a thread of this program.
 */
#define _POSIX_C_SOURCE 200809L
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "xq.h"

#define CHECK(condition)                                                    \
    do {                                                                    \
        if (!(condition)) {                                                 \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
            exit(1);                                                        \
        }                                                                   \
    } while (0)

/* C99 has no _Static_assert: an array of a negative size does not compile. */
#define ALWAYS(name, condition) typedef char name[(condition) ? 1 : -1]

/* The layout that programs are built on, said in full so that a change to it shows. */
enum { WORD = sizeof(void *) };
struct int64_alignment {
    char before;
    int64_t number;
};
#define ALIGNED(offset) \
    (((offset) + offsetof(struct int64_alignment, number) - 1) / offsetof(struct int64_alignment, number) \
     * offsetof(struct int64_alignment, number))
#define AT(type, field, offset, size) \
    ALWAYS(type##_##field, offsetof(type, field) == (offset) && sizeof ((type *)0)->field == (size))
#define WHOLE(type, size) ALWAYS(type##_whole, sizeof(type) == (size))

ALWAYS(a_size_is_a_word, sizeof(size_t) == WORD);
ALWAYS(a_status_is_an_int32, sizeof(xq_status_t) == 4);
ALWAYS(a_service_is_an_int32, sizeof(xq_service_t) == 4);
ALWAYS(an_envelope_is_an_int32, sizeof(xq_envelope_t) == 4);
ALWAYS(roots_are_an_int32, sizeof(xq_roots_t) == 4);
ALWAYS(roots_that_never_change, XQ_ROOTS_BUILT_IN == 0 && XQ_ROOTS_SYSTEM == 1 && XQ_ROOTS_NONE == 2);
ALWAYS(an_algorithm_is_an_int32, sizeof(xq_algorithm_t) == 4);
ALWAYS(a_form_is_an_int32, sizeof(xq_form_t) == 4);
ALWAYS(numbers_that_never_change, XQ_ALGORITHM_DEFAULT == 0 && XQ_ALGORITHM_GCM == 1 && XQ_ALGORITHM_CTR == 2 &&
                                      XQ_ALGORITHM_OTP == 66 && XQ_FORM_MESSAGE == 1 && XQ_FORM_FILE == 2 &&
                                      XQ_CANCELED == 13);

AT(xq_list_t, count, 0, WORD);
AT(xq_list_t, items, WORD, WORD);
AT(xq_list_t, reply, 2 * WORD, WORD);
WHOLE(xq_list_t, 3 * WORD);

ALWAYS(a_token_is_an_int32, sizeof(xq_token_t) == 4);
ALWAYS(tokens_that_never_change, XQ_TOKEN_DEFAULT == 0 && XQ_TOKEN_ACCESS == 1 && XQ_TOKEN_DASHBOARD == 2 &&
                                     XQ_TOKEN_NONE == 3);

enum { GROUP_BUSINESS = ALIGNED(8 + WORD), GROUP_END = GROUP_BUSINESS + 8 };
AT(xq_usergroup_t, id, 0, 8);
AT(xq_usergroup_t, name, 8, WORD);
AT(xq_usergroup_t, business_id, GROUP_BUSINESS, 8);
AT(xq_usergroup_t, members, GROUP_END, WORD);
AT(xq_usergroup_t, member_count, GROUP_END + WORD, WORD);
WHOLE(xq_usergroup_t, ALIGNED(GROUP_END + 2 * WORD));

AT(xq_usergroups_t, count, 0, WORD);
AT(xq_usergroups_t, rows, WORD, WORD);
AT(xq_usergroups_t, reply, 2 * WORD, WORD);
WHOLE(xq_usergroups_t, 3 * WORD);
WHOLE(xq_contacts_t, 3 * WORD);
WHOLE(xq_businesses_t, 3 * WORD);

AT(xq_new_contact_t, size, 0, WORD);
AT(xq_new_contact_t, email, WORD, WORD);
AT(xq_new_contact_t, first_name, 2 * WORD, WORD);
AT(xq_new_contact_t, last_name, 3 * WORD, WORD);
AT(xq_new_contact_t, title, 4 * WORD, WORD);
AT(xq_new_contact_t, role, 5 * WORD, 4);
AT(xq_new_contact_t, notifications, 5 * WORD + 4, 4);
AT(xq_new_contact_t, overflow, 5 * WORD + 8, 4);

enum { ROLE = ALIGNED(8 + 4 * WORD), CONTACT_BUSINESS = ALIGNED(ROLE + 8 + WORD) };
AT(xq_contact_t, id, 0, 8);
AT(xq_contact_t, email, 8, WORD);
AT(xq_contact_t, first_name, 8 + WORD, WORD);
AT(xq_contact_t, last_name, 8 + 2 * WORD, WORD);
AT(xq_contact_t, title, 8 + 3 * WORD, WORD);
AT(xq_contact_t, role, ROLE, 8);
AT(xq_contact_t, status, ROLE + 8, WORD);
AT(xq_contact_t, business_id, CONTACT_BUSINESS, 8);
WHOLE(xq_contact_t, CONTACT_BUSINESS + 8);

AT(xq_communication_t, id, 0, 8);
AT(xq_communication_t, locator_token, 8, WORD);
AT(xq_communication_t, labels, 8 + WORD, WORD);
AT(xq_communication_t, label_count, 8 + 2 * WORD, WORD);
AT(xq_communication_t, reply, 8 + 3 * WORD, WORD);

AT(xq_business_t, id, 0, 8);
AT(xq_business_t, name, 8, WORD);
WHOLE(xq_business_t, ALIGNED(8 + WORD));

AT(xq_device_certificate_t, id, 0, 8);
AT(xq_device_certificate_t, certificate, 8, WORD);
AT(xq_device_certificate_t, transport_key, 8 + WORD, WORD);
AT(xq_device_certificate_t, private_key, 8 + 2 * WORD, WORD);

AT(xq_request_t, size, 0, WORD);
AT(xq_request_t, method, WORD, WORD);
AT(xq_request_t, service, 2 * WORD, 4);
AT(xq_request_t, path, 3 * WORD, WORD);
AT(xq_request_t, query_names, 4 * WORD, WORD);
AT(xq_request_t, query_values, 5 * WORD, WORD);
AT(xq_request_t, query_count, 6 * WORD, WORD);
AT(xq_request_t, body, 7 * WORD, WORD);
AT(xq_request_t, token, 8 * WORD, 4);

enum { HOURS = ALIGNED(2 * WORD + 4) };
AT(xq_packet_options_t, size, 0, WORD);
AT(xq_packet_options_t, type, WORD, WORD);
AT(xq_packet_options_t, type_number, 2 * WORD, 4);
AT(xq_packet_options_t, expires_hours, HOURS, 8);
AT(xq_packet_options_t, subject, HOURS + 8, WORD);
AT(xq_packet_options_t, labels, HOURS + 8 + WORD, WORD);
AT(xq_packet_options_t, label_count, HOURS + 8 + 2 * WORD, WORD);
AT(xq_packet_options_t, meta, HOURS + 8 + 3 * WORD, WORD);
WHOLE(xq_packet_options_t, ALIGNED(HOURS + 8 + 4 * WORD));

enum { EXPIRES = ALIGNED(5 * WORD + 4) };
AT(xq_packet_row_t, size, 0, WORD);
AT(xq_packet_row_t, key, WORD, WORD);
AT(xq_packet_row_t, recipients, 2 * WORD, WORD);
AT(xq_packet_row_t, recipient_count, 3 * WORD, WORD);
AT(xq_packet_row_t, type, 4 * WORD, WORD);
AT(xq_packet_row_t, type_number, 5 * WORD, 4);
AT(xq_packet_row_t, expires, EXPIRES, 8);
AT(xq_packet_row_t, unit, EXPIRES + 8, WORD);
AT(xq_packet_row_t, title, EXPIRES + 8 + WORD, WORD);
AT(xq_packet_row_t, labels, EXPIRES + 8 + 2 * WORD, WORD);
AT(xq_packet_row_t, label_count, EXPIRES + 8 + 3 * WORD, WORD);
AT(xq_packet_row_t, meta, EXPIRES + 8 + 4 * WORD, WORD);
WHOLE(xq_packet_row_t, ALIGNED(EXPIRES + 8 + 5 * WORD));

AT(xq_bytes_t, length, 0, WORD);
AT(xq_bytes_t, data, WORD, WORD);
WHOLE(xq_bytes_t, 2 * WORD);

enum { TEXTS_AT = (WORD + 12 + WORD - 1) / WORD * WORD };
AT(xq_seal_options_t, size, 0, WORD);
AT(xq_seal_options_t, algorithm, WORD, 4);
AT(xq_seal_options_t, repeat_pad, WORD + 4, 4);
AT(xq_seal_options_t, overwrite, WORD + 8, 4);
AT(xq_seal_options_t, key, TEXTS_AT, WORD);
AT(xq_seal_options_t, locator, TEXTS_AT + WORD, WORD);
AT(xq_seal_options_t, name, TEXTS_AT + 2 * WORD, WORD);
AT(xq_seal_options_t, packet, TEXTS_AT + 3 * WORD, WORD);
AT(xq_seal_options_t, progress, TEXTS_AT + 4 * WORD, WORD);
AT(xq_seal_options_t, progress_context, TEXTS_AT + 5 * WORD, WORD);
WHOLE(xq_seal_options_t, TEXTS_AT + 6 * WORD);

/* Does not fit in 32 bits; its lower half alone would be 410065408. */
static const int64_t LARGE = 9000000000;

/* What the library writes is found where C looks for it, and nothing is written beside it. */
static void the_library_fills_what_the_dashboard_and_a_request_take(void) {
    struct {
        xq_new_contact_t contact;
        unsigned char after[16];
    } c;
    struct {
        xq_request_t request;
        unsigned char after[16];
    } r;
    size_t i;
    memset(&c, 0xaa, sizeof c);
    memset(&r, 0xaa, sizeof r);
    xq_new_contact_init(&c.contact, sizeof(xq_new_contact_t));
    xq_request_init(&r.request, sizeof(xq_request_t));
    CHECK(c.contact.size == sizeof(xq_new_contact_t) && !c.contact.email && !c.contact.first_name);
    CHECK(!c.contact.last_name && !c.contact.title && c.contact.role == 2 && !c.contact.notifications);
    CHECK(c.contact.overflow == -1);
    CHECK(r.request.size == sizeof(xq_request_t) && !r.request.method && !r.request.path && !r.request.body);
    CHECK(r.request.service == XQ_SERVICE_SUBSCRIPTION && r.request.token == XQ_TOKEN_DEFAULT);
    CHECK(!r.request.query_names && !r.request.query_values && !r.request.query_count);
    for (i = 0; i < sizeof c.after; i++) CHECK(c.after[i] == 0xaa && r.after[i] == 0xaa);
    xq_new_contact_init(NULL, sizeof(xq_new_contact_t));
    xq_request_init(NULL, sizeof(xq_request_t));
}

static void the_library_fills_structs_as_c_reads_them(void) {
    struct {
        xq_packet_options_t options;
        unsigned char after[16];
    } o;
    struct {
        xq_packet_row_t row;
        unsigned char after[16];
    } r;
    struct {
        xq_seal_options_t options;
        unsigned char after[16];
    } s;
    size_t i;
    memset(&s, 0xaa, sizeof s);
    xq_seal_options_init(&s.options, sizeof(xq_seal_options_t));
    CHECK(s.options.size == sizeof(xq_seal_options_t) && s.options.algorithm == XQ_ALGORITHM_DEFAULT);
    CHECK(!s.options.repeat_pad && !s.options.overwrite && !s.options.key && !s.options.locator && !s.options.name);
    CHECK(!s.options.packet && !s.options.progress && !s.options.progress_context);
    for (i = 0; i < sizeof s.after; i++) CHECK(s.after[i] == 0xaa);
    memset(&o, 0xaa, sizeof o);
    memset(&r, 0xaa, sizeof r);
    xq_packet_options_init(&o.options, sizeof(xq_packet_options_t));
    xq_packet_row_init(&r.row, sizeof(xq_packet_row_t));
    CHECK(o.options.size == sizeof(xq_packet_options_t));
    CHECK(o.options.type_number == XQ_TYPE_DEFAULT && o.options.expires_hours == 24);
    CHECK(!o.options.type && !o.options.subject && !o.options.labels && !o.options.label_count && !o.options.meta);
    CHECK(r.row.size == sizeof(xq_packet_row_t) && r.row.type_number == XQ_TYPE_DEFAULT && r.row.expires == 1);
    CHECK(!r.row.key && !r.row.recipients && !r.row.recipient_count && !r.row.type && !r.row.unit);
    CHECK(!r.row.title && !r.row.labels && !r.row.label_count && !r.row.meta);
    for (i = 0; i < sizeof o.after; i++) CHECK(o.after[i] == 0xaa && r.after[i] == 0xaa);
}

/* The service: takes one request and answers it. */
static struct {
    int listener;
    const char *reply;
    char request[8192];
    pthread_t thread;
} service;

static size_t body_length(const char *head) {
    const char *length = strstr(head, "content-length: ");
    return length ? strtoul(length + 16, NULL, 10) : 0;
}

static void *serve(void *unused) {
    char head[128];
    const char *body = NULL;
    size_t length = 0;
    int connection = accept(service.listener, NULL, NULL);
    CHECK(connection >= 0);
    while (!body || strlen(body) < body_length(service.request)) {
        ssize_t amount = read(connection, service.request + length, sizeof service.request - 1 - length);
        CHECK(amount > 0);
        service.request[length += (size_t)amount] = 0;
        body = strstr(service.request, "\r\n\r\n");
        if (body) body += 4;
    }
    snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: %lu\r\n\r\n",
             (unsigned long)strlen(service.reply));
    CHECK(write(connection, head, strlen(head)) == (ssize_t)strlen(head));
    CHECK(write(connection, service.reply, strlen(service.reply)) == (ssize_t)strlen(service.reply));
    close(connection);
    return unused;
}

static void next_reply(const char *reply) {
    service.reply = reply;
    CHECK(pthread_create(&service.thread, NULL, serve, NULL) == 0);
}

/* What the last call sent is the request that begins so and has this body. */
static void was_sent(const char *line, const char *body) {
    const char *sent;
    CHECK(pthread_join(service.thread, NULL) == 0);
    sent = strstr(service.request, "\r\n\r\n") + 4;
    if (strncmp(service.request, line, strlen(line)) != 0 || strcmp(sent, body) != 0) {
        fprintf(stderr, "sent: %s\nexpected: %s\n\n%s\n", service.request, line, body);
        exit(1);
    }
}

static xq_api_t *connect_to_service(void) {
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    char url[64];
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    service.listener = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(bind(service.listener, (struct sockaddr *)&address, sizeof address) == 0);
    CHECK(listen(service.listener, 1) == 0);
    CHECK(getsockname(service.listener, (struct sockaddr *)&address, &size) == 0);
    snprintf(url, sizeof url, "http://127.0.0.1:%d", ntohs(address.sin_port));
    CHECK(xq_config_set_api_key(config, "general-key", NULL) == XQ_OK);
    CHECK(xq_config_set_service_url(config, XQ_SERVICE_SUBSCRIPTION, url, NULL) == XQ_OK);
    CHECK(xq_config_set_service_url(config, XQ_SERVICE_VALIDATION, url, NULL) == XQ_OK);
    CHECK(xq_config_set_service_url(config, XQ_SERVICE_DASHBOARD, url, NULL) == XQ_OK);
    /* The largest value of each, which arithmetic inside must bear. */
    CHECK(xq_config_set_max_reply_bytes(config, SIZE_MAX, NULL) == XQ_OK);
    CHECK(xq_config_set_timeout_ms(config, UINT32_MAX, NULL) == XQ_OK);
    CHECK(xq_api_new(config, &api, NULL) == XQ_OK);
    CHECK(xq_set_access_token(api, "token", NULL) == XQ_OK);
    xq_config_free(config);
    return api;
}

static const char *const PEOPLE[] = {"a@b.c", "d@e.f"};
static const char *const LABELS[] = {"l1", "l2", "l3"};
static const char *const KEYS[] = {"k1", "k2"};
static const char TOKENS[] = "{\"tokens\":[{\"k1\":\"t1\"},{\"k2\":\"t2\"}]}";

/* Two tokens came out, where C looks for them. */
static void holds_tokens(xq_list_t *list) {
    CHECK(list->count == 2 && strcmp(list->items[0], "t1") == 0 && strcmp(list->items[1], "t2") == 0);
    CHECK(strcmp(list->reply, TOKENS) == 0);
    xq_list_free(list);
}

static void options_arrive(xq_api_t *api) {
    xq_packet_options_t options = XQ_PACKET_OPTIONS_INIT;
    xq_list_t *list = NULL;
    options.type = "file";
    options.expires_hours = LARGE;
    options.subject = "s";
    options.labels = LABELS;
    options.label_count = 3;
    next_reply("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    CHECK(xq_create_and_store_packet(api, "k", PEOPLE, 2, &options, NULL, NULL) == XQ_OK);
    was_sent("POST /packet/add ",
             "{\"meta\":{\"subject\":\"s\",\"title\":\"s\",\"labels\":[\"l1\",\"l2\",\"l3\"]},\"type\":\"file\","
             "\"recipients\":[\"a@b.c\",\"d@e.f\"],\"expires\":9000000000,\"key\":\"k\"}");

    xq_packet_options_init(&options, sizeof(xq_packet_options_t));
    options.type_number = INT32_MAX;
    options.meta = "m";
    next_reply(TOKENS);
    CHECK(xq_create_and_store_packets(api, KEYS, 2, PEOPLE, 1, &options, &list, NULL) == XQ_OK);
    was_sent("POST /packet/add ", "{\"meta\":{\"subject\":null,\"meta\":\"m\"},\"type\":2147483647,"
                                  "\"recipients\":[\"a@b.c\"],\"expires\":24,\"keys\":[\"k1\",\"k2\"]}");
    holds_tokens(list);
}

/* Two rows, since the second begins where C ends the first. */
static void rows_arrive(xq_api_t *api) {
    xq_packet_row_t rows[2] = {XQ_PACKET_ROW_INIT, XQ_PACKET_ROW_INIT};
    xq_list_t *list = NULL;
    rows[0].key = "k1";
    rows[0].recipients = PEOPLE;
    rows[0].recipient_count = 2;
    rows[0].type = "chat";
    rows[0].expires = LARGE;
    rows[0].unit = "hours";
    rows[0].title = "t";
    rows[0].labels = LABELS;
    rows[0].label_count = 3;
    rows[1].key = "k2";
    rows[1].recipients = PEOPLE;
    rows[1].recipient_count = 1;
    rows[1].type_number = 7;
    rows[1].meta = "{\"m\":1}";
    next_reply(TOKENS);
    CHECK(xq_create_and_store_packets_batch(api, rows, 2, &list, NULL) == XQ_OK);
    was_sent("POST /packet/batch ",
             "{\"entries\":[{\"type\":\"chat\",\"meta\":{\"title\":\"t\",\"labels\":[\"l1\",\"l2\",\"l3\"]},"
             "\"key\":\"k1\",\"recipients\":[\"a@b.c\",\"d@e.f\"],\"expires\":9000000000,\"unit\":\"hours\"},"
             "{\"type\":7,\"meta\":{\"m\":1},\"key\":\"k2\",\"recipients\":[\"a@b.c\"],\"expires\":1,"
             "\"unit\":\"days\"}]}");
    holds_tokens(list);
}

static void large_numbers_come_back(xq_api_t *api) {
    struct {
        int64_t seconds, after;
    } out = {-1, -1};
    next_reply("{\"expiresOn\":9000000000}");
    CHECK(xq_packet_expiration(api, "l", &out.seconds, NULL) == XQ_OK);
    was_sent("GET /expiration/l ", "");
    CHECK(out.seconds == LARGE && out.after == -1);
    next_reply("9000000000");
    CHECK(xq_server_time(api, &out.seconds, NULL) == XQ_OK);
    was_sent("GET /time ", "");
    CHECK(out.seconds == LARGE && out.after == -1);
}

/* A subscriber's numbers, in milliseconds, and its texts beside them. */
static void a_subscriber_comes_back(xq_api_t *api) {
    xq_subscriber_t *who = NULL;
    next_reply("{\"id\":9000000000,\"user\":\"a@b.c\",\"starts\":1700000000000,\"ends\":1800000000001}");
    CHECK(xq_get_subscriber(api, &who, NULL) == XQ_OK);
    was_sent("GET /subscriber ", "");
    CHECK(who->id == LARGE && strcmp(who->user, "a@b.c") == 0 && !who->first_name && !who->subscription);
    CHECK(who->starts_ms == 1700000000000 && who->ends_ms == 1800000000001);
    CHECK(strncmp(who->reply, "{\"id\"", 5) == 0);
    xq_subscriber_free(who);
}

static void the_dashboards_rows_come_back(xq_api_t *api) {
    xq_usergroups_t *groups = NULL;
    xq_contacts_t *contacts = NULL;
    struct {
        int64_t number, after;
    } out = {-1, -1};
    xq_new_contact_t contact = XQ_NEW_CONTACT_INIT;
    xq_request_t request = XQ_REQUEST_INIT;
    int32_t status = -1;
    CHECK(xq_set_dashboard_token(api, "e30.eyJleHAiOjkwMDAwMDAwMDB9.x", NULL) == XQ_OK);
    CHECK(xq_token_expiration(api, XQ_TOKEN_DASHBOARD, &out.number, NULL) == XQ_OK);
    CHECK(out.number == LARGE && out.after == -1);
    next_reply("{\"id\":9000000000,\"bid\":9000000001,\"members\":[\"a@b.c\",\"d@e.f\"]}");
    CHECK(xq_get_usergroup(api, LARGE, NULL, &groups, NULL) == XQ_OK);
    was_sent("GET /usergroup/9000000000 ", "");
    CHECK(groups->count == 1 && groups->rows[0].id == LARGE && groups->rows[0].business_id == LARGE + 1);
    CHECK(groups->rows[0].member_count == 2 && strcmp(groups->rows[0].members[1], "d@e.f") == 0);
    xq_usergroups_free(groups);
    /* Two rows, since the second begins where the library ends the first. */
    next_reply("{\"contacts\":[{\"id\":1},{\"id\":9000000000,\"role\":6,\"title\":\"t\",\"bid\":7}]}");
    CHECK(xq_get_contacts(api, 6, "f", LARGE, LARGE + 1, &contacts, NULL) == XQ_OK);
    was_sent("GET /contact/all?role=6&filter=f&limit=9000000000&page=9000000001 ", "");
    CHECK(contacts->count == 2 && contacts->rows[0].id == 1 && contacts->rows[0].role == -1);
    CHECK(contacts->rows[1].id == LARGE && contacts->rows[1].role == 6 && contacts->rows[1].business_id == 7);
    CHECK(strcmp(contacts->rows[1].title, "t") == 0 && !contacts->rows[1].email);
    xq_contacts_free(contacts);
    contact.email = "a@b.c";
    contact.title = "t";
    contact.role = 6;
    contact.notifications = 3;
    contact.overflow = 1;
    next_reply("{\"id\":9000000000}");
    CHECK(xq_add_contact(api, &contact, &out.number, NULL) == XQ_OK);
    was_sent("POST /contact ",
             "{\"email\":\"a@b.c\",\"firstName\":\"\",\"lastName\":\"\",\"title\":\"t\",\"role\":6,"
             "\"notifications\":3,\"overflow\":true}");
    CHECK(out.number == LARGE && out.after == -1);
    request.method = "POST";
    request.service = XQ_SERVICE_DASHBOARD;
    request.path = "p/q";
    request.query_names = LABELS;
    request.query_values = PEOPLE;
    request.query_count = 2;
    request.body = "b";
    request.token = XQ_TOKEN_DASHBOARD;
    next_reply("text");
    CHECK(xq_request(api, &request, &status, NULL, NULL) == XQ_OK && status == 200);
    was_sent("POST /p/q?l1=a%40b.c&l2=d%40e.f ", "b");
}

/* An int64_t among arguments of other sizes, on both sides of what 32 bits hold; the id is the last thing to be right. */
static void large_numbers_go_in(xq_api_t *api) {
    char *out = (char *)1;
    xq_error_t *error = NULL;
    CHECK(xq_authorize_device_cert_memory(api, -LARGE, "c", "t", "p", "d", 1, &out, &error) == XQ_INVALID_ARGUMENT);
    CHECK(!out && strstr(xq_error_message(error), "-9000000000"));
    xq_error_free(error);
    /* Its lower half is 0, which would be refused; with the id accepted, it is the private key that is wrong. */
    CHECK(xq_authorize_device_cert_memory(api, INT64_C(1) << 32, "c", "t", "p", "d", 1, &out, &error) == XQ_CRYPTO);
    xq_error_free(error);
}

/* A name, a progress function and numbers of bytes in 64 bits, where C has put them. */
static struct {
    uint64_t done, total;
    int calls;
} told;

static int32_t be_told(void *context, uint64_t done, uint64_t total) {
    CHECK(context == &told);
    told.done = done;
    told.total = total;
    return ++told.calls == 2;
}

static void seal_options_arrive(const char *some_file) {
    xq_seal_options_t options = XQ_SEAL_OPTIONS_INIT;
    xq_bytes_t *sealed = NULL, *text = NULL;
    xq_error_t *error = NULL;
    options.algorithm = XQ_ALGORITHM_OTP;
    options.repeat_pad = 1;
    CHECK(xq_encrypt_message(".Bk", NULL, (const uint8_t *)"a\0b", 3, &options, &sealed, NULL) == XQ_OK);
    CHECK(sealed->length == 3 && sealed->data[1] == 'k' && sealed->data[3] == 0);
    CHECK(xq_decrypt_message(".Bk", sealed->data, sealed->length, &text, NULL) == XQ_OK);
    CHECK(text->length == 3 && memcmp(text->data, "a\0b", 4) == 0);
    xq_bytes_free(sealed);
    xq_bytes_free(text);
    options.algorithm = XQ_ALGORITHM_DEFAULT;
    options.key = ".1k";
    options.locator = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    options.name = "n";
    options.progress = be_told;
    options.progress_context = &told;
    CHECK(xq_encrypt_file(NULL, some_file, "layout.xq", NULL, 0, &options, &error) == XQ_CANCELED);
    CHECK(told.calls == 2 && told.done > 0 && told.done <= told.total);
    xq_error_free(error);
}

int main(int argc, char **argv) {
    xq_api_t *api;
    CHECK(argc == 1);
    the_library_fills_structs_as_c_reads_them();
    the_library_fills_what_the_dashboard_and_a_request_take();
    seal_options_arrive(argv[0]);
    api = connect_to_service();
    options_arrive(api);
    rows_arrive(api);
    large_numbers_come_back(api);
    a_subscriber_comes_back(api);
    the_dashboards_rows_come_back(api);
    large_numbers_go_in(api);
    xq_api_free(api);
    close(service.listener);
    puts("ok");
    return 0;
}
