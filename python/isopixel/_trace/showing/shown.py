# SPDX-License-Identifier: MIT
"""Traces and their comparison for people, as text and Markdown, and for programs, as JSON."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

from isopixel import _core
from isopixel._shown import counted, shown
from isopixel._trace.comparing.divergence import Divergence
from isopixel._trace.comparing.functions import Side
from isopixel._trace.comparing.parting import Part, Parting
from isopixel._trace.comparing.path import Node, path
from isopixel._trace.records import Trace, Value

LIBRARIES = ("pillow", "opencv", "torch", "torchvision", "numpy", "isopixel")  # whose versions are shown
LONG = 40  # nodes of a way, of which those around the parting are shown
MOST = 3  # other functions that fit which are listed in the text

Row = tuple[str, str]


def as_lines(found: Divergence, names: tuple[str, str]) -> Iterator[str]:
    """Yields a comparison as text, the names of the traces as they were given."""
    for side, name in zip((found.a, found.b), names, strict=True):
        yield f"{side.name:12} {shown(name)}{versions_text(side.trace)}"
    yield ""
    rows = [row for side in (found.a, found.b) for row in _way(found, side)]
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    for *cells, at in rows:
        yield "  ".join([*(f"{cell:{width}}" for cell, width in zip(cells, widths, strict=True)), at]).rstrip()
    yield ""
    for name, value in facts(found):
        yield f"{name:12} {shown(value)}"


def versions_text(trace: Trace) -> str:
    """Returns the versions of the libraries that were there, and the machine."""
    versions = [f"{name} {trace.libraries[name]}" for name in LIBRARIES if name in trace.libraries]
    versions += [trace.machine] if trace.machine else []
    return f" ({', '.join(versions)})" if versions else ""


def _way(found: Divergence, side: Side) -> Iterator[tuple[str, str, str, str, str]]:
    """Yields the rows of a side's way: a mark and number, the name, the value, the arguments, the place in the code."""
    for number, node in enumerate(side.nodes):
        if is_listed(found, side, number):
            mark = MARKS[state(found, side, number)]
            yield (
                f"{side.name} {number:<3}{mark}",
                shown(node.name),
                f"{node.value.dtype:8} {sides_of(node.value)}",
                shortened(arguments_of(node), 60),
                shown(node.at),
            )


MARKS = {"common": "=", "first": "»", "later": "≠", "": " "}


def state(found: Divergence, side: Side, number: int) -> str:
    """Returns what a node is: "common", "first" of those that differ, one that differs "later" for a cause; or ""."""
    i = 0 if side is found.a else 1
    if found.is_equal or (found.common is not None and number <= found.common[i]):
        return "common"
    assert found.partings is not None
    numbers = [(parting.a.number, parting.b.number)[i] for parting in found.partings.found]
    return "first" if numbers[0] == number else "later" if number in numbers[1:] else ""


def is_listed(found: Divergence, side: Side, number: int) -> bool:
    """Returns whether a node is shown: all of a short way; of a long one those near its ends and the parting."""
    length, i = len(side.nodes), 0 if side is found.a else 1
    common = found.common[i] if found.common is not None else 0
    return length <= LONG or number < 5 or number >= length - 5 or abs(number - common) <= LONG // 4


def sides_of(value: Value) -> str:
    """Returns a shape as a text: 224×224×3."""
    return "×".join(map(str, value.shape))


def arguments_of(node: Node) -> str:
    """Returns the arguments of the call that made a node, but for those that say nothing."""
    if node.step is None:
        return ""
    given = {name: value for name, value in node.step.arguments.items() if value not in (None, "", [], {})}
    if file := node.facts.get("file"):
        given = {"file": file} | {name: value for name, value in given.items() if value != file}
    return shown(", ".join(f"{name}={value}" for name, value in given.items()))


