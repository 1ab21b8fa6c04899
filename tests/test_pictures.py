# SPDX-License-Identifier: MIT
"""Pictures that commands read: those that would be taken for other pixels than people see are refused."""

import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageOps, PngImagePlugin

import isopixel
from tests.program import assert_refused, run
from tests.test_hostile_files import chunk, png

PIXELS = np.arange(60, dtype=np.uint8).reshape(4, 5, 3)


def exif(orientation, order=">", kind="H", entries=1):
    """An EXIF block as a camera writes it; the orientation is its last entry."""
    code = {"B": 1, "H": 3, "I": 4}[kind]
    value = struct.pack(order + kind, orientation).ljust(4, b"\0")
    block = {">": b"MM\0*", "<": b"II*\0"}[order] + struct.pack(f"{order}IH", 8, entries)
    for tag in range(0x100, 0x100 + entries - 1):
        block += struct.pack(f"{order}HHI", tag, 3, 1) + bytes(4)
    return block + struct.pack(f"{order}HHI", 0x112, code, 1) + value + bytes(4)


def raw_profile(block):
    """As ImageMagick writes it."""
    digits = (b"Exif\0\0" + block).hex()
    lines = "\n".join(digits[i : i + 72] for i in range(0, len(digits), 72))
    return f"\nexif\n{len(digits) // 2:8}\n{lines}\n".encode("ascii")


def xmp(orientation, form="attribute"):
    inside = {
        "attribute": f'<rdf:Description tiff:Orientation="{orientation}"/>',
        "element": f"<rdf:Description><tiff:Orientation>{orientation}</tiff:Orientation></rdf:Description>",
    }[form]
    return f"<x:xmpmeta><rdf:RDF>{inside}</rdf:RDF></x:xmpmeta>".encode()


SAMPLES = chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row.tobytes() for row in PIXELS)))
CARRIERS = {
    "eXIf": lambda n: chunk(b"eXIf", exif(n)),
    "eXIf, little endian": lambda n: chunk(b"eXIf", exif(n, "<")),
    "eXIf, others before it": lambda n: chunk(b"eXIf", exif(n, entries=9)),
    "eXIf, a number of 4 bytes": lambda n: chunk(b"eXIf", exif(n, ">", "I")),
    "eXIf, with a prefix": lambda n: chunk(b"eXIf", b"Exif\0\0" + exif(n)),
    "zTXt": lambda n: chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(raw_profile(exif(n)))),
    "tEXt": lambda n: chunk(b"tEXt", b"Raw profile type exif\0" + raw_profile(exif(n))),
    "XMP": lambda n: chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp(n)),
    "XMP, packed": lambda n: chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(xmp(n, "element"))),
}


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("is_before", [True, False])
def test_a_picture_that_viewers_turn(carrier, is_before, tmp_path):
    """Refused by each command that reads pictures, if Pillow turns it: from any chunk."""
    for orientation in range(10):
        extra = CARRIERS[carrier](orientation)
        path = tmp_path / "a.png"
        path.write_bytes(png(5, 4, *((extra, SAMPLES) if is_before else (SAMPLES, extra)), colour=2))
        with Image.open(path) as picture:
            picture.load()
            upright = np.asarray(ImageOps.exif_transpose(picture))
        is_turned = upright.shape != PIXELS.shape or (upright != PIXELS).any()
        assert is_turned == (2 <= orientation <= 8)
        commands = [["resize", path, "--size", "4,5", "-o", tmp_path / "b.png"], ["diff", path, path]]
        commands.append(["compare", path, "--size", "4,5", "-o", tmp_path / "b.png"])
        for command in commands if orientation in (0, 1, 5, 9) else commands[:1]:
            if is_turned:
                # Not all programs look at those that are beside the chunk of their own.
                is_seen_by_all = "eXIf" in carrier and "prefix" not in carrier
                told = f"the EXIF orientation {orientation}" if is_seen_by_all else "orientations that differ"
                assert_refused(run(*command), f"a.png' has {told}", "turn it upright and save")
            else:
                assert run(*command).returncode == 0


@pytest.mark.parametrize("cut", range(0, 30, 3))
def test_a_broken_exif_block_turns_nothing(cut, tmp_path):
    """Without the head of a TIFF file some programs fail (R-51)."""
    (tmp_path / "a.png").write_bytes(png(5, 4, chunk(b"eXIf", exif(1)[:cut]), SAMPLES, colour=2))
    finished = run("resize", tmp_path / "a.png", "--size", "4,5", "-o", tmp_path / "b.png")
    if cut < 8:
        assert_refused(finished, "a.png' has orientations that differ")
    else:
        assert finished.returncode == 0


def test_a_saved_picture_is_what_was_saved(tmp_path):
    """Its manifest is of the samples, whoever turns them for viewing."""
    isopixel.save(tmp_path / "a.png", PIXELS)
    with Image.open(tmp_path / "a.png") as picture:
        info = PngImagePlugin.PngInfo()
        info.add_text("isopixel", picture.text["isopixel"])
        picture.save(tmp_path / "a.png", pnginfo=info, exif=exif(6))
    assert (isopixel.load(tmp_path / "a.png") == PIXELS).all()
    assert run("show", tmp_path / "a.png").returncode == 0
    assert_refused(run("diff", tmp_path / "a.png", tmp_path / "a.png"), "EXIF orientation 6")


