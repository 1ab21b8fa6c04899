# SPDX-License-Identifier: MIT
"""Images with alpha, which Pillow multiplies by before it resizes: nobody gets the other result without asking."""

import numpy as np
import pytest

import isopixel
from tests.program import assert_refused, run
from tests.support import assert_same

PILLOW = "pillow-13-bilinear"
SIZE = (5, 7)
ALPHA_FORMS = {m.name.removesuffix("-alpha"): m.name for m in isopixel.methods() if m.name.endswith("-alpha")}


def noise(*shape):
    return np.random.default_rng(5).integers(0, 256, shape, np.uint8)


def output_of(*arguments):
    result = run(*arguments)
    assert result.returncode == 0, result
    return result.stdout


def save_png(path, image, mode):
    pytest.importorskip("PIL.Image").fromarray(image, mode).save(path)


def with_alpha(name):
    return f"{name}-alpha"


@pytest.mark.parametrize("name", ALPHA_FORMS)
@pytest.mark.parametrize(
    ("shape", "axes"), [((9, 8, 4), None), ((2, 9, 8, 4), "NHWC"), ((4, 9, 8), "CHW"), ((2, 4, 9, 8), "NCHW")]
)
def test_four_channels_are_refused_until_they_have_a_name(name, shape, axes):
    image = noise(*shape)
    words = f"use {with_alpha(name)!r}.*or channels='CMYK'"
    with pytest.raises(ValueError, match=words):
        isopixel.resize(image, SIZE, method=name, axes=axes)
    made = isopixel.resize(image, SIZE, method=name, axes=axes, channels="CMYK")
    assert_same(isopixel.resize(image, SIZE, method=name, axes=axes, channels="RGBX"), made, "RGBX")
    # Each channel for itself.
    at = (axes or "HWC").index("C")
    for c in range(4):
        plane = np.ascontiguousarray(image.take(c, at))
        assert_same(made.take(c, at), isopixel.resize(plane, SIZE, method=name, axes="NHW"[-plane.ndim :]), f"{c}")


def test_two_planes_are_refused():
    """Pillow's one mode of 2 channels is LA; images of one channel are a batch."""
    with pytest.raises(ValueError, match=f"use '{PILLOW}-alpha', with the channels last.*axes='NHW'"):
        isopixel.resize(noise(2, 9, 8), SIZE, method=PILLOW, axes="CHW")
    assert isopixel.resize(noise(2, 9, 8), SIZE, method=PILLOW, axes="NHW").shape == (2, *SIZE)


@pytest.mark.parametrize("name", ["bilinear", "opencv-3.4-linear", with_alpha(PILLOW)])
def test_other_methods_need_no_name(name):
    assert isopixel.resize(noise(9, 8, 4), SIZE, method=name).shape == (*SIZE, 4)


@pytest.mark.parametrize(
    ("channels", "shape", "error", "words"),
    [
        ("RGBA", (9, 8, 4), ValueError, "channels must be 'CMYK' or 'RGBX', got 'RGBA'.*-alpha"),
        ("cmyk", (9, 8, 4), ValueError, "got 'cmyk'"),
        (4, (9, 8, 4), TypeError, "channels must be a text.*got 4"),
        ("CMYK", (9, 8, 3), ValueError, "channels='CMYK' needs an image of 4 channels, got 3"),
        ("CMYK", (9, 8), ValueError, "channels='CMYK' needs an image of 4 channels, got 1"),
    ],
)
def test_wrong_names(channels, shape, error, words):
    for method in (PILLOW, "bilinear"):
        with pytest.raises(error, match=words):
            isopixel.resize(noise(*shape), SIZE, method=method, channels=channels)


