"""The library that is loaded, and what needs nothing of it but words."""

from ctypes import c_int32

from ._calls import Path, c_number, c_path, call_text
from ._enums import Feature
from ._library import _lib


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
    return str(_lib.xq_status_name(c_number("status", status, c_int32)), "utf-8")


def status_meaning(status: int) -> str:
    """What a status means, in one line, such as "a time limit passed"."""
    return str(_lib.xq_status_meaning(c_number("status", status, c_int32)), "utf-8")


def load_file_content(path: Path) -> str:
    """Reads a text file of at most 1 MiB, such as a key or a certificate, without a byte-order mark. No network."""
    return call_text(_lib.xq_load_file_content, c_path("path", path)) or ""
