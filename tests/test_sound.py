# SPDX-License-Identifier: MIT
"""Sounds in the core (R-71 to R-80) against the reference, by the estimate and with every level decided in integers."""

import hashlib
import io
import re

import numpy as np
import pytest
from spec import reference, sound
from spec.sound_cases import UNITS, chunk, extensible, form, head, riff

import isopixel
from isopixel import _core, _sound, _sources
from isopixel._sources import OpenSource
from tests.support import assert_same

SLOW = pytest.mark.slow
testing = _core._testing
LONG = np.finfo(np.longdouble).nmant >= 63
SMALL = "logmel,rate=8000,window=32,hop=10,bands=6"
SPEECH = "logmel,rate=16000,window=400,hop=160,bands=80"


@pytest.fixture(params=["estimate", "integers"])
def decided(request):
    """Whether estimates may decide."""
    testing.force_exact_levels(request.param == "integers")
    yield request.param
    testing.force_exact_levels(False)


def expected_image(layout, data, size=None, method="bilinear"):
    if size is None:
        shape, samples = reference.layout_image(layout, data)
    else:
        shape, samples = reference.resized_layout(layout, data, size, method)
    return np.frombuffer(samples, np.uint8).reshape(shape[:2])


def wav(samples, rate=8000):
    """A WAV file of int16 samples, (n,) or (n, channels)."""
    channels = 1 if samples.ndim == 1 else samples.shape[1]
    return head(samples.nbytes, form(channels=channels, rate=rate)) + samples.astype("<i2").tobytes()


def signal(rng, n):
    """Samples that are hard to get right, or usual."""
    t = np.arange(n)
    kind = rng.integers(9)
    amplitude = float(rng.choice([1, 30, 1000, 32767]))
    if kind == 0:
        return rng.integers(-32768, 32768, n)
    if kind == 1:
        return rng.choice([-32768, 32767], n)
    if kind == 2:
        return np.zeros(n)
    if kind == 3:
        return np.where(t == rng.integers(n), 32767, 0)
    if kind == 4:  # in the middle of a bin of many windows
        return np.rint(amplitude * np.cos(2 * np.pi * t / rng.choice([2, 4, 8, 16])))
    if kind == 5:
        return np.rint(amplitude * np.sin(t * t / n))
    if kind == 6:
        return rng.integers(-1, 2, n)
    if kind == 7:
        return np.full(n, rng.choice([-32768, 1, 32767]))
    return np.rint(amplitude * rng.standard_normal(n)).clip(-32768, 32767)


def random_layout(rng):
    rate, window, hop = int(rng.integers(2000, 50000)), 2 * int(rng.integers(2, 36)), int(rng.integers(1, 90))
    options = [f"rate={rate}", f"window={window}", f"hop={hop}"]
    rule = str(rng.choice(["logmel", "logfft"]))
    if rule == "logmel":
        low, high = sorted(int(f) for f in rng.integers(0, rate // 2, 2)) if rng.integers(2) else (0, rate // 2)
        options += [f"bands={rng.integers(1, 1 + window // 4)}", f"low={low}", f"high={high + (low == high)}"]
    options += [f"gain={rng.integers(65)}"] * int(rng.integers(2)) + ["ends=cut"] * int(rng.integers(2))
    rng.shuffle(options)
    return ",".join([rule, *options])


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(n, marks=SLOW) for n in range(2, 20))])
def test_random_layouts_and_signals(seed, decided):
    rng = np.random.default_rng(seed)
    made = 0
    for _ in range(60):
        layout, n = random_layout(rng), int(rng.choice([1, 2, *rng.integers(1, 300, 4)]))
        try:
            rate = reference.parse_layout(layout)["rate"]
            data = wav(signal(rng, n).astype(np.int16), rate)
            expected = expected_image(layout, data)
        except ValueError as error:
            with pytest.raises(ValueError, match=r"too many|ends=cut"):
                isopixel.from_bytes(data if "R-73" in str(error) else b"RIFF", layout)
            continue
        assert_same(isopixel.from_bytes(data, layout), expected, f"{layout}, {n} samples, {decided}")
        made += 1
    assert made > 20