def shortened(text: str, most: int) -> str:
    """Returns a text, or its beginning if it is long."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def facts(found: Divergence) -> Iterator[Row]:
    """Yields what was found, as names and values."""
    if found.is_equal:
        steps = " and ".join(counted(len(side.nodes), "step") for side in (found.a, found.b))
        yield "equal", f"the last values are the same samples, after {steps}"
        yield "fingerprint", found.values[0].fingerprint
        return
    assert found.partings is not None
    yield "common", common_text(found)
    yield from first_rows(found)
    for cause in found.partings.found[0].causes:
        yield "cause", f"{cause.id}: {cause.words}"
        yield "remedy", cause.remedy
    yield from rest(found)
    yield from (("note", text) for side in (found.a, found.b) for text in side.trace.warnings)


def common_text(found: Divergence) -> str:
    """Returns what the sides share."""
    if found.common is None:
        return "nothing: they differ from the first value on"
    a, b = found.common
    value = found.a.nodes[a].value
    return f"A {a} and B {b} are the last values with the same samples ({value.dtype} {sides_of(value)})"


def first_rows(found: Divergence) -> Iterator[Row]:
    """Yields what is known of the first parting, but for its causes."""
    assert found.partings is not None
    first = found.partings.found[0]
    for side, part in ((found.a, first.a), (found.b, first.b)):
        yield f"{side.name} parts", part_text(side, part)
    for side, part in ((found.a, first.a), (found.b, first.b)):
        if part.others:
            listed = "; ".join(chain_text(chain) for chain in part.others[:MOST])
            more = f"; and {len(part.others) - MOST:,} more" if len(part.others) > MOST else ""
            yield f"{side.name} or", f"{listed}{more} (these fit as well)"
        if part.note:
            yield "note", f"{side.name}: {part.note}"
    yield from pixel_rows(found)


def part_text(side: Side, part: Part) -> str:
    """Returns what a side does at a parting."""
    if part.number is None:
        return "does nothing here"
    node = side.nodes[part.number]
    place = f"{part.number} {node.name}" + (f" ({node.at})" if node.at else "")
    if not part.operations:
        return place
    return f"{place} {'computes' if part.is_exact else 'should compute'} {chain_text(part.operations)}"


def chain_text(operations: Sequence[object]) -> str:
    """Returns functions in their order as a text."""
    return " | ".join(map(str, operations))


def pixel_rows(found: Divergence) -> Iterator[Row]:
    """Yields the first pixel or tile that differs, and how many do by how much."""
    if found.difference is not None and found.difference.first is not None:
        one, other = found.difference.values
        unit = found.difference.unit.removesuffix("s")
        yield f"first {unit}", f"at {found.difference.first}: A {number_text(one)}, B {number_text(other)}"
        share = f"{found.difference.differing:,} of {found.difference.total:,} {found.difference.unit}"
        yield "different", f"{share}, {100 * found.difference.share:.3g} %, by at most {found.difference.maximum:g}"
    elif found.tile is not None:
        rows, columns = (f"{first} to {end - 1}" for first, end in (found.tile.rows, found.tile.columns))
        yield "first tile", f"rows {rows}, columns {columns}; {found.tile.differing} of {found.tile.total} tiles differ"
    else:
        one, other = found.values
        yield "different", f"A {one.dtype} {sides_of(one)}{_span(one)}, B {other.dtype} {sides_of(other)}{_span(other)}"


def _span(value: Value) -> str:
    return f" from {value.range[0]:g} to {value.range[1]:g}" if value.range else ""


def number_text(value: Any) -> str:
    """Returns a sample, or a pixel's samples, as a text."""
    if isinstance(value, list):
        return f"({', '.join(map(number_text, value))})" if len(value) != 1 else number_text(value[0])
    return f"{value:.9g}" if isinstance(value, float) else str(value)


def rest(found: Divergence) -> Iterator[Row]:
    """Yields whether the rest is the same on both sides, and why it is not."""
    assert found.partings is not None
    for parting in found.partings.found[1:]:
        places = ", ".join(
            f"{side.name} {part.number}"
            for side, part in ((found.a, parting.a), (found.b, parting.b))
            if part.number is not None
        )
        for cause in parting.causes:
            yield "then", f"{cause.id} ({places}): {cause.words}"
            yield "remedy", cause.remedy
    if len(found.partings.found) == 1:
        functions = "; ".join(found.partings.shared) or "nothing more is done"
        if found.partings.is_known:
            yield "rest", f"the same on both sides: {functions}"
        else:
            known = f", but for {functions}" if found.partings.shared else ""
            yield (
                "rest",
                f"not known to be the same{known}: mend this first, or add steps with isopixel.step(name, array)",
            )


