"""XQ from Python: the C library libxq through ctypes. Needs Python 3.9 or later, no compiler and no package.

XQ is encryption as a service: a program signs a person or a device in, hands the service a secret key with a list of
people, gets a locator token, and only those people get the key back.

    import xq

    with xq.API.from_environment() as api:              # XQ_API_KEY and friends
        api.authorize_user("jane@example.com")
        api.code_validate("004217")                     # the PIN from Jane's mail
        api.exchange_key()
        sealed = api.encrypt_auto(b"Meet me at noon.", ["joe@example.com"])

The library is looked for at the path in the environment variable XQ_LIBRARY; without it, beside this file, and then
where the system has its libraries. `import xq` raises ImportError where there is none.

What holds everywhere:

- A call that fails raises an xq.Error, of the class that belongs to its status. Its text never holds a secret.
- An API may be used from several threads at once: calls that use the network let other threads run meanwhile. It must
  not be used in a forked child, which makes its own.
- Every operation takes `timeout=`, the seconds that this call may take; API.derive(timeout=…) sets it for many.
  API.cancel() ends what is under way, and Ctrl-C ends a call of the main thread at once.
- libxq wipes what it frees. The str objects that come out belong to Python, which does not wipe them.
- include/xq.h tells more of each operation: API.get_packet() is xq_get_packet() there, and so on.
"""

import contextlib
import ctypes
import ctypes.util
import enum
import functools
import inspect
import math
import os
import queue
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from ctypes import POINTER, byref, c_char_p, c_int32, c_int64, c_size_t, c_uint32, c_uint64
from dataclasses import dataclass, field
from typing import Any, Callable, Optional, Union


class Status(enum.IntEnum):
    """How a call went."""

    OK = 0
    INVALID_ARGUMENT = 1
    CONFIGURATION = 2
    UNAUTHORIZED = 3
    REJECTED = 4
    SERVER = 5
    TIMEOUT = 6
    NETWORK = 7
    TLS = 8
    PROTOCOL = 9
    CRYPTO = 10
    FILE = 11
    INTERNAL = 12
    CANCELED = 13


class Outcome(enum.IntEnum):
    """Whether what a failed call asked for was carried out all the same; xq_error_outcome() in include/xq.h says of each
    call what a double means."""

    #: No: nothing was sent that could have been.
    NOT_SENT = 0
    #: No: the service says so (HTTP 3xx and 4xx).
    REFUSED = 1
    #: Perhaps, in whole or in part.
    UNKNOWN = 2
    #: Yes, but what the service gave cannot be used.
    DONE = 3


class Algorithm(enum.IntEnum):
    """What libxq seals with; see xq_algorithm_t in include/xq.h for what each is worth. GCM alone tells a changed text."""

    DEFAULT = 0
    GCM = 1
    CTR = 2
    OTP = 66


class Form(enum.IntEnum):
    """What an Opener is to open."""

    MESSAGE = 1
    FILE = 2


class Envelope(enum.IntEnum):
    """How a trusted range seals its replies, for Config.set_envelope(). Only GCM is authenticated."""

    CBC = 1
    CTR = 2
    GCM = 3


class Service(enum.IntEnum):
    """The services of XQ, for Config.set_service_url()."""

    SUBSCRIPTION = 0
    VALIDATION = 1
    DASHBOARD = 2
    QUANTUM = 3


class Roots(enum.IntEnum):
    """Who is trusted besides the program's own root certificates, for Config.set_roots()."""

    #: Mozilla's, as they were when libxq was built.
    BUILT_IN = 0
    #: The operating system's, as they are when an API is made.
    SYSTEM = 1
    #: Nobody.
    NONE = 2


class Token(enum.IntEnum):
    """The tokens that an API may hold, for API.token_expiration() and API.request()."""

    #: That of the dashboard for the dashboard, the access token for the other services; none where none is held.
    DEFAULT = 0
    ACCESS = 1
    DASHBOARD = 2
    NONE = 3


class Feature(enum.IntFlag):
    """What may be built into the library, for features(); bits of a later library are kept."""

    SOCKETS = 1
    TLS = 2
    FILES = 4


class Role(enum.IntEnum):
    """What a contact is to a business."""

    ADMIN = 1
    USER = 2
    VENDOR = 3
    CUSTOMER = 4
    SUPER_USER = 5
    DEVICE = 6


# --- Errors


class Error(Exception):
    """A call failed; str() of it is one sentence about why."""

    #: A Status, or the number of one that this module does not know yet.
    status: int = Status.INTERNAL
    #: The HTTP status of the service's reply, such as 403; 0 where there was no reply.
    http_status: int = 0
    #: Whether the same call, made again later with nothing changed, may succeed.
    can_retry: bool = False
    #: An Outcome. A call that makes something is safe to make again after NOT_SENT and REFUSED.
    outcome: int = Outcome.NOT_SENT
    #: The number of the request that failed, as in the log; 0 where there was none. The main thread's are counted by
    #: themselves, and those of a call with a timeout of its own.
    request: int = 0
    #: The function of include/xq.h that made it, such as "xq_get_packet", as in the log; "" where there was none.
    operation: str = ""
    #: The seconds after which the service asks to come back, or None where it does not say.
    retry_after: Optional[int] = None
    #: The reply to a call for many packets that could not be understood, or None. As secret as the keys in it.
    reply: Optional[str] = None
    #: The access token where a device was signed in and only its announcement failed, otherwise None. Secret.
    token: Optional[str] = None


class InvalidArgumentError(Error, ValueError):
    """An argument cannot be right, or what is used is closed. Nothing was sent."""

    status = Status.INVALID_ARGUMENT


class ConfigurationError(Error):
    """A setting is missing or cannot be right."""

    status = Status.CONFIGURATION


class UnauthorizedError(Error):
    """The API key, the token or the PIN is not accepted (HTTP 401), or the call needs a token and there is none."""

    status = Status.UNAUTHORIZED


class RejectedError(Error):
    """The service refused the request (any other HTTP 4xx); the text repeats its words."""

    status = Status.REJECTED


class ServerError(Error):
    """The service failed (HTTP 5xx)."""

    status = Status.SERVER


class TimeoutError(Error):
    """A time limit passed; outcome tells whether the request may have been carried out."""

    status = Status.TIMEOUT


class NetworkError(Error):
    """There was no connection, or it broke; outcome tells whether the request may have been carried out."""

    status = Status.NETWORK


class TLSError(Error):
    """The service's TLS certificate is not trusted, or there is no TLS."""

    status = Status.TLS


class ProtocolError(Error):
    """The reply makes no sense, or is larger than the configuration allows."""

    status = Status.PROTOCOL


class CryptoError(Error):
    """Something did not decrypt, or a key cannot be used."""

    status = Status.CRYPTO


class FileError(Error):
    """A file cannot be read or written."""

    status = Status.FILE


class InternalError(Error):
    """A defect in libxq. The API remains usable."""

    status = Status.INTERNAL


class CanceledError(Error):
    """The program stopped the work."""

    status = Status.CANCELED


_CLASSES: dict[int, type[Error]] = {kind.status: kind for kind in Error.__subclasses__()}


# --- The library


class _Api(ctypes.Structure):
    """xq_api_t, of which C tells no more."""


class _Config(ctypes.Structure):
    """xq_config_t, of which C tells no more."""


class _Error(ctypes.Structure):
    """xq_error_t, of which C tells no more."""


class _List(ctypes.Structure):
    """xq_list_t."""

    _fields_ = [("count", c_size_t), ("items", POINTER(c_char_p)), ("reply", c_char_p)]


class _PacketOptions(ctypes.Structure):
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


class _PacketRow(ctypes.Structure):
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


class _Subscriber(ctypes.Structure):
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


class _Usergroup(ctypes.Structure):
    """xq_usergroup_t."""

    _fields_ = [
        ("id", c_int64),
        ("name", c_char_p),
        ("business_id", c_int64),
        ("members", POINTER(c_char_p)),
        ("member_count", c_size_t),
    ]


class _Usergroups(ctypes.Structure):
    """xq_usergroups_t."""

    _fields_ = [("count", c_size_t), ("rows", POINTER(_Usergroup)), ("reply", c_char_p)]


class _NewContact(ctypes.Structure):
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


class _Contact(ctypes.Structure):
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


class _Contacts(ctypes.Structure):
    """xq_contacts_t."""

    _fields_ = [("count", c_size_t), ("rows", POINTER(_Contact)), ("reply", c_char_p)]


class _Communication(ctypes.Structure):
    """xq_communication_t."""

    _fields_ = [
        ("id", c_int64),
        ("locator_token", c_char_p),
        ("labels", POINTER(c_char_p)),
        ("label_count", c_size_t),
        ("reply", c_char_p),
    ]


class _Business(ctypes.Structure):
    """xq_business_t."""

    _fields_ = [("id", c_int64), ("name", c_char_p)]


class _Businesses(ctypes.Structure):
    """xq_businesses_t."""

    _fields_ = [("count", c_size_t), ("rows", POINTER(_Business)), ("reply", c_char_p)]


class _DeviceCertificate(ctypes.Structure):
    """xq_device_certificate_t."""

    _fields_ = [("id", c_int64), ("certificate", c_char_p), ("transport_key", c_char_p), ("private_key", c_char_p)]


class _Request(ctypes.Structure):
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


class _Bytes(ctypes.Structure):
    """xq_bytes_t."""

    _fields_ = [("length", c_size_t), ("data", ctypes.c_void_p)]


#: xq_progress_t.
_PROGRESS = ctypes.CFUNCTYPE(c_int32, ctypes.c_void_p, c_uint64, c_uint64)


class _SealOptions(ctypes.Structure):
    """xq_seal_options_t."""

    _fields_ = [
        ("size", c_size_t),
        ("algorithm", c_int32),
        ("repeat_pad", c_int32),
        ("overwrite", c_int32),
        ("key", c_char_p),
        ("locator", c_char_p),
        ("name", c_char_p),
        ("packet", POINTER(_PacketOptions)),
        ("progress", _PROGRESS),
        ("progress_context", ctypes.c_void_p),
    ]


class _Sealer(ctypes.Structure):
    """xq_sealer_t, of which C tells no more."""


class _Opener(ctypes.Structure):
    """xq_opener_t, of which C tells no more."""


#: xq_logger_t.
_LOGGER = ctypes.CFUNCTYPE(None, ctypes.c_void_p, c_int32, c_char_p)

_API = POINTER(_Api)
_CONFIG = POINTER(_Config)
_ERROR = POINTER(_Error)
_LIST = POINTER(_List)
_BYTES = POINTER(_Bytes)
_SEALER = POINTER(_Sealer)
_OPENER = POINTER(_Opener)
_OPTIONS = POINTER(_SealOptions)
_SIZE = POINTER(c_size_t)
_DATA = ctypes.c_void_p
_TEXT = c_char_p
_TEXTS = POINTER(c_char_p)
_OUT = POINTER(c_char_p)


def _setting(*inputs: Any) -> tuple[Any, ...]:
    return (c_int32, _CONFIG, *inputs, POINTER(_ERROR))


