"""Sealing and opening under a key in hand, without the network."""

from ctypes import byref, c_int32, c_size_t
from typing import TYPE_CHECKING, Optional

from ._calls import Data, Path, c_number, c_path, c_text, call_bytes, call_text
from ._enums import Algorithm
from ._library import _lib
from ._seal_options import Options, Progress, open_file

if TYPE_CHECKING:
    from typing_extensions import Buffer


def generate_key(algorithm: int = Algorithm.DEFAULT, bits: int = 256) -> str:
    """Makes a key with its prefix, of the operating system's entropy alone. No network."""
    number, size = c_number("algorithm", algorithm, c_int32), c_number("bits", bits, c_size_t)
    return call_text(_lib.xq_generate_key, None, number, size) or ""


def encrypt_message(key: str, data: "Buffer", locator: Optional[str] = None, *, repeat_pad: bool = False) -> bytes:
    """Seals a message, bytes or what has bytes, under a key in hand: with its locator token in front where one is given, bare
    otherwise. No network."""
    options, text = Options(repeat_pad=repeat_pad), Data("data", data)
    texts = (c_text("key", key), c_text("locator", locator))
    return call_bytes(_lib.xq_encrypt_message, *texts, text.pointer, text.length, byref(options.struct))


def decrypt_message(key: str, data: "Buffer") -> bytes:
    """Opens a message under a key in hand, with a locator token in front or without, in any algorithm that XQ programs have
    sealed with. No network."""
    text = Data("data", data)
    return call_bytes(_lib.xq_decrypt_message, c_text("key", key), text.pointer, text.length)


def sealed_locator(data: "Buffer") -> str:
    """Tells the locator token in front of a message or a file, of which the first 47 bytes are enough. No network."""
    text = Data("data", data)
    return call_text(_lib.xq_sealed_locator, text.pointer, text.length) or ""


def encrypt_file(
    key: str,
    locator: str,
    path: Path,
    sealed_path: Path,
    *,
    name: Optional[str] = None,
    overwrite: bool = False,
    repeat_pad: bool = False,
    progress: Optional[Progress] = None,
) -> None:
    """Seals a file under a key in hand, with its locator token and its name in front. No network."""
    options = Options(
        key=key, locator=locator, name=name, overwrite=overwrite, repeat_pad=repeat_pad, progress=progress
    )
    paths = (c_path("path", path), c_path("sealed_path", sealed_path))
    options.call(_lib.xq_encrypt_file, None, *paths, None, 0, byref(options.struct))


def decrypt_file(
    key: str,
    sealed_path: Path,
    path: Path,
    *,
    overwrite: bool = False,
    progress: Optional[Progress] = None,
) -> Optional[str]:
    """Opens a sealed file under a key in hand; gives the name in it, which is somebody else's word and may be a whole path,
    or None where there is none that is text. No network."""
    return open_file(None, sealed_path, path, Options(key=key, overwrite=overwrite, progress=progress))[0]
