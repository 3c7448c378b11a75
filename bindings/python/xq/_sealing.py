"""Messages and files are sealed for people, with keys that are stored for them."""

from collections.abc import Iterable
from ctypes import byref, c_int32, c_size_t
from typing import TYPE_CHECKING, Any, Optional, Union

from . import _c
from ._calls import Data, Path, c_number, c_path, c_texts, call_bytes
from ._client import Client
from ._enums import Algorithm
from ._library import _lib
from ._packets import PacketRow, packet_options, packet_rows
from ._seal_options import Options, Progress, open_file

if TYPE_CHECKING:
    from typing_extensions import Buffer


class Sealing(Client):
    """Keys, and sealing for people."""

    def get_entropy(self, bits: int, *, timeout: Optional[float] = None) -> str:
        """Fetches 1 to 8192 random bits from the service, as hexadecimal digits. Uses the network."""
        return self._call_text(timeout, _lib.xq_get_entropy, c_number("bits", bits, c_size_t))

    def generate_key(
        self, algorithm: int = Algorithm.DEFAULT, bits: int = 256, *, timeout: Optional[float] = None
    ) -> str:
        """Makes a key with its prefix, of the service's entropy and the system's. Uses the network; generate_key() outside of
        this class does not."""
        return self._call_text(
            timeout, _lib.xq_generate_key, c_number("algorithm", algorithm, c_int32), c_number("bits", bits, c_size_t)
        )

    def _pairs(self, timeout: Optional[float], function: Any, *arguments: Any) -> list[tuple[str, str]]:
        keys, locators = _c.LIST(), _c.LIST()
        self._call(timeout, function, *arguments, byref(keys), byref(locators))
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
        timeout: Optional[float] = None,
    ) -> list[tuple[str, str]]:
        """Makes many keys and stores them for the same people in one request; gives each key with its locator token. Uses
        the network."""
        people = c_texts("recipients", recipients)
        options = packet_options(type, expires_hours, subject, meta=meta)
        return self._pairs(
            timeout,
            _lib.xq_generate_multiple_keys_and_store_packets,
            c_number("count", count, c_size_t),
            c_number("algorithm", algorithm, c_int32),
            c_number("bits", bits, c_size_t),
            people,
            len(people),
            byref(options),
        )

    def generate_multiple_keys_and_store_packets_database(
        self,
        rows: Iterable[PacketRow],
        *,
        algorithm: int = Algorithm.DEFAULT,
        bits: int = 256,
        timeout: Optional[float] = None,
    ) -> list[tuple[str, str]]:
        """Makes a key for each row, whose own is not looked at, and stores them in one request; gives each key with its
        locator token. Uses the network."""
        structs = packet_rows(rows)
        return self._pairs(
            timeout,
            _lib.xq_generate_multiple_keys_and_store_packets_database,
            structs,
            len(structs),
            c_number("algorithm", algorithm, c_int32),
            c_number("bits", bits, c_size_t),
        )

    def encrypt_auto(
        self,
        data: "Buffer",
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
        timeout: Optional[float] = None,
    ) -> bytes:
        """Seals a message for people: makes a key, seals data (bytes or what has bytes) with its locator token in front, and
        stores the key. A key that is given is stored in place of one that is made; with its locator token, nothing is
        stored. Uses the network."""
        packet = packet_options(type, expires_hours, subject, labels=labels)
        options = Options(algorithm=algorithm, key=key, locator=locator, repeat_pad=repeat_pad, packet=packet)
        text, people = Data("data", data), c_texts("recipients", recipients)
        arguments = (text.pointer, text.length, people, len(people), byref(options.struct))
        return self._run(timeout, lambda api: call_bytes(_lib.xq_encrypt_auto, api, *arguments))

    def decrypt_auto(
        self,
        sealed: "Buffer",
        *,
        key: Optional[str] = None,
        locator: Optional[str] = None,
        timeout: Optional[float] = None,
    ) -> bytes:
        """Opens a message: fetches the key that the locator token in front stands for, or the one given for a message
        without. Uses the network unless a key is given."""
        options, text = Options(key=key, locator=locator), Data("sealed", sealed)
        arguments = (text.pointer, text.length, byref(options.struct))
        return self._run(timeout, lambda api: call_bytes(_lib.xq_decrypt_auto, api, *arguments))

    def encrypt_file(
        self,
        path: Path,
        sealed_path: Path,
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
        timeout: Optional[float] = None,
    ) -> None:
        """Seals a file for people, from file to file, whatever its size. Its name is sealed in it, and not told to the
        service. progress is told bytes done and bytes in all; what it raises stops the work. Uses the network."""
        packet = packet_options(type, expires_hours, subject, labels=labels)
        options = Options(
            algorithm=algorithm,
            key=key,
            name=name,
            overwrite=overwrite,
            repeat_pad=repeat_pad,
            progress=progress,
            packet=packet,
        )
        paths, people = (c_path("path", path), c_path("sealed_path", sealed_path)), c_texts("recipients", recipients)
        arguments = (*paths, people, len(people), byref(options.struct))
        self._run(timeout, lambda api: options.call(_lib.xq_encrypt_file, api, *arguments))

    def decrypt_file(
        self,
        sealed_path: Path,
        path: Path,
        *,
        key: Optional[str] = None,
        overwrite: bool = False,
        progress: Optional[Progress] = None,
        timeout: Optional[float] = None,
    ) -> str:
        """Opens a sealed file, whose key is fetched unless it is given; gives the path that it has now. Where path is a
        folder, the file goes into it under its own name, made harmless. Uses the network."""
        options = Options(key=key, overwrite=overwrite, progress=progress)
        return self._run(timeout, lambda api: open_file(api, sealed_path, path, options)[1])
