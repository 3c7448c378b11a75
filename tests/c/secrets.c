/*
 * What is left in the process's memory once everything is freed: none of the keys and tokens that it used.
 *
 *     secrets PROXY_PORT CERTIFICATE_ID TEXT SEALED OPENED    the addresses of the services come from the environment
 *
 * Secrets come on standard input, a line "NAME HEX" each, with every byte one higher than it is. The program keeps them
 * only in this disguise and compares so too; it has no other copy when it looks. It looks through every mapping of the
 * process that can be written: the heap, the stacks, static data and what the loader and the C library keep. A core dump
 * has no more, and less where the kernel's filter leaves something out.
 *
 * What may remain in a process, and why, since it is not the library's to wipe: the environment, where the program took
 * settings from it; the program's own arguments and strings; what the kernel has of sockets, which no process sees.
 */
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "xq.h"

#define CHECK(condition)                                                    \
    do {                                                                    \
        if (!(condition)) {                                                 \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
            exit(1);                                                        \
        }                                                                   \
    } while (0)

enum { MAX_SECRETS = 48, MAX_LENGTH = 4096, PIECE = 32, PLACES = 2 };

static struct {
    char what[32];
    char disguised[MAX_LENGTH];
    size_t length;
} secrets[MAX_SECRETS];
static int secret_count;

/* Takes a secret's disguise; the caller's copy is the caller's to free. */
static void note(const char *what, const char *secret) {
    size_t i;
    CHECK(secret_count < MAX_SECRETS && strlen(secret) < MAX_LENGTH);
    strcpy(secrets[secret_count].what, what);
    secrets[secret_count].length = strlen(secret);
    for (i = 0; secret[i]; i++) secrets[secret_count].disguised[i] = (char)(secret[i] + 1);
    secret_count++;
}

/* Reads secrets up to an empty line. */
static void read_secrets(void) {
    static char line[3 * MAX_LENGTH];
    while (fgets(line, sizeof line, stdin) && *line != '\n') {
        char *hex = strchr(line, '\t');
        unsigned byte;
        CHECK(hex && secret_count < MAX_SECRETS);
        *hex++ = 0;
        strcpy(secrets[secret_count].what, line);
        for (; sscanf(hex, "%2x", &byte) == 1; hex += 2)
            secrets[secret_count].disguised[secrets[secret_count].length++] = (char)byte;
        secret_count++;
    }
}

/* The places where secrets stand as they are, for a call; wiped() after it. */
static char places[PLACES][MAX_LENGTH];

static char *plain(int place, const char *what) {
    size_t i;
    int s = 0;
    while (s < secret_count && strcmp(secrets[s].what, what) != 0) s++;
    CHECK(s < secret_count);
    for (i = 0; i < secrets[s].length; i++) places[place][i] = (char)(secrets[s].disguised[i] - 1);
    places[place][i] = 0;
    return places[place];
}

static void wipe(void) {
    volatile char *all = places[0];
    size_t i;
    for (i = 0; i < sizeof places; i++) all[i] = 0;
}

static int found_in(const unsigned char *bytes, size_t size, const char *disguised, size_t length) {
    size_t at, i;
    for (at = 0; at + length <= size; at++) {
        for (i = 0; i < length && (unsigned char)(bytes[at + i] + 1) == (unsigned char)disguised[i]; i++) {}
        if (i == length) return 1;
    }
    return 0;
}

/* Whether any piece of a secret is there: a part that was left behind is one too many. */
static int piece_in(const unsigned char *bytes, size_t size, int secret) {
    size_t at, length = secrets[secret].length;
    for (at = 0; at == 0 || at + PIECE <= length; at += PIECE)
        if (found_in(bytes, size, secrets[secret].disguised + at, length < PIECE ? length : PIECE)) return 1;
    return 0;
}

/* Looks through all memory that can be written; tells how many secrets are left. */
static int count_left(void) {
    FILE *maps = fopen("/proc/self/maps", "r");
    int memory = open("/proc/self/mem", O_RDONLY);
    char line[512];
    int left = 0, i;
    CHECK(maps && memory >= 0);
    while (fgets(line, sizeof line, maps)) {
        unsigned long from, to;
        char mode[5];
        unsigned char *copy;
        ssize_t size;
        if (sscanf(line, "%lx-%lx %4s", &from, &to, mode) != 3 || mode[0] != 'r' || mode[1] != 'w') continue;
        /* The disguise is undone nowhere, so that a copy that is looked through is not found itself. */
        copy = malloc(to - from);
        CHECK(copy);
        size = pread(memory, copy, to - from, (off_t)from);
        for (i = 0; i < secret_count; i++) {
            if (size > 0 && piece_in(copy, (size_t)size, i)) {
                fprintf(stderr, "left: %s, in %s", secrets[i].what, line);
                left++;
            }
        }
        memset(copy, 0, to - from);
        free(copy);
    }
    close(memory);
    fclose(maps);
    return left;
}

