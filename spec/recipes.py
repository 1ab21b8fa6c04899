# SPDX-License-Identifier: MIT
"""The lines of recipes (R-16, R-50, R-52 to R-56, R-90) as a program: standard library only.

What recipes make of images is in recipe_images.py.
"""

import hashlib
import re
from typing import NamedTuple

from spec import reference

MOST_STEPS = 16
CHANNELS = {"rgb": 3, "bgr": 3, "gray": 1, "rgba": 4}


class Part(NamedTuple):
    """The source or a step of a recipe.

    Attributes:
        words: those without a name: ("image", "rgb"), ("crop", "224,224"), or a layout alone.
        options: the canonical value of each option that it may have, by name.
        text: as the canonical line has it.
    """

    words: tuple
    options: dict
    text: str


class Recipe(NamedTuple):
    """R-16: a recipe that has been read; normalization is a Part or None."""

    source: Part
    steps: list
    normalization: Part | None

    @property
    def text(self):
        """The canonical line."""
        parts = [self.source, *self.steps, *([self.normalization] if self.normalization else [])]
        return "isopixel 1: " + " | ".join(part.text for part in parts)


def parse(line):
    """R-16: the recipe of a line; ValueError for another line."""
    head, colon, rest = re.sub(r"\r?\n\Z", "", line).partition(":")
    if not colon or words_of(head) != ["isopixel", "1"]:
        raise ValueError(f"{line!r} does not begin with 'isopixel 1:' (R-16)")
    source, *steps = map(words_of, rest.split("|"))
    is_image = source[:1] == ["image"]
    if is_image:
        source = parse_image(source)
        channels = CHANNELS[source.words[1]]
    else:
        layout = reference.canonical_layout(" ".join(source))
        source = Part((layout,), {}, layout)
        channels = reference.parse_layout(layout).get("channels", 1)
    normalization = None
    if steps and steps[-1][:1] == ["normalize"]:
        normalization = parse_normalize(steps.pop(), channels)
    if len(steps) > (MOST_STEPS if is_image else 1):
        raise ValueError(f"{line!r} has too many steps (R-16)")
    steps = [parse_step(step, channels) for step in steps]
    if not is_image and not all(is_resize(step) and step.words[1][0].isdigit() for step in steps):
        raise ValueError(f"{line!r}: a layout is resized to H,W alone (R-16)")
    if source.words[-1] == "rgba" and any(map(takes_alpha_for_colour, steps)):
        raise ValueError(f"{line!r}: the method takes alpha for a colour (R-16)")
    return Recipe(source, steps, normalization)


def words_of(text):
    """R-16: the words between blanks."""
    return [word for word in text.split(" ") if word]


def is_resize(step):
    """Whether a step is that of R-52."""
    return step.words[0] in reference.METHODS


def takes_alpha_for_colour(step):
    """R-16: whether the method of a step is one of R-22 or R-39 that is not of R-23."""
    return f"{step.words[0]}-alpha" in reference.METHODS


def parse_image(words):
    """R-50: the source of an image."""
    mode = words[1] if len(words) > 1 else None
    if mode not in CHANNELS:
        raise ValueError(f"{words!r} has no mode after 'image' (R-50)")
    allowed = {"orientation": one_of("R-50", "refuse", "apply", "ignore")}
    if mode != "rgba":
        allowed["alpha"] = one_of("R-50", "refuse", "drop")
    if mode == "gray":
        allowed["luma"] = one_of("R-50", "refuse", "pillow-7", "opencv-3.4", "opencv-4")
    return part(words[:2], words[2:], allowed, "R-50")


