/*
 * What the firmware needs of its board: board_mps2.c for QEMU's Cortex-M4, board_host.c for this machine, where the same
 * firmware runs as a program. To bring it to another board, write another of these.
 */
#ifndef BOARD_H
#define BOARD_H

#include <stddef.h>
#include <stdint.h>

/* Milliseconds since the start. */
uint64_t board_now_ms(void);

/* The next byte from the serial line, -1 where none has come yet. Never waits. */
int board_line_get(void);

/* Gives a byte to the serial line; 0 where it takes none at the moment. Never waits. */
int board_line_put(uint8_t byte);

/* Gives libxq what it has to have from the board: random bytes and a clock. 0 where that failed. */
int board_give(void);

/* From here on the source of random bytes fails, or works again. 0 where this board cannot play that. */
int board_random_fails(int fails);

/* Prints a text for the person who watches. */
void board_print(const char *text);

/* Reads what came for the board (a file of the host) into `bytes`; how many there are, 0 for none or too many. */
size_t board_load(const char *name, uint8_t *bytes, size_t room);

/* Hands something on (to a file of the host). 0 where that failed. */
int board_store(const char *name, const uint8_t *bytes, size_t length);

/* A number that survives a restart of the board, such as what it was about to do. 0 after power-on. */
uint32_t board_note(void);
void board_set_note(uint32_t note);

/* Why the program was started anew, if it was. */
typedef enum {
    BOARD_FRESH,         /* it was not */
    BOARD_OUT_OF_MEMORY, /* libxq called abort() where malloc() had nothing more */
    BOARD_DEFECT,        /* somebody called abort() for another reason */
    BOARD_FAULT          /* a fault, such as a stack that ran over */
} board_restart_t;
board_restart_t board_restarted(void);

/* Ends the program; QEMU ends with this code. */
void board_exit(int code);

#endif
