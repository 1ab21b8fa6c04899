# SPDX-License-Identifier: MIT
"""isopixel bytes on many files, and from the standard input."""

import os
import re
import socket
import subprocess
import threading
import time
from pathlib import Path

import numpy as np
import pytest

import isopixel
from isopixel import Recipe, _batch, _pictures
from isopixel._cli import progress
from tests.program import PROGRAM, assert_refused, run
from tests.support import as_another_user, folder_of_another_user

RECIPE = "isopixel 1: square | bilinear 8,8"


@pytest.fixture
def samples(tmp_path):
    """A folder as analysts have them: good files of the same stem, sub-folders, and everything that is no file."""
    folder = tmp_path / "samples"
    (folder / "sub" / "deep").mkdir(parents=True)
    for i, name in enumerate(["a.exe", "a.dll", "a", "sub/a.exe", "sub/deep/b", "sub/ü\udcff\n.bin"]):
        (folder / name).write_bytes(bytes(range(i, 200)))
    (folder / "empty").touch()
    (folder / "broken").symlink_to("nowhere")
    (folder / "loop").symlink_to("loop")
    (folder / "link.exe").symlink_to("a.exe")
    (folder / "sub" / "up").symlink_to("..")
    os.mkfifo(folder / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder / "socket"))
    return folder


GOOD = ["a.exe", "a.dll", "a", "link.exe", "sub/a.exe", "sub/deep/b", "sub/ü\udcff\n.bin"]
BAD = {
    "empty": "is empty",
    "broken": "No such file",
    "loop": "symbolic links",
}
NOTES = {
    "pipe": "not a regular file",
    "socket": "not a regular file",
    "sub/up": "a link to a folder, which is not followed",
}


def test_a_folder(samples, tmp_path):
    out = tmp_path / "out"
    result = run("bytes", samples, "-o", out, "--recipe", RECIPE)
    assert result.returncode == 1
    assert result.stdout == f"{len(GOOD)} images in {out}, {len(BAD)} failed\n"
    lines = result.stderr.splitlines()
    assert len(lines) == len(BAD | NOTES)
    for kind, listed in (("", BAD), ("note: ", NOTES)):
        for name, reason in listed.items():
            assert any(line.startswith(f"isopixel: {kind}{samples / name}: ") and reason in line for line in lines), (
                name
            )
    made = {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()}
    assert made == {f"{name}.png" for name in GOOD}
    for name in GOOD:
        image, manifest = isopixel.load(out / f"{name}.png"), isopixel.read_manifest(out / f"{name}.png")
        assert np.array_equal(image, isopixel.from_file(samples / name, "square", (8, 8)))
        assert manifest.recipe == RECIPE
        assert manifest.source.name == Path(name).name


def test_a_second_run_does_not_take_the_pictures_of_the_first(samples):
    for _ in range(2):
        run("bytes", samples, "-o", samples / "out", "--recipe", RECIPE)
    assert len([path for path in (samples / "out").rglob("*") if path.is_file()]) == len(GOOD)


def test_no_source_is_replaced(samples, tmp_path):
    picture = samples / "a.png"
    picture.write_bytes(b"a source, too")
    for arguments in ([samples, "-o", samples], [samples / "sub", samples, "-o", samples / "sub"]):
        assert_refused(run("bytes", *arguments), "is one of the sources: choose another")
    assert_refused(run("bytes", samples / "a", picture, "-o", samples), "would replace the source", "a.png")
    assert_refused(run("bytes", picture, "-o", picture), "would replace the source")
    assert picture.read_bytes() == b"a source, too"


def test_a_file_where_another_needs_a_folder(tmp_path):
    (tmp_path / "in" / "a.png").mkdir(parents=True)
    for name in ("a", "a.png/b"):
        (tmp_path / "in" / name).write_bytes(b"x")
    assert_refused(run("bytes", tmp_path / "in", "-o", tmp_path / "out"), "needs a folder")


def test_a_path_that_cannot_be_looked_at(samples, tmp_path):
    result = run("bytes", samples / "a", samples / ("n" * 300), "-o", tmp_path / "out")
    assert (result.returncode, result.stdout) == (1, f"1 image in {tmp_path / 'out'}, 1 failed\n")
    assert "File name too long" in result.stderr


def test_an_output_that_is_no_folder(samples, tmp_path):
    (tmp_path / "file").touch()
    assert_refused(run("bytes", samples, "-o", tmp_path / "file"), "File exists")
    (tmp_path / "loop").symlink_to("loop")
    assert_refused(run("bytes", samples, "-o", tmp_path / "loop"), "loop")


