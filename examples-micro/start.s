/* Start-up of a Cortex-M4: the vector table, and what has to be done before C may run. */
.syntax unified
.cpu cortex-m4
.fpu fpv4-sp-d16
.thumb

.section .vectors, "a"
.word __stack_top
.word reset
.word fault                             /* NMI */
.word fault                             /* hard fault */
.word fault                             /* memory: a stack that has run over ends here, see board_start() */
.word fault                             /* bus */
.word fault                             /* usage */

.text
.global reset
.type reset, %function
.thumb_func
reset:
    ldr r0, =0xE000ED88                 /* CPACR: the unit for floating-point numbers, which the ABI passes them in */
    ldr r1, [r0]
    orr r1, r1, #(0xF << 20)
    str r1, [r0]
    dsb
    isb

    ldr r0, =__data_start               /* what has a value, from flash */
    ldr r1, =__data_end
    ldr r2, =__data_in_flash
1:  cmp r0, r1
    ittt lo
    ldrlo r3, [r2], #4
    strlo r3, [r0], #4
    blo 1b

    ldr r0, =__bss_start                /* what has none is zero; .noinit keeps what it holds */
    ldr r1, =__bss_end
    movs r2, #0
2:  cmp r0, r1
    itt lo
    strlo r2, [r0], #4
    blo 2b

    bl board_start
    bl main
    bl board_exit                       /* with what main() returned */
3:  b 3b

/* The stack may be what was used up. */
.type fault, %function
.thumb_func
fault:
    ldr r0, =__stack_top
    mov sp, r0
    b board_fault
