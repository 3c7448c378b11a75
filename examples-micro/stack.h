/* How much stack a call takes, on the board alone: paint, call, look how much of the paint is gone. */
#ifndef STACK_H
#define STACK_H

#include <stddef.h>
#include <stdint.h>

/* Paints what is free of the stack, and gives the mark that stack_used() wants. */
size_t stack_paint(void);

/* The most bytes that were in use since then. */
size_t stack_used(size_t painted);

/* Cycles of the board's clock since the start. */
uint64_t board_cycles(void);

#endif
