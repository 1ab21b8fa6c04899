# SPDX-License-Identifier: MIT
"""The specification as a program: exact, slow, standard library only.

The weights of the exact methods other than bilinear are in exact_filters.py, the frozen peers in frozen_reference.py,
the recipes in recipes.py, the sounds in sound.py.

Every function cites the rules of SPEC.md that it computes. It is written to be compared with that text by eye, and the
fast implementations are compared with it by test; it uses nothing of theirs.
"""

import hashlib
import re
from fractions import Fraction
from functools import lru_cache, partial
from itertools import pairwise
from math import gcd, isqrt

from spec import exact_filters, frozen_reference, sound

# classes of (limit, width), and the width beyond them
WIDTH_TABLES = {
    "nataraj": (((10, 32), (30, 64), (60, 128), (100, 256), (200, 384), (500, 512), (1000, 768)), 1024),
    "wide": (((10, 32), (30, 64), (60, 128), (100, 256), (200, 384), (1000, 512), (1500, 1024)), 2048),
}
# for each option, in order, the rules that have it, its values and its default
TABLED = ("nataraj", "wide")
PIXEL_WISE = ("fixed", "square", *TABLED)
ROW_WISE = (*PIXEL_WISE, "pow2")
ANTIALIAS = {"bilinear": True, "bilinear-two-tap": False}
LAYOUT_RULES = (*ROW_WISE, "hilbert", "bigram", "line")
OPTIONS = {
    "width": (("fixed",), range(1, 2**31), None),
    "unit": (TABLED, (1024, 1000), 1024),
    "edge": (TABLED, ("lt", "le"), "lt"),
    "rows": (ROW_WISE, ("ceil", "floor", "extra"), "ceil"),
    "pad": ((*ROW_WISE, "hilbert"), range(256), 0),
    "channels": (PIXEL_WISE, (1, 3), 1),
    "scale": (("bigram",), ("linear", "log"), "linear"),
    "offset": (LAYOUT_RULES, range(2**63), 0),
    "length": (LAYOUT_RULES, range(1, 2**63), None),
    "unknown": (LAYOUT_RULES, (*range(256), "drop"), None),
}
# the same of the rules of sounds
SOUND_RULES = ("logmel", "logfft")
OPTIONS |= {
    "rate": (SOUND_RULES, range(1, 768001), None),
    "window": (SOUND_RULES, range(4, 4097, 2), None),
    "hop": (SOUND_RULES, range(1, 65537), None),
    "bands": (("logmel",), range(1, 513), None),
    "low": (("logmel",), range(384000), 0),
    "high": (("logmel",), range(1, 384001), None),
    "ends": (SOUND_RULES, ("zero", "cut"), "zero"),
    "channel": (SOUND_RULES, (*range(1, 9), "mix"), "mix"),
    "gain": (SOUND_RULES, range(65), 0),
}


@lru_cache(maxsize=4096)
def axis_weights(n_in, n_out, antialias):
    """R-2, R-3: for each result, the list of (sample, weight) with a weight above 0."""
    g = gcd(n_in, n_out)
    w, v = n_in // g, n_out // g
    half_width = 2 * max(w, v) if antialias else 2 * v
    return [
        [(j, weight) for j in range(n_in) if (weight := half_width - abs((2 * j + 1) * v - (2 * i + 1) * w)) > 0]
        for i in range(n_out)
    ]


def weight_sums(n_in, n_out, antialias):
    """R-4: the sum of the weights of each result of an axis, the factor of D that is its own."""
    return [sum(weight for _, weight in taps) for taps in axis_weights(n_in, n_out, antialias)]


# for each exact method its function of n_in and n_out to the weights of an axis
EXACT = {
    **{name: partial(axis_weights, antialias=antialias) for name, antialias in ANTIALIAS.items()},
    "nearest": exact_filters.nearest_axis,
    "area": exact_filters.area_axis,
    "bicubic": exact_filters.bicubic_axis,
    "bicubic-four-tap": exact_filters.four_tap_axis,
}
# for each method its numbers of channels
METHODS = {name: range(1, frozen_reference.ANY) for name in EXACT}
METHODS |= {name: numbers for name, (numbers, *_) in frozen_reference.METHODS.items()}


