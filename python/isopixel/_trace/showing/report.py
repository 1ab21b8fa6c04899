# SPDX-License-Identifier: MIT
"""The reports of a trace, and of the comparison of two, as one HTML file each, with their pictures in it."""

from collections.abc import Iterator
from html import escape

from isopixel._difference import SCALE, difference_picture
from isopixel._figure import numbers
from isopixel._shown import shown
from isopixel._trace.comparing.divergence import Divergence
from isopixel._trace.comparing.functions import Side
from isopixel._trace.comparing.parting import Part
from isopixel._trace.comparing.path import path
from isopixel._trace.records import Trace
from isopixel._trace.showing.film import Frame, frames_of, strip, strips
from isopixel._trace.showing.seen import as_element, enlarged, image_of, marked, scale_of, seen, tile_picture, window_at
from isopixel._trace.showing.shown import chain_text, common_text, number_text, rest, sides_of, versions_text
from isopixel._trace.showing.style import STYLE

MOST = 6  # differences that are listed


def diff_report(found: Divergence, names: tuple[str, str]) -> str:
    """Returns the report of a comparison as HTML.

    Args:
        found: the comparison.
        names: of the traces, as they were given.
    """
    title = "The pipelines agree" if found.is_equal else "Where the two pipelines diverge"
    parts = [f"<h1>{title}</h1>", *_verdict(found), *_sides(found, names)]
    parts += ["<h2>The steps of each pipeline</h2>", *_legend(found), *strips(found)]
    if not found.is_equal:
        parts += [*_functions(found), *_pictures(found), *_zoom(found), *_rest(found)]
    return page(title, [*parts, *_warnings(found.a.trace, found.b.trace)])


def trace_report(trace: Trace, name: str) -> str:
    """Returns the report of a trace as HTML."""
    nodes = path(trace)
    parts = [f"<h1>What a pipeline made</h1><p>{text(name)}{text(versions_text(trace))}</p>"]
    frames = [Frame("", *frame) for frame in frames_of(nodes)]
    parts += ["<h2>The way to the last value</h2>", *strip("", frames)] if nodes else ["<p>It made no image.</p>"]
    return page("Trace", [*parts, *_warnings(trace)])


def page(title: str, parts: list[str]) -> str:
    """Returns a page."""
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style></head>\n<body>\n" + "\n".join(parts) + "\n</body></html>\n"
    )


def text(value: object) -> str:
    """Returns a text from outside, escaped for HTML."""
    return escape(shown(value))


def _verdict(found: Divergence) -> Iterator[str]:
    """Yields the finding, in words."""
    if found.partings is None:
        yield (
            '<div class="verdict good"><p class="cause">The last values are the same samples, bit for bit.</p>'
            f'<p class="pale">{text(found.values[0].fingerprint)}</p></div>'
        )
        return
    yield f'<div class="verdict bad"><p>{_until(found)}</p><ol>'
    for parting in found.partings.found[:MOST]:
        where = " ".join(_where(side, part) for side, part in ((found.a, parting.a), (found.b, parting.b)))
        yield f'<li><p class="where">{where}</p>'
        for cause in parting.causes:
            yield f'<p class="cause"><b class="id">{text(cause.id)}</b> {text(cause.words)}</p>'
            yield f'<p class="remedy"><span>Fix:</span> <code>{text(cause.remedy)}</code></p>'
    yield '</ol><p class="pale">A is taken to be right: each fix makes B compute what A does.</p></div>'


def _until(found: Divergence) -> str:
    """Returns until where the sides are the same, as a sentence."""
    assert found.partings is not None
    number = len(found.partings.found)
    told = f"{number} differences were found" if number > 1 else "One difference was found"
    if found.common is None:
        return f"The two programs differ from the first image on. {told}:"
    a, b = (text(s.nodes[n].name) for s, n in zip((found.a, found.b), found.common, strict=True))
    return (
        f"Both programs have the same picture up to {a} (A, {found.common[0]}) and {b} (B, {found.common[1]}). {told}:"
    )


def _where(side: Side, part: Part) -> str:
    """Returns what a side runs at a parting, in a few words."""
    if part.number is None:
        return f'<span class="side">{side.name}</span> does nothing.'
    node = side.nodes[part.number]
    place = f" in {text(node.at)}" if node.at else ""
    return f'<span class="side">{side.name}</span> runs <b>{text(node.name)}</b>{place}.'


def _sides(found: Divergence, names: tuple[str, str]) -> Iterator[str]:
    yield "<dl>"
    for side, name in zip((found.a, found.b), names, strict=True):
        yield f"<dt>{side.name}</dt><dd><b>{text(name)}</b>{text(versions_text(side.trace))}</dd>"
    yield f"<dt>common</dt><dd>{text(common_text(found))}</dd>" if not found.is_equal else ""
    yield "</dl>"


def _legend(found: Divergence) -> Iterator[str]:
    yield '<p class="legend"><span class="key common"></span> the same samples on both sides'
    if not found.is_equal:
        yield '<span class="key first"></span> the first difference <span class="key later"></span> a further one'
        yield '<span class="key"></span> differs in consequence'
    yield "</p>"