@pytest.mark.parametrize("bits", [8, 16, 24, 32, 32.5, 64.5])
@pytest.mark.parametrize("channels", [1, 2, 8])
def test_every_format(bits, channels, decided, tmp_path, monkeypatch):
    """Whole, in pieces, and from a file that is read in small blocks."""
    rng = np.random.default_rng(int(2 * bits) + channels)
    is_float, bits = bits % 1 > 0, int(bits)
    n = 70 * channels
    if is_float:
        raw = (rng.standard_normal(n) * 2.0 ** rng.integers(-30, 2, n)).astype(f"<f{bits // 8}").tobytes()
    else:
        raw = rng.integers(0, 256, n * bits // 8, np.uint8).tobytes()
    tag = sound.FLOAT if is_float else sound.PCM
    data = head(len(raw), chunk(b"LIST", b"odd") + b"\0", extensible(tag, channels, 8000, bits)) + raw + b"tail"
    for channel in ("mix", *range(1, channels + 1)):
        layout = f"{SMALL},channel={channel}"
        expected = expected_image(layout, data)
        assert_same(isopixel.from_bytes(data, layout), expected, f"{layout}, {decided}")
        found = testing.wav_info(data, len(data))
        out = np.full((1, *expected.shape, 1), 77, np.uint8)
        stream = _core.Stream(layout, found, out, "bilinear")
        done = 0
        while done < len(raw):
            piece = raw[done : done + int(rng.choice([0, 1, 2, 5, 100]))]
            stream.push(piece)
            done += len(piece)
        stream.finish()
        assert_same(out[0, :, :, 0], expected, f"{layout} in pieces")
        (tmp_path / "file").write_bytes(data)
        with monkeypatch.context() as patch:
            patch.setattr(_sources, "BLOCK", int(rng.integers(1, 99)))
            patch.setattr(_sound, "BLOCK", int(rng.integers(1, 99)))
            assert_same(isopixel.from_file(tmp_path / "file", layout), expected, f"{layout} in blocks")
            array, source = isopixel.Recipe(layout).read(tmp_path / "file")
            assert_same(array, expected, f"{layout} as a recipe")
            assert source.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("bits", [8, 16, 24, 32, 32.5, 64.5])
def test_samples(bits):
    """R-72: each number of 8 and 16 bits, bounds and ties of longer ones, floats of all magnitudes."""
    rng = np.random.default_rng(3)
    is_float, bits = bits % 1 > 0, int(bits)
    size = bits // 8
    if is_float:
        units = [*UNITS, *(n + d for n in rng.integers(-(2**23), 2**23, 300) for d in (0.5, 0.4999, 0.5001))]
        values = [u / 2**23 for u in units] + [2.0**p * s for p in range(-60, 60) for s in (1, -1, 1.5, -1.5)]
        raw = np.array([*values, 0.0, -0.0, 1e-40, -1e-40], f"<f{size}").tobytes()
    elif bits <= 16:
        raw = np.arange(2**bits).astype(f"<u{size}").tobytes()
    else:
        raw = rng.integers(0, 256, 3000 * size, np.uint8).tobytes()
        for n in (0, 127, 128, 129, 255, 256, 2 ** (bits - 1) - 1, 2 ** (bits - 1) - 128, 2 ** (bits - 1) - 129):
            raw += b"".join(int(s).to_bytes(size, "little", signed=True) for s in (n, -n, -n - 1))
    tag = sound.FLOAT if is_float else sound.PCM
    expected = [sound.sample(raw[i : i + size], tag) for i in range(0, len(raw), size)]
    for channel in (0, 1):
        assert testing.samples(_core.Sound(8000, 1, bits, is_float, len(raw)), channel, raw) == expected


@pytest.mark.parametrize(
    ("layout", "n"),
    [(SPEECH, 1000), ("logfft,rate=16000,window=512,hop=200", 900), (f"{SPEECH},gain=64", 500),
     ("logmel,rate=16000,window=1102,hop=551,bands=40", 1100),
     ("logmel,rate=16000,window=46,hop=1,bands=3", 60), ("logfft,rate=16000,window=6,hop=70", 1000)],
)  # fmt: skip
def test_usual_windows(layout, n, decided):
    rng = np.random.default_rng(n)
    data = wav(np.rint(300 * rng.standard_normal(n)).astype(np.int16), 16000)
    assert_same(isopixel.from_bytes(data, layout), expected_image(layout, data), f"{layout}, {decided}")


@pytest.mark.parametrize("window", [400, 512, 1024, 2048, pytest.param(4096, marks=SLOW)])
def test_estimates_decide_as_integers_do(window):
    """Weak tones beside a strong one, noise and silence: some levels are settled, few, and the images are the same."""
    rng = np.random.default_rng(window)
    t = np.arange(40 * window)
    strong = 30000 * np.cos(2 * np.pi * t * 40 / window) + 0.02 * np.cos(2 * np.pi * t * 90 / window)
    x = np.concatenate(
        [np.rint(strong), np.rint(3 * rng.standard_normal(len(t))), 0 * t, rng.integers(-9000, 9000, len(t))]
    )
    for layout in (
        f"logfft,rate=16000,window={window},hop={window // 3}",
        f"logmel,rate=16000,window={window},hop=199,bands=30",
    ):
        images, settled = [], []
        for is_forced in (False, True):
            testing.force_exact_levels(is_forced)
            images.append(isopixel.from_samples(x.astype(np.int16), layout))
            settled.append(testing.force_exact_levels(False))
        assert_same(*images, layout)
        assert settled[0] < images[0].size / 100
        assert settled[1] == images[0].size


def test_the_bound_matters():
    """Far below a strong tone the table of R-75 shows: a transform in floats, without the bound, has other levels."""
    rng = np.random.default_rng(1)
    t = np.arange(60_000)
    x = (0.95 * np.cos(2 * np.pi * t * 5 / 64) + 1e-5 * rng.standard_normal(len(t))).astype(np.float32)
    layout = "logfft,rate=8000,window=64,hop=5,ends=cut,gain=64"
    testing.force_exact_levels(True)
    exact = isopixel.from_samples(x, layout)
    testing.force_exact_levels(False)
    assert_same(isopixel.from_samples(x, layout), exact, layout)
    frames = np.lib.stride_tricks.sliding_window_view(np.floor(x.astype(float) * 2**23 + 0.5), 64)[::5]
    power = np.abs(np.fft.rfft(frames * (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(64) / 64)), axis=1)) ** 2
    levels = np.floor(255 + 64 + 8 * np.log2(power * 16 / (64 * 2.0**23) ** 2)).clip(0, 255).T
    assert 5 < np.count_nonzero(levels != exact) < exact.size / 1000


