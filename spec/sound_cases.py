# SPDX-License-Identifier: MIT
"""The sounds of vectors.json: their files, and what a layout makes of them or refuses."""

import struct

from spec.sound import EXTENSIBLE, FLOAT, PCM, SUBFORMAT

ALL_THAT_FOLLOWS = 2**32 - 1


def chunk(name, content, length=None):
    """A chunk of a WAV file (R-71), without the byte that may fill it up."""
    return name + struct.pack("<I", len(content) if length is None else length) + content


def form(tag=PCM, channels=1, rate=8000, bits=16, *, block=None, more=b""):
    """The chunk `fmt `."""
    block = channels * bits // 8 if block is None else block
    content = struct.pack("<HHIIHH", tag, channels, rate, rate * block, block, bits) + more
    return chunk(b"fmt ", content)


def extensible(tag, channels, rate, bits, last=SUBFORMAT):
    """The chunk `fmt ` that names its format behind."""
    return form(EXTENSIBLE, channels, rate, bits, more=struct.pack("<HHIH", 22, bits, 0, tag) + last)


def riff(*chunks):
    """The first bytes of a WAV file."""
    return b"RIFF\0\0\0\0WAVE" + b"".join(chunks)


def head(length, *chunks):
    """The first bytes of a WAV file, behind which are `length` bytes of samples."""
    return riff(*chunks, b"data" + struct.pack("<I", length))


EXAMPLE = struct.pack("<8h", 0, 1000, 0, -1000, 0, 1000, 0, -1000)
# In units of 2^-23: ties, one beside them, beyond the ends, the smallest and largest numbers.
UNITS = [0.5, -0.5, 1.5, -1.5, 0.25, -0.75, 8388607.5, 8388608, 2.0**30, -8388608.5, -(2.0**40), 4194304, -4194303.5]
SINGLES = struct.pack("<16f", *(u / 2**23 for u in UNITS), 2.0**-149, -(2.0**-126), 3.0e38)
DOUBLES = struct.pack("<16d", *(u / 2**23 for u in UNITS), 5e-324, -(0.5 + 2.0**-30) / 2**23, 1.7e308)
TINY = "logfft,rate=8000,window=4,hop=1,gain=64"
SMALL = "logmel,rate=8000,window=32,hop=10,bands=6"
SPEECH = "logmel,rate=16000,window=400,hop=160,bands=80"

