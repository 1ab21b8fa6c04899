# SPDX-License-Identifier: MIT
"""Traces as files and folders: what is written is read again; damaged ones are refused, or read as far as they go."""

import base64
import json
import math
import zlib

import numpy as np
import pytest
from PIL import Image

import isopixel
from isopixel._trace.file import load
from isopixel._trace.records import Trace

IMAGE = np.random.default_rng(2).integers(0, 256, (40, 70, 3), dtype=np.uint8)
NOISE = np.random.default_rng(3).random(IMAGE.shape, np.float32)


def write(path, keep=1 << 20):
    """A trace of a few values of each kind."""
    with isopixel.trace(path, keep=keep) as recording:
        isopixel.step("first", IMAGE, note="größer", numbers=(1, 2.5, None))
        isopixel.step("nichts", np.zeros((0, 3), np.float32))
        isopixel.step("nan", np.array([[np.nan, 1.0], [np.inf, -2.0]]))
        isopixel.resize(IMAGE, (4, 5))
        isopixel.step("again", IMAGE[..., ::-1])
    return recording.trace


@pytest.fixture
def lines(tmp_path):
    write(tmp_path / "a.trace")
    return (tmp_path / "a.trace").read_bytes().splitlines(keepends=True)


def load_lines(tmp_path, lines):
    (tmp_path / "b.trace").write_bytes(b"".join(lines))
    return load(tmp_path / "b.trace")


@pytest.mark.parametrize("keep", [0, 20, 1 << 20])
def test_what_is_read_is_what_was_recorded(tmp_path, keep):
    trace = write(tmp_path / "ünï.trace", keep)
    again = load(tmp_path / "ünï.trace")
    assert again == trace and len(trace.steps) == 6 and len(trace.values) == 5 and trace.warnings == ()
    for one, other in zip(again.values, trace.values, strict=True):
        assert (one.array is None) == (other.array is None)
        if one.array is not None:
            np.testing.assert_array_equal(one.array, other.array)
    assert sum(value.array is not None for value in again.values) == {0: 1, 20: 1, 1 << 20: 5}[keep]


def test_samples_are_kept_as_far_as_there_is_room_and_once(tmp_path):
    with isopixel.trace(tmp_path / "a.trace", keep=100) as recording:
        isopixel.step("a", np.zeros(60, np.uint8))
        isopixel.step("b", np.ones(60, np.uint8))
        isopixel.step("c", np.ones(40, np.uint8))
        isopixel.step("a", np.zeros(60, np.uint8))
    assert [value.array is not None for value in load(tmp_path / "a.trace").values] == [True, False, True]
    assert len(recording.trace.steps) == 4


def test_each_line_that_is_written_can_be_read(tmp_path):
    texts = [[["图" * 300] * 99] * 99] * 99
    names = {f"{number}" + "图" * 300: texts for number in range(99)}
    with isopixel.trace(tmp_path / "a.trace") as recording:
        isopixel.step("图" * 300, IMAGE, **names, deep=[names] * 99)
        isopixel.step("b", IMAGE, **{"/home/alice/x": {"/home/alice/y": 1}})
    assert load(tmp_path / "a.trace") == recording.trace
    assert recording.trace.steps[1].arguments == {"x": {"y": 1}}


def test_samples_of_the_same_fingerprint_are_kept_once(tmp_path):
    with isopixel.trace(tmp_path / "a.trace", keep=2 * IMAGE.nbytes) as recording:
        isopixel.step("array", IMAGE)
        isopixel.step("picture", Image.fromarray(IMAGE))
        isopixel.step("other", ~IMAGE)
    assert (tmp_path / "a.trace").read_bytes().count(b'"samples"') == 2
    for trace in (recording.trace, load(tmp_path / "a.trace")):
        one, same, other = trace.values
        assert (one.kind, same.kind) == ("ndarray", "PIL RGB") and same.planes == one.planes and same.tiles == one.tiles
        np.testing.assert_array_equal(same.array, IMAGE)
        np.testing.assert_array_equal(other.array, ~IMAGE)