def test_a_level_at_its_threshold_is_settled():
    """A sine of full scale in the middle of a bin, of floats, has the energy R, that of level 255."""
    x = np.array([0, 1, 0, -1] * 40, np.float32)
    layout = "logfft,rate=8000,window=16,hop=16,ends=cut"
    testing.force_exact_levels(False)
    image = isopixel.from_samples(x, layout)
    assert testing.force_exact_levels(False) >= image.shape[1]
    data = head(x.nbytes, form(sound.FLOAT, bits=32)) + x.tobytes()
    assert_same(image, expected_image(layout, data), layout)
    assert (image[4] == 255).all()


@pytest.mark.skipif(not LONG, reason="long double is too short to tell")
def test_the_tables_of_every_window():
    """R-75, by another library's sine and cosine."""
    turn = 8 * np.arctan(np.longdouble(1))
    for window in range(4, 4097, 2):
        angle = np.arange(window).astype(np.longdouble) * turn / window
        for table, function in zip(testing.cosines(window), (np.cos, np.sin), strict=True):
            assert (np.rint(function(angle) * np.longdouble(2) ** 32).astype(np.int64) == table).all(), window


@pytest.mark.parametrize("window", [400, 512, 1024, 2048])
def test_the_tables_are_frozen(window):
    assert [list(table) for table in testing.cosines(window)] == list(map(list, sound.tables(window)))


