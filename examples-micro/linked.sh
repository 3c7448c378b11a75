#!/bin/sh
# Writes a C source with what is linked into the firmware of one device: the services and keys from the environment, and
# the certificate in XQ_DEVICE_CERT_DIR, whose number is XQ_DEVICE_CERT_ID.
#
#     linked.sh > linked.c
set -eu

# text NAME VALUE
text() {
    printf 'const char %s[] =\n' "$1"
    printf '%s\n' "$2" | sed 's/[\\"]/\\&/g; s/.*/    "&\\n"/; $s/\\n"$/";/'
}

printf '#include "linked.h"\n\n'
text linked_api_key "$XQ_API_KEY"
text linked_dashboard_key "$XQ_DASHBOARD_API_KEY"
text linked_subscription_url "$XQ_SUBSCRIPTION_URL"
text linked_validation_url "$XQ_VALIDATION_URL"
text linked_dashboard_url "$XQ_DASHBOARD_URL"
text linked_quantum_url "$XQ_QUANTUM_URL"
printf 'const int64_t linked_certificate_id = %s;\n' "$XQ_DEVICE_CERT_ID"
text linked_certificate "$(cat "$XQ_DEVICE_CERT_DIR/client.crt")"
text linked_transport_key "$(cat "$XQ_DEVICE_CERT_DIR/transport.key")"
text linked_private_key "$(cat "$XQ_DEVICE_CERT_DIR/client.key")"
