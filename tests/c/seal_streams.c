/*
 * Sealers and openers in wrong hands: NULL everywhere, the wrong order, too little room, buffers that overlap. Each is
 * told, and what can go on goes on as if nothing had happened.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xq.h"

#define CHECK(condition)                                                    \
    do {                                                                    \
        if (!(condition)) {                                                 \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
            exit(1);                                                        \
        }                                                                   \
    } while (0)

/* The call is refused with this status and a sentence that has the word in it. */
#define FAILS(expected, word, call)                                         \
    do {                                                                    \
        xq_error_t *error = NULL;                                           \
        CHECK((call) == (expected));                                        \
        if (!strstr(xq_error_message(error), word)) {                       \
            fprintf(stderr, "'%s' has no '%s'\n", xq_error_message(error), word); \
            CHECK(0);                                                       \
        }                                                                   \
        xq_error_free(error);                                               \
    } while (0)

#define LOCATOR "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
static const char KEY[] = ".1a key of some length";
static const uint8_t TEXT[] = "a text of which every byte counts";
enum { LENGTH = sizeof TEXT - 1, ROOM = 4096 };

static xq_sealer_t *new_sealer(const xq_seal_options_t *options) {
    xq_sealer_t *sealer = NULL;
    CHECK(xq_sealer_new(KEY, options, &sealer, NULL) == XQ_OK && sealer);
    return sealer;
}

static xq_opener_t *new_opener(const char *key) {
    xq_opener_t *opener = NULL;
    CHECK(xq_opener_new(XQ_FORM_MESSAGE, key, &opener, NULL) == XQ_OK && opener);
    return opener;
}

static void beginnings_are_checked(void) {
    xq_seal_options_t options = XQ_SEAL_OPTIONS_INIT;
    xq_sealer_t *sealer = (xq_sealer_t *)1;
    xq_opener_t *opener = (xq_opener_t *)1;
    FAILS(XQ_INVALID_ARGUMENT, "out is NULL", xq_sealer_new(KEY, NULL, NULL, &error));
    FAILS(XQ_INVALID_ARGUMENT, "key is NULL", xq_sealer_new(NULL, NULL, &sealer, &error));
    CHECK(!sealer);
    FAILS(XQ_CRYPTO, "prefix", xq_sealer_new(".Zk", NULL, &sealer, &error));
    FAILS(XQ_INVALID_ARGUMENT, ".3", xq_sealer_new(".3k", NULL, &sealer, &error));
    options.name = "n";
    FAILS(XQ_INVALID_ARGUMENT, "locator", xq_sealer_new(KEY, &options, &sealer, &error));
    options.locator = "short";
    FAILS(XQ_INVALID_ARGUMENT, "locator", xq_sealer_new(KEY, &options, &sealer, &error));
    options.locator = LOCATOR;
    options.key = KEY;
    FAILS(XQ_INVALID_ARGUMENT, "options.key", xq_sealer_new(KEY, &options, &sealer, &error));
    options.key = NULL;
    options.algorithm = XQ_ALGORITHM_CTR;
    FAILS(XQ_INVALID_ARGUMENT, ".2", xq_sealer_new(KEY, &options, &sealer, &error));
    options.name = NULL;
    FAILS(XQ_INVALID_ARGUMENT, "CTR", xq_sealer_new(".2k", &options, &sealer, &error));
    CHECK(xq_sealer_new(NULL, NULL, NULL, NULL) == XQ_INVALID_ARGUMENT);

    FAILS(XQ_INVALID_ARGUMENT, "out is NULL", xq_opener_new(XQ_FORM_FILE, KEY, NULL, &error));
    FAILS(XQ_INVALID_ARGUMENT, "form is 0", xq_opener_new(0, KEY, &opener, &error));
    CHECK(!opener);
    FAILS(XQ_INVALID_ARGUMENT, "form is 3", xq_opener_new(3, KEY, &opener, &error));
    FAILS(XQ_CRYPTO, "prefix", xq_opener_new(XQ_FORM_FILE, ".Zk", &opener, &error));
    CHECK(xq_opener_new(0, NULL, NULL, NULL) == XQ_INVALID_ARGUMENT);
    CHECK(xq_opener_wants_key(NULL) == 0 && !xq_opener_locator(NULL) && !xq_opener_name(NULL));
}