static void sign_in_with_pin(xq_api_t *api) {
    char *token = NULL;
    CHECK(xq_authorize_user(api, "jane@example.com", NULL, NULL, 0, 0, &token, NULL) == XQ_OK);
    note("pre-authorization token", token);
    xq_string_free(token);
    /* It is in a mail, which the test reads. */
    puts("pin");
    fflush(stdout);
    read_secrets();
    CHECK(xq_code_validate(api, "not it", NULL) == XQ_UNAUTHORIZED);
    CHECK(xq_code_validate(api, plain(0, "PIN"), NULL) == XQ_OK);
    CHECK(xq_exchange_key(api, NULL, 0, &token, NULL) == XQ_OK);
    note("access token", token);
    xq_string_free(token);
}

static void sign_devices_in(xq_api_t *api, int64_t id) {
    char *token = NULL;
    CHECK(xq_authorize_device(api, "sensor-1", "42", 1, &token, NULL) == XQ_OK);
    note("trusted device's token", token);
    xq_string_free(token);
    CHECK(xq_authorize_device_cert_memory(api, id, "not it", plain(0, "transport key"), plain(1, "private key"),
                                          "sensor-1", 1, NULL, NULL) == XQ_REJECTED);
    CHECK(xq_authorize_device_cert(api, id, getenv("CLIENT_CRT"), getenv("TRANSPORT_KEY"), getenv("CLIENT_KEY"),
                                   "sensor-1", 1, &token, NULL) == XQ_OK);
    note("certified device's token", token);
    xq_string_free(token);
    CHECK(xq_set_dashboard_token(api, plain(0, "dashboard token"), NULL) == XQ_OK);
    CHECK(xq_exchange_for_subscription_token(api, &token, NULL) == XQ_OK);
    note("exchanged token", token);
    xq_string_free(token);
}

static void use_dashboard(xq_api_t *api) {
    xq_device_certificate_t *issued = NULL;
    xq_request_t request = XQ_REQUEST_INIT;
    char *token = NULL;
    CHECK(xq_dashboard_signup(api, "ann@example.com", plain(0, "dashboard password"), 0, NULL, NULL) == XQ_OK);
    CHECK(xq_dashboard_login(api, "ann@example.com", plain(0, "dashboard password"), NULL, NULL, &token, NULL) == XQ_OK);
    note("token of a login", token);
    xq_string_free(token);
    CHECK(xq_login_verify(api, &token, NULL) == XQ_OK);
    note("dashboard's own token", token);
    xq_string_free(token);
    CHECK(xq_generate_device_certificate(api, "sensor-2", NULL, &issued, NULL) == XQ_OK);
    note("issued transport key", issued->transport_key);
    note("issued private key", issued->private_key);
    xq_device_certificate_free(issued);
    /* One that is refused, with a secret in its body. */
    request.method = "POST";
    request.service = XQ_SERVICE_DASHBOARD;
    request.path = "login";
    request.body = plain(0, "dashboard password");
    CHECK(xq_request(api, &request, NULL, NULL, NULL) == XQ_REJECTED);
}

static void delegate(xq_api_t *api) {
    xq_subscriber_t *who = NULL;
    char *tokens[2], *combined = NULL;
    CHECK(xq_authorize_delegate(api, &tokens[0], NULL) == XQ_OK);
    CHECK(xq_get_access_token(api, &tokens[1], NULL) == XQ_OK);
    CHECK(xq_combine_authorizations(api, (const char *const *)tokens, 2, &combined, NULL, NULL) == XQ_OK);
    note("delegate's token", tokens[0]);
    note("combined token", combined);
    xq_string_free(tokens[0]);
    xq_string_free(tokens[1]);
    xq_string_free(combined);
    CHECK(xq_get_subscriber(api, &who, NULL) == XQ_OK);
    xq_subscriber_free(who);
}