@pytest.mark.parametrize(
    ("rate", "window", "bands", "low", "high"),
    [(16000, 400, 80, 0, 8000), (44100, 2048, 128, 20, 16000), (5600, 64, 1, 0, 2100), (96000, 4096, 512, 1000, 48000),
     (768000, 4096, 10, 0, 384000), (3, 4096, 1, 0, 1), (22050, 1024, 7, 10000, 11025)],
)  # fmt: skip
def test_edges_and_weights(rate, window, bands, low, high):
    """R-76, R-77."""
    assert testing.mel_edges(bands, low, high) == sound.edges(bands, low, high)
    expected = [(min(row), list(row.values())) for row in sound.weights(rate, window, bands, low, high)]
    assert testing.mel_weights(rate, window, bands, low, high) == expected


@pytest.mark.parametrize("case", [(400, 1, 15, 0), (4096, 8, 23, 0), (4096, 8, 23, 64), (4, 1, 15, 64), (30, 3, 23, 7)])
def test_levels_at_every_threshold(case):
    """R-78: at each threshold and one below."""
    for k, least in enumerate(sound.thresholds(*case), 1):
        for energy, level in ((least, k), (least - 1, k - 1)):
            words = [energy >> shift & 2**64 - 1 for shift in (0, 64, 128)]
            assert testing.level(*case, words) == level


PIECES = [
    b"RIFF", b"WAVE", b"fmt ", b"data", b"LIST", bytes(4), b"\x10\0\0\0", b"\x04\0\0\0", b"\xff\xff\xff\xff", b"\x01\0",
    b"\0", form(), form(channels=2), form(rate=9), form(bits=24), form(sound.FLOAT, bits=32), extensible(1, 1, 8000, 8),
    chunk(b"data", bytes(12)), chunk(b"LIST", b"odd"), riff(), riff(form()), riff(form(), chunk(b"data", bytes(6))),
]  # fmt: skip


def pieces(rng, data):
    """Yields bytes in pieces of any lengths, as they are or few at a time."""
    yield b""
    most, at = int(rng.choice([1, 9, 1000])), 0
    while at < len(data):
        n = int(rng.integers(1, most + 1))
        yield data[at : at + n]
        at += n


@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=SLOW) for n in range(1, 20))])
def test_malformed_headers(seed):
    """What the reference refuses is refused, and what it reads is read."""
    rng = np.random.default_rng(seed)
    read = 0
    for _ in range(1500):
        data = bytearray(riff(form()) * int(rng.integers(2)))
        for i in rng.integers(len(PIECES), size=rng.integers(6)):
            data += PIECES[i]
        for _ in range(rng.integers(3) if data else 0):
            data[rng.integers(len(data))] = rng.choice([0, 1, 2, 3, 8, 16, 255])
        try:
            tag, _, _, rate, samples = sound.wav(bytes(data))
        except ValueError:
            with pytest.raises(ValueError, match=r"^x: it |^x: its "):
                _sound.wav_info(pieces(rng, bytes(data)), len(data), "x")
            continue
        read += 1
        found = _sound.wav_info(pieces(rng, bytes(data)), len(data), "x")
        assert (found.n_bytes, data[found.offset : found.offset + found.n_bytes]) == (len(samples), samples)
        layout = f"logfft,rate={min(max(rate, 1), 768000)},window=4,hop=3"
        if 1 <= rate <= 768000 and (tag != sound.FLOAT or not any(samples)):
            assert_same(isopixel.from_bytes(bytes(data), layout), expected_image(layout, bytes(data)), f"{data}")
    assert read > 20


def test_a_header_that_comes_in_parts():
    """isopixel_wav_info says how many bytes it needs, and never more than the file has."""
    data = riff(chunk(b"LIST", bytes(999)) + b"\0", form(), chunk(b"data", bytes(8)))
    needed, steps = 0, []
    while isinstance(found := testing.wav_info(data[:needed], len(data)), int):
        assert needed < found <= len(data)
        needed = found
        steps.append(needed)
    assert steps[:2] == [12, 20] and steps[-1] == found.offset == len(data) - 8


