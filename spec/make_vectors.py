# SPDX-License-Identifier: MIT
"""Writes vectors.json from the references alone: `python -m spec.make_vectors` (a minute or so).

With `--check` it writes nothing and exits with 1 where the file differs from what it would write.
"""

import argparse
import hashlib
import json
import sys
from math import prod
from pathlib import Path

from spec import filter_cases, frozen_cases, image_cases, jpeg, recipe_images, recipes, reference, sound_cases

PATH = Path(__file__).with_name("vectors.json")
WHOLE = 64  # results of at most this many samples are stored whole

# (height, width, channels) -> (height, width)
SMALL = [
    ((1, 1, 1), (1, 1)), ((1, 1, 3), (5, 7)), ((1, 3, 1), (1, 2)), ((3, 1, 1), (2, 1)), ((2, 2, 1), (1, 1)),
    ((2, 2, 4), (3, 3)), ((5, 7, 1), (5, 7)), ((5, 7, 3), (4, 5)), ((7, 5, 2), (5, 3)), ((8, 8, 1), (4, 4)),
    ((9, 6, 1), (3, 2)), ((4, 4, 1), (8, 8)), ((4, 6, 1), (6, 4)), ((6, 4, 3), (4, 5)), ((1, 17, 1), (1, 5)),
    ((17, 1, 1), (5, 1)), ((1, 5, 1), (1, 17)), ((13, 11, 5), (3, 4)), ((40, 3, 1), (2, 3)), ((3, 40, 1), (3, 2)),
    ((31, 33, 1), (8, 8)), ((33, 31, 1), (1, 1)), ((64, 48, 3), (3, 5)), ((16, 16, 4), (4, 4)), ((255, 2, 1), (7, 2)),
]  # fmt: skip
LARGE = [
    ((256, 256, 1), (224, 224)), ((256, 256, 3), (224, 224)), ((512, 512, 3), (224, 224)), ((500, 375, 3), (224, 224)),
    ((1080, 1920, 1), (224, 224)), ((270, 480, 4), (224, 224)), ((100, 100, 1), (224, 224)), ((64, 64, 3), (224, 224)),
    ((3000, 64, 1), (224, 224)), ((64, 3000, 1), (224, 224)), ((1, 50000, 1), (1, 224)), ((50000, 1, 1), (224, 1)),
    ((200, 300, 1), (300, 200)), ((300, 200, 5), (200, 300)), ((97, 101, 2), (89, 103)), ((2500, 17, 1), (41, 17)),
]  # fmt: skip
EXTREME = ["constant 255", "extremes 4", "noise 5"]
# (mean, deviation): usual ones; results of 0; the bounds of R-29; halves between two binary32, to round down and up
NORMALIZATIONS = [
    ("0", "1"), ("0.5", "0.5"), ("0.5", "0.25"), ("0.1307", "0.3081"), ("0.48145466", "0.26862954"), ("1", "1"),
    ("0.2", "0.3"), ("-0", "1e-9"), ("1e-9", "1"), ("0.00000000123456789", "999999999"), ("-999999999", "1e-9"),
    ("999999999", "0.00000000123456789"), ("0.000000001", "999999999"), ("123.675", "58.395"), ("0.5", "3e0"),
    ("0.989855803", "0.494927872"), ("16777217", "1"), ("16777219", "1"), ("-16777217", "1"), ("8388608.5", "1"),
    ("8388609.5", "1"), ("-33554431", "1"), ("1.6777219", "1e-7"),
]  # fmt: skip

# Files of pictures/: those that are an image, and those that a rule refuses.
PICTURES = [
    "side-1-444", "side-17-444", "side-17-422", "side-17-420", "side-2-420", "side-3-420", "side-5-422",
    "side-16-420", "size-1x17-422", "size-17x1-420", "size-33x2-420", "size-3x31-422", "gray-22",
    "progressive-420", "progressive-444", "optimised", "restart", "extremes", "q1", "q100", "factors-12-11-11",
    "factors-41-11-11", "factors-31-11-11", "factors-22-21-12", "factors-11-22-22", "factors-42-11-11",
    "chroma-2-columns", "chroma-3-columns-h2v1", "chroma-1-row-h1v2", "apart", "two-and-one", "restart-1",
    "skewed", "gray-split", "gray-deep", "simple-1-restart", "ended-bands", "wide-tables", "rgb-identifiers",
    "rgb-identifiers-jfif", "adobe-0", "adobe-0-then-1", "adobe-late", "jfif-short", "fill-bytes",
    "behind-scans",
]  # fmt: skip
REFUSED_PICTURES = {
    "no-eoi": "R-57", "beyond-512": "R-58", "scans-missing": "R-57", "brought-again": "R-57", "wrong-restart": "R-57",
    "fractions": "R-57",
}  # fmt: skip