def _operation(*inputs: Any) -> tuple[Any, ...]:
    return (c_int32, _API, *inputs, POINTER(_ERROR))


# What each function gives, then what it takes, in the order of include/xq.h.
_PROTOTYPES: dict[str, tuple[Any, ...]] = {
    "xq_version": (_TEXT,),
    "xq_version_number": (ctypes.c_uint32,),
    "xq_features": (ctypes.c_uint32,),
    "xq_status_name": (_TEXT, c_int32),
    "xq_status_meaning": (_TEXT, c_int32),
    "xq_string_free": (None, _TEXT),
    "xq_list_free": (None, _LIST),
    "xq_error_status": (c_int32, _ERROR),
    "xq_error_message": (_TEXT, _ERROR),
    "xq_error_http_status": (c_int32, _ERROR),
    "xq_error_can_retry": (c_int32, _ERROR),
    "xq_error_outcome": (c_int32, _ERROR),
    "xq_error_request": (c_uint64, _ERROR),
    "xq_error_operation": (_TEXT, _ERROR),
    "xq_error_retry_after": (c_int64, _ERROR),
    "xq_error_reply": (_TEXT, _ERROR),
    "xq_error_free": (None, _ERROR),
    "xq_config_new": (_CONFIG,),
    "xq_config_free": (None, _CONFIG),
    "xq_config_read_environment": _setting(),
    "xq_config_set_api_key": _setting(_TEXT),
    "xq_config_set_dashboard_api_key": _setting(_TEXT),
    "xq_config_set_locator_key": _setting(_TEXT),
    "xq_config_set_envelope": _setting(c_int32),
    "xq_config_set_base_uri": _setting(_TEXT),
    "xq_config_set_service_url": _setting(c_int32, _TEXT),
    "xq_config_set_allow_plain_http": _setting(c_int32),
    "xq_config_set_connect_timeout_ms": _setting(c_uint32),
    "xq_config_set_timeout_ms": _setting(c_uint32),
    "xq_config_set_max_reply_bytes": _setting(c_size_t),
    "xq_config_set_roots": _setting(c_int32),
    "xq_config_set_ca_file": _setting(_TEXT),
    "xq_config_set_ca_memory": _setting(ctypes.c_void_p, c_size_t),
    "xq_config_set_proxy": _setting(_TEXT),
    "xq_config_set_user_agent_suffix": _setting(_TEXT),
    "xq_api_new": (c_int32, _CONFIG, POINTER(_API), POINTER(_ERROR)),
    "xq_api_derive": _operation(c_uint32, POINTER(_API)),
    "xq_api_cancel": _operation(),
    "xq_api_resume": _operation(),
    "xq_api_free": (None, _API),
    "xq_get_access_token": _operation(_OUT),
    "xq_set_access_token": _operation(_TEXT),
    "xq_get_dashboard_token": _operation(_OUT),
    "xq_set_dashboard_token": _operation(_TEXT),
    "xq_forget_tokens": _operation(),
    "xq_set_logger": _operation(_LOGGER, ctypes.c_void_p),
    "xq_authorize_user": _operation(_TEXT, _TEXT, _TEXT, c_int32, c_int32, _OUT),
    "xq_validate_api_key": _operation(_OUT),
    "xq_code_validate": _operation(_TEXT),
    "xq_exchange_key": _operation(_TEXT, c_int32, _OUT),
    "xq_exchange_for_subscription_token": _operation(_OUT),
    "xq_authorize_alias": _operation(_TEXT, _TEXT, _TEXT, _OUT),
    "xq_authorize_device": _operation(_TEXT, _TEXT, c_int32, _OUT),
    "xq_authorize_device_cert": _operation(c_int64, _TEXT, _TEXT, _TEXT, _TEXT, c_int32, _OUT),
    "xq_authorize_device_cert_memory": _operation(c_int64, _TEXT, _TEXT, _TEXT, _TEXT, c_int32, _OUT),
    "xq_announce_device": _operation(_TEXT),
    "xq_server_time": _operation(POINTER(c_int64)),
    "xq_load_file_content": (c_int32, _TEXT, _OUT, POINTER(_ERROR)),
    "xq_create_packet": _operation(_TEXT, _TEXTS, c_size_t, POINTER(_PacketOptions), _OUT),
    "xq_create_and_store_packet": _operation(_TEXT, _TEXTS, c_size_t, POINTER(_PacketOptions), _OUT),
    "xq_create_and_store_packets": _operation(
        _TEXTS, c_size_t, _TEXTS, c_size_t, POINTER(_PacketOptions), POINTER(_LIST)
    ),
    "xq_create_and_store_packets_batch": _operation(POINTER(_PacketRow), c_size_t, POINTER(_LIST)),
    "xq_add_packet": _operation(_TEXT, _OUT),
    "xq_get_packet": _operation(_TEXT, _OUT),
    "xq_get_packets": _operation(_TEXTS, c_size_t, POINTER(_LIST)),
    "xq_revoke_packet": _operation(_TEXT),
    "xq_grant_users": _operation(_TEXT, _TEXTS, c_size_t),
    "xq_revoke_users": _operation(_TEXT, _TEXTS, c_size_t),
    "xq_packet_expiration": _operation(_TEXT, POINTER(c_int64)),
    "xq_subscriber_free": (None, POINTER(_Subscriber)),
    "xq_deauthorize": _operation(),
    "xq_get_subscriber": _operation(POINTER(POINTER(_Subscriber))),
    "xq_delete_subscriber": _operation(),
    "xq_get_settings": _operation(POINTER(c_int32), POINTER(c_int32)),
    "xq_update_settings": _operation(c_int32, c_int32),
    "xq_authorize_delegate": _operation(_OUT),
    "xq_combine_authorizations": _operation(_TEXTS, c_size_t, _OUT, POINTER(c_int64)),
    "xq_get_entropy": _operation(c_size_t, _OUT),
    "xq_generate_key": _operation(c_int32, c_size_t, _OUT),
    "xq_generate_multiple_keys_and_store_packets": _operation(
        c_size_t, c_int32, c_size_t, _TEXTS, c_size_t, POINTER(_PacketOptions), POINTER(_LIST), POINTER(_LIST)
    ),
    "xq_generate_multiple_keys_and_store_packets_database": _operation(
        POINTER(_PacketRow), c_size_t, c_int32, c_size_t, POINTER(_LIST), POINTER(_LIST)
    ),
    "xq_encrypt_message": (
        c_int32, _TEXT, _TEXT, _DATA, c_size_t, _OPTIONS, POINTER(_BYTES), POINTER(_ERROR)
    ),
    "xq_decrypt_message": (c_int32, _TEXT, _DATA, c_size_t, POINTER(_BYTES), POINTER(_ERROR)),
    "xq_encrypt_auto": _operation(_DATA, c_size_t, _TEXTS, c_size_t, _OPTIONS, POINTER(_BYTES)),
    "xq_decrypt_auto": _operation(_DATA, c_size_t, _OPTIONS, POINTER(_BYTES)),
    "xq_sealed_locator": (c_int32, _DATA, c_size_t, _OUT, POINTER(_ERROR)),
    "xq_encrypt_file": _operation(_TEXT, _TEXT, _TEXTS, c_size_t, _OPTIONS),
    "xq_decrypt_file": _operation(_TEXT, _TEXT, _OPTIONS, _OUT, _OUT),
    "xq_sealer_new": (c_int32, _TEXT, _OPTIONS, POINTER(_SEALER), POINTER(_ERROR)),
    "xq_sealer_update": (c_int32, _SEALER, _DATA, c_size_t, _SIZE, _DATA, c_size_t, _SIZE, POINTER(_ERROR)),
    "xq_sealer_finish": (c_int32, _SEALER, _DATA, c_size_t, _SIZE, POINTER(_ERROR)),
    "xq_sealer_free": (None, _SEALER),
    "xq_opener_new": (c_int32, c_int32, _TEXT, POINTER(_OPENER), POINTER(_ERROR)),
    "xq_opener_set_key": (c_int32, _OPENER, _TEXT, POINTER(_ERROR)),
    "xq_opener_update": (c_int32, _OPENER, _DATA, c_size_t, _SIZE, _DATA, c_size_t, _SIZE, POINTER(_ERROR)),
    "xq_opener_finish": (c_int32, _OPENER, _DATA, c_size_t, _SIZE, POINTER(_ERROR)),
    "xq_opener_wants_key": (c_int32, _OPENER),
    "xq_opener_locator": (_TEXT, _OPENER),
    "xq_opener_name": (_TEXT, _OPENER),
    "xq_opener_free": (None, _OPENER),
    "xq_bytes_free": (None, _BYTES),
    "xq_dashboard_signup": _operation(_TEXT, _TEXT, c_int32, POINTER(c_int32)),
    "xq_send_login_link": _operation(_TEXT, _TEXT),
    "xq_dashboard_login": _operation(_TEXT, _TEXT, _TEXT, _TEXT, _OUT),
    "xq_login_verify": _operation(_OUT),
    "xq_validate_access_token": _operation(),
    "xq_exchange_for_dashboard_token": _operation(_TEXT, _OUT),
    "xq_usergroups_free": (None, POINTER(_Usergroups)),
    "xq_create_usergroup": _operation(_TEXT, _TEXTS, c_size_t, POINTER(POINTER(_Usergroups))),
    "xq_get_usergroup": _operation(c_int64, _TEXT, POINTER(POINTER(_Usergroups))),
    "xq_update_usergroup": _operation(c_int64, _TEXT, _TEXTS, c_size_t),
    "xq_add_usergroup_members": _operation(c_int64, _TEXTS, c_size_t),
    "xq_remove_usergroup_members": _operation(c_int64, _TEXTS, c_size_t),
    "xq_delete_usergroup": _operation(c_int64),
    "xq_contacts_free": (None, POINTER(_Contacts)),
    "xq_add_contact": _operation(POINTER(_NewContact), POINTER(c_int64)),
    "xq_get_contacts": _operation(c_int32, _TEXT, c_int64, c_int64, POINTER(POINTER(_Contacts))),
    "xq_disable_contact": _operation(c_int64),
    "xq_remove_contact": _operation(c_int64),
    "xq_communication_free": (None, POINTER(_Communication)),
    "xq_get_communication_by_locator_token": _operation(_TEXT, POINTER(POINTER(_Communication))),
    "xq_add_labels_to_locator_token": _operation(_TEXT, _TEXTS, c_size_t),
    "xq_businesses_free": (None, POINTER(_Businesses)),
    "xq_get_businesses": _operation(POINTER(POINTER(_Businesses))),
    "xq_get_business_info": _operation(POINTER(POINTER(_Businesses))),
    "xq_switch_business": _operation(c_int64, _OUT),
    "xq_device_certificate_free": (None, POINTER(_DeviceCertificate)),
    "xq_generate_device_certificate": _operation(_TEXT, _TEXT, POINTER(POINTER(_DeviceCertificate))),
    "xq_token_expiration": _operation(c_int32, POINTER(c_int64)),
    "xq_request": _operation(POINTER(_Request), POINTER(c_int32), _OUT),
}


