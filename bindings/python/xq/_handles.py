"""What C gives out and takes back: freed once, when nobody uses it any more."""

import contextlib
import os
import threading
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from ._errors import InvalidArgumentError


class Handle:
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
        """Frees it, once the calls under way have ended."""
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


Self = TypeVar("Self", bound="Closing")


class Closing:
    """A context manager that closes its handle at the end; garbage collection does so too."""

    _handle: Handle

    def close(self) -> None:
        """Frees and wipes everything, once the calls under way have ended. Closing again does nothing."""
        self._handle.close()

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