def resize_vectors():
    cases = [(f"noise {i + 1}", shape, size) for i, (shape, size) in enumerate(SMALL + LARGE)]
    cases += [(f"extremes {i + 1}", shape, size) for i, (shape, size) in enumerate(SMALL)]
    cases += [("ramp 3", shape, size) for shape, size in SMALL + LARGE[:4]]
    cases += [(formula, (300, 200, 1), (1, 1)) for formula in EXTREME]
    cases += [("ramp 1", (1001, 256, 1), (5, 4))]  # values that end in exactly one half, with numerators over 2^32
    for formula, shape, size in cases:
        for method in reference.ANTIALIAS:
            yield vector_of_case((method, formula, shape, size))
    yield from map(vector_of_case, filter_cases.exact_cases())


def layout_vectors():
    limits = {name: [limit * 1024 for limit, _ in table] for name, (table, _) in reference.WIDTH_TABLES.items()}
    thousands = [limit * 1000 for limit, _ in reference.WIDTH_TABLES["nataraj"][0]]
    for layout, lengths in [
        ("nataraj", {1, 31, 32, 33, 1000, 5000, *around(limits["nataraj"])}),
        ("nataraj,unit=1000,edge=le,rows=extra", {32, 5000, *around(thousands[:4])}),
        ("nataraj,rows=floor", {32, 33, 10239, 30720}),
        ("nataraj,pad=255,channels=3", {1, 96, 97, 12345}),
        ("wide", {1, 5000, *around(limits["wide"][5:])}),
        ("fixed,width=256", {1, 256, 257, 5000}),
        ("fixed,width=100,rows=extra,channels=3", {300, 301}),
        ("square", {1, 2, 4, 5, 9, 10, 5000}),
        ("square,pad=255,channels=3", {1, 3, 4, 12, 13, 5000}),
        ("hilbert", {1, 2, 4, 5, 16, 17, 5000}),
        ("hilbert,pad=7", {3, 300}),
        ("bigram", {1, 2, 3, 5000}),
        ("bigram,scale=log", {1, 2, 5000}),
        ("line", {1, 2, 100, 5000}),
    ]:
        for i, n in enumerate(sorted(lengths)):
            yield from vectors_of_bytes(layout, f"noise {i + 1}", n)
    for layout in ("bigram", "bigram,scale=log"):
        yield from vectors_of_bytes(layout, "ramp 1", 70_000)
        yield from vectors_of_bytes(layout, "constant 0", 70_000)


def pow2_vectors():
    for layout, lengths in [
        ("pow2", {1, 2, 3, 5000, *around([4**k for k in range(1, 8)])}),
        ("pow2,pad=255", {3, 17, 100}),
        ("pow2,rows=floor", {2, 3, 9, 4095}),
        ("pow2,rows=extra", {2, 16, 4096}),
    ]:
        for i, n in enumerate(sorted(lengths)):
            yield from vectors_of_bytes(layout, f"noise {i + 1}", n)


LISTING = "00401000 4D 5A 90 00 ?? ?? 04 00\r\n00401008 b8 ?? 00 ff\n"


