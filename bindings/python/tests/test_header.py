"""What xq.py declares is as in include/xq.h: the types of functions, the fields of structs. tests/abi/covers.rs tells
whether a function is missing."""

import ctypes
import re
import unittest
from pathlib import Path

import xq

HEADER = (Path(__file__).parents[2] / "include" / "xq.h").read_text()
CODE = re.sub(r"^[ \t]*#.*$", "", re.sub(r"/\*.*?\*/", "", HEADER, flags=re.DOTALL), flags=re.MULTILINE)
CODE = re.sub(r"\bXQ_(NULLABLE|NONNULL) ", "", CODE)

TYPES = {
    "void": None,
    "char": ctypes.c_char,
    "int32_t": ctypes.c_int32,
    "int64_t": ctypes.c_int64,
    "uint32_t": ctypes.c_uint32,
    "uint64_t": ctypes.c_uint64,
    "size_t": ctypes.c_size_t,
    "xq_status_t": ctypes.c_int32,
    "xq_outcome_t": ctypes.c_int32,
    "xq_api_t": xq._Api,
    "xq_config_t": xq._Config,
    "xq_error_t": xq._Error,
    "xq_list_t": xq._List,
    "xq_packet_options_t": xq._PacketOptions,
    "xq_packet_row_t": xq._PacketRow,
    "xq_subscriber_t": xq._Subscriber,
    "xq_logger_t": xq._LOGGER,
    "uint8_t": ctypes.c_uint8,
    "xq_bytes_t": xq._Bytes,
    "xq_progress_t": xq._PROGRESS,
    "xq_seal_options_t": xq._SealOptions,
    "xq_sealer_t": xq._Sealer,
    "xq_opener_t": xq._Opener,
    "xq_usergroup_t": xq._Usergroup,
    "xq_usergroups_t": xq._Usergroups,
    "xq_new_contact_t": xq._NewContact,
    "xq_contact_t": xq._Contact,
    "xq_contacts_t": xq._Contacts,
    "xq_communication_t": xq._Communication,
    "xq_business_t": xq._Business,
    "xq_businesses_t": xq._Businesses,
    "xq_device_certificate_t": xq._DeviceCertificate,
    "xq_request_t": xq._Request,
}


def ctype(declaration):
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


def prototype(name):
    result, arguments = re.search(rf"^(\w[\w *]*?)\b{name}\(([^)]*)\);", CODE, re.MULTILINE).groups()
    arguments = [] if arguments.strip() == "void" else arguments.split(",")
    return (ctype(result), *map(ctype, arguments))


def fields(struct):
    body = re.search(rf"typedef struct {struct} \{{(.*?)\}} {struct};", CODE, re.DOTALL).group(1)
    for declaration in filter(None, map(str.strip, body.split(";"))):
        yield re.search(r"\w+$", declaration).group(), ctype(declaration)


class Header(unittest.TestCase):
    maxDiff = None

    def test_functions_are_those_of_the_header(self):
        self.assertEqual(xq._PROTOTYPES, {name: prototype(name) for name in xq._PROTOTYPES})

    def test_structs_are_those_of_the_header(self):
        structs = {name: kind for name, kind in TYPES.items() if hasattr(kind, "_fields_")}
        self.assertGreater(len(structs), 15)
        for name in structs:
            with self.subTest(name):
                self.assertEqual(TYPES[name]._fields_, list(fields(name)))

    def test_constants_are_those_of_the_header(self):
        enums = [("XQ_", xq.Status)]
        for kind in [xq.Algorithm, xq.Envelope, xq.Form, xq.Outcome, xq.Service, xq.Token]:
            enums.append((f"XQ_{kind.__name__.upper()}_", kind))
        for prefix, enum in enums:
            kind = f"xq_{enum.__name__.lower()}_t"
            body = re.search(rf"enum {kind} : int32_t\s*enum \w+\s*\{{(.*?)\}}", CODE, re.DOTALL).group(1)
            header = {name.removeprefix(prefix): int(value) for name, value in re.findall(r"(\w+) = (\d+)", body)}
            with self.subTest(kind):
                self.assertEqual({member.name: member.value for member in enum}, header)

    def test_each_status_has_a_class_of_its_own(self):
        self.assertEqual(set(xq._CLASSES), set(xq.Status) - {xq.Status.OK})