def resize(samples, shape, size, method="bilinear"):
    """R-1 to R-4, R-18, R-32 to R-36: resizes an image.

    Args:
        samples: the samples of an image, in C order.
        shape: its (height, width, channels).
        size: (height, width) of the result.
        method: a name of METHODS.

    Returns:
        The samples of the result, bytes in C order.

    Raises:
        ValueError: the method does not exist, or refuses this image or size.
    """
    if method not in EXACT:
        return frozen_reference.resize(method, samples, shape, size)
    height, width, channels = shape
    assert len(samples) == height * width * channels
    vertical = EXACT[method](height, size[0])
    horizontal = EXACT[method](width, size[1])
    # The inner sum of R-4 over l, once for each source row j: rows[j][k * channels + ch]; nothing is rounded.
    rows = []
    for j in range(height):
        row = samples[j * width * channels : (j + 1) * width * channels]
        rows.append(
            [
                sum(weight * row[sample * channels + ch] for sample, weight in taps)
                for taps in horizontal
                for ch in range(channels)
            ]
        )
    sums_x = [sum(weight for _, weight in taps) for taps in horizontal for _ in range(channels)]
    out = bytearray()
    for taps in vertical:
        sum_y = sum(weight for _, weight in taps)
        for k, sum_x in enumerate(sums_x):
            n = sum(weight * rows[j][k] for j, weight in taps)
            d = sum_y * sum_x
            out.append(min(255, max(0, (2 * n + d) // (2 * d))))  # R-4 never leaves 0 ... 255, R-36 may
    return bytes(out)


def parse_layout(text):
    """R-10, R-74: all options of a layout by name, with the rule's name as "rule"; ValueError for another text."""
    rule, *settings = text.split(",")
    if rule not in (*LAYOUT_RULES, *SOUND_RULES):
        raise ValueError(f"unknown layout {rule!r} (R-10)")
    layout = {"rule": rule}
    for setting in settings:
        name, _, value = setting.partition("=")
        if name not in OPTIONS or rule not in OPTIONS[name][0]:
            raise ValueError(f"{rule} has no option {name!r} (R-10)")
        if name in layout:
            raise ValueError(f"{name} is given twice (R-10)")
        allowed = OPTIONS[name][1]
        if isinstance(allowed[0], int) and value != allowed[-1]:  # decimal digits without leading zeros; or a word
            value = int(value) if re.fullmatch("0|[1-9][0-9]*", value) else -1
        if value not in allowed:
            raise ValueError(f"{setting!r} is no setting of {name} (R-10)")
        layout[name] = value
    if rule == "fixed" and "width" not in layout:
        raise ValueError("fixed needs a width (R-10)")
    if layout.get("rows") == "floor" and "pad" in layout:
        raise ValueError("rows=floor pads nothing (R-10)")
    for name, (rules, _, default) in OPTIONS.items():
        if rule in rules:
            layout.setdefault(name, default)
    if rule in SOUND_RULES:
        check_sound(layout)
    return layout


def check_sound(layout):
    """R-74, R-77: that the options of a sound go together; an upper limit that was left out becomes its default."""
    for name in ("rate", "window", "hop", "bands"):
        if layout.get(name, 1) is None:
            raise ValueError(f"{layout['rule']} needs its {name} (R-74)")
    if layout["rule"] == "logmel":
        layout["high"] = layout["high"] or layout["rate"] // 2
        if not layout["low"] < layout["high"] <= layout["rate"] // 2:
            raise ValueError("low or high are not between 0 and the half of rate (R-74)")
        sound.weights(*(layout[name] for name in ("rate", "window", "bands", "low", "high")))


def canonical_layout(text):
    """R-10, R-74: the text of the same layout with the options that differ from their defaults, in order."""
    layout = parse_layout(text)
    if layout["rule"] == "logmel" and layout["high"] == layout["rate"] // 2:
        layout["high"] = None
    options = [f",{name}={layout[name]}" for name in OPTIONS if name in layout and layout[name] != OPTIONS[name][2]]
    return layout["rule"] + "".join(options)


def layout_image(text, data):
    """R-6, R-7, R-11 to R-15, R-79, R-91: the image of some bytes, as ((height, width, channels), samples)."""
    layout = parse_layout(text)
    if layout["rule"] in SOUND_RULES:
        return sound.image(layout, data)
    data = part_of_bytes(layout, data)
    n = len(data)
    if layout["rule"] == "line":
        return (1, n, 1), data
    if layout["rule"] == "bigram":
        return (256, 256, 1), bigram(data, layout["scale"])
    if layout["rule"] == "hilbert":
        return hilbert(data, layout["pad"])
    width = row_width(layout, n)
    channels = layout.get("channels", 1)
    m = width * channels
    height = {"ceil": -(-n // m), "floor": n // m, "extra": n // m + 1}[layout["rows"]]
    if height == 0:
        raise ValueError("rows=floor leaves no row (R-12)")
    samples = data[: height * m] + bytes([layout.get("pad", 0)]) * (height * m - n)
    return (height, width, channels), samples


def part_of_bytes(layout, data):
    """R-91: the bytes of which a layout makes an image."""
    if layout["unknown"] is not None:
        data = listing(data, None if layout["unknown"] == "drop" else layout["unknown"])
    if len(data) == 0:
        raise ValueError("zero bytes are no image (R-7)")
    if layout["offset"] >= len(data):
        raise ValueError(f"offset {layout['offset']} is not below {len(data)} (R-91)")
    end = len(data) if layout["length"] is None else layout["offset"] + layout["length"]
    return data[layout["offset"] : end]


def resized_layout(text, data, size, method="bilinear"):
    """The image of R-6, R-7, R-11 to R-15, R-91 resized (R-16), as ((height, width, channels), samples)."""
    shape, samples = layout_image(text, data)
    image_size = (1, size[0] * size[1]) if parse_layout(text)["rule"] == "line" else size
    return (*size, shape[2]), resize(samples, shape, image_size, method)


def row_width(layout, n):
    """R-6, R-11: the width of a row-wise layout, in pixels."""
    if layout["rule"] == "fixed":
        return layout["width"]
    if layout["rule"] == "square":
        pixels = -(-n // layout["channels"])
        return isqrt(pixels - 1) + 1
    if layout["rule"] == "pow2":
        return 2 ** isqrt(n).bit_length()
    classes, widest = WIDTH_TABLES[layout["rule"]]
    for limit, width in classes:
        if n < limit * layout["unit"] or (layout["edge"] == "le" and n == limit * layout["unit"]):
            return width
    return widest


def hilbert_place(k, t):
    """R-13: the row and column at distance t along the curve of order k."""
    if k == 0:
        return 0, 0
    h = 2 ** (k - 1)
    y, x = hilbert_place(k - 1, t % (h * h))
    return [(x, y), (h + y, x), (h + y, h + x), (h - 1 - x, 2 * h - 1 - y)][t // (h * h)]


def hilbert_distance(k, y, x):
    """R-13: the inverse of hilbert_place."""
    if k == 0:
        return 0
    h = 2 ** (k - 1)
    q, y, x = [[(0, x, y), (3, 2 * h - 1 - x, h - 1 - y)], [(1, y - h, x), (2, y - h, x - h)]][y >= h][x >= h]
    return q * h * h + hilbert_distance(k - 1, y, x)


def hilbert(data, pad):
    """R-13: the square image of some bytes along the curve."""
    k = 0
    while 4**k < len(data):
        k += 1
    samples = bytearray([pad]) * 4**k
    for t, byte in enumerate(data):
        y, x = hilbert_place(k, t)
        samples[y * 2**k + x] = byte
    return (2**k, 2**k, 1), bytes(samples)


def bigram(data, scale):
    """R-14: the counts of pairs of bytes as samples."""
    counts = [0] * 65536
    for a, b in pairwise(data):
        counts[256 * a + b] += 1
    if scale == "log":
        return bytes(log_level(c) for c in counts)
    most = max(counts)
    return bytes((255 * c + most // 2) // most if most else 0 for c in counts)


@lru_cache(maxsize=65536)
def log_level(c):
    """R-14: a count on the logarithmic scale."""
    return sum(c**8 >= 2**k for k in range(255))


def listing(text, unknown):
    """R-17: the bytes of a listing; `unknown` is a byte's value, or None to leave out unknown bytes."""
    data = bytearray()
    lines = re.findall(rb"[^\n]*\n|[^\n]+", text.removeprefix(b"\xef\xbb\xbf"))
    for number, line in enumerate(lines, 1):
        words = re.sub(rb"[ \t]*(\r?\n)?\Z", b"", line)
        if len(line) <= 1000 and words == b"" and number == len(lines):
            break
        if len(line) > 1000 or not re.fullmatch(rb"[0-9A-Fa-f]{8,16}( ([0-9A-Fa-f]{2}|\?\?)){1,32}", words):
            raise ValueError(f"line {number} is malformed (R-17)")
        for word in words.split()[1:]:
            if word != b"??":
                data.append(int(word, 16))
            elif unknown is not None:
                data.append(unknown)
    return bytes(data)


def decimal(text):
    """R-29: the number of a text, a Fraction; ValueError for another text."""
    match = re.fullmatch(r"(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([-+]?[0-9]+))?", text)
    if not match:
        raise ValueError(f"{text!r} is not a decimal (R-29)")
    sign, whole, part, power = match.groups(default="")
    digits = (whole + part).lstrip("0")
    significant = digits.rstrip("0")
    if not significant:
        return Fraction(0)
    exponent = whole_number(power) - len(part) + len(digits) - len(significant)
    magnitude = exponent + len(significant) - 1
    if len(significant) > 9 or not -9 <= magnitude < 9:
        raise ValueError(f"{text[:99]!r} has more than nine digits, or is out of range (R-29)")
    return (-1 if sign else 1) * int(significant) * Fraction(10) ** exponent


def whole_number(text):
    """R-29: the whole number of a sign and digits, each optional; Python's int() refuses more than 4300 digits."""
    value = 0
    for digit in text.lstrip("+-").lstrip("0"):
        value = 10 * value + int(digit)
    return -value if text.startswith("-") else value


def canonical_decimal(number):
    """R-29: the canonical text of a decimal."""
    whole, part = divmod(abs(number) * 10**17, 10**17)  # 17 digits after the point: 9 digits from 10^-9 on
    text = f"{whole}.{int(part):017}".rstrip("0").rstrip(".")
    return ("-" if number < 0 else "") + text


def binary32(x):
    """R-30: the bits of the binary32 nearest to a Fraction, which is 0 or within the normal numbers."""
    if x == 0:
        return 0
    e = x.numerator.bit_length() - x.denominator.bit_length() - 23  # a first guess: 2^23 <= |x|/2^e < 2^24
    while abs(x) >= Fraction(2) ** (e + 24):
        e += 1
    while abs(x) < Fraction(2) ** (e + 23):
        e -= 1
    significand = round(abs(x) / Fraction(2) ** e)  # of a Fraction: to the nearest integer, ties to even
    if significand == 2**24:
        significand, e = 2**23, e + 1
    assert -126 <= e + 23 <= 127
    return (x < 0) << 31 | (e + 23 + 127) << 23 | (significand - 2**23)


def nearest_binary32(x):
    """R-19: the binary32 nearest to a Fraction, a Fraction again, which is 0 or within the normal numbers."""
    bits = binary32(x)
    magnitude = (2**23 + bits % 2**23) * Fraction(2) ** ((bits >> 23) % 256 - 127 - 23)
    return (-magnitude if bits >> 31 else magnitude) if bits else Fraction(0)


@lru_cache(maxsize=4096)
def normalization_table(mean, deviation, span=1, rounding="exact"):
    """R-30, R-55, R-56: the bits of the numbers of the 256 sample values, with the texts of two decimals."""
    m, d = decimal(mean), decimal(deviation)
    if d <= 0:
        raise ValueError(f"{deviation!r} is not above 0 (R-30)")
    if rounding == "exact":
        return [binary32((Fraction(v * span, 255) - m) / d) for v in range(256)]
    m, d = (nearest_binary32(Fraction(float(x))) for x in (m, d))  # float(): to the nearest binary64
    if rounding == "steps":
        values = [nearest_binary32(Fraction(v * span, 255)) for v in range(256)]
    elif rounding == "reciprocal":
        assert span == 1
        values = [nearest_binary32(v * nearest_binary32(Fraction(1, 255))) for v in range(256)]
    else:
        assert rounding == "fused" and span == 1
        values, m, d = range(256), nearest_binary32(m * 255), nearest_binary32(d * 255)
    return [binary32(nearest_binary32(v - m) / d) for v in values]


def normalize(samples, shape, means, deviations, span=1, rounding="exact"):
    """R-31: normalises an image.

    Args:
        samples: as in `resize`.
        shape: as in `resize`.
        means: texts of decimals, one or as many as channels.
        deviations: the same.
        span: the range of R-55.
        rounding: that of R-56.

    Returns:
        The bits of the numbers, channel by channel.
    """
    channels = shape[2]
    assert {len(means), len(deviations)} <= {1, channels}
    tables = [
        normalization_table(means[c % len(means)], deviations[c % len(deviations)], span, rounding)
        for c in range(channels)
    ]
    return [tables[c][p] for c in range(channels) for p in samples[c::channels]]


def fingerprint(dtype, shape, raw):
    """R-8: the fingerprint of an array.

    Args:
        dtype: "uint8" or "float32".
        shape: the dimensions.
        raw: the samples in C order, little-endian.
    """
    assert dtype in ("uint8", "float32") and shape and min(shape) >= 1
    header = f"isopixel-array-1 {dtype} {'x'.join(str(d) for d in shape)}\n"
    return "sha256:" + hashlib.sha256(header.encode("ascii") + raw).hexdigest()


def corpus_digest(rows):
    """R-70: the digest of a corpus.

    Args:
        rows: of each file its path, and either its number of bytes, their SHA-256 in hexadecimal digits and the
            fingerprint of the array; or None, None and the kind of the error, "input" or "io".
    """
    content = b""
    for path, length, sha256, made in sorted(rows, key=lambda row: row[0].encode("utf-8")):
        name = path.encode("utf-8")
        content += str(len(name)).encode("ascii") + b" " + name + b"\n"
        line = f"- - error:{made}\n" if length is None else f"{length} {sha256} {made}\n"
        content += line.encode("ascii")
    assert rows and len({row[0] for row in rows}) == len(rows)
    return "sha256:" + hashlib.sha256(content).hexdigest()


def noise(s, k):
    """R-9: sample s of the formula "noise k"."""
    z = (s + 2654435769 * k) & 0xFFFFFFFF
    z = (z ^ (z >> 16)) * 2146121005 & 0xFFFFFFFF
    z = (z ^ (z >> 15)) * 2221713035 & 0xFFFFFFFF
    return (z ^ (z >> 16)) & 255


def vector_input(formula, length):
    """R-9: the samples of a formula such as "noise 7"."""
    name, k = formula.split(" ")
    k = int(k)
    if name == "constant":
        return bytes([k]) * length
    if name == "ramp":
        return bytes(k * s % 256 for s in range(length))
    if name == "noise":
        return bytes(noise(s, k) for s in range(length))
    if name == "extremes":
        return bytes(255 if noise(s, k) >= 128 else 0 for s in range(length))
    raise ValueError(f"unknown formula {formula!r}")
