"""The pages of man: one for each name of the header, in section 3, and libxq(3). All that this needs is Python's own
library and Doxygen's XML.

    man.py XML-FOLDER OUTPUT-FOLDER

SOURCE_DATE_EPOCH is the date of the pages, otherwise that of the header.
"""

import datetime
import os
import re
import sys
import textwrap
from pathlib import Path

import examples
from groups import GROUPS
from header import ROOT, VERSION, Item, opening, read, related, statuses

LIBRARY = [".Sh LIBRARY", "The XQ subscription API (libxq, \\-lxq)"]


def escape(text: str) -> str:
    text = text.replace("\\", "\\e")
    return re.sub(r"^(?=[.'])", r"\\&", text, flags=re.M)


def inline(text: str) -> str:
    """Names of the header stand out and are not hyphenated; what is between backticks stands out otherwise."""
    text = re.sub(r"`([^`]+)`", r"\\fI\1\\fP", escape(text))
    text = re.sub(r"\b(xq_\w+|XQ_[A-Z][A-Z_]*\w)\b", r"\\fB\1\\fP", text)
    return re.sub(r"(\S*\\fB(?:xq|XQ)_)", r"\\%\1", text)


def code(text: str) -> "list[str]":
    return [".Bd -literal -offset indent", escape(text).replace("\n\n", "\n\\&\n"), ".Ed"]


def body(blocks) -> "list[str]":
    lines: "list[str]" = []
    for kind, block in blocks:
        if kind == "text":
            lines += [".Pp", *sentences(block)]
        elif kind == "code":
            lines += code(block)
        else:
            lines.append(".Bl -bullet")
            for entry in block:
                lines += [".It", *sentences(entry)]
            lines.append(".El")
    return lines[1:] if lines[:1] == [".Pp"] else lines


def sentences(text: str) -> "list[str]":
    """Each begins a line, as the format wants it."""
    lines = re.split(r"(?<=[^\s.]\.) (?=[A-Z*0-9]|xq_|\()", text)
    # What is between backticks stays on one line.
    lines = [re.sub(r"`[^`]+`", lambda words: words.group().replace(" ", "\0"), line) for line in lines]
    wrap = textwrap.TextWrapper(78, break_on_hyphens=False, break_long_words=False).wrap
    return [inline(part.replace("\0", " ")) for line in lines for part in wrap(line)]


def tagged(entries, compact: str = "") -> "list[str]":
    lines = [f".Bl -tag -width Ds {compact}".rstrip()]
    for tag, blocks in entries:
        lines += [f".It {tag}", *body(blocks)]
    return [*lines, ".El"]


def synopsis(item: Item) -> "list[str]":
    lines = [".In xq.h"]
    if item.kind in ("function", "callback"):
        name = item.name if item.kind == "function" else f"(*{item.name})"
        lines += [f".Ft {'typedef ' if item.kind == 'callback' else ''}{item.type}", f".Fo {name}"]
        lines += [f'.Fa "{what}"' for what, _, _ in item.members] or [".Fa void"]
        return [*lines, ".Fc"]
    if item.kind == "macro":
        return [*lines, ".Bd -literal", escape(f"#define {item.name} {item.value.strip()}"), ".Ed"]
    end = "," if item.kind == "enum" else ";"
    inside = "".join(f"    {what}{end}\n" for what, _, _ in item.members)
    shown = {
        "struct": f"typedef struct {item.name} {{\n{inside}}} {item.name};",
        "enum": f"enum {item.name} {{\n{inside}}};\ntypedef int32_t {item.name};",
        "handle": f"typedef struct {item.name} {item.name};",
    }
    return [*lines, ".Bd -literal", escape(shown[item.kind]), ".Ed"]


