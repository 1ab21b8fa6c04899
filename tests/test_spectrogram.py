# SPDX-License-Identifier: MIT
"""Drawings of sounds: each pixel is the reference's level in its colour, and the axes are those of the rules."""

import io
import re

import numpy as np
import pytest
from PIL import Image
from spec import reference, sound

from isopixel import Recipe, _spectrogram, from_file
from isopixel._page import INK, PAPER
from isopixel._sound_axes import DECIBELS, SoundAxes
from isopixel._spectrogram import COLOURS, spectrogram_figure
from tests.program import assert_refused, run
from tests.test_compare import places_of
from tests.test_sound import expected_image, wav

MEL = "logmel,rate=8000,window=32,hop=10,bands=6"
FFT = "logfft,rate=8000,window=16,hop=5,ends=cut,gain=64"
WIDE = "logfft,rate=48000,window=1024,hop=512"
SPEECH = "logmel,rate=16000,window=400,hop=160,bands=80"


@pytest.fixture
def path(tmp_path):
    """A tone that rises, in two channels, with noise."""
    t = np.arange(400)
    noise = np.random.default_rng(1).integers(-99, 99, (400, 2))
    samples = noise + np.stack([20_000 * np.sin(t * t / 400), 9 * t], -1)
    (tmp_path / "a sound.wav").write_bytes(wav(np.rint(samples).astype(np.int16)))
    return tmp_path / "a sound.wav"


def drawn(path, line):
    """The page of a recipe and its lines of text."""
    return spectrogram_figure(path, Recipe.parse(line), lambda block: None)


