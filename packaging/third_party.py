#!/usr/bin/env python3
"""Tells what is linked into libxq, from what cargo knows of it. Needs cargo, and Python 3.11 or later.

third_party.py                      writes THIRD-PARTY.md
third_party.py --check              fails, with the difference, where THIRD-PARTY.md is not what it would write
third_party.py --licences           prints the licence texts that a binary takes along
third_party.py --debian-copyright   prints Debian's copyright file (DEP-5)

A crate that libxq asks for itself, and one that is there in two versions, must have its words here, below.
"""

import difflib
import json
import os
import pathlib
import re
import subprocess
import sys
import textwrap
import tomllib
from dataclasses import dataclass, field

ROOT = pathlib.Path(__file__).resolve().parent.parent
LINUX = "x86_64-unknown-linux-gnu"
OWN = {"libxq", "xq-sealing"}

# What the library's own code asks for, and for what.
FOR = {
    "aes": "AES, of all that is sealed",
    "base64": "base64, in tokens, keys, messages and proxies' passwords",
    "cbc": "opens what older programs sealed with CBC",
    "ctr": "CTR, and the counter inside GCM",
    "getrandom": "random bytes from the operating system",
    "ghash": "the tag of GCM",
    "hkdf": "mixes the service's entropy with the system's",
    "http": "the HTTP types of ureq",
    "httpdate": "dates in `Retry-After`",
    "libc": "files, processes and threads of Unix",
    "md-5": "ciphers' keys, in the formats that have them so",
    "pbkdf2": "ciphers' keys out of keys",
    "percent-encoding": "percent signs in addresses",
    "rsa": "decrypts the token of a sign-in by certificate",
    "rustix": "polls sockets; the clock",
    "rustls": "TLS",
    "rustls-native-certs": "the operating system's root certificates",
    "rustls-webpki": "verifies certificates",
    "serde": "JSON: the structs",
    "serde_json": "JSON",
    "sha2": "SHA-256, under HKDF and PBKDF2",
    "socket2": "sockets",
    "ureq": "HTTP",
    "webpki-roots": "Mozilla's root certificates",
    "zeroize": "wipes secrets",
}

# What Cargo.lock has twice, and why. Who wants which is read out of it.
TWICE = {
    "getrandom": "*ring* 0.17 has stayed with 0.2; all others have moved on. Each only asks the operating system.",
    "syn": "A parser for macros, at compile time: cbindgen, which writes the header, and the derives under the tests' "
    "certificates have stayed with 2. Neither is linked in.",
    "windows-sys": "*ring* 0.17 has stayed with 0.52; all others have moved on. Declarations for Windows alone, which are not "
    "in a library for another system.",
    "winnow": "A parser under the TOML that cbindgen reads its settings from, at compile time: one crate of that TOML has moved "
    "on before the other. Neither is linked in.",
}

# The names that Debian has for licences, and where among the crates their words stand.
TEXTS = {
    "MIT": ("Expat", "libxq", "LICENSE-MIT"),
    "Apache-2.0": ("Apache-2.0", None, None),
    "Apache-2.0 WITH LLVM-exception": ("Apache-2.0 with LLVM exception", "rustix", "LICENSE-Apache-2.0_WITH_LLVM-exception"),
    "ISC": ("ISC", "ring", "LICENSE-other-bits"),
    "BSD-3-Clause": ("BSD-3-Clause", "subtle", "LICENSE"),
    "CDLA-Permissive-2.0": ("CDLA-Permissive-2.0", "webpki-roots", "LICENSE"),
    "Unlicense": ("Unlicense", "memchr", "UNLICENSE"),
}


@dataclass
class Crate:
    """One version of one crate."""

    name: str
    version: str
    licence: str
    directory: pathlib.Path
    authors: list[str]
    wanted_by: set[str] = field(default_factory=set)


