# SPDX-License-Identifier: MIT
"""The documentation site: `make docs` builds it into build/docs."""

import sys
from pathlib import Path

import isopixel

HERE = Path(__file__).parent
sys.path[:0] = map(str, (HERE / "_extensions", HERE, HERE.parent))  # for figures and spec too

project = "isopixel"
release = version = isopixel.__version__
html_title = f"isopixel {release}"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "c_header",
    "command_line",
    "drawing",
    "method_table",
    "plain_docstrings",
    "specification",
]
exclude_patterns = ["figures"]
highlight_language = "text"
default_role = "py:obj"  # `resize` in a docstring: a link if there is such an object, else code

myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist", "html_image"]
myst_heading_anchors = 3

# What these two bring is named, not used: the site builds without them.
autodoc_mock_imports = ["torch", "pyarrow", "pytest"]
autodoc_typehints = "none"  # the docstrings give dtypes and shapes, which types do not
autodoc_member_order = "bysource"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_rtype = False

nitpicky = True
nitpick_ignore_regex = [
    # What other projects document.
    ("py:.*", r"(?:numpy|np|torch|pytest|os|collections)\..*"),
    ("py:.*", r"Tensor"),
    ("py:obj", r".*"),
    # The types of C99.
    ("c:identifier", r"u?int\d+_t|size_t|ptrdiff_t"),
]

html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["isopixel.css"]
demo = HERE.parent / "build/js/page"  # made by `make js-page`, which needs more than this site does
if (demo / "demo.html").exists():
    html_extra_path = [str(demo)]
    tags.add("demo")  # noqa: F821 (Sphinx gives it)
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
pygments_style = "friendly"
pygments_dark_style = "monokai"
