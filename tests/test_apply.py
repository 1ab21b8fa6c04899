# SPDX-License-Identifier: MIT
"""isopixel apply and isopixel recipe: arrays of pictures and of other files by a recipe, and what a recipe means."""

import subprocess

import numpy as np
import pytest

import isopixel
from isopixel import Recipe
from tests.program import PROGRAM, assert_refused, run
from tests.test_pictures import exif
from tests.test_read_picture import PIXELS, encoded

BGR = "isopixel 1: image bgr | area 9,9"
LINE = "isopixel 1: image rgb | pillow-13-bilinear short=16 | crop 15,14 round=even"
FLOATS = f"{LINE} | normalize mean=0.485,0.456,0.406 std=0.229,0.224,0.225 rounding=steps"
NO_PICTURE = (
    "it begins with 4d 5a 90 00, and a recipe of images reads JPEG, PNG and BMP; for the image of a file's bytes"
)


@pytest.fixture
def folder(tmp_path):
    """Pictures, in a folder and one below it."""
    folder = tmp_path / "photos"
    (folder / "sub").mkdir(parents=True)
    for name, kind in {"a.jpg": "JPEG", "b.png": "PNG", "sub/c.bmp": "BMP"}.items():
        (folder / name).write_bytes(encoded(PIXELS[..., :3], kind))
    return folder


@pytest.mark.parametrize("line", [LINE, FLOATS])
def test_a_picture(line, folder, tmp_path):
    recipe, output = Recipe.parse(line), tmp_path / "out.npy"
    expected = recipe(folder / "a.jpg")
    result = run("apply", folder / "a.jpg", "-o", output, "--recipe", line)
    assert result.stderr == ""
    assert result.stdout == f"shape        {expected.shape}\nfingerprint  {isopixel.fingerprint(expected)}\n"
    assert run("apply", folder / "a.jpg", "--recipe", line).stdout == result.stdout
    assert isopixel.load(output).tobytes() == expected.tobytes()
    manifest = isopixel.read_manifest(output)
    assert (manifest.recipe, manifest.source.name) == (recipe.line, "a.jpg")
    assert manifest.source.bytes == (folder / "a.jpg").stat().st_size


def test_the_standard_input(folder):
    def apply(content):
        command = [PROGRAM, "apply", "-", "--recipe", LINE]
        return subprocess.run(command, input=content, capture_output=True, check=False)

    expected = isopixel.fingerprint(Recipe.parse(LINE)(folder / "b.png"))
    assert expected in apply((folder / "b.png").read_bytes()).stdout.decode()
    assert apply(b"MZ\x90\0").stderr.decode().startswith(f"isopixel: '-': {NO_PICTURE}")


@pytest.mark.parametrize(("line", "suffix"), [(LINE, ".png"), (FLOATS, ".npy"), (BGR, ".npy")])
def test_a_folder(line, suffix, folder, tmp_path):
    """What is not a picture is named, and does not stop the others."""
    (folder / "prog.exe").write_bytes(b"MZ\x90\0")
    (folder / "turned.jpg").write_bytes(encoded(PIXELS[..., :3], "JPEG", exif=b"Exif\0\0" + exif(6)))
    dry = run("apply", folder, "-o", tmp_path / "out", "--recipe", line, "--dry-run")
    assert dry.returncode == 1 and len(dry.stdout.splitlines()) == 4
    assert dry.stderr.startswith(f"isopixel: {folder}/prog.exe: {NO_PICTURE}") and not (tmp_path / "out").exists()
    result = run("apply", folder, "-o", tmp_path / "out", "--recipe", line)
    assert (result.returncode, result.stdout) == (1, f"3 images in {tmp_path}/out, 2 failed\n")
    lines = sorted(result.stderr.splitlines())
    assert len(lines) == 2
    assert lines[0].startswith(f"isopixel: {folder}/prog.exe: {NO_PICTURE}")
    assert lines[1].startswith(f"isopixel: {folder}/turned.jpg: its EXIF orientation is 6: say whether")
    for name in ("a.jpg", "b.png", "sub/c.bmp"):
        made = isopixel.load(tmp_path / "out" / f"{name}{suffix}")
        assert made.tobytes() == Recipe.parse(line)(folder / name).tobytes()


