# SPDX-License-Identifier: MIT
"""The comparison of two traces as Markdown, for the summary of a step in CI."""

from collections.abc import Iterator

from isopixel._shown import shown
from isopixel._trace.comparing.divergence import Divergence
from isopixel._trace.showing.shown import MARKS, arguments_of, facts, is_listed, shortened, sides_of, state


def as_markdown(found: Divergence, names: tuple[str, str]) -> Iterator[str]:
    """Yields the lines."""
    yield "### " + ("The pipelines agree" if found.is_equal else "The pipelines part")
    yield ""
    yield "| | |"
    yield "|---|---|"
    for side, name in zip((found.a, found.b), names, strict=True):
        yield f"| **{side.name}** | {_cell(name)} |"
    for name, value in facts(found):
        yield f"| **{name}** | {_code(value) if name in ('remedy', 'fingerprint') else _cell(value)} |"
    yield ""
    yield "<details><summary>All steps</summary>"
    yield ""
    yield "| | step | value | arguments | at |"
    yield "|---|---|---|---|---|"
    for side in (found.a, found.b):
        for number, node in enumerate(side.nodes):
            if is_listed(found, side, number):
                mark = MARKS[state(found, side, number)]
                cells = (
                    node.name,
                    f"{node.value.dtype} {sides_of(node.value)}",
                    shortened(arguments_of(node), 80),
                    node.at,
                )
                yield f"| {side.name}&nbsp;{number}&nbsp;{mark} | {' | '.join(map(_cell, cells))} |"
    yield ""
    yield "</details>"


def _cell(text: object) -> str:
    """Returns a text from outside as a cell of a table, in which nothing is markup."""
    escaped = "".join(
        f"\\{c}" if c in "\\`*_{}[]()#+-.!|~$" else {"<": "&lt;", ">": "&gt;", "&": "&amp;"}.get(c, c)
        for c in shown(text)
    )
    return escaped.replace("@", "@&#8203;")  # which calls nobody


def _code(text: str) -> str:
    """Returns a text as code in a cell of a table."""
    return f"<code>{_cell(text)}</code>"