static void use_keys(xq_api_t *api) {
    static const char *const people[] = {"jane@example.com"};
    const char *keys[1], *locators[1];
    char *locator = NULL, *key = NULL, *packet = NULL;
    xq_packet_row_t row = XQ_PACKET_ROW_INIT;
    xq_list_t *many = NULL;
    xq_error_t *error = NULL;
    CHECK(xq_create_and_store_packet(api, plain(0, "packet key"), people, 1, NULL, &locator, NULL) == XQ_OK);
    note("locator token", locator);
    CHECK(xq_get_packet(api, locator, &key, NULL) == XQ_OK);
    xq_string_free(key);
    locators[0] = locator;
    CHECK(xq_get_packets(api, locators, 1, &many, NULL) == XQ_OK && many->items[0]);
    xq_list_free(many);
    xq_string_free(locator);
    keys[0] = plain(0, "another packet key");
    CHECK(xq_create_and_store_packets(api, keys, 1, people, 1, NULL, &many, NULL) == XQ_OK);
    xq_list_free(many);
    CHECK(xq_create_packet(api, keys[0], people, 1, NULL, &packet, NULL) == XQ_OK);
    CHECK(xq_add_packet(api, packet, NULL, NULL) == XQ_OK);
    xq_string_free(packet);
    CHECK(xq_get_packet(api, "no-such-locator", NULL, &error) != XQ_OK);
    xq_error_free(error);
    /* The test has this one answered with a reply that makes no sense and that has the key: the error keeps it. */
    row.key = keys[0];
    row.recipients = people;
    row.recipient_count = 1;
    CHECK(xq_create_and_store_packets_batch(api, &row, 1, &many, &error) == XQ_PROTOCOL);
    CHECK(strstr(xq_error_reply(error), keys[0]));
    xq_error_free(error);
}

#define LOCATOR "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

/* A message in one piece, opened, not opened under another key, and not opened since it was changed. */
static void use_messages(const char *key) {
    xq_bytes_t *sealed = NULL, *text = NULL;
    uint8_t changed[2 * MAX_LENGTH];
    const char *secret = plain(1, "text");
    CHECK(xq_encrypt_message(plain(0, key), LOCATOR, (const uint8_t *)secret, strlen(secret), NULL, &sealed,
        NULL) == XQ_OK);
    CHECK(xq_decrypt_message(plain(0, key), sealed->data, sealed->length, &text, NULL) == XQ_OK);
    CHECK(text->length == strlen(secret) && memcmp(text->data, secret, text->length) == 0);
    xq_bytes_free(text);
    memcpy(changed, sealed->data, sealed->length);
    changed[sealed->length - 1] ^= 1;
    if (xq_decrypt_message(plain(0, key), changed, sealed->length, &text, NULL) == XQ_OK) xq_bytes_free(text);
    memset(changed, 0, sizeof changed);
    xq_bytes_free(sealed);
}

/* The same chunk by chunk, with streams that are finished and streams that are not. What comes out is the program's. */
static void use_streams(const char *key) {
    uint8_t sealed[2 * MAX_LENGTH];
    uint8_t *out = (uint8_t *)places[1];
    const char *secret = plain(1, "text");
    size_t length = strlen(secret), taken, made, all;
    xq_sealer_t *sealer = NULL, *unfinished = NULL;
    xq_opener_t *opener = NULL;
    CHECK(xq_sealer_new(plain(0, key), NULL, &sealer, NULL) == XQ_OK);
    CHECK(xq_sealer_new(places[0], NULL, &unfinished, NULL) == XQ_OK);
    CHECK(xq_sealer_update(unfinished, (const uint8_t *)secret, 33, &taken, sealed, sizeof sealed, &made,
        NULL) == XQ_OK);
    CHECK(xq_sealer_update(sealer, (const uint8_t *)secret, length, &taken, sealed, sizeof sealed, &made,
        NULL) == XQ_OK);
    all = made;
    CHECK(xq_sealer_finish(sealer, sealed + all, sizeof sealed - all, &made, NULL) == XQ_OK);
    all += made;
    xq_sealer_free(sealer);
    xq_sealer_free(unfinished);
    CHECK(xq_opener_new(XQ_FORM_MESSAGE, plain(0, key), &opener, NULL) == XQ_OK);
    CHECK(xq_opener_update(opener, sealed, all, &taken, out, MAX_LENGTH, &made, NULL) == XQ_OK && taken == all);
    CHECK(xq_opener_finish(opener, out + made, MAX_LENGTH - made, &taken, NULL) == XQ_OK && made + taken == length);
    xq_opener_free(opener);
    /* One that is left in the middle of its work. */
    CHECK(xq_opener_new(XQ_FORM_MESSAGE, places[0], &opener, NULL) == XQ_OK);
    CHECK(xq_opener_update(opener, sealed, all - 20, &taken, out, MAX_LENGTH, &made, NULL) == XQ_OK);
    xq_opener_free(opener);
}

