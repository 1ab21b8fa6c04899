# SPDX-License-Identifier: MIT
"""What a PNG file says of its picture, and whether it has the samples for it."""

import io
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from isopixel import _core
from isopixel._guard import described, kind_of

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by the colour type
DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
PALETTE = 3
CRITICAL = (b"IHDR", b"PLTE", b"IDAT", b"IEND")  # the chunks with a capital first letter that PNG has
ADAM7 = ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1))
BLOCK = 1 << 16  # bytes of samples that are unpacked at a time, at least
MOST_BESIDE = 64 << 20  # bytes of all chunks at most that are not samples: Pillow reads each of them whole
MOST_TEXT = 1 << 20  # bytes of a text at most, unpacked
KEY = "isopixel"  # of the text that is the manifest
EXIF = "Raw profile type exif"  # where ImageMagick keeps an EXIF block in hexadecimal, after three lines
PREFIX = b"Exif\0\0"  # of Exif data in a JPEG
XMP = "XML:com.adobe.xmp"


@dataclass(frozen=True)
class PngHead:
    """What stands before and beside the samples.

    Attributes:
        shape: (H, W) or (H, W, C).
        manifest: the text that `save` left, or None.
        orientation: 2 to 8 if an EXIF block says that the picture is to be turned for viewing, otherwise 1; -1 if
            programs tell it in different ways (SPEC R-51).
        is_transparent: whether a chunk beside the samples makes one of their colours transparent.
        depth: bits of a sample.
        has_palette: whether the samples are numbers of colours.
        colours: how many the palette has; 0 without one.
    """

    shape: tuple[int, ...]
    manifest: str | None
    orientation: int
    is_transparent: bool
    depth: int
    has_palette: bool
    colours: int

    def check_depth(self) -> None:
        """Raises ValueError for a picture that is not of 8 bits a sample as it stands."""
        if self.depth != 8 or self.has_palette:
            kind = "a palette" if self.has_palette else f"{self.depth} bits a sample"
            raise ValueError(f"it has {kind}; convert it to 8 bits a sample first: how that is done decides the pixels")


def read_png_head(file: IO[bytes]) -> PngHead:
    """Reads all chunks but the samples, in memory of MOST_BESIDE.

    Raises:
        ValueError: the file is broken, cut short, or an animation.
    """
    header = file.read(33)
    if header[:8] != SIGNATURE:
        kind = kind_of(header)
        raise ValueError("it is not a PNG file" + (f", but {described(kind)}" if kind else ""))
    if header[8:16] != b"\0\0\0\rIHDR" or len(header) < 33:
        raise ValueError("it is broken: it does not begin with its size")
    width, height, depth, colour = struct.unpack(">IIBB", header[16:26])
    if depth not in DEPTHS.get(colour, ()) or not (0 < width < 2**31 and 0 < height < 2**31):
        raise ValueError("it is broken: it has a size or a kind of colours that PNG does not have")
    texts: dict[str, str] = {}
    exif: set[int] = set()
    beside: set[int] = set()  # what some programs look at
    is_transparent, colours = False, 0
    for name, body in _chunks_beside(file):
        if name == b"acTL" and body[:4] != b"\0\0\0\1":  # frames, of which a small file can have very many
            raise ValueError("it is an animation; save one frame of it as a picture first")
        if name[:1].isupper() and name not in CRITICAL:
            raise ValueError(f"it has a chunk {name.decode('ascii')}, without which its samples cannot be understood")
        if name == b"IHDR":
            raise ValueError("it is broken: it has two sizes")
        is_transparent |= name == b"tRNS"
        if name == b"PLTE":
            colours = len(body) // 3
        if name == b"eXIf" and body.startswith(PREFIX):
            beside.add(_core.exif_orientation(body.removeprefix(PREFIX)))
        elif name == b"eXIf":
            exif.add(_core.exif_orientation(body))
        elif name in (b"tEXt", b"zTXt", b"iTXt"):
            texts |= _text(name, body)
    if colour == PALETTE and not colours:
        raise ValueError("it is broken: it has no palette")
    if EXIF in texts:
        beside.add(_raw_profile_orientation(texts[EXIF]))
    if found := re.search(r'tiff:Orientation(?:="|>)([0-9])', texts.get(XMP, "")):
        beside.add(_in_range(int(found[1])))
    told = (exif or {1}) | beside
    shape = (height, width) if CHANNELS[colour] == 1 else (height, width, CHANNELS[colour])
    orientation = told.pop() if len(told) == 1 else -1
    return PngHead(shape, texts.get(KEY), orientation, is_transparent, depth, colour == PALETTE, colours)