def part_vectors():
    for layout, formula, n in [
        ("nataraj,offset=44", "noise 1", 300),
        ("nataraj,length=10239", "noise 2", 10_300),
        ("nataraj,offset=1,length=10240", "noise 3", 10_300),
        ("fixed,width=7,offset=20,length=15", "noise 4", 60),
        ("fixed,width=7,rows=floor,channels=3,length=62", "noise 5", 100),
        ("square,rows=extra,pad=9,offset=3", "noise 6", 12),
        ("wide,unit=1000,edge=le,offset=100", "noise 7", 10_100),
        ("pow2,offset=1,length=16", "noise 8", 99),
        ("hilbert,pad=7,offset=9", "noise 9", 25),
        ("bigram,offset=255,length=3", "ramp 1", 300),
        ("bigram,scale=log,length=1", "noise 10", 5),
        ("line,offset=4999", "noise 11", 5000),
        ("line,length=5000", "noise 12", 5000),
        ("line,length=9223372036854775807", "noise 13", 60),
        ("line,offset=0,length=1", "noise 14", 1),
    ]:
        yield from vectors_of_bytes(layout, formula, n)
    for layout, text in [
        ("line,unknown=0", LISTING),
        ("line,unknown=255", LISTING),
        ("fixed,width=5,unknown=drop", LISTING),
        ("square,channels=3,pad=7,offset=2,length=9,unknown=204", LISTING),
        ("nataraj,offset=8,unknown=drop", LISTING),
        ("hilbert,unknown=7", f"\ufeff{LISTING.rstrip()}"),
        ("bigram,length=3,unknown=drop", f"{LISTING} \t\r\n"),
        ("line,unknown=1", "0000000140001000" + " 4f" * 32 + " " * 888),
    ]:
        vector = {"layout": layout, "text": text}
        data = text.encode("utf-8")
        shape, samples = reference.layout_image(layout, data)
        yield vector | {"shape": array_shape(shape), **result(array_shape(shape), samples)}
        shape, out = reference.resized_layout(layout, data, (3, 5))
        yield vector | {"method": "bilinear", "size": (3, 5), "shape": array_shape(shape), **result(shape, out)}
    for rule, layout, text in [
        ("R-91", "line,offset=12,unknown=0", LISTING),
        ("R-91", "line,offset=9,unknown=drop", LISTING),
        ("R-91", "line,offset=9223372036854775807,unknown=0", LISTING),
        ("R-91", "line,offset=99", LISTING[:99]),
        ("R-7", "line,unknown=drop", "00401000 ?? ??\n"),
        ("R-7", "nataraj,offset=3,unknown=0", "\n"),
        ("R-12", "fixed,width=9,rows=floor,offset=4,unknown=0", LISTING),
        ("R-17", "line,unknown=0", "MZ"),
        ("R-17", "line,length=1,unknown=0", f"{LISTING}0040100 56\n"),
        ("R-17", "line,unknown=0", f"{LISTING}\n\n"),
        ("R-17", "line,unknown=0", "0000000140001000" + " 4f" * 32 + " " * 889),
        ("R-17", "line,unknown=0", "00401000" + " 4f" * 33),
        ("R-17", "line,unknown=drop", "00401000 ? ?\n"),
    ]:
        data = text.encode("utf-8")
        rule = rule_that_refuses(rule, reference.layout_image, layout, data)
        yield {"layout": layout, "text": text, "rule": rule}


def part_line_vectors():
    for line in [
        "isopixel 1: nataraj,offset=0 | bilinear 224,224",
        "isopixel 1: nataraj,unknown=drop,length=65536,offset=44",
        "isopixel 1: line,unknown=0,scale",
        "isopixel 1: line,unknown=0 | normalize mean=0.5 std=0.5",
        "isopixel 1:fixed,unknown=255,length=1,width=3,pad=0|area 3,4",
        "isopixel 1: bigram,offset=9223372036854775807,scale=log,length=9223372036854775807",
        "isopixel 1: bigram,offset=9223372036854775808",
        "isopixel 1: hilbert,length=0",
        "isopixel 1: hilbert,length=01",
        "isopixel 1: hilbert,length=-1",
        "isopixel 1: square,length=9223372036854775808",
        "isopixel 1: square,length=18446744073709551617",
        "isopixel 1: square,offset=",
        "isopixel 1: square,offset=1,offset=1",
        "isopixel 1: pow2,unknown=256",
        "isopixel 1: pow2,unknown=refuse",
        "isopixel 1: pow2,unknown",
        "isopixel 1: wide,unknown=00",
        "isopixel 1: image rgb offset=1",
    ]:
        try:
            yield vector_of_line(line)
        except ValueError:
            yield {"line": line, "rule": rule_that_refuses("R-50" if "image" in line else "R-10", recipes.parse, line)}


def around(limits):
    return {limit + d for limit in limits for d in (-1, 0, 1)}


def vectors_of_bytes(layout, formula, n):
    data = reference.vector_input(formula, n)
    shape, samples = reference.layout_image(layout, data)
    vector = {"layout": layout, "input": formula, "length": n}
    yield vector | {"shape": array_shape(shape), **result(array_shape(shape), samples)}
    for size in [(16, 16)] if n > 5000 else [(16, 16), (3, 5)]:
        shape, out = reference.resized_layout(layout, data, size)
        yield (
            vector | {"method": "bilinear", "size": size, "shape": array_shape(shape)} | result(array_shape(shape), out)
        )


