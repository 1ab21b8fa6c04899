# SPDX-License-Identifier: MIT
"""Where two pipelines part: what is equal, the last common value, what differs first, and whether the rest does."""

import io
from dataclasses import replace

import cv2
import numpy as np
import pytest
import torch
from PIL import Image

import isopixel
from isopixel import step
from isopixel._trace.comparing import functions
from isopixel._trace.comparing.divergence import diff
from tests.planted import MEAN, STD, normalized, resized, saved_as_jpeg
from tests.traces import Call, checkpoint, recorded, traced

RNG = np.random.default_rng(6)
A, B, C, D = (RNG.integers(0, 256, (70, 64, 3), dtype=np.uint8) for _ in range(4))
DECODED = Call("imread", kind="decode", makes=A)


pytestmark = pytest.mark.usefixtures("planted_pictures")


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


def test_a_lone_turn_parts_from_the_last_common_value():
    """Not from the source: the pixels before and behind it are those that are shown to differ."""

    def small():
        return np.asarray(resized(Image.open("photo.png")))

    sides = (recorded(lambda: step("input", cv2.flip(small(), 1))), recorded(lambda: step("input", small())))
    for found in (diff(*sides), diff(*sides[::-1])):
        assert found.difference is not None and found.common is not None
        assert min(found.common) > 0 and ids(found) == ["flip"]


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


def test_steps_that_are_one_function():
    """Of which none is known alone: gray, as torchvision's functions for tensors write it."""

    def gray():
        r, g, b = torch.from_numpy(decoded().copy()).permute(2, 0, 1).unbind(dim=-3)
        step("input", r.mul(0.2989).add_(g, alpha=0.587).add_(b, alpha=0.114).unsqueeze(0).to(torch.uint8))

    found = diff(recorded(lambda: Image.open("photo.png").convert("L")), recorded(gray))
    assert ids(found) == ["gray-formula"] and found.b.nodes[found.partings.found[0].b.number].name == "torch.to"


@pytest.mark.parametrize("kept", [{}, {"keep": 0}], ids=["samples", "digests"])
def test_antialias_of_isopixel(kept):
    """It is an argument of one method, which makes two functions of it."""

    def run(**options):
        return recorded(lambda: isopixel.resize(decoded(), (64, 80), **options), **kept)

    assert ids(diff(run(), run(antialias=False))) == ["antialias"]
    assert diff(run(antialias=False), run(method="bilinear-two-tap")).is_equal


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


def named(found):
    """The names of what both sides do at the first parting."""
    first = found.partings.found[0]
    parts = ((found.a, first.a), (found.b, first.b))
    return [side.nodes[part.number].name if part.number is not None else None for side, part in parts]


def encoded(image):
    """Saved as JPEG and reopened by OpenCV, which takes BGR."""
    data = cv2.imencode(".jpg", np.ascontiguousarray(image[..., ::-1]), [cv2.IMWRITE_JPEG_QUALITY, 90])[1]
    return cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1]


def merged(image):
    return Image.merge("RGB", Image.fromarray(image).split()[::-1])


# By what reverses the channels on one side, both sides and the names of what is told to be the place.
REVERSED = {
    "cvtColor": (
        lambda: cv2.flip(cv2.cvtColor(cv2.imread("photo.png"), cv2.COLOR_BGR2RGB), 1),
        lambda: cv2.flip(cv2.imread("photo.png"), 1),
        ["opencv.cvtColor", None],
    ),
    "merge": (lambda: resized(Image.open("photo.png")), lambda: resized(merged(decoded())), [None, "pillow.merge"]),
    "a slice": (
        lambda: resized(Image.fromarray(decoded())),
        lambda: resized(Image.fromarray(decoded()[..., ::-1])),
        [None, "numpy.__getitem__"],
    ),
}


@pytest.mark.parametrize("name", REVERSED)
def test_channels_are_reversed_where_that_happens(name):
    """Not at a later step that makes the other order too."""
    a, b, names = REVERSED[name]
    found = diff(recorded(a), recorded(b))
    assert ids(found) == ["channel-order"] and named(found) == names


# The ids in the order of the steps, and both sides.
FIRST = {
    "channels, then the order of steps": (
        ["channel-order", "order"],
        lambda: cv2.resize(np.asarray(Image.open("photo.png").crop((0, 0, 80, 64))), (160, 128)),
        lambda: Image.fromarray(cv2.resize(decoded()[..., ::-1], (160, 128))).crop((0, 0, 80, 64)),
    ),
    "JPEG, then what it is cast to": (
        ["jpeg-reencode", "dtype"],
        lambda: isopixel.step("input", decoded().astype(np.float32)),
        lambda: isopixel.step("input", np.asarray(saved_as_jpeg(Image.open("photo.png")))),
    ),
}


