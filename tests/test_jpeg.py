# SPDX-License-Identifier: MIT
"""JPEG files in the core: by the reference, file by file, and beside Pillow (R-57 to R-60)."""

import re
from pathlib import Path

import cv2
import numpy as np
import pytest
from spec import jpeg

from isopixel import _core
from tests import jpeg_files, jpeg_writer
from tests.jpeg_files import COLOUR, GRAY_DEEP, HALF, crafted
from tests.jpeg_writer import Component, Picture, Scan, quantisation
from tests.test_jpeg_reference import ORIENTATIONS, REFUSED, by_pillow, by_reference

CORPUS = jpeg_files.corpus()
SMALL = jpeg_files.small_files()


def by_core(data):
    """The array of a file, or None if it is refused."""
    try:
        return _core.decode_jpeg(data)
    except ValueError:
        return None


def by_reference_or_none(data):
    try:
        return by_reference(data)
    except jpeg.RefusedError:
        return None


def same(a, b):
    return a is b is None or (a is not None and b is not None and np.array_equal(a, b))


def by_pillow_or_opencv(data):
    """Pillow's, or OpenCV's where Pillow's own reader of markers refuses what its decoder would not."""
    try:
        return by_pillow(data)
    except (OSError, SyntaxError):
        array = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED | cv2.IMREAD_IGNORE_ORIENTATION)
        return array[..., None] if array.ndim == 2 else array[..., ::-1]


def check(data, with_reference=True):
    """Whether a file is accepted; the reference accepts the same, and all who do have one picture."""
    image = by_core(data)
    if with_reference:
        assert same(image, by_reference_or_none(data))
    if image is not None:
        assert np.array_equal(image, by_pillow_or_opencv(data))
    return image is not None


@pytest.mark.parametrize("isa", _core.available_isas(), indirect=True)
def test_the_corpus(isa):
    for name, data in CORPUS.items():
        assert np.array_equal(_core.decode_jpeg(data), by_pillow_or_opencv(data)), name


@pytest.mark.slow
def test_the_corpus_by_the_reference():
    assert [name for name, data in CORPUS.items() if not same(by_core(data), by_reference(data))] == []


@pytest.mark.parametrize(("count", "step"), [(300, 5), pytest.param(5000, 3, marks=pytest.mark.slow)])
def test_random_files(count, step):
    rng = np.random.default_rng(count)
    accepted = 0
    for number in range(count):
        data = jpeg_files.random_file(rng) if number % 2 else jpeg_files.random_encoded(rng)
        accepted += check(data, number % step == 0)
    assert accepted > 0.8 * count


def small_sides(data):
    """The file with sides of at most 255, so that the reference takes no minutes."""
    data = bytearray(data)
    for i in range(len(data) - 9):
        if data[i] == 255 and 0xC0 <= data[i + 1] <= 0xC2:
            data[i + 5] = data[i + 7] = 0
    return bytes(data)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("count", [1000, pytest.param(50_000, marks=pytest.mark.slow)])
def test_mutants(count):
    rng = np.random.default_rng(count)
    seeds = [data for data in CORPUS.values() if len(data) < 1000]
    accepted = sum(check(small_sides(jpeg_files.mutant(rng, seeds[rng.integers(len(seeds))]))) for _ in range(count))
    assert 0.02 * count < accepted < 0.5 * count


@pytest.mark.parametrize("name", SMALL)
def test_every_truncation(name):
    data = SMALL[name]
    assert check(data)
    assert not any(check(data[:n]) for n in range(len(data)))


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("step", [101, pytest.param(1, marks=pytest.mark.slow)])
def test_every_changed_byte(name, step):
    data = SMALL[name]
    for place in range(len(data)):
        for change in range(1 + place % step, 256, step):
            check(small_sides(data[:place] + bytes([data[place] ^ change]) + data[place + 1 :]))


@pytest.mark.parametrize("what", REFUSED)
def test_what_the_reference_refuses(what):
    assert by_core(REFUSED[what]) is None