def array_shape(shape):
    """The dimensions of the array of an image: without the channels where there is one."""
    return shape[:2] if shape[2] == 1 else shape


def frozen_vectors():
    yield from map(vector_of_case, frozen_cases.cases())
    yield from map(vector_of_case, filter_cases.frozen_cases())


def vector_of_case(case):
    method, formula, shape, size = case
    out = reference.resize(reference.vector_input(formula, prod(shape)), shape, size, method)
    vector = {"method": method, "input": formula, "shape": shape, "size": size}
    return vector | result((*size, shape[2]), out)


def fingerprint_vectors():
    for shape in [(1,), (7,), (1, 2), (2, 1), (2, 1, 1), (224, 224), (3, 5, 7, 2)]:
        for dtype, item in (("uint8", 1), ("float32", 4)):
            raw = reference.vector_input("noise 9", item * prod(shape))
            fingerprint = reference.fingerprint(dtype, shape, raw)
            yield {"input": "noise 9", "dtype": dtype, "shape": shape, "fingerprint": fingerprint}


def recipe_vectors():
    for line in [
        "isopixel 1: nataraj",
        "isopixel 1: nataraj | bilinear 224,224",
        "isopixel 1:nataraj,rows=extra,unit=1000|bilinear-two-tap 1,2147483647\n",
        "  isopixel  1 : fixed,pad=0,width=256,channels=3  |  bilinear  3,4  ",
        "isopixel 1: line | pillow-4-bilinear 3,4",
        "isopixel 1:square|torch-2.0-bilinear-antialias 5,6",
        "isopixel 1: nataraj | bilinear 224,224 | normalize mean=0.5 std=0.5",
        "isopixel 1: hilbert|normalize  mean=-1.50e-3 std=00.25\r\n",
        "isopixel 1: wide,channels=3 | bilinear 224,224 | normalize mean=0.485,0.456,0.406 std=0.229,0.224,0.225",
        "isopixel 1: square,channels=3 | normalize mean=-0.0 std=1E+0,25e-1,3.45678900",
        "isopixel 1: nataraj | normalize std=0.25 mean=0.5",
        "isopixel 1:wide,channels=3|bilinear 9,8|normalize  std=0.229,0.224,0.225   mean=0.485,0.456,0.406 \r\n",
        "isopixel 1: line | normalize mean=4 std=4",
        "isopixel 1: square,channels=3 | normalize mean=-4.00,4e0,0.4e1 std=4,3.99999999,0.000001e6",
        f"isopixel 1: line | normalize mean=0.{'0' * 99}5e99 std=1{'0' * 1000}e-1000",
        f"isopixel 1: line | normalize mean=0.{'0' * 10000}1e10001 std=25{'0' * 10000}.0e-010002",
        "isopixel 1:nataraj|bicubic-four-tap 224,224",
        "isopixel 1: square,channels=3|pillow-12.2-lanczos  5,6 ",
        "isopixel 1: hilbert | opencv-3.4-area 3,4 | normalize mean=0.5 std=0.5",
    ]:
        yield vector_of_line(line)


def vector_of_line(line):
    return {"line": line, "canonical": recipes.parse(line).text, "digest": recipes.digest(line)}


def refused_vectors():
    normalizations = {
        "R-90": [
            "mean=123.675 std=58.395", "mean=4.00000001 std=1", "mean=-4.00000001 std=1", "mean=0 std=4.00000001",
            "mean=0 std=255", "std=1000000 mean=0", "mean=999999999 std=1", "mean=0.5 std=999999.999",
        ],
        "R-29": [
            "mean=0.1234567891 std=1", "mean=1e9 std=1", f"mean=0.{'0' * 99}1e90 std=1",
            f"mean=1{'0' * 1000}e-990 std=1", "mean=.5 std=1", "mean=0 std=1e",
        ],
        "R-30": ["mean=0 std=0", "mean=0 std=-1"],
        "R-16": ["mean=0 mean=0", "std=1 std=1", "mean=0 std=1 mean=0", "mean=0", "mean=0,0 std=1", "mean=0 dev=1"],
    }  # fmt: skip
    lines = [
        (rule, f"isopixel 1: nataraj | normalize {words}") for rule, given in normalizations.items() for words in given
    ]
    lines += [("R-90", "isopixel 1: square,channels=3 | bilinear 8,8 | normalize mean=0.5,0.5,4.1 std=1")]
    lines += [("R-90", "isopixel 1: square,channels=3 | normalize mean=0.5 std=1,57.375,1")]
    for rule, line in lines:
        yield {"line": line, "rule": rule_that_refuses(rule, recipes.parse, line)}


