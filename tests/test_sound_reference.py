# SPDX-License-Identifier: MIT
"""The reference of sounds (R-71 to R-79) against the SPEC's own numbers, floats, and its definitions."""

import math
import struct
from fractions import Fraction

import numpy as np
import pytest
from spec import reference, sound, sound_cases

LONG = np.finfo(np.longdouble).nmant >= 63
SPEECH = 16000, 400, 80, 0, 8000  # rate, window, bands, low, high


def pcm(x, rate=8000):
    """A WAV file of 16 bits and one channel."""
    data = struct.pack(f"<{len(x)}h", *x)
    return sound_cases.riff(sound_cases.form(rate=rate), sound_cases.chunk(b"data", data))


def test_worked_example():
    """The numbers of the SPEC's last section (R-75 to R-79)."""
    assert sound.tables(8)[0] == [2**32, 3037000500, 0, -3037000500, -(2**32), -3037000500, 0, 3037000500]
    assert sound.edges(2, 0, 4000) == [0, 40670316, 117396600, 262144000]
    assert sound.weights(8000, 8, 2, 0, 4000) == [{1: 11340006}, {1: 5437210, 2: 15192143, 3: 7596072}]
    x = [0, 1000, 0, -1000] * 2
    b = 4000 * 2**32
    assert sound.power(x) == [0, b * b, 4 * b * b, b * b, 0]
    layout = "logmel,rate=8000,window=8,hop=4,bands=2"
    assert reference.layout_image(layout, pcm(x)) == ((2, 3, 1), bytes([150, 153, 150, 163, 175, 163]))


@pytest.mark.skipif(not LONG, reason="long double is too short to tell")
@pytest.mark.parametrize("window", [4, 6, 10, 14, 256, 400, 512, 1024, 1102, 2048, 4094, 4096])
def test_tables_are_the_nearest_integers(window):
    """R-75, by another library's sine and cosine."""
    angle = np.arange(window).astype(np.longdouble) * (8 * np.arctan(np.longdouble(1))) / window
    for table, function in zip(sound.tables(window), (np.cos, np.sin), strict=True):
        exact = function(angle) * np.longdouble(2) ** 32
        assert (np.rint(exact).astype(np.int64) == table).all()
        assert np.abs(exact - np.rint(exact)).max() < 0.5 - 1e-8  # no value is as near to a tie as an error could be


@pytest.mark.parametrize("seed", range(3))
def test_the_power_is_that_of_the_window_of_hann(seed):
    """R-75, by the formula of the window and a transform in floats."""
    rng = np.random.default_rng(seed)
    window = int(rng.choice([4, 6, 30, 128, 202]))
    y = rng.integers(-(2**15), 2**15, window)
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(window) / window)
    expected = np.abs(np.fft.rfft(y * hann)) ** 2
    made = np.array([p / 2**68 for p in sound.power(y.tolist())])
    assert np.allclose(made, expected, rtol=1e-6, atol=1e-6 * expected.max())


@pytest.mark.parametrize(("bands", "low", "high"), [(80, 0, 8000), (1, 0, 2100), (128, 20, 11025), (40, 300, 384000)])
def test_edges_divide_the_mel_scale(bands, low, high):
    """R-76: by its definition, and by the usual formula of mels in floats."""
    edges = sound.edges(bands, low, high)
    n = bands + 1
    for i, e in enumerate(edges):
        most = (65536 * (low + 700)) ** (n - i) * (65536 * (high + 700)) ** i
        assert (e + 700 * 65536) ** n <= most < (e + 1 + 700 * 65536) ** n
    mels = np.linspace(*(2595 * math.log10(1 + f / 700) for f in (low, high)), bands + 2)
    assert np.allclose(np.array(edges) / 65536, 700 * (10 ** (mels / 2595) - 1), rtol=0, atol=2e-5)
    assert edges[0] == 65536 * low and edges[-1] == 65536 * high


def test_an_edge_that_is_a_whole_number():
    """R-76, where both sides are equal: the middle between 700 and 2800 is 1400."""
    assert sound.edges(1, 0, 2100) == [0, 700 * 65536, 2100 * 65536]


def test_weights_are_rounded_triangles():
    """R-77, in fractions."""
    rate, window, *limits = SPEECH
    edges = [Fraction(e, 65536) for e in sound.edges(*limits)]
    for b, row in enumerate(sound.weights(*SPEECH)):
        left, middle, right = edges[b : b + 3]
        for k in range(window // 2 + 1):
            f = Fraction(k * rate, window)
            height = max(0, min((f - left) / (middle - left), (right - f) / (right - middle)))
            assert row.get(k, 0) == math.floor(height * 2**24 + Fraction(1, 2))


def test_levels_are_eighths_of_octaves():
    """R-78: at each threshold and one below, by the definition; in floats; and a sine of full scale."""
    for window, q, s, gain in [(400, 1, 15, 0), (4096, 8, 23, 64), (4, 1, 15, 64)]:
        full = 2**24 * (q * window * 2 ** (s + 32)) ** 2
        least = sound.thresholds(window, q, s, gain)
        assert least == sorted(set(least)) and least[0] > 2**80
        for k, e in enumerate(least, 1):
            assert e**8 * 2 ** (255 + gain - k) >= full**8 > (e - 1) ** 8 * 2 ** (255 + gain - k)
            assert math.isclose(8 * math.log2(Fraction(e, full)), k - 255 - gain, abs_tol=1e-9)
    wave = [round(32767 * math.sin(2 * math.pi * 4 * t / 64)) for t in range(64)]
    _, levels = reference.layout_image("logfft,rate=8000,window=64,hop=64,ends=cut", pcm(wave))
    assert list(levels[3:6]) == [254 - 16, 254, 254 - 16]  # Hann: half the amplitude beside; 32767 is below full scale


@pytest.mark.parametrize(("code", "width"), [("f", 32), ("d", 64)])
def test_floats_are_rounded_in_fractions(code, width):
    """R-72, on floats of any bits."""
    rng = np.random.default_rng(width)
    values = [float(v) for v in rng.standard_normal(200) * 2.0 ** rng.integers(-40, 3, 200)]
    values += [u / 2**23 for u in sound_cases.UNITS]
    for v in values:
        raw = struct.pack(f"<{code}", v)
        exact = Fraction(*struct.unpack(f"<{code}", raw)[0].as_integer_ratio())
        expected = min(2**23, max(-(2**23), math.floor(exact * 2**23 + Fraction(1, 2))))
        assert sound.sample(raw, sound.FLOAT) == expected


def test_frames():
    """R-73, by hand."""
    x = [1, 2, 3, 4, 5]
    assert list(sound.frames(x, 4, 3, "zero")) == [[0, 0, 1, 2], [2, 3, 4, 5]]
    assert list(sound.frames(x, 4, 1, "cut")) == [[1, 2, 3, 4], [2, 3, 4, 5]]
    assert len(list(sound.frames([1], 400, 160, "zero"))) == 1
