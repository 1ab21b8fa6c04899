# SPDX-License-Identifier: MIT
"""Names, numbers and messages for people: on one line, without characters that a terminal would act on."""

MOST = 5000  # characters of a text; more than a path has


def shown(text: object) -> str:
    """Returns a text with blanks for line ends, escapes for what cannot be printed, and no more than its beginning."""
    line = str(text)
    if len(line) > MOST:
        line = f"{line[:MOST]}… ({len(line)} characters)"
    line = " ".join(line.splitlines())
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in line)


def counted(number: int, noun: str) -> str:
    """Returns a number of things as a text: "1 file", "2,000 classes"."""
    ending = "" if number == 1 else "es" if noun.endswith("s") else "s"
    return f"{number:,} {noun}{ending}"
