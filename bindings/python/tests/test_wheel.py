"""What is in the wheel, and what no wheel is made of."""

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import xq
from xq._library import _lib

ROOT = Path(__file__).parents[3]
PROJECT = ROOT / "bindings" / "python"
PACKAGE = Path(xq.__file__).parent
WHEEL = os.environ["XQ_WHEEL"]
LIBRARY = {"darwin": "libxq.dylib"}.get(sys.platform, "libxq.so")


class Installed(unittest.TestCase):
    distribution = importlib.metadata.distribution("libxq")

    def test_the_package_and_the_library_are_the_installed_ones(self) -> None:
        self.assertEqual(PACKAGE, Path(str(self.distribution.locate_file("xq"))))
        self.assertNotIn(PROJECT, PACKAGE.parents)
        self.assertEqual(Path(_lib._name), PACKAGE / LIBRARY)

    def test_the_version_is_that_of_cargo(self) -> None:
        version = re.search(r'^version = "(.*)"', (ROOT / "Cargo.toml").read_text(), re.MULTILINE)
        assert version
        self.assertEqual((self.distribution.version, xq.version()), (version[1], version[1]))

    def test_it_is_for_any_python_and_for_this_platform(self) -> None:
        wheel = self.distribution.read_text("WHEEL") or ""
        self.assertRegex(wheel, "(?m)^Root-Is-Purelib: false$")
        [tag] = re.findall("(?m)^Tag: (.*)$", wheel)
        self.assertRegex(tag, r"^py3-none-(linux|macosx)_\w+$")

    def test_it_says_what_it_is_licensed_under(self) -> None:
        packed = {path.name: path for path in self.distribution.files or [] if path.parent.name == "licenses"}
        names = {"LICENSE-MIT", "LICENSE-APACHE", "THIRD-PARTY.md"}
        self.assertEqual(set(packed), {name for name in names if (ROOT / name).exists()})
        self.assertEqual(set(self.distribution.metadata.get_all("License-File") or []), set(packed))
        for name, path in packed.items():
            self.assertEqual(path.read_text(), (ROOT / name).read_text())

    def test_it_has_its_types_and_no_symbols_that_nobody_needs(self) -> None:
        self.assertTrue((PACKAGE / "py.typed").exists())
        self.assertFalse(b".symtab" in (PACKAGE / LIBRARY).read_bytes(), "the library is not stripped")

    def test_without_a_packed_library_it_is_the_systems(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(PACKAGE, Path(folder, "xq"), ignore=shutil.ignore_patterns(LIBRARY))
            path = {"PYTHONPATH": folder, "LD_LIBRARY_PATH": str(PACKAGE), "DYLD_LIBRARY_PATH": str(PACKAGE)}
            program = "import xq; print(xq.__file__, xq._library._lib._name, xq.version())"
            told = subprocess.check_output([sys.executable, "-c", program], env={**os.environ, **path}, text=True)
            self.assertEqual(told.split(), [str(Path(folder, "xq", "__init__.py")), LIBRARY, xq.version()])


class Refusals(unittest.TestCase):
    def build(self, target: str, library: str) -> str:
        """What hatchling says where it makes nothing of a library."""
        with tempfile.TemporaryDirectory() as folder:
            result = subprocess.run(
                [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", folder],
                cwd=PROJECT,
                env={**os.environ, "XQ_BUILT": library},
                stderr=subprocess.PIPE,
                text=True,
            )
            self.assertEqual((result.returncode, os.listdir(folder)), (1, []), result.stderr)
        return result.stderr

    def test_there_is_no_source_archive_for_python_alone(self) -> None:
        self.assertIn("no source archive of libxq for Python alone", self.build("sdist", ""))

    def test_what_is_no_library_is_not_packed(self) -> None:
        self.assertIn("/nowhere/libxq.so is not libxq for this machine", self.build("wheel", "/nowhere/libxq.so"))
        self.assertIn("Cargo.toml is not libxq for this machine", self.build("wheel", str(ROOT / "Cargo.toml")))

    def test_another_version_is_not_packed(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            source, library = Path(folder, "xq.c"), str(Path(folder, LIBRARY))
            source.write_text('const char *xq_version(void) { return "0.0.9"; }')
            subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source], check=True)
            self.assertIn(f"is libxq 0.0.9; expected {xq.version()}", self.build("wheel", library))


@unittest.skipUnless(sys.platform == "linux", "auditwheel is for Linux")
class Audit(unittest.TestCase):
    def test_it_goes_with_the_glibc_that_the_readme_says_and_needs_nothing_else(self) -> None:
        command = [sys.executable, "-m", "auditwheel", "show", WHEEL]
        told = " ".join(subprocess.check_output(command, stderr=subprocess.DEVNULL, text=True).split())
        tag = re.search(r'is consistent with the following platform tag: "manylinux_2_(\d+)_', told)
        said = re.search(r"manylinux_2_(\d+)", (PROJECT / "README.md").read_text())
        assert tag and said, told
        self.assertLessEqual(int(tag[1]), int(said[1]))
        told = subprocess.check_output(["readelf", "--dynamic", PACKAGE / LIBRARY], text=True)
        needed = set(re.findall(r"\(NEEDED\).*\[(.*)\]", told))
        self.assertEqual({name for name in needed if not name.startswith("ld-linux")}, {"libc.so.6", "libgcc_s.so.1"})

    def test_repair_names_that_glibc_in_the_wheel(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "auditwheel", "repair", "--wheel-dir", folder, WHEEL]
            subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
            [name] = os.listdir(folder)
        self.assertRegex(name, r"^libxq-.*-py3-none-manylinux_2_\d+_\w+\.whl$")


if __name__ == "__main__":
    unittest.main()
