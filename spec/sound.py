# SPDX-License-Identifier: MIT
"""Sounds as images (R-71 to R-80) as a program: in integers, slow, standard library only."""

from functools import lru_cache
from math import exp, log

PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE
SUBFORMAT = bytes.fromhex("000000001000800000aa00389b71")
FORMATS = {(PCM, 8), (PCM, 16), (PCM, 24), (PCM, 32), (FLOAT, 32), (FLOAT, 64)}
UNIT = 2**16  # of R-76, in a hertz
BITS = 160  # of the sines and cosines before they are rounded


def wav(data):
    """R-71: (format, bits, channels, rate, data) of the bytes of a WAV file."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise ValueError("no WAV file (R-71)")
    form, at = None, 12
    while True:
        name, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        at += 8
        if at > len(data):
            raise ValueError("no data behind a format (R-71)")
        is_data = name == b"data" and form is not None
        if is_data and length == 2**32 - 1:
            length = len(data) - at
        if at + length > len(data):
            raise ValueError(f"{name!r} is longer than the file (R-71)")
        if is_data:
            break
        if name == b"fmt " and form is None:
            form = data[at : at + length]
        at += length + length % 2
    tag, bits, channels, rate = wav_format(form)
    if length == 0 or length % (channels * bits // 8):
        raise ValueError("no samples, or a part of a block (R-71)")
    return tag, bits, channels, rate, data[at : at + length]


def wav_format(form):
    """R-71: (format, bits, channels, rate) of the content of `fmt `."""
    if len(form) < 16:
        raise ValueError("a short format (R-71)")
    tag, channels, bits = (int.from_bytes(form[i : i + 2], "little") for i in (0, 2, 14))
    if tag == EXTENSIBLE:
        if len(form) < 40 or form[26:40] != SUBFORMAT:
            raise ValueError("an unknown format (R-71)")
        tag = int.from_bytes(form[24:26], "little")
    block = int.from_bytes(form[12:14], "little")
    if (tag, bits) not in FORMATS or not 1 <= channels <= 8 or block != channels * bits // 8:
        raise ValueError("an unknown format (R-71)")
    return tag, bits, channels, int.from_bytes(form[4:8], "little")


def scale(tag, bits):
    """R-72: the bits of a sample beside its sign."""
    return 15 if tag == PCM and bits <= 16 else 23


def sample(raw, tag):
    """R-72: the sample of its bytes."""
    bits = 8 * len(raw)
    if tag == FLOAT:
        return sample_of_float(int.from_bytes(raw, "little"), *((8, 23) if bits == 32 else (11, 52)))
    if bits == 8:
        return 256 * (raw[0] - 128)
    v = int.from_bytes(raw, "little", signed=True)
    return v if bits < 32 else (v + 128) // 256


def sample_of_float(u, exponent_bits, fraction_bits):
    """R-72: the sample of the bits of a float of IEEE 754."""
    fraction, exponent = u % 2**fraction_bits, (u >> fraction_bits) % 2**exponent_bits
    if exponent == 2**exponent_bits - 1:
        raise ValueError("an infinite sample, or none (R-72)")
    if exponent > 0:
        fraction += 2**fraction_bits
    power = max(exponent, 1) - (2 ** (exponent_bits - 1) - 1) - fraction_bits + 23  # 2^23·|v| = fraction·2^power
    numerator, denominator = fraction * 2 ** max(power, 0), 2 ** max(-power, 0)
    if u >> (fraction_bits + exponent_bits):
        numerator = -numerator
    return max(-(2**23), min(2**23, (2 * numerator + denominator) // (2 * denominator)))


def samples(data, channel):
    """R-71, R-72: (x, q, s, rate) of a WAV file; channel is "mix" or a number."""
    tag, bits, channels, rate, data = wav(data)
    size = bits // 8
    values = [sample(data[i : i + size], tag) for i in range(0, len(data), size)]
    if channel == "mix":
        x, q = [sum(values[i : i + channels]) for i in range(0, len(values), channels)], channels
    else:
        if channel > channels:
            raise ValueError(f"there is no channel {channel} (R-72)")
        x, q = values[channel - 1 :: channels], 1
    return x, q, scale(tag, bits), rate


def frames(x, window, hop, ends):
    """R-73: the samples of each frame."""
    if ends == "cut" and len(x) < window:
        raise ValueError("the sound is shorter than a window (R-73)")
    count, first = (1 + len(x) // hop, -(window // 2)) if ends == "zero" else (1 + (len(x) - window) // hop, 0)
    for f in range(count):
        start = first + f * hop
        yield [x[i] if 0 <= i < len(x) else 0 for i in range(start, start + window)]


def pi():
    """Pi in units of 2^-BITS, by Machin's formula; off by less than 2^8 units."""

    def arctan_of_inverse(x):
        term, total, sign, n = 2**BITS // x, 0, 1, 1
        while term:
            total += sign * (term // n)
            term, sign, n = term // (x * x), -sign, n + 2
        return total

    return 4 * (4 * arctan_of_inverse(5) - arctan_of_inverse(239))


PI = pi()


@lru_cache(maxsize=2**16)
def cosine(j, n):
    """R-75: the integer nearest to 2^32·cos(2πj/n)."""
    j %= n
    if 2 * j > n:
        j = n - j  # cos(2π - x) = cos x
    if 4 * j > n:
        return -cosine(n - 2 * j, 2 * n)  # cos(π - x) = -cos x
    angle = 2 * PI * j // n  # up to π/2: off by less than 2^9 units, and each term below by less than 2^3 of its own
    total, term, sign, k = 0, 2**BITS, 1, 0
    while term:
        total += sign * term
        term = (term * angle >> BITS) * angle // ((k + 1) * (k + 2)) >> BITS
        sign, k = -sign, k + 2
    nearest, rest = divmod(total + 2 ** (BITS - 33), 2 ** (BITS - 32))
    # Off by less than 2^16 units: no other integer is the nearest.
    assert 2**16 < rest < 2 ** (BITS - 32) - 2**16
    return nearest


def sine(j, n):
    """R-75: the integer nearest to 2^32·sin(2πj/n)."""
    return cosine(4 * j - n, 4 * n)


@lru_cache(maxsize=8)
def tables(n):
    """R-75: the integers c(j) and d(j)."""
    return [cosine(j, n) for j in range(n)], [sine(j, n) for j in range(n)]


def power(y):
    """R-75: P(0) to P(N/2) of a frame."""
    n = len(y)
    c, d = tables(n)
    a = [sum(v * c[k * t % n] for t, v in enumerate(y)) for k in range(n // 2 + 1)]
    b = [sum(v * d[k * t % n] for t, v in enumerate(y)) for k in range(n // 2 + 1)]
    a += a[n // 2 - 1 : 0 : -1]  # a is even and b is odd, with the period n
    b += [-v for v in b[n // 2 - 1 : 0 : -1]]
    return [
        (2 * a[k] - a[k - 1] - a[(k + 1) % n]) ** 2 + (2 * b[k] - b[k - 1] - b[(k + 1) % n]) ** 2
        for k in range(n // 2 + 1)
    ]


@lru_cache(maxsize=64)
def edges(bands, low, high):
    """R-76: e(0) to e(B + 1)."""
    n, first, last = bands + 1, UNIT * (low + 700), UNIT * (high + 700)
    found = []
    for i in range(n + 1):
        most = first ** (n - i) * last**i
        root = int(exp((log(first) * (n - i) + log(last) * i) / n))  # a guess, which is corrected
        while root**n > most:
            root -= 1
        while (root + 1) ** n <= most:
            root += 1
        found.append(root - 700 * UNIT)
    return found


@lru_cache(maxsize=64)
def weights(rate, window, bands, low, high):
    """R-77: for each band its weights that are not 0, by bin."""
    found = []
    scaled = [window * e for e in edges(bands, low, high)]
    for left, middle, right in zip(scaled, scaled[1:], scaled[2:], strict=False):
        row = {}
        for k in range(window // 2 + 1):
            p = k * rate * UNIT
            if left < p < right:
                part, whole = (p - left, middle - left) if p <= middle else (right - p, right - middle)
                row[k] = (2 * 2**24 * part + whole) // (2 * whole)
        found.append({k: w for k, w in row.items() if w})
    if not all(found):
        raise ValueError(f"{bands} bands are too many for a window of {window} (R-77)")
    return found


@lru_cache(maxsize=64)
def thresholds(window, q, s, gain):
    """R-78: for k = 1 to 255 the least E with E^8·2^(255 + gain - k) >= R^8."""
    reference = 2**24 * (q * window * 2 ** (s + 32)) ** 2
    found = []
    for k in range(1, 256):
        least, below = reference, 0  # one that is enough, one that is not
        while least - below > 1:
            middle = (least + below) // 2
            least, below = (middle, below) if middle**8 << (255 + gain - k) >= reference**8 else (least, middle)
        found.append(least)
    return found


def image(layout, data):
    """R-71 to R-79: the image of a WAV file, as ((height, width, channels), samples); layout as parse_layout has it."""
    x, q, s, rate = samples(data, layout["channel"])
    if rate != layout["rate"]:
        raise ValueError(f"a rate of {rate} (R-71)")
    window = layout["window"]
    if layout["rule"] == "logmel":
        rows = weights(rate, window, layout["bands"], layout["low"], layout["high"])
    else:
        rows = [{k: 2**24} for k in range(window // 2 + 1)]
    least = thresholds(window, q, s, layout["gain"])
    columns = []
    for y in frames(x, window, layout["hop"], layout["ends"]):
        p = power(y) if any(y) else [0] * (window // 2 + 1)
        energies = [sum(w * p[k] for k, w in row.items()) for row in rows]
        columns.append([sum(energy >= t for t in least) for energy in energies])
    return (len(rows), len(columns), 1), bytes(column[row] for row in range(len(rows)) for column in columns)
