/*
 * HTTP/1.1 over a serial line. At its other end is a modem in its transparent mode: it dials as soon as a byte comes and
 * hands bytes on both ways; where the service closes the connection it says NO CARRIER; and it hangs up at +++ with a
 * silence before and after. A modem that speaks TLS by itself is used in the same way; where the board does, its record
 * layer stands between this and the line.
 *
 * No buffer holds a whole reply: the head is looked at line by line, and the body handed on in small pieces.
 */
#include "serial_transport.h"

#include <string.h>

#include "board.h"

enum {
    LINE_BYTES = 160,       /* of a header field that is looked at; others may be longer */
    PIECE_BYTES = 128,      /* of the body at once */
    HEAD_BYTES = 16 * 1024, /* of the reply's head, before it is given up */
    QUIET_MS = 50,          /* nothing comes any more */
    GUARD_MS = 500,         /* the silence around +++ is at least 250 */
    HANG_UP_MS = 2000,      /* for the modem's answer */
    HANG_UP_ATTEMPTS = 3
};

static const char carrier_lost[] = "\r\nNO CARRIER\r\n";
enum { CARRIER_LOST = sizeof carrier_lost - 1 };

/* An exchange under way. */
typedef struct {
    serial_line_t *line;
    xq_http_reply_t *reply;
    uint64_t until_ms;
    size_t head_left;
} exchange_t;

/* What the head of a reply tells. */
typedef struct {
    int status;
    int chunked;
    int has_length;
    uint32_t length;
} head_t;

/* A status of this file's own: the reply is larger than the library takes, which it knows and says itself. */
enum { TOO_LARGE = XQ_PROTOCOL };

static int32_t failed(const exchange_t *exchange, int32_t status, const char *why) {
    xq_http_reply_set_message(exchange->reply, why);
    return status;
}

/* What passed through held keys. By way of volatile, so that it is not optimized away. */
static void wipe(void *memory, size_t length) {
    volatile uint8_t *byte = (volatile uint8_t *)memory;
    while (length-- > 0) *byte++ = 0;
}

/* Takes a byte if there is one, and follows whether the modem is saying that the connection has ended. */
static int get(serial_line_t *line) {
    int byte = board_line_get();
    if (byte < 0) return byte;
    if (line->carrier_words == CARRIER_LOST || byte != carrier_lost[line->carrier_words]) line->carrier_words = 0;
    if (byte == carrier_lost[line->carrier_words]) line->carrier_words++;
    return byte;
}

/* Throws away what comes in so many milliseconds; how many bytes that were. */
static size_t discard(serial_line_t *line, uint32_t milliseconds) {
    size_t taken = 0;
    uint64_t until = board_now_ms() + milliseconds;
    while (board_now_ms() < until)
        if (get(line) >= 0) taken++;
    return taken;
}

/* Whether there is still time, and nobody has stopped the call. */
static int32_t may_wait(const exchange_t *exchange) {
    if (xq_http_reply_is_canceled(exchange->reply)) return XQ_NETWORK;
    if (board_now_ms() >= exchange->until_ms) return failed(exchange, XQ_TIMEOUT, "it was not over within the time limit");
    return XQ_OK;
}

static int32_t send_all(const exchange_t *exchange, const void *bytes, size_t length) {
    const uint8_t *next = (const uint8_t *)bytes;
    while (length > 0) {
        if (board_line_put(*next)) {
            next++;
            length--;
        } else {
            int32_t status = may_wait(exchange);
            if (status != XQ_OK) return status;
        }
    }
    return XQ_OK;
}

static int32_t send_text(const exchange_t *exchange, const char *text) {
    return send_all(exchange, text, strlen(text));
}

/* Several texts, the last of them NULL. */
static int32_t send_texts(const exchange_t *exchange, const char *const *texts) {
    int32_t status = XQ_OK;
    for (; *texts && status == XQ_OK; texts++) status = send_text(exchange, *texts);
    return status;
}

/* Takes what comes in so many milliseconds; where it is `for_carrier_lost`, until the modem says so. */
static int32_t hear(const exchange_t *exchange, uint32_t milliseconds, int for_carrier_lost) {
    serial_line_t *line = exchange->line;
    uint64_t until = board_now_ms() + milliseconds;
    int32_t status = XQ_OK;
    line->carrier_words = 0;
    while (status == XQ_OK && board_now_ms() < until && !(for_carrier_lost && line->carrier_words == CARRIER_LOST)) {
        get(line);
        status = may_wait(exchange);
    }
    return status;
}

/* Has the modem hang up, so that the next byte goes out on a new connection. It keeps the time limit of the exchange. */
static int32_t hang_up(const exchange_t *exchange) {
    int attempt;
    for (attempt = 0; attempt < HANG_UP_ATTEMPTS; attempt++) {
        int32_t status = hear(exchange, GUARD_MS, 0);
        if (status == XQ_OK) status = send_text(exchange, "+++");
        if (status == XQ_OK) status = hear(exchange, HANG_UP_MS, 1);
        if (status != XQ_OK) return status;
        if (exchange->line->carrier_words == CARRIER_LOST) {
            exchange->line->out_of_step = 0;
            return XQ_OK;
        }
    }
    return XQ_NETWORK;
}

