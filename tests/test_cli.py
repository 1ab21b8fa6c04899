# SPDX-License-Identifier: MIT
"""The program isopixel, run as a user runs it."""

import contextlib
import hashlib
import json
import os
import re
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from spec import reference

import isopixel
from isopixel import _decoding, _pictures, _verify
from isopixel._cli import commands as cli
from isopixel._cli.images import LONG
from tests.program import PROGRAM, assert_refused, run, run_program

KINDS = ["resize", "layout", "frozen", "fingerprint", "recipe", "normalize", "refused"]
KINDS += ["image_line", "image_refused", "sizes", "picture", "image", "jpeg", "pow2", "part", "part_line", "corpus"]
KINDS += ["sound", "sound_line"]


@pytest.mark.parametrize(
    "command",
    [
        ["--version"],
        ["bytes", "-h"],
        [],
        ["bytes", "program.exe", "--size", "24", "-o", "out.png"],
        ["bytes", "program.exe", "missing", "-o", "folder"],
        ["apply", "in.png", "--recipe", "isopixel 1: image gray | bilinear short=8", "-o", "out.npy"],
        ["apply", "program.exe", "--recipe", "isopixel 1: image gray | bilinear short=8"],
        ["recipe", "isopixel 1: image gray | bilinear short=8", "--for", "30,40"],
        ["resize", "in.png", "--size", "7,9", "-o", "out.npy"],
        ["show", "in.png"],
        ["golden", "record", "program.exe", "--recipe", "isopixel 1: line", "-o", "golden.json"],
        ["golden", "check", "in.png"],
        ["verify"],
        ["audit", "opencv"],
        ["compare", "in.png", "--size", "4", "-o", "out.png"],
        ["diff", "in.png", "other.png"],
        ["explain", "in.png", "other.png"],
        pytest.param(["skew", "missing.pt2", "program.exe", "--recipe", "isopixel 1: line"], marks=pytest.mark.slow),
    ],
    ids=" ".join,
)
def test_as_a_user_runs_it(command, file, monkeypatch):
    """In a process of its own, each command gives what it gives in this one."""
    monkeypatch.chdir(file.parent)
    image = isopixel.from_file(file, "nataraj", (30, 40))
    for name, array in (("in.png", image), ("other.png", image ^ 1)):
        isopixel.save(name, array)
    alone, here = run_program(*command), run(*command)
    assert (alone.returncode, alone.stdout, alone.stderr) == (here.returncode, here.stdout, here.stderr)
    assert alone.stdout or alone.stderr


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "program.exe"
    path.write_bytes(np.random.default_rng(1).integers(0, 256, 12_345, np.uint8).tobytes())
    return path


@pytest.mark.parametrize("suffix", [".png", ".npy", ".PNG"])
@pytest.mark.parametrize(
    ("options", "size", "method"),
    [
        ([], None, "bilinear"),
        (["--size", "24,30"], (24, 30), "bilinear"),
        (["--size", " 24, 30 ", "--method", "bilinear-two-tap", "--layout", "nataraj"], (24, 30), "bilinear-two-tap"),
    ],
)
def test_bytes(file, options, size, method, suffix, tmp_path):
    expected = isopixel.from_file(file, "nataraj", size, method=method)
    output = tmp_path / f"out{suffix}"
    result = run("bytes", file, "-o", output, *options)
    assert result.returncode == 0, result.stderr
    assert result.stdout == f"shape        {expected.shape}\nfingerprint  {isopixel.fingerprint(expected)}\n"
    assert result.stderr == ""
    saved = np.load(output) if suffix == ".npy" else np.asarray(Image.open(output))
    assert np.array_equal(saved, expected)
    assert run("bytes", file, *options).stdout == result.stdout
    beside = {"out.npy.json"} if suffix == ".npy" else set()
    assert {path.name for path in tmp_path.iterdir()} == {file.name, output.name} | beside


