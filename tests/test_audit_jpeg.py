# SPDX-License-Identifier: MIT
"""What the audit finds of decoders of JPEG: of stand-ins for the libraries, each of a known function, or of none."""

import io
import sys
import types

import numpy as np
import pytest
from PIL import Image
from spec import jpeg, jpeg_samples

import isopixel
from isopixel import _audit
from isopixel._audit_jpeg import DECODERS, ORIENTED, PICTURES, SPEC, jpeg_checks, read, with_orientation
from isopixel._cli import audit
from tests.program import run


def decoded(data, mode="rgb", orientation="ignore"):
    return isopixel.read_picture(data, mode, orientation=orientation)


def opencv(change=lambda image, data: image, orientation="apply"):
    def imdecode(data, flags):
        assert flags == "colour"
        return change(decoded(data.tobytes(), "bgr", orientation), data.tobytes())

    return types.SimpleNamespace(imdecode=imdecode, IMREAD_COLOR="colour")


def found(monkeypatch, library, **modules):
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name.replace("__", "."), module)
    return {check.filter: check for check in jpeg_checks(library)}


def lines_of(library, checks):
    return [*audit.rows(report := reported(library, checks)), *audit.departures(report), audit.summary(report)]


def reported(library, checks):
    return [_audit.Audited(library, "9.9", [_audit.Variant("as it is", {}, list(checks.values()))])]


def test_the_pictures_are_of_all_samplings():
    """That encoders choose."""
    frames = [jpeg.read(read(name))[0] for name in PICTURES]
    factors = {(frame.most_h, frame.most_v) for frame in frames}
    assert factors == {(1, 1), (2, 1), (2, 2), (1, 2)}
    assert any(frame.progressive for frame in frames)


@pytest.mark.parametrize("orientation", ["apply", "ignore"])
def test_a_right_decoder(orientation, monkeypatch):
    checks = found(monkeypatch, "opencv", cv2=opencv(orientation=orientation))
    assert [*checks] == ["jpeg", "jpeg orientation"]
    assert checks["jpeg"].equals == SPEC and checks["jpeg"].departure is None and checks["jpeg"].threads is None
    assert checks["jpeg"].cases == len(PICTURES)
    assert checks["jpeg"].samples == sum(decoded(read(name)).size for name in PICTURES)
    assert checks["jpeg orientation"].equals == f"orientation={orientation}"
    assert [row[2:] for row in audit.rows(reported("opencv", checks))] == [
        ("jpeg", SPEC),
        ("jpeg orientation", f"orientation={orientation}"),
    ]


def test_torchvision_and_tensorflow(monkeypatch):
    """By their own calls, and TensorFlow's by both of its inverse DCTs."""
    torch = pytest.importorskip("torch")

    def decode_jpeg(tensor, mode):
        assert mode == "RGB"
        return torch.from_numpy(decoded(tensor.numpy().tobytes())).permute(2, 0, 1)

    tv = types.SimpleNamespace(decode_jpeg=decode_jpeg, ImageReadMode=types.SimpleNamespace(RGB="RGB"))
    checks = found(monkeypatch, "torchvision", torchvision__io=tv)
    assert {name: check.equals for name, check in checks.items()} == {
        "jpeg": SPEC,
        "jpeg orientation": "orientation=ignore",
    }
    asked = []

    def of_tensorflow(data, channels, dct_method):
        asked.append(dct_method)
        image = decoded(data) ^ (dct_method == "")
        assert channels == 3
        return types.SimpleNamespace(numpy=lambda: image)

    tf = types.SimpleNamespace(io=types.SimpleNamespace(decode_jpeg=of_tensorflow))
    checks = found(monkeypatch, "tensorflow", tensorflow=tf)
    assert {*asked} == {"", "INTEGER_ACCURATE"}
    assert {name: check.equals for name, check in checks.items()} == {
        "jpeg": None,
        "jpeg INTEGER_ACCURATE": SPEC,
        "jpeg orientation": "orientation=ignore",
    }
    assert found(monkeypatch, "torch") == {} and "torch" not in DECODERS


