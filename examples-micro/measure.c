/*
 * How much heap and stack each kind of call takes at the most, and how many instructions, those that wait for the line left
 * out. Under QEMU's -icount shift=0 an instruction takes a nanosecond of the board's time, and so 40 a cycle of its clock.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "board.h"
#include "device.h"
#include "heap.h"
#include "serial_transport.h"
#include "stack.h"
#include "xq.h"

enum { KILOBYTE = 1024, CHUNK = 128, INSTRUCTIONS_A_CYCLE = 40 };

static uint8_t plain[KILOBYTE], chunk[CHUNK + XQ_STREAM_BYTES];

/* What was so when the call at hand began. */
static size_t painted;
static uint64_t began, on_the_line;

static void begin(void) {
    heap_forget_peak();
    on_the_line = 0;
    began = board_cycles();
    painted = stack_paint();
}

/* A number right of as many blanks as make 12. */
static void print_number(uint64_t number) {
    char room[13] = "            ";
    char *next = room + 12;
    do *--next = (char)('0' + number % 10);
    while ((number /= 10) > 0 && next > room);
    board_print(room);
}

/* Prints a row of the table, where the call worked. */
static int end(const char *what, xq_status_t status, xq_error_t *error) {
    size_t stack = stack_used(painted);
    uint64_t cycles = board_cycles() - began - on_the_line;
    if (status != XQ_OK) return failed(what, status, error);
    print_number(heap_peak());
    print_number(stack);
    print_number(cycles * INSTRUCTIONS_A_CYCLE);
    board_print("  ");
    board_print(what);
    board_print("\n");
    return 1;
}

static int32_t counted_transport(void *context, const xq_http_request_t *request, xq_http_reply_t *reply) {
    uint64_t start = board_cycles();
    int32_t status = serial_transport(context, request, reply);
    on_the_line += board_cycles() - start;
    return status;
}

static int measure_keys(xq_api_t *api, char **key, char **locator) {
    const char *recipient = "operator@alias.local";
    char *fetched = NULL;
    xq_error_t *error = NULL;
    xq_status_t status;
    begin();
    status = xq_generate_key(api, XQ_ALGORITHM_GCM, 0, key, &error);
    if (!end("make a key, with the service's entropy", status, error)) return 0;
    begin();
    status = xq_create_and_store_packet(api, *key, &recipient, 1, NULL, locator, &error);
    if (!end("store a key", status, error)) return 0;
    begin();
    status = xq_get_packet(api, *locator, &fetched, &error);
    xq_string_free(fetched);
    return end("fetch a key", status, error);
}

static int measure_messages(xq_api_t *api, const char *key, const char *locator) {
    xq_bytes_t *sealed = NULL, *opened = NULL;
    xq_error_t *error = NULL;
    xq_status_t status;
    int ok;
    begin();
    status = xq_encrypt_message(key, locator, plain, sizeof plain, NULL, &sealed, &error);
    if (!end("seal 1 KB", status, error)) return 0;
    begin();
    status = xq_decrypt_auto(api, sealed->data, sealed->length, NULL, &opened, &error);
    ok = end("open 1 KB, the key fetched", status, error);
    xq_bytes_free(opened);
    xq_bytes_free(sealed);
    return ok;
}

static xq_status_t seal_in_chunks(const char *key, const xq_seal_options_t *options, xq_error_t **error) {
    xq_sealer_t *sealer = NULL;
    size_t at = 0, taken, made;
    xq_status_t status = xq_sealer_new(key, options, &sealer, error);
    while (status == XQ_OK && at < sizeof plain) {
        size_t length = sizeof plain - at < CHUNK ? sizeof plain - at : CHUNK;
        status = xq_sealer_update(sealer, plain + at, length, &taken, chunk, sizeof chunk, &made, error);
        at += taken;
    }
    if (status == XQ_OK) status = xq_sealer_finish(sealer, chunk, sizeof chunk, &made, error);
    xq_sealer_free(sealer);
    return status;
}

static int measure_stream(const char *key, const char *locator) {
    xq_seal_options_t options = XQ_SEAL_OPTIONS_INIT;
    xq_error_t *error = NULL;
    xq_status_t status;
    options.locator = locator;
    begin();
    status = seal_in_chunks(key, &options, &error);
    return end("seal 1 KB as a stream, in chunks of 128 bytes", status, error);
}

static int measure_all(void) {
    xq_api_t *api;
    char *key = NULL, *locator = NULL;
    int ok;
    begin();
    api = device_connect(counted_transport);
    ok = api && end("settings and a handle", XQ_OK, NULL);
    begin();
    ok = ok && device_sign_in(api, 0) && end("sign in by a certificate", XQ_OK, NULL);
    ok = ok && measure_keys(api, &key, &locator) && measure_messages(api, key, locator) && measure_stream(key, locator);
    xq_string_free(locator);
    xq_string_free(key);
    xq_api_free(api);
    return ok;
}

int main(void) {
    if (board_restarted() != BOARD_FRESH || !board_give()) {
        board_print("the board gave up\n");
        return 1;
    }
    board_print("        heap       stack  instructions\n");
    return measure_all() ? 0 : 1;
}