@pytest.mark.parametrize("shape", [(20, 30), (20, 30, 2), (20, 30, 3), (20, 30, 4)])
@pytest.mark.parametrize("method", ["bilinear", "bilinear-two-tap"])
def test_resize(shape, method, tmp_path):
    image = np.random.default_rng(2).integers(0, 256, shape, np.uint8)
    expected = isopixel.resize(image, (7, 9), method=method)
    Image.fromarray(image).save(tmp_path / "in.png")
    np.save(tmp_path / "in.npy", image)
    for source in ("in.png", "in.npy"):
        for target in ("out.png", "out.npy"):
            result = run("resize", tmp_path / source, "-o", tmp_path / target, "--size", "7,9", "--method", method)
            assert result.returncode == 0, result.stderr
            assert isopixel.fingerprint(expected) in result.stdout
            assert np.array_equal(_decoding.read_pixels(tmp_path / target), expected)


def test_refused(file, tmp_path):
    output = tmp_path / "out.png"
    assert_refused(run("bytes", file, "-o", output, "--size", "24x30"), "24x30", "write H,W")
    for size in ("1_0", "²", "0", "-1", "3,0", "3,4,5", "a", "", "3.5"):
        assert_refused(run("bytes", file, "-o", output, f"--size={size}"), "--size", "each at least 1")
    assert_refused(run("bytes", file, "-o", output, "--size", f"{2**63},1"), "from 1 to 2147483647")
    assert_refused(run("bytes", file, "-o", output, "--size", "24"), "'24' is one number", "for a square --size 24,24")
    for suffix in (".jpg", ".JPEG", ".webp"):
        assert_refused(run("bytes", file, "-o", tmp_path / f"out{suffix}"), "changes pixels", ".png or .npy")
    assert_refused(run("bytes", file, "-o", tmp_path / "out.gif"), "must end in .png or .npy")
    assert_refused(run("bytes", file, "-o", tmp_path / "nowhere" / "out.png"), "no folder")
    assert_refused(run("bytes", file, "--layout", "round"), "unknown layout 'round'", "nataraj")
    assert_refused(run("bytes", file, "--method", "bilinear-two-tap"), "needs a size")
    assert_refused(run("bytes", tmp_path / "missing"), "missing")
    assert_refused(run("bytes", tmp_path), "-o has to name a folder")
    assert_refused(run("bytes", file, file, "-o", output), "-o has to name a folder")
    assert_refused(run("bytes", file, "--recipe", "isopixel 1: line", "--size", "3,3"), "leave out --layout, --size")
    assert_refused(run("bytes", file, "--recipe", "isopixel 3: line"), "version 3")
    assert_refused(run("bytes", "line\nbreak"), "line")
    (tmp_path / "folder.png").mkdir()
    np.save(tmp_path / "in.npy", np.zeros((3, 3), np.uint8))
    assert_refused(run("resize", tmp_path / "in.npy", "--size", "2,2", "-o", tmp_path / "folder.png"), "is a folder")
    assert_refused(run("frobnicate"), "frobnicate")
    assert_refused(run("bytes"), "FILES")
    assert_refused(run("resize", file, "-o", output, "--size", "3,3"), "its kind is not read")
    assert not output.exists()


def test_floats(file, tmp_path):
    recipe = "isopixel 1: nataraj | bilinear 24,30 | normalize mean=0.485 std=0.229"
    expected = isopixel.Recipe.parse(recipe)(file)
    result = run("bytes", file, "-o", tmp_path / "out.npy", "--recipe", recipe)
    assert result.stdout == f"shape        (1, 24, 30)\nfingerprint  {isopixel.fingerprint(expected)}\n"
    assert run("bytes", file, "--recipe", recipe).stdout == result.stdout
    assert np.array_equal(np.load(tmp_path / "out.npy").view(np.uint32), expected.view(np.uint32))
    shown = run("show", tmp_path / "out.npy").stdout
    assert recipe in shown and "(1, 24, 30)" in shown
    for more in ([], ["--dry-run"]):
        refused = run("bytes", file, "-o", tmp_path / "out.png", "--recipe", recipe, *more)
        assert_refused(refused, "float32, which PNG cannot hold: end the name in .npy, or leave the step normalize out")
    assert not (tmp_path / "out.png").exists()
    nearest = np.nextafter(expected, np.float32(9))
    np.save(tmp_path / "other.npy", nearest)
    result = run("diff", tmp_path / "out.npy", tmp_path / "other.npy")
    assert result.returncode == 1 and "different    720 of 720 samples, 100 %" in result.stdout
    assert run("diff", tmp_path / "out.npy", tmp_path / "out.npy").returncode == 0