def rule_that_refuses(rule, function, *arguments):
    """The rule by which a function of the reference refuses its arguments, which has to be this one."""
    try:
        function(*arguments)
    except ValueError as error:
        assert f"({rule})" in str(error), f"{arguments!r}: {error}, not {rule}"
        return rule
    raise AssertionError(f"{arguments!r} are not refused")


def normalize_vectors():
    image_net = ["0.485", "0.456", "0.406"], ["0.229", "0.224", "0.225"]
    cases = [((16, 16, 1), "ramp 1", [m], [d]) for m, d in zip(*image_net, strict=True)]
    cases += [((16, 16, 1), "ramp 1", [m], [d]) for m, d in NORMALIZATIONS]
    cases += [((4, 16, 1), "ramp 4", [m], [d]) for m, d in NORMALIZATIONS]
    cases += [(shape, "noise 3", *image_net) for shape in [(1, 1, 3), (3, 5, 3), (7, 2, 3), (224, 224, 3)]]
    cases += [((2, 3, 3), "extremes 1", ["0.5"], image_net[1]), ((2, 3, 3), "extremes 2", image_net[0], ["0.5"])]
    cases += [((5, 3, 4), "noise 4", ["0.5"], ["0.25"]), ((3, 4, 2), "noise 5", ["-1", "1e-3"], ["10", "2.50"])]
    for shape, formula, means, deviations in cases:
        samples = reference.vector_input(formula, prod(shape))
        bits = reference.normalize(samples, shape, means, deviations)
        vector = {"input": formula, "shape": shape, "mean": ",".join(means), "std": ",".join(deviations)}
        yield vector | float_result((shape[2], *shape[:2]), bits)


def image_line_vectors():
    for rest in image_cases.LINES:
        yield vector_of_line(f"isopixel 1:{rest}")


def image_refused_vectors():
    for rule, given in (*image_cases.REFUSED.items(), *image_cases.REFUSED_TOO.items()):
        for line in (f"isopixel 1: {rest}" for rest in given):
            yield {"line": line, "rule": rule_that_refuses(rule, recipes.parse, line)}


def sizes_vectors():
    for rest, size, orientation, rule in image_cases.SIZES:
        vector = {"line": f"isopixel 1: {rest}", "size": size, "orientation": orientation}
        if rule:
            yield vector | {"rule": rule_that_refuses(rule, recipe_images.sizes, *vector.values())}
        else:
            yield vector | {"sizes": recipe_images.sizes(*vector.values())}


def picture_vectors():
    for i, (rest, shape, orientation, rule) in enumerate(image_cases.PICTURES):
        vector = {"line": f"isopixel 1: {rest}", "input": f"noise {i}", "shape": shape, "orientation": orientation}
        samples = reference.vector_input(vector["input"], prod(shape))
        arguments = recipes.parse(vector["line"]).source, shape, samples, orientation
        if rule:
            yield vector | {"rule": rule_that_refuses(rule, recipe_images.picture_image, *arguments)}
        else:
            shape, out = recipe_images.picture_image(*arguments)
            yield vector | {"array": array_shape(shape)} | result(array_shape(shape), out)


def image_vectors():
    for rest, formula, shape, orientation, rule in image_cases.RUNS:
        vector = {"line": f"isopixel 1: {rest}", "input": formula, "shape": shape, "orientation": orientation}
        arguments = vector["line"], shape, reference.vector_input(formula, prod(shape)), orientation
        if rule:
            yield vector | {"rule": rule_that_refuses(rule, recipe_images.run, *arguments)}
            continue
        dtype, array, numbers = recipe_images.run(*arguments)
        yield vector | {"array": array} | (result if dtype == "uint8" else float_result)(array, numbers)


def jpeg_vectors():
    for name in PICTURES:
        shape, samples = jpeg.decode(picture(name))
        yield {"picture": f"{name}.jpg", "shape": shape, **result(shape, samples)}
    for name, rule in REFUSED_PICTURES.items():
        try:
            jpeg.decode(picture(name))
        except jpeg.RefusedError:
            yield {"picture": f"{name}.jpg", "rule": rule}
        else:
            raise AssertionError(f"{name} is a JPEG")


def picture(name):
    """The bytes of a file of pictures/."""
    return (PATH.parent / "pictures" / f"{name}.jpg").read_bytes()