def check_samples(file: IO[bytes]) -> None:
    """Raises ValueError if a PNG has fewer samples than its size needs, which decoders let pass."""
    file.seek(16)
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", file.read(13))
    needed = 0
    for y, x, down, across in ADAM7 if interlaced else [(0, 0, 1, 1)]:
        rows, columns = -(-(height - y) // down), -(-(width - x) // across)
        if rows > 0 and columns > 0:
            needed += rows * (1 + -(-columns * CHANNELS[colour] * depth // 8))
    unpacker, unpacked = zlib.decompressobj(), 0
    for packed in _packed_samples(file):
        while packed and unpacked < needed and not unpacker.eof:
            unpacked += len(unpacker.decompress(packed, BLOCK))
            packed = unpacker.unconsumed_tail
    if unpacked < needed:
        raise ValueError(f"it is cut short: its samples are {unpacked} bytes, and its size needs {needed}")


def _packed_samples(file: IO[bytes]) -> Iterator[bytes]:
    """Yields the bytes of the chunks IDAT of a file whose chunks are whole."""
    file.seek(len(SIGNATURE))
    while (head := file.read(8))[4:] != b"IEND":
        left = int.from_bytes(head[:4], "big")
        end = file.tell() + left + 4
        while head[4:] == b"IDAT" and left:
            block = file.read(min(left, BLOCK))
            left -= len(block)
            yield block
        file.seek(end)


def _chunks_beside(file: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Yields the kind and the bytes of each chunk that is not samples, from the second one to the end."""
    here = file.tell()
    size = file.seek(0, io.SEEK_END)
    file.seek(here)
    left = MOST_BESIDE
    kind = b""
    has_samples = False
    while kind != b"IEND":
        head = file.read(8)
        if len(head) < 8:
            raise ValueError("it is cut short")
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        if not kind.isalpha() or length >= 2**31:
            raise ValueError("it is broken: a chunk has no name or length")
        if file.tell() + length + 4 > size:
            raise ValueError("it is cut short")
        if kind == b"IDAT":
            file.seek(length + 4, io.SEEK_CUR)
            has_samples = True
            continue
        if has_samples and kind in (b"PLTE", b"tRNS"):  # some programs look at it, others do not
            raise ValueError(f"it is broken: its chunk {kind.decode('ascii')} stands behind its samples")
        left -= length
        if left < 0:
            raise ValueError(f"it has more than {MOST_BESIDE} bytes beside its samples: save the picture alone")
        body = file.read(length)
        if zlib.crc32(kind + body).to_bytes(4, "big") != file.read(4):
            raise ValueError(f"it is broken: the checksum of its chunk {kind.decode('ascii')} is wrong")
        yield kind, body


def _text(kind: bytes, body: bytes) -> dict[str, str]:
    """Returns the text of a chunk by its keyword; none if it is broken, or longer than MOST_TEXT."""
    keyword, _, rest = body.partition(b"\0")
    encoding, is_packed = "latin-1", kind == b"zTXt"
    if is_packed:
        rest = rest[1:]  # the method
    elif kind == b"iTXt":
        encoding, is_packed = "utf-8", rest[:1] == b"\1"
        rest = rest[2:].split(b"\0", 2)[-1]  # flag and method, language, translated keyword
    if is_packed:
        try:
            rest = zlib.decompressobj().decompress(rest, MOST_TEXT + 1)
        except zlib.error:
            return {}
    if len(rest) > MOST_TEXT:
        return {}
    return {keyword.decode("latin-1"): rest.decode(encoding, "replace")}


def _raw_profile_orientation(text: str) -> int:
    """Returns the orientation in Exif data that is written in hexadecimal, after a blank line, a name, a length."""
    try:
        return _core.exif_orientation(bytes.fromhex("".join(text.split("\n")[3:])).removeprefix(PREFIX))
    except ValueError:
        return -1


def _in_range(orientation: int) -> int:
    return orientation if 2 <= orientation <= 8 else 1
