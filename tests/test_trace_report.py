# SPDX-License-Identifier: MIT
"""The reports of traces: one file each that says all, with pictures or without, and nothing from elsewhere."""

import re

import numpy as np
import pytest

from isopixel import Explained
from isopixel._difference import SCALE, difference_picture
from isopixel._trace.comparing.divergence import diff
from isopixel._trace.showing.report import diff_report, trace_report
from isopixel._trace.showing.seen import enlarged, marked, scale_of, seen, thumbnail, window_at
from tests.html_page import Page
from tests.traces import Call, checkpoint, traced

RNG = np.random.default_rng(8)
IMAGE = RNG.integers(0, 256, (70, 64, 3), dtype=np.uint8)
HOSTILE = "<img src=x onerror=alert(1)>\"\n&amp;'"
DECODED = Call("imread", kind="decode", makes=IMAGE, facts={"file": HOSTILE})


def read(html):
    """The page, after what is true of every report."""
    page = Page(html)
    assert not page.open
    assert not page.tags & {"script", "link", "iframe", "object", "embed", "base", "form"}
    assert not re.search(r"(?:https?:)?//[a-z]|url\(|@import", re.sub(r'base64,[^"]*', "", html))
    assert "prefers-color-scheme: dark" in html
    return page, " ".join(" ".join(page.words).split())


def report(a, b, **options):
    found = diff(traced(("num_workers=2",), *a, **options), traced((), *b, **options))
    return read(diff_report(found, ("train", HOSTILE)))


def test_a_difference():
    other = IMAGE[..., ::-1]
    page, text = report([DECODED, checkpoint(HOSTILE, IMAGE[::-1])], [DECODED, checkpoint("y", other)])
    assert text.count(" ".join(HOSTILE.split())) >= 2
    for word in ("flip-vertical", "channel-order", "num_workers=2", "code.py:2", "Fix:"):
        assert word in text
    assert "Row 0, column 0" in text
    for channel in range(3):
        assert f"channel {channel} {IMAGE[0, 0, channel]} {other[0, 0, channel]}" in text
    sizes = [picture.shape for picture in page.pictures]
    assert sizes[:4] == [(70, 64, 3)] * 4  # the frames of both strips
    assert sizes[4:] == [(280, 256, 3)] * 3 + [(220, 220, 3)] * 2
    shown = difference_picture(IMAGE, other).repeat(4, axis=0).repeat(4, axis=1)
    assert np.array_equal(page.pictures[6][60:, 60:], shown[60:, 60:])  # beyond the frame round the window
    assert all(str(step) in text for step in SCALE)


def test_equal_traces():
    page, text = report([DECODED], [DECODED, checkpoint("x", IMAGE.transpose(2, 0, 1))])
    assert "bit for bit" in text and "Fix:" not in text
    assert len(page.pictures) == 3


def test_without_samples():
    """A grid of the tiles stands for the pictures."""
    other = IMAGE.copy()
    other[69, 63] ^= 8
    blur, again = (Call("blur", reads=(IMAGE,), makes=made) for made in (IMAGE[::-1].copy(), other[::-1].copy()))
    page, text = report([DECODED, blur], [DECODED, again], keep=False)
    assert "no samples kept" in text and "The traces keep no samples" in text
    assert "1 of 4 tiles differ (red); the first one is rows 0 to 34, columns 32 to 63" in text
    (grid,) = page.pictures
    red = (grid == (220, 30, 40)).all(axis=2)
    assert red[10, 250] and not red[10, 10] and not red[200, 10] and not red[200, 250]


def test_values_that_cannot_be_compared():
    """Of other shapes, or none that is an image."""
    _, text = report([DECODED, checkpoint("x", IMAGE[:30])], [DECODED, checkpoint("x", IMAGE[:31])])
    assert "uint8 30×64×3" in text and "uint8 31×64×3" in text
    _, text = report([DECODED, checkpoint("x", np.arange(5))], [DECODED, checkpoint("x", np.arange(6))])
    assert "not an image" in text


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.float16, np.uint16, np.int32, np.bool_])
def test_other_dtypes(dtype, monkeypatch):
    """Floats are shown on the scale that is said, with what is not a number or not finite."""
    monkeypatch.setattr(
        "isopixel._trace.comparing.functions.explain", lambda before, after: Explained(())
    )  # which takes long
    a = (IMAGE[:20, :24, 0] / 64).astype(dtype)
    b = a.copy()
    b[3, 4] = not b[3, 4]
    if np.dtype(dtype).kind == "f":
        b[0, :3] = np.nan, np.inf, -np.inf
    first = checkpoint("decoded", IMAGE[:9, :8])
    page, text = report([first, checkpoint("x", a)], [first, checkpoint("x", b)])
    assert "are shown as black to white" in text
    assert len(page.pictures) >= 6


def test_one_trace():
    page, text = read(trace_report(traced(("a warning",), DECODED, checkpoint("x", IMAGE[::-1])), HOSTILE))
    assert "a warning" in text and " ".join(HOSTILE.split()) in text and "“x”" in text
    assert len(page.pictures) == 2
    assert "made no image" in read(trace_report(traced(()), "empty"))[1]


def test_long_ways_are_shortened():
    arrays = [np.full((2, 2), n, np.uint8) for n in range(200)]
    steps = [Call("f", reads=(arrays[n],), makes=arrays[n + 1], arguments={"n": n}) for n in range(199)]
    page, text = read(trace_report(traced((), Call("imread", kind="decode", makes=arrays[0]), *steps), "long"))
    assert "140 more" in text and len(page.pictures) == 60


def test_pictures():
    """What is seen of an image, near a pixel and from afar."""
    levels = scale_of(IMAGE)
    assert np.array_equal(seen(IMAGE, levels), IMAGE)
    assert np.array_equal(seen(IMAGE[..., :1], levels)[..., 2], IMAGE[..., 0])
    assert np.array_equal(seen(np.dstack([IMAGE, IMAGE[..., 0]]), levels), IMAGE)
    floats = np.linspace(-2, 3, 256, dtype=np.float32).reshape(16, 16, 1)
    assert seen(floats, scale_of(floats)).min() == 0 and seen(floats, scale_of(floats)).max() == 255
    assert np.array_equal(difference_picture(*[scale_of(floats).levels(floats)] * 2), np.zeros((16, 16, 3)))
    assert thumbnail(IMAGE, 35).shape == (35, 32, 3)
    for place in ((0, 0), (69, 63), (30, 31), (69, 0)):
        top, left, bottom, right = box = window_at(place, IMAGE.shape)
        assert (bottom - top, right - left) == (11, 11) and top <= place[0] < bottom and left <= place[1] < right
        large = enlarged(IMAGE, box, place)
        row, column = ((at - first) * 20 for at, first in zip(place, (top, left), strict=True))
        assert np.array_equal(large[row + 10, column + 10], IMAGE[place])
        assert np.array_equal(large[row, column], (220, 30, 40))
        assert marked(IMAGE, box).shape == (280, 256, 3)
    assert window_at((0, 1), (1, 2, 3)) == (0, 0, 1, 2)
    assert marked(IMAGE[:1, :1], (0, 0, 1, 1)).shape == (320, 320, 3)