# (layout, head, formula, bytes)
SOUNDS = [
    ("logmel,rate=8000,window=8,hop=4,bands=2", riff(form(), chunk(b"data", EXAMPLE)), "constant 0", 0),
    (SPEECH, head(3200, form(rate=16000)), "noise 1", 3200),
    (SPEECH, head(2000, form(rate=16000)), "ramp 3", 2000),
    (f"{SPEECH},ends=cut", head(1122, form(rate=16000)), "noise 2", 1122),
    ("logfft,rate=16000,window=400,hop=399", head(1500, form(rate=16000)), "noise 3", 1500),
    ("logmel,rate=44100,window=512,hop=300,bands=64,low=20,high=16000", head(900, form(rate=44100)), "ramp 7", 900),
    (SMALL, head(2, form()), "constant 77", 2),
    (SMALL, head(20, form()), "noise 4", 20),
    (SMALL, head(120, form()), "constant 0", 120),
    (SMALL, head(90, form(bits=8)), "constant 128", 90),
    (SMALL, head(91, form(bits=8)), "noise 5", 91),
    (SMALL, head(180, form(bits=24)), "noise 6", 180),
    (SMALL, head(160, form(bits=32)), "noise 7", 160),
    (SMALL, head(160, form(bits=32)), "extremes 1", 160),
    (SMALL, head(200, form(FLOAT, bits=32)), "constant 62", 200),
    (SMALL, head(400, form(FLOAT, bits=64)), "constant 191", 400),
    (TINY, riff(form(FLOAT, bits=32), chunk(b"data", SINGLES)), "constant 0", 0),
    (TINY, riff(form(FLOAT, bits=64), chunk(b"data", DOUBLES)), "constant 0", 0),
    (TINY, head(16, form(bits=32)), "ramp 255", 16),
    (TINY, riff(form(), chunk(b"data", struct.pack("<6h", -1, 1, -32768, 32767, -32768, 32767))), "constant 0", 0),
    (SMALL, head(240, form(channels=2)), "noise 8", 240),
    (f"{SMALL},channel=1", head(240, form(channels=2)), "noise 8", 240),
    (f"{SMALL},channel=2,gain=9", head(240, form(channels=2)), "noise 8", 240),
    (f"{SMALL},channel=8", head(960, form(channels=8, bits=24)), "noise 9", 960),
    (SMALL, head(960, form(channels=8, bits=24)), "constant 128", 960),
    (SMALL, head(960, form(channels=8, bits=24)), "extremes 2", 960),
    (SMALL, head(102, extensible(PCM, 1, 8000, 16)), "noise 10", 102),
    (SMALL, head(102, form(more=bytes(25)) + b"\0"), "noise 10", 102),
    (SMALL, head(100, chunk(b"LIST", b"odd") + b"\0", form(), chunk(b"fact", b"even")), "noise 11", 100),
    (SMALL, head(100, form(), form(bits=8)), "noise 12", 100),
    (SMALL, head(100, chunk(b"data", b"skip"), form()), "noise 13", 100),
    (SMALL, head(ALL_THAT_FOLLOWS, form()), "noise 14", 100),
    (SMALL, head(90, form()), "noise 15", 99),
    (f"{SMALL},ends=cut", head(64, form()), "noise 16", 64),
    (f"{SMALL},ends=cut", head(82, form()), "noise 16", 82),
    (f"{SMALL},ends=cut", head(84, form()), "noise 16", 84),
    ("logmel,rate=1001,window=16,hop=7,bands=1", head(60, form(rate=1001)), "noise 17", 60),
    ("logmel,rate=5600,window=64,hop=64,bands=1,high=2100", head(300, form(rate=5600)), "noise 18", 300),
    ("logmel,rate=768000,window=4,hop=65536,bands=1", head(30, form(rate=768000)), "noise 19", 30),
    ("logfft,rate=1,window=8,hop=3,gain=1", head(60, form(rate=1)), "extremes 3", 60),
    *(
        (f"logfft,rate=8000,window={n},hop={n + 1}", head(8 * n, form()), f"noise {n}", 8 * n)
        for n in (6, 10, 14, 22, 30, 58, 100, 128)
    ),
]  # fmt: skip
# The same resized: (layout, head, formula, bytes, method, size)
RESIZED = [
    (SPEECH, head(3200, form(rate=16000)), "noise 1", 3200, "bilinear", (8, 8)),
    (SPEECH, head(3200, form(rate=16000)), "noise 1", 3200, "bilinear", (96, 7)),
    *(
        (SMALL, head(240, form()), "noise 20", 240, method, (4, 7))
        for method in ("bilinear-two-tap", "nearest", "area", "bicubic", "bicubic-four-tap", "pillow-4-bilinear",
                       "opencv-3.4-linear", "torch-2.0-bilinear-antialias")
    ),
]  # fmt: skip

DATA = chunk(b"data", EXAMPLE)
# (rule, layout, head, formula, bytes)
REFUSED = [
    ("R-71", SMALL, b"", "noise 1", 60),
    ("R-71", SMALL, b"RIFX\0\0\0\0WAVE" + form() + DATA, "constant 0", 0),
    ("R-71", SMALL, b"RIFF\0\0\0\0AVI " + form() + DATA, "constant 0", 0),
    ("R-71", SMALL, b"RF64\0\0\0\0WAVE" + form() + DATA, "constant 0", 0),
    ("R-71", SMALL, riff(), "constant 0", 0),
    ("R-71", SMALL, riff(form()), "constant 0", 0),
    ("R-71", SMALL, riff(DATA), "constant 0", 0),
    ("R-71", SMALL, riff(DATA, form()), "constant 0", 0),
    ("R-71", SMALL, riff(form(), b"data\x04\0\0"), "constant 0", 0),
    ("R-71", SMALL, riff(form(), chunk(b"data", EXAMPLE, 18)), "constant 0", 0),
    ("R-71", SMALL, riff(form(), chunk(b"LIST", b"", 99), DATA), "constant 0", 0),
    ("R-71", SMALL, riff(chunk(b"data", EXAMPLE, ALL_THAT_FOLLOWS), form(), DATA), "constant 0", 0),
    ("R-71", SMALL, riff(form(), chunk(b"data", b"")), "constant 0", 0),
    ("R-71", SMALL, head(ALL_THAT_FOLLOWS, form()), "constant 0", 0),
    ("R-71", SMALL, head(13, form()), "noise 1", 13),
    ("R-71", SMALL, head(ALL_THAT_FOLLOWS, form()), "noise 1", 13),
    ("R-71", SMALL, riff(chunk(b"fmt ", bytes(15)), b"\0", DATA), "constant 0", 0),
    ("R-71", SMALL, riff(form(rate=8001), DATA), "constant 0", 0),
    ("R-71", SMALL, riff(form(0), DATA), "constant 0", 0),
    ("R-71", SMALL, riff(form(2, bits=4, block=16), DATA), "constant 0", 0),
    ("R-71", SMALL, riff(form(6, bits=8), DATA), "constant 0", 0),
    ("R-71", SMALL, riff(form(bits=12, block=2), DATA), "constant 0", 0),
    ("R-71", SMALL, riff(form(bits=0, block=0), DATA), "constant 0", 0),
    ("R-71", SMALL, riff(form(bits=64), DATA), "constant 0", 0),
    ("R-71", SMALL, riff(form(FLOAT, bits=16), DATA), "constant 0", 0),
    ("R-71", SMALL, riff(form(channels=0), DATA), "constant 0", 0),
    ("R-71", SMALL, head(18, form(channels=9)), "noise 1", 18),
    ("R-71", SMALL, riff(form(block=4), DATA), "constant 0", 0),
    ("R-71", SMALL, riff(form(EXTENSIBLE), DATA), "constant 0", 0),
    ("R-71", SMALL, riff(extensible(PCM, 1, 8000, 16, SUBFORMAT[::-1]), DATA), "constant 0", 0),
    ("R-71", SMALL, riff(extensible(EXTENSIBLE, 1, 8000, 16), DATA), "constant 0", 0),
    ("R-72", f"{SMALL},channel=3", head(8, form(channels=2)), "noise 1", 8),
    ("R-72", SMALL, head(8, form(FLOAT, bits=32)), "constant 255", 8),
    ("R-72", SMALL, riff(form(FLOAT, bits=32), chunk(b"data", bytes.fromhex("000000000000807f"))), "constant 0", 0),
    ("R-72", SMALL, riff(form(FLOAT, bits=64), chunk(b"data", bytes.fromhex("000000000000f0ff"))), "constant 0", 0),
    ("R-72", f"{TINY},channel=1", head(8, form(FLOAT, 2, bits=32)) + bytes(4), "constant 255", 4),
    ("R-73", f"{SMALL},ends=cut", head(62, form()), "noise 1", 62),
]  # fmt: skip

