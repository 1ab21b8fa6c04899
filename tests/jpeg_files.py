# SPDX-License-Identifier: MIT
"""JPEG files for tests, made when they are needed: a corpus by name, random ones, and mutants."""

import io
from functools import lru_cache
from itertools import pairwise, product

import numpy as np
from PIL import Image

from tests import jpeg_writer
from tests.jpeg_writer import EOI, JFIF, Component, Picture, Scan, adobe, quantisation, segment

FACTORS = [(h, v) for h in (1, 2, 3, 4) for v in (1, 2, 3, 4)]
BASELINE = [Scan((0, 1, 2))]
BASELINE_GRAY = [Scan((0,))]
APART = [Scan((0,)), Scan((1,)), Scan((2,))]
TWO_AND_ONE = [Scan((1,)), Scan((0, 2))]
# As libjpeg's encoder does it, and with as many scans of as few coefficients and bits as come to mind.
SIMPLE = [
    Scan((0, 1, 2), 0, 0, 0, 1), Scan((0,), 1, 5, 0, 2), Scan((2,), 1, 63, 0, 1), Scan((1,), 1, 63, 0, 1),
    Scan((0,), 6, 63, 0, 2), Scan((0,), 1, 63, 2, 1), Scan((0, 1, 2), 0, 0, 1, 0), Scan((2,), 1, 63, 1, 0),
    Scan((1,), 1, 63, 1, 0), Scan((0,), 1, 63, 1, 0),
]  # fmt: skip
GRAY_SPLIT = [
    *(Scan((0,), 0, 0, low + 1 if low < 4 else 0, low) for low in (4, 3, 2, 1, 0)),
    *(Scan((0,), first, last, low + 1 if low < 3 else 0, low)
      for low in (3, 2, 1, 0) for first, last in ((1, 1), (2, 20), (21, 63))),
]  # fmt: skip
GRAY_APART = [Scan((0,), 0, 0), *(Scan((0,), k, k) for k in range(1, 64))]
GRAY_DEEP = [
    Scan((0,), *band, low + 1 if low < 13 else 0, low) for band in ((0, 0), (1, 63)) for low in range(13, -1, -1)
]


def photo(height, width, seed):
    """A picture with gradients, discs, lines and noise."""
    r = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width].astype(float)
    image = np.stack([128 + 90 * np.sin(x / 17 + y / 31 + k) * np.cos(y / 23 - k) for k in range(3)], -1)
    for _ in range(12):
        cy, cx, radius = r.uniform(0, height), r.uniform(0, width), r.uniform(2, max(3, min(height, width) / 4))
        disc = (y - cy) ** 2 + (x - cx) ** 2 < radius**2
        image[disc] = image[disc] * 0.3 + r.uniform(0, 255, 3) * 0.7
    for _ in range(6):
        image[r.integers(0, height)] = r.uniform(0, 255, 3)
        image[:, r.integers(0, width)] = r.uniform(0, 255, 3)
    return np.clip(np.rint(image + r.normal(0, 6, image.shape)), 0, 255).astype(np.uint8)


def encoded(image, **settings):
    """A file by Pillow's encoder."""
    file = io.BytesIO()
    Image.fromarray(image).save(file, "JPEG", **settings)
    return file.getvalue()


