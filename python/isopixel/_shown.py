# SPDX-License-Identifier: MIT
"""Names and messages for people: on one line, without characters that a terminal would act on."""


def shown(text: object) -> str:
    """Returns a text with blanks for line ends, and escapes for what cannot be printed."""
    line = " ".join(str(text).splitlines())
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in line)
