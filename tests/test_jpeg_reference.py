# SPDX-License-Identifier: MIT
"""The reference of JPEG files (R-57 to R-60) beside Pillow and OpenCV, and the SPEC's own claims."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image
from spec import jpeg, jpeg_samples, orientation

from tests import jpeg_files, jpeg_writer
from tests.jpeg_files import COLOUR, HALF, crafted
from tests.jpeg_writer import JFIF, Scan, segment

CORPUS = jpeg_files.corpus()


def by_reference(data):
    """The array of a file."""
    shape, samples = jpeg.decode(data)
    return np.frombuffer(samples, np.uint8).reshape(shape)


def by_pillow(data):
    array = np.asarray(Image.open(io.BytesIO(data)))
    return array if array.ndim == 3 else array[..., None]


def by_opencv(data):
    flags = cv2.IMREAD_UNCHANGED | cv2.IMREAD_IGNORE_ORIENTATION
    array = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    return array[..., None] if array.ndim == 2 else array[..., ::-1]


def agree(data):
    """Whether Pillow and OpenCV make of a file what the reference makes."""
    expected = by_reference(data)
    return all(np.array_equal(decode(data), expected) for decode in (by_pillow, by_opencv))


@pytest.mark.parametrize("step", [8, pytest.param(1, marks=pytest.mark.slow)])
def test_the_corpus(step):
    assert len(CORPUS) >= 130
    assert [name for name in [*CORPUS][::step] if not agree(CORPUS[name])] == []


def test_a_difference_is_found(monkeypatch):
    """Of one level in the last pass."""
    passes = jpeg_samples.inverse_pass
    monkeypatch.setattr(jpeg_samples, "inverse_pass", lambda i, s: [o + (s == 18) for o in passes(i, s)])
    assert not agree(CORPUS["side-17-420"])


@pytest.mark.parametrize("count", [150, pytest.param(3000, marks=pytest.mark.slow)])
def test_random_files(count):
    """Of random coefficients, factors, scans, tables, restarts and markers."""
    rng = np.random.default_rng(21)
    accepted = 0
    for _ in range(count):
        data = jpeg_files.random_file(rng)
        try:
            jpeg.decode(data)
        except jpeg.RefusedError:
            continue
        assert agree(data)
        accepted += 1
    assert accepted > 0.8 * count


def test_bounds_of_the_transform():
    """R-58: what the SPEC says of 16 bits follows from the singular values of a pass and from the range of results."""
    unit = np.eye(8, dtype=int)
    # With numbers so large that the rounding is nothing: columns of what a pass is without it.
    matrix = np.array([jpeg_samples.inverse_pass([int(v) << 80 for v in column], 80) for column in unit], float).T
    values = np.linalg.svd(matrix / (8192 * 8**0.5))[1]
    assert abs(values - 1).max() < 2**-12
    least = values.min() * 8192 * 8**0.5
    between = 512.5 * 8**0.5 * 2**18 / least  # of a row of 8 results that are scaled by 2^18
    assert between < 16500
    coefficient = (512.5 * 8 * 2**18 / least + 8 * 0.5) * 2**11 / least
    assert coefficient < 4200
    # From numbers of 16 bits no sum is beyond 32.
    assert abs(matrix).sum(1).max() * 32767 + 2**17 < 2**31


def test_blocks_within_the_range_are_as_pillow_has_them():
    """R-58: a block whose results are within −512 … 511 is as Pillow has it, and another one is refused."""
    rng = np.random.default_rng(4)
    accepted = refused = 0
    for reach in (1000, 2500, 6000, 12000):
        for _ in range(30):
            data = crafted(rng, (8, 8), reach=reach)
            try:
                expected = by_reference(data)
            except jpeg.RefusedError:
                refused += 1
                continue
            assert np.array_equal(by_pillow(data), expected)
            accepted += 1
    assert accepted > 20 and refused > 20


TOO_MANY = [Scan((0,), 0, 0, 0, 1), Scan((0,), 0, 0, 1, 0), *jpeg_files.GRAY_APART[1:]]
REFUSED = {
    "it does not begin with SOI": b"\xff\xff\xd8" + CORPUS["gray-22"][2:],
    "there is something else": CORPUS["gray-22"][:2] + b"\0" + CORPUS["gray-22"][2:],
    "there is another marker": crafted(1, markers=b"\xff\x01"),
    "a segment ends early": crafted(1, markers=b"\xff\xe3\0\1"),
    "it ends early": crafted(1)[:2] + b"\xff",
    "there is no EOI": crafted(1, end=b""),
    "the samples are not of 8 bits": crafted(1, precision=12),
    "a side is out of range": crafted(1, (0, 5)),
    "not one or three components": crafted(1, factors=COLOUR[:2], scans=[Scan((0, 1))]),
    "two components have one identifier": crafted(1, factors=COLOUR, identifiers=(1, 2, 1)),
    "a factor does not divide": crafted(1, factors=((3, 1), (2, 1), (1, 1))),
    "there are two frames": crafted(1, tables=crafted(2)[2:-2].partition(b"\xff\xc4")[0]),
    "a scan comes before the frame": b"\xff\xd8\xff\xda\0\x08\1\1\0\0\x3f\0",
    "there is no frame": b"\xff\xd8\xff\xd9",
    "a quantisation table is missing": crafted(1, tables=b""),
    "a quantisation table has a zero": crafted(1, tables=jpeg_writer.quantisation(0, [1] * 63 + [0])),
    "a quantisation table is malformed": crafted(1, tables=segment(0xDB, bytes([0x20]) + bytes(64))),
    "a Huffman table is malformed": crafted(1, tables=segment(0xC4, bytes(9))),
    "a Huffman table has too many codes": crafted(1, tables=segment(0xC4, b"\0\2" + bytes(15) + b"\0\1")),
    "a Huffman table has a value": crafted(1, tables=segment(0xC4, b"\0\1" + bytes(15) + b"\x10")),
    "the restart interval is malformed": crafted(1, tables=segment(0xDD, b"\0")),
    "too many scans": crafted(1, scans=TOO_MANY, progressive=True),
    "scans are missing": crafted(1, scans=[Scan((0,), 0, 0)], progressive=True),
    "scans are out of order": crafted(1, scans=[Scan((0,))] * 2),
    "coefficients come before": crafted(1, scans=[Scan((0,), 1, 63)], progressive=True),
    "no such band": crafted(1, scans=[Scan((0,), 0, 63)], progressive=True),
    "no such bits": crafted(1, scans=[Scan((0,), 0, 0, 3, 1)], progressive=True),
    "not all of a sequential frame": crafted(1, scans=[Scan((0,), 0, 62)]),
    "out of order": crafted(1, factors=COLOUR, scans=[Scan((1, 0, 2))]),
    "an MCU has too many blocks": crafted(1, factors=((4, 2), (4, 1), (1, 1))),
    "a restart marker is missing": crafted(1, (9, 40), restart=1).replace(b"\xff\xd0", b"\xff\xd1", 1),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_refusals(what):
    with pytest.raises(jpeg.RefusedError, match=what):
        jpeg.decode(REFUSED[what])


def test_every_truncation_is_refused():
    for data in jpeg_files.small_files().values():
        jpeg.decode(data)
        for n in range(len(data)):
            with pytest.raises(jpeg.RefusedError):
                jpeg.decode(data[:n])


def exif(*entries, order="little", head=None, count=None):
    """An APP1 with the first directory of Exif data: (tag, type, count, value as bytes) each."""
    head = head or {"little": b"II*\0", "big": b"MM\0*"}[order]
    content = head + (8).to_bytes(4, order) + (len(entries) if count is None else count).to_bytes(2, order)
    for tag, kind, number, value in entries:
        content += tag.to_bytes(2, order) + kind.to_bytes(2, order) + number.to_bytes(4, order) + value
    return segment(0xE1, b"Exif\0\0" + content + bytes(4))


def short(value, order="little"):
    return (0x112, 3, 1, value.to_bytes(2, order) + b"\0\0")


def xmp(text):
    return segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + text)


OTHER = (0x100, 3, 1, b"\7\0\0\0")
ORIENTATIONS = [
    (b"", 1),
    (JFIF, 1),
    *((exif(short(n)), n if 2 <= n <= 8 else 1) for n in range(10)),
    (exif(OTHER, short(6), OTHER), 6),
    (exif(short(6, "big"), order="big"), 6),
    (exif((0x112, 4, 1, b"\0\0\0\5"), order="big"), 5),
    (exif((0x112, 4, 1, b"\3\0\0\0")), 3),
    (exif((0x112, 1, 1, b"\6\0\0\0")), -1),
    (exif((0x112, 3, 2, b"\6\0\6\0")), -1),
    (exif(OTHER), 1),
    (exif(OTHER, count=900), 1),
    (exif(short(6), count=900), 6),
    (segment(0xE1, exif(short(6))[4:-4]), 6),
    (segment(0xE1, exif(short(6))[4:-5]), 1),
    (exif(head=b"JJ*\0"), -1),
    (segment(0xE1, b"Exif\0\0MM"), -1),
    (segment(0xE1, b"Exif\0"), 1),
    (segment(0xE2, exif(short(6))[4:]), 1),
    (exif(short(6)) * 2, 6),
    (exif(short(6)) + exif(short(8)), -1),
    (exif(short(6)) + exif(OTHER), -1),
    (exif(short(1)) + exif(short(9)) + exif(OTHER), 1),
    (xmp(b'<a tiff:Orientation="6"/>'), -1),
    (xmp(b'<a tiff:Orientation="1"/>'), 1),
    (xmp(b"<tiff:Orientation>6</tiff:Orientation>") + exif(short(6)), 6),
    (xmp(b"<tiff:Orientation>8</tiff:Orientation>") + exif(short(6)), -1),
    (xmp(b'tiff:Orientation="6" tiff:Orientation="8"') + exif(short(6)), -1),
    (xmp(b"<tiff:Orientation>9</tiff:Orientation>") + exif(short(6)), -1),
    (xmp(b"tiff:Orientation='8'") + exif(short(6)), 6),
    (xmp(b"no orientation") + exif(short(7)), 7),
    (segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + b'tiff:Orientation="6"'), 1),
]  # fmt: skip


@pytest.mark.parametrize(("markers", "expected"), ORIENTATIONS)
def test_orientation(markers, expected):
    """R-51."""
    assert orientation.orientation(crafted(1, markers=markers)) == expected


def test_orientation_behind_a_scan_does_not_count():
    assert orientation.orientation(crafted(1, factors=HALF, end=exif(short(6)) + b"\xff\xd9")) == 1


def test_upsampling_by_hand():
    """R-59: what becomes of three columns or rows, and of two columns, which are repeated."""
    row = [10, 20, 200]
    assert jpeg_samples.upsampled([row], 2, 1) == [[10, 13, 17, 65, 155, 200]]
    assert jpeg_samples.upsampled([[s] for s in row], 1, 2) == [[10], [13], [17], [65], [155], [200]]
    assert jpeg_samples.upsampled([row], 2, 2) == [[10, 12, 18, 65, 155, 200]] * 2
    assert jpeg_samples.upsampled([row[:2]], 2, 1) == [[10, 10, 20, 20]]
    assert jpeg_samples.upsampled([row[:2]], 2, 2) == [[10, 10, 20, 20]] * 2
    assert jpeg_samples.upsampled([row, row], 3, 1) == [[10, 10, 10, 20, 20, 20, 200, 200, 200]] * 2


def test_colours_by_hand():
    """R-60."""
    assert jpeg_samples.colour(100, 128, 128) == (100, 100, 100)
    assert jpeg_samples.colour(100, 228, 28) == (0, 137, 255)
    assert jpeg_samples.colour(100, 129, 129) == (101, 99, 102)
