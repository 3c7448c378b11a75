/* QEMU's mps2-an386: a Cortex-M4 at 25 MHz with ARM's CMSDK peripherals, polled; the host's files by semihosting. */
#include "board.h"

#include <stdlib.h>
#include <string.h>

#include "heap.h"
#include "stack.h"
#include "xq.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))

enum { CYCLES_PER_MS = 25000 };

/* The first timer, which counts down. */
#define TIMER_CONTROL REGISTER(0x40000000)
#define TIMER_VALUE   REGISTER(0x40000004)
#define TIMER_RELOAD  REGISTER(0x40000008)

/* The second UART: the line. */
#define UART_DATA    REGISTER(0x40005000)
#define UART_STATE   REGISTER(0x40005004)
#define UART_CONTROL REGISTER(0x40005008)
#define UART_DIVIDER REGISTER(0x40005010)
enum { UART_SEND_FULL = 1, UART_RECEIVE_FULL = 2 };

/* The memory protection unit. */
#define MPU_CONTROL REGISTER(0xE000ED94)
#define MPU_BASE    REGISTER(0xE000ED9C)
#define MPU_SIZE    REGISTER(0xE000EDA0)

#define RESET_CONTROL REGISTER(0xE000ED0C)
enum { RESET_KEY = 0x05FA0000, RESET_REQUEST = 4 };

/* What survives a restart. After power-on the memory holds anything, so that a mark says that it was written. */
static struct {
    uint32_t mark;
    uint32_t note;
    uint32_t restarts;
    board_restart_t why;
} kept __attribute__((section(".noinit")));
enum { KEPT = 0x5851464D, MAX_RESTARTS = 3 };

/* A request to the debugger, here QEMU: open, write, read, close a file; print; exit. */
enum { HOST_OPEN = 1, HOST_CLOSE = 2, HOST_PRINT = 4, HOST_WRITE = 5, HOST_READ = 6, HOST_EXIT = 0x20 };

static int32_t ask_host(uint32_t operation, const void *argument) {
    register uint32_t r0 __asm("r0") = operation;
    register const void *r1 __asm("r1") = argument;
    __asm volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
    return (int32_t)r0;
}

void board_start(void) {
    /* Nobody may touch the 32 KB below the memory, at whose lower end the stack is: where it runs over, the board faults. */
    MPU_BASE = 0x1FFF8000 | 0x10; /* region 0 */
    MPU_SIZE = 0x10000000 | 14 << 1 | 1;
    MPU_CONTROL = 5; /* all else as without it */
    __asm volatile("dsb\n isb");
    TIMER_RELOAD = 0xFFFFFFFF;
    TIMER_VALUE = 0xFFFFFFFF;
    TIMER_CONTROL = 1;
    UART_DIVIDER = CYCLES_PER_MS * 1000 / 115200;
    UART_CONTROL = 3; /* send and receive */
    if (kept.mark != KEPT) {
        kept.mark = KEPT;
        board_set_note(0);
    }
}

/* Counts on over the timer's turns, which take 171 seconds: it has to be asked oftener than that. */
uint64_t board_cycles(void) {
    static uint64_t cycles;
    static uint32_t last = 0xFFFFFFFF;
    uint32_t value = TIMER_VALUE;
    cycles += last - value;
    last = value;
    return cycles;
}

uint64_t board_now_ms(void) {
    return board_cycles() / CYCLES_PER_MS;
}

int board_line_get(void) {
    return UART_STATE & UART_RECEIVE_FULL ? (int)(UART_DATA & 0xFF) : -1;
}

int board_line_put(uint8_t byte) {
    if (UART_STATE & UART_SEND_FULL) return 0;
    UART_DATA = byte;
    return 1;
}

/* Opens a file of the host; the mode is fopen()'s: 1 for "rb", 5 for "wb". */
static int32_t open_file(const char *name, uint32_t mode) {
    const void *arguments[3];
    arguments[0] = name;
    arguments[1] = (const void *)mode;
    arguments[2] = (const void *)strlen(name);
    return ask_host(HOST_OPEN, arguments);
}

