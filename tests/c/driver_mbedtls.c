/* The driver, whose every call goes over mbedTLS. */
#define DRIVER_TLS
#include "driver.c"