@pytest.mark.parametrize("name", FIRST)
def test_the_first_step_is_told_first(name):
    expected, a, b = FIRST[name]
    assert ids(diff(recorded(a), recorded(b))) == expected


def with_tables(last):
    """A JPEG round trip by tables of which a trace keeps the beginning."""
    file = io.BytesIO()
    Image.open("photo.png").convert("RGB").save(file, "JPEG", qtables=[[16] * 20 + [last] * 44] * 2)
    isopixel.step("input", np.asarray(Image.open(file)))


def test_arguments_that_are_cut_are_not_known_to_be_the_same():
    found = diff(recorded(lambda: with_tables(17)), recorded(lambda: with_tables(90)))
    assert ids(found) == ["unknown"] and "arguments" in found.partings.found[0].causes[0].words


def test_the_first_of_two_resizes_is_no_reducing_gap():
    """Though it divides the sides by a whole number: it is no mean of blocks."""
    picture = Image.open("photo.png")
    picture.load()
    half = ((picture.width + 1) // 2, picture.height // 2)
    twice = recorded(lambda: resized(picture.resize(half, Image.Resampling.BILINEAR)))
    assert ids(diff(recorded(lambda: resized(picture)), twice)) == ["one-sided"]


@pytest.mark.parametrize(
    ("id", "b"),
    [
        ("jpeg-reencode", lambda: isopixel.step("input", encoded(decoded()))),
        ("source-file", lambda: isopixel.step("input", cv2.imread("other.png")[..., ::-1])),
    ],
)
def test_two_reversals_are_none(id, b):
    """Around an encoder that takes BGR, or behind the reading of another file."""
    assert ids(diff(recorded(lambda: isopixel.step("input", decoded())), recorded(b))) == [id]


def in_steps(image):
    """A normalisation by torch, each operation a step."""
    tensor = torch.from_numpy(np.array(image)).permute(2, 0, 1).float().div(255)
    return (tensor - torch.tensor(MEAN)[:, None, None]) / torch.tensor(STD)[:, None, None]


# By what differs: sides of which one normalises by torch's steps, the other in one step.
SAME_REST = {
    "antialias": (
        lambda: in_steps(resized(Image.open("photo.png")).crop((7, 5, 71, 60))),
        lambda: isopixel.step("x", normalized(cv2.resize(decoded(), (80, 64))[5:60, 7:71]).transpose(2, 0, 1)[None]),
    ),
    "float-resize": (
        lambda: isopixel.step("x", normalized(cv2.resize(decoded(), (80, 64)))),
        lambda: in_steps(np.rint(cv2.resize(decoded().astype(np.float32), (80, 64))).astype(np.uint8)),
    ),
}


@pytest.mark.parametrize("keep", [True, False])
@pytest.mark.parametrize("id", SAME_REST)
def test_one_step_is_as_good_as_several(id, keep):
    """With samples the rest is known to be the same; without, nothing is said of it that is not known."""
    traces = [recorded(side) for side in SAME_REST[id]]
    if not keep:
        traces = [replace(t, values=tuple(replace(value, array=None) for value in t.values)) for t in traces]
    found = diff(*traces)
    assert ids(found) == [id] and found.partings.is_known == keep


def test_what_code_may_do_is_no_difference():
    """Without samples: the step that is not traced may turn the picture as well."""
    a = [DECODED, Call("flip", reads=(A,), makes=A[:, ::-1], arguments={"flipCode": 1})]
    other = (A[:, ::-1] / 255.0).astype(np.float32)
    a.append(checkpoint("x", other))
    found = compared(a, [DECODED, checkpoint("x", (A[:, ::-1] / np.float32(127.5)) - 1)], keep=False)
    assert ids(found) == ["scale"] and not found.partings.is_known


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


def test_equal_ends_are_no_sign_of_rounding():
    """Samples at other places have the same least and greatest value as these."""
    scaled = normalized(A)
    moved = scaled.reshape(-1)[::-1].reshape(scaled.shape).copy()
    assert ids(compared([DECODED, checkpoint("x", scaled)], [DECODED, checkpoint("x", moved)], keep=False)) == [
        "unknown"
    ]


def test_what_is_known_beside_levels_is_not_explained_with_what_is_not(monkeypatch):
    """It can be undone, so that together no more is known; and each explanation of what is not takes its time."""
    made = []
    monkeypatch.setattr(functions, "explain", lambda a, b: made.append((a.shape, b.shape)) or isopixel.explain(a, b))

    def run(change):
        image = step("image", change(cv2.resize(decoded(), (64, 70))))
        step("input", cv2.flip(image, 1).astype(np.float32) / np.float32(255))

    a, b = (recorded(lambda change=change: run(change)) for change in (np.copy, lambda image: cv2.medianBlur(image, 3)))
    assert ids(diff(a, b)) == ["one-sided"]
    assert len(made) < 12