TEXTS = {
    "does not begin with ff d8": (b"\x89PNG", b"", b"\xff", b"\xff\xd9"),
    "has other bytes where a marker has to be": (crafted(1, markers=b"\0"),),
    "ends before its end marker": (crafted(1)[:-2], crafted(1, markers=b"\xff")[:3]),
    "ends within a segment": (crafted(1)[:30],),
    "has a segment without a length": (crafted(1, markers=b"\xff\xe3\0\1"),),
    "has arithmetic coding, or is lossless or hierarchical": (crafted(1, sof=0xC9), crafted(1, sof=0xC3)),
    "has a second picture within the first one": (crafted(1, markers=b"\xff\xd8"),),
    "has a marker that does not belong there": (crafted(1, markers=b"\xff\x01"), crafted(1, end=b"\xff\xdc\0\4\0\1")),
    "does not have 8 bits a sample": (crafted(1, precision=12),),
    "has a height or width of 0, or above 65500": (
        crafted(1, (0, 5)),
        crafted(1, (5, 0)),
        crafted(1).replace(b"\0\x13\0\x15", b"\xff\xdd\0\x15", 1),
        crafted(1).replace(b"\0\x13\0\x15", b"\0\x13\xff\xdd", 1),
    ),
    "has the colours CMYK": (crafted(1, factors=[(1, 1)] * 4, identifiers=range(4), scans=[Scan(range(4))]),),
    "has a malformed frame": (crafted(1, factors=COLOUR[:2], scans=[Scan((0, 1))]), crafted(1, factors=((5, 1),))),
    "has two frames": (REFUSED["there are two frames"],),
    "has two components of one name": (crafted(1, factors=COLOUR, identifiers=(1, 2, 1)),),
    "has colours whose resolution is no whole fraction of the picture's": (crafted(1, factors=((3, 1), *HALF[:2])),),
    "is too short for a picture of its size": (crafted(1).replace(b"\0\x13\0\x15", b"\xff\xdc\xff\xdc", 1),),
    "has no scan": (crafted(1, scans=[Scan((0,))]).partition(b"\xff\xc4")[0] + b"\xff\xd9",),
    "has a scan before its frame": (REFUSED["a scan comes before the frame"],),
    "has a malformed scan header": (
        REFUSED["no such band"],
        REFUSED["no such bits"],
        crafted(1, scans=[Scan((0,), 0, 0, 0, 14)], progressive=True),
        REFUSED["not all of a sequential frame"],
    ),
    "has a scan of other components than its frame": (crafted(1, factors=COLOUR, scans=[Scan((1, 0, 2))]),),
    "has a malformed quantisation table": (REFUSED["a quantisation table is malformed"],),
    "has a quantisation table with a zero": (REFUSED["a quantisation table has a zero"],),
    "has a malformed Huffman table": (REFUSED["a Huffman table is malformed"], REFUSED["a Huffman table has a value"]),
    "has a Huffman table of too many codes": (REFUSED["a Huffman table has too many codes"],),
    "has a malformed restart interval": (REFUSED["the restart interval is malformed"],),
    "does not have the quantisation table that it uses": (crafted(1, tables=b""),),
    "has more than 64 scans": (REFUSED["too many scans"],),
    "has its scans in a wrong order": (REFUSED["scans are out of order"], REFUSED["coefficients come before"]),
    "has too many blocks in an MCU": (REFUSED["an MCU has too many blocks"],),
    "does not have a restart marker where one has to be": (
        REFUSED["a restart marker is missing"],
        crafted(1, (9, 40), restart=1).replace(b"\xff\xd0", b"\0\xff\xd0", 1),
        crafted(1, (9, 40), restart=1).replace(b"\xff\xd0", b"\0\0\xff\xd0", 1),
    ),
    "does not have all of its scans": (
        REFUSED["scans are missing"],
        crafted(1, scans=[Scan((0,), 0, 0), Scan((0,), 1, 63, 0, 1)], progressive=True),
    ),
    "has colours far beyond black and white": (crafted(5, (8, 8), reach=3000),),
}


