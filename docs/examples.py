"""Listings out of the examples, which the tests play: whole functions, with the comment in front of them."""

import re
from functools import lru_cache

from groups import Group
from header import ROOT, Item

# A listing is for reading beside the page: a longer one is for the file.
LONGEST = 40


@lru_cache(maxsize=None)
def functions(path: str) -> "dict[str, str]":
    source = (ROOT / path).read_text("utf-8")
    comment = r"(?:/\*(?:[^*]|\*(?!/))*\*/\n)?"
    found = re.findall(rf"^({comment}\w[^\n;{{}}=]*?\b(\w+)\([^;{{}}]*\) \{{\n.*?^\}}\n)", source, re.M | re.S)
    return {name: text for text, name in found}


def of_group(group: Group) -> "tuple[str, str]":
    path, *names = group.listing
    missing = [name for name in names if name not in functions(path)]
    if missing:
        raise SystemExit(f"docs/groups.py: {path} has no function {', '.join(missing)}")
    return path, "\n".join(functions(path)[name] for name in names).rstrip()


def of_item(item: Item) -> "tuple[str, str] | None":
    """What shows this very name at work, in few lines; for a function, otherwise what its group shows. In front of it,
    in words, where it is from."""
    word = re.compile(rf"\b{item.name}\b")
    path, text = of_group(item.group)
    if word.search(text):
        return f"From {path}:", text
    for folder in ("examples-c", "examples-micro"):
        uses = [(text.count("\n"), f"{folder}/{file.name}", text)
                for file in sorted((ROOT / folder).glob("*.c"))
                for text in functions(f"{folder}/{file.name}").values() if word.search(text)]
        if uses and min(uses)[0] <= LONGEST:
            _, path, text = min(uses)
            return f"From {path}:", text.rstrip()
    return (f"What is used beside it, from {path}:", text) if item.kind == "function" else None
