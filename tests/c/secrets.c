/*
 * What is left in the process's memory once everything is freed: none of the keys and tokens that it used.
 *
 *     secrets KEY    an API key, the bytes of which are all one higher than they should be
 *
 * The settings come from the environment, but for the API key. The program keeps each secret only in disguise, every
 * byte one higher, and compares so too; it has no other copy when it looks.
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

enum { MAX_SECRETS = 16, MAX_LENGTH = 1024 };

static struct {
    const char *what;
    char disguised[MAX_LENGTH];
    size_t length;
} secrets[MAX_SECRETS];
static int secret_count;

/* Takes a secret's disguise; the caller's copy is the caller's to free. */
static void note(const char *what, const char *secret) {
    size_t i;
    CHECK(secret_count < MAX_SECRETS && strlen(secret) < MAX_LENGTH);
    secrets[secret_count].what = what;
    secrets[secret_count].length = strlen(secret);
    for (i = 0; secret[i]; i++) secrets[secret_count].disguised[i] = (char)(secret[i] + 1);
    secret_count++;
}

/* The secret behind a disguise, in a place that is wiped by the next call. */
static char *undisguised(const char *disguised) {
    static char plain[MAX_LENGTH];
    volatile char *wiped = plain;
    size_t i;
    for (i = 0; i < sizeof plain; i++) wiped[i] = 0;
    for (i = 0; disguised[i]; i++) plain[i] = (char)(disguised[i] - 1);
    return plain;
}

static int found_in(const unsigned char *bytes, size_t size, const char *disguised, size_t length) {
    size_t at, i;
    for (at = 0; at + length <= size; at++) {
        for (i = 0; i < length && (unsigned char)(bytes[at + i] + 1) == (unsigned char)disguised[i]; i++) {}
        if (i == length) return 1;
    }
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
            if (size > 0 && found_in(copy, (size_t)size, secrets[i].disguised, secrets[i].length)) {
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

static char *signed_in(xq_api_t *api) {
    char *token = NULL;
    CHECK(xq_authorize_alias(api, "device-7", NULL, NULL, &token, NULL) == XQ_OK);
    note("access token", token);
    return token;
}

static void use_keys(xq_api_t *api) {
    static const char *const people[] = {"device-7@alias.local"};
    /* ".1a-packet-key-of-some-length" and "another-packet-key-of-some-length" in disguise. */
    static const char stored[] = "/2b.qbdlfu.lfz.pg.tpnf.mfohui", made[] = "bopuifs.qbdlfu.lfz.pg.tpnf.mfohui";
    const char *keys[1];
    char *locator = NULL, *key = NULL, *packet = NULL;
    xq_list_t *many = NULL;
    xq_error_t *error = NULL;
    note("packet key", undisguised(stored));
    note("another packet key", undisguised(made));
    CHECK(xq_create_and_store_packet(api, undisguised(stored), people, 1, NULL, &locator, NULL) == XQ_OK);
    CHECK(xq_get_packet(api, locator, &key, NULL) == XQ_OK);
    xq_string_free(key);
    keys[0] = undisguised(made);
    CHECK(xq_create_and_store_packets(api, keys, 1, people, 1, NULL, &many, NULL) == XQ_OK);
    xq_list_free(many);
    CHECK(xq_create_packet(api, undisguised(made), people, 1, NULL, &packet, NULL) == XQ_OK);
    xq_string_free(packet);
    CHECK(xq_get_packet(api, "no-such-locator", NULL, &error) != XQ_OK);
    xq_error_free(error);
    xq_string_free(locator);
}

int main(int argc, char **argv) {
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL;
    char *token;
    CHECK(argc == 2);
    CHECK(xq_config_read_environment(config, NULL) == XQ_OK);
    CHECK(xq_config_set_api_key(config, undisguised(argv[1]), NULL) == XQ_OK);
    note("API key", undisguised(argv[1]));
    CHECK(xq_api_new(config, &api, NULL) == XQ_OK);
    xq_config_free(config);
    token = signed_in(api);
    xq_string_free(token);
    use_keys(api);
    undisguised("");

    /* The handle is alive and holds its key and token: that they are found shows that this test can find. */
    CHECK(count_left() >= 2);
    fprintf(stderr, "-- freed\n");
    xq_api_free(api);
    CHECK(count_left() == 0);
    puts("ok");
    return 0;
}
