/*
 * This machine as a board: the serial line is a TCP connection to 127.0.0.1, its port in XQ_LINE_PORT. For the work on the
 * firmware, with the tools of the host.
 */
#define _POSIX_C_SOURCE 200809L
#include "board.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int line(void) {
    static int joined = -1;
    struct sockaddr_in address;
    const char *port = getenv("XQ_LINE_PORT");
    if (joined >= 0) return joined;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons((uint16_t)(port ? atoi(port) : 0));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    joined = socket(AF_INET, SOCK_STREAM, 0);
    if (joined < 0 || connect(joined, (struct sockaddr *)&address, sizeof address) != 0) {
        perror("the line");
        exit(1);
    }
    return joined;
}

uint64_t board_now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

int board_line_get(void) {
    uint8_t byte;
    return recv(line(), &byte, 1, MSG_DONTWAIT) == 1 ? byte : -1;
}

int board_line_put(uint8_t byte) {
    return send(line(), &byte, 1, MSG_DONTWAIT | MSG_NOSIGNAL) == 1;
}

/* The library takes both from the system. */
int board_give(void) {
    return 1;
}

int board_random_fails(int fails) {
    (void)fails;
    return 0;
}

void board_print(const char *text) {
    fputs(text, stdout);
    fflush(stdout);
}

size_t board_load(const char *name, uint8_t *bytes, size_t room) {
    FILE *file = fopen(name, "rb");
    size_t length = file ? fread(bytes, 1, room, file) : 0;
    if (file) fclose(file);
    return length < room ? length : 0;
}

int board_store(const char *name, const uint8_t *bytes, size_t length) {
    FILE *file = fopen(name, "wb");
    int ok = file && fwrite(bytes, 1, length, file) == length;
    if (file && fclose(file) != 0) ok = 0;
    return ok;
}

/* Nothing survives the end of a process, which is what abort() is here. */
uint32_t board_note(void) {
    return 0;
}

void board_set_note(uint32_t note) {
    (void)note;
}

board_restart_t board_restarted(void) {
    return BOARD_FRESH;
}

void board_exit(int code) {
    exit(code);
}