def test_what_a_crash_leaves_at_each_byte(tmp_path):
    with isopixel.trace(tmp_path / "a.trace") as recording:
        isopixel.step("ä", IMAGE[0, 0])
        isopixel.step("b", IMAGE[:1, :1, 0])
    trace = recording.trace
    whole = (tmp_path / "a.trace").read_bytes()
    header = whole.index(b"\n") + 1
    for length in range(len(whole)):
        (tmp_path / "b.trace").write_bytes(whole[:length])
        if length < header:
            with pytest.raises(ValueError, match=r"b\.trace' is not a trace: line 1: it is (cut off|empty)"):
                load(tmp_path / "b.trace")
            continue
        cut = load(tmp_path / "b.trace")
        assert cut.steps == trace.steps[: len(cut.steps)] and cut.values == trace.values[: len(cut.values)]
        assert len(cut.steps) == whole[:length].count(b'{"step":', 0, whole.rindex(b"\n", 0, length) + 1)
        assert len(cut.warnings) == 1 and "breaks off" in cut.warnings[0]


def change(line, **fields):
    record = json.loads(line) | fields
    return (
        json.dumps({name: value for name, value in record.items() if value is not ...}, separators=(",", ":")).encode()
        + b"\n"
    )


def samples(content):
    return base64.b64encode(zlib.compress(content, 9)).decode()


HEADER, VALUE, STEP = 0, 1, 2
WRONG = [
    (HEADER, {"trace": 2}, "format 2, and this isopixel knows 1"),
    (HEADER, {"trace": "1"}, "does not begin a trace"),
    (HEADER, {"trace": True}, "does not begin a trace"),
    (HEADER, {"libraries": {"a": 1}}, "'libraries' is wrong"),
    (HEADER, {"libraries": []}, "'libraries' is wrong"),
    (HEADER, {"machine": ...}, "'machine' is missing"),
    (HEADER, {"user": "alice"}, "'user' is not known"),
    (VALUE, {"value": 1}, "its number is 1, and not 0"),
    (VALUE, {"value": -1}, "its number is -1"),
    (VALUE, {"value": False}, "'value' is wrong"),
    (VALUE, {"value": 0.0}, "'value' is wrong"),
    (VALUE, {"dtype": "object"}, "'dtype' is wrong"),
    (VALUE, {"dtype": ["uint8"]}, "'dtype' is wrong"),
    (VALUE, {"shape": [40, 70, 2**63]}, "'shape' is wrong"),
    (VALUE, {"shape": [10**400]}, "'shape' is wrong"),
    (VALUE, {"shape": [40, 70, -3]}, "'shape' is wrong"),
    (VALUE, {"shape": []}, "'shape' is wrong"),
    (VALUE, {"shape": [1] * 65}, "'shape' is wrong"),
    (VALUE, {"shape": [40, 70, 3.0]}, "'shape' is wrong"),
    (VALUE, {"shape": "40"}, "'shape' is wrong"),
    (VALUE, {"shape": [40, 70, 2]}, "planes are not as many"),
    (VALUE, {"shape": [70, 40, 3]}, "samples do not have its fingerprint|tiles"),
    (VALUE, {"shape": [80, 70, 3]}, "tiles are not those"),
    (VALUE, {"axes": "CHW"}, "axes are not those"),
    (VALUE, {"axes": ""}, "not known"),
    (VALUE, {"range": [1]}, "'range' is wrong"),
    (VALUE, {"range": [3, 1]}, "'range' is wrong"),
    (VALUE, {"range": [0, 10**300]}, "'range' is wrong"),
    (VALUE, {"range": [None, 1]}, "'range' is wrong"),
    (VALUE, {"range": [0, math.inf]}, "'range' is wrong|not a number of JSON"),
    (VALUE, {"fingerprint": "sha256:12"}, "'fingerprint' is wrong"),
    (VALUE, {"fingerprint": "sha256:" + "0" * 64}, "samples do not have its fingerprint"),
    (VALUE, {"planes": ["0" * 16] * 4}, "planes are not as many"),
    (VALUE, {"planes": [0, 0, 0]}, "'planes' is wrong"),
    (VALUE, {"planes": ...}, "'planes' is missing"),
    (VALUE, {"tiles": "!!!!"}, "tiles are not those"),
    (VALUE, {"tiles": "ü"}, "tiles are not those"),
    (VALUE, {"tiles": ""}, "tiles are not those"),
    (VALUE, {"samples": "AAAA"}, "samples cannot be read"),
    (VALUE, {"samples": "not base64"}, "samples cannot be read"),
    (VALUE, {"samples": samples(bytes(8399))}, "not as many as its shape needs"),
    (VALUE, {"samples": samples(bytes(8401))}, "not as many as its shape needs"),
    (VALUE, {"samples": samples(bytes(8400))}, "samples do not have its fingerprint"),
    (VALUE, {"samples": samples(bytes(1 << 24))}, "not as many as its shape needs"),
    (STEP, {"step": 7}, "its number is 7, and not 0"),
    (STEP, {"name": 3}, "'name' is wrong"),
    (STEP, {"name": "x" * 6000}, "'name' is wrong"),
    (STEP, {"kind": "explode"}, "'kind' is wrong"),
    (STEP, {"kind": ["other"]}, "'kind' is wrong"),
    (STEP, {"in": [1]}, "names a value that does not come before it"),
    (STEP, {"in": [-1]}, "names a value that does not"),
    (STEP, {"in": 0}, "'in' is wrong"),
    (STEP, {"out": 1}, "names a value that does not"),
    (STEP, {"out": True}, "names a value that does not"),
    (STEP, {"out": ...}, "'out' is missing"),
    (STEP, {"args": []}, "'args' is wrong"),
    (STEP, {"inplace": 1}, "'inplace' is wrong"),
    (STEP, {"by": "resize"}, "'by' is wrong"),
    (STEP, {"facts": None}, "'facts' is wrong"),
]


