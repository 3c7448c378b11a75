"""The header as the pages need it: what Doxygen made of include/xq.h, and the header's opening text.

A text is a list of blocks: ("text", str), ("code", str) or ("list", [str]).
"""

import re
import xml.etree.ElementTree as xml
from dataclasses import dataclass, field
from pathlib import Path

from groups import GROUPS, Group

ROOT = Path(__file__).resolve().parent.parent
VERSION = re.search(r'^version = "(.*)"', (ROOT / "Cargo.toml").read_text("utf-8"), re.M).group(1)


@dataclass
class Item:
    """A function, a callback, a struct, an enum, an opaque handle or a macro."""

    kind: str
    name: str
    line: int
    # The type, and what it is defined as: the value of a macro.
    type: str = ""
    value: str = ""
    text: list = field(default_factory=list)
    # (declaration, name, text) of parameters, fields or constants.
    members: list = field(default_factory=list)
    returns: list = field(default_factory=list)
    # What stands behind parameters and return value: how it fails, on which threads it may run.
    after: list = field(default_factory=list)
    file: str = ""
    group: "Group | None" = None

    @property
    def brief(self) -> str:
        """The first sentence, without what is in parentheses; where it is long, as much of it as stands in a line."""
        text = re.sub(r" \((?:[^()]|\(\))*\)", "", first_text(self.text))
        # A word alone in front of a colon says too little.
        text = re.match(r"(\w+: )?.*?(?=\.(?: |$)|[:;] |$)", text).group()
        return text if len(text) <= 90 else re.sub(r"^(.{20,90}?), .*", r"\1", text)

    @property
    def words(self) -> str:
        parts = [self.text, self.returns, self.after, *(text for _, _, text in self.members)]
        return " ".join([plain(part) for part in parts] + [what for what, _, _ in self.members] + [self.type])


def first_text(blocks) -> str:
    return next((block for kind, block in blocks if kind == "text"), "")


def plain(blocks) -> str:
    return " ".join(" ".join(block) if kind == "list" else block for kind, block in blocks)


def squeeze(text: str) -> str:
    return " ".join(text.split())


def declaration(kind: str, name: str) -> str:
    """`char **` and `out` as C programs write them; the typedef does without the word struct."""
    kind = re.sub(r"\s*\*", " *", squeeze(kind.replace("struct ", "")))
    return re.sub(r"\* (?=\*)", "*", kind) + ("" if kind.endswith("*") else " ") + name


def code(listing) -> str:
    lines = []
    for line in listing.iter("codeline"):
        for blank in line.iter("sp"):
            blank.text = " "
        lines.append("".join(line.itertext()))
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[indent:] for line in lines).strip("\n")


def blocks(element) -> list:
    """The text below an element, but for parameters and return value, which are asked for by name."""
    found: list = []
    for para in element.findall("para"):
        words = para.text or ""
        for child in para:
            if child.tag == "itemizedlist":
                found += [("text", squeeze(words)), ("list", [squeeze("".join(i.itertext())) for i in child])]
                words = ""
            elif child.tag == "programlisting":
                found += [("text", squeeze(words)), ("code", code(child))]
                words = ""
            elif child.tag not in ("parameterlist", "simplesect"):
                words += "".join(child.itertext())
            words += child.tail or ""
        found.append(("text", squeeze(words)))
    return [block for block in found if block[1]]


def describe(item: Item, element) -> Item:
    detail = element.find("detaileddescription")
    paras = list(detail)
    end = next((i for i, para in enumerate(paras) if para.find("parameterlist") is not None
                or para.find("simplesect") is not None), len(paras))
    before, after = xml.Element("text"), xml.Element("text")
    before.extend(paras[:end])
    after.extend(paras[end:])
    item.text, item.after = blocks(before), blocks(after)
    told = {"".join(p.find("parameternamelist").itertext()).strip(): blocks(p.find("parameterdescription"))
            for p in detail.iter("parameteritem")}
    item.members = [(what, name, told.get(name, text)) for what, name, text in item.members]
    for section in detail.iter("simplesect"):
        item.returns = blocks(section)
    return item


def parameters(arguments: str) -> list:
    """Of a function type, whose parameters Doxygen gives in one text."""
    inner = arguments[arguments.index("(") + 1 : arguments.rindex(")")]
    split = [re.fullmatch(r"(.*?)(\w+)", part.strip()).groups() for part in inner.split(",")]
    return [(declaration(kind, name), name, []) for kind, name in split]


def member(element) -> "Item | None":
    name, kind = element.findtext("name"), element.get("kind")
    item = Item(kind, name, int(element.find("location").get("line")))
    type_ = "".join(element.find("type").itertext()) if element.find("type") is not None else ""
    if kind == "function":
        item.type = declaration(type_, "").rstrip()
        item.members = [
            (declaration("".join(p.find("type").itertext()), p.findtext("declname")), p.findtext("declname"), [])
            for p in element.findall("param") if p.find("declname") is not None
        ]
    elif kind == "enum":
        # The tag; programs know the type.
        item.name += "_t"
        item.members = [
            (f"{value.findtext('name')} {value.findtext('initializer')}", value.findtext("name"),
             blocks(value.find("detaileddescription")))
            for value in element.findall("enumvalue")
        ]
    elif kind == "typedef" and type_.endswith("(*"):
        item.kind, item.type = "callback", type_[:-2].strip()
        item.members = parameters(element.findtext("argsstring"))
    elif kind == "typedef":
        item.kind = "handle"
    elif kind == "define":
        item.kind = "macro"
        item.value = "".join(element.find("initializer").itertext()) if element.find("initializer") is not None else ""
    return describe(item, element)


