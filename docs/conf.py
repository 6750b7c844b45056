"""How Sphinx builds this documentation: ``sphinx-build -W --keep-going -b html docs docs/_build/html``."""

from __future__ import annotations

import sys
from pathlib import Path

from cartload.version import __version__

sys.path.insert(0, str(Path(__file__).parent / "extensions"))

project = "cartload"
author = "The cartload team"
project_copyright = "the cartload team"
version = release = __version__

extensions = ["myst_parser", "cartload_reference.extension"]
exclude_patterns = ["_build", "changelog", "examples", "extensions"]
nitpicky = True
smartquotes = False  # it would make one dash of the two before an option

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 4

html_theme = "furo"
html_title = f"cartload {release}"
html_static_path = ["_static"]
html_css_files = ["cartload.css"]
html_copy_source = False
html_show_sourcelink = False