@pytest.mark.parametrize(("line", "fields", "message"), WRONG)
def test_a_field_that_is_wrong(lines, tmp_path, line, fields, message):
    lines[line] = change(lines[line], **fields)
    with pytest.raises(ValueError, match=rf"b\.trace' is not a trace: line {line + 1}: .*({message})"):
        load_lines(tmp_path, lines)


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"{}\n",
        b"null\n",
        b"[1]\n",
        b'{"value":\n',
        b'{"value":1,"samples":"\n',
        b"\xff\xfe\n",
        b"\0" * 100 + b"\n",
        b'{"warning":3}\n',
        b'{"warning":"a","b":1}\n',
        b'{"libraries":{"a":{}}}\n',
        b'{"end":9}\n',
        b'{"trace":1}\n',
        b'{"step":NaN}\n',
        b'{"value":1e999}\n',
        b'{"step":' + b"9" * 9999 + b"}\n",
        b"[" * 100_000 + b"\n",
        b'{"warning":' + b"[" * 100_000 + b"\n",
        b" " * (16 << 20) + b"{}\n",
    ],
    ids=lambda line: repr(line[:30]),
)
def test_a_line_that_is_none(lines, tmp_path, line):
    with pytest.raises(ValueError, match=r"b\.trace' is not a trace: line 3: \S"):
        load_lines(tmp_path, [*lines[:2], line, *lines[2:]])


def test_nothing_comes_after_the_end_and_nothing_before_the_beginning(lines, tmp_path):
    with pytest.raises(ValueError, match="comes after the end"):
        load_lines(tmp_path, [*lines, lines[-1]])
    with pytest.raises(ValueError, match="does not begin a trace"):
        load_lines(tmp_path, lines[1:])


