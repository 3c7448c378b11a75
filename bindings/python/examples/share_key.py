"""Signs a person in and shares a new key with others: share_key.py ADDRESS RECIPIENT..."""

import secrets
import sys

import xq

address, *recipients = sys.argv[1:]
try:
    with xq.API.from_environment() as api:  # XQ_API_KEY and friends
        api.authorize_user(address)
        api.code_validate(input(f"The PIN that was mailed to {address}: "))
        api.exchange_key()
        key = secrets.token_urlsafe(32)
        locator = api.create_and_store_packet(key, recipients, expires_hours=72)
        print("The locator token, for", ", ".join(recipients) + ":", locator)
        print("It stands for the same key:", api.get_packet(locator) == key)  # what a recipient does
except xq.Error as error:
    sys.exit(f"{xq.status_name(error.status)}: {error}")