def parse_step(words, channels):
    """R-52 to R-54: a step that is no normalisation."""
    if len(words) < 2:
        raise ValueError(f"{words!r} is not a step with a size (R-16)")
    (name, size), settings = words[:2], words[2:]
    if name in reference.METHODS:
        fit, short = size.startswith("fit="), size.startswith("short=")
        sides(size.removeprefix("fit=").removeprefix("short="), 1 if short else 2, "R-52")
        return part((name, size), settings, {"round": one_of("R-52", "even", "down", "half-up")} if fit else {}, "R-52")
    if name == "crop":
        rule, allowed = "R-53", {"round": one_of("R-53", "down", "even")}
    elif name == "pad":
        rule, allowed = "R-54", {"value": pad_values(channels), "at": one_of("R-54", "center", "corner")}
    else:
        raise ValueError(f"{name!r} is no step, and no method (R-16)")
    if size != "square":
        sides(size, 2, rule)
    return part((name, size), settings, allowed, rule)


def parse_normalize(words, channels):
    """R-16, R-55, R-56, R-90: the normalisation."""
    allowed = {
        "mean": decimals(channels),
        "std": decimals(channels),
        "range": one_of("R-55", "1", "255"),
        "rounding": one_of("R-56", "exact", "steps", "fused", "reciprocal"),
    }
    step = part(words[:1], words[1:], allowed, "R-16")
    if None in step.options.values():
        raise ValueError(f"{words!r} has not both mean and std (R-16)")
    means, deviations = ([reference.decimal(text) for text in step.options[n].split(",")] for n in ("mean", "std"))
    if min(deviations) <= 0:
        raise ValueError(f"{words!r} has a std that is not above 0 (R-30)")
    if step.options["range"] == "1" and max(map(abs, means + deviations)) > 4:
        raise ValueError(f"{words!r} is not for samples from 0 to 1 (R-90)")
    if step.options["range"] == "255" and step.options["rounding"] in ("fused", "reciprocal"):
        raise ValueError(f"{words!r}: a rounding of samples from 0 to 1 beside range=255 (R-56)")
    return step


def part(words, settings, allowed, rule):
    """R-16: a source or step.

    Args:
        words: those without a name.
        settings: its other words.
        allowed: by the name of each option, in the order of the canonical line, the function from its text to its
            canonical value, and its default.
        rule: the rule that says which options there are.
    """
    given = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or name not in allowed:
            raise ValueError(f"{setting!r} is no option of {' '.join(words)!r} ({rule})")
        if name in given:
            raise ValueError(f"{name} is given twice (R-16)")
        given[name] = allowed[name][0](value)
    options = {name: given.get(name, default) for name, (_, default) in allowed.items()}
    written = [f"{name}={value}" for name, value in options.items() if value != allowed[name][1]]
    return Part(tuple(words), options, " ".join([*words, *written]))


def one_of(rule, *values):
    """An option that has one of some values, the first by default."""

    def read(text):
        if text not in values:
            raise ValueError(f"{text!r} is none of {values} ({rule})")
        return text

    return read, values[0]


def decimals(channels):
    """R-16: the option of means or deviations, which has no default."""

    def read(text):
        numbers = [reference.decimal(number) for number in text.split(",")]
        if len(numbers) not in (1, channels):
            raise ValueError(f"{text!r} is not one number, nor {channels} (R-16)")
        return ",".join(map(reference.canonical_decimal, numbers))

    return read, None


def pad_values(channels):
    """R-54: the option of the values of padding."""

    def read(text):
        values = text.split(",")
        if len(values) not in (1, channels) or not all(re.fullmatch("0|[1-9][0-9]{0,2}", v) for v in values):
            raise ValueError(f"{text!r} is not one sample, nor {channels} (R-54)")
        if max(map(int, values)) > 255:
            raise ValueError(f"{text!r} has a value above 255 (R-54)")
        return values[0] if len(set(values)) == 1 else text

    return read, "0"


def sides(text, count, rule):
    """R-52 to R-54: the numbers of a size."""
    numbers = text.split(",")
    if len(numbers) != count or not all(re.fullmatch("[1-9][0-9]{0,9}", n) and int(n) < 2**31 for n in numbers):
        raise ValueError(f"{text!r} is not a size ({rule})")
    return tuple(map(int, numbers))


def digest(line):
    """R-16: the digest of a recipe."""
    return "sha256:" + hashlib.sha256(parse(line).text.encode("ascii")).hexdigest()