/* What comes out of one that was misused at every turn opens. */
static size_t a_misused_sealer_seals(uint8_t *sealed) {
    xq_seal_options_t options = XQ_SEAL_OPTIONS_INIT;
    xq_sealer_t *sealer;
    size_t taken = 7, made = 7, all = 0;
    options.locator = LOCATOR;
    sealer = new_sealer(&options);
    FAILS(XQ_INVALID_ARGUMENT, "sealer is NULL", xq_sealer_update(NULL, TEXT, 1, &taken, sealed, ROOM, &made, &error));
    CHECK(taken == 0 && made == 0);
    FAILS(XQ_INVALID_ARGUMENT, "data is NULL", xq_sealer_update(sealer, NULL, 1, &taken, sealed, ROOM, &made, &error));
    FAILS(XQ_INVALID_ARGUMENT, "taken is NULL", xq_sealer_update(sealer, TEXT, 1, NULL, sealed, ROOM, &made, &error));
    FAILS(XQ_INVALID_ARGUMENT, "made is NULL", xq_sealer_update(sealer, TEXT, 1, &taken, sealed, ROOM, NULL, &error));
    FAILS(XQ_INVALID_ARGUMENT, "output is NULL", xq_sealer_update(sealer, TEXT, 1, &taken, NULL, ROOM, &made, &error));
    FAILS(XQ_INVALID_ARGUMENT, "output_size is 0", xq_sealer_update(sealer, TEXT, 1, &taken, sealed, 0, &made, &error));
    FAILS(XQ_INVALID_ARGUMENT, "overlaps", xq_sealer_update(sealer, sealed, 9, &taken, sealed, ROOM, &made, &error));
    FAILS(XQ_INVALID_ARGUMENT, "overlaps", xq_sealer_update(sealer, sealed + 8, 9, &taken, sealed, 9, &made, &error));
    FAILS(XQ_INVALID_ARGUMENT, "overlaps", xq_sealer_update(sealer, sealed, 9, &taken, sealed + 8, 9, &made, &error));
    FAILS(XQ_INVALID_ARGUMENT, "output_size is 1", xq_sealer_finish(sealer, sealed, 1, &made, &error));
    CHECK(xq_sealer_update(NULL, NULL, 1, NULL, NULL, 1, NULL, NULL) == XQ_INVALID_ARGUMENT);
    CHECK(xq_sealer_finish(NULL, NULL, 0, NULL, NULL) == XQ_INVALID_ARGUMENT);

    CHECK(xq_sealer_update(sealer, NULL, 0, &taken, sealed, ROOM, &made, NULL) == XQ_OK && taken == 0);
    all += made;
    CHECK(xq_sealer_update(sealer, TEXT, LENGTH, &taken, sealed + all, LENGTH - 3, &made, NULL) == XQ_OK);
    CHECK(taken == LENGTH - 3 && made == LENGTH - 3);
    all += made;
    CHECK(xq_sealer_update(sealer, TEXT + taken, 3, &taken, sealed + all, 3, &made, NULL) == XQ_OK && taken == 3);
    all += made;
    FAILS(XQ_INVALID_ARGUMENT, "output_size is 15", xq_sealer_finish(sealer, sealed + all, 15, &made, &error));
    FAILS(XQ_INVALID_ARGUMENT, "output is NULL", xq_sealer_finish(sealer, NULL, 16, &made, &error));
    FAILS(XQ_INVALID_ARGUMENT, "made is NULL", xq_sealer_finish(sealer, sealed + all, 16, NULL, &error));
    CHECK(xq_sealer_finish(sealer, sealed + all, 16, &made, NULL) == XQ_OK && made == 16);
    all += made;
    FAILS(XQ_INVALID_ARGUMENT, "finished", xq_sealer_finish(sealer, sealed + all, ROOM, &made, &error));
    FAILS(XQ_INVALID_ARGUMENT, "finished", xq_sealer_update(sealer, TEXT, 1, &taken, sealed + all, 9, &made, &error));
    CHECK(taken == 0 && made == 0);
    xq_sealer_free(sealer);
    return all;
}

