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
    found = re.findall(r"^((?:/\*(?:[^*]|\*(?!/))*\*/\n)?\w[^\n;{}=]*?\b(\w+)\([^;{}]*\) \{\n.*?^\}\n)", source, re.M | re.S)
    return {name: text for text, name in found}


def of_group(group: Group) -> "tuple[str, str]":
    path, *names = group.listing
    missing = [name for name in names if name not in functions(path)]
    if missing:
        raise SystemExit(f"docs/groups.py: {path} has no function {', '.join(missing)}")
    return path, "\n".join(functions(path)[name] for name in names).rstrip()


def of_item(item: Item) -> "tuple[str, str] | None":
    """What shows this very name at work, in few lines; for a function, otherwise what its group shows."""
    word = re.compile(rf"\b{item.name}\b")
    shown = of_group(item.group)
    if word.search(shown[1]):
        return shown
    uses = []
    for folder in ("examples-c", "examples-micro"):
        for file in sorted((ROOT / folder).glob("*.c")):
            path = f"{folder}/{file.name}"
            uses += [(text.count("\n"), path, text) for text in functions(path).values() if word.search(text)]
        uses = [use for use in uses if use[0] <= LONGEST]
        if uses:
            _, path, text = min(uses, key=lambda use: use[0])
            return path, text.rstrip()
    return shown if item.kind == "function" else None
