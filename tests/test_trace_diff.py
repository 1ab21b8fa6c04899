# SPDX-License-Identifier: MIT
"""Where two pipelines part: what is equal, the last common value, what differs first, and whether the rest does."""

import cv2
import numpy as np
import pytest
import torch
from PIL import Image

import isopixel
from isopixel._trace.divergence import diff
from tests.planted import MEAN, STD, normalized, resized, write_pictures
from tests.traces import Call, checkpoint, traced

RNG = np.random.default_rng(6)
A, B, C, D = (RNG.integers(0, 256, (70, 64, 3), dtype=np.uint8) for _ in range(4))
DECODED = Call("imread", kind="decode", makes=A)


@pytest.fixture(scope="module", autouse=True)
def pictures(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    write_pictures(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield


def recorded(pipeline):
    with isopixel.trace() as recording:
        pipeline()
    return recording.trace


def compared(a, b, **options):
    return diff(traced((), *a, **options), traced((), *b, **options))


def ids(found):
    return [cause.id for parting in found.partings.found for cause in parting.causes]


def decoded():
    return np.asarray(Image.open("photo.png").convert("RGB"))


def reversed_twice():
    return np.ascontiguousarray(cv2.imread("photo.png")[..., ::-1])


EQUAL = {
    "decoders": (decoded, reversed_twice),
    "axes": (lambda: normalized(decoded()), lambda: normalized(decoded()).transpose(2, 0, 1)[None].copy()),
    "tensors": (
        lambda: torch.from_numpy(decoded().copy()).permute(2, 0, 1).float().div(255),
        lambda: decoded().astype(np.float32) / np.float32(255),
    ),
    "frozen": (
        lambda: np.asarray(resized(Image.open("photo.png"))),
        lambda: isopixel.resize(reversed_twice(), (64, 80), method="pillow-13-bilinear"),
    ),
    "flipped twice": (lambda: cv2.flip(cv2.flip(decoded(), 1), 1), decoded),
    "order of steps": (lambda: cv2.flip(normalized(decoded()), 1), lambda: normalized(cv2.flip(decoded(), 1))),
    "normalised": (
        lambda: isopixel.normalize(decoded(), MEAN, STD),
        lambda: isopixel.Recipe.parse(
            "isopixel 1: image rgb | normalize mean=0.485,0.456,0.406 std=0.229,0.224,0.225"
        ).read("photo.png")[0],
    ),
}


@pytest.mark.parametrize("name", EQUAL)
def test_equal_pipelines(name):
    """Of other libraries, in another order of axes or steps: no alarm."""
    a, b = (recorded(lambda pipeline=pipeline: isopixel.step("input", pipeline())) for pipeline in EQUAL[name])
    found = diff(a, b)
    assert found.is_equal and found.partings is None and found.difference is None


def test_one_bit_is_enough():
    other = B.copy()
    other[-1, -1, -1] ^= 1
    found = compared([DECODED, checkpoint("x", B)], [DECODED, checkpoint("x", other)])
    assert not found.is_equal
    assert found.difference.first == (69, 63) and found.difference.maximum == 1 and found.difference.differing == 1


def test_a_dtype_is_a_difference():
    found = compared([DECODED, checkpoint("x", B)], [DECODED, checkpoint("x", B.astype(np.int16))])
    assert not found.is_equal and found.difference is None and found.tile is None


def test_the_last_common_value():
    """What differs before it does not matter."""
    a = [DECODED, Call("blur", reads=(A,), makes=B), Call("flop", reads=(B,), makes=C), Call("f", reads=(C,), makes=D)]
    b = [Call("imread", kind="decode", makes=C.transpose(2, 0, 1)), Call("g", reads=(C.transpose(2, 0, 1),), makes=A)]
    found = compared(a, b)
    assert found.common == (2, 0)
    first = found.partings.found[0]
    assert (first.a.number, first.b.number) == (3, 1)


def test_what_is_not_known_is_said_to_be_so():
    """No cause is made up, with samples or without; a step is asked for."""
    for keep in (True, False):
        found = compared([DECODED, checkpoint("x", B)], [DECODED, checkpoint("x", C)], keep=keep)
        assert ids(found) == ["unknown"]
        (cause,) = found.partings.found[0].causes
        assert "not a function that is known" in cause.words and "isopixel.step(name, array)" in cause.remedy


def test_reversed_channels_before_what_is_not_known():
    """The order is told on its own, whichever side it is of; what is not known comes behind it."""
    reads = [DECODED, Call("imread", kind="decode", makes=A[..., ::-1])]
    for a, b in (reads, reads[::-1]):
        found = ids(compared([a, checkpoint("x", B)], [b]))
        assert found[0] == "channel-order" and len(found) == 2
        assert ids(compared([a], [b, checkpoint("x", B)]))[0] == "channel-order"


def test_one_side_calls_what_is_not_known():
    blur = Call("GaussianBlur", reads=(A,), makes=B, arguments={"ksize": [3, 3]})
    found = compared([DECODED, blur], [DECODED])
    assert ids(found) == ["one-sided"]
    assert "GaussianBlur(ksize=[3, 3])" in found.partings.found[0].causes[0].words
    assert found.partings.found[0].b.number is None


@pytest.mark.parametrize(("library", "id"), [("pillow", "pillow-release"), ("opencv", "implementation")])
def test_the_same_call_makes_other_samples(library, id):
    """Of two releases: it is named with both."""
    calls = [Call("filter", library, reads=(A,), makes=made, arguments={"radius": 2}) for made in (B, C)]
    a, b = (traced((), DECODED, c, libraries={library: v}) for c, v in zip(calls, ("1.0", "2.0"), strict=True))
    found = diff(a, b)
    assert ids(found) == [id]
    assert "1.0" in found.partings.found[0].causes[0].words and "2.0" in found.partings.found[0].causes[0].words


def test_the_first_tile():
    other = B.copy()
    other[40, 33, 1] ^= 4
    found = compared([DECODED, checkpoint("x", B)], [DECODED, checkpoint("x", other)], keep=False)
    assert found.difference is None
    assert (found.tile.rows, found.tile.columns) == ((35, 70), (32, 64))
    assert (found.tile.differing, found.tile.total) == (1, 4)


def test_the_rest_is_the_same():
    def pipeline(image):
        isopixel.step("input", normalized(np.asarray(image)))

    a = recorded(lambda: pipeline(resized(Image.open("photo.png"))))
    b = recorded(lambda: pipeline(cv2.resize(decoded(), (80, 64))))
    found = diff(a, b)
    assert ids(found) == ["antialias"]
    assert found.partings.is_known and len(found.partings.shared) == 1
    assert found.partings.shared[0].startswith("normalize imagenet")


def test_all_names_that_fit_are_told():
    found = diff(recorded(lambda: resized(Image.open("photo.png"))), recorded(lambda: cv2.resize(decoded(), (80, 64))))
    part = found.partings.found[0].a
    assert str(part.operations[0]) == "resize pillow-13-bilinear size=64,80"
    assert [str(chain[0]) for chain in part.others] == [
        "resize pillow-4-bilinear size=64,80",
        "resize pillow-12.2-bilinear size=64,80",
    ]


def test_a_flat_image_decides_nothing():
    flat = np.full((70, 64, 3), 7, np.uint8)
    first = Call("imread", kind="decode", makes=flat)
    found = compared([first, checkpoint("x", flat[:30, :20])], [first, checkpoint("x", flat[:30, :21])])
    assert any(part.note for part in (found.partings.found[0].a, found.partings.found[0].b))


def test_a_trace_of_nothing():
    with pytest.raises(ValueError, match="trace B has no step that made an image"):
        compared([DECODED], [])


def test_long_traces():
    """What lies far behind the parting is not compared, and not claimed to be the same."""
    arrays = [np.full((2, 2), n, np.int32) for n in range(2_000)]

    def steps(first):
        return [Call("f", reads=(arrays[n],), makes=arrays[n + 1], arguments={"n": n}) for n in range(first, 1_990)]

    decoded = Call("imread", kind="decode", makes=arrays[0])
    found = compared([decoded, *steps(0)], [decoded, Call("g", reads=(arrays[0],), makes=arrays[1_995])], keep=False)
    assert not found.is_equal and not found.partings.is_known
