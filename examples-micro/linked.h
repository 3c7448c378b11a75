/* What is linked in for this one device, made by linked.sh: where the services are, and its certificate. */
#ifndef LINKED_H
#define LINKED_H

#include <stdint.h>

extern const char linked_api_key[];
extern const char linked_dashboard_key[];
extern const char linked_subscription_url[];
extern const char linked_validation_url[];
extern const char linked_dashboard_url[];
extern const char linked_quantum_url[];

extern const int64_t linked_certificate_id;
extern const char linked_certificate[];
extern const char linked_transport_key[];
extern const char linked_private_key[];

#endif