def png_of_16_bits():
    """A PNG of one RGB pixel of 16 bits a sample, which Pillow would open as RGB, without the lower bits."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 1, 1, 16, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" + b"\x12\xff" * 3)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def test_show(tmp_path):
    """What is verified, and what is only stated: of an image of bytes, and of a picture that was resized."""
    (tmp_path / "a.exe").write_bytes(bytes(range(200)))
    recipe = "isopixel 1: nataraj | bilinear 20,30"
    assert run("bytes", tmp_path / "a.exe", "-o", tmp_path / "a.png", "--recipe", recipe).returncode == 0
    assert run("resize", tmp_path / "a.png", "-o", tmp_path / "b.npy", "--size", "4,5").returncode == 0
    for name, source, made_by in (
        ("a.png", "a.exe", {"recipe": recipe, "resize": None}),
        ("b.npy", "a.png", {"recipe": None, "resize": "bilinear 4,5"}),
    ):
        image, data = isopixel.load(tmp_path / name), (tmp_path / source).read_bytes()
        sha256, length = hashlib.sha256(data).hexdigest(), len(data)
        shown = json.loads(run("show", tmp_path / name, "--json").stdout)
        assert shown == {
            "verified": {"fingerprint": isopixel.fingerprint(image), "shape": list(image.shape), "dtype": "uint8"},
            "stated": {"isopixel": isopixel.__version__, "spec": 1}
            | made_by
            | {"source": {"name": source, "bytes": length, "sha256": sha256}},
        }
        (step,) = ((key, value) for key, value in made_by.items() if value)
        assert run("show", tmp_path / name).stdout.splitlines() == [
            "verified     the samples are those that were saved",
            f"shape        {image.shape}",
            "dtype        uint8",
            f"fingerprint  {isopixel.fingerprint(image)}",
            "stated       by who saved them, and not checked",
            f"isopixel     {isopixel.__version__}, specification 1",
            f"{step[0]:12} {step[1]}",
            f"source       {source}, {length} bytes",
            f"             sha256:{sha256}",
        ]


def test_pictures_that_are_refused(tmp_path):
    output = tmp_path / "out.png"
    palette = Image.fromarray(np.zeros((3, 3), np.uint8)).convert("P")
    palette.save(tmp_path / "palette.png")
    Image.fromarray(np.zeros((3, 3), np.uint16)).save(tmp_path / "deep.png")
    Image.fromarray(np.zeros((3, 3), bool)).save(tmp_path / "bits.png")
    (tmp_path / "deep_rgb.png").write_bytes(png_of_16_bits())
    (tmp_path / "text.png").write_text("no picture")
    (tmp_path / "text.npy").write_text("no array")
    np.save(tmp_path / "float.npy", np.zeros((3, 3)))
    np.save(tmp_path / "short.npy", np.zeros((300, 300), np.uint8))
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (300, 300), np.uint8)).save(tmp_path / "short.png")
    for name in ("short.npy", "short.png"):
        os.truncate(tmp_path / name, 5000)
    np.save(tmp_path / "object.npy", np.array([None]), allow_pickle=True)
    for name, word in [
        ("palette.png", "palette"),
        ("deep.png", "16 bits a sample"),
        ("deep_rgb.png", "16 bits a sample"),
        ("bits.png", "1 bits a sample"),
        ("text.png", "not a PNG file"),
        ("text.npy", "not a .npy file"),
        ("short.npy", "cannot be read"),
        ("short.png", "cannot be read"),
        ("float.npy", "float64"),
        ("object.npy", "not uint8 or float32, but of dtype object"),
        ("missing.png", "No such file"),
    ]:
        assert_refused(run("resize", tmp_path / name, "-o", output, "--size", "2,2"), word)
    np.save(tmp_path / "column.npy", np.zeros((3, 3, 1), np.uint8))
    assert_refused(run("resize", tmp_path / "column.npy", "-o", output, "--size", "2,2"), "use .npy")
    assert not output.exists()


def test_an_existing_output_is_replaced_only_when_whole(file, tmp_path, monkeypatch, capsys):
    output = tmp_path / "out.png"
    output.write_bytes(b"old")
    output.chmod(0o640)
    np.save(tmp_path / "bad.npy", np.zeros((3, 3, 1), np.uint8))
    assert_refused(run("resize", tmp_path / "bad.npy", "-o", output, "--size", "2,2"))

    def fails_half_way(self, file, format, pnginfo):
        file.write(b"half a picture")
        raise OSError("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Image.Image, "save", fails_half_way)
        patch.setattr(sys, "argv", ["isopixel", "bytes", str(file), "-o", str(output)])
        assert cli.run() == 2
    reason = f"{str(output)!r} cannot be written, as on a full disk: No space left on device"
    assert capsys.readouterr().err == f"isopixel: {reason}\n"
    assert output.read_bytes() == b"old"
    assert {path.name for path in tmp_path.iterdir()} == {file.name, "out.png", "bad.npy"}
    assert run("bytes", file, "-o", output).returncode == 0
    assert np.array_equal(np.asarray(Image.open(output)), isopixel.from_file(file, "nataraj"))
    assert output.stat().st_mode & 0o777 == 0o640


def test_names_of_outputs(file, tmp_path):
    """The longest name that a file can have; a link, which stays one."""
    output = tmp_path / ("n" * 251 + ".png")
    assert run("bytes", file, "-o", output).returncode == 0
    link = tmp_path / "link.png"
    link.symlink_to("target.png")
    assert run("bytes", file, "-o", link).returncode == 0
    assert link.is_symlink()
    assert (tmp_path / "target.png").read_bytes() == output.read_bytes()


def test_a_picture_beyond_the_limit_of_pillow(tmp_path, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    _pictures.write_picture(tmp_path / "large.png", np.zeros((50, 50), np.uint8), "")
    assert _decoding.read_pixels(tmp_path / "large.png").shape == (50, 50)


def test_mode_of_a_new_output(file, tmp_path):
    assert run_program("bytes", file, "-o", tmp_path / "out.npy", umask=0o027).returncode == 0
    assert (tmp_path / "out.npy").stat().st_mode & 0o777 == 0o640


def test_verify():
    result = run("verify")
    assert result.returncode == 0
    fields = dict(line.split(maxsplit=1) for line in result.stdout.splitlines())
    count = sum(len(vectors) for vectors in _verify.load_vectors().values())
    assert fields["isopixel"] == isopixel.__version__
    assert fields["instructions"] == isopixel.get_isa()
    assert fields["pass"] == f"{count} vectors"
    assert fields["compiler"] and fields["cpu"]


def test_the_package_carries_the_vectors_of_the_specification():
    """R-9."""
    source = json.loads((Path(__file__).parents[1] / "spec" / "vectors.json").read_text())
    assert _verify.load_vectors() == {name: source[name] for name in KINDS}
    assert min(len(source[name]) for name in KINDS) > 3


def test_the_formulas_of_the_vectors():
    """R-9, against the reference."""
    for formula in ("constant 255", "ramp 3", "noise 0", "noise 1", "noise 77", "extremes 4"):
        assert _verify.vector_input(formula, 3000).tobytes() == reference.vector_input(formula, 3000)


@pytest.mark.parametrize("kind", KINDS)
def test_verify_finds_a_wrong_result(kind, monkeypatch, capsys):
    vectors = _verify.load_vectors()
    for key in ("samples", "fingerprint", "digest"):
        wrong = next((vector for vector in vectors[kind] if key in vector), None)
        if wrong is None:
            continue
        good = wrong[key]
        wrong[key] = good[:-1] + ("0" if good[-1] != "0" else "1")
        with monkeypatch.context() as patch:
            patch.setattr(cli, "load_vectors", lambda: vectors)
            patch.setattr(sys, "argv", ["isopixel", "verify"])
            assert cli.run() == 1
        assert re.search(rf"FAIL +{kind} vector {vectors[kind].index(wrong)}: .*got .*{good}", capsys.readouterr().out)
        wrong[key] = good


def test_verify_finds_a_recipe_that_should_be_refused(monkeypatch, capsys):
    vectors = _verify.load_vectors()
    vectors["refused"][2] = {"line": "isopixel 1: line | normalize mean=4 std=4", "rule": "R-90"}
    monkeypatch.setattr(cli, "load_vectors", lambda: vectors)
    monkeypatch.setattr(sys, "argv", ["isopixel", "verify"])
    assert cli.run() == 1
    assert re.search(r"FAIL +refused vector 2: .*got isopixel 1: line", capsys.readouterr().out)


def test_verify_names_a_vector_that_raises(monkeypatch, capsys):
    for vector in ({}, {"input": "noise 1", "shape": [0, 1, 1], "size": [1, 1], "method": "bilinear", "samples": "00"}):
        vectors = _verify.load_vectors() | {"layout": [vector]}
        vectors["resize"] = [vector]
        with monkeypatch.context() as patch:
            patch.setattr(cli, "load_vectors", lambda vectors=vectors: vectors)
            patch.setattr(sys, "argv", ["isopixel", "verify"])
            assert cli.run() == 1
        assert re.search(r"FAIL +resize vector 0: .*(KeyError|ValueError)", capsys.readouterr().out)


def test_version_and_help():
    assert run("--version").stdout == f"isopixel {isopixel.__version__}\n"
    for arguments in (["--help"], ["bytes", "-h"], ["resize", "--help"], ["verify", "--help"]):
        result = run(*arguments)
        assert result.returncode == 0
        assert "Usage: isopixel" in result.stdout
    result = run()
    assert result.returncode == 2
    assert "verify" in result.stdout


def test_an_environment_with_an_error(file, monkeypatch):
    """It is one line, and only for what needs it."""
    monkeypatch.setenv("ISOPIXEL_ISA", "nosuch")
    monkeypatch.setenv("ISOPIXEL_NUM_THREADS", "x")
    assert run_program("--help").returncode == 0
    for command in (["verify"], ["bytes", file, "--size", "3,3"]):
        assert_refused(run_program(*command), "the environment variable ISOPIXEL_ISA is 'nosuch'", "scalar")


def test_without_the_extra_packages():
    """Importing isopixel needs NumPy alone; the program says what it needs."""
    script = "import sys; sys.modules.update(click=None, PIL=None); import isopixel; isopixel.__main__.main()"
    script = script.replace("import isopixel;", "import isopixel, isopixel.__main__;")
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert_refused(result, "pip install 'isopixel[cli]'")
    listing = "import sys, isopixel; print(sorted(sys.modules))"
    modules = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True).stdout
    assert "'isopixel'" in modules
    assert "'click'" not in modules and "'PIL'" not in modules


def test_progress_of_a_long_file(tmp_path):
    """Nothing but the result on stdout; the progress goes to stderr, where that is a terminal."""
    path = tmp_path / "long"
    path.touch()
    os.truncate(path, LONG)
    quiet = run("bytes", path, "--size", "8,8")
    assert (quiet.returncode, quiet.stderr) == (0, "")
    assert quiet.stdout.startswith("shape        (8, 8)\nfingerprint  sha256:")
    ours, terminal = os.openpty()
    with subprocess.Popen(
        [PROGRAM, "bytes", path, "--size", "8,8"], stdout=subprocess.PIPE, stderr=terminal
    ) as process:
        os.close(terminal)
        text = ""
        with contextlib.suppress(OSError):  # which is how the terminal says that nobody writes to it any more
            while block := os.read(ours, 4096):
                text += block.decode()
        assert process.stdout.read().decode() == quiet.stdout
    os.close(ours)
    assert "long" in text and "100%" in text and "MB/s" in text
