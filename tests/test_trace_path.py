# SPDX-License-Identifier: MIT
"""The way to the last value: what is on it, in which order, and what is not."""

import time

import numpy as np
import pytest

from isopixel._trace.comparing.path import key, path, permuted_key, relation
from isopixel._trace.values import describe, of_array
from tests.traces import Call, checkpoint, traced

RNG = np.random.default_rng(5)
A, B, C, D = (RNG.integers(0, 256, (40, 50, 3), dtype=np.uint8) for _ in range(4))
DECODED = Call("imread", kind="decode", makes=A, facts={"file": "a.png", "sha256": "aa"})


def names(*calls):
    return [node.name for node in path(traced((), *calls))]


def value(array):
    samples = of_array(array, "ndarray")
    return describe(samples, 0, samples.fingerprint)


def test_in_their_order():
    steps = (DECODED, Call("blur", reads=(A,), makes=B), Call("flip", reads=(B,), makes=C))
    assert names(*steps) == ["opencv.imread", "opencv.blur", "opencv.flip"]
    nodes = path(traced((), *steps))
    assert [node.at for node in nodes] == ["code.py:1", "code.py:2", "code.py:3"]
    assert nodes[0].facts["file"] == "a.png"
    assert nodes[1].call == "opencv.blur()"


def test_nothing():
    assert names() == []
    assert names(Call("imwrite", kind="encode", reads=(A,))) == []


def test_what_changes_nothing_is_left_out():
    same = Call("cvtColor", reads=(A,), makes=A)
    assert names(DECODED, same, same) == ["opencv.imread"]
    assert names(DECODED, same, checkpoint("x", A), Call("blur", reads=(A,), makes=B)) == [
        "opencv.imread",
        "opencv.blur",
    ]


def test_what_is_not_on_the_way_is_left_out():
    """Of two images, and of two branches."""
    other = (Call("imread", kind="decode", makes=C), Call("blur", reads=(C,), makes=D))
    assert names(DECODED, *other, Call("flip", reads=(A,), makes=B)) == ["opencv.imread", "opencv.flip"]
    assert names(DECODED, Call("blur", reads=(A,), makes=C), Call("flip", reads=(A,), makes=B))[1:] == ["opencv.flip"]


def test_untraced_code():
    """It stands between what was made last and what was read or named next."""
    assert names(DECODED, Call("flip", reads=(B,), makes=C)) == ["opencv.imread", "untraced code", "opencv.flip"]
    assert path(traced((), DECODED, Call("flip", reads=(B,), makes=C)))[1].at == "before code.py:2"
    assert names(DECODED, checkpoint("x", B), Call("flip", reads=(B,), makes=C)) == [
        "opencv.imread",
        "“x”",
        "opencv.flip",
    ]
    assert names(Call("flip", reads=(B,), makes=C)) == ["untraced code", "opencv.flip"]
    assert names(checkpoint("x", A), checkpoint("y", B)) == ["“x”", "“y”"]


def test_numbers_for_other_ends():
    """Such as those by which NumPy seeds a generator: they are not on the way of an image, unless they are named."""
    seed = Call("array", "numpy", "layout", makes=np.arange(4, dtype=np.uint32))
    assert names(DECODED, seed, checkpoint("x", B), seed) == ["opencv.imread", "“x”"]
    assert names(DECODED, checkpoint("x", np.arange(4))) == ["opencv.imread", "“x”"]
    assert names(Call("fromfile", "numpy", "bytes", makes=A.ravel()), seed, checkpoint("x", B))[0] == "numpy.fromfile"
    assert names(seed) == ["numpy.array"]


def test_a_value_that_comes_again():
    """A picture that is flipped and flipped back: the way has both, since the last value comes of the second."""
    flips = (Call("flip", reads=(A,), makes=B), Call("flop", reads=(B,), makes=A))
    assert names(DECODED, *flips, Call("blur", reads=(A,), makes=C)) == [
        "opencv.imread",
        "opencv.flip",
        "opencv.flop",
        "opencv.blur",
    ]


def test_several_inputs():
    """The way goes on at one that was made, not at a background that appears."""
    over = Call("alpha_composite", "pillow", reads=(D, A), makes=B)
    assert names(DECODED, over) == ["opencv.imread", "pillow.alpha_composite"]


def test_saved_and_read_again():
    saved = Call("save", "pillow", "encode", reads=(B,), arguments={"quality": 85}, facts={"sha256": "bb"})
    again = Call("decode", "pillow", "decode", makes=C, facts={"sha256": "bb", "format": "JPEG"})
    blur = Call("blur", reads=(A,), makes=B)
    assert names(DECODED, blur, saved, again) == ["opencv.imread", "opencv.blur", "save and reload"]
    assert names(DECODED, blur, again) == ["pillow.decode"]  # a file that was there
    assert names(DECODED, blur, again, saved) == ["pillow.decode"]  # it was written afterwards
    opened = Call("open", "pillow", "open", facts={"sha256": "bb"})
    lazy = Call("decode", "pillow", "decode", makes=C)
    assert names(DECODED, blur, saved, opened, lazy)[-1] == "save and reload"


@pytest.mark.parametrize("other", [A.transpose(2, 0, 1), A[None], A.transpose(2, 0, 1)[None]])
def test_axes_do_not_matter(other):
    assert relation(value(A), value(other)) == "same"
    assert relation(value(A), value(other.astype(np.int16))) is None


def test_channels():
    assert relation(value(A), value(A[..., ::-1])) == "permuted"
    assert relation(value(A), value(A[..., [1, 2, 0]])) == "permuted"
    assert relation(value(A), value(A[:, ::-1])) is None
    assert relation(value(A[..., 0]), value(A[..., :1])) == "same"
    assert key(value(A[:9, :5])) != key(value(A[:5, :9]))
    assert permuted_key(value(A.reshape(50, 40, 3))) != permuted_key(value(A))
    assert relation(value(A.ravel()), value(A.ravel())) == "same"  # which is not an image


def test_long_traces():
    """Ten thousand of steps, all of them on the way or none."""
    arrays = [np.full((2, 2), n, np.int32) for n in range(300)]
    steps = [Call("f", reads=(arrays[n % 300],), makes=arrays[(n + 1) % 300]) for n in range(10_000)]
    trace = traced((), *steps, keep=False)
    began = time.process_time()
    assert len(path(trace)) > 300
    idle = [Call("f", reads=(arrays[0],), makes=arrays[0]) for _ in range(1_000)]
    assert len(path(traced((), *idle, keep=False))) == 1
    assert time.process_time() - began < 5