def node_lines(nodes: Sequence[Node]) -> Iterator[tuple[str, ...]]:
    """Yields the rows of a way: the number, the name, the value, its range, the arguments, the place in the code."""
    for number, node in enumerate(nodes):
        if len(nodes) > 2 * LONG and LONG <= number < len(nodes) - LONG:
            if number == LONG:
                yield ("…", f"{len(nodes) - 2 * LONG:,} more", "", "", "", "")
            continue
        value = f"{node.value.dtype:8} {sides_of(node.value)}"
        arguments = shortened(arguments_of(node), 60)
        yield (str(number), shown(node.name), value, _span(node.value).strip(), arguments, shown(node.at))


def trace_record_of(trace: Trace, name: str) -> dict[str, Any]:
    """Returns a trace as a JSON object; its keys do not change."""
    steps = {"isopixel": trace.isopixel, "steps": len(trace.steps)}
    return trace_record(trace, name) | steps | {"path": [node_record(node) for node in path(trace)]}


def as_record(found: Divergence, names: tuple[str, str]) -> dict[str, Any]:
    """Returns a comparison as a JSON object; its keys do not change."""
    partings = found.partings
    return {
        "isopixel": _core.version,
        "equal": found.is_equal,
        "a": _side_record(found, found.a, names[0]),
        "b": _side_record(found, found.b, names[1]),
        "common": None if found.common is None else list(found.common),
        "partings": [_parting_record(found, parting) for parting in partings.found] if partings else [],
        "rest": None if partings is None else {"shared": list(partings.shared), "known": partings.is_known},
        "difference": _difference_record(found),
        "tile": _tile_record(found),
    }


def _side_record(found: Divergence, side: Side, name: str) -> dict[str, Any]:
    path = [node_record(node) | {"state": state(found, side, number)} for number, node in enumerate(side.nodes)]
    return trace_record(side.trace, name) | {"path": path}


def trace_record(trace: Trace, name: str) -> dict[str, Any]:
    """Returns what a trace says of its program as a JSON object."""
    libraries = dict(trace.libraries)
    return {"trace": name, "machine": trace.machine, "libraries": libraries, "warnings": list(trace.warnings)}


def node_record(node: Node) -> dict[str, Any]:
    """Returns a value on a way, and what made it, as a JSON object."""
    return {
        "name": node.name,
        "arguments": dict(node.step.arguments) if node.step is not None else {},
        "at": node.at,
        "facts": dict(node.facts),
        "kind": node.value.kind,
        "dtype": node.value.dtype,
        "shape": list(node.value.shape),
        "range": _plain(list(node.value.range)),
        "fingerprint": node.value.fingerprint,
    }


def _parting_record(found: Divergence, parting: Parting) -> dict[str, Any]:
    causes = [{"id": cause.id, "words": cause.words, "remedy": cause.remedy} for cause in parting.causes]
    return {"a": _part_record(found.a, parting.a), "b": _part_record(found.b, parting.b), "causes": causes}


def _part_record(side: Side, part: Part) -> dict[str, Any]:
    node = None if part.number is None else side.nodes[part.number]
    return {
        "number": part.number,
        "name": None if node is None else node.name,
        "at": None if node is None else node.at,
        "function": chain_text(part.operations) or None,
        "others": [chain_text(chain) for chain in part.others],
        "exact": part.is_exact,
        "note": part.note,
    }


def _difference_record(found: Divergence) -> dict[str, Any] | None:
    if found.difference is None or found.difference.first is None:
        return None
    return {
        "unit": found.difference.unit,
        "first": list(found.difference.first),
        "values": [_plain(value) for value in found.difference.values],
        "differing": found.difference.differing,
        "total": found.difference.total,
        "maximum": _plain(found.difference.maximum),
    }


def _plain(value: Any) -> Any:
    """Returns a number as JSON has it, and others as texts."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value if math.isfinite(value) else str(value)


def _tile_record(found: Divergence) -> dict[str, Any] | None:
    tile = found.tile
    if tile is None:
        return None
    return {"rows": list(tile.rows), "columns": list(tile.columns), "differing": tile.differing, "total": tile.total}