# What follows "isopixel 1: " in lines.
LINES = [
    SPEECH,
    f"{SPEECH} | bilinear 80,128 | normalize mean=0.5 std=0.25",
    "logmel,channel=mix,gain=0,ends=zero,high=8000,low=0,bands=80,hop=160,window=400,rate=16000",
    "logmel,gain=64,channel=8,ends=cut,high=7999,low=7000,bands=1,hop=65536,window=4096,rate=16000",
    "logfft,hop=1,window=4,rate=1",
    "logfft,rate=768000,window=512,hop=128,channel=1|opencv-3.4-area 3,4",
    "logmel,rate=3,window=4096,hop=1,bands=1",
    "logmel,rate=96000,window=4096,hop=512,bands=512,low=1000,high=48000",
]
REFUSED_LINES = {
    "R-74": [
        "logmel,window=400,hop=160,bands=80", "logmel,rate=16000,hop=160,bands=80", "logfft,rate=16000,window=400",
        "logmel,rate=16000,window=400,hop=160", f"{SPEECH},low=8000", f"{SPEECH},high=8001",
        f"{SPEECH},low=100,high=100", "logmel,rate=1,window=4,hop=1,bands=1",
    ],
    "R-10": [
        f"{SPEECH},offset=44", f"{SPEECH},length=1", f"{SPEECH},unknown=0", f"{SPEECH},rate=16000",
        "logfft,rate=16000,window=400,hop=160,bands=80", "logfft,rate=16000,window=400,hop=160,low=0", "logmels",
        "logmel,rate=16000,window=401,hop=160,bands=80", "logfft,rate=16000,window=2,hop=160",
        "logfft,rate=16000,window=4098,hop=160", "logfft,rate=0,window=400,hop=160",
        "logfft,rate=768001,window=400,hop=160", "logfft,rate=8000,window=400,hop=0", f"{SPEECH},gain=65",
        "logfft,rate=8000,window=400,hop=65537", "logmel,rate=8000,window=400,hop=1,bands=0", f"{SPEECH},channel=0",
        "logmel,rate=8000,window=4096,hop=1,bands=513", f"{SPEECH},channel=9", f"{SPEECH},ends=reflect",
        "nataraj,rate=8000",
    ],
    "R-77": [
        "logmel,rate=16000,window=400,hop=160,bands=128", "logmel,rate=16000,window=4,hop=160,bands=2",
        "logmel,rate=16000,window=4096,hop=1,bands=1,low=7999",
    ],
    "R-16": [f"{SPEECH} | crop 3,3", f"{SPEECH} | bilinear short=8"],
}  # fmt: skip
