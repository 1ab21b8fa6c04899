# SPDX-License-Identifier: MIT
"""Figures of sounds: a spectrogram as people read it, with the low frequencies below, in Hz, seconds and decibels."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from isopixel._bytes_image import image_of
from isopixel._difference import SCALE
from isopixel._images import UInt8Array, resize
from isopixel._page import INK, PALE, Page, ascii_of
from isopixel._recipe import Recipe
from isopixel._shown import counted, shown
from isopixel._sound import check_sound, wav_info_of
from isopixel._sound_axes import DECIBELS, SoundAxes
from isopixel._sources import open_file

WIDTH, HEIGHT = 1200, 512  # pixels of a drawing at most: what is larger is averaged
BAR, TICK = 18, 6  # pixels: the width of the bar of colours, the length of a tick


def _colours() -> UInt8Array:
    """Returns the colours of the levels, (256, 3), through those of SCALE: each lighter than the one before."""
    places = np.linspace(0, 255, len(SCALE))
    channels = np.transpose([step.colour for step in SCALE])
    return np.stack([np.interp(range(256), places, channel) for channel in channels], -1).round().astype(np.uint8)


COLOURS = _colours()


def spectrogram_figure(
    path: str | os.PathLike[str], recipe: Recipe, on_block: Callable[[memoryview], object]
) -> tuple[UInt8Array, list[str]]:
    """Draws what a recipe makes of a WAV file, before it is normalised.

    What is too large for a screen is averaged, while the file is read: neither is in memory as a whole.

    Args:
        path: of the file.
        recipe: with a layout of sounds. If it resizes, the result is drawn, along the axes of the sound.
        on_block: called with each block of bytes that is read.

    Returns:
        The figure, (h, w, 3), and what it shows, as lines of text.

    Raises:
        ModuleNotFoundError, ValueError: as `isopixel._figure.figure`.
        OSError, ValueError: as `isopixel.from_file`.
    """
    layout = str(recipe.layout)
    with open_file(path) as source:
        source.check_not_empty()
        shape = check_sound(wav_info_of(source), layout, source.name)
        size = recipe.size or shape
        fit = min(size[0], HEIGHT), min(size[1], WIDTH)
        if recipe.method is not None:
            image = resize(image_of(source, layout, size, recipe.method, on_block, whole=False), fit, method="area")
        elif fit == shape:
            image = image_of(source, layout, None, "bilinear", on_block, whole=False)
        else:
            image = image_of(source, layout, fit, "area", on_block, whole=False)
    axes = SoundAxes.of(layout, shape)
    notes = list(_notes(axes, recipe, fit))
    title = ascii_of(shown(Path(path).name))
    return _drawn(title, image, axes, [str(recipe.without_normalization()), *notes]), notes


def _notes(axes: SoundAxes, recipe: Recipe, fit: tuple[int, int]) -> Iterator[str]:
    """Yields what is shown, in lines."""
    text = f"{counted(axes.frames, 'frame')}, {1000 * axes.hop:.4g} ms apart, of {counted(axes.rows, axes.part)}"
    if recipe.size is None:
        rows, columns, row, column = axes.rows, axes.frames, axes.part, "frame"
    else:
        (rows, columns), row, column = recipe.size, "row", "column"
        text += f", resized to {counted(columns, 'column')} of {counted(rows, 'row')}"
    yield text
    if fit[1] < columns:
        yield f"too wide to be shown: each column is the mean of {columns / fit[1]:.4g} {column}s"
    if fit[0] < rows:
        yield f"too high to be shown: each row is the mean of {rows / fit[0]:.4g} {row}s"
    silent = axes.full - 254 * DECIBELS
    yield f"255 is {axes.full:.4g} dB of full scale or more, 0 is less than {silent:.4g} dB; 8 levels are 3 dB"


def _drawn(title: str, image: UInt8Array, axes: SoundAxes, notes: list[str]) -> UInt8Array:
    """Returns the page of an image that fits, magnified by whole numbers."""
    drawing = COLOURS[image[::-1]]
    drawing = drawing.repeat(HEIGHT // image.shape[0], axis=0).repeat(WIDTH // image.shape[1], axis=1)
    height, width = drawing.shape[:2]
    page = Page(14)
    hertz, decibels = axes.frequencies(page.line / height), axes.decibels()
    left = page.gap + 2 * TICK + max(page.text_width(text) for text in ("Hz", *(text for text, _ in hertz)))
    top = page.gap + 2 * page.line + TICK
    right, bottom = left + width + 1, top + height + 1
    end = right + page.gap + BAR + 2 * TICK + page.text_width("-100") + page.gap
    page.open(end, bottom + 2 * TICK + (2 + len(notes)) * page.line + page.gap)
    page.write(left, page.gap, page.shortened(title, end - left - page.gap), INK)
    page.paste(left, top, drawing)
    page.write_left(left - 2 * TICK, top - page.line - TICK, "Hz", PALE)
    for text, place in hertz:
        y = bottom - round(place * height)
        page.rule(left - TICK, y, left, y)
        page.write_left(left - 2 * TICK, y - page.line // 2, text, INK)
    times = axes.times(page.text_width("000:00  ") / width)
    for text, place in times:
        x = left + round(place * width)
        page.rule(x, bottom, x, bottom + TICK)
        page.write(x - page.text_width(text) // 2, bottom + TICK, text, INK)
    unit = "min:s" if any(":" in text for text, _ in times) else "s"
    page.write(right + TICK + page.text_width("0:00"), bottom + TICK, unit, PALE)
    bar = COLOURS[255 - np.arange(height) * 256 // height]
    left = right + page.gap
    page.paste(left, top, bar[:, None].repeat(BAR, axis=1))
    page.write(left, top - page.line - TICK, "dB", PALE)
    right = left + BAR + 1
    for text, place in decibels:
        y = bottom - round(place * height)
        page.rule(right, y, right + TICK, y)
        page.write(right + 2 * TICK, y - page.line // 2, text, INK)
    left, y = page.gap, bottom + 2 * TICK + page.line + page.line // 2
    for i, note in enumerate(notes):
        page.write(left, y + i * page.line, page.shortened(note, end - 2 * page.gap), PALE)
    return page.pixels()