MESSAGES = [
    (b"MZ" * 30, "it is no WAV file: it does not begin with RIFF and WAVE"),
    (b"RIFF", "it is no WAV file"),
    (b"RF64" + riff()[4:] + bytes(60), "RF64 file, whose lengths of 64 bits are not read"),
    (riff(form(bits=12, block=2), chunk(b"data", bytes(8))), "12 bits, and integers of 8, 16, 24 or 32 are read"),
    (riff(form(2), chunk(b"data", bytes(8))), "its format is 2 (ADPCM), and only 1 (PCM) and 3 (float) are read"),
    (riff(form(0x11), chunk(b"data", bytes(8))), "its format is 17 (ADPCM)"),
    (riff(form(sound.FLOAT), chunk(b"data", bytes(8))), "16 bits, and floats of 32 or 64 are read"),
    (riff(form(channels=9), chunk(b"data", bytes(18))), "9 channels, and 1 to 8 are read"),
    (riff(form(block=3), chunk(b"data", bytes(6))), "its block is 3 bytes, and its samples have 2"),
    (riff(chunk(b"data", bytes(8)), form()), "its data comes before its fmt"),
    (riff(chunk(b"data", bytes(8))), "its data comes before its fmt"),
    (riff(form()), "it has no data"),
    (riff(chunk(b"LIST", bytes(8))), "it has no fmt"),
    (riff(form(), chunk(b"data", bytes(8), 10)), "it is cut off: a chunk has 10 bytes, and 8 follow"),
    (riff(form(), chunk(b"data", b"")), "it has no samples"),
    (riff(form(), chunk(b"data", bytes(5))), "its data ends with a part of a sample: 5 bytes, of 2 each"),
    (riff(form(rate=44100), chunk(b"data", bytes(8))), "its rate is 44100 Hz, and the layout has rate=8000: resample"),
    (riff(form(channels=2), chunk(b"data", bytes(8))), "it has 2 channels, and the layout has channel=3"),
    (riff(form(sound.FLOAT, 3, bits=32), chunk(b"data", b"\xff" * 12)), "a sample is infinite, or not a number"),
    (riff(form(channels=3), chunk(b"data", bytes(6))), "it has 1 samples, fewer than window=32, and ends=cut"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "message"), MESSAGES)
def test_messages(data, message, tmp_path):
    """From bytes, from a file and by a recipe, with the name of what was given."""
    layout = f"{SMALL},ends=cut,channel=3" if "ends=cut" in message else f"{SMALL},channel=3"
    (tmp_path / "file").write_bytes(data)
    path = tmp_path / "file"
    with pytest.raises(ValueError, match=f"^data: .*{re.escape(message)}"):
        isopixel.from_bytes(data, layout)
    for make in (isopixel.from_file, lambda path, layout: isopixel.Recipe(layout)(path)):
        with pytest.raises(ValueError, match=f"^{re.escape(repr(str(path)))}: .*{re.escape(message)}"):
            make(path, layout)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("logmel,window=400,hop=160,bands=80", "layout logmel needs rate, such as logmel,rate=16000,window=400"),
        ("logfft,rate=16000,window=400", "layout logfft needs hop"),
        ("logfft,rate=1,window=401,hop=1", "option window cannot be '401'; it accepts an even number from 4 to 4096"),
        (f"{SPEECH},low=9000", "low=9000 and high=8000 are no range"),
        (f"{SPEECH},offset=44", "layout logmel has no option 'offset'; known: rate, window, hop, bands, low, high"),
        ("logmel,rate=16000,window=400,hop=160,bands=128",
         "bands=128 are too many for window=400: a band has no bin; window=574 would do"),
        ("logmel,rate=768000,window=4096,hop=1,bands=512",
         "bands=512 are too many for window=4096: a band has no bin; use fewer"),
    ],
)  # fmt: skip
def test_messages_of_layouts(text, message):
    """R-74, R-77."""
    with pytest.raises(ValueError, match=re.escape(message)):
        isopixel.from_bytes(b"abc", text)


