"""Builds libxq and packs it into the wheel: a hook of hatchling's. README.md says what it needs."""

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from packaging.tags import platform_tags
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
#: As xq/_library.py looks for it.
NAME = {"darwin": "libxq.dylib", "win32": "xq.dll"}.get(sys.platform, "libxq.so")


class Library(BuildHookInterface[Any]):
    """Puts the library beside the package's modules."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Is called before anything is packed."""
        if self.target_name == "sdist":
            sys.exit(
                "There is no source archive of libxq for Python alone, which would be without the library's source:"
                " build a wheel from the repository or from libxq's own source archive."
            )
        # Then the modules are not where the library would go, and XQ_LIBRARY names one.
        if version == "editable":
            return
        library = built()
        # What is for another machine cannot be asked.
        if "_PYTHON_HOST_PLATFORM" not in os.environ:
            check(library, Version(self.metadata.version))
        # It is there until the wheel is written.
        self.folder = tempfile.TemporaryDirectory()
        build_data["force_include"][stripped(library, self.folder.name)] = f"xq/{NAME}"
        build_data["pure_python"] = False
        # It goes with any Python, being no extension module.
        build_data["tag"] = f"py3-none-{platform()}"


def built() -> Path:
    """The library: the one that XQ_BUILT names, or else a new one."""
    given = os.environ.get("XQ_BUILT")
    if given:
        return Path(given)
    build = str(ROOT / "packaging" / "build.sh")
    if subprocess.run([build]).returncode:
        sys.exit("packaging/build.sh could not build libxq, which takes Rust and a C compiler; XQ_BUILT names one.")
    where = subprocess.run([build, "--where"], check=True, stdout=subprocess.PIPE, text=True).stdout
    return ROOT / where.strip() / NAME


def check(library: Path, expected: Version) -> None:
    """Refuses what is not libxq, of this version and for this machine."""
    try:
        version = ctypes.CDLL(str(library)).xq_version
    except (OSError, AttributeError) as error:
        sys.exit(f"{library} is not libxq for this machine: {error}")
    version.restype = ctypes.c_char_p
    if Version(version().decode()) != expected:
        sys.exit(f"{library} is libxq {version().decode()}; expected {expected}")


def stripped(library: Path, folder: str) -> str:
    """A copy with the symbols that programs link with and no others, as packaging/install.sh makes it."""
    copy = shutil.copy(library, Path(folder, NAME))
    strip = os.environ.get("CROSS_COMPILE", "") + "strip"
    try:
        subprocess.run([strip, "-x" if sys.platform == "darwin" else "--strip-unneeded", copy], check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"{NAME} has its symbols still: {error}", file=sys.stderr)
    return str(copy)


def platform() -> str:
    """This machine, as wheels name it; `auditwheel repair` tells manylinux."""
    return next(tag for tag in platform_tags() if not tag.startswith(("manylinux", "musllinux")))
