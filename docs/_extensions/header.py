# SPDX-License-Identifier: MIT
"""include/isopixel.h as text: its paragraphs, and what they declare.

The header is written in paragraphs: a comment, then what it is about, up to a blank line.
"""

import re
from pathlib import Path

HEADER = Path(__file__).parents[2] / "include" / "isopixel.h"
COMMENT = re.compile(r"/\*(.*?)\*/\n?", re.DOTALL)
NOISE = re.compile(r"ISOPIXEL_API |extern \"C\" \{|^#.*$|^\}$", re.MULTILINE)


def paragraphs(text):
    """Yields (comment, declarations) of each paragraph of the header, either of them possibly empty."""
    for paragraph in re.split(r"\n\n(?=/\*|\S)", text):
        comment = COMMENT.match(paragraph)
        declarations = NOISE.sub("", paragraph[comment.end() :] if comment else paragraph).strip()
        yield (prose(comment[1]) if comment else ""), declarations


def prose(comment):
    """Returns a comment without its stars, as Markdown: what is indented by four is code already."""
    lines = [re.sub(r"^ ?\* ?", "", line) for line in comment.strip().splitlines()]
    return "\n".join(line[1:] if line.startswith(" - ") else line for line in lines)


def functions(declarations):
    """Returns the prototypes of functions, each on one line."""
    statements = (" ".join(s.split()) for s in declarations.split(";"))
    return [s for s in statements if re.match(r"(?!typedef)[\w *]+\w\(", s)]


def members(declarations, separator):
    """Returns the members of a struct or an enum with their comments, as Markdown's definitions."""
    body = re.search(r"\{(.*)\}", declarations, re.DOTALL)
    lines = []
    member = rf"\s*([^{separator}/]+?)\s*{separator}?\s*(?:/\*\s*(.*?)\s*\*/{separator}?|(?<={separator})|$)"
    for declaration, comment in re.findall(member, body[1].strip() if body else "", re.DOTALL):
        lines += [f"`{' '.join(declaration.split())}`", f": {' '.join(comment.split()) or '–'}", ""]
    return lines