/* Has the line as it is before a request, which begins a connection or goes on in the one that was kept. */
static int32_t get_ready(const exchange_t *exchange) {
    int32_t status = exchange->line->out_of_step ? hang_up(exchange) : XQ_OK;
    /* What the modem said since: the service may have closed a connection that was kept. */
    while (status == XQ_OK && get(exchange->line) >= 0) status = may_wait(exchange);
    exchange->line->carrier_words = 0;
    return status;
}

/* A number as text, which is what this gives; `room` has 11 bytes. */
static const char *digits(uint32_t number, char *room) {
    char *next = room + 10;
    *next = '\0';
    do *--next = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    return next;
}

static int32_t send_request(const exchange_t *exchange, const xq_http_request_t *request) {
    const char *host = strstr(request->url, "://"), *path;
    const char *line[5] = {NULL, NULL, NULL, NULL, NULL};
    char number[11];
    size_t i;
    int32_t status;
    if (!host || !(path = strchr(host + 3, '/'))) return failed(exchange, XQ_NETWORK, "the address has no path");
    host += 3;
    line[0] = request->method, line[1] = " ", line[2] = path, line[3] = " HTTP/1.1\r\nhost: ";
    status = send_texts(exchange, line);
    if (status == XQ_OK) status = send_all(exchange, host, (size_t)(path - host));
    if (status == XQ_OK) status = send_text(exchange, "\r\n");
    for (i = 0; i < request->header_count && status == XQ_OK; i++) {
        line[0] = request->header_names[i], line[1] = ": ", line[2] = request->header_values[i], line[3] = "\r\n";
        status = send_texts(exchange, line);
    }
    if (request->body) {
        line[0] = "content-length: ", line[1] = digits((uint32_t)request->body_length, number), line[2] = "\r\n";
        line[3] = NULL;
        if (status == XQ_OK) status = send_texts(exchange, line);
    }
    if (status == XQ_OK) status = send_text(exchange, "\r\n");
    if (status == XQ_OK && request->body) status = send_all(exchange, request->body, request->body_length);
    return status;
}

/* Waits for a byte. Where the modem has said that the connection has ended, and nothing follows, it has. */
static int32_t take_byte(exchange_t *exchange, uint8_t *byte) {
    uint64_t quiet_at = board_now_ms() + QUIET_MS;
    for (;;) {
        /* Before each byte: a service that sends on and on is not to hold the call up either. */
        int32_t status = may_wait(exchange);
        int came = status == XQ_OK ? get(exchange->line) : -1;
        if (status != XQ_OK) return status;
        if (came >= 0) {
            *byte = (uint8_t)came;
            return XQ_OK;
        }
        if (exchange->line->carrier_words == CARRIER_LOST && board_now_ms() >= quiet_at)
            return failed(exchange, XQ_NETWORK, "the connection ended before the reply");
    }
}

/* A line without its end; of a longer one, what there is room for. */
static int32_t take_line(exchange_t *exchange, char *text, size_t size) {
    size_t length = 0;
    uint8_t byte = 0;
    for (;;) {
        int32_t status = take_byte(exchange, &byte);
        if (status != XQ_OK) return status;
        if (exchange->head_left-- == 0) return failed(exchange, XQ_NETWORK, "the reply's head has no end");
        if (byte == '\n') break;
        if (length + 1 < size) text[length++] = (char)byte;
    }
    if (length > 0 && text[length - 1] == '\r') length--;
    text[length] = '\0';
    return XQ_OK;
}

/* What a digit stands for, 16 where it is none. */
static uint32_t digit(char character) {
    if (character >= '0' && character <= '9') return (uint32_t)(character - '0');
    character = (char)(character | 0x20);
    return character >= 'a' && character <= 'f' ? (uint32_t)(character - 'a' + 10) : 16;
}

/* Reads a number up to what is no digit; 0 where there is none, or where it is too large for any reply. */
static int number(const char *text, uint32_t base, uint32_t *value) {
    const char *start = text;
    for (*value = 0; digit(*text) < base; text++) {
        if (*value > 0x7FFFFFF) return 0;
        *value = *value * base + digit(*text);
    }
    return text > start;
}

/* Whether the text begins so, whatever the letters' case; `start` is in small letters. */
static int begins(const char *text, const char *start) {
    for (; *start; text++, start++)
        if ((*text >= 'A' && *text <= 'Z' ? *text | 0x20 : *text) != *start) return 0;
    return 1;
}

/* The value of a header field, NULL where the line is another one. */
static const char *field(const char *line, const char *name) {
    const char *value = line + strlen(name);
    if (!begins(line, name) || *value != ':') return NULL;
    return value + 1 + strspn(value + 1, " \t");
}

