"""What include/xq.h declares, as ctypes has it: structs and functions. tests/test_header.py compares the two."""

import ctypes
from ctypes import POINTER, c_char_p, c_int32, c_int64, c_size_t, c_uint32, c_uint64
from typing import Any


class Api(ctypes.Structure):
    """xq_api_t, of which C tells no more."""


class Config(ctypes.Structure):
    """xq_config_t, of which C tells no more."""


class Error(ctypes.Structure):
    """xq_error_t, of which C tells no more."""


class List(ctypes.Structure):
    """xq_list_t."""

    _fields_ = [("count", c_size_t), ("items", POINTER(c_char_p)), ("reply", c_char_p)]


class PacketOptions(ctypes.Structure):
    """xq_packet_options_t."""

    _fields_ = [
        ("size", c_size_t),
        ("type", c_char_p),
        ("type_number", c_int32),
        ("expires_hours", c_int64),
        ("subject", c_char_p),
        ("labels", POINTER(c_char_p)),
        ("label_count", c_size_t),
        ("meta", c_char_p),
    ]


class PacketRow(ctypes.Structure):
    """xq_packet_row_t."""

    _fields_ = [
        ("size", c_size_t),
        ("key", c_char_p),
        ("recipients", POINTER(c_char_p)),
        ("recipient_count", c_size_t),
        ("type", c_char_p),
        ("type_number", c_int32),
        ("expires", c_int64),
        ("unit", c_char_p),
        ("title", c_char_p),
        ("labels", POINTER(c_char_p)),
        ("label_count", c_size_t),
        ("meta", c_char_p),
    ]


class Subscriber(ctypes.Structure):
    """xq_subscriber_t."""

    _fields_ = [
        ("id", c_int64),
        ("user", c_char_p),
        ("first_name", c_char_p),
        ("last_name", c_char_p),
        ("subscription", c_char_p),
        ("starts_ms", c_int64),
        ("ends_ms", c_int64),
        ("reply", c_char_p),
    ]


class Usergroup(ctypes.Structure):
    """xq_usergroup_t."""

    _fields_ = [
        ("id", c_int64),
        ("name", c_char_p),
        ("business_id", c_int64),
        ("members", POINTER(c_char_p)),
        ("member_count", c_size_t),
    ]


class Usergroups(ctypes.Structure):
    """xq_usergroups_t."""

    _fields_ = [("count", c_size_t), ("rows", POINTER(Usergroup)), ("reply", c_char_p)]


class NewContact(ctypes.Structure):
    """xq_new_contact_t."""

    _fields_ = [
        ("size", c_size_t),
        ("email", c_char_p),
        ("first_name", c_char_p),
        ("last_name", c_char_p),
        ("title", c_char_p),
        ("role", c_int32),
        ("notifications", c_int32),
        ("overflow", c_int32),
    ]


class Contact(ctypes.Structure):
    """xq_contact_t."""

    _fields_ = [
        ("id", c_int64),
        ("email", c_char_p),
        ("first_name", c_char_p),
        ("last_name", c_char_p),
        ("title", c_char_p),
        ("role", c_int64),
        ("status", c_char_p),
        ("business_id", c_int64),
    ]


class Contacts(ctypes.Structure):
    """xq_contacts_t."""

    _fields_ = [("count", c_size_t), ("rows", POINTER(Contact)), ("reply", c_char_p)]


class Communication(ctypes.Structure):
    """xq_communication_t."""

    _fields_ = [
        ("id", c_int64),
        ("locator_token", c_char_p),
        ("labels", POINTER(c_char_p)),
        ("label_count", c_size_t),
        ("reply", c_char_p),
    ]


class Business(ctypes.Structure):
    """xq_business_t."""

    _fields_ = [("id", c_int64), ("name", c_char_p)]


class Businesses(ctypes.Structure):
    """xq_businesses_t."""

    _fields_ = [("count", c_size_t), ("rows", POINTER(Business)), ("reply", c_char_p)]


class DeviceCertificate(ctypes.Structure):
    """xq_device_certificate_t."""

    _fields_ = [("id", c_int64), ("certificate", c_char_p), ("transport_key", c_char_p), ("private_key", c_char_p)]