def cargo(*arguments):
    """What cargo prints."""
    command = os.environ.get("CARGO", "cargo").split()
    done = subprocess.run([*command, *arguments, "--locked"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"third_party.py: {' '.join(command)} {arguments[0]} failed")
    return done.stdout


def crates():
    """All crates of Cargo.lock, by name and version."""
    return {
        (package["name"], package["version"]): Crate(
            package["name"],
            package["version"],
            (package["license"] or "").replace("/", " OR "),
            pathlib.Path(package["manifest_path"]).parent,
            package["authors"],
        )
        for package in json.loads(cargo("metadata", "--format-version", "1"))["packages"]
    }


def linked(known, target):
    """The crates that are linked in on the target, or on any ("all"), without what runs at compile time."""
    tree = cargo(
        "tree", "--package", "libxq", "--edges", "normal,no-proc-macro", "--target", target, "--prefix", "depth", "--format", " {p}"
    )
    found, above = {}, []
    for line in tree.splitlines():
        depth, name, version = line.split()[:3]
        crate = known[name, version.removeprefix("v")]
        del above[int(depth) :]
        if above:
            crate.wanted_by.add(above[-1].name)
        above.append(crate)
        found[crate.name, crate.version] = crate
    return [crate for _, crate in sorted(found.items()) if crate.name not in OWN]


def purpose(crate):
    """What the crate is for: in words where libxq asks for it, by the others' names where they do."""
    words = []
    if crate.wanted_by & OWN:
        if crate.name not in FOR:
            sys.exit(f"third_party.py: libxq asks for {crate.name}: expected a word in FOR of what it is for")
        words.append(FOR[crate.name])
    others = sorted(crate.wanted_by - OWN)
    if others:
        words.append(("also for " if words else "for ") + ", ".join(others))
    return "; ".join(words)


def table(rows):
    """The crates as Markdown."""
    lines = ["| crate | version | licence | what for |", "|---|---|---|---|"]
    return lines + [f"| {crate.name} | {crate.version} | {crate.licence} | {purpose(crate)} |" for crate in rows]


def twice():
    """What Cargo.lock has in two versions, with the reason, as Markdown."""
    packages = tomllib.loads((ROOT / "Cargo.lock").read_text())["package"]
    versions = {}
    for package in packages:
        versions.setdefault(package["name"], []).append(package["version"])
    double = {name: found for name, found in versions.items() if len(found) > 1}
    if double.keys() != TWICE.keys():
        unlike = ", ".join(sorted(double.keys() ^ TWICE.keys()))
        sys.exit(f"third_party.py: {unlike}: expected in TWICE what Cargo.lock has in two versions, and nothing else")
    lines = ["| crate | version | who wants it | why |", "|---|---|---|---|"]
    for name, found in double.items():
        for version in found:
            who = sorted({package["name"] for package in packages if f"{name} {version}" in package.get("dependencies", [])})
            lines.append(f"| {name} | {version} | {', '.join(who)} | {TWICE[name] if version == found[0] else ''} |")
    return lines


def page():
    """THIRD-PARTY.md."""
    known = crates()
    here = linked(known, LINUX)
    on_linux = table(here)
    elsewhere = [crate for crate in linked(known, "all") if crate not in here]
    return "\n".join(
        [
            "# What is linked into libxq",
            "",
            "Written by `packaging/third_party.py`, from what cargo knows; CI compares. Not here: what runs at compile time or in",
            "tests alone.",
            "",
            f"On Linux, as it is built by default ({len(here)} crates). Without sockets (`SOCKETS=0`) it is less.",
            "",
            *on_linux,
            "",
            "Besides, what is used of Rust's standard library, which comes with the toolchain (MIT OR Apache-2.0; what that is made",
            "of in turn stands in the toolchain's `share/doc/rust/COPYRIGHT-library.html`).",
            "",
            "Other systems add, each for itself:",
            "",
            *table(elsewhere),
            "",
            "`make dist` and `make deb` put the licence texts along (`THIRD-PARTY-LICENSES.txt`). Whoever gives the library on in",
            "another way takes them from `packaging/third_party.py --licences`.",
            "",
            "## Twice, in two versions",
            "",
            *twice(),
            "",
        ]
    )


def licence_files(crate):
    """The files of the crate that hold its licences, those of code that it took over included."""
    found = [
        path
        for path in crate.directory.rglob("*")
        if re.match(r"(LICEN[CS]E|COPYING|COPYRIGHT|NOTICE|UNLICENSE)", path.name, re.IGNORECASE)
        and path.is_file()
        and path.suffix != ".rs"
    ]
    return sorted(found)


def text_of(path):
    """A file's text, with blanks at the ends of lines taken away."""
    return "\n".join(line.rstrip() for line in path.read_text(encoding="utf-8").splitlines()).strip("\n")


def licences():
    """Every licence text of what is linked in on Linux, each once, below the crates that it belongs to."""
    texts = {}
    for crate in linked(crates(), LINUX):
        for path in licence_files(crate):
            owner = f"{crate.name} {crate.version} ({crate.licence}), {path.relative_to(crate.directory)}"
            texts.setdefault(text_of(path), []).append(owner)
    parts = ["The licences of what is linked into libxq. THIRD-PARTY.md tells what each is for."]
    for text, owners in texts.items():
        parts.append("\n".join(["=" * 80, *owners, "=" * 80, "", text]))
    return "\n\n".join(parts) + "\n"


def holders(crate):
    """Who holds the copyright: as the licences say, or else the authors."""
    found = []
    for path in licence_files(crate):
        for line in text_of(path).splitlines():
            line = line.strip(" *#/")
            # Apache's text has a line to be filled in, and says what "Copyright" is.
            if re.match(r"Copyright (\([cC]\)|©|\d{4}|The |Authors)", line) and not re.search(r"[\[{]yyyy", line):
                line = re.sub(r"^Copyright\s*(\([cC]\)|©)?\s*|\s*All rights reserved\.?$", "", line).rstrip(" .")
                found.append(re.sub(r"^(\d{4}),", r"\1", line))
    return list(dict.fromkeys(found)) or crate.authors or [f"The authors of {crate.name}"]


def debian_name(licence):
    """An SPDX expression as DEP-5 writes it."""
    words = []
    for word in re.split(r" (AND|OR) ", licence):
        if word in ("AND", "OR"):
            words.append(word.lower())
        elif word in TEXTS:
            words.append(TEXTS[word][0])
        else:
            sys.exit(f"third_party.py: {licence}: expected {word} in TEXTS")
    return " ".join(words)


def in_field(text):
    """Lines as a field of DEP-5 has them."""
    return "\n".join(f" {line}" if line.strip() else " ." for line in text.splitlines())


def licence_paragraphs(used):
    """The licences' own words, as DEP-5 has them."""
    known = {crate.name: crate for crate in crates().values()}
    for spdx in sorted(used):
        name, crate, file = TEXTS[spdx]
        on_debian = "On Debian systems, its full text is in /usr/share/common-licenses/Apache-2.0."
        if crate is None:
            text = on_debian
        else:
            text = text_of(known[crate].directory / file)
            if spdx.startswith("Apache"):
                text = "\n".join([on_debian, "", text[text.index("--- LLVM Exceptions") :]])
            elif spdx != "CDLA-Permissive-2.0" and spdx != "Unlicense":
                # Whose it is stands with the crate.
                text = "\n".join(line for line in text.splitlines() if not re.match(r"Copyright|MIT License", line)).strip("\n")
        yield f"License: {name}\n{in_field(text)}"


def debian_copyright():
    """Debian's copyright file."""
    here = linked(crates(), LINUX)
    own = {"MIT", "Apache-2.0"}
    standard = (
        "Rust's standard library is linked in too: the Rust Project contributors, MIT or Apache-2.0. The licences' own words, as "
        "each crate has them, are in THIRD-PARTY-LICENSES.txt."
    )
    holder = next(line for line in (ROOT / "LICENSE-MIT").read_text().splitlines() if line.startswith("Copyright"))
    holder = holder.removeprefix("Copyright (c) ")
    parts = [
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"
        f"Upstream-Name: libxq\nComment:\n{in_field(textwrap.fill(standard, 76))}",
        f"Files: *\nCopyright: {holder}\nLicense: Expat or Apache-2.0",
    ]
    for crate in here:
        copyright = "\n".join(f" {line}" for line in holders(crate))
        files = f"vendor/{crate.name}-{crate.version}/*"
        parts.append(f"Files: {files}\nCopyright:\n{copyright}\nLicense: {debian_name(crate.licence)}")
        own.update(re.split(r" (?:AND|OR) ", crate.licence))
    return "\n\n".join([*parts, *licence_paragraphs(own)]) + "\n"


def check():
    """Fails where THIRD-PARTY.md is stale."""
    path = ROOT / "THIRD-PARTY.md"
    had, wanted = (path.read_text() if path.exists() else ""), page()
    if had != wanted:
        lines = difflib.unified_diff(had.splitlines(), wanted.splitlines(), "THIRD-PARTY.md", "as cargo says", lineterm="")
        sys.exit("\n".join([*lines, "THIRD-PARTY.md is stale: run packaging/third_party.py"]))


match sys.argv[1:]:
    case []:
        (ROOT / "THIRD-PARTY.md").write_text(page())
    case ["--check"]:
        check()
    case ["--licences"]:
        sys.stdout.write(licences())
    case ["--debian-copyright"]:
        sys.stdout.write(debian_copyright())
    case other:
        sys.exit(f"third_party.py: {' '.join(other)}: expected --check, --licences, --debian-copyright or nothing")