@pytest.mark.parametrize("size", [(6, 7), (3, 9), (11, 4), (6, 4)])
@pytest.mark.parametrize("method", [*reference.EXACT, "pillow-4-bilinear", "opencv-3.4-linear"])
def test_resized(method, size):
    """The transpose is resized for isopixel's methods, and the whole image for others; at any stride."""
    rng = np.random.default_rng(1)
    data = wav(rng.integers(-9000, 9000, 65).astype(np.int16))
    expected = expected_image(SMALL, data, size, method)
    assert_same(isopixel.from_bytes(data, SMALL, size, method=method), expected, method)
    out = np.full((1, size[0], 2 * size[1] + 1, 1), 77, np.uint8)[:, ::-1, : size[1]]
    found = testing.wav_info(data, len(data))
    stream = _core.Stream(SMALL, found, out, method)
    stream.push(data[found.offset :])
    stream.finish()
    assert_same(out[0, :, :, 0], expected, f"{method}, strides")


@pytest.mark.parametrize("shape", [(99,), (99, 1), (99, 2), (50, 8)])
def test_from_samples(shape):
    """As the WAV file with these samples; any strides and byte order."""
    rng = np.random.default_rng(len(shape))
    channels = 1 if len(shape) == 1 else shape[1]
    for dtype, values in [
        ("int16", rng.integers(-32768, 32768, shape)),
        ("int32", rng.integers(-(2**23), 2**23, shape)),
        ("float32", rng.standard_normal(shape)),
    ]:
        samples = values.astype(dtype)
        if dtype == "int32":
            raw = b"".join(int(v).to_bytes(3, "little", signed=True) for v in samples.ravel())
            data = head(len(raw), form(channels=channels, bits=24)) + raw
        else:
            tag, bits = (sound.PCM, 16) if dtype == "int16" else (sound.FLOAT, 32)
            data = (
                head(samples.nbytes, form(tag, channels, bits=bits))
                + samples.astype(f"<{samples.dtype.str[1:]}").tobytes()
            )
        expected = expected_image(SMALL, data)
        assert_same(isopixel.from_samples(samples, SMALL), expected, dtype)
        assert_same(isopixel.from_samples(samples.astype(samples.dtype.newbyteorder(">")), SMALL), expected, dtype)
        assert_same(isopixel.from_samples(np.asfortranarray(samples[::-1])[::-1], SMALL), expected, dtype)
        assert_same(isopixel.from_samples(samples, SMALL, (3, 4)), expected_image(SMALL, data, (3, 4)), dtype)


@pytest.mark.parametrize(
    ("samples", "layout", "error", "message"),
    [
        ([1, 2], SMALL, TypeError, "samples must be a NumPy array, got list"),
        (np.zeros(9), SMALL, TypeError, "int16, int32 (of 24 bits) or float32 (from -1 to 1), got float64"),
        (np.zeros(0, np.int16), SMALL, ValueError, "samples must have the shape (n,) or (n, channels), got (0,)"),
        (np.zeros((2, 3, 4), np.int16), SMALL, ValueError, "got (2, 3, 4)"),
        (np.zeros((9, 9), np.int16), SMALL, ValueError, "the samples: it has 9 channels, and 1 to 8 are read"),
        (np.zeros((1, 9), np.int16), SMALL, ValueError, "the shape (n, channels), got (1, 9): pass samples.T"),
        (np.zeros(9, np.int16), "nataraj", ValueError, "layout 'nataraj' is of bytes: samples need one of sounds"),
        (np.array([2**23], np.int32), SMALL, ValueError, "and these reach from 8388608 to 8388608: shift"),
        (np.array([-(2**23) - 1], np.int32), SMALL, ValueError, "numbers of 24 bits"),
        (np.array([np.nan], np.float32), SMALL, ValueError, "the samples: a sample is infinite, or not a number"),
        (np.array([0, np.inf], np.float32), SMALL, ValueError, "a sample is infinite"),
        (np.zeros(9, np.int16), f"{SMALL},ends=cut", ValueError, "the samples: it has 9 samples, fewer than window=32"),
    ],
)  # fmt: skip
def test_samples_that_are_refused(samples, layout, error, message):
    with pytest.raises(error, match=re.escape(message)):
        isopixel.from_samples(samples, layout)