def return_values(item: Item, meanings: "dict[str, list]") -> "list[str]":
    listed, behind = statuses(item)
    entries = []
    for tag, text in listed:
        names = re.findall(r"XQ_\w+", tag)
        entries.append((" , ".join(f"Dv {name}" for name in names) or f"Sy {tag}",
                        [("text", text)] if text else meanings[names[0]][:1]))
    rest = body(behind + item.after)
    lines = [*(tagged(entries) if entries else []), *([".Pp"] if entries and rest else []), *rest]
    return [".Sh RETURN VALUES", *lines] if lines else []


def references(names: "list[str]") -> "list[str]":
    return [f".Xr {name} 3{' ,' if name != names[-1] else ''}" for name in names]


def head(name: str, brief: str) -> "list[str]":
    epoch = os.environ.get("SOURCE_DATE_EPOCH") or (ROOT / "include/xq.h").stat().st_mtime
    day = datetime.datetime.fromtimestamp(int(float(epoch)), datetime.timezone.utc)
    return [f".Dd {day:%B} {day.day}, {day.year}", f".Dt {name.upper()} 3", f".Os libxq {VERSION}",
            ".Sh NAME", f".Nm {name}", f".Nd {escape(brief)}"]


# How a member of each kind is marked up, and what is said in front of them.
MEMBERS = {
    "function": ("Fa", "The parameters are:"),
    "callback": ("Fa", "Its parameters are:"),
    "struct": ("Va", "The fields are:"),
    "enum": ("Dv", "The constants are:"),
}


def page(item: Item, names: "dict[str, Item]") -> str:
    brief = item.brief
    if not re.match(r"[A-Z]{2}", brief):
        brief = brief[:1].lower() + brief[1:]
    lines = [*head(item.name, brief), *LIBRARY, ".Sh SYNOPSIS", *synopsis(item), ".Sh DESCRIPTION", *body(item.text)]
    told = [(name, text) for _, name, text in item.members if text]
    if told:
        macro, lead = MEMBERS[item.kind]
        lines += [".Pp", lead, *tagged([(f"{macro} {name}", text) for name, text in told])]
    lines += return_values(item, {name: text for _, name, text in names["xq_status_t"].members})
    if shown := examples.of_item(item):
        lines += [".Sh EXAMPLES", shown[0], *code(shown[1])]
    return "\n".join([*lines, ".Sh SEE ALSO", *references(["libxq", *related(item, names)])]) + "\n"


def overview(items: "list[Item]") -> str:
    lines = [*head("libxq", "the XQ subscription API: encryption as a service"), *LIBRARY,
             ".Sh SYNOPSIS", ".In xq.h", ".Pp", "cc program.c $(pkg-config --cflags --libs xq)", ".Sh DESCRIPTION"]
    rules = []
    for level, title, blocks in opening():
        if level == 2:
            rules.append((f"Sy {title}", blocks))
            continue
        lines += [f".Ss {title}"] if title else []
        lines += body(blocks)
    lines += tagged(rules)
    for group in GROUPS:
        told = [(f"Xr {item.name} 3", [("text", item.brief)]) for item in items if item.group is group]
        lines += [f".Ss {group.title}", *sentences(group.about), *tagged(told, "-compact")]
    path = "examples-c/first.c"
    lines += [".Sh EXAMPLES", f"A first program, {path}:", *code((ROOT / path).read_text("utf-8").rstrip())]
    first = ["xq_api_new", "xq_config_new", "xq_error_t", "xq_status_t"]
    return "\n".join([*lines, ".Sh SEE ALSO", *references(first)]) + "\n"


def main(xml: Path, output: Path) -> None:
    items = read(xml)
    names = {item.name: item for item in items}
    output.mkdir(parents=True, exist_ok=True)
    for old in output.glob("*.3"):
        old.unlink()
    for item in items:
        (output / f"{item.name}.3").write_text(page(item, names), "utf-8")
    for item in items:
        for _, name, _ in item.members if item.kind == "enum" else []:
            (output / f"{name}.3").symlink_to(f"{item.name}.3")
    (output / "libxq.3").write_text(overview(items), "utf-8")
    print(f"{len(list(output.iterdir()))} pages are in {output}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
