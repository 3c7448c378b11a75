"""The library: where it is, and that it is the one that is meant."""

import ctypes
import ctypes.util
import os
import sys
from collections.abc import Iterator
from typing import Any

from . import _c


def _candidates() -> Iterator[str]:
    """Where the library may be, the likeliest first."""
    if os.environ.get("XQ_LIBRARY"):
        yield os.environ["XQ_LIBRARY"]
        return
    name = {"darwin": "libxq.dylib", "win32": "xq.dll"}.get(sys.platform, "libxq.so")
    packed = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
    if os.path.exists(packed):
        yield packed
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
        for name, (result, *arguments) in _c.PROTOTYPES.items():
            try:
                function = getattr(library, name)
            except AttributeError:
                raise ImportError(f"{path} has no {name}: it is older than this package, or not libxq") from None
            function.restype, function.argtypes = result, arguments
        return library
    raise ImportError(f"libxq was not found ({'; '.join(tried)}); XQ_LIBRARY is to name its path")


_lib = _load()