def _functions(found: Divergence) -> Iterator[str]:
    """Yields what either side computes where they part."""
    assert found.partings is not None
    first = found.partings.found[0]
    if not (first.a.operations or first.b.operations):
        return
    yield "<h2>What each side computes at difference 1</h2><dl>"
    for side, part in ((found.a, first.a), (found.b, first.b)):
        if not part.operations:
            is_source = part.number == 0 and (first.a.operations or first.b.operations)
            words = "nothing" if part.number is None else "the file as it is" if is_source else "not a known function"
            yield f'<dt>{side.name}</dt><dd class="pale">{words}</dd>'
            continue
        proof = "exactly: every sample agrees" if part.is_exact else "by the call’s arguments and the library’s release"
        function = text(chain_text(part.operations))
        yield f'<dt>{side.name}</dt><dd><code>{function}</code> <span class="pale">{proof}</span>'
        if part.others:
            listed = "; ".join(chain_text(chain) for chain in part.others)
            yield f'<br><span class="pale">These fit as well: {text(listed)}</span>'
        if part.note:
            yield f'<br><span class="pale">{text(part.note)}</span>'
        yield "</dd>"
    yield "</dl>"


def _pictures(found: Divergence) -> Iterator[str]:
    """Yields the values of both sides where they part, and their difference."""
    a, b = map(image_of, found.values)
    yield "<h2>The images after it</h2>"
    if a is None or b is None:
        yield from _tiles(found)
        return
    scale = scale_of(a, b)
    place = found.difference.first if found.difference is not None else None
    box = window_at(place, a.shape) if place is not None else None
    yield '<div class="row">'
    for side, image, value in zip((found.a, found.b), (a, b), found.values, strict=True):
        picture = as_element(marked(seen(image, scale), box), side.name)
        caption = f"<b>{side.name}</b> {text(value.dtype)} {sides_of(value)}"
        yield f"<figure>{picture}<figcaption>{caption}</figcaption></figure>"
    if found.difference is not None and place is not None:
        amounts = [scale.levels(image) for image in (a, b)]
        caption = f"the difference: {text(numbers(found.difference))}"
        yield f"<figure>{as_element(marked(difference_picture(*amounts), box), 'the difference')}"
        yield f"<figcaption>{caption}</figcaption></figure>"
    yield "</div>"
    if found.difference is not None and place is not None:
        steps = " ".join(f'<span style="background: rgb{step.colour}"></span>{step}' for step in SCALE)
        yield f'<p class="scale">Difference{text(scale.unit)}: {steps}</p>'
    if scale.text:
        yield f'<p class="pale">{text(scale.text)}</p>'


def _tiles(found: Divergence) -> Iterator[str]:
    """Yields what is known without samples."""
    yield '<p class="pale">The traces keep no samples of these values, so they cannot be shown.</p>'
    a, b = found.values
    if found.tile is None:
        yield f"<p>A has {text(a.dtype)} {sides_of(a)}, B {text(b.dtype)} {sides_of(b)}.</p>"
        return
    tile = found.tile
    caption = (
        f"{tile.differing} of {tile.total} tiles differ (red); the first one is rows {tile.rows[0]} to "
        f"{tile.rows[1] - 1}, columns {tile.columns[0]} to {tile.columns[1] - 1}"
    )
    picture = as_element(tile_picture(a, b), "the tiles")
    yield f"<figure>{picture}<figcaption>{caption}</figcaption></figure>"


def _zoom(found: Divergence) -> Iterator[str]:
    """Yields the first pixel that differs, enlarged with its neighbours, and its values."""
    a, b = map(image_of, found.values)
    if found.difference is None or found.difference.first is None or a is None or b is None:
        return
    row, column = found.difference.first[:2]
    box, scale = window_at((row, column), a.shape), scale_of(a, b)
    yield f"<h2>The first pixel that differs</h2><p>Row {row}, column {column} (from 0), framed in red:</p>"
    yield '<div class="row">'
    for side, image in ((found.a, a), (found.b, b)):
        picture = as_element(enlarged(seen(image, scale), box, (row, column)), f"{side.name}, enlarged")
        yield f"<figure>{picture}<figcaption><b>{side.name}</b></figcaption></figure>"
    yield "<table><thead><tr><th><th>A<th>B<th>B − A</thead><tbody>"
    for channel in range(a.shape[2]):
        x, y = a[row, column, channel].item(), b[row, column, channel].item()
        apart = ' class="apart"' if x != y else ""
        yield f"<tr{apart}><th>channel {channel}<td>{number_text(x)}<td>{number_text(y)}<td>{number_text(y - x)}"
    yield "</tbody></table></div>"


def _rest(found: Divergence) -> Iterator[str]:
    """Yields whether what follows is the same."""
    told = [(name, value) for name, value in rest(found) if name == "rest"]
    if told:
        yield "<h2>What follows</h2>"
        yield from (f"<p>{text(value[:1].upper() + value[1:])}</p>" for _, value in told)


def _warnings(*traces: Trace) -> Iterator[str]:
    found = [warning for trace in traces for warning in trace.warnings]
    if found:
        yield "<h2>Not in the traces</h2><ul>"
        yield from (f"<li>{text(warning)}" for warning in dict.fromkeys(found))
        yield "</ul>"
