"""Follows every link within a folder of HTML, and prints the names of C that its pages tell of.

    links.py FOLDER

A link that leads nowhere, and a name that the search does not know, fail it.
"""

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class Page(HTMLParser):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self.ids: "set[str]" = set()
        self.links: "list[str]" = []
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attributes: "list[tuple[str, str | None]]") -> None:
        for name, value in attributes:
            if name == "id" and value:
                self.ids.add(value)
            elif name in ("href", "src") and value:
                self.links.append(value)


def main(folder: Path) -> int:
    pages = {path.resolve(): Page(path) for path in folder.rglob("*.html")}
    dead = []
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            to = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            fragment = unquote(parts.fragment)
            if not to.exists() or (fragment and to in pages and fragment not in pages[to].ids):
                dead.append(f"{path.name}: {link}")
    # A constant is c.TYPE.CONSTANT, a field too.
    found = {i.removeprefix("c.") for page in pages.values() for i in page.ids if i.startswith("c.")}
    names = {name for name in found if "." not in name}
    names |= {last for name in found if (last := name.rsplit(".", 1)[-1]).startswith("XQ_")}
    index = (folder / "searchindex.js").read_text("utf-8").lower()
    dead += [f"the search: {name}" for name in sorted(names) if name.lower() not in index]
    if dead or len(pages) < 100:
        print(f"{len(pages)} pages; dead:", *sorted(set(dead)), sep="\n", file=sys.stderr)
        return 1
    print(*sorted(names), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