def _candidates() -> Iterator[str]:
    """Where the library may be, the likeliest first."""
    if os.environ.get("XQ_LIBRARY"):
        yield os.environ["XQ_LIBRARY"]
        return
    name = {"darwin": "libxq.dylib", "win32": "xq.dll"}.get(sys.platform, "libxq.so")
    beside = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
    if os.path.exists(beside):
        yield beside
    yield name
    # A system without development files has the library under its versioned name alone, which this finds.
    found = ctypes.util.find_library("xq")
    if found:
        yield found


def _load() -> Any:
    tried = []
    for path in _candidates():
        try:
            library = ctypes.CDLL(path)
        except OSError as error:
            tried.append(str(error))
            continue
        for name, (result, *arguments) in _PROTOTYPES.items():
            try:
                function = getattr(library, name)
            except AttributeError:
                raise ImportError(f"{path} has no {name}: it is older than this module, or not libxq") from None
            function.restype, function.argtypes = result, arguments
        return library
    raise ImportError(f"libxq was not found ({'; '.join(tried)}); set XQ_LIBRARY to its path")


_lib = _load()


# --- What goes in and what comes out


def _text(name: str, value: Optional[str]) -> Optional[bytes]:
    """Text as C takes it; None is NULL."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise TypeError(f"{name} is of type {type(value).__name__}; expected str")
    if "\0" in value:
        raise InvalidArgumentError(f"{name} holds a NUL character")
    try:
        return value.encode()
    except UnicodeEncodeError:
        # The original exception holds the text, which may be a secret.
        raise InvalidArgumentError(f"{name} holds a character that UTF-8 does not have") from None


def _texts(name: str, values: Iterable[str]) -> Any:
    """A list of texts as C takes it; its length is the count."""
    if isinstance(values, str):
        raise TypeError(f"{name} is one str; expected a list of them")
    encoded = [_text(f"{name}[{index}]", value) for index, value in enumerate(values)]
    return (c_char_p * len(encoded))(*encoded)


def _path(name: str, value: "Optional[Union[str, os.PathLike[str]]]") -> Optional[bytes]:
    return _text(name, None if value is None else os.fspath(value))


def _number(name: str, value: int, kind: Any) -> Any:
    """A number as C takes it; ctypes by itself would cut off what does not fit."""
    number = kind(value)
    if number.value != value:
        raise InvalidArgumentError(f"{name} is {value}, which does not fit into {8 * ctypes.sizeof(kind)} bits")
    return number


def _milliseconds(name: str, seconds: Optional[float]) -> Any:
    """A time limit as C takes it; 0 is none. Part of a millisecond counts as a whole one."""
    if seconds is None:
        return c_uint32(0)
    if not 0 < seconds < math.inf:
        raise InvalidArgumentError(f"{name} is {seconds}; expected seconds, more than 0")
    return _number(f"{name} in milliseconds", math.ceil(seconds * 1000), c_uint32)


def _check(status: int, error: Any, token: Optional[str] = None) -> None:
    """Raises what a failed call told, and frees it."""
    if status == Status.OK:
        return
    try:
        status = _lib.xq_error_status(error)
        failure = _CLASSES.get(status, Error)(_lib.xq_error_message(error).decode())
        if status not in _CLASSES:
            failure.status = status
        failure.http_status = _lib.xq_error_http_status(error)
        failure.can_retry = bool(_lib.xq_error_can_retry(error))
        outcome = _lib.xq_error_outcome(error)
        failure.outcome = next((known for known in Outcome if known == outcome), outcome)
        failure.request = _lib.xq_error_request(error)
        failure.operation = _lib.xq_error_operation(error).decode()
        seconds = _lib.xq_error_retry_after(error)
        failure.retry_after = None if seconds < 0 else seconds
        reply = _lib.xq_error_reply(error)
        failure.reply = None if reply is None else reply.decode()
        failure.token = token
    finally:
        _lib.xq_error_free(error)
    raise failure


def _call(function: Any, *arguments: Any) -> None:
    error = _ERROR()
    _check(function(*arguments, byref(error)), error)


def _call_text(function: Any, *arguments: Any) -> Optional[str]:
    """Calls what gives a string, which is wiped and freed once Python has its copy."""
    out, error = c_char_p(), _ERROR()
    status = function(*arguments, byref(out), byref(error))
    try:
        text = None if out.value is None else out.value.decode()
    finally:
        _lib.xq_string_free(out)
    _check(status, error, text)
    return text


def _call_list(function: Any, *arguments: Any) -> list[Optional[str]]:
    """Calls what gives a list, which is wiped and freed once Python has its copy."""
    out, error = _LIST(), _ERROR()
    _check(function(*arguments, byref(out), byref(error)), error)
    try:
        items = (out.contents.items[index] for index in range(out.contents.count))
        return [None if item is None else item.decode() for item in items]
    finally:
        _lib.xq_list_free(out)


class _Data:
    """Bytes as C takes them, without a copy where they can be written, and for bytes; its length is the length."""

    def __init__(self, name: str, value: Any) -> None:
        if isinstance(value, str):
            raise TypeError(f"{name} is of type str; expected bytes")
        view = memoryview(value).cast("B") if not isinstance(value, bytes) else None
        self.length = len(value) if view is None else view.nbytes
        if view is None:
            self._held: Any = c_char_p(value)
        elif view.readonly:
            self._held = c_char_p(bytes(view))
        else:
            self._held = (ctypes.c_char * self.length).from_buffer(view)
        self.pointer = ctypes.cast(self._held, ctypes.c_void_p)


def _call_bytes(function: Any, *arguments: Any) -> bytes:
    """Calls what gives bytes, which are wiped and freed once Python has its copy."""
    out, error = _BYTES(), _ERROR()
    _check(function(*arguments, byref(out), byref(error)), error)
    try:
        return ctypes.string_at(out.contents.data, out.contents.length)
    finally:
        _lib.xq_bytes_free(out)


#: Told bytes done and bytes in all; what it raises stops the work.
Progress = Callable[[int, int], object]


class _Sealing:
    """Options of sealing and opening as C takes them, with what they borrow."""

    def __init__(
        self,
        *,
        algorithm: int = Algorithm.DEFAULT,
        key: Optional[str] = None,
        locator: Optional[str] = None,
        name: Optional[str] = None,
        overwrite: bool = False,
        repeat_pad: bool = False,
        progress: Optional[Progress] = None,
        packet: Optional[_PacketOptions] = None,
    ) -> None:
        self.raised: Optional[BaseException] = None

        def tell(_: Any, done: int, total: int) -> int:
            try:
                if progress is not None:
                    progress(done, total)
                return 0
            except BaseException as raised:  # It must not pass through C; it is raised once C has returned.
                self.raised = raised
                return 1

        self._packet, self._progress = packet, _PROGRESS() if progress is None else _PROGRESS(_by_the_caller(tell))
        self.struct = _SealOptions(
            size=ctypes.sizeof(_SealOptions),
            algorithm=_number("algorithm", algorithm, c_int32),
            repeat_pad=bool(repeat_pad),
            overwrite=bool(overwrite),
            key=_text("key", key),
            locator=_text("locator", locator),
            name=_text("name", name),
            packet=None if packet is None else ctypes.pointer(packet),
            progress=self._progress,
        )

    def call(self, function: Any, *arguments: Any) -> None:
        error = _ERROR()
        status = function(*arguments, byref(error))
        if self.raised is not None:
            _lib.xq_error_free(error)
            raise self.raised
        _check(status, error)


def _decrypt_file(api: Any, path: Any, opened_path: Any, options: _Sealing) -> tuple[Optional[str], str]:
    """The name in a sealed file, and the path that the opened one has."""
    name, place = c_char_p(), c_char_p()
    paths = (_path("sealed_path", path), _path("path", opened_path))
    options.call(_lib.xq_decrypt_file, api, *paths, byref(options.struct), byref(name), byref(place))
    try:
        return None if name.value is None else name.value.decode(), (place.value or b"").decode()
    finally:
        _lib.xq_string_free(name)
        _lib.xq_string_free(place)


class _Handle:
    """What C gave out, to be freed once no call is under way on it."""

    def __init__(self, name: str, pointer: Any, free: Callable[[Any], None]) -> None:
        self._name, self._pointer, self._free = name, pointer, free
        self._process = os.getpid()
        self._calls = 0
        self._closing = False
        self._changed = threading.Condition()

    @contextlib.contextmanager
    def in_use(self, *, closing: bool = False) -> Iterator[Any]:
        """What C gave out; `closing`: also while close() waits for other calls."""
        # Without the lock, which a thread of the parent may have held.
        if self._process != os.getpid():
            raise InvalidArgumentError(f"the {self._name} was made in another process, before fork()")
        with self._changed:
            if self._pointer is None or self._closing and not closing:
                raise InvalidArgumentError(f"the {self._name} is closed")
            pointer = self._pointer
            self._calls += 1
        try:
            yield pointer
        finally:
            with self._changed:
                self._calls -= 1
                self._changed.notify_all()

    def close(self) -> None:
        # What a parent shares with its forked child is the parent's to free, and its threads are not here to be waited for.
        if self._process != os.getpid():
            return
        with self._changed:
            self._closing = True
            self._changed.wait_for(lambda: self._calls == 0)
            pointer, self._pointer = self._pointer, None
        if pointer is not None:
            self._free(pointer)

    def __del__(self) -> None:
        self.close()


class _Closing:
    """A context manager that closes its handle at the end; garbage collection does so too."""

    _handle: _Handle

    def close(self) -> None:
        """Frees and wipes everything, once the calls under way have ended. Closing again does nothing."""
        self._handle.close()

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


# --- Ctrl-C
#
# Python runs a signal's handler in the main thread, between two steps of Python and not while that is inside C. So the main
# thread has its calls made by another and waits for it in Python, where what a handler raises arrives at once.


class _Job:
    """A call that another thread makes while the main thread waits."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self._work = work
        self._begun = self.done = False
        #: Nobody waits any more: one signal came while another was seen to.
        self.left = False
        self.result: Any = None
        self.error: Optional[BaseException] = None
        # What C has called back with, for the waiting thread: a function, its arguments, and where the answer goes.
        self._asked: Optional[tuple[Any, Any, Any]] = None
        self._changes: Any = queue.SimpleQueue()

    def do(self, worker: "_Worker") -> None:
        if self._begun:
            return
        self._begun = True
        _here.job = self
        try:
            self.result = self._work()
        except BaseException as error:  # It is raised in the thread that waits.
            self.error = error
        _here.job = None
        _idle.append(worker)
        self.done = True
        self._changes.put(None)

    def ask(self, function: Any, arguments: Any) -> Any:
        """Has the waiting thread run a function."""
        answers: Any = queue.SimpleQueue()
        self._asked = (function, arguments, answers)
        self._changes.put(None)
        answer, error = 1, None  # Which stops a file.
        while not self.left:
            try:
                answer, error = answers.get(timeout=0.1)
                break
            except queue.Empty:
                pass
        self._asked = None
        if error is not None:
            raise error
        return answer

    def wait(self) -> None:
        """Waits until it is done, and runs what is asked for. An exception may break it off anywhere; it is then called again."""
        answered = None
        while not self.done:
            asked = self._asked
            if asked is None or asked is answered:
                try:
                    # Not for ever: where locks cannot be interrupted, and where another thread had the signal.
                    self._changes.get(timeout=0.1)
                except queue.Empty:
                    pass
                continue
            function, arguments, answers = asked
            try:
                answers.put((function(*arguments), None))
            except Exception as error:
                answers.put((None, error))
            except BaseException:
                answers.put((None, None))
                raise
            answered = asked


