/*
 * The driver's commands that seal and open. Bytes are hexadecimal digits, in the lines and in what comes out.
 * A field that is missing or empty leaves its option at the default.
 */
#ifndef DRIVER_SEALED_H
#define DRIVER_SEALED_H

static uint8_t *bytes_of(const char *digits, size_t *length) {
    size_t i;
    uint8_t *bytes;
    *length = strlen(digits) / 2;
    bytes = (uint8_t *)malloc(*length + 1);
    for (i = 0; i < *length; i++) bytes[i] = (uint8_t)(hex(digits[2 * i]) * 16 + hex(digits[2 * i + 1]));
    return bytes;
}

static char *digits_of(const uint8_t *bytes, size_t length) {
    static const char digits[] = "0123456789abcdef";
    char *text = (char *)malloc(2 * length + 1);
    size_t i;
    for (i = 0; i < length; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    text[2 * length] = 0;
    return text;
}

/* What the function that is told of progress does at its call number `at`, and what it was told. */
static struct {
    char what[16], path[1024];
    int at, calls;
    char told[1 << 14];
} progress;

static int32_t be_told(void *context, uint64_t done, uint64_t total) {
    size_t used = strlen(progress.told);
    FILE *file;
    if (context != &progress) abort();
    if (used + 64 < sizeof progress.told)
        sprintf(progress.told + used, "%lu/%lu ", (unsigned long)done, (unsigned long)total);
    if (++progress.calls != progress.at) return 0;
    if (strcmp(progress.what, "stop") == 0) return 1;
    if (strcmp(progress.what, "grow") == 0) {
        file = fopen(progress.path, "ab");
        if (!file || fputs("and more", file) < 0 || fclose(file) != 0) abort();
    } else if (strcmp(progress.what, "shrink") == 0) {
        if (truncate(progress.path, 1) != 0) abort();
    } else if (strcmp(progress.what, "make") == 0) {
        file = fopen(progress.path, "wb");
        if (!file || fputs("somebody else's", file) < 0 || fclose(file) != 0) abort();
    } else if (strcmp(progress.what, "kill") == 0) {
        raise(SIGKILL);
    }
    return 0;
}

static int is_given(const char *field) {
    return *field != 0;
}

/* ALGORITHM KEY LOCATOR NAME SUBJECT TYPE OVERWRITE REPEAT */
static const xq_seal_options_t *seal_options(char **f) {
    static xq_seal_options_t given;
    static xq_packet_options_t packet;
    xq_seal_options_t fresh = XQ_SEAL_OPTIONS_INIT;
    xq_packet_options_t fresh_packet = XQ_PACKET_OPTIONS_INIT;
    given = fresh;
    packet = fresh_packet;
    if (is_given(f[0])) given.algorithm = atoi(f[0]);
    if (is_given(f[1])) given.key = argument(f[1]);
    if (is_given(f[2])) given.locator = argument(f[2]);
    if (is_given(f[3])) given.name = argument(f[3]);
    if (is_given(f[4])) packet.subject = argument(f[4]);
    if (is_given(f[5])) packet.type = argument(f[5]);
    if (packet.subject || packet.type) given.packet = &packet;
    given.overwrite = atoi(f[6]);
    given.repeat_pad = atoi(f[7]);
    if (*progress.what) {
        given.progress = be_told;
        given.progress_context = &progress;
    }
    return &given;
}

/* Gives the bytes as digits and frees them. */
static void take_bytes(xq_bytes_t *out, char **text) {
    if (!out) return;
    if (out->data[out->length] != 0) abort();
    *text = digits_of(out->data, out->length);
    xq_bytes_free(out);
}

static int messages(char **f, char **text, char **out, xq_error_t **error, xq_status_t *status) {
    size_t length, people;
    uint8_t *data;
    const char *const *recipients;
    xq_bytes_t *made = NULL;
    if (strcmp(f[0], "encrypt_message") == 0) { /* KEY LOCATOR DATA, then the options */
        data = bytes_of(f[3], &length);
        *status = xq_encrypt_message(argument(f[1]), argument(f[2]), data, length, seal_options(f + 4), OUTPUT(&made),
            error);
    } else if (strcmp(f[0], "decrypt_message") == 0) { /* KEY SEALED */
        data = bytes_of(f[2], &length);
        *status = xq_decrypt_message(argument(f[1]), data, length, OUTPUT(&made), error);
    } else if (strcmp(f[0], "encrypt_auto") == 0) { /* DATA RECIPIENTS, then the options */
        data = bytes_of(f[1], &length);
        recipients = list(0, f[2], &people);
        *status = xq_encrypt_auto(api, data, length, recipients, people, seal_options(f + 3), OUTPUT(&made), error);
    } else if (strcmp(f[0], "decrypt_auto") == 0) { /* SEALED, then the options */
        data = bytes_of(f[1], &length);
        *status = xq_decrypt_auto(api, data, length, seal_options(f + 2), OUTPUT(&made), error);
    } else if (strcmp(f[0], "sealed_locator") == 0) { /* SEALED */
        data = bytes_of(f[1], &length);
        *status = xq_sealed_locator(data, length, out, error);
    } else {
        return 0;
    }
    free(data);
    take_bytes(made, text);
    return 1;
}

static int files(char **f, char **text, xq_error_t **error, xq_status_t *status) {
    size_t people;
    const char *const *recipients;
    char *name = NULL, *path = NULL;
    if (strcmp(f[0], "encrypt_file") == 0) { /* INPUT OUTPUT RECIPIENTS, then the options */
        recipients = list(0, f[3], &people);
        *status = xq_encrypt_file(api, argument(f[1]), argument(f[2]), recipients, people, seal_options(f + 4), error);
    } else if (strcmp(f[0], "decrypt_file") == 0) { /* INPUT OUTPUT, then the options; gives NAME|PATH */
        *status = xq_decrypt_file(api, argument(f[1]), argument(f[2]), seal_options(f + 3), OUTPUT(&name),
            OUTPUT(&path),
                                  error);
        if (*status == XQ_OK && !no_outputs) {
            *text = (char *)malloc((name ? strlen(name) : 1) + strlen(path) + 2);
            sprintf(*text, "%s|%s", name ? name : "@", path);
        } else if (name || path) {
            abort();
        }
        xq_string_free(name);
        xq_string_free(path);
    } else if (strcmp(f[0], "on_progress") == 0) { /* WHAT AT PATH; without WHAT, nothing is told */
        memset(&progress, 0, sizeof progress);
        snprintf(progress.what, sizeof progress.what, "%s", f[1]);
        progress.at = atoi(f[2]);
        snprintf(progress.path, sizeof progress.path, "%s", f[3]);
    } else if (strcmp(f[0], "was_told") == 0) {
        *text = (char *)malloc(strlen(progress.told) + 1);
        strcpy(*text, progress.told);
    } else {
        return 0;
    }
    return 1;
}

/* The joined keys, "|", and the joined locator tokens. */
static void take_both(xq_list_t *keys, xq_list_t *locators, char **text) {
    char *left = joined(keys), *right = joined(locators);
    if (keys && *keys->reply) abort();
    if (left && right) {
        *text = (char *)malloc(strlen(left) + strlen(right) + 2);
        sprintf(*text, "%s|%s", left, right);
        keep_reply(locators->reply);
    }
    free(left);
    free(right);
    xq_list_free(keys);
    xq_list_free(locators);
}

static int made_keys(char **f, char **text, char **out, xq_error_t **error, xq_status_t *status) {
    size_t count;
    xq_list_t *keys = NULL, *locators = NULL;
    if (strcmp(f[0], "get_entropy") == 0) { /* BITS */
        *status = xq_get_entropy(api, strtoul(f[1], NULL, 10), out, error);
    } else if (strcmp(f[0], "generate_key") == 0) { /* ALGORITHM BITS LOCAL */
        *status = xq_generate_key(is_given(f[3]) ? NULL : api, atoi(f[1]), strtoul(f[2], NULL, 10), out, error);
    } else if (strcmp(f[0], "generate_multiple_keys_and_store_packets") == 0) {
        /* COUNT ALGORITHM BITS RECIPIENTS, options */
        const char *const *recipients = list(0, f[4], &count);
        *status = xq_generate_multiple_keys_and_store_packets(api, strtoul(f[1], NULL, 10), atoi(f[2]),
                                                              strtoul(f[3], NULL, 10), recipients, count,
                                                                  options(f + 3),
                                                              &keys, &locators, error);
    } else if (strcmp(f[0], "generate_multiple_keys_and_store_packets_database") == 0) {
        /* ALGORITHM BITS, rows */
        const xq_packet_row_t *row = rows(f + 3, &count);
        *status = xq_generate_multiple_keys_and_store_packets_database(api, row, count, atoi(f[1]),
                                                                       strtoul(f[2], NULL, 10), &keys, &locators,
                                                                           error);
    } else {
        return 0;
    }
    if ((keys || locators) && *status != XQ_OK) abort();
    take_both(keys, locators, text);
    return 1;
}

/* Room for what comes out chunk by chunk. */
typedef struct {
    uint8_t *bytes;
    size_t length, room;
} whole_t;

static void keep(whole_t *whole, const uint8_t *bytes, size_t length) {
    if (whole->length + length > whole->room) {
        whole->room = 2 * (whole->length + length);
        whole->bytes = (uint8_t *)realloc(whole->bytes, whole->room);
    }
    memcpy(whole->bytes + whole->length, bytes, length);
    whole->length += length;
}

/* Seals DATA in chunks, each in memory of just its size, with an output of no more room. */
static xq_status_t seal_chunks(xq_sealer_t *sealer, const uint8_t *data, size_t length, size_t chunk, whole_t *whole,
                               xq_error_t **error) {
    uint8_t *room = (uint8_t *)malloc(chunk + XQ_STREAM_FRONT_BYTES);
    xq_status_t status = XQ_OK;
    size_t taken, made, part;
    while (length > 0 && status == XQ_OK) {
        uint8_t *piece;
        part = length < chunk ? length : chunk;
        piece = (uint8_t *)malloc(part);
        memcpy(piece, data, part);
        status = xq_sealer_update(sealer, piece, part, &taken, room, part, &made, error);
        free(piece);
        keep(whole, room, made);
        data += taken;
        length -= taken;
    }
    if (status == XQ_OK) {
        status = xq_sealer_finish(sealer, room, XQ_STREAM_FRONT_BYTES, &made, error);
        keep(whole, room, made);
    }
    free(room);
    return status;
}

/* Opens SEALED in chunks; the key, where it is not NULL, is given once the opener wants it. */
static xq_status_t open_chunks(xq_opener_t *opener, const char *key, const uint8_t *sealed, size_t length, size_t chunk,
                               whole_t *whole, xq_error_t **error) {
    uint8_t *room = (uint8_t *)malloc(XQ_STREAM_BYTES);
    xq_status_t status = XQ_OK;
    size_t taken, made, part;
    int has_key = 0;
    while (length > 0 && status == XQ_OK) {
        uint8_t *piece;
        part = length < chunk ? length : chunk;
        piece = (uint8_t *)malloc(part);
        memcpy(piece, sealed, part);
        status = xq_opener_update(opener, piece, part, &taken, room, XQ_STREAM_BYTES, &made, error);
        free(piece);
        keep(whole, room, made);
        sealed += taken;
        length -= taken;
        if (status == XQ_OK && xq_opener_wants_key(opener)) {
            status = xq_opener_set_key(opener, key, error);
            has_key = 1;
        }
    }
    /* What ends before there could be a locator token has wanted none yet. */
    if (status == XQ_OK && key && !has_key) status = xq_opener_set_key(opener, key, error);
    if (status == XQ_OK) {
        status = xq_opener_finish(opener, room, XQ_STREAM_BYTES, &made, error);
        keep(whole, room, made);
    }
    free(room);
    return status;
}

static int streams(char **f, char **text, xq_error_t **error, xq_status_t *status) {
    whole_t whole = {NULL, 0, 0};
    size_t length;
    uint8_t *data;
    if (strcmp(f[0], "seal_chunks") == 0) { /* CHUNK KEY DATA, then the options */
        xq_sealer_t *sealer = NULL;
        data = bytes_of(f[3], &length);
        *status = xq_sealer_new(argument(f[2]), seal_options(f + 4), &sealer, error);
        if (*status == XQ_OK) *status = seal_chunks(sealer, data, length, strtoul(f[1], NULL, 10), &whole, error);
        if (*status == XQ_OK) *text = digits_of(whole.bytes, whole.length);
        xq_sealer_free(sealer);
    } else if (strcmp(f[0], "open_chunks") == 0) { /* CHUNK FORM KEY_AT_ONCE KEY SEALED; gives LOCATOR|NAME|TEXT */
        xq_opener_t *opener = NULL;
        const char *key = argument(f[4]);
        int at_once = atoi(f[3]);
        data = bytes_of(f[5], &length);
        *status = xq_opener_new(atoi(f[2]), at_once ? key : NULL, &opener, error);
        if (*status == XQ_OK)
            *status = open_chunks(opener, at_once ? NULL : key, data, length, strtoul(f[1], NULL, 10), &whole, error);
        if (*status == XQ_OK) {
            const char *locator = xq_opener_locator(opener), *name = xq_opener_name(opener);
            char *digits = digits_of(whole.bytes, whole.length);
            *text = (char *)malloc(strlen(digits) + (name ? strlen(name) : 1) + 64);
            sprintf(*text, "%s|%s|%s", shown(locator), shown(name), digits);
            free(digits);
        }
        xq_opener_free(opener);
    } else {
        return 0;
    }
    free(data);
    free(whole.bytes);
    return 1;
}

static int sealing(char **f, char **text, char **out, xq_error_t **error, xq_status_t *status) {
    return messages(f, text, out, error, status) || files(f, text, error, status) ||
           made_keys(f, text, out, error, status) || streams(f, text, error, status);
}

#endif