def test_an_unreadable_file_does_not_stop_the_others():
    _pictures.pillow()  # which another user may not be able to import
    with folder_of_another_user() as folder:
        (folder / "in" / "closed").mkdir(parents=True)
        (folder / "out").mkdir()
        (folder / "out").chmod(0o777)
        for file in ("good", "secret", "closed/file"):
            (folder / "in" / file).write_bytes(b"some bytes")
        (folder / "in" / "secret").chmod(0)
        (folder / "in" / "closed").chmod(0)
        with as_another_user():
            made = _batch.plan([folder / "in"], folder / "out", ".png")
            failures = _batch.run(made, Recipe.parse(RECIPE), lambda read, files: None)
        (folder / "in" / "closed").chmod(0o755)
        denied = {(folder / "in" / "closed", "Permission denied"), (folder / "in" / "secret", "Permission denied")}
        assert set(failures) == denied
        assert [path.name for path in (folder / "out").iterdir()] == ["good.png"]


def test_progress_counts_every_byte(samples, tmp_path):
    made = _batch.plan([samples / "a", samples / "a.dll"], tmp_path / "out", ".png")
    seen = []
    assert _batch.run(made, Recipe.parse(RECIPE), lambda *more: seen.append(more)) == []
    assert [sum(numbers) for numbers in zip(*seen, strict=True)] == [made.length, 2] == [198 + 199, 2]


def test_names_do_not_act_on_the_terminal(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "\x1b[2J\n").touch()
    result = run("bytes", tmp_path / "in", "-o", tmp_path / "out")
    assert result.returncode == 1
    assert "\x1b" not in result.stderr and "\\x1b[2J" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_dry_run(samples, tmp_path):
    out = tmp_path / "out"
    result = run("bytes", samples / "a.exe", samples / "sub", "-o", out, "--dry-run")
    assert f"{samples}/a.exe -> {out}/a.exe.png\n" not in result.stdout  # a.exe is in sub, too
    assert_refused(result, "would both become", "a.exe.png")
    result = run("bytes", samples / "a.dll", samples / "sub", "-o", out, "--dry-run")
    assert f"{samples}/a.dll -> {out}/a.dll.png\n" in result.stdout
    assert f"{samples}/sub/deep/b -> {out}/deep/b.png\n" in result.stdout
    assert result.returncode == 0
    result = run("bytes", samples, "-o", out, "--dry-run")
    assert len(result.stdout.splitlines()) == len(GOOD)
    made = run("bytes", samples, "-o", tmp_path / "made")
    assert (result.returncode, result.stderr) == (1, made.stderr)
    assert run("bytes", samples / "a.dll", "-o", tmp_path / "x.png", "--dry-run").stdout == (
        f"{samples}/a.dll -> {tmp_path}/x.png\n"
    )
    assert not out.exists() and not (tmp_path / "x.png").exists()


def test_all_good(samples, tmp_path):
    result = run("bytes", samples / "a.dll", samples / "a.exe", "-o", tmp_path / "new" / "out")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == f"2 images in {tmp_path / 'new' / 'out'}\n"
    (tmp_path / "there").mkdir()
    assert run("bytes", samples / "a.dll", "-o", tmp_path / "there").returncode == 0
    assert (tmp_path / "there" / "a.dll.png").exists()


NORMALIZED = f"{RECIPE} | normalize mean=0.5 std=0.5"


def test_floats_become_npy(samples, tmp_path):
    out = tmp_path / "out"
    result = run("bytes", samples / "a", samples / "sub", "-o", out, "--recipe", NORMALIZED)
    assert result.returncode == 0
    for name in ("a", "a.exe", "deep/b"):
        array, manifest = isopixel.load(out / f"{name}.npy"), isopixel.read_manifest(out / f"{name}.npy")
        source = samples / "a" if name == "a" else samples / "sub" / name
        assert np.array_equal(array.view(np.uint32), Recipe.parse(NORMALIZED)(source).view(np.uint32))
        assert (manifest.recipe, array.shape) == (NORMALIZED, (1, 8, 8))
    assert list(out.rglob("*.png")) == []


def test_no_source_is_replaced_by_a_manifest(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "in" / "a").write_bytes(b"x")
    (tmp_path / "out" / "a.npy.json").write_bytes(b"a source, too")
    arguments = ["bytes", tmp_path / "in" / "a", tmp_path / "out" / "a.npy.json", "-o", tmp_path / "out"]
    assert_refused(run(*arguments, "--recipe", NORMALIZED), "would replace the source", "a.npy.json")
    assert run(*arguments, "--recipe", RECIPE).returncode == 0
    assert (tmp_path / "out" / "a.npy.json").read_bytes() == b"a source, too"