def corpus_vectors():
    """Corpora of paths whose order, length or line ends could be mistaken."""
    for paths in [
        ["a"],
        ["a.b", "a/b", "a", "a b", "A"],
        ["b\n1 0 -", "b", "\u00e9", "e\u0301", "\uff5e", "\U0001f600", "z" * 300],
    ]:
        rows = [corpus_row(number, path) for number, path in enumerate(paths)]
        yield {"rows": rows, "digest": reference.corpus_digest(rows)}
    for kind in ("input", "io"):
        rows = [corpus_row(0, "whole"), ["broken", None, None, kind]]
        yield {"rows": rows, "digest": reference.corpus_digest(rows)}


def sound_vectors():
    """Sounds, those that are resized, and those that are refused."""
    for layout, head, formula, n in sound_cases.SOUNDS:
        shape, samples = reference.layout_image(layout, head + reference.vector_input(formula, n))
        yield vector_of_sound(layout, head, formula, n) | {"shape": shape[:2]} | result(shape[:2], samples)
    for layout, head, formula, n, method, size in sound_cases.RESIZED:
        data = head + reference.vector_input(formula, n)
        _, samples = reference.resized_layout(layout, data, size, method)
        vector = vector_of_sound(layout, head, formula, n) | {"method": method, "size": size, "shape": size}
        yield vector | result(size, samples)
    for rule, layout, head, formula, n in sound_cases.REFUSED:
        data = head + reference.vector_input(formula, n)
        refused_by = rule_that_refuses(rule, reference.layout_image, layout, data)
        yield vector_of_sound(layout, head, formula, n) | {"rule": refused_by}


def vector_of_sound(layout, head, formula, n):
    return {"layout": layout, "head": head.hex(), "input": formula, "length": n}


def sound_line_vectors():
    for rest in sound_cases.LINES:
        yield vector_of_line(f"isopixel 1: {rest}")
    for rule, given in sound_cases.REFUSED_LINES.items():
        for line in (f"isopixel 1: {rest}" for rest in given):
            yield {"line": line, "rule": rule_that_refuses(rule, recipes.parse, line)}


def corpus_row(number, path):
    """The row of a file of up to four digits of bytes, whose array is these."""
    length = 11 ** min(number, 3)
    content = reference.vector_input(f"noise {number}", length)
    return [path, length, hashlib.sha256(content).hexdigest(), reference.fingerprint("uint8", (1, length), content)]


def result(shape, samples):
    """The entry of R-9 for a result."""
    if len(samples) <= WHOLE:
        return {"samples": samples.hex()}
    return {"fingerprint": reference.fingerprint("uint8", shape, samples)}


def float_result(shape, bits):
    """The entry of R-9 for a result in float32."""
    if len(bits) <= WHOLE:
        return {"samples": "".join(f"{b:08x}" for b in bits)}
    raw = b"".join(b.to_bytes(4, "little") for b in bits)
    return {"fingerprint": reference.fingerprint("float32", shape, raw)}


SECTIONS = {
    "resize": resize_vectors,
    "layout": layout_vectors,
    "frozen": frozen_vectors,
    "fingerprint": fingerprint_vectors,
    "recipe": recipe_vectors,
    "normalize": normalize_vectors,
    "refused": refused_vectors,
    "image_line": image_line_vectors,
    "image_refused": image_refused_vectors,
    "sizes": sizes_vectors,
    "picture": picture_vectors,
    "image": image_vectors,
    "jpeg": jpeg_vectors,
    "pow2": pow2_vectors,
    "part": part_vectors,
    "part_line": part_line_vectors,
    "corpus": corpus_vectors,
    "sound": sound_vectors,
    "sound_line": sound_line_vectors,
}


def section(name):
    """A section of the file: one vector a line."""
    lines = ",\n".join(json.dumps(vector) for vector in SECTIONS[name]())
    return f'"{name}": [\n{lines}\n]'


def text(sections):
    """The whole file."""
    about = json.dumps("Made by make_vectors.py from the references alone; the inputs are formulas of SPEC.md, R-9.")
    return f'{{\n"about": {about},\n"spec": 1,\n' + ",\n".join(sections) + "\n}\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    made = text(map(section, SECTIONS))
    if not parser.parse_args().check:
        PATH.write_text(made, encoding="ascii", newline="\n")
    elif PATH.read_bytes() != made.encode("ascii"):
        sys.exit(f"{PATH} is not what the reference makes")


if __name__ == "__main__":
    main()
