# SPDX-License-Identifier: MIT
"""The report of a skew as one HTML file, with its pictures in it."""

import base64
import io
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from isopixel._difference import SCALE, difference, difference_picture
from isopixel._figure import numbers
from isopixel._images import UInt8Array
from isopixel._pictures import pillow
from isopixel._shown import counted, shown
from isopixel._skew.cost import Served, Skew
from isopixel._skew.way import recipes_way

WORST = 3  # examples for each way
MANY = 40  # classes, from which on only those with flips are listed
SMALL = 192  # pictures whose longer side is below this are magnified by a whole number

STYLE = """
:root { color: #202020; background: #fff; font: 16px/1.45 system-ui, sans-serif }
body { max-width: 76rem; margin: 0 auto; padding: 1rem }
h1 { font-size: 1.6rem; margin: .5rem 0 } h2 { font-size: 1.25rem; margin: 2.2rem 0 .5rem }
h3 { font-size: 1rem; margin: 1.6rem 0 0; overflow-wrap: anywhere }
p { max-width: 46rem; margin: .4rem 0 } .pale { color: #595959 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: 1rem 0 }
dt { color: #595959 } dd { margin: 0; overflow-wrap: anywhere }
.wide { overflow-x: auto }
table { border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums }
th, td { padding: .25rem .5rem; border-bottom: 1px solid #d8d8d8; text-align: right; white-space: nowrap }
th { font-weight: 600; vertical-align: bottom } th:first-child, td:first-child { text-align: left }
td small { color: #404040; display: block; white-space: normal }
th:first-child, td:first-child { position: sticky; left: 0; background: #fff }
.cards { display: flex; margin: .6rem 0; flex-wrap: wrap; gap: 1rem }
.card { border: 1px solid #d8d8d8; border-radius: 6px; padding: .7rem; max-width: 100%; box-sizing: border-box }
.card h4 { font-size: .9rem; margin: 0 0 .5rem; width: 0; min-width: 100%; overflow-wrap: anywhere }
.pair { display: flex; flex-wrap: wrap; gap: .7rem } figure { margin: 0; max-width: 100% }
img { display: block; border: 1px solid #808080; image-rendering: pixelated; max-width: 100%; height: auto }
figcaption { font-size: .85rem; margin-top: .2rem; width: 0; min-width: 100%; overflow-wrap: anywhere }
.scale { color: #404040; font-size: .88rem }
.scale span { display: inline-block; width: .9em; height: .9em; margin: 0 .3em 0 .7em; border: 1px solid #808080 }
.flip { color: #a11515; font-weight: 600 }
"""