class _Worker:
    """A thread that makes calls for the main thread, one at a time. It ends with the process."""

    def __init__(self) -> None:
        self._jobs: Any = queue.SimpleQueue()
        threading.Thread(target=self._work, name="xq", daemon=True).start()

    def _work(self) -> None:
        while True:
            self._jobs.get().do(self)

    def finish(self, job: _Job, stop: Callable[[], None]) -> Optional[BaseException]:
        """Returns once the job is done, whatever signals' handlers raise: with the first of that, which has stopped it."""
        try:
            # The second time it is not begun again.
            self._jobs.put(job)
            job.wait()
            return None
        except BaseException as raised:
            stop()
            self.finish(job, stop)
            return raised


#: `job` is what the thread at hand, a worker, is doing.
_here = threading.local()
#: Workers without a job: one, or several where a handler or a callback has made calls inside of a call.
_idle: list[_Worker] = []
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_idle.clear)


def _by_the_caller(function: Any) -> Any:
    """What C may call in place of a function, which then runs in the thread that has made the call."""

    def run(*arguments: Any) -> Any:
        job = getattr(_here, "job", None)
        return function(*arguments) if job is None else job.ask(function, arguments)

    return run


def _worker() -> Optional[_Worker]:
    """A worker for a call of the main thread; None for other threads, whom no signal reaches, and once Python is ending."""
    if threading.get_ident() != threading.main_thread().ident or sys.is_finalizing():
        return None
    try:
        return _idle.pop() if _idle else _Worker()
    except RuntimeError:  # No thread begins any more.
        return None


# --- Configuration


class Config(_Closing):
    """The settings that an API is made with.

    Each setter checks what it is given and raises ConfigurationError, leaving the setting as it was, where that cannot
    be right. None puts the default back.
    """

    def __init__(self) -> None:
        """Every setting at its default. The environment is not read."""
        self._handle = _Handle("configuration", _lib.xq_config_new(), _lib.xq_config_free)
        # libxq wants one thread at a time here.
        self._turn = threading.Lock()

    def __enter__(self) -> "Config":
        return self

    def _set(self, function: Any, *arguments: Any) -> None:
        with self._turn, self._handle.in_use() as config:
            _call(function, config, *arguments)

    def read_environment(self) -> None:
        """Takes settings over from XQ_API_KEY, XQ_DASHBOARD_API_KEY, XQ_LOCATOR_KEY, XQ_BASE_URI, XQ_SUBSCRIPTION_URL,
        XQ_VALIDATION_URL, XQ_DASHBOARD_URL, XQ_QUANTUM_URL and XQ_CA_FILE, where they are set and not empty."""
        self._set(_lib.xq_config_read_environment)

    def set_api_key(self, key: Optional[str]) -> None:
        """The general API key, which an API cannot be made without."""
        self._set(_lib.xq_config_set_api_key, _text("key", key))

    def set_dashboard_api_key(self, key: Optional[str]) -> None:
        """The API key for the dashboard service; by default the general one."""
        self._set(_lib.xq_config_set_dashboard_api_key, _text("key", key))

    def set_locator_key(self, key: Optional[str]) -> None:
        """The key that opens the replies of a trusted range, for API.authorize_device()."""
        self._set(_lib.xq_config_set_locator_key, _text("key", key))

    def set_envelope(self, envelope: Envelope) -> None:
        """How a trusted range is asked to seal its replies; by default Envelope.GCM, the only one that is
        authenticated."""
        self._set(_lib.xq_config_set_envelope, _number("envelope", envelope, c_int32))

    def set_base_uri(self, base: Optional[str]) -> None:
        """The services are at https://SERVICE.BASE; by default "xqmsg.net/v2/"."""
        self._set(_lib.xq_config_set_base_uri, _text("base", base))

    def set_service_url(self, service: Service, url: Optional[str]) -> None:
        """The whole address of one service, for private deployments and the emulator."""
        self._set(_lib.xq_config_set_service_url, _number("service", service, c_int32), _text("url", url))

    def set_allow_plain_http(self, allow: bool) -> None:
        """Whether http:// addresses may name other machines than this one. Everybody on the way can then read and
        change what is sent."""
        self._set(_lib.xq_config_set_allow_plain_http, c_int32(bool(allow)))

    def set_connect_timeout_ms(self, milliseconds: int) -> None:
        """How long a call may take to get a connection; by default 10,000 ms."""
        self._set(_lib.xq_config_set_connect_timeout_ms, _number("milliseconds", milliseconds, c_uint32))

    def set_timeout_ms(self, milliseconds: int) -> None:
        """How long one call may take, with all its requests; by default 30,000 ms. A call's own `timeout` goes first."""
        self._set(_lib.xq_config_set_timeout_ms, _number("milliseconds", milliseconds, c_uint32))

    def set_max_reply_bytes(self, size: int) -> None:
        """The largest reply that is accepted; by default 16,777,216 bytes."""
        self._set(_lib.xq_config_set_max_reply_bytes, _number("size", size, c_size_t))

    def set_roots(self, roots: Roots) -> None:
        """Whose root certificates are trusted besides the program's own; by default Roots.BUILT_IN."""
        self._set(_lib.xq_config_set_roots, _number("roots", roots, c_int32))

    def set_ca_file(self, path: "Optional[Union[str, os.PathLike[str]]]") -> None:
        """A PEM file of root certificates to trust besides."""
        self._set(_lib.xq_config_set_ca_file, _path("path", path))

    def set_ca_memory(self, pem: Any) -> None:
        """PEM of root certificates to trust besides, as bytes; None for none. It counts beside the file."""
        if pem is None:
            self._set(_lib.xq_config_set_ca_memory, None, 0)
            return
        text = _Data("pem", pem)
        self._set(_lib.xq_config_set_ca_memory, text.pointer, text.length)

    def set_proxy(self, url: Optional[str]) -> None:
        """An HTTP proxy, such as "http://name:password@proxy.example.com:3128"; by default there is none, whatever the
        environment says."""
        self._set(_lib.xq_config_set_proxy, _text("url", url))

    def set_user_agent_suffix(self, suffix: Optional[str]) -> None:
        """What tells this program in the user-agent header, such as "my-sensor/2.1"."""
        self._set(_lib.xq_config_set_user_agent_suffix, _text("suffix", suffix))


# --- Packets


@dataclass
class PacketRow:
    """One row for API.create_and_store_packets_batch()."""

    #: The key, not empty.
    key: str = field(repr=False)
    #: Who may have the key: email addresses, ID@group.local for a group, NAME@alias.local for an alias.
    recipients: Sequence[str]
    #: What the packet is for, by name ("msg", "file", …) or by number; None for "database".
    type: Union[str, int, None] = None
    #: How many units until the key expires.
    expires: int = 1
    #: The unit of expires; None for "days".
    unit: Optional[str] = None
    #: The row's title and labels. Not used where meta is given.
    title: Optional[str] = None
    labels: Sequence[str] = ()
    #: The row's metadata as the text of a JSON object.
    meta: Optional[str] = None

    def _fill(self, name: str, row: _PacketRow) -> None:
        recipients, labels = _texts(f"{name}.recipients", self.recipients), _texts(f"{name}.labels", self.labels)
        row.size = ctypes.sizeof(_PacketRow)
        row.key = _text(f"{name}.key", self.key)
        row.recipients, row.recipient_count = recipients, len(recipients)
        row.type, row.type_number = _packet_type(f"{name}.type", self.type)
        row.expires = _number(f"{name}.expires", self.expires, c_int64)
        row.unit = _text(f"{name}.unit", self.unit)
        row.title = _text(f"{name}.title", self.title)
        if labels:
            row.labels, row.label_count = labels, len(labels)
        row.meta = _text(f"{name}.meta", self.meta)


def _packet_type(name: str, value: Union[str, int, None]) -> tuple[Optional[bytes], c_int32]:
    """The name and the number of a type; -1 is the default of the call."""
    if value is None:
        return None, c_int32(-1)
    if isinstance(value, str):
        return _text(name, value), c_int32(-1)
    if value < 0:
        raise InvalidArgumentError(f"{name} is {value}; expected 0 or more")
    return None, _number(name, value, c_int32)


def _packet_options(
    type: Union[str, int, None],
    expires_hours: int,
    subject: Optional[str],
    labels: Iterable[str] = (),
    meta: Optional[str] = None,
) -> _PacketOptions:
    options = _PacketOptions(size=ctypes.sizeof(_PacketOptions))
    options.type, options.type_number = _packet_type("type", type)
    options.expires_hours = _number("expires_hours", expires_hours, c_int64)
    options.subject = _text("subject", subject)
    texts = _texts("labels", labels)
    if texts:
        options.labels, options.label_count = texts, len(texts)
    options.meta = _text("meta", meta)
    return options


# --- The account


@dataclass
class Subscriber:
    """Who is signed in. What the service does not tell is None."""

    id: Optional[int]
    user: Optional[str]
    first_name: Optional[str]
    last_name: Optional[str]
    #: The subscription, as the service names or numbers it.
    subscription: Optional[str]
    #: When the subscription starts and ends, in milliseconds since 1970.
    starts_ms: Optional[int]
    ends_ms: Optional[int]
    #: The reply as it came, JSON.
    reply: str = field(repr=False)


@dataclass
class Settings:
    """What a subscriber wants to be sent; None where the service does not tell."""

    newsletter: Optional[bool]
    #: 0 none, 1 usage reports, 2 tutorials, 3 both.
    notifications: Optional[int]


class Rows(list):
    """What came out of one call, row by row."""

    #: The reply as it came, JSON, with whatever else the service told.
    reply: str = ""


@dataclass
class Usergroup:
    """A group: a recipient "ID@group.local" of keys. What the service does not tell is None."""

    id: Optional[int]
    name: Optional[str]
    business_id: Optional[int]
    #: Addresses, and the JSON of a member that the service describes in another way; None in a list of all groups.
    members: Optional[list[str]]
    #: The reply to a call for this one alone, JSON, with whatever else the service told; in a list it is the list's.
    reply: str = field(default="", repr=False, compare=False)


@dataclass
class Contact:
    """A person or a device of a business. What the service does not tell is None."""

    id: Optional[int]
    email: Optional[str]
    first_name: Optional[str]
    last_name: Optional[str]
    title: Optional[str]
    #: A Role.
    role: Optional[int]
    #: The state, as the service names or numbers it.
    status: Optional[str]
    business_id: Optional[int]


