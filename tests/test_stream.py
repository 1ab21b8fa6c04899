# SPDX-License-Identifier: MIT
"""The streaming resize of the core: the pieces in which an image arrives change nothing (R-5)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isopixel import _core
from tests.support import assert_same, exact_method, random_image, reference_resize


def stream_for(image, size, antialias):
    """A stream for an image (H, W, C), and the array (1, H, W, C) that it fills."""
    out = np.full((1, *size, image.shape[2]), 7, np.uint8)
    return _core._testing.RowStream(image.shape[:2], out, exact_method(antialias)), out


@settings(max_examples=600, deadline=None)
@given(
    shape=st.tuples(st.integers(1, 40), st.integers(1, 20), st.integers(1, 5)),
    size=st.tuples(st.integers(1, 12), st.integers(1, 25)),
    antialias=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
)
def test_pieces_of_any_size(shape, size, antialias, seed):
    rng = np.random.default_rng(seed)
    image = random_image(rng, shape)
    data = image.tobytes()
    stream, out = stream_for(image, size, antialias)
    done = 0
    while done < len(data):
        n = min(
            int(rng.choice([0, 1, 2, shape[2], shape[1] * shape[2], 7 * shape[1] * shape[2], 50])), len(data) - done
        )
        stream.push(data[done : done + n])
        done += n
    stream.finish()
    assert_same(out[0], reference_resize(image, size, antialias), f"{shape} -> {size}, antialias={antialias}")


@pytest.mark.parametrize("antialias", [True, False])
def test_rows(antialias):
    """Rows of any stride, in groups of any number, and bytes between them."""
    rng = np.random.default_rng(2)
    for _ in range(300):
        h, w, c, out_h, out_w = (int(n) for n in (*rng.integers(1, 50, 2), rng.integers(1, 4), *rng.integers(1, 12, 2)))
        image = random_image(rng, (h, w, c))
        flipped = image[::-1].copy()[::-1]
        stream, out = stream_for(image, (out_h, out_w), antialias)
        row = 0
        while row < h:
            n = int(rng.integers(0, h - row + 1))
            if rng.integers(2):
                stream.push_rows(flipped[None, row : row + n])
            else:
                stream.push(image[row : row + n].tobytes())
            row += n
        stream.finish()
        assert_same(out[0], reference_resize(image, (out_h, out_w), antialias), f"{image.shape} -> {(out_h, out_w)}")


def test_too_much_is_refused_and_not_taken():
    image = np.arange(12, dtype=np.uint8).reshape(4, 3, 1)
    stream, out = stream_for(image, (2, 2), True)
    with pytest.raises(ValueError, match="more was pushed"):
        stream.push(bytes(13))
    with pytest.raises(ValueError, match="more was pushed"):
        stream.push_rows(np.zeros((1, 5, 3, 1), np.uint8))
    stream.push(image.tobytes())
    with pytest.raises(ValueError, match="more was pushed"):
        stream.push(b"x")
    stream.finish()
    assert_same(out[0], reference_resize(image, (2, 2)), "after refusals")


@pytest.mark.parametrize("missing", [1, 3, 12])
def test_an_image_that_ends_early_is_refused(missing):
    stream, _ = stream_for(np.zeros((4, 3, 1), np.uint8), (2, 2), True)
    stream.push(bytes(12 - missing))
    with pytest.raises(ValueError, match="ended early"):
        stream.finish()


@pytest.mark.parametrize("piece", [1, 2, 3, 5])
def test_rows_in_the_middle_of_a_row_are_refused(piece):
    stream, _ = stream_for(np.zeros((4, 3, 2), np.uint8), (2, 2), True)
    stream.push(bytes(piece))
    with pytest.raises(ValueError, match="while a row was incomplete"):
        stream.push_rows(np.zeros((1, 1, 3, 2), np.uint8))


def test_wide_rows_in_small_pieces():
    """A row longer than any block, and segments that pieces cut."""
    image = random_image(np.random.default_rng(8), (3, 20_000, 1))
    for antialias in (True, False):
        stream, out = stream_for(image, (2, 7), antialias)
        data = image.tobytes()
        for start in range(0, len(data), 777):
            stream.push(data[start : start + 777])
        stream.finish()
        assert_same(out[0], reference_resize(image, (2, 7), antialias), "wide")


def test_result_of_any_stride():
    image = random_image(np.random.default_rng(9), (9, 8, 3))
    canvas = np.full((1, 12, 5, 3), 171, np.uint8)
    out = canvas[:, 8:0:-2, :]
    stream = _core._testing.RowStream((9, 8), out, "bilinear")
    stream.push(image.tobytes())
    stream.finish()
    assert_same(out[0].copy(), reference_resize(image, (4, 5)), "reversed every other row")
    out[...] = 171
    assert (canvas == 171).all()