static void a_misused_opener_opens(const uint8_t *sealed, size_t length) {
    xq_opener_t *opener = new_opener(NULL);
    uint8_t text[ROOM];
    size_t taken = 7, made = 7, all = 0;
    uint8_t front[128];
    memcpy(front, sealed, 48);
    FAILS(XQ_INVALID_ARGUMENT, "opener is NULL", xq_opener_update(NULL, sealed, 1, &taken, text, ROOM, &made, &error));
    CHECK(taken == 0 && made == 0);
    FAILS(XQ_INVALID_ARGUMENT, "sealed is NULL", xq_opener_update(opener, NULL, 1, &taken, text, ROOM, &made, &error));
    FAILS(XQ_INVALID_ARGUMENT, "taken is NULL", xq_opener_update(opener, sealed, 1, NULL, text, ROOM, &made, &error));
    FAILS(XQ_INVALID_ARGUMENT, "made is NULL", xq_opener_update(opener, sealed, 1, &taken, text, ROOM, NULL, &error));
    FAILS(XQ_INVALID_ARGUMENT, "output is NULL", xq_opener_update(opener, sealed, 1, &taken, NULL, ROOM, &made,
        &error));
    FAILS(XQ_INVALID_ARGUMENT, "room", xq_opener_update(opener, sealed, 1, &taken, text, XQ_STREAM_BYTES - 1, &made,
        &error));
    FAILS(XQ_INVALID_ARGUMENT, "overlaps", xq_opener_update(opener, front, 48, &taken, front, sizeof front, &made,
        &error));
    CHECK(xq_opener_update(NULL, NULL, 1, NULL, NULL, 1, NULL, NULL) == XQ_INVALID_ARGUMENT);
    CHECK(xq_opener_finish(NULL, NULL, 0, NULL, NULL) == XQ_INVALID_ARGUMENT);
    CHECK(!xq_opener_wants_key(opener) && !xq_opener_locator(opener) && !xq_opener_name(opener));

    /* All that stands in front is taken, and nothing more before there is a key. */
    CHECK(xq_opener_update(opener, sealed, length, &taken, text, ROOM, &made, NULL) == XQ_OK);
    CHECK(taken == 48 && made == 0 && xq_opener_wants_key(opener));
    CHECK(strcmp(xq_opener_locator(opener), LOCATOR) == 0);
    FAILS(XQ_INVALID_ARGUMENT, "no key", xq_opener_update(opener, sealed, 1, &taken, text, ROOM, &made, &error));
    FAILS(XQ_INVALID_ARGUMENT, "no key", xq_opener_finish(opener, text, ROOM, &made, &error));
    FAILS(XQ_INVALID_ARGUMENT, "key is NULL", xq_opener_set_key(opener, NULL, &error));
    FAILS(XQ_INVALID_ARGUMENT, "UTF-8", xq_opener_set_key(opener, "\xff", &error));
    FAILS(XQ_CRYPTO, "prefix", xq_opener_set_key(opener, ".Zk", &error));
    FAILS(XQ_INVALID_ARGUMENT, "opener is NULL", xq_opener_set_key(NULL, KEY, &error));
    CHECK(xq_opener_wants_key(opener));
    CHECK(xq_opener_set_key(opener, KEY, NULL) == XQ_OK && !xq_opener_wants_key(opener));
    FAILS(XQ_INVALID_ARGUMENT, "key already", xq_opener_set_key(opener, ".1another", &error));

    for (sealed += 48, length -= 48; length > 0; sealed += taken, length -= taken) {
        CHECK(xq_opener_update(opener, sealed, length, &taken, text + all, XQ_STREAM_BYTES, &made, NULL) == XQ_OK);
        CHECK(taken > 0);
        all += made;
    }
    FAILS(XQ_INVALID_ARGUMENT, "room", xq_opener_finish(opener, text + all, XQ_STREAM_BYTES - 1, &made, &error));
    FAILS(XQ_INVALID_ARGUMENT, "output is NULL", xq_opener_finish(opener, NULL, ROOM, &made, &error));
    FAILS(XQ_INVALID_ARGUMENT, "made is NULL", xq_opener_finish(opener, text + all, XQ_STREAM_BYTES, NULL, &error));
    CHECK(xq_opener_finish(opener, text + all, XQ_STREAM_BYTES, &made, NULL) == XQ_OK);
    all += made;
    CHECK(all == LENGTH && memcmp(text, TEXT, LENGTH) == 0);
    FAILS(XQ_INVALID_ARGUMENT, "finished", xq_opener_finish(opener, text, ROOM, &made, &error));
    FAILS(XQ_INVALID_ARGUMENT, "finished", xq_opener_update(opener, front, 1, &taken, text, ROOM, &made, &error));
    CHECK(strcmp(xq_opener_locator(opener), LOCATOR) == 0);
    xq_opener_free(opener);
}

