"""Sealing and opening chunk by chunk, whatever the size, without the network."""

import ctypes
from ctypes import byref, c_int32, c_size_t
from typing import TYPE_CHECKING, Any, Optional

from . import _c
from ._calls import Data, c_number, c_text, call
from ._enums import Form
from ._handles import Closing, Handle
from ._library import _lib
from ._seal_options import Options

if TYPE_CHECKING:
    from typing_extensions import Buffer


class Stream(Closing):
    """What Sealer and Opener share."""

    #: The most that comes out beyond what goes in: XQ_STREAM_FRONT_BYTES.
    _BEYOND = 2304

    def _output(self, function: Any, *arguments: Any, room: int) -> bytes:
        output, made = ctypes.create_string_buffer(room), c_size_t()
        with self._handle.in_use() as stream:
            call(function, stream, *arguments, output, room, byref(made))
        return ctypes.string_at(output, made.value)


class Sealer(Stream):
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
        options, out = Options(locator=locator, name=name, repeat_pad=repeat_pad), _c.SEALER()
        call(_lib.xq_sealer_new, c_text("key", key), byref(options.struct), byref(out))
        self._handle = Handle("Sealer", out, _lib.xq_sealer_free)

    def update(self, data: "Buffer") -> bytes:
        """Seals a chunk."""
        text, taken = Data("data", data), c_size_t()
        room = text.length + self._BEYOND
        return self._output(_lib.xq_sealer_update, text.pointer, text.length, byref(taken), room=room)

    def finish(self) -> bytes:
        """Ends what is sealed; without what it gives, nothing opens."""
        return self._output(_lib.xq_sealer_finish, room=self._BEYOND)


class Opener(Stream):
    """Opens a message or a file of any size, chunk by chunk. It belongs to one thread at a time.

    Under GCM, text comes out before it is known that nobody has changed it: keep it from everybody until finish() has
    returned, and throw it away where that raises.
    """

    def __init__(self, form: int = Form.MESSAGE, key: Optional[str] = None) -> None:
        """Without a key, update() stops behind the locator token, and set_key() goes on."""
        out = _c.OPENER()
        call(_lib.xq_opener_new, c_number("form", form, c_int32), c_text("key", key), byref(out))
        self._handle = Handle("Opener", out, _lib.xq_opener_free)
        self._kept = b""

    def update(self, sealed: "Buffer") -> bytes:
        """Opens a chunk. What comes before there is a key waits for it."""
        chunk = self._kept + bytes(sealed) if self._kept else sealed
        self._kept = b""
        text, taken = Data("sealed", chunk), c_size_t()
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
            call(_lib.xq_opener_set_key, opener, c_text("key", key))
        return self.update(b"") if self._kept else b""

    def finish(self) -> bytes:
        """Tells whether it is whole, and gives its end; what came out is to be thrown away where this raises."""
        return self._output(_lib.xq_opener_finish, room=self._BEYOND)