@dataclass
class Communication:
    """A stored key as the dashboard shows it. What the service does not tell is None."""

    id: Optional[int]
    locator: Optional[str]
    labels: Optional[list[str]]
    #: The reply as it came, JSON.
    reply: str = field(repr=False)


@dataclass
class Business:
    """A business. What the service does not tell is None."""

    id: Optional[int]
    name: Optional[str]
    #: The reply to a call for this one alone, JSON, with whatever else the service told; in a list it is the list's.
    reply: str = field(default="", repr=False, compare=False)


@dataclass
class DeviceCertificate:
    """What a device signs in with, as API.authorize_device_cert_memory() takes it. The last two are secrets."""

    id: int
    certificate: str = field(repr=False)
    transport_key: str = field(repr=False)
    private_key: str = field(repr=False)


def _only(rows: Rows) -> Any:
    """The one row that came out, with the reply that it came in."""
    rows[0].reply = rows.reply
    return rows[0]


def _known(value: int) -> Optional[int]:
    return None if value == -1 else value


def _decoded(value: Optional[bytes]) -> Optional[str]:
    return None if value is None else value.decode()


def _listed(items: Any, count: int) -> Optional[list[str]]:
    return [items[index].decode() for index in range(count)] if items else None


def _usergroup(row: _Usergroup) -> Usergroup:
    members = _listed(row.members, row.member_count)
    return Usergroup(_known(row.id), _decoded(row.name), _known(row.business_id), members)


def _contact(row: _Contact) -> Contact:
    names = (_decoded(text) for text in (row.email, row.first_name, row.last_name, row.title))
    return Contact(_known(row.id), *names, _known(row.role), _decoded(row.status), _known(row.business_id))


# --- Operations


#: What is over at once.
_WITHOUT_NETWORK = {
    "derive",
    "cancel",
    "resume",
    "get_access_token",
    "set_access_token",
    "get_dashboard_token",
    "set_dashboard_token",
    "forget_tokens",
    "set_logger",
    "token_expiration",
}


def _with_timeouts(kind: type) -> type:
    """Has each operation of a class take `timeout`, in seconds, beside what it is declared with."""
    for name, method in list(vars(kind).items()):
        if inspect.isfunction(method) and not name.startswith("_") and name not in _WITHOUT_NETWORK:
            setattr(kind, name, _with_timeout(method))
    return kind


def _with_timeout(method: Any) -> Any:
    @functools.wraps(method)
    def limited(self: "API", *arguments: Any, timeout: Optional[float] = None, **named: Any) -> Any:
        if timeout is None:
            return method(self, *arguments, **named)
        with self._limited(timeout) as api:
            return method(api, *arguments, **named)

    declared = inspect.signature(method)
    extra = inspect.Parameter("timeout", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Optional[float])
    limited.__signature__ = declared.replace(parameters=[*declared.parameters.values(), extra])  # type: ignore[attr-defined]
    return limited