def report(skew: Skew, facts: Sequence[tuple[str, str]]) -> str:
    """Returns the report as HTML.

    Args:
        skew: what was measured; the files are read once more, for the pictures.
        facts: what is said at the top, as names and values.
    """
    parts = [
        "<h1>What a mismatch costs</h1>",
        f"<p>{_summary(skew)}</p>",
        "<dl>",
        *(f"<dt>{_text(name)}</dt><dd>{_text(value)}</dd>" for name, value in facts),
        "</dl>",
        *_ways(skew),
        *_classes(skew),
        *_examples(skew),
        *_failures(skew),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Skew of {_text(skew.model)}</title><style>{STYLE}</style></head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def _text(text: object) -> str:
    """Returns a text from outside, escaped for HTML."""
    return escape(shown(text))


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"


def _summary(skew: Skew) -> str:
    """Returns the finding in a sentence or two."""
    costs = [(skew.cost(served), served.way.name) for served in skew.served]
    worst, name = max(costs, key=lambda cost: (cost[0].flips, cost[0].maximum))
    if not worst.flips:
        if not worst.maximum:
            return "No prediction flips, and no top score changes."
        return f"No prediction flips, and no top score changes by more than {worst.maximum:.3g}."
    return (
        f"The worst of {len(costs)} other ways to make the inputs is {_text(name)}: "
        f'<span class="flip">{worst.flips} of {worst.files} predictions flip</span> ({_percent(worst.share)}).'
    )


def _shade(share: float) -> str:
    """Returns the attribute that colours a cell; black text stays readable on all of the colours."""
    return f' style="background: rgb(255 {255 - 110 * share**0.5:.0f} {255 - 155 * share**0.5:.0f})"' if share else ""


def _ways(skew: Skew) -> Iterator[str]:
    """Yields the table of the ways."""
    labelled = bool(skew.files.labels)
    yield "<h2>By way of making the inputs</h2>"
    yield (
        '<p class="pale">A flip is a prediction that differs from the one under the recipe. The top score is that of '
        "the class predicted under the recipe; its change is absolute, and in the units of the model’s scores.</p>"
    )
    accuracy = "<th>accuracy" if labelled else ""
    yield '<div class="wide"><table><thead><tr><th>way<th>flips<th>share'
    yield f"<th>change of top score<br>mean<th><br>maximum<th>pixels<br>that differ{accuracy}</thead><tbody>"
    if labelled:
        yield f"<tr><td>the recipe<td><td><td><td><td><td>{_percent(skew.cost(skew.base).accuracy or 0)}"
    for served in skew.served:
        cost = skew.cost(served)
        accuracy = f"<td>{_percent(cost.accuracy)}" if cost.accuracy is not None else ""
        yield (
            f"<tr><td>{_text(served.way.name)}<td>{cost.flips}<td{_shade(cost.share)}>{_percent(cost.share)}"
            f"<td>{cost.mean:.3g}<td>{cost.maximum:.3g}<td>{_percent(served.pixels.mean())}{accuracy}"
        )
    yield "</tbody></table></div>"


def _classes(skew: Skew) -> Iterator[str]:
    """Yields the table of the classes."""
    costs = {served.way.name: skew.by_class(served) for served in skew.served}
    names = list(next(iter(costs.values())))
    listed = [name for name in names if len(names) < MANY or any(cost[name].flips for cost in costs.values())]
    yield "<h2>By class</h2>"
    whose = "that of the file’s folder" if skew.files.labels else "the one predicted under the recipe"
    others = counted(len(names) - len(listed), "class")
    left_out = f" Not listed: {others} without a flip." if len(listed) < len(names) else ""
    yield (
        '<p class="pale">The share of predictions that flip; below it, the mean and the maximum change of the top '
        f"score. The class is {whose}.{left_out}</p>"
    )
    if not listed:
        return
    yield '<div class="wide"><table><thead><tr><th>class<th>files'
    yield "".join(f"<th>{_text(name).replace('-', '-<wbr>').replace(',', ',<wbr>')}" for name in costs)
    yield "</thead><tbody>"
    for name in listed:
        row = [cost[name] for cost in costs.values()]
        yield f"<tr><td>{_text(name)}<td>{row[0].files}" + "".join(
            f"<td{_shade(cost.share)}>{_percent(cost.share)}<small>{cost.mean:.3g} / {cost.maximum:.3g}</small>"
            for cost in row
        )
    yield "</tbody></table></div>"


def _examples(skew: Skew) -> Iterator[str]:
    """Yields the worst examples of each way."""
    yield "<h2>Worst examples</h2>"
    yield (
        '<p class="pale">The recipe’s input, and the absolute difference of the other one from it. Flips come first, '
        "then the largest changes of the top score.</p>"
    )
    steps = (f'<span style="background: rgb{step.colour}"></span>{step}' for step in SCALE)
    yield f'<p class="scale">Difference: {" ".join(steps)}</p>'
    base = recipes_way(skew.recipe)
    for served in skew.served:
        yield f'<h3>{_text(served.way.name)}</h3><p class="pale">{_text(served.way.how)}</p>'
        indices = skew.worst(served, WORST)
        if not indices:
            yield '<p class="pale">Nothing changes.</p>'
            continue
        yield '<div class="cards">'
        for i in indices:
            path = skew.files.paths[i]
            yield _card(skew, served, i, base.make(path), served.way.make(path))
        yield "</div>"


def _card(skew: Skew, served: Served, i: int, image: UInt8Array, other: npt.NDArray[Any]) -> str:
    """Returns an example: a file, its input, the difference, and both predictions."""
    path: Path = skew.files.paths[i]
    name = path.name
    if skew.files.labels:
        name = f"{path.name} ({skew.classes[skew.files.labels[i]]})"
    was, now = (skew.classes[int(s.predictions[i])] for s in (skew.base, served))
    flipped = ' class="flip"' if was != now else ""
    seen = image[..., ::-1] if skew.recipe.mode == "bgr" else image
    as_other = image.astype(other.dtype, copy=False)
    return (
        f'<div class="card"><h4 title="{_text(path)}">{_text(name)}</h4><div class="pair">'
        f"<figure>{_picture(seen, 'the input under the recipe')}<figcaption>recipe: <b>{_text(was)}</b>, "
        f"score {skew.base.tops[i]:.4g}</figcaption></figure>"
        f"<figure>{_picture(difference_picture(as_other, other), 'the difference')}<figcaption>"
        f"<span{flipped}>{_text(served.way.name)}: <b>{_text(now)}</b></span>, score {served.tops[i]:.4g}<br>"
        f"top score changes by {served.changes[i]:.3g}<br>"
        f'<span class="pale">{_text(numbers(difference(as_other, other)))}</span>'
        "</figcaption></figure></div></div>"
    )


def _picture(image: UInt8Array, what: str) -> str:
    """Returns a picture as an element, with its data in it."""
    file = io.BytesIO()
    pillow().Image.fromarray(np.ascontiguousarray(image)).save(file, format="PNG")
    height, width = image.shape[:2]
    scale = max(1, SMALL // max(height, width))
    data = base64.b64encode(file.getvalue()).decode("ascii")
    return f'<img width="{scale * width}" height="{scale * height}" alt="{what}" src="data:image/png;base64,{data}">'


def _failures(skew: Skew) -> Iterator[str]:
    """Yields the files that could not be read."""
    if skew.files.failures:
        yield f"<h2>Left out</h2><p>{counted(len(skew.files.failures), 'file')} could not be read:</p><ul>"
        yield from (f"<li>{_text(path)}: {_text(why)}" for path, why in skew.files.failures)
        yield "</ul>"
