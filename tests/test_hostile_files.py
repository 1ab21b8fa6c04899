# SPDX-License-Identifier: MIT
"""Files that were damaged or made to do harm: the readers refuse them with the documented errors, in bounded memory."""

import base64
import contextlib
import io
import json
import re
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

import isopixel
from isopixel import _golden
from isopixel._manifest import Manifest
from isopixel._trace.file import load as load_trace
from tests.program import assert_refused, run
from tests.test_memory import PEAK

# The same examples in each run, so that a failure is not met by chance.
fuzzed = settings(
    max_examples=300, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
RECIPE = "isopixel 1: fixed,width=3,pad=7,channels=3 | pillow-4-bilinear 4,5 | normalize mean=0.5,0.25,-1 std=2e-3"
ARRAY = np.arange(60, dtype=np.uint8).reshape(4, 5, 3)


@st.composite
def damaged(draw, whole):
    """A file's bytes with some of them replaced, left out, repeated or put in, and perhaps cut."""
    data = bytearray(whole)
    for _ in range(draw(st.integers(1, 4))):
        at, n = draw(st.integers(0, len(data))), draw(st.integers(0, 8))
        kind = draw(st.integers(0, 3))
        if kind == 0:
            data[at : at + n] = draw(st.binary(min_size=n, max_size=n))
        elif kind == 1:
            del data[at : at + n]
        elif kind == 2:
            data[at:at] = data[at : at + n] * draw(st.integers(1, 50))
        else:
            data[at:at] = draw(st.sampled_from([b"\0", b"\xff" * 4, b"9" * 20, b"-1", b'"', b"[" * 2000, b"null"]))
    return bytes(data[: draw(st.integers(0, len(data)))] if draw(st.booleans()) else data)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The bytes of good files, by their suffixes."""
    folder = tmp_path_factory.mktemp("whole")
    (folder / "source").write_bytes(bytes(range(200)))
    for suffix in (".png", ".npy"):
        isopixel.save(folder / f"a{suffix}", ARRAY, recipe=RECIPE.rpartition(" | ")[0], source=folder / "source")
    record = _golden.record_files(isopixel.Recipe("line", (2, 3)), [folder / "source"], folder)
    (folder / "a.json").write_text(json.dumps(record), encoding="ascii")
    with isopixel.trace(folder / "a.trace"):
        isopixel.resize(isopixel.step("größe", ARRAY, why="it is small"), (2, 3))
    return {suffix: (folder / f"a{suffix}").read_bytes() for suffix in (".png", ".npy", ".npy.json", ".json", ".trace")}


def load(path):
    """Loads it, or raises what is documented; what is loaded is what was saved."""
    try:
        image = isopixel.load(path)
    except (OSError, ValueError) as error:
        assert not str(error).rstrip().endswith(":")  # it says what is wrong
        return
    assert (image == ARRAY).all()


@fuzzed
@given(data=st.data())
def test_png(data, whole, tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(data.draw(damaged(whole[".png"])))
    load(path)


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width, height, *chunks, depth=8, colour=0):
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IEND", b"")


@fuzzed
@given(kind=st.sampled_from([b"tEXt", b"zTXt", b"iTXt", b"tRNS", b"gAMA", b"iCCP", b"eXIf", b"acTL"]), body=st.binary())
def test_png_with_chunks_that_are_whole(kind, body, whole, tmp_path):
    """Damage is mostly found by a chunk's CRC; here it is right."""
    good = whole[".png"]
    (tmp_path / "a.png").write_bytes(good[:33] + chunk(kind, body) + good[33:])
    load(tmp_path / "a.png")


@pytest.mark.parametrize("kind", ["PNG", "BMP"])
@pytest.mark.parametrize("mode", ["RGB", "P", "L"])
def test_a_picture_with_one_byte_changed(mode, kind):
    """Whatever its decoder raises, a recipe raises ValueError."""
    file = io.BytesIO()
    Image.fromarray(np.arange(105, dtype=np.uint8).reshape(5, 7, 3)).convert(mode).save(file, kind)
    good, refused = file.getvalue(), 0
    for at in range(len(good)):
        for value in (0, 255, good[at] ^ 1, good[at] ^ 128):
            try:
                isopixel.read_picture(good[:at] + bytes([value]) + good[at + 1 :], alpha="drop", orientation="ignore")
            except ValueError:
                refused += 1
    assert refused > 9


@fuzzed
@given(data=st.data())
def test_npy(data, whole, tmp_path):
    path = tmp_path / "a.npy"
    path.write_bytes(data.draw(damaged(whole[".npy"])))
    path.with_name("a.npy.json").write_bytes(whole[".npy.json"])
    load(path)


@fuzzed
@given(data=st.data())
def test_traces(data, whole, tmp_path):
    """What is loaded of a damaged one are values and steps that agree with each other."""
    (tmp_path / "a.trace").write_bytes(data.draw(damaged(whole[".trace"])))
    try:
        trace = load_trace(tmp_path / "a.trace")
    except (OSError, ValueError) as error:
        assert re.search(r"a\.trace' is not a trace: line \d+: \S", str(error))
        return
    for value in trace.values:
        assert value.array is None or value.array.shape == value.shape
    assert all(number < len(trace.values) for step in trace.steps for number in (*step.inputs, step.output or 0))


@fuzzed
@given(data=st.data())
def test_folders_of_arrays(data, whole, tmp_path):
    (tmp_path / "1-a.npy").write_bytes(data.draw(damaged(whole[".npy"])))
    try:
        (value,) = load_trace(tmp_path).values
    except (OSError, ValueError) as error:
        assert "1-a.npy' is not a step of a trace: " in str(error)
        return
    assert value.array.shape == value.shape


@fuzzed
@given(data=st.data())
def test_manifest(data, whole, tmp_path):
    path = tmp_path / "a.npy"
    path.write_bytes(whole[".npy"])
    path.with_name("a.npy.json").write_bytes(data.draw(damaged(whole[".npy.json"])))
    load(path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=9,
)


@fuzzed
@given(data=st.data(), value=JSON)
@pytest.mark.slow
def test_a_field_of_another_kind(data, value, whole, tmp_path):
    manifest = json.loads(whole[".npy.json"])
    field = data.draw(st.sampled_from([*manifest, "other"]))
    with contextlib.suppress(ValueError):
        Manifest.parse(json.dumps(manifest | {field: value}))
    record = json.loads(whole[".json"])
    target = data.draw(st.sampled_from([record, record["files"][0]]))
    target[data.draw(st.sampled_from([*target, "other"]))] = value
    check_golden(tmp_path, json.dumps(record).encode("ascii"))


def check_golden(folder, content):
    path = folder / "golden.json"
    path.write_bytes(content)
    (folder / "source").write_bytes(bytes(range(200)))
    try:
        record = _golden.load_record(path)
        found = list(_golden.differences(record, folder))
    except ValueError:
        return
    assert all(line.isprintable() for line in found), found


@fuzzed
@given(data=st.data())
def test_golden(data, whole, tmp_path):
    check_golden(tmp_path, data.draw(damaged(whole[".json"])))


@fuzzed
@given(data=st.data())
def test_recipe(data):
    text = data.draw(damaged(RECIPE.encode("ascii"))).decode("latin-1")
    try:
        recipe = isopixel.Recipe.parse(text)
    except ValueError as error:
        assert str(error)
        return
    assert isopixel.Recipe.parse(recipe.line) == recipe


LIMIT = 200 << 20  # bytes; some hundred times what the files below hold
READ = f"""{PEAK}
import sys
from pathlib import Path
import isopixel
from isopixel import _golden

READERS = {{".png": isopixel.load, ".npy": isopixel.load, ".json": lambda path: _golden.load_record(Path(path))}}
READERS[""] = lambda path: isopixel.read_hex_listing(path, unknown=0)
isopixel.resize(isopixel.from_bytes(b"x", "line"), (2, 2))
for warm in filter(None, sys.argv[1:2]):
    READERS[Path(warm).suffix](warm)
before = peak()
for path in sys.argv[2:]:
    try:
        READERS[Path(path).suffix](path)
    except ValueError as error:
        print(error)
print(peak() - before)
"""


def refusals(good, *paths):
    """What is said of each file, in a fresh process that has read a good one; and by how much its memory grew."""
    run = subprocess.run([sys.executable, "-c", READ, good, *paths], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    *messages, growth = run.stdout.splitlines()
    return messages, int(growth)


def check_refused(good, *paths):
    """All are, in little memory."""
    messages, growth = refusals(good, *paths)
    assert len(messages) == len(paths)
    assert growth < LIMIT, growth


SHORT = chunk(b"IDAT", zlib.compress(bytes(99)))
HUGE_PNG = [(2**31 - 1, 2**31 - 1), (2**31 - 1, 1), (1, 2**31 - 1), (60_000, 60_000), (2**32 - 1, 1), (0, 0)]
HUGE_NPY = [
    ("(1099511627776,)", "|u1"),
    ("(17179869184,)", "|u1"),
    ("(4294967296, 4294967296)", "|u1"),
    ("(9223372036854775807, 3)", "|u1"),
    ("(-1,)", "|u1"),
    (f"({'1, ' * 100})", "|u1"),
    (f"({'9' * 8000},)", "|u1"),
    ("(3,)", "|S2147483647"),
    ("(0,)", "|V2147483647"),
    ("(3,)", "|O"),
]


@pytest.fixture
def good(whole, tmp_path):
    """The path of a good file of a suffix."""

    def write(suffix):
        path = tmp_path / f"good{suffix}"
        path.write_bytes(whole[suffix])
        if suffix == ".npy":
            path.with_name("good.npy.json").write_bytes(whole[".npy.json"])
        return path

    return write


def test_a_png_that_claims_to_be_huge(good, tmp_path):
    paths = []
    for size in HUGE_PNG:
        for colour in (0, 2, 6):
            paths.append(tmp_path / f"{len(paths)}.png")
            paths[-1].write_bytes(png(*size, SHORT, colour=colour))
    check_refused(good(".png"), *paths)


def npy(header):
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header.encode("ascii") + bytes(9)


def test_an_npy_that_claims_to_be_huge(good, tmp_path):
    paths = []
    for shape, dtype in HUGE_NPY:
        paths.append(tmp_path / f"{len(paths)}.npy")
        header = f"{{'descr': {dtype!r}, 'fortran_order': False, 'shape': {shape}, }}\n"
        paths[-1].write_bytes(npy(header))
    check_refused(good(".npy"), *paths)


def test_an_npy_with_a_header_that_nests(good, tmp_path):
    paths = []
    for text in ("(" * 9000, "-" * 9000 + "1", "[" * 9000, "{1:" * 3000, "not " * 2000, "1+" * 4000):
        paths.append(tmp_path / f"{len(paths)}.npy")
        paths[-1].write_bytes(npy(text))
    check_refused(good(".npy"), *paths)


def test_an_animation(tmp_path):
    """Frames cost a reader time by their size, and the file nothing."""

    def frame(number, width, height):
        return chunk(b"fcTL", struct.pack(">IIIIIHHBB", number, width, height, 0, 0, 1, 1, 1, 1))

    still = chunk(b"IDAT", zlib.compress(bytes(101 * 100)))
    frames = b"".join(
        frame(n, 1, 1) + chunk(b"fdAT", struct.pack(">I", n + 1) + zlib.compress(b"\0\0")) for n in range(1, 41, 2)
    )
    (tmp_path / "a.png").write_bytes(
        png(100, 100, chunk(b"acTL", struct.pack(">II", 21, 0)), frame(0, 100, 100), still, frames)
    )
    with pytest.raises(ValueError, match="it is an animation"):
        isopixel.load(tmp_path / "a.png")


def test_text_that_unpacks_to_much(good, tmp_path):
    text = chunk(b"zTXt", b"isopixel\0\0" + zlib.compress(bytes(500_000_000), 1))
    (tmp_path / "a.png").write_bytes(png(1, 1, text, chunk(b"IDAT", zlib.compress(b"\0\0"))))
    check_refused(good(".png"), tmp_path / "a.png")


def test_a_golden_file_whose_samples_unpack_to_much(good, whole, tmp_path):
    record = json.loads(whole[".json"])
    record["files"][0]["samples"] = base64.b64encode(zlib.compress(bytes(300_000_000), 1)).decode("ascii")
    (tmp_path / "a.json").write_text(json.dumps(record), encoding="ascii")
    check_refused(good(".json"), tmp_path / "a.json")


def test_a_listing_without_an_end(tmp_path):
    """A file without lines is refused at the first."""
    (tmp_path / "good").write_text("00401000 56\n", encoding="ascii")
    with (tmp_path / "bad").open("wb") as file:
        file.truncate(1 << 40)
    (messages, growth) = refusals(tmp_path / "good", tmp_path / "bad")
    assert "line 1: not an address" in messages[0] and growth < LIMIT


def manifest(array_shape, fingerprint=f"sha256:{'0' * 64}"):
    """The text of a manifest that its file need not agree with."""
    return Manifest("0", 1, fingerprint, tuple(array_shape), None, None).text().encode("ascii")


def sparse(path, content, length):
    """Writes a file that begins with some bytes, and claims to go on to a length."""
    with path.open("wb") as file:
        file.write(content)
        file.truncate(length)


SIDE = 15_000  # of a gray picture of more than LIMIT bytes


@pytest.fixture(scope="module")
def bomb():
    """The samples of a black picture in a chunk of a thousandth of their length."""
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(bytes(SIDE + 1)) for _ in range(SIDE)) + packer.flush()
    assert len(packed) < SIDE**2 // 200
    return chunk(b"IDAT", packed)


def test_a_png_that_unpacks_to_more_than_its_manifest_has(bomb, good, tmp_path):
    """Wherever the manifest stands, and however it is packed; or without one."""
    text = manifest((1, 1))
    plain = chunk(b"tEXt", b"isopixel\0" + text)
    packed = chunk(b"zTXt", b"isopixel\0\0" + zlib.compress(text))
    unicode = chunk(b"iTXt", b"isopixel\0\1\0\0\0" + zlib.compress(text))
    paths = []
    for chunks in ((plain, bomb), (bomb, plain), (bomb, packed), (unicode, bomb), (bomb,)):
        paths.append(tmp_path / f"{len(paths)}.png")
        paths[-1].write_bytes(png(SIDE, SIDE, *chunks))
    messages, growth = refusals(good(".png"), *paths)
    assert growth < LIMIT, growth
    assert ["not (1, 1)" in message for message in messages] == [True] * 4 + [False]
    assert "has no manifest" in messages[4]


@pytest.mark.slow
def test_a_limit_of_pixels(bomb, tmp_path, monkeypatch):
    """A manifest may agree with a bomb."""
    path = tmp_path / "a.png"
    path.write_bytes(png(SIDE, SIDE, chunk(b"tEXt", b"isopixel\0" + manifest((SIDE, SIDE))), bomb))
    monkeypatch.setenv("ISOPIXEL_MAX_PIXELS", "1000000")
    messages, growth = refusals("", path)
    assert growth < LIMIT // 4, growth
    assert f"has {SIDE**2} pixels, more than 1000000" in messages[0]
    assert f"set ISOPIXEL_MAX_PIXELS={SIDE**2}" in messages[0]
    monkeypatch.setenv("ISOPIXEL_MAX_PIXELS", "")
    messages, growth = refusals("", path)
    assert growth > LIMIT, growth  # it is one
    assert "its pixels have the fingerprint" in messages[0]


@pytest.mark.parametrize("suffix", [".png", ".npy"])
def test_the_limit_on_both_sides(suffix, tmp_path, monkeypatch):
    path = tmp_path / f"a{suffix}"
    isopixel.save(path, ARRAY)  # 4 × 5 pixels
    assert (isopixel.load(path, max_pixels=20) == ARRAY).all()
    for read in (isopixel.load, isopixel.read_manifest):
        with pytest.raises(ValueError, match="has 20 pixels, more than 19"):
            read(path, max_pixels=19)
    monkeypatch.setenv("ISOPIXEL_MAX_PIXELS", "19")
    for command in (["show", path], ["diff", path, path], ["resize", path, "--size", "2,2", "-o", tmp_path / "b.png"]):
        assert_refused(run(*command), "has 20 pixels, more than 19")
    assert (isopixel.load(path, max_pixels=20) == ARRAY).all()
    for text in ("0", "-1", "1.5", "many", "9" * 30):
        monkeypatch.setenv("ISOPIXEL_MAX_PIXELS", text)
        with pytest.raises(ValueError, match=r"ISOPIXEL_MAX_PIXELS is .* must be a number from 1"):
            isopixel.load(path)
    for wrong in (True, 1.5, "20"):
        with pytest.raises(TypeError, match="max_pixels must be a whole number"):
            isopixel.load(path, max_pixels=wrong)
    with pytest.raises(ValueError, match="max_pixels must be at least 1"):
        isopixel.load(path, max_pixels=0)


def test_a_png_with_much_beside_its_samples(good, tmp_path):
    """A file that costs its maker nothing."""
    paths = []
    for kind in (b"tEXt", b"zTXt", b"eXIf", b"iCCP", b"prVt"):
        for n, samples in enumerate((b"", SHORT)):
            paths.append(tmp_path / f"{len(paths)}-{n}.png")
            start = png(1, 1)[:33] + samples + struct.pack(">I", 900_000_000) + kind
            sparse(paths[-1], start, len(start) + 900_000_004)
    check_refused(good(".png"), *paths)


def test_an_npy_that_is_larger_than_its_manifest(good, tmp_path):
    """Files of zeros that take no place on the disk."""
    header = "{'descr': '|u1', 'fortran_order': False, 'shape': (1 << 32,), }".replace("1 << 32", str(1 << 32))
    texts = "{'descr': '|S2147483647', 'fortran_order': False, 'shape': (1,), }"
    starts = [npy(header)[:-9], npy(texts)[:-9], b"\x93NUMPY\2\0\xff\xff\xff\xff", b"\x93NUMPY\3\0\xff\xff\xff\x7f"]
    paths = []
    for start in starts:
        paths.append(tmp_path / f"{len(paths)}.npy")
        sparse(paths[-1], start, len(start) + (1 << 32))
        paths[-1].with_name(f"{paths[-1].name}.json").write_bytes(manifest((1,)))
    check_refused(good(".npy"), *paths)


def test_a_golden_that_records_more_than_it_may(good, whole, tmp_path):
    """Its samples have its shape and its fingerprint, and are a bomb."""
    array = np.zeros(LIMIT * 5 // 4, np.uint8)
    packed = base64.b64encode(zlib.compress(array.tobytes(), 1)).decode("ascii")
    one = {"dtype": "uint8", "shape": list(array.shape), "fingerprint": isopixel.fingerprint(array), "samples": packed}
    record = json.loads(whole[".json"])
    record["files"][0] |= one
    (tmp_path / "one.json").write_text(json.dumps(record), encoding="ascii")
    many = _golden.array_record(array[: _golden.WHOLE])
    record["files"] = [record["files"][0] | many] * (_golden.KEPT // _golden.WHOLE + 1)
    (tmp_path / "many.json").write_text(json.dumps(record), encoding="ascii")
    messages, growth = refusals(good(".json"), tmp_path / "one.json", tmp_path / "many.json")
    assert growth < LIMIT, growth
    assert "more than 4194304 bytes of samples of one array" in messages[0]
    assert "more than 16777216 bytes of samples" in messages[1]
    record["files"].pop()
    (tmp_path / "many.json").write_text(json.dumps(record), encoding="ascii")
    assert _golden.load_record(tmp_path / "many.json") == record


@pytest.mark.timeout(20)
@pytest.mark.parametrize("shape", [[2**60] * 200_000, [10**4000] * 500, [1] * 65, [2**32, 2**32], []])
def test_a_shape_that_no_array_has(shape, good, whole, tmp_path):
    """Nothing is computed of it: a product of all its dimensions would take minutes."""
    record = json.loads(whole[".json"])
    record["files"][0]["shape"] = shape
    for name in ("a.json", "a.npy"):
        (tmp_path / name).write_bytes(whole[f".{name[2:]}"])
    (tmp_path / "a.json").write_text(json.dumps(record), encoding="ascii")
    with pytest.raises(ValueError, match="a field of an array is missing, or of the wrong type"):
        _golden.load_record(tmp_path / "a.json")
    (tmp_path / "a.npy.json").write_text(json.dumps(json.loads(whole[".npy.json"]) | {"shape": shape}))
    with pytest.raises(ValueError, match=r"its manifest is broken|too long for what it should be"):
        isopixel.load(tmp_path / "a.npy")


def test_a_long_text_in_a_message(whole, tmp_path):
    """A file does not choose how much is printed."""
    record = json.loads(whole[".json"])
    for where, key in ((record, "recipe"), (record["files"][0], "name"), (record["files"][0], "fingerprint")):
        former, where[key] = where[key], "x" * 3_000_000
        (tmp_path / "a.json").write_text(json.dumps(record), encoding="ascii")
        result = run("golden", "check", tmp_path / "a.json")
        assert result.returncode in (1, 2)
        assert len(result.stdout + result.stderr) < 20_000
        where[key] = former


def test_a_golden_that_is_too_long(tmp_path):
    sparse(tmp_path / "a.json", b"{", 40 << 20)
    with pytest.raises(ValueError, match="has more than 33554432 bytes"):
        _golden.load_record(tmp_path / "a.json")
    with pytest.raises(ValueError, match="record fewer files in one"):
        _golden.as_text({"files": ["x" * (32 << 20)]})


@pytest.mark.slow
def test_growth_is_found(good, tmp_path):
    """A file that is no smaller than its array."""
    isopixel.save(tmp_path / "a.npy", np.ones(LIMIT * 5 // 4, np.uint8))
    messages, growth = refusals(good(".npy"), tmp_path / "a.npy")
    assert messages == [] and growth > LIMIT