@_with_timeouts
class API(_Closing):
    """A client of the XQ services: keys, tokens and kept connections. It may be used from several threads at once.

    Every operation that uses the network also takes `timeout`: the seconds that this one call may take with all its
    requests, in place of Config.set_timeout_ms(). After that it raises TimeoutError.
    """

    def __init__(self, config: Config) -> None:
        """Copies the settings, and holds no token. Talks to nobody: the first call connects."""
        out = _API()
        with config._turn, config._handle.in_use() as settings:
            _call(_lib.xq_api_new, settings, byref(out))
        self._hold(out)

    def _hold(self, pointer: Any) -> None:
        """Takes over what C gave out."""
        # The main thread's calls have a handle of their own, so that Ctrl-C stops them and no other thread's.
        main = _API()
        try:
            _call(_lib.xq_api_derive, pointer, 0, byref(main))
        except Error:
            _lib.xq_api_free(pointer)
            raise

        def free(pointer: Any) -> None:
            _lib.xq_api_free(main)
            _lib.xq_api_free(pointer)

        self._main = main
        self._loggers = [_LOGGER()]
        #: Those of calls with a timeout.
        self._under_way: set[API] = set()
        self._stopped = False
        #: Whether a signal has stopped a call of the main thread, whose next call lets the handle go on.
        self._interrupted = False
        # Held again by a signal's handler that uses the API.
        self._turn = threading.RLock()
        self._handle = _Handle("API", pointer, free)

    @classmethod
    def from_environment(cls) -> "API":
        """An API with the settings of Config.read_environment()."""
        with Config() as config:
            config.read_environment()
            return cls(config)

    def __enter__(self) -> "API":
        return self

    def _run(self, call: Callable[[Any], Any]) -> Any:
        """Makes a call, with the handle for it."""
        worker = _worker()
        if worker is None:
            with self._handle.in_use() as api:
                return call(api)

        def work() -> Any:
            with self._handle.in_use():
                return call(self._main)

        job = _Job(work)
        if self._interrupted:
            self._go_on()
        try:
            error = worker.finish(job, self._interrupt) or job.error
        finally:
            job.left = True
        if error is None:
            return job.result
        try:
            raise error
        finally:
            del job, error  # They and this frame would keep each other.

    def _interrupt(self) -> None:
        self._interrupted = True
        with contextlib.suppress(InvalidArgumentError), self._handle.in_use(closing=True):
            _call(_lib.xq_api_cancel, self._main)

    def _go_on(self) -> None:
        with contextlib.suppress(InvalidArgumentError), self._handle.in_use(closing=True), self._turn:
            if not self._stopped:
                _call(_lib.xq_api_resume, self._main)
            self._interrupted = False

    def _call(self, function: Any, *arguments: Any) -> None:
        self._run(lambda api: _call(function, api, *arguments))

    def _call_text(self, function: Any, *arguments: Any) -> str:
        # A call that worked gives a string, but for the two below that may have no token.
        return self._run(lambda api: _call_text(function, api, *arguments)) or ""

    def _call_list(self, function: Any, *arguments: Any) -> list[Optional[str]]:
        return self._run(lambda api: _call_list(function, api, *arguments))

    # Limits and stopping

    def derive(self, *, timeout: Optional[float] = None) -> "API":
        """An API that shares the tokens, connections and settings of this one, and has a time limit for each call, a logger
        (none at first) and a cancel() of its own. It costs microseconds: one for each request that a server serves, say.

        timeout is in seconds; None is as long as here. The two are closed each by itself, in either order. No network.
        """
        out, limit = _API(), _milliseconds("timeout", timeout)
        with self._handle.in_use() as api:
            _call(_lib.xq_api_derive, api, limit, byref(out))
        made = API.__new__(type(self))
        vars(made).update(vars(self))
        made._hold(out)
        return made

    @contextlib.contextmanager
    def _limited(self, timeout: float) -> Iterator["API"]:
        """An API for one call, which is told in the log of this one and stopped with it."""
        with self.derive(timeout=timeout) as api:
            with self._turn:
                api._log(self._loggers[-1])
                self._under_way.add(api)
                if self._stopped:
                    api.cancel()
            try:
                yield api
            finally:
                with self._turn:
                    self._under_way.discard(api)

    def cancel(self) -> None:
        """Ends what is under way on this API within 100 milliseconds: each call raises CanceledError. So do calls that begin
        later, before they send anything, until resume(). From any thread; what derive() made goes on. No network."""
        with self._handle.in_use(closing=True) as api, self._turn:
            self._stopped = True
            for handle in (api, self._main):
                _call(_lib.xq_api_cancel, handle)
            for limited in self._under_way:
                limited.cancel()

    def resume(self) -> None:
        """Lets calls begin again after cancel(). No network."""
        with self._handle.in_use(closing=True) as api, self._turn:
            self._stopped = False
            for handle in (api, self._main):
                _call(_lib.xq_api_resume, handle)

    # Tokens

    def get_access_token(self) -> Optional[str]:
        """The token that requests carry, so that a program can keep it between runs; None where there is none."""
        return self._call_text(_lib.xq_get_access_token) or None

    def set_access_token(self, token: Optional[str]) -> None:
        """Takes a token kept from an earlier run. It is not checked with the service. None forgets the one held."""
        self._call(_lib.xq_set_access_token, _text("token", token))

    def get_dashboard_token(self) -> Optional[str]:
        """The dashboard token that is held, to be kept between runs; None where there is none."""
        return self._call_text(_lib.xq_get_dashboard_token) or None

    def set_dashboard_token(self, token: Optional[str]) -> None:
        """Takes a dashboard token kept from an earlier run; None forgets the one held."""
        self._call(_lib.xq_set_dashboard_token, _text("token", token))

    def forget_tokens(self) -> None:
        """Forgets and wipes both tokens. The service is not told: they remain valid there."""
        self._call(_lib.xq_forget_tokens)

    def set_logger(self, logger: Optional[Callable[[int, str], None]]) -> None:
        """Has each request told to logger(level, message): 1 error, 2 warning, 3 info. None tells nobody."""
        tell = lambda _, level, text: logger(level, text.decode())
        self._log(_LOGGER() if logger is None else _LOGGER(_by_the_caller(tell)))

    def _log(self, callback: Any) -> None:
        with self._handle.in_use() as api, self._turn:
            # All that were ever set are kept, before they are set: a call under way may still tell an earlier one.
            self._loggers.append(callback)
            for handle in (api, self._main):
                _call(_lib.xq_set_logger, handle, callback, None)

    # Signing in

    def validate_api_key(self) -> str:
        """Asks the service whether the API key is valid; its answer is JSON. Uses the network."""
        return self._call_text(_lib.xq_validate_api_key)

    def authorize_user(
        self,
        user: str,
        *,
        first_name: Optional[str] = None,
        last_name: Optional[str] = None,
        newsletter: bool = False,
        notifications: int = 0,
    ) -> str:
        """Asks for access for a person, who is mailed a PIN; the next step is code_validate(). Uses the network.

        notifications: 0 none, 1 usage reports, 2 tutorials, 3 both. Gives the pre-authorization token, which the API
        then holds.
        """
        return self._call_text(
            _lib.xq_authorize_user,
            _text("user", user),
            _text("first_name", first_name),
            _text("last_name", last_name),
            c_int32(bool(newsletter)),
            _number("notifications", notifications, c_int32),
        )

    def code_validate(self, pin: str) -> None:
        """Validates the PIN from the mail; the next step is exchange_key(). Uses the network.

        UnauthorizedError: it is not the right one. A PIN is text, since it may begin with zeros.
        """
        self._call(_lib.xq_code_validate, _text("pin", pin))

    def exchange_key(self, business: Optional[str] = None, *, selector: bool = False) -> str:
        """Exchanges the token whose PIN is validated for an access token, which the API then holds. Uses the network.

        business is the id of the business to sign in to. RejectedError: the PIN has not been validated.
        """
        return self._call_text(_lib.xq_exchange_key, _text("business", business), c_int32(bool(selector)))

    def exchange_for_subscription_token(self) -> str:
        """Exchanges the token of set_dashboard_token() for an access token, which the API then holds. Uses the
        network."""
        return self._call_text(_lib.xq_exchange_for_subscription_token)

    def authorize_alias(self, alias: str, *, first_name: Optional[str] = None, last_name: Optional[str] = None) -> str:
        """Signs in under an alias, without a PIN. Gives the access token, which the API then holds. Uses the
        network."""
        return self._call_text(
            _lib.xq_authorize_alias,
            _text("alias", alias),
            _text("first_name", first_name),
            _text("last_name", last_name),
        )

    # Devices

    def authorize_device(self, device: str, business: str, *, roaming: bool = True) -> str:
        """Signs in as a device of a business's trusted range and announces it. Uses the network, twice.

        Gives the access token, which the API then holds. Without roaming it is tied to the address that the device
        calls from. Where only the announcement failed, the exception has the token: call announce_device() again.
        """
        return self._call_text(
            _lib.xq_authorize_device, _text("device", device), _text("business", business), c_int32(bool(roaming))
        )

    def authorize_device_cert(
        self,
        certificate_id: int,
        certificate_path: "Union[str, os.PathLike[str]]",
        transport_path: "Union[str, os.PathLike[str]]",
        private_path: "Union[str, os.PathLike[str]]",
        *,
        device: Optional[str] = None,
        announce: bool = True,
    ) -> str:
        """Signs in as the device that holds a certificate, from the files client.crt, transport.key and client.key
        (PEM, base64 or DER). Uses the network, two or three times.

        Gives the access token, as authorize_device() does. FileError names the file that cannot be read.
        """
        return self._call_text(
            _lib.xq_authorize_device_cert,
            _number("certificate_id", certificate_id, c_int64),
            _path("certificate_path", certificate_path),
            _path("transport_path", transport_path),
            _path("private_path", private_path),
            _text("device", device),
            c_int32(bool(announce)),
        )

    def authorize_device_cert_memory(
        self,
        certificate_id: int,
        certificate: str,
        transport_key: str,
        private_key: str,
        *,
        device: Optional[str] = None,
        announce: bool = True,
    ) -> str:
        """As authorize_device_cert(), with the texts of the three files, the key in PEM or base64.

        Uses the network, two or three times.
        """
        return self._call_text(
            _lib.xq_authorize_device_cert_memory,
            _number("certificate_id", certificate_id, c_int64),
            _text("certificate", certificate),
            _text("transport_key", transport_key),
            _text("private_key", private_key),
            _text("device", device),
            c_int32(bool(announce)),
        )

    def announce_device(self, device: str) -> None:
        """Tells the dashboard of the device that is signed in, where that failed or was left out. Uses the network."""
        self._call(_lib.xq_announce_device, _text("device", device))

    def server_time(self) -> int:
        """Tells the time by the service's clock, in seconds since 1970. Uses the network."""
        seconds = c_int64()
        self._call(_lib.xq_server_time, byref(seconds))
        return seconds.value

    # Making packets of keys

    def create_packet(
        self,
        key: str,
        recipients: Iterable[str],
        *,
        type: Union[str, int, None] = None,
        expires_hours: int = 24,
        subject: Optional[str] = None,
    ) -> str:
        """Makes an encrypted packet of a key, which add_packet() stores. Uses the network.

        key is text, not empty: encode bytes, as base64 for example. recipients are email addresses, ID@group.local for
        a group, NAME@alias.local for an alias.
        """
        people = _texts("recipients", recipients)
        options = _packet_options(type, expires_hours, subject)
        return self._call_text(_lib.xq_create_packet, _text("key", key), people, len(people), byref(options))

    def create_and_store_packet(
        self,
        key: str,
        recipients: Iterable[str],
        *,
        type: Union[str, int, None] = None,
        expires_hours: int = 24,
        subject: Optional[str] = None,
        labels: Iterable[str] = (),
    ) -> str:
        """Makes and stores a packet of a key, as for create_packet(); gives its locator token, which recipients give to
        get_packet(). Uses the network."""
        people = _texts("recipients", recipients)
        options = _packet_options(type, expires_hours, subject, labels=labels)
        return self._call_text(_lib.xq_create_and_store_packet, _text("key", key), people, len(people), byref(options))

    def create_and_store_packets(
        self,
        keys: Iterable[str],
        recipients: Iterable[str],
        *,
        type: Union[str, int, None] = None,
        expires_hours: int = 24,
        subject: Optional[str] = None,
        meta: Optional[str] = None,
    ) -> list[str]:
        """Makes and stores a packet for each of many keys, in one request; gives their locator tokens in the keys'
        order. Uses the network.

        ProtocolError: the reply makes no sense, and the keys may be stored; the exception has the reply.
        """
        secrets, people = _texts("keys", keys), _texts("recipients", recipients)
        options = _packet_options(type, expires_hours, subject, meta=meta)
        locators = self._call_list(
            _lib.xq_create_and_store_packets, secrets, len(secrets), people, len(people), byref(options)
        )
        return [locator for locator in locators if locator is not None]

    def create_and_store_packets_batch(self, rows: Iterable[PacketRow]) -> list[str]:
        """Makes and stores a packet for each of many rows, which have recipients, expiry and metadata of their own, in
        one request; gives their locator tokens in the rows' order. Uses the network.

        ProtocolError: the reply makes no sense, and the keys may be stored; the exception has the reply.
        """
        rows = list(rows)
        structs = (_PacketRow * len(rows))()
        for index, row in enumerate(rows):
            row._fill(f"rows[{index}]", structs[index])
        locators = self._call_list(_lib.xq_create_and_store_packets_batch, structs, len(structs))
        return [locator for locator in locators if locator is not None]

    # Stored keys

    def add_packet(self, packet: str) -> str:
        """Stores a packet that create_packet() made; gives its locator token. Uses the network."""
        return self._call_text(_lib.xq_add_packet, _text("packet", packet))

    def get_packet(self, locator: str) -> str:
        """Fetches the key that a locator token stands for. Uses the network.

        RejectedError: it is expired, revoked or unknown, or not for the one who asks; the text has the service's
        reason.
        """
        return self._call_text(_lib.xq_get_packet, _text("locator", locator))

    def get_packets(self, locators: Iterable[str]) -> list[Optional[str]]:
        """Fetches many keys in one request, in the locators' order; None for each that the service does not give. Uses
        the network."""
        tokens = _texts("locators", locators)
        return self._call_list(_lib.xq_get_packets, tokens, len(tokens))

    def revoke_packet(self, locator: str) -> None:
        """Takes a key back for good: nobody gets it any more. Only its owner can. Uses the network."""
        self._call(_lib.xq_revoke_packet, _text("locator", locator))

    def grant_users(self, locator: str, recipients: Iterable[str]) -> None:
        """Lets more people have a key. Only its owner can. Uses the network."""
        people = _texts("recipients", recipients)
        self._call(_lib.xq_grant_users, _text("locator", locator), people, len(people))

    def revoke_users(self, locator: str, recipients: Iterable[str]) -> None:
        """Lets people have a key no more. Only its owner can. What they have fetched remains with them. Uses the
        network."""
        people = _texts("recipients", recipients)
        self._call(_lib.xq_revoke_users, _text("locator", locator), people, len(people))

    def packet_expiration(self, locator: str) -> int:
        """Tells how many seconds a key still lives. Uses the network."""
        seconds = c_int64()
        self._call(_lib.xq_packet_expiration, _text("locator", locator), byref(seconds))
        return seconds.value


    # Keys and sealing

    def get_entropy(self, bits: int) -> str:
        """Fetches 1 to 8192 random bits from the service, as hexadecimal digits. Uses the network."""
        return self._call_text(_lib.xq_get_entropy, _number("bits", bits, c_size_t))

    def generate_key(self, algorithm: int = Algorithm.DEFAULT, bits: int = 256) -> str:
        """Makes a key with its prefix, of the service's entropy and the system's. Uses the network; generate_key() outside of
        this class does not."""
        return self._call_text(
            _lib.xq_generate_key, _number("algorithm", algorithm, c_int32), _number("bits", bits, c_size_t)
        )

    def _pairs(self, function: Any, *arguments: Any) -> list[tuple[str, str]]:
        keys, locators = _LIST(), _LIST()
        self._call(function, *arguments, byref(keys), byref(locators))
        try:
            made = keys.contents
            items = [(made.items[i].decode(), locators.contents.items[i].decode()) for i in range(made.count)]
        finally:
            _lib.xq_list_free(keys)
            _lib.xq_list_free(locators)
        return items

    def generate_multiple_keys_and_store_packets(
        self,
        count: int,
        recipients: Iterable[str],
        *,
        algorithm: int = Algorithm.DEFAULT,
        bits: int = 256,
        type: Union[str, int, None] = None,
        expires_hours: int = 24,
        subject: Optional[str] = None,
        meta: Optional[str] = None,
    ) -> list[tuple[str, str]]:
        """Makes many keys and stores them for the same people in one request; gives each key with its locator token. Uses
        the network."""
        people = _texts("recipients", recipients)
        options = _packet_options(type, expires_hours, subject, meta=meta)
        return self._pairs(
            _lib.xq_generate_multiple_keys_and_store_packets,
            _number("count", count, c_size_t),
            _number("algorithm", algorithm, c_int32),
            _number("bits", bits, c_size_t),
            people,
            len(people),
            byref(options),
        )

    def generate_multiple_keys_and_store_packets_database(
        self, rows: Iterable[PacketRow], *, algorithm: int = Algorithm.DEFAULT, bits: int = 256
    ) -> list[tuple[str, str]]:
        """Makes a key for each row, whose own is not looked at, and stores them in one request; gives each key with its
        locator token. Uses the network."""
        rows = list(rows)
        structs = (_PacketRow * len(rows))()
        for index, row in enumerate(rows):
            row._fill(f"rows[{index}]", structs[index])
        return self._pairs(
            _lib.xq_generate_multiple_keys_and_store_packets_database,
            structs,
            len(structs),
            _number("algorithm", algorithm, c_int32),
            _number("bits", bits, c_size_t),
        )

    def encrypt_auto(
        self,
        data: Any,
        recipients: Iterable[str] = (),
        *,
        algorithm: int = Algorithm.DEFAULT,
        key: Optional[str] = None,
        locator: Optional[str] = None,
        type: Union[str, int, None] = None,
        expires_hours: int = 24,
        subject: Optional[str] = None,
        labels: Iterable[str] = (),
        repeat_pad: bool = False,
    ) -> bytes:
        """Seals a message for people: makes a key, seals data (bytes or what has bytes) with its locator token in front, and
        stores the key. A key that is given is stored in place of one that is made; with its locator token, nothing is
        stored. Uses the network."""
        packet = _packet_options(type, expires_hours, subject, labels=labels)
        options = _Sealing(algorithm=algorithm, key=key, locator=locator, repeat_pad=repeat_pad, packet=packet)
        text, people = _Data("data", data), _texts("recipients", recipients)
        arguments = (text.pointer, text.length, people, len(people), byref(options.struct))
        return self._run(lambda api: _call_bytes(_lib.xq_encrypt_auto, api, *arguments))

    def decrypt_auto(self, sealed: Any, *, key: Optional[str] = None, locator: Optional[str] = None) -> bytes:
        """Opens a message: fetches the key that the locator token in front stands for, or the one given for a message
        without. Uses the network unless a key is given."""
        options, text = _Sealing(key=key, locator=locator), _Data("sealed", sealed)
        arguments = (text.pointer, text.length, byref(options.struct))
        return self._run(lambda api: _call_bytes(_lib.xq_decrypt_auto, api, *arguments))

    def encrypt_file(
        self,
        path: "Union[str, os.PathLike[str]]",
        sealed_path: "Union[str, os.PathLike[str]]",
        recipients: Iterable[str],
        *,
        algorithm: int = Algorithm.DEFAULT,
        key: Optional[str] = None,
        name: Optional[str] = None,
        type: Union[str, int, None] = None,
        expires_hours: int = 24,
        subject: Optional[str] = None,
        labels: Iterable[str] = (),
        overwrite: bool = False,
        repeat_pad: bool = False,
        progress: Optional[Progress] = None,
    ) -> None:
        """Seals a file for people, from file to file, whatever its size. Its name is sealed in it, and not told to the
        service. progress is told bytes done and bytes in all; what it raises stops the work. Uses the network."""
        packet = _packet_options(type, expires_hours, subject, labels=labels)
        options = _Sealing(
            algorithm=algorithm,
            key=key,
            name=name,
            overwrite=overwrite,
            repeat_pad=repeat_pad,
            progress=progress,
            packet=packet,
        )
        paths, people = (_path("path", path), _path("sealed_path", sealed_path)), _texts("recipients", recipients)
        arguments = (*paths, people, len(people), byref(options.struct))
        self._run(lambda api: options.call(_lib.xq_encrypt_file, api, *arguments))

    def decrypt_file(
        self,
        sealed_path: "Union[str, os.PathLike[str]]",
        path: "Union[str, os.PathLike[str]]",
        *,
        key: Optional[str] = None,
        overwrite: bool = False,
        progress: Optional[Progress] = None,
    ) -> str:
        """Opens a sealed file, whose key is fetched unless it is given; gives the path that it has now. Where path is a
        folder, the file goes into it under its own name, made harmless. Uses the network."""
        options = _Sealing(key=key, overwrite=overwrite, progress=progress)
        return self._run(lambda api: _decrypt_file(api, sealed_path, path, options)[1])

    # The account

    def deauthorize(self) -> None:
        """Gives the access token up: the service no longer accepts it, and the API forgets it. Uses the network."""
        self._call(_lib.xq_deauthorize)

    def get_subscriber(self) -> Subscriber:
        """Tells who is signed in. Uses the network."""
        out = POINTER(_Subscriber)()
        self._call(_lib.xq_get_subscriber, byref(out))
        try:
            who = out.contents
            texts = (None if text is None else text.decode() for text in (who.user, who.first_name, who.last_name))
            number = lambda value: None if value == -1 else value
            subscription = None if who.subscription is None else who.subscription.decode()
            times = (number(who.starts_ms), number(who.ends_ms))
            return Subscriber(number(who.id), *texts, subscription, *times, who.reply.decode())
        finally:
            _lib.xq_subscriber_free(out)

    def delete_subscriber(self) -> None:
        """Deletes the subscriber who is signed in. This cannot be undone. Uses the network."""
        self._call(_lib.xq_delete_subscriber)

    def get_settings(self) -> Settings:
        """Tells what the subscriber wants to be sent. Uses the network."""
        newsletter, notifications = c_int32(), c_int32()
        self._call(_lib.xq_get_settings, byref(newsletter), byref(notifications))
        return Settings(
            None if newsletter.value == -1 else bool(newsletter.value),
            None if notifications.value == -1 else notifications.value,
        )

    def update_settings(self, *, newsletter: Optional[bool] = None, notifications: Optional[int] = None) -> None:
        """Changes what the subscriber wants to be sent; None leaves it as it is. Uses the network."""
        self._call(
            _lib.xq_update_settings,
            c_int32(-1 if newsletter is None else bool(newsletter)),
            _number("notifications", -1 if notifications is None else notifications, c_int32),
        )

    def authorize_delegate(self) -> str:
        """Gives a token for another program. The API keeps its own. Uses the network."""
        return self._call_text(_lib.xq_authorize_delegate)

    def combine_authorizations(self, tokens: Iterable[str]) -> tuple[str, int]:
        """Combines several access tokens into one, and tells how many went into it. Uses the network."""
        texts, merged = _texts("tokens", tokens), c_int64()

        def combine(api: Any, out: Any, error: Any) -> int:
            return _lib.xq_combine_authorizations(api, texts, len(texts), out, byref(merged), error)

        return self._run(lambda api: _call_text(combine, api)) or "", merged.value

    # The dashboard

    def _rows(self, kind: Any, free: Any, read: Callable[[Any], Any], function: Any, *arguments: Any) -> Rows:
        out = POINTER(kind)()
        self._call(function, *arguments, byref(out))
        try:
            rows = Rows(read(out.contents.rows[index]) for index in range(out.contents.count))
            rows.reply = out.contents.reply.decode()
            return rows
        finally:
            free(out)

    def _groups(self, function: Any, *arguments: Any) -> Rows:
        return self._rows(_Usergroups, _lib.xq_usergroups_free, _usergroup, function, *arguments)

    def _businesses(self, function: Any) -> Rows:
        read = lambda row: Business(_known(row.id), _decoded(row.name))
        return self._rows(_Businesses, _lib.xq_businesses_free, read, function)

    def dashboard_signup(self, email: str, *, password: Optional[str] = None, opt_in: bool = False) -> bool:
        """Registers somebody with the dashboard; False where the address was registered already. Uses the network."""
        already = c_int32()
        texts = _text("email", email), _text("password", password)
        self._call(_lib.xq_dashboard_signup, *texts, c_int32(bool(opt_in)), byref(already))
        return not already.value

    def send_login_link(self, email: str, *, host: Optional[str] = None) -> None:
        """Has a login link mailed, for dashboard_login(). Uses the network."""
        self._call(_lib.xq_send_login_link, _text("email", email), _text("host", host))

    def dashboard_login(
        self,
        email: Optional[str] = None,
        password: Optional[str] = None,
        *,
        code: Optional[str] = None,
        workspace: Optional[str] = None,
    ) -> str:
        """Logs in to the dashboard with a password, or with the code of a login link or the whole link; login_verify() is
        next. The access token stays as it is. Uses the network, but for a whole link."""
        names = {"email": email, "password": password, "code": code, "workspace": workspace}
        return self._call_text(_lib.xq_dashboard_login, *(_text(name, value) for name, value in names.items()))

    def login_verify(self) -> str:
        """Gets the dashboard token, which the API then holds. Uses the network."""
        return self._call_text(_lib.xq_login_verify)

    def validate_access_token(self) -> None:
        """Raises UnauthorizedError where the dashboard token is not good. Uses the network."""
        self._call(_lib.xq_validate_access_token)

    def exchange_for_dashboard_token(self, business: Optional[str] = None) -> str:
        """Gets a dashboard token for the access token; the API then holds both. Uses the network."""
        return self._call_text(_lib.xq_exchange_for_dashboard_token, _text("business", business))

    def create_usergroup(self, name: str, members: Iterable[str]) -> Usergroup:
        """Makes a group: "ID@group.local" is a recipient from then on. Uses the network."""
        texts = _texts("members", members)
        return _only(self._groups(_lib.xq_create_usergroup, _text("name", name), texts, len(texts)))

    def get_usergroups(self) -> Rows:
        """All groups, each a Usergroup, without their members. Uses the network."""
        return self._groups(_lib.xq_get_usergroup, c_int64(0), None)

    def get_usergroup(self, id: Optional[int] = None, *, name: Optional[str] = None) -> Usergroup:
        """The one group with this id or this name; RejectedError where there is none, or two have the name. Uses the
        network, by name twice."""
        if id is None and name is None or id == 0:
            raise InvalidArgumentError("expected the id of a group, 1 or more, or its name")
        number = _number("id", 0 if id is None else id, c_int64)
        return _only(self._groups(_lib.xq_get_usergroup, number, _text("name", name)))

    def update_usergroup(
        self, id: int, *, name: Optional[str] = None, members: Optional[Iterable[str]] = None
    ) -> None:
        """Changes a group's name, all its members, or both. Uses the network."""
        texts = None if members is None else _texts("members", members)
        count = 0 if texts is None else len(texts)
        # An empty list is not no list.
        pointer = (c_char_p * 1)() if texts is not None and not count else texts
        self._call(_lib.xq_update_usergroup, _number("id", id, c_int64), _text("name", name), pointer, count)

    def add_usergroup_members(self, id: int, members: Iterable[str]) -> None:
        """Adds members to a group. Two programs that do so at once can undo each other. Uses the network."""
        texts = _texts("members", members)
        self._call(_lib.xq_add_usergroup_members, _number("id", id, c_int64), texts, len(texts))

    def remove_usergroup_members(self, id: int, members: Iterable[str]) -> None:
        """Takes members out of a group. Two programs that do so at once can undo each other. Uses the network."""
        texts = _texts("members", members)
        self._call(_lib.xq_remove_usergroup_members, _number("id", id, c_int64), texts, len(texts))

    def delete_usergroup(self, id: int) -> None:
        """Deletes a group. Uses the network."""
        self._call(_lib.xq_delete_usergroup, _number("id", id, c_int64))

    def add_contact(
        self,
        email: str,
        *,
        first_name: Optional[str] = None,
        last_name: Optional[str] = None,
        title: Optional[str] = None,
        role: int = Role.USER,
        notifications: int = 0,
        overflow: Optional[bool] = None,
    ) -> int:
        """Adds a contact and gives its id. notifications: 0 none, 2 tutorials, 3 both. Uses the network."""
        contact = _NewContact(
            ctypes.sizeof(_NewContact),
            _text("email", email),
            _text("first_name", first_name),
            _text("last_name", last_name),
            _text("title", title),
            _number("role", role, c_int32),
            _number("notifications", notifications, c_int32),
            -1 if overflow is None else bool(overflow),
        )
        id = c_int64()
        self._call(_lib.xq_add_contact, byref(contact), byref(id))
        return id.value

    def get_contacts(
        self, *, role: int = 0, filter: Optional[str] = None, limit: int = 0, page: int = 0
    ) -> Rows:
        """The business's contacts, each a Contact, devices among them; what is 0 or None is not asked for. Uses the network."""
        numbers = _number("limit", limit, c_int64), _number("page", page, c_int64)
        arguments = _number("role", role, c_int32), _text("filter", filter), *numbers
        return self._rows(_Contacts, _lib.xq_contacts_free, _contact, _lib.xq_get_contacts, *arguments)

    def disable_contact(self, id: int) -> None:
        """Disables a contact, which stays in the list. Uses the network."""
        self._call(_lib.xq_disable_contact, _number("id", id, c_int64))

    def remove_contact(self, id: int) -> None:
        """Removes a contact for good. Uses the network."""
        self._call(_lib.xq_remove_contact, _number("id", id, c_int64))

    def get_communication_by_locator_token(self, locator: str) -> Communication:
        """What the dashboard knows of a stored key. Uses the network."""
        out = POINTER(_Communication)()
        self._call(_lib.xq_get_communication_by_locator_token, _text("locator", locator), byref(out))
        try:
            row = out.contents
            labels = _listed(row.labels, row.label_count)
            return Communication(_known(row.id), _decoded(row.locator_token), labels, row.reply.decode())
        finally:
            _lib.xq_communication_free(out)

    def add_labels_to_locator_token(self, locator: str, labels: Iterable[str]) -> None:
        """Adds labels to a stored key. Uses the network."""
        texts = _texts("labels", labels)
        self._call(_lib.xq_add_labels_to_locator_token, _text("locator", locator), texts, len(texts))

    def get_businesses(self) -> Rows:
        """The businesses, each a Business, that the one who is signed in may work in. Uses the network."""
        return self._businesses(_lib.xq_get_businesses)

    def get_business_info(self) -> Business:
        """The business that the dashboard token is for. Uses the network."""
        return _only(self._businesses(_lib.xq_get_business_info))

    def switch_business(self, id: int) -> str:
        """Gets a dashboard token for another business, which the API then holds. Uses the network."""
        return self._call_text(_lib.xq_switch_business, _number("id", id, c_int64))

    def generate_device_certificate(
        self, tag: str, *, folder: "Optional[Union[str, os.PathLike[str]]]" = None
    ) -> DeviceCertificate:
        """Has a certificate issued for a device, and writes its three files where a folder is named, each for its owner
        alone and none over another. Uses the network."""
        out = POINTER(_DeviceCertificate)()
        self._call(_lib.xq_generate_device_certificate, _text("tag", tag), _path("folder", folder), byref(out))
        try:
            made = out.contents
            texts = (text.decode() for text in (made.certificate, made.transport_key, made.private_key))
            return DeviceCertificate(made.id, *texts)
        finally:
            _lib.xq_device_certificate_free(out)

    # Any other call

    def request(
        self,
        method: str,
        service: Service,
        path: str = "",
        *,
        query: "Union[Mapping[str, str], Iterable[tuple[str, str]]]" = (),
        body: Optional[str] = None,
        token: int = Token.DEFAULT,
    ) -> tuple[int, str]:
        """Makes any other call of the services; gives the HTTP status and the reply's text. Uses the network."""
        pairs = list(query.items() if isinstance(query, Mapping) else query)
        names, values = (_texts(f"query[{at}]", [pair[at] for pair in pairs]) for at in (0, 1))
        given = _Request(
            ctypes.sizeof(_Request),
            _text("method", method),
            _number("service", service, c_int32),
            _text("path", path),
            names,
            values,
            len(pairs),
            _text("body", body),
            _number("token", token, c_int32),
        )
        status = c_int32()
        text = self._call_text(_lib.xq_request, byref(given), byref(status))
        return status.value, text

    def token_expiration(self, token: int = Token.ACCESS) -> Optional[int]:
        """When the token that is held ends, in seconds since 1970; None where it does not tell. No network."""
        seconds = c_int64()
        self._call(_lib.xq_token_expiration, _number("token", token, c_int32), byref(seconds))
        return _known(seconds.value)


