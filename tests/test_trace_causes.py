# SPDX-License-Identifier: MIT
"""For each cause pairs of pipelines that differ by it: it is named by its id, with the step, and nothing else is."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

import isopixel
from isopixel._explain.levels import _known
from isopixel._explain.operation import Operation
from isopixel._explain.values import functions
from isopixel._recipe import opened
from isopixel._trace.comparing.alignment import Item, grouped
from isopixel._trace.comparing.causes import causes_of
from isopixel._trace.comparing.divergence import diff
from isopixel._trace.comparing.functions import by_digests
from isopixel._trace.comparing.numeric_causes import _formula
from tests.planted import CASES, FAULTS, Pipeline
from tests.traces import Call, recorded, traced

IDS = (
    *("antialias", "filter", "implementation", "pillow-release", "align-corners", "float-resize", "nearest-rule"),
    *("reducing-gap", "draft-decode", "size", "height-width", "channel-order", "gray-formula", "gray-of-bgr", "exif"),
    *("flip", "crop-offset", "pad-value", "pad-position", "order", "jpeg-reencode", "decoder", "palette", "alpha"),
    *("16-bit", "wrap", "cut-off", "scale", "constants", "rounding", "reshape", "dtype", "byte-width", "byte-rows"),
    "source-file",
)


pytestmark = pytest.mark.usefixtures("planted_pictures")


def compared(planted, **options):
    return diff(recorded(planted.a, **options), recorded(planted.b, **options))


def ids(found):
    return [[cause.id for cause in parting.causes] for parting in found.partings.found]


def names(found):
    first = found.partings.found[0]
    return {s.nodes[p.number].name for s, p in ((found.a, first.a), (found.b, first.b)) if p.number is not None}


def test_every_cause_is_planted():
    planted = {case.id for case in CASES.values()}
    assert set(IDS) - planted == {"decoder"}  # which has a test of its own
    assert planted <= set(IDS)


NAMES = [pytest.param(name, marks=[pytest.mark.slow] * case.is_slow) for name, case in CASES.items()]


@pytest.mark.parametrize("name", NAMES)
def test_causes(name):
    found = compared(CASES[name])
    assert ids(found) == [[CASES[name].id]]
    assert names(found) <= set(CASES[name].steps) or not CASES[name].steps


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_without_samples(name):
    """The same cause is named; where a trace broke off, what is not known then is said to be so, and no other cause."""
    case = CASES[name]
    traces = recorded(case.a, keep=0), recorded(case.b, keep=0)
    found = diff(*traces)
    assert found.difference is None
    assert ids(found) == [[case.id]]
    assert names(found) <= set(case.steps) or not case.steps
    found = diff(*(replace(trace, findings=()) for trace in traces))
    if case.recorded:
        assert ids(found)[0] == [CASES[name].id]
        assert names(found) <= set(CASES[name].steps) or not CASES[name].steps
    else:
        assert ids(found)[0] == ["unknown"]


def test_decoder():
    """Another decoder makes another pixel of the same file."""
    pixels = np.random.default_rng(4).integers(0, 256, (20, 25, 3), dtype=np.uint8)
    other = pixels.copy()
    other[7, 9] ^= 1
    facts = {"file": "a.jpg", "sha256": "0" * 64, "format": "JPEG", "mode": "RGB", "size": [20, 25], "orientation": 1}
    a = traced(
        (), Call("decode", "pillow", "decode", makes=pixels, facts=facts), libraries={"pillow.jpeg": "libjpeg 9"}
    )
    b = traced((), Call("decode_jpeg", "torchvision", "decode", makes=other, facts=facts))
    found = diff(a, b)
    assert ids(found) == [["decoder"]]
    assert "libjpeg 9" in found.partings.found[0].causes[0].words
    assert found.difference.first == (7, 9) and found.difference.differing == 1


def test_decoding_by_hand():
    """The steps by which one side converts the colours of a file are all of its decoding."""
    rng = np.random.default_rng(5)
    inks, pixels, other = (rng.integers(0, 256, (20, 25, n), dtype=np.uint8) for n in (4, 3, 3))
    facts = {"file": "a.jpg", "sha256": "0" * 64, "format": "JPEG", "mode": "CMYK", "size": [20, 25]}
    opened = Call("decode", "pillow", "decode", makes=inks, facts=facts, holds="PIL CMYK")
    convert = Call("convert", "pillow", "colour", (inks,), pixels, {"mode": "RGB"})
    read = Call("imread", "opencv", "decode", makes=other, facts=facts, arguments={"flags": "IMREAD_COLOR_RGB"})
    found = diff(traced((), opened, convert), traced((), read))
    assert ids(found) == [["decoder"]] and names(found) == {"pillow.convert", "opencv.imread"}


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("keep", [0, 64 << 20])
def test_pairs(fault, keep):
    """Each fault alone, then with each one behind it: both are named, the first one first."""
    right = recorded(Pipeline(), keep=keep)
    stage, wrong = FAULTS[fault]
    assert ids(diff(right, recorded(Pipeline(**wrong), keep=keep))) == [[fault]]
    for other, (later, change) in FAULTS.items():
        if later > stage:
            found = ids(diff(right, recorded(Pipeline(**wrong, **change), keep=keep)))
            assert found[0][0] == fault
            assert sorted(itertools.chain(*found)) == sorted((fault, other))


def operation(kind, name, **arguments):
    return Operation(kind, name, tuple(arguments.items()))


BOTH = [
    (
        "alpha",
        operation("resize", "pillow-13-box", size=(4, 4)),
        operation("resize", "pillow-13-box-alpha", size=(4, 4)),
    ),
    ("alpha", operation("alpha", "dropped"), operation("alpha", "composited", value=255, rule="rounded")),
    ("size", operation("crop", "crop", size=(4, 4), at=(0, 0)), operation("crop", "crop", size=(4, 5), at=(0, 0))),
    ("size", operation("pad", "pad", size=(4, 4), at=(0, 0)), operation("pad", "pad", size=(4, 5), at=(0, 0))),
    (
        "pad-value",
        operation("pad", "pad-edge", size=(4, 4), at=(0, 0)),
        operation("pad", "pad-reflect", size=(4, 4), at=(0, 0)),
    ),
    ("flip", operation("turn", "rotate-90"), operation("turn", "rotate-270")),
    ("jpeg-reencode", operation("jpeg", "pillow", quality=75), operation("jpeg", "pillow", quality=90)),
    (
        "wrap",
        operation("levels", "times", factor=2, overflow="clip"),
        operation("levels", "times", factor=2, overflow="wrap"),
    ),
    (
        "cut-off",
        operation("levels", "times", factor=2, rounding="down"),
        operation("levels", "times", factor=2, rounding="nearest"),
    ),
    ("scale", operation("levels", "times", factor=2), operation("levels", "times", factor=3)),
    ("byte-width", operation("layout", "nataraj"), operation("layout", "wide")),
    ("byte-rows", operation("layout", "nataraj"), operation("layout", "nataraj,rows=floor")),
    ("channel-order", operation("channels", "first"), operation("channels", "third")),
    ("gray-formula", operation("channels", "first"), operation("gray", "pillow-7")),
    ("cut-off", operation("gray", "rec601", rounding="down"), operation("gray", "rec601", rounding="nearest")),
    ("rounding", operation("gray", "rec601", sum="row"), operation("gray", "rec601", sum="product")),
]


@pytest.mark.parametrize(("id", "a", "b"), BOTH)
def test_pairs_of_functions(id, a, b):
    for one, other in ((a, b), (b, a)):
        causes = causes_of((one,), (other,), 1, ("uint8", "uint8"))
        assert [cause.id for cause in causes] == [id]
        assert all(cause.words and cause.remedy for cause in causes)


ALONE = [
    ("flip", operation("turn", "flip-horizontal")),
    ("channel-order", operation("channels", "reversed")),
    ("alpha", operation("alpha", "premultiplied")),
    ("jpeg-reencode", operation("jpeg", "pillow", quality=75)),
    ("reshape", operation("reshape", "reshape", shape=(3, 4, 4))),
    ("palette", operation("channels", "palette-expanded")),
    ("wrap", operation("levels", "times", factor=2, overflow="wrap")),
    ("one-sided", operation("levels", "inverted")),
    ("one-sided", operation("crop", "crop", size=(4, 4), at=(0, 0))),
]


@pytest.mark.parametrize(("id", "alone"), ALONE)
def test_functions_of_one_side(id, alone):
    for sides in (((alone,), ()), ((), (alone,))):
        assert [cause.id for cause in causes_of(*sides, 1, ("uint8", "uint8"))] == [id]
    for orientation, turn in ((2, "flip-horizontal"), (3, "rotate-180"), (6, "rotate-90"), (8, "rotate-270")):
        found = [causes_of((operation("turn", turn),), (), o, ("uint8", "uint8"))[0].id for o in (orientation, 1)]
        assert found == ["exif", "flip"]


def test_orders_of_channels_cancel():
    """Of a reversal and a gray of the channels so reversed, of two reversals, of reversed constants."""
    reverse, resize = operation("channels", "reversed"), operation("resize", "bilinear", size=(4, 4))
    gray, of_bgr = operation("gray", "opencv-4"), operation("gray", "opencv-4", order="bgr")
    ordered = (("rgb", (1, 2, 3)), ("bgr", (3, 2, 1)))  # as explain names them: the mean is that of each channel
    normalize = [operation("normalize", "x", mean=mean, std=1, order=order) for order, mean in ordered]

    def joined(*operations):
        items = grouped([Item((one,), (place,)) for place, one in enumerate(operations)])
        return [one for item in items for one in item.operations]

    assert joined(reverse, resize, of_bgr) == [resize, gray]
    assert joined(reverse, resize, gray) == [resize, of_bgr]
    assert joined(reverse, resize, reverse) == [resize]
    assert joined(resize, reverse) == [reverse, resize]
    assert joined(normalize[0], reverse) == [reverse, normalize[1]]
    jpeg = operation("jpeg", "opencv", quality=95)
    assert joined(reverse, jpeg, reverse) == [operation("jpeg", "opencv", quality=95, order="bgr")]
    assert joined(reverse, jpeg) == [reverse, jpeg]


NORMALIZED = operation("normalize", "imagenet", mean=(0.4, 0.5, 0.6), std=(0.2, 0.3, 0.4), order="rgb", range=1)
OF_FLOATS = operation("normalize", "imagenet", mean=(0.4, 0.5, 0.6), std=(0.2, 0.3, 0.4), order="rgb")
OF_ONE = operation("scale", "times-255")
HALF_UP = (operation("scale", "times-255-plus-0.5"), operation("cast", "uint8", rounding="down"))
CONVERSIONS = [
    ("scale", (NORMALIZED,), (operation("cast", "float32"), OF_FLOATS)),
    ("rounding", (NORMALIZED,), (operation("scale", "divided-by-255"), OF_FLOATS)),
    ("rounding", (NORMALIZED,), (operation("scale", "times-1/255"), OF_FLOATS)),
    ("constants", (NORMALIZED,), (operation("scale", "divided-by-255"),)),
    (
        "constants",
        (NORMALIZED,),
        (operation("normalize", "imagenet", mean=(0.6, 0.5, 0.4), std=(0.4, 0.3, 0.2), order="bgr", range=1),),
    ),
    ("constants", (NORMALIZED,), (operation("normalize", "half", mean=0.5, std=0.5, range=1),)),
    ("scale", (operation("scale", "divided-by-255"),), (operation("scale", "divided-by-127.5-minus-1"),)),
    ("scale", (operation("scale", "divided-by-255"),), (operation("scale", "divided-by-256"),)),
    (
        "rounding",
        (operation("scale", "divided-by-127.5-minus-1"),),
        (operation("scale", "divided-by-255-times-2-minus-1"),),
    ),
    ("rounding", (operation("scale", "divided-by-127.5-minus-1"),), (operation("scale", "times-1/127.5-minus-1"),)),
    ("cut-off", (operation("cast", "uint8", rounding="nearest"),), (operation("cast", "uint8", rounding="down"),)),
    ("rounding", (OF_ONE, operation("cast", "uint8", rounding="nearest")), HALF_UP),
    ("cut-off", (OF_ONE, operation("cast", "uint8", rounding="down")), HALF_UP),
    ("scale", (operation("scale", "times-256"), operation("cast", "uint8", rounding="nearest")), HALF_UP),
    ("wrap", (operation("cast", "uint8", overflow="clip"),), (operation("cast", "uint8", overflow="wrap"),)),
]


@pytest.mark.parametrize(("id", "a", "b"), CONVERSIONS)
def test_conversions_of_values(id, a, b):
    for one, other in ((a, b), (b, a)):
        assert [cause.id for cause in causes_of(one, other, 1, ("float32", "float32"))] == [id]
        assert {cause.id for cause in causes_of(one, other, 1, ("float32", "float64"))} >= {"dtype"}


@pytest.mark.parametrize(("source", "target"), [("uint8", "float32"), ("float32", "float32"), ("float32", "uint8")])
def test_formulas_of_all_known_conversions(source, target):
    """By their names and arguments, they do to samples what the functions do, but for rounding."""
    samples = np.array([[10, 20, 30], [100, 50, 7]], source)
    for known in functions(np.dtype(source), np.dtype(target), 3):
        formula = _formula(known.operations)
        assert formula is not None, known.operations
        factors, offsets = np.array(formula[:3]).T
        made = (known.exact or known.run)(samples).astype(np.float64)
        np.testing.assert_allclose(made, samples * factors + offsets, rtol=1e-4, atol=1e-4, err_msg=str(known))


@pytest.mark.parametrize("name", ["", "times", "divided-by-0", "times-x", "minus-", "times-2-minus", "times-1..2"])
def test_a_scale_of_another_name_has_no_formula(name):
    assert _formula((operation("scale", name),)) is None


def ran(remedy, image):
    """What the line of a remedy makes of an image."""
    names = {"np": np, "isopixel": isopixel, "image": image, "array": image}
    exec(remedy, names)
    return names["array" if remedy.startswith("array") else "image"]


@pytest.mark.parametrize("number", range(0, 2000, 97))
def test_remedies_of_levels(number):
    """The line makes what the function does that does not wrap: the wrong one is not told again."""
    named = [(one, table) for one, table in _known() if one.get("overflow") == "clip"]
    right = named[number % len(named)][0]
    arguments = {**dict(right.arguments), "overflow": "wrap"}
    (cause,) = causes_of((right,), (operation("levels", right.name, **arguments),), 1, ("uint8", "uint8"))
    made = ran(cause.remedy, np.arange(256, dtype=np.uint8))
    assert cause.id == "wrap" and made.dtype == np.uint8
    assert any(
        np.array_equal(made, table) for one, table in named if one == right
    )  # by products of float64, or float32


def test_remedies_that_are_lines():
    """They run, and make of B's input what A makes."""
    image = np.random.default_rng(1).integers(0, 256, (12, 10, 3), np.uint8)
    sizes = [operation("resize", "pillow-13-bilinear", size=size) for size in ((4, 6), (6, 4))]
    (filters,) = causes_of(sizes[:1], (operation("resize", "opencv-3.4-linear", size=(4, 6)),), 1, ("uint8",) * 2)
    expected = isopixel.resize(image, (4, 6), method="pillow-13-bilinear")
    np.testing.assert_array_equal(ran(filters.remedy, image), expected)
    (exchanged,) = causes_of(sizes[:1], sizes[1:], 1, ("uint8", "uint8"))
    assert "cv2.resize(image, (6, 4)) or isopixel.resize(image, (4, 6))" in exchanged.remedy
    for shape, wanted in (((3, 12, 10), (2, 0, 1)), ((1, 3, 12, 10), (2, 0, 1)), ((10, 12, 3), (1, 0, 2))):
        (reshaped,) = causes_of((), (operation("reshape", "reshape", shape=shape),), 1, ("uint8", "uint8"))
        np.testing.assert_array_equal(ran(reshaped.remedy, image), image.transpose(wanted))
    scales = [operation("scale", name) for name in ("divided-by-255", "divided-by-127.5-minus-1")]
    (scaled,) = causes_of(scales[1:], scales[:1], 1, ("float32", "float32"))
    assert scaled.remedy == "scale divided-by-127.5-minus-1 on both sides"
    (missing,) = causes_of(scales[:1], (operation("cast", "float32"),), 1, ("float32", "float32"))
    np.testing.assert_array_equal(ran(missing.remedy, image), image / np.float32(255))
    halves = np.float32([-3, 0.4, 0.6, 254.5, 300])
    (cut,) = causes_of(
        *((operation("cast", "uint8", rounding=rule),) for rule in ("nearest", "down")), 1, ("uint8",) * 2
    )
    assert ran(cut.remedy, halves).tolist() == [0, 0, 1, 254, 255]


def test_the_remedy_of_grays_is_a_recipe():
    grays = [operation("gray", name) for name in ("opencv-4", "pillow-7")]
    (cause,) = causes_of(grays[:1], grays[1:], 1, ("uint8", "uint8"))
    assert opened(cause.remedy.split('"')[1]) is not None


def test_digests_show_what_became_of_channels():
    image = np.random.default_rng(5).integers(0, 256, (40, 50, 4), dtype=np.uint8)
    shown = {
        "alpha dropped": image[..., :3],
        "channels reversed | alpha dropped": image[..., 2::-1],
        "channels reversed": image[..., [2, 1, 0, 3]],
        "channels permuted": image[..., [3, 2, 1, 0]],
    }
    trace = traced((), *(Call("f", makes=one) for one in (image, *shown.values())), keep=False)
    for text, value in zip(shown, trace.values[1:], strict=True):
        (chain,) = by_digests(trace.values[0], value).chains
        assert " | ".join(map(str, chain)) == text
    assert by_digests(trace.values[1], trace.values[0]) is None