def struct(compound) -> Item:
    item = Item("struct", compound.findtext("compoundname"), int(compound.find("location").get("line")))
    for variable in compound.iter("memberdef"):
        name = variable.findtext("name")
        kind = "".join(variable.find("type").itertext())
        item.members.append((declaration(kind, name), name, blocks(variable.find("detaileddescription"))))
    return describe(item, compound)


def read(folder: Path) -> "list[Item]":
    """All that the header declares and tells of, in its order; without a comment it is not for programs."""
    header = xml.parse(folder / "xq_8h.xml").getroot().find("compounddef")
    inner = [xml.parse(folder / f"{inner.get('refid')}.xml") for inner in header.findall("innerclass")]
    structs = [struct(tree.getroot().find("compounddef")) for tree in inner]
    # The typedef of a struct, which comes with the struct's text, is no page of its own.
    known = {item.name for item in structs}
    others = [item for element in header.iter("memberdef") if (item := member(element)).name not in known]
    items = structs + [item for item in others if item.text or item.kind == "function"]
    # Functions first, then what they take and give.
    items.sort(key=lambda item: (item.kind != "function", item.line))
    place(items)
    return items


def declared_in() -> "dict[str, str]":
    """Which file of src/ffi each name comes from."""
    where = {}
    for path in sorted((ROOT / "src/ffi").rglob("*.rs")):
        file = path.relative_to(ROOT / "src/ffi").with_suffix("").as_posix()
        source = path.read_text("utf-8")
        for name in re.findall(r"\bfn (xq_\w+)", source):
            where[name] = file
        for name in re.findall(r"\bpub (?:struct|enum|type) (Xq\w+)", source):
            where[re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower() + "_t"] = file
    return where


def place(items: "list[Item]") -> None:
    where = declared_in()
    group_of = {entry: group for group in GROUPS for entry in group.members}
    unused = set(group_of)
    for item in items:
        # An initializer belongs to its struct.
        owner = item.name.lower().replace("_init", "_t") if item.name.endswith("_INIT") else item.name
        item.file = where.get(owner, "")
        entry = next((e for e in (item.name, item.file) if e in group_of), None)
        if entry is None:
            raise SystemExit(f"docs/groups.py: {item.name} (src/ffi/{item.file}.rs) is in no group")
        item.group = group_of[entry]
        unused.discard(entry)
    if unused:
        raise SystemExit(f"docs/groups.py: nothing of the header is in {', '.join(sorted(unused))}")


def opening() -> list:
    """The header's first comment as sections: (title, [blocks]); the first one has no title. What holds for every function is
    a list in it, each entry with a title: such a section is there with its level, 2."""
    comment = (ROOT / "include/xq.h").read_text("utf-8").split("*/")[0].split("/*")[1]
    lines = [line[3:] for line in comment.strip("\n").split("\n")]
    sections: list = [(1, "", [])]
    for part in "\n".join(lines).strip().split("\n\n"):
        for entry in re.split(r"\n(?=- )", part):
            level, _, found = sections[-1]
            # In an entry of the list the text itself stands two further in.
            margin = "      " if level == 2 else "  "
            if entry.startswith("- "):
                title, text = squeeze(entry[2:]).split(". ", 1)
                sections.append((2, title, [("text", text)]))
            elif entry.startswith(margin):
                found.append(("code", "\n".join(line[len(margin):] for line in entry.split("\n"))))
            elif "\n" not in entry and not entry.endswith("."):
                sections.append((1, entry, []))
            else:
                found.append(("text", squeeze(entry)))
    return sections


def statuses(item: Item) -> "tuple[list, list]":
    """What a function returns, as (statuses, text) where the header lists them, and the sentences behind that list."""
    text = first_text(item.returns)
    if not re.match(r"XQ_OK\b", text):
        return [], item.returns
    names = r"XQ_[A-Z_]+(?:(?:, | and | or )XQ_[A-Z_]+)*"
    parts = re.split(r"; (?=XQ_[A-Z_]+\b|the others\b)", text)
    last = re.split(r"\. (?=[A-Zx*])", parts[-1].rstrip("."), maxsplit=1)
    parts[-1] = last[0]
    found = []
    for part in parts:
        tag = re.match(rf"{names}|the others", part).group()
        rest = part[len(tag):].lstrip(":, ")
        found.append((tag, rest + "." if rest else ""))
    behind = [("text", last[1] + ".")] if len(last) > 1 else []
    return found, behind + item.returns[1:]


def related(item: Item, names: "dict[str, Item]") -> "list[str]":
    """What its text mentions, the functions of its file, and those that take or give it."""
    mentioned = set(re.findall(r"\bxq_\w+", item.words)) & set(names)
    beside = {other.name for other in names.values() if other.file == item.file and other.kind == "function"}
    uses = set()
    if item.kind != "function":
        uses = {o.name for o in names.values() if o.kind == "function" and re.search(rf"\b{item.name}\b", o.words)}
    # What nearly every function takes says nothing.
    return sorted((mentioned | beside | (uses if len(uses) <= 12 else set())) - {item.name})
