"""The options of sealing and opening, and what is told meanwhile."""

import ctypes
from collections.abc import Callable
from ctypes import byref, c_char_p, c_int32
from typing import Any, Optional

from . import _c
from ._calls import Path, c_number, c_path, c_text, check
from ._enums import Algorithm
from ._library import _lib
from ._signals import by_the_caller

#: Told bytes done and bytes in all; what it raises stops the work.
Progress = Callable[[int, int], object]


class Options:
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
        packet: Optional[_c.PacketOptions] = None,
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

        self._packet, self._progress = packet, _c.PROGRESS() if progress is None else _c.PROGRESS(by_the_caller(tell))
        self.struct = _c.SealOptions(
            size=ctypes.sizeof(_c.SealOptions),
            algorithm=c_number("algorithm", algorithm, c_int32),
            repeat_pad=bool(repeat_pad),
            overwrite=bool(overwrite),
            key=c_text("key", key),
            locator=c_text("locator", locator),
            name=c_text("name", name),
            packet=None if packet is None else ctypes.pointer(packet),
            progress=self._progress,
        )

    def call(self, function: Any, *arguments: Any) -> None:
        """Makes a call, and raises what `progress` has raised."""
        error = _c.ERROR()
        status = function(*arguments, byref(error))
        if self.raised is not None:
            _lib.xq_error_free(error)
            raise self.raised
        check(status, error)


def open_file(api: Any, path: Path, opened_path: Path, options: Options) -> tuple[Optional[str], str]:
    """The name in a sealed file, and the path that the opened one has."""
    name, place = c_char_p(), c_char_p()
    paths = (c_path("sealed_path", path), c_path("path", opened_path))
    options.call(_lib.xq_decrypt_file, api, *paths, byref(options.struct), byref(name), byref(place))
    try:
        return None if name.value is None else name.value.decode(), (place.value or b"").decode()
    finally:
        _lib.xq_string_free(name)
        _lib.xq_string_free(place)