def by_reference(data):
    shape, samples = jpeg.decode(data)
    return np.frombuffer(samples, np.uint8).reshape(shape)


def upsampled_before(rows, fx, fy):
    """As libjpeg-turbo did it in its earlier releases: half of the rows of 4:4:0 are rounded differently."""
    if (fx, fy) != (1, 2):
        return jpeg_samples.upsampled(rows, fx, fy)
    pairs = zip(rows, [rows[0], *rows[:-1]], [*rows[1:], rows[-1]], strict=True)
    return [[(3 * s + t + 1) >> 2 for s, t in zip(row, o, strict=True)] for row, *near in pairs for o in near]


def test_the_function_of_old_releases_of_opencv(monkeypatch):
    """The reference with another upsampling of 4:4:0 has the fingerprint that was measured."""
    monkeypatch.setattr(jpeg, "upsampled", upsampled_before)
    checks = found(monkeypatch, "opencv", cv2=opencv(lambda image, data: by_reference(data)[..., ::-1]))
    check = checks["jpeg"]
    assert check.equals == f"{SPEC} but in 4:4:0, as OpenCV 3.4.3 to 3.4.8 and 4.0 to 4.2" and check.passed
    assert (check.departure.method, check.departure.cases, check.departure.first) == (SPEC, 1, "factors-12-11-11.jpg")
    row, *_, departs, first, last = lines_of("opencv", {"jpeg": check})
    assert row[2:] == ("jpeg", check.equals)
    assert departs.startswith(f"OpenCV 9.9, as it is, jpeg: departs from {SPEC} in 1 of 9 cases, ")
    assert first.startswith("    the first is factors-12-11-11.jpg: at (") and last.startswith("pass  ")


def fast_pass(i):
    """The pass of Arai, Agui and Nakajima, with 8 bits of each constant and no rounding."""
    a, b, c = i[0] + i[4], i[0] - i[4], i[2] + i[6]
    d = ((i[2] - i[6]) * 362 >> 8) - c
    even = a + c, b + d, b - d, a - c
    z13, z10, z11, z12 = i[5] + i[3], i[5] - i[3], i[1] + i[7], i[1] - i[7]
    t7, z5 = z11 + z13, (z10 + z12) * 473 >> 8
    t6 = (z10 * -669 >> 8) + z5 - t7
    t5 = ((z11 - z13) * 362 >> 8) - t6
    t4 = (z12 * 277 >> 8) - z5 + t5
    odd = t7, t6, t5, -t4
    return [e + o for e, o in zip(even, odd, strict=True)] + [e - o for e, o in zip(even, odd, strict=True)][::-1]


def fast_dct(block, quantisation):
    """The inverse DCT of libjpeg's jidctfst.c, whose quantisation has the factors of that pass."""
    scale = [1.0, 1.387039845, 1.306562965, 1.175875602, 1.0, 0.785694958, 0.541196100, 0.275899379]
    factors = [round(scale[v] * scale[u] * 2**14) for v in range(8) for u in range(8)]
    c = [k * ((q * f + 2**11) >> 12) for k, q, f in zip(block, quantisation, factors, strict=True)]
    columns = [fast_pass(c[u::8]) for u in range(8)]
    rows = [fast_pass([column[y] for column in columns]) for y in range(8)]
    return [[jpeg_samples.clip((o >> 5) + 128) for o in row] for row in rows]


@pytest.mark.parametrize(
    ("is_old", "name"),
    [
        (False, "the fast inverse DCT, as TensorFlow from 2.2 by default"),
        (True, "the fast inverse DCT and the 4:4:0 of OpenCV up to 4.2, as TensorFlow 1.15 by default"),
    ],
)
def test_the_functions_of_tensorflow(is_old, name, monkeypatch):
    """The reference with libjpeg's fast inverse DCT has the fingerprints that were measured."""
    monkeypatch.setattr(jpeg_samples, "inverse_dct", fast_dct)
    if is_old:
        monkeypatch.setattr(jpeg, "upsampled", upsampled_before)
    check = found(monkeypatch, "opencv", cv2=opencv(lambda image, data: by_reference(data)[..., ::-1]))["jpeg"]
    assert check.equals == name and check.passed
    assert (check.departure.cases, check.departure.worst) == (9, 58)