def test_bytes(folder, tmp_path):
    """A recipe of bytes does what isopixel bytes does, with its note."""
    line = "isopixel 1: nataraj | bilinear 8,8"
    for arguments in (
        [folder / "a.jpg"],
        [folder / "a.jpg", "-o", tmp_path / "a.png"],
        [folder, "-o", tmp_path / "out"],
        [folder],
        [folder / "a.jpg", "-o", tmp_path / "a.jpg"],
    ):
        made, known = run("apply", *arguments, "--recipe", line), run("bytes", *arguments, "--recipe", line)
        assert (made.returncode, made.stdout, made.stderr) == (known.returncode, known.stdout, known.stderr)
    assert "is a JPEG picture" in run("apply", folder / "a.jpg", "--recipe", line).stderr
    assert_refused(
        run("bytes", folder / "a.jpg", "--recipe", LINE), "is of images, and not of bytes: use isopixel apply"
    )


def test_refused(folder, tmp_path):
    photo = folder / "a.jpg"
    assert_refused(run("apply", photo), "--recipe")
    assert_refused(run("apply", "--recipe", LINE), "FILES")
    assert_refused(run("apply", photo, "--recipe", FLOATS, "-o", tmp_path / "a.png"), "which PNG cannot hold")
    assert_refused(run("apply", photo, "--recipe", BGR, "-o", tmp_path / "a.png"), "PNG holds red, green, blue")
    assert_refused(run("apply", photo, "--recipe", LINE, "-o", tmp_path / "a.jpg"), "changes pixels")
    assert_refused(run("apply", folder, "--recipe", LINE), "-o has to name a folder")
    assert_refused(run("apply", tmp_path / "no.jpg", "--recipe", LINE), "No such file")
    assert_refused(
        run("apply", photo, "--recipe", "isopixel 1: image rgb | crop 99,99"),
        f"'{photo}': the image has 21 × 34 pixels (height × width), and the crop 99 × 99 does not lie in it",
    )
    photo.write_bytes(photo.read_bytes()[:-50])
    assert_refused(run("apply", photo, "--recipe", LINE, "-o", tmp_path / "a.png"), f"'{photo}': ")
    assert not (tmp_path / "a.png").exists()


def test_goldens(folder):
    """A golden file of pictures, without a word of their being pictures."""
    line = "isopixel 1: image rgb | area fit=16,16 | pad 16,16 value=114"
    golden = folder / "golden.json"
    recorded = run("golden", "record", folder, "--recipe", line, "-o", golden)
    assert (recorded.returncode, recorded.stderr) == (0, "")
    assert run("golden", "check", golden, "--recipe", line).returncode == 0
    pixels = np.asarray(isopixel.read_picture(folder / "b.png")).copy()
    pixels[10, 10] ^= 128
    (folder / "b.png").write_bytes(encoded(pixels, "PNG"))
    assert run("golden", "check", golden).returncode == 1
    (folder / "prog.exe").write_bytes(b"MZ\x90\0")
    assert_refused(
        run("golden", "record", folder, "--recipe", line, "-o", golden), f"'{folder}/prog.exe': {NO_PICTURE}"
    )


# isopixel recipe


@pytest.mark.parametrize(
    ("line", "size", "printed"),
    [
        (FLOATS, None, ["makes        float32 (3, 15, 14)"]),
        (
            FLOATS,
            "480,640",
            [
                "image        480,640",
                "             16,21        pillow-13-bilinear short=16",
                "             15,14        crop 15,14 round=even",
                "makes        float32 (3, 15, 14)",
            ],
        ),
        ("isopixel 1: image gray", "3,4", ["image        3,4", "makes        uint8 (3, 4)"]),
        (
            "isopixel 1: image rgba | bicubic short=8",
            "9,16",
            ["image        9,16", "             8,14         bicubic short=8", "makes        uint8 (8, 14, 4)"],
        ),
        ("isopixel 1: image rgba | bicubic short=8", None, ["makes        uint8 (…, …, 4)"]),
        ("isopixel 1: square | bilinear 8,9", None, ["makes        uint8 (8, 9)"]),
    ],
)
def test_what_a_recipe_means(line, size, printed):
    recipe = Recipe.parse(line)
    written = line.replace(" | ", "|").replace("1: ", "1:")
    result = run("recipe", written, *([] if size is None else ["--for", size]))
    assert result.stdout.splitlines() == [f"recipe       {recipe}", f"digest       {recipe.digest}", *printed]
    assert (result.returncode, result.stderr) == (0, "")


def test_refused_recipes():
    assert_refused(run("recipe", "isopixel 1: image hsv"), "hsv")
    assert_refused(run("recipe", LINE, "--for", "480"), "is one number")
    assert_refused(run("recipe", LINE, "--for", "480x640"), "write H,W")
    assert_refused(run("recipe", "isopixel 1: image rgb | crop 9,9", "--for", "8,8"), "does not lie in it")
    assert_refused(run("recipe", "isopixel 1: nataraj", "--for", "8,8"), "bytes have no height and width")