# --- Functions


def version() -> str:
    """The version of the library that is loaded, such as "0.1.0"."""
    return str(_lib.xq_version(), "utf-8")


def version_number() -> int:
    """The same as a number: 1002003 is version 1.2.3."""
    return int(_lib.xq_version_number())


def features() -> Feature:
    """What is built into the library that is loaded, such as Feature.TLS | Feature.FILES."""
    return Feature(_lib.xq_features())


def status_name(status: int) -> str:
    """The name of a status, such as "XQ_TIMEOUT"; "unknown" where there is none."""
    return str(_lib.xq_status_name(_number("status", status, c_int32)), "utf-8")


def status_meaning(status: int) -> str:
    """What a status means, in one line, such as "a time limit passed"."""
    return str(_lib.xq_status_meaning(_number("status", status, c_int32)), "utf-8")


def load_file_content(path: "Union[str, os.PathLike[str]]") -> str:
    """Reads a text file of at most 1 MiB, such as a key or a certificate, without a byte-order mark. No network."""
    return _call_text(_lib.xq_load_file_content, _path("path", path)) or ""


# --- Sealing without the network


def generate_key(algorithm: int = Algorithm.DEFAULT, bits: int = 256) -> str:
    """Makes a key with its prefix, of the operating system's entropy alone. No network."""
    number, size = _number("algorithm", algorithm, c_int32), _number("bits", bits, c_size_t)
    return _call_text(_lib.xq_generate_key, None, number, size) or ""


