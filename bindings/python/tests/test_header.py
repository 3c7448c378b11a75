"""What the package declares is as in include/xq.h: the types of functions, the fields of structs. tests/abi/covers.rs tells
whether a function is missing."""

import ctypes
import re
import unittest
from collections.abc import Iterator
from enum import IntEnum
from pathlib import Path
from typing import Any

import xq
from xq import _c
from xq._errors import CLASSES

HEADER = (Path(__file__).parents[3] / "include" / "xq.h").read_text()
CODE = re.sub(r"^[ \t]*#.*$", "", re.sub(r"/\*.*?\*/", "", HEADER, flags=re.DOTALL), flags=re.MULTILINE)
CODE = re.sub(r"\bXQ_(NULLABLE|NONNULL) ", "", CODE)

TYPES: dict[str, Any] = {
    "void": None,
    "char": ctypes.c_char,
    "int32_t": ctypes.c_int32,
    "int64_t": ctypes.c_int64,
    "uint32_t": ctypes.c_uint32,
    "uint64_t": ctypes.c_uint64,
    "size_t": ctypes.c_size_t,
    "xq_status_t": ctypes.c_int32,
    "xq_outcome_t": ctypes.c_int32,
    "xq_api_t": _c.Api,
    "xq_config_t": _c.Config,
    "xq_error_t": _c.Error,
    "xq_list_t": _c.List,
    "xq_packet_options_t": _c.PacketOptions,
    "xq_packet_row_t": _c.PacketRow,
    "xq_subscriber_t": _c.Subscriber,
    "xq_logger_t": _c.LOGGER,
    "uint8_t": ctypes.c_uint8,
    "xq_bytes_t": _c.Bytes,
    "xq_progress_t": _c.PROGRESS,
    "xq_seal_options_t": _c.SealOptions,
    "xq_sealer_t": _c.Sealer,
    "xq_opener_t": _c.Opener,
    "xq_usergroup_t": _c.Usergroup,
    "xq_usergroups_t": _c.Usergroups,
    "xq_new_contact_t": _c.NewContact,
    "xq_contact_t": _c.Contact,
    "xq_contacts_t": _c.Contacts,
    "xq_communication_t": _c.Communication,
    "xq_business_t": _c.Business,
    "xq_businesses_t": _c.Businesses,
    "xq_device_certificate_t": _c.DeviceCertificate,
    "xq_request_t": _c.Request,
}


def ctype(declaration: str) -> Any:
    """The type of `const char *const *name` and its like; the name may be missing where there is a star."""
    words = re.sub(r"\b(const|struct)\b", " ", declaration).replace("*", " * ").split()
    kind, stars = TYPES[words[0]], words.count("*")
    if kind is None and stars:
        kind, stars = ctypes.c_void_p, stars - 1
    if kind is ctypes.c_uint8 and stars:
        kind, stars = ctypes.c_void_p, stars - 1
    if kind is ctypes.c_char and stars:
        kind, stars = ctypes.c_char_p, stars - 1
    for _ in range(stars):
        kind = ctypes.POINTER(kind)
    return kind


def found(pattern: str, text: str, flags: int = 0) -> "re.Match[str]":
    match = re.search(pattern, text, flags)
    assert match, pattern
    return match


def prototype(name: str) -> tuple[Any, ...]:
    result, inputs = found(rf"^(\w[\w *]*?)\b{name}\(([^)]*)\);", CODE, re.MULTILINE).groups()
    arguments = [] if inputs.strip() == "void" else inputs.split(",")
    return (ctype(result), *map(ctype, arguments))


def fields(struct: str) -> Iterator[tuple[str, Any]]:
    body = found(rf"typedef struct {struct} \{{(.*?)\}} {struct};", CODE, re.DOTALL).group(1)
    for declaration in filter(None, map(str.strip, body.split(";"))):
        yield found(r"\w+$", declaration).group(), ctype(declaration)


class Header(unittest.TestCase):
    maxDiff = None

    def test_functions_are_those_of_the_header(self) -> None:
        self.assertEqual(_c.PROTOTYPES, {name: prototype(name) for name in _c.PROTOTYPES})

    def test_structs_are_those_of_the_header(self) -> None:
        structs = {name: kind for name, kind in TYPES.items() if hasattr(kind, "_fields_")}
        self.assertGreater(len(structs), 15)
        for name in structs:
            with self.subTest(name):
                self.assertEqual(TYPES[name]._fields_, list(fields(name)))

    def test_constants_are_those_of_the_header(self) -> None:
        enums: list[tuple[str, type[IntEnum]]] = [("XQ_", xq.Status)]
        for kind in [xq.Algorithm, xq.Envelope, xq.Form, xq.Outcome, xq.Service, xq.Token]:
            enums.append((f"XQ_{kind.__name__.upper()}_", kind))
        for prefix, enum in enums:
            name = f"xq_{enum.__name__.lower()}_t"
            body = found(rf"enum {name} : int32_t\s*enum \w+\s*\{{(.*?)\}}", CODE, re.DOTALL).group(1)
            header = {word.removeprefix(prefix): int(value) for word, value in re.findall(r"(\w+) = (\d+)", body)}
            with self.subTest(name):
                self.assertEqual({member.name: member.value for member in enum}, header)

    def test_each_status_has_a_class_of_its_own(self) -> None:
        self.assertEqual(set(CLASSES), set(xq.Status) - {xq.Status.OK})