def gray(blocks, scans, progressive=True, **settings):
    """A file of one row of blocks of one component."""
    component = Component(1, 1, 1, blocks={(0, x): block for x, block in enumerate(blocks)})
    tables = quantisation(0, [1] * 64)
    return Picture(8, 8 * len(blocks), [component], scans, progressive=progressive, tables=tables, **settings)


def with_data(picture, kind, codes, data):
    """The file of a picture with other Huffman codes and data for its last scan."""
    whole = picture.bytes()
    head = whole[: whole.rindex(b"\xff\xc4")]
    header = whole[whole.rindex(b"\xff\xda") :][:10]
    return head + jpeg_writer.huffman(kind, 0, codes) + header + data + jpeg_writer.EOI


# Codes of two bits for a few symbols, and data of these.
BAND = gray([[1] + [0] * 63], [Scan((0,), 0, 0), Scan((0,), 1, 63)])
FIRST = gray([[1] + [0] * 63], [Scan((0,), 0, 0)])
REFINED = gray([[1, 2] + [0] * 62], [Scan((0,), 0, 0), Scan((0,), 1, 63, 0, 1), Scan((0,), 1, 63, 1, 0)])
SEQUENTIAL = gray([[1] + [0] * 63], [Scan((0,))], progressive=False)


def two_bits(*symbols):
    return {symbol: (2, code) for code, symbol in enumerate(symbols)}