@pytest.mark.parametrize(
    ("layout", "resized"),
    [
        (MEL, ""),
        (f"{MEL},channel=2,low=300,high=2000", " | bilinear 9,31"),
        (FFT, " | pillow-4-bicubic 4,50 | normalize mean=0.5 std=0.5"),
    ],
)
def test_pixels(layout, resized, path):
    """The reference's image with row 0 at the bottom, magnified by whole numbers, once."""
    size, method = None, "bilinear"
    if resized:
        method, numbers = resized.split()[1:3]
        size = tuple(map(int, numbers.split(",")))
    if method.startswith("pillow"):
        expected = Recipe(layout, size, method=method)(path)
    else:
        expected = expected_image(layout, path.read_bytes(), size, method)
    page, notes = drawn(path, f"isopixel 1: {layout}{resized}")
    rows, columns = expected.shape
    picture = COLOURS[expected[::-1]].repeat(512 // rows, axis=0).repeat(1200 // columns, axis=1)
    assert len(places_of(picture, page)) == 1
    assert ("resized" in notes[0]) is bool(resized)
    for edge in (page[:10], page[-10:], page[:, :10], page[:, -10:]):
        assert (edge == PAPER).all()


@pytest.mark.parametrize(("height", "width"), [(512, 7), (4, 1200), (5, 9), (1, 1)])
@pytest.mark.parametrize("resized", ["", " | bilinear 9,31"])
def test_what_is_too_large_is_averaged(height, width, resized, path, monkeypatch):
    """By the exact filter area, after what the recipe does; and the lines say by how much."""
    monkeypatch.setattr(_spectrogram, "HEIGHT", height)
    monkeypatch.setattr(_spectrogram, "WIDTH", width)
    page, notes = drawn(path, f"isopixel 1: {FFT}{resized}")
    rows, columns = (9, 31) if resized else (9, 77)
    fit = min(height, rows), min(width, columns)
    if resized:
        before = expected_image(FFT, path.read_bytes(), (9, 31))
        expected = np.frombuffer(reference.resize(before.tobytes(), (9, 31, 1), fit, "area"), np.uint8).reshape(fit)
    else:
        expected = expected_image(FFT, path.read_bytes(), fit, "area")
    picture = COLOURS[expected[::-1]].repeat(height // fit[0], axis=0).repeat(width // fit[1], axis=1)
    assert len(places_of(picture, page)) == 1 or picture.shape[:2] == (1, 1)
    text = " ".join(notes)
    of_columns, of_rows = ("columns", "rows") if resized else ("frames", "bins")
    assert (f"each column is the mean of {columns / width:.4g} {of_columns}" in text) is (columns > width)
    assert (f"each row is the mean of {rows / height:.4g} {of_rows}" in text) is (rows > height)


@pytest.mark.parametrize(("low", "high"), [(0, 8000), (300, 3400), (7000, 7001)])
def test_frequencies_of_bands(low, high):
    """The middle of a row is the peak of its triangle, edge b + 1 of R-76."""
    axes = SoundAxes.of(f"{SPEECH},low={low},high={high}", (80, 9))
    for b, edge in enumerate(sound.edges(80, low, high)[1:-1]):
        assert abs(axes.height_of(edge / sound.UNIT) - (b + 0.5) / 80) < 1e-3  # an edge is rounded down to 2^-16 Hz


def test_frequencies_of_bins_and_times_of_frames():
    axes = SoundAxes.of("logfft,rate=8000,window=16,hop=4", (9, 5))
    assert [axes.height_of(500 * k) * 9 for k in range(9)] == pytest.approx([k + 0.5 for k in range(9)])
    assert [axes.column_of(f * 4 / 8000) * 5 for f in range(5)] == pytest.approx([f + 0.5 for f in range(5)])
    cut = SoundAxes.of("logfft,rate=8000,window=16,hop=4,ends=cut", (9, 5))
    assert cut.column_of(8 / 8000) * 5 == pytest.approx(0.5)  # the middle of the first window


@pytest.mark.parametrize(
    ("layout", "shape", "hertz", "times"),
    [
        (SPEECH, (80, 301), "100 200 500 1000 2000 5000", "0 0.5 1 1.5 2 2.5 3"),
        (SPEECH, (80, 360_001), "100 200 500 1000 2000 5000", "0:00 10:00 20:00 30:00 40:00 50:00 60:00"),
        (f"{SPEECH},low=1000,high=2000", (80, 2), " ".join(map(str, range(1100, 2000, 100))), "0 0.005 0.01 0.015"),
        (WIDE, (513, 12_000), " ".join(map(str, range(0, 24_001, 2000))), "0:00 0:20 0:40 1:00 1:20 1:40 2:00"),
    ],
)
def test_ticks(layout, shape, hertz, times):
    """Round numbers, apart, from edge to edge."""
    axes = SoundAxes.of(layout, shape)
    for ticks, apart, texts in ((axes.frequencies(0.046), 0.046, hertz), (axes.times(0.1), 0.1, times)):
        assert " ".join(text for text, _ in ticks) == texts
        places = np.array([place for _, place in ticks])
        assert places[0] >= 0 and places[-1] <= 1 and (np.diff(places) >= apart).all()


@pytest.mark.parametrize("gain", [0, 1, 64])
def test_decibels(gain):
    """R-78: the level of a power; 0 dB is 255 with the gain 0."""
    ticks = SoundAxes.of(f"{SPEECH},gain={gain}", (80, 3)).decibels()
    assert len(ticks) >= 4
    for text, place in ticks:
        level = 255 + gain + 8 * np.log2(10 ** (float(text) / 10))
        assert place * 255 == pytest.approx(level) and 0 <= place <= 1
    assert pytest.approx(10 * np.log10(2)) == 8 * DECIBELS


def test_a_tick_points_at_its_frequency(tmp_path):
    """A tone of 1000 Hz is where the tick of 1000 is, and no other one."""
    t = np.arange(4000)
    (tmp_path / "a.wav").write_bytes(wav(np.rint(30_000 * np.sin(2 * np.pi * t / 8)).astype(np.int16)))
    layout = "logmel,rate=8000,window=256,hop=128,bands=40,ends=cut"
    page, _ = drawn(tmp_path / "a.wav", f"isopixel 1: {layout}")
    colour = COLOURS[from_file(tmp_path / "a.wav", layout).max()]
    bright = np.argwhere((page == colour).all(-1) & (np.arange(page.shape[1]) < 600))  # not the bar of colours
    (top, left), (bottom, _) = bright.min(0), bright.max(0)
    ticks = [y for y, x in np.argwhere((page == INK).all(-1)) if x == left - 4]
    assert sum(top <= y <= bottom for y in ticks) == 1 and bottom - top < 30


def test_colours():
    """All differ, and each is lighter than the one before."""
    light = COLOURS @ [0.2126, 0.7152, 0.0722]
    assert len({tuple(colour) for colour in COLOURS.tolist()}) == 256 and (np.diff(light) > 0).all()


def test_the_command(path, tmp_path):
    line, out = f"isopixel 1: {MEL}", tmp_path / "out.png"
    result = run("show", path, "--recipe", line, "-o", out)
    assert (result.returncode, result.stderr) == (0, "")
    page, notes = drawn(path, line)
    assert result.stdout.splitlines() == notes
    assert np.array_equal(Image.open(io.BytesIO(out.read_bytes())), page)
    assert re.search(r"41 frames, 1.25 ms apart, of 6 bands\n.*-95.58 dB", result.stdout)
    for arguments, words in (
        ((path,), ("no manifest", "--recipe")),
        ((path, "--recipe", line), ("needs --recipe and -o",)),
        ((path, "-o", out), ("needs --recipe and -o",)),
        ((path, "--recipe", line, "-o", out, "--json"), ("no JSON",)),
        ((path, "--recipe", "isopixel 1: line", "-o", out), ("not of sounds",)),
        ((path, "--recipe", "isopixel 1: image rgb", "-o", out), ("not of sounds",)),
        ((path, "--recipe", line, "-o", tmp_path / "a.npy"), (".png",)),
        ((path, "--recipe", line, "-o", path), ("must end in",)),
        ((path, "--recipe", line.replace("8000", "9000"), "-o", out), ("a sound.wav", "8000")),
        ((tmp_path / "missing.wav", "--recipe", line, "-o", out), ("No such file",)),
    ):
        assert_refused(run("show", *arguments), *words)
