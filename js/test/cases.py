# SPDX-License-Identifier: MIT
"""What the tests of the npm package compare with: `python js/test/cases.py FOLDER` writes it there.

The lines of tests/platforms, which are of the references alone; and pictures, with what isopixel for Python decodes.
"""

import json
import random
import struct
import sys
import zlib
from pathlib import Path

from tests.platforms.cases import known_lines

import isopixel
from isopixel._decoding import decode

CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
DEPTHS = {0: (1, 2, 4, 8), 2: (8,), 3: (1, 2, 4, 8), 4: (8,), 6: (8,)}
ADAM7 = ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1))
EXIF = b"MM\0*\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0"  # turned by 6


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(rng, colour, depth, size, *, interlaced=False, before=(), between=(), level=9, pieces=1, palette=256):
    """A PNG of noise; every filter occurs, of bytes that are noise too."""
    height, width = size
    raw = b""
    for y, x, down, across in ADAM7 if interlaced else [(0, 0, 1, 1)]:
        rows, columns = -(-(height - y) // down), -(-(width - x) // across)
        if rows > 0 and columns > 0:
            n = -(-columns * CHANNELS[colour] * depth // 8)
            for _ in range(rows):
                line = bytes(n) if rng.random() < 0.3 else rng.randbytes(n)
                raw += bytes([0 if colour == 3 else rng.randrange(5)]) + line
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced))
    packed = zlib.compress(raw, level)
    step = -(-len(packed) // pieces)
    chunks = [chunk(b"IHDR", head), *before]
    if colour == 3:
        chunks.append(chunk(b"PLTE", rng.randbytes(3 * min(palette, 2**depth))))
    chunks += between
    chunks += [chunk(b"IDAT", packed[i : i + step]) for i in range(0, len(packed), step)]
    return b"\x89PNG\r\n\x1a\n" + b"".join([*chunks, chunk(b"IEND", b"")])


def pngs(rng):
    """Names and files."""
    for colour, depths in DEPTHS.items():
        for depth in depths:
            for interlaced in (False, True):
                for size in ((1, 1), (3, 7), (17, 30), (5, 1)):
                    kind = f"{colour}-{depth}-{int(interlaced)}-{size[0]}x{size[1]}"
                    yield kind, png(rng, colour, depth, size, interlaced=interlaced)
                    n = {0: 2, 2: 6, 3: min(2**depth, 3)}.get(colour, 2)
                    body = rng.randbytes(n) if colour == 3 else b"\0\0" * (n // 2)
                    yield (
                        f"{kind}-clear",
                        png(rng, colour, depth, size, interlaced=interlaced, between=[chunk(b"tRNS", body)]),
                    )
    gamma = [chunk(b"gAMA", struct.pack(">I", 100000)), chunk(b"cHRM", struct.pack(">8I", *range(1, 9)))]
    profile = [chunk(b"iCCP", b"other\0\0" + zlib.compress(rng.randbytes(400)))]
    xmp = b'XML:com.adobe.xmp\0\0\0\0\0<x tiff:Orientation="6"/>'
    raw_exif = b"Raw profile type exif\0\0" + zlib.compress(b"\nexif\n 26\n" + (b"Exif\0\0" + EXIF).hex().encode())
    size = (9, 12)
    beside = {
        "gamma": gamma, "profile": profile, "background": [chunk(b"bKGD", b"\0\1\0\1\0\1")],
        "sRGB": [chunk(b"sRGB", b"\0")], "exif": [chunk(b"eXIf", EXIF)],
        "exif-jpeg": [chunk(b"eXIf", b"Exif\0\0" + EXIF)], "exif-broken": [chunk(b"eXIf", b"nothing")],
        "xmp": [chunk(b"iTXt", xmp)], "xmp-exif": [chunk(b"iTXt", xmp), chunk(b"eXIf", EXIF)],
        "raw-exif": [chunk(b"zTXt", raw_exif)], "text": [chunk(b"tEXt", b"Comment\0any")],
        "animation": [chunk(b"acTL", struct.pack(">II", 2, 0))], "critical": [chunk(b"CRIT", b"")],
        "two-sizes": [chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))],
    }  # fmt: skip
    for name, chunks in beside.items():
        yield name, png(rng, 2, 8, size, before=chunks)
    yield "16-bits", png(rng, 2, 16, size)
    yield "16-bits-gray", png(rng, 0, 16, size)
    yield "few-colours", png(rng, 3, 8, size, palette=3)
    yield "pieces", png(rng, 2, 8, (40, 40), pieces=7)
    for level in (0, 1, 6):
        yield f"level-{level}", png(rng, 6, 8, (60, 70), level=level)
    smooth = bytes([0]) + bytes(range(250))
    head = struct.pack(">IIBBBBB", 250, 300, 8, 0, 0, 0, 0)
    for strategy in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_HUFFMAN_ONLY, zlib.Z_RLE, zlib.Z_FIXED):
        packer = zlib.compressobj(9, zlib.DEFLATED, 15, 9, strategy)
        packed = packer.compress(smooth * 300) + packer.flush()
        name = f"strategy-{strategy}"
        yield name, b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def bmps(rng):
    for bits in (8, 24, 32, 1):
        for height in (5, -5):
            width, colours = 7, 200 if bits == 8 else 0
            stride = -(-width * bits // 32) * 4
            begin = 54 + 4 * colours
            head = b"BM" + struct.pack("<IHHI", begin + stride * 5, 0, 0, begin)
            head += struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, 0, 0, 0, 0, colours, 0)
            body = bytes(rng.randrange(colours or 256) for _ in range(stride * 5))
            yield f"{bits}-{height}", head + rng.randbytes(4 * colours) + body
    yield "too-few-colours", head[:2] + b"\0" * 60


def broken(rng, files, count):
    """Files with a byte changed, or cut short; of their samples, whose checksum is not looked at, and of all."""
    names = sorted(files)
    for i in range(count):
        name = rng.choice(names)
        file = bytearray(files[name])
        at = rng.randrange(len(file))
        if i % 4 == 0:
            del file[at:]
        elif i % 4 == 1 and (samples := file.find(b"IDAT")) > 0:
            file[min(samples + 4 + rng.randrange(60), len(file) - 1)] ^= 1 << rng.randrange(8)
        else:
            file[at] ^= 1 << rng.randrange(8)
        yield f"broken-{i}", bytes(file)


def outcome(file):
    """The fingerprint and orientation, or "refused"."""
    try:
        picture = decode(file)
    except ValueError:
        return "refused"
    return f"{isopixel.fingerprint(picture.samples)} {picture.orientation}"


def main():
    folder = Path(sys.argv[1])
    (folder / "cases.txt").write_text("".join(f"{line}\n" for line in known_lines()), encoding="ascii")
    rng = random.Random(1)
    files = {f"png-{name}": file for name, file in pngs(rng)} | {f"bmp-{name}": file for name, file in bmps(rng)}
    files |= dict(broken(rng, dict(files), 600))
    jpegs = sorted(Path("spec/pictures").glob("*.jpg"))
    files |= {path.name: path.read_bytes() for path in jpegs}
    pictures = [{"name": name, "file": file.hex(), "outcome": outcome(file)} for name, file in files.items()]
    (folder / "pictures.json").write_text(json.dumps(pictures), encoding="ascii")


if __name__ == "__main__":
    main()