def test_samples_that_would_fill_the_memory(lines, tmp_path, monkeypatch):
    bomb = samples(bytes(1 << 24))
    record = {"shape": [1 << 40], "axes": "", "planes": ..., "tiles": ..., "samples": bomb}
    lines[VALUE] = change(lines[VALUE], **record)
    with pytest.raises(ValueError, match="line 2: the samples of the trace are more than 268435456 bytes"):
        load_lines(tmp_path, lines)
    write(tmp_path / "a.trace")
    monkeypatch.setenv("ISOPIXEL_MAX_PIXELS", "8400")
    with pytest.raises(ValueError, match=r"samples of the trace are more than 8400 bytes.*ISOPIXEL_MAX_PIXELS"):
        load(tmp_path / "a.trace")
    with pytest.raises(ValueError, match="keep is 0"):
        isopixel.trace(keep=8401)


@pytest.mark.slow
def test_a_hundred_thousand_steps(tmp_path):
    with isopixel.trace(tmp_path / "a.trace"):
        isopixel.step("a", IMAGE[:4, :4])
    header, *lines, _ = (tmp_path / "a.trace").read_bytes().splitlines(keepends=True)
    value, step = (json.loads(line) for line in lines)
    del value["samples"]
    records = []
    for number in range(100_000):
        digest = f"sha256:{number:064x}"
        records.append(json.dumps(value | {"value": number, "fingerprint": digest}, separators=(",", ":")))
        records.append(json.dumps(step | {"step": number, "in": [max(0, number - 1)], "out": number}))
    content = header + "\n".join(records).encode() + b"\n"
    (tmp_path / "b.trace").write_bytes(content)
    trace = load(tmp_path / "b.trace")
    assert len(trace.steps) == len(trace.values) == 100_000 and trace.steps[-1].inputs == (99_998,)


def test_a_reader_of_texts_keeps_them_as_they_are(lines, tmp_path):
    odd = "\ud800 \x1b[31m 图像"
    lines[STEP] = change(lines[STEP], name=odd)
    assert load_lines(tmp_path, lines).steps[0].name == odd


def folder(tmp_path, *names, array=IMAGE):
    for number, name in enumerate(names):
        np.save(tmp_path / name, array + number)
    return tmp_path


def test_a_folder_is_a_trace(tmp_path):
    trace = load(folder(tmp_path, "00-größe.npy", "2-two.npy", "10-ten.npy", "11.npy"))
    assert isinstance(trace, Trace) and trace.isopixel == ""
    assert [step.name for step in trace.steps] == ["größe", "two", "ten", "11"]
    assert [step.inputs for step in trace.steps] == [(), (0,), (1,), (2,)]
    assert [step.output for step in trace.steps] == [0, 1, 2, 3]
    np.testing.assert_array_equal(trace.values[2].array, IMAGE + 2)
    assert trace.values[0].kind == "npy" and trace.values[0].fingerprint == isopixel.fingerprint(IMAGE)


def test_other_files_of_a_folder_are_no_steps(tmp_path):
    folder(tmp_path, "1-a.npy")
    (tmp_path / "readme.txt").write_text("x", encoding="ascii")
    (tmp_path / "inner").mkdir()
    assert len(load(tmp_path).steps) == 1


