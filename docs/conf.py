"""How Sphinx makes the web of pages; packaging/docs.sh calls it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from header import VERSION  # noqa: E402

project = "libxq"
version = release = VERSION
html_title = f"libxq {VERSION}"
html_theme = "furo"
html_static_path, html_css_files = ["page.css"], ["page.css"]
html_copy_source = html_show_sourcelink = False
html_show_copyright = False
extensions = ["myst_parser"]
highlight_language = primary_domain = "c"
# A prototype with a parameter on each line, where it is long.
maximum_signature_line_length = 72
toc_object_entries = False
# A quoted value can be copied.
smartquotes = False
# A name without a page is an error, but for those of C itself.
nitpicky = True
nitpick_ignore_regex = [("c:identifier", r"u?int\d+_t|size_t")]
suppress_warnings = ["myst.header"]