/* A failed verdict stays one. */
static void a_changed_message_fails_for_good(uint8_t *sealed, size_t length) {
    xq_opener_t *opener = new_opener(KEY);
    uint8_t text[ROOM];
    size_t taken, made;
    sealed[length - 1] ^= 1;
    CHECK(xq_opener_update(opener, sealed, length, &taken, text, ROOM, &made, NULL) == XQ_OK && taken == length);
    FAILS(XQ_CRYPTO, "does not open", xq_opener_finish(opener, text, ROOM, &made, &error));
    CHECK(made == 0);
    FAILS(XQ_INVALID_ARGUMENT, "failed", xq_opener_finish(opener, text, ROOM, &made, &error));
    FAILS(XQ_INVALID_ARGUMENT, "failed", xq_opener_update(opener, sealed, 1, &taken, text, ROOM, &made, &error));
    xq_opener_free(opener);

    opener = new_opener(KEY);
    FAILS(XQ_INVALID_ARGUMENT, "XQ", xq_opener_update(opener, TEXT, LENGTH, &taken, text, ROOM, &made, &error));
    FAILS(XQ_INVALID_ARGUMENT, "failed", xq_opener_update(opener, sealed, 1, &taken, text, ROOM, &made, &error));
    xq_opener_free(opener);
    opener = new_opener(KEY);
    FAILS(XQ_INVALID_ARGUMENT, "XQ", xq_opener_finish(opener, text, ROOM, &made, &error));
    xq_opener_free(opener);
}

/* A pad that is too short is told before a byte under it goes out; a chunk that fits goes on. */
static void a_short_pad_is_told(void) {
    xq_sealer_t *sealer = NULL;
    uint8_t sealed[64];
    size_t taken, made;
    CHECK(xq_sealer_new(".B0123456789", NULL, &sealer, NULL) == XQ_OK);
    CHECK(xq_sealer_update(sealer, TEXT, 8, &taken, sealed, sizeof sealed, &made, NULL) == XQ_OK && made == 8);
    FAILS(XQ_INVALID_ARGUMENT, "pad", xq_sealer_update(sealer, TEXT, 3, &taken, sealed, sizeof sealed, &made, &error));
    CHECK(taken == 0 && made == 0);
    CHECK(xq_sealer_update(sealer, TEXT, 2, &taken, sealed, sizeof sealed, &made, NULL) == XQ_OK && made == 2);
    CHECK(xq_sealer_finish(sealer, sealed, sizeof sealed, &made, NULL) == XQ_OK && made == 0);
    xq_sealer_free(sealer);
}

/* Any of them may be freed at any moment. */
static void what_is_unfinished_is_freed(const uint8_t *sealed, size_t length) {
    xq_opener_t *opener = new_opener(KEY);
    uint8_t text[ROOM];
    size_t taken, made;
    xq_opener_free(opener);
    opener = new_opener(KEY);
    CHECK(xq_opener_update(opener, sealed, length / 2, &taken, text, ROOM, &made, NULL) == XQ_OK);
    xq_opener_free(opener);
    xq_sealer_free(new_sealer(NULL));
}

int main(void) {
    static uint8_t sealed[2 * ROOM];
    size_t length;
    beginnings_are_checked();
    length = a_misused_sealer_seals(sealed);
    a_misused_opener_opens(sealed, length);
    what_is_unfinished_is_freed(sealed, length);
    a_changed_message_fails_for_good(sealed, length);
    a_short_pad_is_told();
    puts("ok");
    return 0;
}