static int32_t look_at_field(exchange_t *exchange, const char *line, head_t *head) {
    const char *value;
    uint32_t seconds;
    if ((value = field(line, "content-length")) != NULL) {
        if (!number(value, 10, &head->length)) return failed(exchange, XQ_NETWORK, "the reply's length is no number");
        head->has_length = 1;
    } else if ((value = field(line, "transfer-encoding")) != NULL) {
        head->chunked = begins(value, "chunked");
    } else if ((value = field(line, "content-type")) != NULL) {
        xq_http_reply_set_content_type(exchange->reply, value);
    } else if ((value = field(line, "retry-after")) != NULL) {
        /* Seconds alone, which is what services send: from a date they would have to be reckoned here. */
        if (number(value, 10, &seconds)) xq_http_reply_set_retry_after(exchange->reply, seconds);
    }
    return XQ_OK;
}

static int32_t take_head(exchange_t *exchange, head_t *head) {
    char line[LINE_BYTES];
    uint32_t code;
    int32_t status;
    memset(head, 0, sizeof *head);
    do status = take_line(exchange, line, sizeof line);
    while (status == XQ_OK && line[0] == '\0');
    if (status != XQ_OK) return status;
    if (strcmp(line, "NO CARRIER") == 0) return failed(exchange, XQ_NETWORK, "the connection ended before the reply");
    if (!begins(line, "http/1.") || strlen(line) < 12 || !number(line + 9, 10, &code))
        return failed(exchange, XQ_NETWORK, "the reply is not HTTP/1.1");
    head->status = (int)code;
    for (;;) {
        status = take_line(exchange, line, sizeof line);
        if (status != XQ_OK || line[0] == '\0') return status;
        status = look_at_field(exchange, line, head);
        if (status != XQ_OK) return status;
    }
}

/* Hands `length` bytes of the body on. */
static int32_t take(exchange_t *exchange, uint32_t length) {
    uint8_t piece[PIECE_BYTES];
    size_t filled = 0;
    int32_t status = XQ_OK;
    while (length > 0 && status == XQ_OK) {
        status = take_byte(exchange, &piece[filled]);
        if (status != XQ_OK) break;
        length--;
        if (++filled < sizeof piece && length > 0) continue;
        if (xq_http_reply_add_body(exchange->reply, piece, filled) != XQ_OK) status = TOO_LARGE;
        filled = 0;
    }
    wipe(piece, sizeof piece);
    return status;
}

static int32_t take_chunks(exchange_t *exchange) {
    for (;;) {
        char line[32];
        uint32_t size;
        int32_t status;
        exchange->head_left = HEAD_BYTES;
        status = take_line(exchange, line, sizeof line);
        if (status != XQ_OK) return status;
        if (!number(line, 16, &size)) return failed(exchange, XQ_NETWORK, "the reply has a chunk without a size");
        if (size > 0) status = take(exchange, size);
        /* The end of the chunk; of the last one, what stands behind it. */
        do
            if (status == XQ_OK) status = take_line(exchange, line, sizeof line);
        while (status == XQ_OK && line[0] != '\0');
        if (status != XQ_OK || size == 0) return status;
    }
}

/* The modem's words may have been taken for the end of a body that was cut: then the rest of them follows at once. */
static int32_t ends_whole(exchange_t *exchange) {
    serial_line_t *line = exchange->line;
    unsigned before = line->carrier_words;
    size_t taken;
    if (before == 0) return XQ_OK;
    taken = discard(line, QUIET_MS);
    if (before == CARRIER_LOST || (line->carrier_words == CARRIER_LOST && taken < CARRIER_LOST))
        return failed(exchange, XQ_NETWORK, "the connection ended before the reply");
    return XQ_OK;
}

static int32_t receive_reply(exchange_t *exchange) {
    head_t head;
    int32_t status;
    do {
        exchange->head_left = HEAD_BYTES;
        status = take_head(exchange, &head);
    } while (status == XQ_OK && head.status >= 100 && head.status < 200); /* the reply itself is still to come */
    if (status != XQ_OK) return status;
    xq_http_reply_set_status(exchange->reply, head.status);
    if (head.chunked) status = take_chunks(exchange);
    else if (head.has_length) status = take(exchange, head.length);
    else if (head.status != 204) status = failed(exchange, XQ_NETWORK, "the reply does not tell its length");
    return status == XQ_OK ? ends_whole(exchange) : status;
}

int32_t serial_transport(void *context, const xq_http_request_t *request, xq_http_reply_t *reply) {
    exchange_t exchange;
    int32_t status;
    exchange.line = (serial_line_t *)context;
    exchange.reply = reply;
    exchange.until_ms = board_now_ms() + request->timeout_ms;
    status = get_ready(&exchange);
    if (status != XQ_OK) {
        xq_http_reply_set_not_sent(reply);
        return failed(&exchange, status, "the modem does not answer");
    }
    status = send_request(&exchange, request);
    if (status == XQ_OK) status = receive_reply(&exchange);
    exchange.line->out_of_step = status != XQ_OK;
    return status == TOO_LARGE ? XQ_OK : status;
}