@pytest.mark.parametrize("name", PICTURES)
def test_one_wrong_sample_of_any_picture_is_another_function(name, monkeypatch):
    def change(image, data):
        if data == read(name):
            image[-1, -1, 0] ^= 3
        return image

    checks = found(monkeypatch, "opencv", cv2=opencv(change))
    check = checks["jpeg"]
    right = int(decoded(read(name))[-1, -1, 2])
    assert check.equals is None and not check.passed
    assert check.departure.first == f"{name}.jpg" and check.departure.values == (right ^ 3, right)
    levels = abs((right ^ 3) - right)
    row, *_, last = lines_of("opencv", checks)
    assert row[3] == f"another function than {SPEC}: 1 of 9 test pictures differ, by up to {levels} levels"
    assert last == "FAIL         not equal to a frozen peer or a known decoder: OpenCV 9.9"


def fails(image, data):
    raise RuntimeError("no JPEG here")


@pytest.mark.parametrize("change", [fails, lambda image, data: None])
def test_a_library_without_a_decoder(change, monkeypatch):
    checks = found(monkeypatch, "opencv", cv2=opencv(change))
    assert [*checks] == ["jpeg"]
    check = checks["jpeg"]
    assert not check.passed and (check.departure.cases, check.departure.worst) == (9, None)
    row, _, first, _ = lines_of("opencv", checks)
    assert row[3] == f"another function than {SPEC}: 9 of 9 test pictures differ"
    assert ("RuntimeError: no JPEG here" if change is fails else "TypeError: ") in first


def test_neither_turned_nor_left(monkeypatch):
    """A library that mirrors where it should rotate."""

    def change(image, data):
        turned = with_orientation(read(ORIENTED), 6)
        return image[:, ::-1] if data == turned else image

    check = found(monkeypatch, "opencv", cv2=opencv(change))["jpeg orientation"]
    assert check.equals is None and not check.passed
    assert check.departure.method == "orientation=apply"
    assert (check.cases, check.departure.cases) == (8, 1)
    assert check.departure.first == f"{ORIENTED}.jpg with the orientation 6"


def test_the_orientation_of_a_decoder_with_another_function(monkeypatch):
    """It is found beside what the decoder itself makes of the picture without a turn."""
    checks = found(monkeypatch, "opencv", cv2=opencv(lambda image, data: image ^ 1))
    assert checks["jpeg"].equals is None
    assert checks["jpeg orientation"].equals == "orientation=apply"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_orientation_of_the_pictures(orientation):
    data = with_orientation(read(ORIENTED), orientation)
    assert Image.open(io.BytesIO(data)).getexif()[0x0112] == orientation
    images = [decoded(read(ORIENTED), orientation="apply"), decoded(data, orientation="apply")]
    assert (orientation == 1) == np.array_equal(*images)
    assert np.array_equal(decoded(data), images[0])


def test_the_program_fails_for_another_function(tmp_path, monkeypatch):
    (tmp_path / "tensorflow.py").write_text(
        """
import types
import isopixel
__version__ = "2.99"
def decode_jpeg(data, channels, dct_method):
    image = isopixel.read_picture(data, orientation="ignore")
    image[0, 0, 0] ^= dct_method == "" and image.shape[0] == 33
    return types.SimpleNamespace(numpy=lambda: image)
io = types.SimpleNamespace(decode_jpeg=decode_jpeg)
"""
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(_audit, "MODULES", {"tensorflow": "tensorflow"})
    result = run("audit")
    assert (result.returncode, result.stderr) == (1, "")
    lines = result.stdout.splitlines()
    words = f"another function than {SPEC}: 1 of 9 test pictures differ, by up to 1 levels"
    assert any(line.endswith(f"as it is  jpeg                   {words}") for line in lines)
    assert any(line.endswith(f"jpeg INTEGER_ACCURATE  {SPEC}") for line in lines)
    assert any(line.endswith("jpeg orientation       orientation=ignore") for line in lines)
    assert lines[-1] == "FAIL         not equal to a frozen peer or a known decoder: TensorFlow 2.99"
