"""What goes into a call and what comes out."""

import ctypes
import math
import os
from collections.abc import Iterable
from ctypes import byref, c_char_p, c_uint32
from typing import TYPE_CHECKING, Any, Optional, Union

from . import _c
from ._enums import Outcome, Status
from ._errors import CLASSES, Error, InvalidArgumentError
from ._library import _lib

if TYPE_CHECKING:
    from typing_extensions import Buffer

#: A path as the standard library takes it.
Path = Union[str, os.PathLike[str]]


def c_text(name: str, value: Optional[str]) -> Optional[bytes]:
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


def c_texts(name: str, values: Iterable[str]) -> Any:
    """A list of texts as C takes it; its length is the count."""
    if isinstance(values, str):
        raise TypeError(f"{name} is one str; expected a list of them")
    encoded = [c_text(f"{name}[{index}]", value) for index, value in enumerate(values)]
    return (c_char_p * len(encoded))(*encoded)


def c_path(name: str, value: Optional[Path]) -> Optional[bytes]:
    """A path as C takes it; None is NULL."""
    return c_text(name, None if value is None else os.fspath(value))


def c_number(name: str, value: int, kind: Any) -> Any:
    """A number as C takes it; ctypes by itself would cut off what does not fit."""
    number = kind(value)
    if number.value != value:
        raise InvalidArgumentError(f"{name} is {value}, which does not fit into {8 * ctypes.sizeof(kind)} bits")
    return number


def c_milliseconds(name: str, seconds: Optional[float]) -> Any:
    """A time limit as C takes it; 0 is none. Part of a millisecond counts as a whole one."""
    if seconds is None:
        return c_uint32(0)
    if not 0 < seconds < math.inf:
        raise InvalidArgumentError(f"{name} is {seconds}; expected seconds, more than 0")
    return c_number(f"{name} in milliseconds", math.ceil(seconds * 1000), c_uint32)


def check(status: int, error: Any, token: Optional[str] = None) -> None:
    """Raises what a failed call told, and frees it."""
    if status == Status.OK:
        return
    try:
        status = _lib.xq_error_status(error)
        failure = CLASSES.get(status, Error)(_lib.xq_error_message(error).decode())
        if status not in CLASSES:
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


def call(function: Any, *arguments: Any) -> None:
    """Calls what gives an error alone."""
    error = _c.ERROR()
    check(function(*arguments, byref(error)), error)


def call_text(function: Any, *arguments: Any) -> Optional[str]:
    """Calls what gives a string, which is wiped and freed once Python has its copy."""
    out, error = c_char_p(), _c.ERROR()
    status = function(*arguments, byref(out), byref(error))
    try:
        text = None if out.value is None else out.value.decode()
    finally:
        _lib.xq_string_free(out)
    check(status, error, text)
    return text


def call_list(function: Any, *arguments: Any) -> list[Optional[str]]:
    """Calls what gives a list, which is wiped and freed once Python has its copy."""
    out, error = _c.LIST(), _c.ERROR()
    check(function(*arguments, byref(out), byref(error)), error)
    try:
        items = (out.contents.items[index] for index in range(out.contents.count))
        return [None if item is None else item.decode() for item in items]
    finally:
        _lib.xq_list_free(out)


class Data:
    """Bytes as C takes them, without a copy where they can be written, and for bytes; its length is the length."""

    def __init__(self, name: str, value: "Buffer") -> None:
        if isinstance(value, str):
            raise TypeError(f"{name} is of type str; expected bytes")
        view = memoryview(value).cast("B")
        self.length = view.nbytes
        if view.readonly:
            self._held: Any = c_char_p(value if isinstance(value, bytes) else bytes(view))
        else:
            self._held = (ctypes.c_char * self.length).from_buffer(view)
        self.pointer = ctypes.cast(self._held, ctypes.c_void_p)


def call_bytes(function: Any, *arguments: Any) -> bytes:
    """Calls what gives bytes, which are wiped and freed once Python has its copy."""
    out, error = _c.BYTES(), _c.ERROR()
    check(function(*arguments, byref(out), byref(error)), error)
    try:
        return ctypes.string_at(out.contents.data, out.contents.length)
    finally:
        _lib.xq_bytes_free(out)


def known(value: int) -> Optional[int]:
    """A number that came out; -1 is what the service does not tell."""
    return None if value == -1 else value


def decoded(value: Optional[bytes]) -> Optional[str]:
    """Text that came out; NULL is None."""
    return None if value is None else value.decode()


def listed(items: Any, count: int) -> Optional[list[str]]:
    """Texts that came out; NULL is None."""
    return [items[index].decode() for index in range(count)] if items else None
