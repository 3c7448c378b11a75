/*
 * A meter: it signs in by its certificate, seals a reading for its operator, and opens what the operator sealed for it;
 * then it meets bad surroundings, each of which ends in a status, and goes on. See play.sh for the host's side.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "board.h"
#include "device.h"
#include "serial_transport.h"
#include "xq.h"

#ifdef BOARD_HAS_HEAP
#include "heap.h"
#endif

enum { MESSAGE_BYTES = 1024, NOTE_HALF_HEAP = 1 };

static const char operator_address[] = "operator@alias.local";
static const char reading[] = "2026-11-28T08:00:00Z;meter-7;21.5 kWh";

static void say(const char *text) {
    board_print(text);
    board_print("\n");
}

/* Makes a key, seals the reading under it, and hands on what is sealed; the key is stored for the operator. */
static int send_reading(xq_api_t *api, char **locator) {
    const char *recipient = operator_address;
    char *key = NULL;
    xq_bytes_t *sealed = NULL;
    xq_error_t *error = NULL;
    int ok = 0;
    xq_status_t status = xq_generate_key(api, XQ_ALGORITHM_GCM, 0, &key, &error);
    if (status == XQ_OK) status = xq_create_and_store_packet(api, key, &recipient, 1, NULL, locator, &error);
    if (status == XQ_OK)
        status = xq_encrypt_message(key, *locator, (const uint8_t *)reading, strlen(reading), NULL, &sealed, &error);
    if (status == XQ_OK) ok = board_store("reading.xq", sealed->data, sealed->length);
    else failed("seal a reading", status, error);
    xq_bytes_free(sealed);
    xq_string_free(key);
    if (ok) say("A reading is sealed, and its key is stored.");
    return ok;
}

static int open_message(xq_api_t *api) {
    static uint8_t sealed[MESSAGE_BYTES];
    size_t length = board_load("message.xq", sealed, sizeof sealed);
    xq_bytes_t *text = NULL;
    xq_error_t *error = NULL;
    xq_status_t status = xq_decrypt_auto(api, sealed, length, NULL, &text, &error);
    if (status != XQ_OK) return failed("open a message", status, error);
    board_print("The operator says: ");
    say((const char *)text->data); /* a zero stands behind the bytes */
    xq_bytes_free(text);
    return 1;
}

/* Whether all still works: the key of the reading comes back. */
static int goes_on(xq_api_t *api, const char *locator) {
    char *key = NULL;
    xq_error_t *error = NULL;
    xq_status_t status = xq_get_packet(api, locator, &key, &error);
    xq_string_free(key);
    if (status != XQ_OK) return failed("go on", status, error);
    say("    and goes on");
    return 1;
}

/* Whether a call ended in the status that such surroundings have. */
static int ended_in(xq_status_t expected, const char *what, xq_status_t status, xq_error_t *error) {
    failed(what, status, error);
    if (status == expected) return 1;
    board_print("    expected ");
    say(xq_status_name(expected));
    return 0;
}

/* The emulator has been told to answer thus, one after the other. */
static int meets_a_bad_line(xq_api_t *api, const char *locator) {
    const struct {
        const char *what;
        xq_status_t status;
    } lines[] = {
        {"a line that goes silent", XQ_TIMEOUT},
        {"a reply that stops halfway", XQ_TIMEOUT},
        {"a reply cut short", XQ_NETWORK},
        {"no reply", XQ_NETWORK},
        {"a reply that is too large", XQ_PROTOCOL},
        {"a reply that is no HTTP", XQ_NETWORK},
        {"a reply in chunks, and the end of the connection", XQ_OK},
        {"a chunk cut short", XQ_NETWORK},
        {"a reply cut by what the modem says of it", XQ_NETWORK},
        {"a refusal that would take all memory, made into values", XQ_REJECTED},
    };
    size_t i;
    for (i = 0; i < sizeof lines / sizeof *lines; i++) {
        xq_error_t *error = NULL;
        xq_status_t status = xq_get_settings(api, NULL, NULL, &error);
        if (!ended_in(lines[i].status, lines[i].what, status, error) || !goes_on(api, locator)) return 0;
    }
    return 1;
}

static int meets_no_randomness(xq_api_t *api, const char *locator) {
    xq_error_t *error = NULL;
    xq_status_t status;
    if (!board_random_fails(1)) return 1;
    status = xq_generate_key(NULL, XQ_ALGORITHM_GCM, 0, NULL, &error);
    board_random_fails(0);
    return ended_in(XQ_CRYPTO, "no random bytes", status, error) && goes_on(api, locator);
}

/*
 * Where memory is used up, Rust's alloc has no status: libxq calls abort(), and the board starts anew, knowing what it was
 * doing. What a product does beforehand is to give the heap what its calls need at the most (see measure.sh).
 */
static int meets_half_a_heap(void) {
#ifdef BOARD_HAS_HEAP
    xq_api_t *api;
    int ok;
    say("half the heap:");
    board_set_note(NOTE_HALF_HEAP);
    heap_limit(heap_bytes() / 2);
    api = device_connect(serial_transport);
    ok = api && device_sign_in(api, 1);
    xq_api_free(api);
    board_set_note(0);
    heap_limit(heap_bytes());
    say(ok ? "half the heap was enough, which it was not to be" : "half the heap ended in a status");
    return !ok;
#else
    return 1;
#endif
}

/* All of it with one handle, as firmware would. */
static int works(int with_bad_surroundings) {
    xq_api_t *api = device_connect(serial_transport);
    char *locator = NULL;
    int ok = api && device_sign_in(api, 1);
    if (ok) say("The meter is signed in by its certificate.");
    ok = ok && send_reading(api, &locator) && open_message(api);
    if (with_bad_surroundings)
        ok = ok && meets_a_bad_line(api, locator) && meets_no_randomness(api, locator);
    xq_string_free(locator);
    xq_api_free(api);
    return ok;
}

int main(void) {
    static const char *const reasons[] = {"", "started anew: memory was used up", "started anew: abort() was called",
                                          "started anew: there was a fault"};
    board_restart_t why = board_restarted();
    uint32_t was_doing = board_note();
    int ok = 1;
    if (!board_give()) {
        say("libxq does not take what the board gives");
        return 1;
    }
    if (why == BOARD_FRESH) {
        ok = works(1) && meets_half_a_heap();
    } else {
        board_set_note(0);
        say(reasons[why]);
        ok = why == BOARD_OUT_OF_MEMORY && was_doing == NOTE_HALF_HEAP;
    }
    /* After all of it, it works as at first. */
    ok = ok && works(0);
    say(ok ? "The firmware has done what it should." : "The firmware has failed.");
#ifdef BOARD_HAS_HEAP
    if (ok && heap_used() > 0) say("(and holds memory still)");
#endif
    return ok ? 0 : 1;
}