class Request(ctypes.Structure):
    """xq_request_t."""

    _fields_ = [
        ("size", c_size_t),
        ("method", c_char_p),
        ("service", c_int32),
        ("path", c_char_p),
        ("query_names", POINTER(c_char_p)),
        ("query_values", POINTER(c_char_p)),
        ("query_count", c_size_t),
        ("body", c_char_p),
        ("token", c_int32),
    ]


class Bytes(ctypes.Structure):
    """xq_bytes_t."""

    _fields_ = [("length", c_size_t), ("data", ctypes.c_void_p)]


#: xq_progress_t.
PROGRESS = ctypes.CFUNCTYPE(c_int32, ctypes.c_void_p, c_uint64, c_uint64)


class SealOptions(ctypes.Structure):
    """xq_seal_options_t."""

    _fields_ = [
        ("size", c_size_t),
        ("algorithm", c_int32),
        ("repeat_pad", c_int32),
        ("overwrite", c_int32),
        ("key", c_char_p),
        ("locator", c_char_p),
        ("name", c_char_p),
        ("packet", POINTER(PacketOptions)),
        ("progress", PROGRESS),
        ("progress_context", ctypes.c_void_p),
    ]


class Sealer(ctypes.Structure):
    """xq_sealer_t, of which C tells no more."""


class Opener(ctypes.Structure):
    """xq_opener_t, of which C tells no more."""


#: xq_logger_t.
LOGGER = ctypes.CFUNCTYPE(None, ctypes.c_void_p, c_int32, c_char_p)

API = POINTER(Api)
CONFIG = POINTER(Config)
ERROR = POINTER(Error)
LIST = POINTER(List)
BYTES = POINTER(Bytes)
SEALER = POINTER(Sealer)
OPENER = POINTER(Opener)
OPTIONS = POINTER(SealOptions)
SIZE = POINTER(c_size_t)
DATA = ctypes.c_void_p
TEXT = c_char_p
TEXTS = POINTER(c_char_p)
OUT = POINTER(c_char_p)


def _setting(*inputs: Any) -> tuple[Any, ...]:
    return (c_int32, CONFIG, *inputs, POINTER(ERROR))


def _operation(*inputs: Any) -> tuple[Any, ...]:
    return (c_int32, API, *inputs, POINTER(ERROR))