@pytest.mark.parametrize("array", [np.zeros((0, 3)), np.zeros((3, 2), ">f4"), np.asfortranarray(IMAGE), IMAGE > 3])
def test_arrays_of_a_folder(tmp_path, array):
    np.save(tmp_path / "1-a.npy", array)
    (value,) = load(tmp_path).values
    np.testing.assert_array_equal(value.array, array)
    assert value.shape == array.shape


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not a .npy file"),
        (b"\x93NUMPY\3\0", "not a .npy file of version 1 or 2"),
        (b"\x93NUMPY\1\0\xff\xff", "header is too long"),
        (b"\x93NUMPY\1\0\x10\0{'descr': '|u1', ", "header is broken"),
        (b"\x93NUMPY\2\0\xff\xff\xff\xff", "header is too long"),
    ],
)
def test_files_of_a_folder_that_are_no_arrays(tmp_path, content, message):
    (tmp_path / "1-a.npy").write_bytes(content)
    with pytest.raises(ValueError, match=rf"1-a\.npy' is not a step of a trace: .*{message}"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("descr", "shape", "message"),
    [
        ("'|O'", "(1,)", "objects, not numbers"),
        ("'|u1'", "(-1,)", "shape is not one"),
        ("'|u1'", f"({1 << 70},)", "cut short"),
        ("'|u1'", "(9999,)", "cut short: it has 100 bytes"),
        ("'<M8[s]'", "(1,)", "dtype datetime64"),
        ("'<U4'", "(1,)", "dtype <U4"),
        ("'|u1'", "()", "no axes"),
        ("[('a', '|u1')]", "(1,)", "no trace holds"),
    ],
)
def test_heads_of_arrays_that_no_trace_holds(tmp_path, descr, shape, message):
    head = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}".encode()
    head = head.ljust(117) + b"\n"
    (tmp_path / "1-a.npy").write_bytes(b"\x93NUMPY\1\0" + len(head).to_bytes(2, "little") + head + bytes(100))
    with pytest.raises(ValueError, match=rf"1-a\.npy' is not a step of a trace: .*{message}"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("{'descr': '|u1', 'fortran_order': False, 'shape': (10L, 10L), }", None),  # by NumPy of Python 2
        ("{'descr': '|u1', 'fortran_order': False, 'shape': (10L, 10), '\\d': 1}", "header is broken"),
        ("{'descr': '|u1', 'fortran_order': False, 'shape': (1or 2,), }", "header is broken"),
    ],
)
@pytest.mark.filterwarnings("error")
def test_warnings_of_heads(tmp_path, head, message):
    """What NumPy or Python warns of is read, or refused by an error; no warning reaches the user."""
    data = head.encode().ljust(117) + b"\n"
    (tmp_path / "1-a.npy").write_bytes(b"\x93NUMPY\1\0" + len(data).to_bytes(2, "little") + data + bytes(100))
    if message is None:
        assert load(tmp_path).values[0].shape == (10, 10)
    else:
        with pytest.raises(ValueError, match=message):
            load(tmp_path)


def test_a_folder_within_the_memory(tmp_path, monkeypatch):
    folder(tmp_path, "1-a.npy", "2-a.npy")
    monkeypatch.setenv("ISOPIXEL_MAX_PIXELS", "16799")
    with pytest.raises(ValueError, match=r"2-a\.npy.*samples of the trace are more than 16799 bytes"):
        load(tmp_path)


def test_an_empty_folder(tmp_path):
    with pytest.raises(ValueError, match="no file in it has a name such as 01-resize"):
        load(tmp_path)


def test_no_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "none")


def write_findings(path, keep=0):
    """A trace of samples that are not kept, and are explained: divided by 255, then by something unknown."""
    with isopixel.trace(path, keep=keep) as recording:
        image = isopixel.step("image", IMAGE)
        image = isopixel.step("floats", image / np.float32(255))
        isopixel.step("noise", image + NOISE)
    return recording.trace


def test_what_samples_showed_is_read_again(tmp_path):
    trace = write_findings(tmp_path / "a.trace")
    again = load(tmp_path / "a.trace")
    assert again == trace and again.findings == trace.findings
    found = {
        (finding.before, finding.after): [list(map(str, chain)) for chain in finding.chains]
        for finding in trace.findings
    }
    assert found[0, 1][0] == ["scale divided-by-255 arithmetic=float32"]
    assert found[1, 2] == [] and all(value.array is None for value in trace.values)
    assert b"samples" not in (tmp_path / "a.trace").read_bytes()