static void close_file(int32_t file) {
    ask_host(HOST_CLOSE, &file);
}

/* Reads or writes; how many bytes were left over. */
static size_t transfer(uint32_t operation, int32_t file, const uint8_t *bytes, size_t length) {
    const void *arguments[3];
    arguments[0] = (const void *)file;
    arguments[1] = bytes;
    arguments[2] = (const void *)length;
    return (size_t)ask_host(operation, arguments);
}

/* This board has no generator, so that the host's is asked. A product reads its chip's, and never makes do without. */
static int32_t random_bytes(void *context, uint8_t *bytes, size_t length) {
    int32_t file = *(const int *)context ? -1 : open_file("/dev/urandom", 1);
    size_t left;
    if (file == -1) return -1;
    left = transfer(HOST_READ, file, bytes, length);
    close_file(file);
    return left == 0 ? 0 : -1;
}

static uint64_t clock_ms(void *context) {
    (void)context;
    return board_now_ms();
}

static int random_is_broken;

int board_give(void) {
    return xq_board_set_random(random_bytes, &random_is_broken, NULL) == XQ_OK &&
           xq_board_set_clock(clock_ms, NULL, NULL) == XQ_OK;
}

int board_random_fails(int fails) {
    random_is_broken = fails;
    return 1;
}

void board_print(const char *text) {
    ask_host(HOST_PRINT, text);
}

size_t board_load(const char *name, uint8_t *bytes, size_t room) {
    int32_t file = open_file(name, 1);
    size_t left;
    if (file == -1) return 0;
    left = transfer(HOST_READ, file, bytes, room);
    close_file(file);
    return left > 0 && left <= room ? room - left : 0;
}

int board_store(const char *name, const uint8_t *bytes, size_t length) {
    int32_t file = open_file(name, 5);
    size_t left;
    if (file == -1) return 0;
    left = transfer(HOST_WRITE, file, bytes, length);
    close_file(file);
    return left == 0;
}

uint32_t board_note(void) {
    return kept.note;
}

void board_set_note(uint32_t note) {
    kept.note = note;
    kept.restarts = 0;
    kept.why = BOARD_FRESH;
}

board_restart_t board_restarted(void) {
    return kept.why;
}

/* Starts anew; a board that does so again and again, with nothing done between, stops. */
static void __attribute__((noreturn)) restart(board_restart_t why) {
    kept.why = why;
    if (++kept.restarts > MAX_RESTARTS) board_exit(1);
    RESET_CONTROL = RESET_KEY | RESET_REQUEST;
    for (;;) {}
}

/* What libxq calls where it cannot go on. It held half-made things then, so that only a start from nothing is sound. */
void abort(void) {
    restart(heap_refused() ? BOARD_OUT_OF_MEMORY : BOARD_DEFECT);
}

void board_fault(void) {
    restart(BOARD_FAULT);
}

void board_exit(int code) {
    uint32_t arguments[2];
    arguments[0] = 0x20026; /* the application has ended */
    arguments[1] = (uint32_t)code;
    ask_host(HOST_EXIT, arguments);
    for (;;) {}
}

extern uint32_t __stack_bottom[];

/* Up to where the paint goes: below what is in use here. */
static uint32_t *stack_pointer(void) {
    uint32_t *top;
    __asm volatile("mov %0, sp" : "=r"(top));
    return top;
}

enum { PAINT = 0xA5A5A5A5 };

size_t stack_paint(void) {
    volatile uint32_t *next = __stack_bottom;
    uint32_t *top = stack_pointer();
    while (next < top) *next++ = PAINT;
    return (size_t)top;
}

size_t stack_used(size_t painted) {
    volatile uint32_t *next = __stack_bottom;
    while (*next == PAINT) next++;
    return painted - (size_t)next;
}