def test_a_number_that_is_not_finite_is_found_anywhere():
    """Also behind the last frame, between two frames, and in a channel that is not taken; then nothing is taken."""
    layout = "logfft,rate=8000,window=4,hop=50,ends=cut,channel=1"
    for at in range(0, 200, 7):
        x = np.zeros((100, 2), np.float32)
        x.flat[at] = np.nan
        with pytest.raises(ValueError, match="a sample is infinite, or not a number"):
            isopixel.from_samples(x, layout)
    stream = _core.Stream(layout, _core.Sound(8000, 1, 32, True, 400), np.empty((1, 3, 2, 1), np.uint8), "bilinear")
    with pytest.raises(ValueError, match="infinite"):
        stream.push(np.full(50, np.inf, "<f4").tobytes())
    with pytest.raises(ValueError, match="infinite"):
        stream.push(bytes(4))
    with pytest.raises(ValueError, match="not finite"):
        stream.finish()


def test_windows_that_are_short_of_samples():
    """More frames than lanes behind the last sample, and one sample alone."""
    for layout in ("logfft,rate=8000,window=128,hop=1", "logfft,rate=8000,window=128,hop=5000"):
        for n in (1, 2, 63, 64, 65, 9000 if "5000" in layout else 100):
            data = wav(np.arange(1, n + 1).astype(np.int16))
            assert_same(isopixel.from_bytes(data, layout), expected_image(layout, data), f"{layout} {n}")


def test_frames_that_are_far_apart(decided):
    """The samples between them come in several pieces."""
    rng = np.random.default_rng(4)
    data = wav(rng.integers(-9000, 9000, 60_000).astype(np.int16))
    for hop in (1999, 5000, 65536 // 4):
        layout = f"logfft,rate=8000,window=4,hop={hop}"
        assert_same(isopixel.from_bytes(data, layout), expected_image(layout, data), f"{layout}, {decided}")


def test_bytes_are_no_sound_and_sounds_are_no_bytes():
    with pytest.raises(ValueError, match="of sounds: isopixel_wav_info"):
        _core.layout_shape(SMALL, 100)
    with pytest.raises(ValueError, match="of bytes, and not of sounds"):
        _core.sound_shape("nataraj", _core.Sound(8000, 1, 16, False, 100))


class Trickling(io.BytesIO):
    """A file that returns a few bytes at a time, as what unpacks a stream may."""

    def read(self, size):
        return super().read(min(size, 7))


def test_a_header_that_comes_in_pieces(monkeypatch):
    data = riff(form(), chunk(b"data", bytes(16)))
    assert OpenSource(Trickling(data), len(data), "data").head(40) == data[:40]
    monkeypatch.setattr(_sound, "BLOCK", 16)
    assert _sound.wav_info_of(OpenSource(Trickling(data), len(data), "data")).n_bytes == 16


def test_a_file_that_shrinks_before_its_header_is_read(monkeypatch):
    """Its header is not waited for."""
    data = riff(form(), chunk(b"data", bytes(16)))
    monkeypatch.setattr(_sound, "BLOCK", 16)
    with pytest.raises(OSError, match="data shrank while it was read: it had 60 bytes"):
        _sound.wav_info_of(OpenSource(io.BytesIO(data[:30]), len(data), "data"))


def test_the_sound_of_bytes_is_pushed_in_pieces(monkeypatch):
    """An interrupt is heeded between two of them."""
    data = wav(np.arange(1000, dtype=np.int16))
    pushed = []
    monkeypatch.setattr(_sound, "SAMPLES", 40)
    with monkeypatch.context() as patch:
        patch.setattr(_sound, "push", lambda stream, samples, name: pushed.append(len(samples)) or stream.push(samples))
        image = isopixel.from_bytes(data, SMALL)
    assert sum(pushed) == 2000 and max(pushed) == 80
    assert_same(image, expected_image(SMALL, data), "in pieces")
