/*
 * Seals readings chunk by chunk as they come, and opens them again, as firmware would: one fixed buffer for each side,
 * no memory of its own, whatever the number of readings.
 *
 *     seal_stream DEVICE RECIPIENT
 *
 * DEVICE is the alias that it signs in as, and RECIPIENT who may read the readings besides it. The settings come from
 * the environment (XQ_API_KEY at least).
 */
#include <stdio.h>
#include <string.h>

#include "xq.h"

enum { READINGS = 2000, CHUNK = 512 };

/* Where the sealed bytes go: here into memory, on a device into flash or to its radio. */
static uint8_t stored[READINGS * 32];
static size_t stored_bytes;

static int store(const uint8_t *bytes, size_t length) {
    if (length > sizeof stored - stored_bytes) {
        fprintf(stderr, "store: there is no room for %lu bytes more\n", (unsigned long)length);
        return 0;
    }
    memcpy(stored + stored_bytes, bytes, length);
    stored_bytes += length;
    return 1;
}

static int failed(const char *what, xq_status_t status, xq_error_t *error) {
    fprintf(stderr, "%s: %s: %s\n", what, xq_status_name(status), xq_error_message(error));
    xq_error_free(error);
    return 0;
}

static int reading(int number, char *line, size_t size) {
    return snprintf(line, size, "%d;%d.%d\n", number, 20 + number % 7, number % 10);
}

/* Seals one chunk; the sealer may take it in parts. */
static int seal_chunk(xq_sealer_t *sealer, const char *chunk, size_t length) {
    static uint8_t output[CHUNK];
    while (length > 0) {
        size_t taken, made;
        xq_error_t *error = NULL;
        const uint8_t *bytes = (const uint8_t *)chunk;
        xq_status_t status = xq_sealer_update(sealer, bytes, length, &taken, output, sizeof output, &made, &error);
        if (status != XQ_OK) return failed("seal", status, error);
        if (!store(output, made)) return 0;
        chunk += taken;
        length -= taken;
    }
    return 1;
}

static int seal_readings(const char *key, const char *locator) {
    uint8_t last[XQ_STREAM_BYTES];
    xq_seal_options_t options = XQ_SEAL_OPTIONS_INIT;
    xq_sealer_t *sealer = NULL;
    xq_error_t *error = NULL;
    size_t made = 0;
    int number, ok = 1;
    xq_status_t status;
    options.locator = locator;
    status = xq_sealer_new(key, &options, &sealer, &error);
    if (status != XQ_OK) return failed("seal", status, error);
    for (number = 0; ok && number < READINGS; number++) {
        char line[32];
        int length = reading(number, line, sizeof line);
        ok = seal_chunk(sealer, line, (size_t)length);
    }
    if (ok) {
        status = xq_sealer_finish(sealer, last, sizeof last, &made, &error);
        ok = status == XQ_OK ? store(last, made) : failed("seal", status, error);
    }
    xq_sealer_free(sealer);
    return ok;
}

/* The key that the locator token in front stands for. */
static int give_key(xq_api_t *api, xq_opener_t *opener) {
    char *key = NULL;
    xq_error_t *error = NULL;
    xq_status_t status = xq_get_packet(api, xq_opener_locator(opener), &key, &error);
    if (status == XQ_OK) status = xq_opener_set_key(opener, key, &error);
    xq_string_free(key);
    return status == XQ_OK ? 1 : failed("key", status, error);
}

/* Counts lines; nothing is done with them before the end says that nobody has changed them. */
static int open_readings(xq_api_t *api, int *lines) {
    static uint8_t output[CHUNK];
    xq_opener_t *opener = NULL;
    xq_error_t *error = NULL;
    size_t at = 0, i, taken, made = 0;
    int ok = 1;
    xq_status_t status = xq_opener_new(XQ_FORM_MESSAGE, NULL, &opener, &error);
    while (status == XQ_OK && ok && at < stored_bytes) {
        size_t length = stored_bytes - at < CHUNK ? stored_bytes - at : CHUNK;
        status = xq_opener_update(opener, stored + at, length, &taken, output, sizeof output, &made, &error);
        if (status != XQ_OK) break;
        for (i = 0; i < made; i++) *lines += output[i] == '\n';
        at += taken;
        if (xq_opener_wants_key(opener)) ok = give_key(api, opener);
    }
    if (status == XQ_OK && ok) {
        status = xq_opener_finish(opener, output, sizeof output, &made, &error);
        for (i = 0; status == XQ_OK && i < made; i++) *lines += output[i] == '\n';
    }
    xq_opener_free(opener);
    if (status != XQ_OK) return failed("open", status, error);
    return ok;
}

int main(int argc, char **argv) {
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL;
    xq_error_t *error = NULL;
    char *key = NULL, *locator = NULL;
    const char *recipient = argc == 3 ? argv[2] : NULL;
    xq_status_t status;
    int lines = 0, ok = 0;
    if (argc != 3) {
        fprintf(stderr, "usage: %s DEVICE RECIPIENT\n", argv[0]);
        xq_config_free(config);
        return 2;
    }
    status = xq_config_read_environment(config, &error);
    if (status == XQ_OK) status = xq_api_new(config, &api, &error);
    if (status == XQ_OK) status = xq_authorize_alias(api, argv[1], NULL, NULL, NULL, &error);
    if (status == XQ_OK) status = xq_generate_key(api, XQ_ALGORITHM_GCM, 0, &key, &error);
    if (status == XQ_OK) status = xq_create_and_store_packet(api, key, &recipient, 1, NULL, &locator, &error);
    if (status != XQ_OK) failed("sign in and store a key", status, error);
    else ok = seal_readings(key, locator) && open_readings(api, &lines);
    if (ok)
        printf("%d readings are sealed in %lu bytes, %d are opened.\n", READINGS, (unsigned long)stored_bytes, lines);
    xq_string_free(locator);
    xq_string_free(key);
    xq_api_free(api);
    xq_config_free(config);
    return ok && lines == READINGS ? 0 : 1;
}