TEXTS |= {
    "has a code that is in none of its tables": (
        with_data(BAND, 1, two_bits(0), b"\xfe"), with_data(FIRST, 0, two_bits(0), b"\xfe"),
        with_data(REFINED, 1, two_bits(0), b"\xfe"), with_data(SEQUENTIAL, 1, two_bits(0), b"\x7e\xfe"),
    ),
    "has a run of zeros that is longer than its block": (
        with_data(BAND, 1, two_bits(0xF0, 0x01), b"\0"), with_data(BAND, 1, two_bits(0xF0, 0xF1), b"\x01\x60"),
        with_data(REFINED, 1, two_bits(0xF0, 0x01), b"\0\0"),
        with_data(SEQUENTIAL, 1, two_bits(0xF0, 0xF1), b"\x5b\x6c"),
    ),
    "has a code without a meaning": (
        with_data(REFINED, 1, two_bits(0x02), b"\0"), with_data(SEQUENTIAL, 1, two_bits(0x10), b"\x40"),
    ),
    "has a coefficient that is too large": (
        with_data(FIRST, 0, two_bits(15), b"\x3f\xff\0\x80").replace(b"\1\1\0\0\0\0", b"\1\1\0\0\0\1", 1),
        with_data(BAND, 1, two_bits(15), b"\x3f\xff\0\x80").replace(b"\1\x3f\0", b"\1\x3f\1", 1),
        with_data(gray([[1] + [0] * 63] * 2, [Scan((0,), 0, 0)]), 0, two_bits(15), b"\x3f\xff\0\x9f\xff\0\xc0"),
    ),
    "has a run of blocks that is longer than its scan": (
        with_data(BAND, 1, two_bits(0x10), b"\0"),
        with_data(gray([[1] + [0] * 63] * 3, BAND.scans, restart=1), 1, two_bits(0x10), b"\0\xff\xd0\0\xff\xd1\0"),
    ),
    "has a scan that ends before its last block": (
        with_data(BAND, 1, two_bits(0x01), b""), crafted(3, (40, 40))[:-30] + b"\xff\xd9",
    ),
    "does not have the Huffman tables that it uses": (
        crafted(1, tables=quantisation(0, [1] * 64)).replace(b"\xda\0\x08\1\1\0", b"\xda\0\x08\1\1\x11", 1),
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_texts(text):
    """Each refusal is a sentence that says what is wrong, and then what to do; the reference refuses the same."""
    for data in TEXTS[text]:
        with pytest.raises(ValueError, match=rf"^the JPEG file {text}.*: .+$") as caught:
            _core.decode_jpeg(data)
        assert len(str(caught.value)) < 200
        assert by_reference_or_none(data) is None


def test_every_text_is_tested():
    """Of all that the sources of the core can say."""
    root = Path(__file__).parents[1] / "src" / "pictures"
    code = "".join(path.read_text(encoding="utf-8") for path in root.glob("*.cpp"))
    said = re.findall(r'"((?:has|does|ends|is) [^"]+)"', code)
    assert len(said) > 30
    assert [text for text in said if not any(text.startswith(tested) for tested in TEXTS)] == []


@pytest.mark.parametrize(("markers", "expected"), ORIENTATIONS)
def test_orientation(markers, expected):
    """R-51."""
    assert _core.jpeg_info(crafted(1, markers=markers)) == (19, 21, 1, expected)


def test_info():
    for data in CORPUS.values():
        shape = by_core(data).shape
        assert _core.jpeg_info(data)[:3] == shape
    # It looks at the file up to the first scan.
    assert _core.jpeg_info(CORPUS["gray"].partition(b"\xff\xda")[0] + b"\xff\xda\0\2") == (83, 117, 1, 1)
    with pytest.raises(ValueError, match="ends within a segment"):
        _core.jpeg_info(CORPUS["gray"][:300])


def test_what_files_can_be():
    """Contiguous bytes, wherever they lie."""
    data = CORPUS["side-17-420"]
    for file in (bytearray(data), memoryview(data), np.frombuffer(data, np.uint8)):
        assert np.array_equal(_core.decode_jpeg(file), _core.decode_jpeg(data))
    for file in (memoryview(data)[::2], np.frombuffer(data[:100], np.uint16), np.zeros((2, 2), np.uint8), "text", None):
        for read in (_core.decode_jpeg, _core.jpeg_info):
            with pytest.raises(TypeError):
                read(file)


def visits_of(data):
    height, width, channels, _ = _core.jpeg_info(data)
    return _core._testing.jpeg_visits(data, np.empty(height * width * channels, np.uint8))


def test_work_is_bounded():
    """R-57: no coefficient is visited more than 14 times, and blocks of which a scan says nothing are not visited."""
    most = 0
    for name, data in CORPUS.items():
        height, width, channels, _ = _core.jpeg_info(data)
        blocks = channels * (-(-height // 32) * 4) * (-(-width // 32) * 4)  # of the largest MCUs
        visits = visits_of(data) / (64 * blocks)
        assert 0 < visits <= 14, name
        most = max(most, visits)
    assert most > 1.5
    deep = crafted(11, (200, 200), scans=GRAY_DEEP, progressive=True)
    assert visits_of(deep) <= 14 * 64 * 25 * 25
    # Of blank blocks only the first coefficients, in each of their 14 scans.
    blank = gray([[0] * 64] * 1000, GRAY_DEEP).bytes()
    assert visits_of(blank) == 14 * 1000


def test_memory_is_bounded():
    """A short file that claims to be a large picture is refused before memory is taken for it."""
    for scans in (None, GRAY_DEEP):
        small = crafted(1, scans=scans, progressive=scans is not None)
        large = small.replace(b"\x08\0\x13\0\x15", b"\x08\xff\xdc\xff\xdc", 1)
        assert large != small
        for read in (_core.jpeg_info, _core.decode_jpeg):
            with pytest.raises(ValueError, match="is too short for a picture of its size"):
                read(large)


@pytest.mark.parametrize(("first", "is_accepted"), [(4091, True), (4092, False), (-4100, True), (-4101, False)])
def test_the_range_of_a_flat_block(first, is_accepted):
    """R-58: results of −512 … 511, from the first coefficient alone."""
    for scans, progressive in (([Scan((0,))], False), (BAND.scans, True)):
        assert check(gray([[first] + [0] * 63], scans, progressive).bytes()) == is_accepted