@pytest.mark.parametrize("compiled", [False, True])
def test_tensors(compiled):
    torch = pytest.importorskip("torch")
    if compiled and not hasattr(torch.compiler, "set_stance"):
        pytest.skip("torch.compile of this release is not tested")
    from isopixel.torch import Resize, resize

    def wrapped(function):
        return torch.compile(function, backend="eager", fullgraph=True) if compiled else function

    tensor = torch.from_numpy(noise(2, 9, 8, 4)).permute(0, 3, 1, 2)
    for function in (lambda x: resize(x, SIZE, method=PILLOW), Resize(SIZE, PILLOW)):
        with pytest.raises(Exception, match=f"use '{PILLOW}-alpha'.*or channels='CMYK'"):
            wrapped(function)(tensor)
    expected = isopixel.resize(tensor.permute(0, 2, 3, 1).numpy(), SIZE, method=PILLOW, channels="CMYK")
    for function in (lambda x: resize(x, SIZE, method=PILLOW, channels="CMYK"), Resize(SIZE, PILLOW, channels="CMYK")):
        assert_same(wrapped(function)(tensor).permute(0, 2, 3, 1).numpy(), expected, "CMYK")
    out = torch.empty(2, 4, *SIZE, dtype=torch.uint8)
    assert_same(
        resize(tensor, SIZE, method=PILLOW, channels="CMYK", out=out).permute(0, 2, 3, 1).numpy(), expected, "out"
    )
    assert resize(tensor, SIZE, method=f"{PILLOW}-alpha").shape == (2, 4, *SIZE)


@pytest.mark.parametrize(("mode", "shape"), [("RGBA", (9, 8, 4)), ("LA", (9, 8, 2))])
@pytest.mark.parametrize("name", ALPHA_FORMS)
def test_a_picture_is_resized_as_its_mode_asks(tmp_path, name, mode, shape):
    image = noise(*shape)
    save_png(tmp_path / "in.png", image, mode)
    lines = output_of("resize", tmp_path / "in.png", "-o", tmp_path / "out.npy", "--size", "5,7", "--method", name)
    assert f"method       {with_alpha(name)}" in lines.splitlines()
    assert_same(np.load(tmp_path / "out.npy"), isopixel.resize(image, SIZE, method=with_alpha(name)), mode)


@pytest.mark.parametrize(("mode", "shape"), [("RGBA", (9, 8, 4)), ("LA", (9, 8, 2))])
def test_a_picture_is_resized_as_by_the_installed_pillow(tmp_path, mode, shape):
    pil = pytest.importorskip("PIL.Image")
    version = pytest.importorskip("PIL").__version__
    try:
        name = isopixel.method_for("pillow", version, "bilinear")
    except ValueError:
        pytest.skip(f"Pillow {version} was not measured")
    save_png(tmp_path / "in.png", noise(*shape), mode)
    output_of("resize", tmp_path / "in.png", "-o", tmp_path / "out.png", "--size", "5,7", "--method", name)
    with pil.open(tmp_path / "in.png") as source, pil.open(tmp_path / "out.png") as made:
        assert made.tobytes() == source.resize(SIZE[::-1], pil.BILINEAR).tobytes()


def test_compare_chooses_the_forms_for_alpha(tmp_path):
    save_png(tmp_path / "in.png", noise(9, 8, 4), "RGBA")
    arguments = ("compare", tmp_path / "in.png", "--size", "5,7", "-o", tmp_path / "figure.png")
    named = output_of(*arguments, "--method", PILLOW, "--method", "bilinear")
    assert [line.split()[0] for line in named.splitlines()] == [with_alpha(PILLOW), "bilinear"]
    by_default = [line.split()[0] for line in output_of(*arguments).splitlines()]
    assert {form for name, form in ALPHA_FORMS.items() if name.endswith("-bilinear")} <= set(by_default)
    assert not set(ALPHA_FORMS) & set(by_default)


def test_an_array_in_a_file_does_not_know(tmp_path):
    np.save(tmp_path / "in.npy", noise(9, 8, 4))
    arguments = (tmp_path / "in.npy", "--size", "5,7", "-o", tmp_path / "out.png")
    for command in ("resize", "compare"):
        assert_refused(run(command, *arguments, "--method", PILLOW), f"use '{PILLOW}-alpha'")
    by_default = output_of("compare", *arguments)
    assert f"{PILLOW}-alpha" in by_default
    assert f"{PILLOW} " not in by_default