def random_blocks(rng, component, most_h, most_v, size, reach):
    """Coefficients for all blocks of a component: few, near the first, with sums of magnitudes up to reach."""
    mcus_y, mcus_x = -(-size[0] // (8 * most_v)), -(-size[1] // (8 * most_h))
    for place in product(range(mcus_y * component.v), range(mcus_x * component.h)):
        block = [0] * 64
        count = int(rng.choice([0, 1, 2, 5, 20, 64], p=[0.1, 0.2, 0.2, 0.3, 0.15, 0.05]))
        budget = reach
        for k in rng.permutation(64)[:count] if rng.integers(4) == 0 else range(count):
            value = int(rng.integers(-budget, budget + 1)) // (1 if rng.integers(3) == 0 else 8)
            block[jpeg_writer.ZIGZAG[k]] = value
            budget -= abs(value)
            if budget <= 0:
                break
        component.blocks[place] = block


def crafted(seed, size=(19, 21), factors=((1, 1),), scans=None, **settings):
    """A file of random coefficients."""
    rng = np.random.default_rng(seed)
    identifiers = settings.pop("identifiers", (1, 2, 3))
    reach, q = settings.pop("reach", 900), settings.pop("q", 1)
    components = [Component(i, h, v) for i, (h, v) in zip(identifiers, factors, strict=False)]
    most_h, most_v = max(c.h for c in components), max(c.v for c in components)
    for c in components:
        random_blocks(rng, c, most_h, most_v, size, max(1, reach // q))
    scans = scans or (BASELINE_GRAY if len(components) == 1 else BASELINE)
    settings.setdefault("tables", quantisation(0, [q] * 64, wide=q > 255))
    return Picture(*size, components, scans, **settings).bytes()


COLOUR = ((1, 1), (1, 1), (1, 1))
HALF = ((2, 2), (1, 1), (1, 1))


@lru_cache
def corpus():
    """The files by name, in a fixed order; all are accepted."""
    return dict([*by_pillow(), *by_writer()])


def by_pillow():
    picture = photo(83, 117, 1)
    rng = np.random.default_rng(7)
    for s, name in enumerate(("444", "422", "420")):
        for q in (1, 10, 50, 75, 90, 95, 100):
            yield f"baseline-{name}-q{q}", encoded(picture, subsampling=s, quality=q)
        yield f"progressive-{name}", encoded(picture, subsampling=s, quality=85, progressive=True)
        yield f"optimised-{name}", encoded(picture, subsampling=s, quality=85, optimize=True)
        yield f"restart-{name}", encoded(picture, subsampling=s, quality=85, restart_marker_blocks=1)
        yield f"restart-rows-{name}", encoded(picture, subsampling=s, quality=85, restart_marker_rows=1)
        noise = rng.integers(0, 256, (33, 47, 3), dtype=np.uint8)
        yield f"noise-{name}", encoded(noise, subsampling=s, quality=60)
        yield f"extremes-{name}", encoded((noise // 128) * 255, subsampling=s, quality=30)
        for n in (1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 33):
            yield f"side-{n}-{name}", encoded(photo(n, n, n), subsampling=s, quality=90)
        for h, w in ((1, 17), (17, 1), (2, 33), (33, 2), (3, 31), (31, 3), (5, 7)):
            yield f"size-{h}x{w}-{name}", encoded(photo(h, w, h * w), subsampling=s, quality=90)
    gray = picture[..., 1]
    yield "gray", encoded(gray, quality=85)
    yield "gray-progressive", encoded(gray, quality=85, progressive=True)
    yield "rgb-adobe", encoded(picture, quality=85, keep_rgb=True)
    exif = Image.Exif()
    exif[0x112] = 6
    yield "exif", encoded(picture, quality=90, exif=exif.tobytes())
    yield "comment", encoded(picture, quality=50, comment=b"\xff\xd9 no end of it")


def by_writer():
    for n, (h, v) in enumerate(FACTORS):
        if h * v <= 8:
            yield f"factors-{h}{v}-11-11", crafted(100 + n, (37, 41), ((h, v), (1, 1), (1, 1)))
    for n, factors in enumerate([
        ((2, 2), (2, 1), (1, 2)), ((1, 1), (2, 2), (2, 2)), ((2, 2), (1, 1), (2, 2)), ((4, 1), (2, 1), (1, 1)),
        ((1, 4), (1, 2), (1, 1)), ((4, 2), (1, 1), (1, 1)), ((1, 2), (2, 1), (1, 1)), ((2, 1), (2, 1), (1, 1)),
        ((3, 1), (1, 1), (3, 1)), ((2, 2), (1, 2), (2, 1)), ((1, 1), (1, 2), (2, 1)), ((4, 1), (1, 1), (2, 2)),
    ]):  # fmt: skip
        name = "-".join(f"{h}{v}" for h, v in factors)
        yield f"factors-{name}", crafted(200 + n, (35, 39), factors)
        for h, w in ((1, 1), (5, 3), (3, 5)):
            yield f"factors-{name}-{h}x{w}", crafted(300 + n, (h, w), factors)
    for name, size in (("2-columns", (20, 4)), ("3-columns", (20, 5)), ("1-column", (9, 2)), ("1-row", (1, 40))):
        yield f"chroma-{name}", crafted(400, size, HALF)
        yield f"chroma-{name}-h2v1", crafted(401, size, ((2, 1), (1, 1), (1, 1)))
        yield f"chroma-{name}-h1v2", crafted(402, size, ((1, 2), (1, 1), (1, 1)))
    yield "apart", crafted(1, (21, 30), HALF, APART)
    yield "two-and-one", crafted(2, (21, 30), HALF, TWO_AND_ONE)
    yield "apart-restart", crafted(3, (40, 50), HALF, APART, restart=3)
    yield "restart-1", crafted(4, (40, 90), HALF, restart=1)
    yield "restart-all", crafted(5, (40, 50), HALF, restart=65535)
    yield "skewed", crafted(6, (40, 50), HALF, skewed=True)
    for name, scans in (("split", GRAY_SPLIT), ("apart", GRAY_APART), ("deep", GRAY_DEEP)):
        yield f"gray-{name}", crafted(10, (29, 43), scans=scans, progressive=True)
        yield f"gray-{name}-restart", crafted(11, (29, 43), scans=scans, progressive=True, restart=5, skewed=True)
    for n, factors in enumerate((COLOUR, HALF, ((2, 1), (1, 1), (1, 1)), ((2, 2), (2, 1), (1, 2)))):
        yield f"simple-{n}", crafted(20 + n, (37, 45), factors, SIMPLE, progressive=True)
        yield f"simple-{n}-restart", crafted(30 + n, (37, 45), factors, SIMPLE, progressive=True, restart=2)
    yield "ended-bands", crafted(40, (200, 300), scans=[Scan((0,), 0, 0), Scan((0,), 1, 63)], progressive=True, reach=1)
    yield "sof0", crafted(41, factors=HALF, sof=0xC0)
    yield "wide-tables", crafted(42, factors=HALF, q=300)
    yield "gray-22", crafted(43, (21, 40)).replace(b"\x01\x11\0", b"\x01\x22\0", 1)
    yield "gray-43", crafted(44, (21, 40)).replace(b"\x01\x11\0", b"\x01\x43\0", 1)
    # Colours: markers, identifiers, and what comes too late.
    rgb = (82, 71, 66)
    yield "rgb-identifiers", crafted(50, factors=COLOUR, identifiers=rgb)
    yield "rgb-identifiers-half", crafted(51, factors=HALF, identifiers=rgb)
    yield "rgb-identifiers-jfif", crafted(52, factors=COLOUR, identifiers=rgb, markers=JFIF)
    yield "bgr-identifiers", crafted(53, factors=COLOUR, identifiers=rgb[::-1])
    yield "other-identifiers", crafted(54, factors=COLOUR, identifiers=(0, 255, 7))
    yield "adobe-gray", crafted(55, markers=adobe(0))
    for transform in (0, 1, 2, 255):
        yield f"adobe-{transform}", crafted(56, factors=COLOUR, markers=adobe(transform))
        yield f"adobe-{transform}-rgb", crafted(57, factors=COLOUR, identifiers=rgb, markers=adobe(transform))
    yield "adobe-jfif", crafted(58, factors=COLOUR, markers=adobe(0) + JFIF)
    yield "adobe-long", crafted(59, factors=COLOUR, markers=adobe(0, 20))
    yield "adobe-short", crafted(60, factors=COLOUR, markers=adobe(0, 13))
    yield "adobe-0-then-1", crafted(61, factors=COLOUR, markers=adobe(0) + adobe(1))
    yield "adobe-1-then-0", crafted(62, factors=COLOUR, markers=adobe(1) + adobe(0))
    yield "adobe-0-then-short", crafted(63, factors=COLOUR, markers=adobe(0) + adobe(1, 13))
    yield "adobe-late", crafted(64, factors=COLOUR, end=adobe(0) + EOI)
    yield "adobe-between", crafted(65, factors=COLOUR, scans=APART, behind_scans=adobe(0))
    short_jfif = segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0")
    yield "jfif-short", crafted(66, factors=COLOUR, identifiers=rgb, markers=short_jfif)
    yield "jfif-late", crafted(67, factors=COLOUR, identifiers=rgb, end=JFIF + EOI)
    yield "jfif-long", crafted(68, factors=COLOUR, identifiers=rgb, markers=segment(0xE0, JFIF[4:] + bytes(3)))
    yield "jfxx", crafted(69, factors=COLOUR, identifiers=rgb, markers=segment(0xE0, b"JFXX\0" + bytes(9)))
    # What lies between.
    yield "fill-bytes", crafted(70, (40, 50), HALF, APART, before_markers=b"\xff\xff\xff", restart=3)
    yield "behind-scans", crafted(71, (40, 50), HALF, APART, behind_scans=b"\0\1\xff\0\xff\xff\0\xff\xd3\x7f\xff\xd0")
    yield "behind-a-scan", crafted(72, (40, 50), HALF, behind_scans=bytes(100) + b"\xff\xd1")
    yield "behind-the-end", crafted(73, factors=HALF) + b"\xff\xd8 more"
    yield (
        "segments",
        crafted(74, markers=segment(0xFE, b"") + segment(0xEF, b"\xff\xd9") + segment(0xE5, bytes(70000 % 65533))),
    )
    again = quantisation(0, [3] * 64)
    yield "tables-between", crafted(75, factors=HALF, scans=APART, behind_scans=again)
    two = [Scan((0,), 0, 0), Scan((0,), 1, 63)]
    yield "tables-between-scans", crafted(77, scans=two, progressive=True, behind_scans=again)
    yield "tables-behind", crafted(76, factors=HALF, behind_scans=again)


def random_file(rng):
    """A file of random coefficients, factors, scans, tables and markers; most are accepted."""
    n = int(rng.choice([1, 3, 3, 3]))
    while True:
        factors = [(1, 1)] if n == 1 else [FACTORS[i] for i in rng.integers(0, 16, 3)]
        if rng.integers(3):
            factors = [[(1, 1)], COLOUR, HALF, [(2, 1), (1, 1), (1, 1)], [(1, 2), (1, 1), (1, 1)]][
                0 if n == 1 else int(rng.integers(1, 5))
            ]
        most_h, most_v = max(h for h, _ in factors), max(v for _, v in factors)
        if all(most_h % h == 0 and most_v % v == 0 for h, v in factors):
            break
    size = tuple(int(side) for side in rng.integers(1, rng.choice([6, 20, 40]), 2))
    progressive = bool(rng.integers(2))
    q = int(rng.choice([1, 2, 7, 40, 255, 256, 1000]))
    identifiers = [(1, 2, 3), (1, 2, 3), (82, 71, 66), (9, 200, 0)][rng.integers(4)]
    markers = b"".join(
        [JFIF, adobe(int(rng.integers(0, 3)), int(rng.integers(12, 17)))][i]
        for i in rng.integers(0, 2, rng.integers(0, 3))
    )
    settings = {
        "restart": int(rng.choice([0, 0, 1, 2, 7])),
        "skewed": bool(rng.integers(2)),
        "before_markers": b"\xff" * int(rng.choice([0, 0, 0, 1, 3])),
        "behind_scans": bytes(rng.choice([0, 1, 255], rng.integers(0, 3), p=[0.6, 0.2, 0.2]).astype(np.uint8)),
    }
    scans = random_scans(rng, n, factors, progressive)
    return crafted(
        rng, size, factors, scans, progressive=progressive, identifiers=identifiers, markers=markers, q=q,
        reach=int(rng.choice([100, 700, 900, 1200, 2000], p=[0.3, 0.3, 0.3, 0.05, 0.05])), **settings,
    )  # fmt: skip


def random_scans(rng, n, factors, progressive):
    """Scans that bring all coefficients, each in its turn."""
    fits = n == 1 or sum(h * v for h, v in factors) <= 10
    if not progressive:
        return [Scan(tuple(range(n)))] if fits and rng.integers(3) else [Scan((int(i),)) for i in rng.permutation(n)]
    together = fits and bool(rng.integers(2))
    low = int(rng.integers(0, 4))
    chains = [[Scan(c, 0, 0, b + 1 if b < low else 0, b) for b in range(low, -1, -1)]
              for c in ([tuple(range(n))] if together else [(i,) for i in range(n)])]  # fmt: skip
    first = []
    for i in range(n):
        cuts = sorted({1, 64, *(int(k) for k in rng.integers(2, 64, rng.integers(0, 3)))})
        for start, end in pairwise(cuts):
            low = int(rng.integers(0, 4))
            first.append([Scan((i,), start, end - 1, b + 1 if b < low else 0, b) for b in range(low, -1, -1)])
    scans = [chain.pop(0) for chain in chains]
    chains += first
    while any(chains):
        chain = chains[rng.integers(len(chains))]
        if chain:
            scans.append(chain.pop(0))
    return scans


def random_encoded(rng):
    """A file by Pillow's encoder, of noise or of a blurred picture."""
    while True:
        h, w = (int(side) for side in rng.integers(1, 50, 2))
        image = rng.integers(0, 256, (h, w, 3), dtype=np.uint8)
        if rng.random() < 0.6:
            image = np.asarray(
                Image.fromarray(image[: h // 6 + 1, : w // 6 + 1]).resize((w, h), Image.Resampling.BICUBIC)
            )
        settings = {"quality": int(rng.integers(1, 101)), "progressive": bool(rng.integers(2))}
        settings["optimize"] = bool(rng.integers(2))
        if rng.random() < 0.2:
            image = image[..., 0]
        else:
            settings["subsampling"] = int(rng.integers(3))
        if rng.random() < 0.3:
            settings["restart_marker_blocks"] = int(rng.integers(1, 9))
        try:
            return encoded(np.ascontiguousarray(image), **settings)
        except OSError:  # its buffer is too short for noise of this size
            continue


def small_files():
    """Three files of a few hundred bytes, of each kind of data."""
    return {
        "baseline": crafted(80, (9, 11), HALF, restart=1, reach=300),
        "progressive": crafted(81, (9, 17), scans=[*GRAY_SPLIT[:2], Scan((0,), 0, 0, 3, 2), Scan((0,), 0, 0, 2, 1),
            Scan((0,), 0, 0, 1, 0), Scan((0,), 1, 63, 0, 1), Scan((0,), 1, 63, 1, 0)], progressive=True, reach=200),
        "apart": crafted(82, (9, 11), ((2, 1), (1, 1), (1, 1)), APART, markers=JFIF, reach=300, skewed=True),
    }  # fmt: skip


def mutant(rng, data):
    """The file with one to six changes."""
    data = bytearray(data)
    for _ in range(rng.integers(1, 7)):
        at = int(rng.integers(len(data) if rng.integers(3) else min(len(data), 700)))
        kind = rng.integers(5)
        if kind == 0:
            data[at] = rng.integers(256)
        elif kind == 1:
            data[at] ^= 1 << rng.integers(8)
        elif kind == 2:
            del data[at : at + int(rng.integers(1, 9))]
        elif kind == 3:
            data.insert(at, int(rng.integers(256)))
        else:
            data[at] = 255
        if len(data) < 8:
            break
    return bytes(data)