# What each function gives, then what it takes, in the order of include/xq.h.
PROTOTYPES: dict[str, tuple[Any, ...]] = {
    "xq_version": (TEXT,),
    "xq_version_number": (ctypes.c_uint32,),
    "xq_features": (ctypes.c_uint32,),
    "xq_status_name": (TEXT, c_int32),
    "xq_status_meaning": (TEXT, c_int32),
    "xq_string_free": (None, TEXT),
    "xq_list_free": (None, LIST),
    "xq_error_status": (c_int32, ERROR),
    "xq_error_message": (TEXT, ERROR),
    "xq_error_http_status": (c_int32, ERROR),
    "xq_error_can_retry": (c_int32, ERROR),
    "xq_error_outcome": (c_int32, ERROR),
    "xq_error_request": (c_uint64, ERROR),
    "xq_error_operation": (TEXT, ERROR),
    "xq_error_retry_after": (c_int64, ERROR),
    "xq_error_reply": (TEXT, ERROR),
    "xq_error_free": (None, ERROR),
    "xq_config_new": (CONFIG,),
    "xq_config_free": (None, CONFIG),
    "xq_config_read_environment": _setting(),
    "xq_config_set_api_key": _setting(TEXT),
    "xq_config_set_dashboard_api_key": _setting(TEXT),
    "xq_config_set_locator_key": _setting(TEXT),
    "xq_config_set_envelope": _setting(c_int32),
    "xq_config_set_base_uri": _setting(TEXT),
    "xq_config_set_service_url": _setting(c_int32, TEXT),
    "xq_config_set_allow_plain_http": _setting(c_int32),
    "xq_config_set_connect_timeout_ms": _setting(c_uint32),
    "xq_config_set_timeout_ms": _setting(c_uint32),
    "xq_config_set_max_reply_bytes": _setting(c_size_t),
    "xq_config_set_roots": _setting(c_int32),
    "xq_config_set_ca_file": _setting(TEXT),
    "xq_config_set_ca_memory": _setting(ctypes.c_void_p, c_size_t),
    "xq_config_set_proxy": _setting(TEXT),
    "xq_config_set_user_agent_suffix": _setting(TEXT),
    "xq_api_new": (c_int32, CONFIG, POINTER(API), POINTER(ERROR)),
    "xq_api_derive": _operation(c_uint32, POINTER(API)),
    "xq_api_cancel": _operation(),
    "xq_api_resume": _operation(),
    "xq_api_free": (None, API),
    "xq_get_access_token": _operation(OUT),
    "xq_set_access_token": _operation(TEXT),
    "xq_get_dashboard_token": _operation(OUT),
    "xq_set_dashboard_token": _operation(TEXT),
    "xq_forget_tokens": _operation(),
    "xq_set_logger": _operation(LOGGER, ctypes.c_void_p),
    "xq_authorize_user": _operation(TEXT, TEXT, TEXT, c_int32, c_int32, OUT),
    "xq_validate_api_key": _operation(OUT),
    "xq_code_validate": _operation(TEXT),
    "xq_exchange_key": _operation(TEXT, c_int32, OUT),
    "xq_exchange_for_subscription_token": _operation(OUT),
    "xq_authorize_alias": _operation(TEXT, TEXT, TEXT, OUT),
    "xq_authorize_device": _operation(TEXT, TEXT, c_int32, OUT),
    "xq_authorize_device_cert": _operation(c_int64, TEXT, TEXT, TEXT, TEXT, c_int32, OUT),
    "xq_authorize_device_cert_memory": _operation(c_int64, TEXT, TEXT, TEXT, TEXT, c_int32, OUT),
    "xq_announce_device": _operation(TEXT),
    "xq_server_time": _operation(POINTER(c_int64)),
    "xq_load_file_content": (c_int32, TEXT, OUT, POINTER(ERROR)),
    "xq_create_packet": _operation(TEXT, TEXTS, c_size_t, POINTER(PacketOptions), OUT),
    "xq_create_and_store_packet": _operation(TEXT, TEXTS, c_size_t, POINTER(PacketOptions), OUT),
    "xq_create_and_store_packets": _operation(TEXTS, c_size_t, TEXTS, c_size_t, POINTER(PacketOptions), POINTER(LIST)),
    "xq_create_and_store_packets_batch": _operation(POINTER(PacketRow), c_size_t, POINTER(LIST)),
    "xq_add_packet": _operation(TEXT, OUT),
    "xq_get_packet": _operation(TEXT, OUT),
    "xq_get_packets": _operation(TEXTS, c_size_t, POINTER(LIST)),
    "xq_revoke_packet": _operation(TEXT),
    "xq_grant_users": _operation(TEXT, TEXTS, c_size_t),
    "xq_revoke_users": _operation(TEXT, TEXTS, c_size_t),
    "xq_packet_expiration": _operation(TEXT, POINTER(c_int64)),
    "xq_subscriber_free": (None, POINTER(Subscriber)),
    "xq_deauthorize": _operation(),
    "xq_get_subscriber": _operation(POINTER(POINTER(Subscriber))),
    "xq_delete_subscriber": _operation(),
    "xq_get_settings": _operation(POINTER(c_int32), POINTER(c_int32)),
    "xq_update_settings": _operation(c_int32, c_int32),
    "xq_authorize_delegate": _operation(OUT),
    "xq_combine_authorizations": _operation(TEXTS, c_size_t, OUT, POINTER(c_int64)),
    "xq_get_entropy": _operation(c_size_t, OUT),
    "xq_generate_key": _operation(c_int32, c_size_t, OUT),
    "xq_generate_multiple_keys_and_store_packets": _operation(
        c_size_t, c_int32, c_size_t, TEXTS, c_size_t, POINTER(PacketOptions), POINTER(LIST), POINTER(LIST)
    ),
    "xq_generate_multiple_keys_and_store_packets_database": _operation(
        POINTER(PacketRow), c_size_t, c_int32, c_size_t, POINTER(LIST), POINTER(LIST)
    ),
    "xq_encrypt_message": (c_int32, TEXT, TEXT, DATA, c_size_t, OPTIONS, POINTER(BYTES), POINTER(ERROR)),
    "xq_decrypt_message": (c_int32, TEXT, DATA, c_size_t, POINTER(BYTES), POINTER(ERROR)),
    "xq_encrypt_auto": _operation(DATA, c_size_t, TEXTS, c_size_t, OPTIONS, POINTER(BYTES)),
    "xq_decrypt_auto": _operation(DATA, c_size_t, OPTIONS, POINTER(BYTES)),
    "xq_sealed_locator": (c_int32, DATA, c_size_t, OUT, POINTER(ERROR)),
    "xq_encrypt_file": _operation(TEXT, TEXT, TEXTS, c_size_t, OPTIONS),
    "xq_decrypt_file": _operation(TEXT, TEXT, OPTIONS, OUT, OUT),
    "xq_sealer_new": (c_int32, TEXT, OPTIONS, POINTER(SEALER), POINTER(ERROR)),
    "xq_sealer_update": (c_int32, SEALER, DATA, c_size_t, SIZE, DATA, c_size_t, SIZE, POINTER(ERROR)),
    "xq_sealer_finish": (c_int32, SEALER, DATA, c_size_t, SIZE, POINTER(ERROR)),
    "xq_sealer_free": (None, SEALER),
    "xq_opener_new": (c_int32, c_int32, TEXT, POINTER(OPENER), POINTER(ERROR)),
    "xq_opener_set_key": (c_int32, OPENER, TEXT, POINTER(ERROR)),
    "xq_opener_update": (c_int32, OPENER, DATA, c_size_t, SIZE, DATA, c_size_t, SIZE, POINTER(ERROR)),
    "xq_opener_finish": (c_int32, OPENER, DATA, c_size_t, SIZE, POINTER(ERROR)),
    "xq_opener_wants_key": (c_int32, OPENER),
    "xq_opener_locator": (TEXT, OPENER),
    "xq_opener_name": (TEXT, OPENER),
    "xq_opener_free": (None, OPENER),
    "xq_bytes_free": (None, BYTES),
    "xq_dashboard_signup": _operation(TEXT, TEXT, c_int32, POINTER(c_int32)),
    "xq_send_login_link": _operation(TEXT, TEXT),
    "xq_dashboard_login": _operation(TEXT, TEXT, TEXT, TEXT, OUT),
    "xq_login_verify": _operation(OUT),
    "xq_validate_access_token": _operation(),
    "xq_exchange_for_dashboard_token": _operation(TEXT, OUT),
    "xq_usergroups_free": (None, POINTER(Usergroups)),
    "xq_create_usergroup": _operation(TEXT, TEXTS, c_size_t, POINTER(POINTER(Usergroups))),
    "xq_get_usergroup": _operation(c_int64, TEXT, POINTER(POINTER(Usergroups))),
    "xq_update_usergroup": _operation(c_int64, TEXT, TEXTS, c_size_t),
    "xq_add_usergroup_members": _operation(c_int64, TEXTS, c_size_t),
    "xq_remove_usergroup_members": _operation(c_int64, TEXTS, c_size_t),
    "xq_delete_usergroup": _operation(c_int64),
    "xq_contacts_free": (None, POINTER(Contacts)),
    "xq_add_contact": _operation(POINTER(NewContact), POINTER(c_int64)),
    "xq_get_contacts": _operation(c_int32, TEXT, c_int64, c_int64, POINTER(POINTER(Contacts))),
    "xq_disable_contact": _operation(c_int64),
    "xq_remove_contact": _operation(c_int64),
    "xq_communication_free": (None, POINTER(Communication)),
    "xq_get_communication_by_locator_token": _operation(TEXT, POINTER(POINTER(Communication))),
    "xq_add_labels_to_locator_token": _operation(TEXT, TEXTS, c_size_t),
    "xq_businesses_free": (None, POINTER(Businesses)),
    "xq_get_businesses": _operation(POINTER(POINTER(Businesses))),
    "xq_get_business_info": _operation(POINTER(POINTER(Businesses))),
    "xq_switch_business": _operation(c_int64, OUT),
    "xq_device_certificate_free": (None, POINTER(DeviceCertificate)),
    "xq_generate_device_certificate": _operation(TEXT, TEXT, POINTER(POINTER(DeviceCertificate))),
    "xq_token_expiration": _operation(c_int32, POINTER(c_int64)),
    "xq_request": _operation(POINTER(Request), POINTER(c_int32), OUT),
}