def test_what_is_kept_is_not_told_by_findings(tmp_path):
    """Whoever has the samples explains them; a trace that has some of them tells the rest."""
    assert write_findings(tmp_path / "a.trace", 1 << 20).findings == ()
    some = write_findings(tmp_path / "a.trace", IMAGE.size * 5).findings
    assert (1, 2) in {(finding.before, finding.after) for finding in some}
    assert (0, 1) not in {(finding.before, finding.after) for finding in some}


def bordered(image, value):
    """The image in floats, within a border."""
    framed = np.full((50, 90, 3), value, np.float32)
    framed[5:45, 10:80] = image
    return framed


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (np.ravel, "reshape"),
        (lambda image: image.reshape(20, 2, 70, 3), "reshape"),
        (lambda image: bordered(image, -3e38), "pad"),
        (lambda image: bordered(image, -np.inf), None),
    ],
)
def test_findings_of_any_shape_and_number_are_read_again(tmp_path, change, name):
    """But for infinite ones, which JSON does not have: these are left out."""
    with isopixel.trace(tmp_path / "a.trace", keep=0) as recording:
        isopixel.step("changed", change(isopixel.step("image", IMAGE)))
    again = load(tmp_path / "a.trace")
    assert again == recording.trace and again.warnings == ()
    names = {one.kind for finding in again.findings for chain in finding.chains for one in chain}
    assert name in names if name else not names


SCALE = ["scale", "divided-by-255", {"arithmetic": "float32"}]
FINDING = {"finding": [0, 1], "chains": [[SCALE]], "note": ""}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"finding": [0, 9]}, "names a value that does not come before it"),
        ({"finding": [-1, 0]}, "'finding' is wrong"),
        ({"finding": [0, 1, 2]}, "'finding' is wrong"),
        ({"finding": [0, True]}, "'finding' is wrong"),
        ({"chains": {}}, "'chains' is wrong"),
        ({"chains": [SCALE]}, "'chains' is wrong"),
        ({"chains": [[SCALE]] * 65}, "'chains' is wrong"),
        ({"chains": [[SCALE] * 33]}, "'chains' is wrong"),
        ({"chains": [[]]}, "'chains' is wrong"),
        ({"chains": [[["explode", "x", {}]]]}, "'chains' is wrong"),
        ({"chains": [[[["scale"], "x", {}]]]}, "'chains' is wrong"),
        ({"chains": [[["scale", 3, {}]]]}, "'chains' is wrong"),
        ({"chains": [[["scale", "x", []]]]}, "'chains' is wrong"),
        ({"chains": [[["crop", "crop", {"size": 3}]]]}, "'chains' is wrong"),
        ({"chains": [[["pad", "pad", {"at": [1, 2, 3]}]]]}, "'chains' is wrong"),
        ({"chains": [[["pad", "pad", {"size": ["x", "y"]}]]]}, "'chains' is wrong"),
        ({"chains": [[["levels", "plus", {"value": [1]}]]]}, "'chains' is wrong"),
        ({"chains": [[["reshape", "reshape", {"shape": "x"}]]]}, "'chains' is wrong"),
        ({"chains": [[["cast", "x", {"a": None}]]]}, "'chains' is wrong"),
        ({"chains": [[["cast", "x", {"a": [[1]]}]]]}, "'chains' is wrong"),
        ({"chains": [[["cast", "x", {"a": math.inf}]]]}, "'chains' is wrong|not a number of JSON"),
        ({"chains": [[["cast", "x", {"a": 10**20}]]]}, "'chains' is wrong"),
        ({"note": 3}, "'note' is wrong"),
        ({"more": 3}, "'more' is not known"),
    ],
)
def test_a_finding_that_is_wrong(lines, tmp_path, fields, message):
    *lines, end = lines
    assert load_lines(tmp_path, [*lines, json.dumps(FINDING).encode() + b"\n", end]).findings[-1].chains
    lines += [json.dumps(FINDING | fields).encode() + b"\n", end]
    with pytest.raises(ValueError, match=rf"b\.trace' is not a trace: line {len(lines) - 1}: .*({message})"):
        load_lines(tmp_path, lines)