def encrypt_message(
    key: str, data: Any, locator: Optional[str] = None, *, repeat_pad: bool = False
) -> bytes:
    """Seals a message, bytes or what has bytes, under a key in hand: with its locator token in front where one is given, bare
    otherwise. No network."""
    options, text = _Sealing(repeat_pad=repeat_pad), _Data("data", data)
    texts = (_text("key", key), _text("locator", locator))
    return _call_bytes(_lib.xq_encrypt_message, *texts, text.pointer, text.length, byref(options.struct))


def decrypt_message(key: str, data: Any) -> bytes:
    """Opens a message under a key in hand, with a locator token in front or without, in any algorithm that XQ programs have
    sealed with. No network."""
    text = _Data("data", data)
    return _call_bytes(_lib.xq_decrypt_message, _text("key", key), text.pointer, text.length)


def sealed_locator(data: Any) -> str:
    """Tells the locator token in front of a message or a file, of which the first 47 bytes are enough. No network."""
    text = _Data("data", data)
    return _call_text(_lib.xq_sealed_locator, text.pointer, text.length) or ""


def encrypt_file(
    key: str,
    locator: str,
    path: "Union[str, os.PathLike[str]]",
    sealed_path: "Union[str, os.PathLike[str]]",
    *,
    name: Optional[str] = None,
    overwrite: bool = False,
    repeat_pad: bool = False,
    progress: Optional[Progress] = None,
) -> None:
    """Seals a file under a key in hand, with its locator token and its name in front. No network."""
    options = _Sealing(
        key=key, locator=locator, name=name, overwrite=overwrite, repeat_pad=repeat_pad, progress=progress
    )
    paths = (_path("path", path), _path("sealed_path", sealed_path))
    options.call(_lib.xq_encrypt_file, None, *paths, None, 0, byref(options.struct))


def decrypt_file(
    key: str,
    sealed_path: "Union[str, os.PathLike[str]]",
    path: "Union[str, os.PathLike[str]]",
    *,
    overwrite: bool = False,
    progress: Optional[Progress] = None,
) -> Optional[str]:
    """Opens a sealed file under a key in hand; gives the name in it, which is somebody else's word and may be a whole path,
    or None where there is none that is text. No network."""
    return _decrypt_file(None, sealed_path, path, _Sealing(key=key, overwrite=overwrite, progress=progress))[0]


class _Stream(_Closing):
    """What Sealer and Opener share."""

    #: The most that comes out beyond what goes in: XQ_STREAM_FRONT_BYTES.
    _BEYOND = 2304

    def _output(self, function: Any, *arguments: Any, room: int) -> bytes:
        output, made = ctypes.create_string_buffer(room), c_size_t()
        with self._handle.in_use() as stream:
            _call(function, stream, *arguments, output, room, byref(made))
        return ctypes.string_at(output, made.value)


class Sealer(_Stream):
    """Seals a message or a file of any size, chunk by chunk. It belongs to one thread at a time.

        with xq.Sealer(key, locator) as sealer:
            for chunk in chunks:
                out.write(sealer.update(chunk))
            out.write(sealer.finish())
    """

    def __init__(
        self, key: str, locator: Optional[str] = None, *, name: Optional[str] = None, repeat_pad: bool = False
    ) -> None:
        """A bare message; one with its locator token in front; or, with a name too, a file."""
        options, out = _Sealing(locator=locator, name=name, repeat_pad=repeat_pad), _SEALER()
        _call(_lib.xq_sealer_new, _text("key", key), byref(options.struct), byref(out))
        self._handle = _Handle("Sealer", out, _lib.xq_sealer_free)

    def __enter__(self) -> "Sealer":
        return self

    def update(self, data: Any) -> bytes:
        """Seals a chunk."""
        text, taken = _Data("data", data), c_size_t()
        room = text.length + self._BEYOND
        return self._output(_lib.xq_sealer_update, text.pointer, text.length, byref(taken), room=room)

    def finish(self) -> bytes:
        """Ends what is sealed; without what it gives, nothing opens."""
        return self._output(_lib.xq_sealer_finish, room=self._BEYOND)


class Opener(_Stream):
    """Opens a message or a file of any size, chunk by chunk. It belongs to one thread at a time.

    Under GCM, text comes out before it is known that nobody has changed it: keep it from everybody until finish() has
    returned, and throw it away where that raises.
    """

    def __init__(self, form: int = Form.MESSAGE, key: Optional[str] = None) -> None:
        """Without a key, update() stops behind the locator token, and set_key() goes on."""
        out = _OPENER()
        _call(_lib.xq_opener_new, _number("form", form, c_int32), _text("key", key), byref(out))
        self._handle = _Handle("Opener", out, _lib.xq_opener_free)
        self._kept = b""

    def __enter__(self) -> "Opener":
        return self

    def update(self, sealed: Any) -> bytes:
        """Opens a chunk. What comes before there is a key waits for it."""
        chunk = self._kept + bytes(sealed) if self._kept else sealed
        self._kept = b""
        text, taken = _Data("sealed", chunk), c_size_t()
        room = text.length + self._BEYOND
        opened = self._output(_lib.xq_opener_update, text.pointer, text.length, byref(taken), room=room)
        if taken.value < text.length:
            self._kept = bytes(memoryview(chunk)[taken.value :])
        return opened

    @property
    def wants_key(self) -> bool:
        """Whether nothing more comes out before there is a key."""
        with self._handle.in_use() as opener:
            return bool(_lib.xq_opener_wants_key(opener))

    @property
    def locator(self) -> Optional[str]:
        """The locator token in front, once it has been seen; None in a message without one."""
        with self._handle.in_use() as opener:
            text = _lib.xq_opener_locator(opener)
            return None if text is None else text.decode()

    @property
    def name(self) -> Optional[str]:
        """The name in a file, once text comes out: somebody else's word; None where it has none that is text."""
        with self._handle.in_use() as opener:
            text = _lib.xq_opener_name(opener)
            return None if text is None else text.decode()

    def set_key(self, key: str) -> bytes:
        """Gives the key, and gives out what has waited for it."""
        with self._handle.in_use() as opener:
            _call(_lib.xq_opener_set_key, opener, _text("key", key))
        return self.update(b"") if self._kept else b""

    def finish(self) -> bytes:
        """Tells whether it is whole, and gives its end; what came out is to be thrown away where this raises."""
        return self._output(_lib.xq_opener_finish, room=self._BEYOND)