@pytest.mark.parametrize("suffix", [".jpg", ".JPEG", ".webp", ".avif", ".bmp", ".tiff", ".gif", ""])
def test_the_reason_fits_what_is_done(suffix, tmp_path):
    """Of a file that is read nothing is said about saving, and the other way round."""
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"x")
    isopixel.save(tmp_path / "good.png", PIXELS)
    is_lossy = suffix.lower() in (".jpg", ".jpeg", ".webp", ".avif")
    reading = "because decoders make different pixels of one file: decode it" if is_lossy else "only .png and .npy"
    if suffix.lower() in (".jpg", ".jpeg"):
        reading = "make an array of it by a recipe of images, with isopixel apply"
    writing = "changes pixels when it is saved" if is_lossy else "the name must end in .png or .npy"
    for command in (["resize", path, "--size", "2,2", "-o", tmp_path / "b.png"], ["show", path], ["diff", path, path]):
        result = run(*command)
        assert_refused(result, reading)
        assert "when it is saved" not in result.stderr and "name must end" not in result.stderr
    result = run("resize", tmp_path / "good.png", "--size", "2,2", "-o", tmp_path / f"b{suffix}")
    assert_refused(result, writing)
    assert "decode" not in result.stderr


def test_a_picture_under_another_name(tmp_path):
    Image.fromarray(PIXELS).save(tmp_path / "a.png", format="JPEG")
    assert_refused(run("show", tmp_path / "a.png"), "it is not a PNG file, but a JPEG picture")


# The pass in which Adam7 stores a pixel, by its place in each 8 × 8 (PNG specification, section 8.2).
PASSES = ["16462646", "77777777", "56565656", "77777777", "36463646", "77777777", "56565656", "77777777"]


def interlaced(pixels):
    """The samples of a gray image as Adam7 stores them, each row with filter 0 before it."""
    lines = b""
    for number in "1234567":
        for y, row in enumerate(pixels):
            if line := bytes(p for x, p in enumerate(row) if PASSES[y % 8][x % 8] == number):
                lines += b"\0" + line
    return lines


def gray_png(path, shape, samples, interlace=0, *, before=b""):
    height, width = shape
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, interlace))
    parts = [samples[: len(samples) // 2], samples[len(samples) // 2 :]]
    body = b"".join(chunk(b"IDAT", part) for part in parts)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + header + before + body + chunk(b"IEND", b""))


@pytest.mark.parametrize("shape", [(1, 1), (1, 2), (2, 1), (3, 5), (5, 3), (8, 8), (17, 9), (300, 400)])
@pytest.mark.parametrize("interlace", [0, 1])
def test_a_picture_with_too_few_samples(shape, interlace, tmp_path):
    """Pillow makes zeros of what is missing."""
    pixels = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    plain = b"".join(b"\0" + row.tobytes() for row in pixels)
    samples = interlaced(pixels) if interlace else plain
    path = tmp_path / "a.png"
    gray_png(path, shape, zlib.compress(samples), interlace)
    assert run("fingerprint", path).stdout.startswith(isopixel.fingerprint(pixels))
    for short in (b"", samples[: len(samples) // 2], samples[:-1]):
        gray_png(path, shape, zlib.compress(short), interlace)
        assert_refused(run("resize", path, "-o", tmp_path / "b.png", "--size", "3,3"), "it is cut short: its samples")
    assert not (tmp_path / "b.png").exists()


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (chunk(b"IHDR", struct.pack(">IIBBBBB", 20000, 20000, 8, 0, 0, 0, 0)), "it has two sizes"),
        (chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 16, 0, 0, 0, 0)), "it has two sizes"),
        (chunk(b"ABCD", b""), "a chunk ABCD, without which"),
        (chunk(b"tRNS", b"\0a"), "a transparent colour"),
    ],
)
def test_chunks_that_make_another_picture(before, words, tmp_path):
    gray_png(tmp_path / "a.png", (2, 2), zlib.compress(b"\0ab\0cd"), before=before)
    for command in (["resize", "-o", tmp_path / "b.png", "--size", "3,3"], ["fingerprint"]):
        refused = run(*command, tmp_path / "a.png")
        assert refused.returncode in (1, 2) and words in refused.stderr


def test_a_picture_that_could_not_be_read_again_is_not_written(tmp_path, monkeypatch):
    monkeypatch.setenv("ISOPIXEL_MAX_PIXELS", "100")
    (tmp_path / "file").write_bytes(bytes(101))
    for layout, refused in (("fixed,width=10", True), ("fixed,width=10,rows=floor", False)):
        result = run("bytes", tmp_path / "file", "--layout", layout, "-o", tmp_path / "a.png")
        assert (tmp_path / "a.png").exists() is not refused
        assert ("more than 100" in result.stderr) is refused
    with pytest.raises(ValueError, match="set ISOPIXEL_MAX_PIXELS=101"):
        isopixel.save(tmp_path / "b.npy", np.zeros((1, 101), np.uint8))
    assert not (tmp_path / "b.npy").exists()