def test_standard_input(samples):
    data = (samples / "a.dll").read_bytes()
    piped = subprocess.run([PROGRAM, "bytes", "-"], input=data, capture_output=True, check=True)
    assert piped.stdout.decode() == run("bytes", samples / "a.dll").stdout
    empty = subprocess.run([PROGRAM, "bytes", "-"], input=b"", capture_output=True, check=False)
    assert (empty.returncode, b"the standard input is empty" in empty.stderr) == (2, True)
    assert_refused(run("bytes", "-", samples / "a", "-o", samples), "- is the standard input, and cannot be combined")
    assert_refused(run("bytes", samples / "missing", "--dry-run"), "missing")


def test_a_dry_run_names_what_cannot_be_made():
    """As the run itself does, with the same exit code: what is empty, not to be read, or too short for the layout."""
    with folder_of_another_user() as folder:
        (folder / "in").mkdir()
        for name in ("good", "secret", "empty", "short"):
            (folder / "in" / name).write_bytes({"empty": b"", "short": b"x"}.get(name, b"some bytes"))
        (folder / "in" / "secret").chmod(0)
        command = ["bytes", folder / "in", "-o", folder / "out", "--layout", "fixed,width=7,rows=floor"]
        with as_another_user():
            result = run(*command, "--dry-run")
            alone = {name: run("bytes", folder / "in" / name, "--dry-run") for name in ("good", "secret", "empty")}
        assert not (folder / "out").exists()
        assert (result.returncode, result.stdout) == (1, f"{folder}/in/good -> {folder}/out/good.png\n")
        lines = dict(line.removeprefix(f"isopixel: {folder}/in/").split(": ", 1) for line in result.stderr.splitlines())
        assert list(lines) == ["empty", "secret", "short"]
        assert lines["empty"].startswith("is empty") and lines["secret"] == "Permission denied"
        assert "cannot make an image of 1 byte, layout 'fixed,width=7" in lines["short"]
        assert alone["good"].stdout == f"{folder}/in/good -> nothing\n"
        assert_refused(alone["secret"], "Permission denied")
        assert_refused(alone["empty"], "is empty")


@pytest.mark.parametrize("number", [1, 3])
def test_jobs(number, samples, tmp_path, monkeypatch):
    """The images are the same, and no more than this number of files is worked on at once."""
    working, most = set(), []
    save = _batch.save

    def seen(output, image, **options):
        working.add(output)
        most.append(len(working))
        time.sleep(0.02)
        save(output, image, **options)
        working.remove(output)

    monkeypatch.setattr(_batch, "save", seen)
    result = run("bytes", samples, "-o", tmp_path / "out", "--jobs", number)
    assert result.stdout.startswith(f"{len(GOOD)} images")
    assert max(most) == number
    assert_refused(run("bytes", samples, "-o", tmp_path / "out", "--jobs", 0), "--jobs")


def test_progress_in_a_log(samples, tmp_path, monkeypatch):
    """Where stderr is not a terminal there are lines, once the work takes long."""
    out = tmp_path / "out"
    files = [samples / "a", samples / "a.dll"]
    assert run("bytes", *files, "-o", out).stderr == ""
    monkeypatch.setattr(progress, "EVERY", 0.0)
    lines = run("bytes", *files, "-o", out).stderr.splitlines()
    assert lines[-1] == "isopixel: 2 of 2 files, 0 s"
    assert all(re.fullmatch(r"isopixel: [012] of 2 files, \d+ s", line) for line in lines)
    (tmp_path / "large").write_bytes(bytes(5 << 20))
    lines = run("bytes", tmp_path / "large").stderr.splitlines()
    assert len(lines) == 5 and re.fullmatch(r"isopixel: 3 of 5 MB, \d+ s", lines[2])


def test_no_thread_is_left_reading(tmp_path):
    """When something ends the work, a file that takes minutes is left at once."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "long").touch()
    os.truncate(tmp_path / "in" / "long", 1 << 40)

    def fail(read, files):
        if read:
            raise KeyboardInterrupt

    alive = threading.active_count()
    made = _batch.plan([tmp_path / "in"], tmp_path / "out", ".png")
    with pytest.raises(KeyboardInterrupt):
        _batch.run(made, Recipe.parse(RECIPE), fail)
    assert threading.active_count() == alive
