"""The pages of the web as Sphinx takes them: one for each name of the header, one for each group, and the overview.

    web.py XML-FOLDER OUTPUT-FOLDER
"""

import re
import sys
from pathlib import Path

import examples
from groups import GROUPS, Group
from header import ROOT, VERSION, Item, opening, read, related, statuses

ROLES = {"function": "c:func", "struct": "c:struct", "enum": "c:enum", "callback": "c:type", "handle": "c:type",
         "macro": "c:macro", "constant": "c:enumerator"}


class Pages:
    def __init__(self, items: "list[Item]") -> None:
        self.items = items
        self.names = {item.name: item for item in items}
        self.kinds = {item.name: item.kind for item in items}
        self.kinds.update((name, "constant") for item in items if item.kind == "enum" for _, name, _ in item.members)

    def link(self, name: str) -> str:
        return f":{ROLES[self.kinds[name]]}:`{name}`" if name in self.kinds else escape(name)

    def inline(self, text: str) -> str:
        """Names of the header are links."""
        parts = re.split(r"(`[^`]+`|\bxq_\w+(?:\(\))?|\bXQ_\w+)", text)
        for i, part in enumerate(parts):
            if i % 2 == 0:
                parts[i] = escape(part)
            else:
                parts[i] = f"`{part}`" if part[0] == "`" else self.link(part.removesuffix("()"))
        return "".join(parts)

    def body(self, blocks) -> "list[str]":
        lines: "list[str]" = []
        for kind, block in blocks:
            if kind == "text":
                lines += [self.inline(block), ""]
            elif kind == "code":
                lines += code(block)
            else:
                lines += [f"- {self.inline(entry)}" for entry in block] + [""]
        return lines

    def signature(self, item: Item) -> "list[str]":
        arguments = ", ".join(what for what, _, _ in item.members) or "void"
        shown = {
            "function": f".. c:function:: {item.type} {item.name}({arguments})",
            "callback": f".. c:type:: {item.type} (*{item.name})({arguments})",
            "struct": f".. c:struct:: {item.name}",
            "enum": f".. c:enum:: {item.name}",
            "handle": f".. c:type:: {item.name}",
            "macro": f".. c:macro:: {item.name}",
        }
        return [shown[item.kind].replace(f"* {item.name}", f"*{item.name}"), ""]

    def members(self, item: Item) -> "list[str]":
        lines: "list[str]" = []
        for what, name, text in item.members:
            if item.kind in ("function", "callback"):
                lines += [f":param {name}:", *indent(self.body(text))]
            else:
                directive = "c:member" if item.kind == "struct" else "c:enumerator"
                lines += [f".. {directive}:: {what}", "", *indent(self.body(text))]
        return lines

    def returns(self, item: Item) -> "list[str]":
        listed, behind = statuses(item)
        lines: "list[str]" = []
        for tag, text in listed:
            lines += [self.inline(tag), *indent([self.inline(text) if text else "It worked." if tag == "XQ_OK" else
                                                 "As in its definition.", ""])]
        lines += self.body(behind + item.after)
        return [*title("Return value", "-"), *lines] if lines else []

    def page(self, item: Item) -> str:
        inside = self.body(item.text) + self.members(item)
        if item.kind == "macro":
            inside += code(f"#define {item.name} {item.value.strip()}")
        lines = [*title(item.name, "="), *self.signature(item), *indent(inside), *self.returns(item)]
        if shown := examples.of_item(item):
            lines += [*title("Example", "-"), shown[0], "", *code(shown[1])]
        lines += [*title("See also", "-"), f":doc:`{item.group.title} <{item.group.slug}>`: "
                  + ", ".join(self.link(name) for name in related(item, self.names))]
        return "\n".join(lines) + "\n"

    def group(self, group: Group) -> str:
        inside = [item for item in self.items if item.group is group]
        lines = [*title(group.title, "="), group.about, ""]
        for name, kinds in (("Functions", ("function",)), ("Types", ("struct", "enum", "callback", "handle")),
                            ("Macros", ("macro",))):
            told = [item for item in inside if item.kind in kinds]
            lines += [*title(name, "-"), *self.table(told)] if told else []
        path, listing = examples.of_group(group)
        lines += [*title("Example", "-"), f"From {path}:", "", *code(listing)]
        return "\n".join([*lines, *tree([item.name for item in inside], hidden=True)]) + "\n"

    def table(self, items: "list[Item]") -> "list[str]":
        rows = [line for item in items for line in (f"* - {self.link(item.name)}", f"  - {self.inline(item.brief)}")]
        return [".. list-table::", "   :widths: 40 60", "   :width: 100%", "", *indent(rows), ""]

    def index(self) -> str:
        sections = opening()
        lines = [*title(f"libxq {VERSION}", "="), *self.body(sections[0][2]),
                 *title("A first program", "-"), "From examples-c/first.c:", "",
                 *code((ROOT / "examples-c/first.c").read_text("utf-8").rstrip()),
                 *title("What there is", "-")]
        for group in GROUPS:
            lines += [f"- :doc:`{group.title} <{group.slug}>`: {group.about[0].lower() + group.about[1:]}"]
        lines += ["- :doc:`functions`: which call of the services each function makes.", ""]
        for level, name, blocks in sections[1:]:
            lines += [*title(name, "-~"[level - 1]), *self.body(blocks)]
        lines += tree([group.slug for group in GROUPS], hidden=True) + tree(["functions"], hidden=True)
        return "\n".join(lines) + "\n"

    def functions(self) -> str:
        """The table of docs/functions.md, with links."""
        text = (ROOT / "docs/functions.md").read_text("utf-8")
        return re.sub(r"`(xq_\w+)`", lambda name: f"{{c:func}}`{name[1]}`" if name[1] in self.names else name[0], text)


def escape(text: str) -> str:
    return re.sub(r"([\\`*|_<>])", r"\\\1", text)


def title(text: str, under: str) -> "list[str]":
    return [text, under * len(text), ""]


def indent(lines: "list[str]") -> "list[str]":
    return ["\n".join("   " + part if part else "" for part in line.split("\n")) for line in lines]


def code(text: str) -> "list[str]":
    return [".. code-block:: c", "", *indent(text.split("\n")), ""]


def tree(names: "list[str]", hidden: bool) -> "list[str]":
    return [".. toctree::", *(["   :hidden:"] if hidden else []), "", *indent(names), ""]


def main(xml: Path, output: Path) -> None:
    pages = Pages(read(xml))
    output.mkdir(parents=True, exist_ok=True)
    files = {f"{item.name}.rst": pages.page(item) for item in pages.items}
    files.update((f"{group.slug}.rst", pages.group(group)) for group in GROUPS)
    files.update({"index.rst": pages.index(), "functions.md": pages.functions()})
    for old in output.iterdir():
        if old.name not in files:
            old.unlink()
    for name, text in files.items():
        path = output / name
        # What is the same is not built again.
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