/* Keys that are made, and entropy. The files' content is in no memory of the program's own. */
static void seal_for_people(xq_api_t *api, char **paths) {
    static const char *const people[] = {"jane@example.com"};
    xq_seal_options_t options = XQ_SEAL_OPTIONS_INIT;
    xq_bytes_t *sealed = NULL, *text = NULL;
    xq_list_t *keys = NULL, *locators = NULL;
    const char *secret = plain(1, "text");
    char *locator = NULL, *key = NULL;
    CHECK(xq_encrypt_auto(api, (const uint8_t *)secret, strlen(secret), people, 1, NULL, &sealed, NULL) == XQ_OK);
    CHECK(xq_decrypt_auto(api, sealed->data, sealed->length, NULL, &text, NULL) == XQ_OK);
    CHECK(xq_sealed_locator(sealed->data, sealed->length, &locator, NULL) == XQ_OK);
    CHECK(xq_get_packet(api, locator, &key, NULL) == XQ_OK);
    note("key that was made", key);
    xq_string_free(key);
    xq_string_free(locator);
    xq_bytes_free(sealed);
    xq_bytes_free(text);
    options.algorithm = XQ_ALGORITHM_OTP;
    CHECK(xq_encrypt_file(api, paths[0], paths[1], people, 1, &options, NULL) == XQ_OK);
    CHECK(xq_decrypt_file(api, paths[1], paths[2], NULL, NULL, NULL, NULL) == XQ_OK);
    options.algorithm = XQ_ALGORITHM_GCM;
    options.overwrite = 1;
    CHECK(xq_encrypt_file(api, paths[0], paths[1], people, 1, &options, NULL) == XQ_OK);
    CHECK(xq_decrypt_file(api, paths[1], paths[2], &options, NULL, NULL, NULL) == XQ_OK);
    CHECK(xq_generate_key(api, XQ_ALGORITHM_OTP, 2048, &key, NULL) == XQ_OK);
    note("pad that was made", key);
    xq_string_free(key);
    CHECK(xq_get_entropy(api, 512, &key, NULL) == XQ_OK);
    note("entropy", key);
    xq_string_free(key);
    CHECK(xq_generate_multiple_keys_and_store_packets(api, 2, 0, 0, people, 1, NULL, &keys, &locators, NULL) == XQ_OK);
    note("one key of many", keys->items[1]);
    xq_list_free(keys);
    xq_list_free(locators);
}

/* A handle whose calls go through a proxy that wants a password. */
static void use_proxy(const char *port) {
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL;
    char *address = plain(0, "proxy's password");
    size_t length = strlen(address);
    memmove(address + strlen("http://user:"), address, length + 1);
    memcpy(address, "http://user:", strlen("http://user:"));
    sprintf(address + strlen(address), "@127.0.0.1:%s", port);
    CHECK(xq_config_set_api_key(config, plain(1, "API key"), NULL) == XQ_OK);
    CHECK(xq_config_set_allow_plain_http(config, 1, NULL) == XQ_OK);
    CHECK(xq_config_set_service_url(config, XQ_SERVICE_SUBSCRIPTION, "http://xq.test:99/v2", NULL) == XQ_OK);
    CHECK(xq_config_set_proxy(config, address, NULL) == XQ_OK);
    CHECK(xq_api_new(config, &api, NULL) == XQ_OK);
    xq_config_free(config);
    CHECK(xq_validate_api_key(api, NULL, NULL) == XQ_OK);
    xq_api_free(api);
}

int main(int argc, char **argv) {
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL;
    CHECK(argc == 6);
    read_secrets();
    CHECK(xq_config_read_environment(config, NULL) == XQ_OK);
    CHECK(xq_config_set_api_key(config, plain(0, "API key"), NULL) == XQ_OK);
    CHECK(xq_config_set_dashboard_api_key(config, plain(0, "dashboard API key"), NULL) == XQ_OK);
    CHECK(xq_config_set_locator_key(config, plain(0, "locator key"), NULL) == XQ_OK);
    CHECK(xq_api_new(config, &api, NULL) == XQ_OK);
    xq_config_free(config);
    use_proxy(argv[1]);
    sign_in_with_pin(api);
    use_dashboard(api);
    sign_devices_in(api, atol(argv[2]));
    use_keys(api);
    use_messages("sealing key");
    use_messages("pad");
    use_streams("sealing key");
    use_streams("pad");
    seal_for_people(api, argv + 3);
    delegate(api);
    wipe();

    /* The handle is alive and holds its keys and its token: that they are found shows that this test can find. */
    CHECK(count_left() >= 4);
    fprintf(stderr, "-- freed\n");
    xq_api_free(api);
    CHECK(count_left() == 0);
    puts("ok");
    return 0;
}
