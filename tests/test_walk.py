# SPDX-License-Identifier: MIT
"""The walk that data sets, skew and isopixel bytes share; and what the commands make of it."""

import inspect
import os
import socket
import sys

import pytest

from isopixel import _walk
from isopixel._walk import walk
from tests.program import run
from tests.support import as_another_user, folder_of_another_user


@pytest.fixture
def tree(tmp_path):
    """Two folders with links to each other, and one to the folder that it lies in."""
    top = tmp_path / "tree"
    for name in ("a/x", "b/y", "a/sub/deep", "a-/z", "top"):
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes(b"some bytes")
    (top / "a" / "to_b").symlink_to("../b")
    (top / "b" / "to_a").symlink_to("../a")
    (top / "self").symlink_to(".")
    (top / "a" / "link").symlink_to("x")
    return top


def names(found):
    """The names of the files, and of what is left out."""
    found = list(found)
    return [one.name for one in found if one.problem is None], [one.name for one in found if one.problem is not None]


def test_links_that_are_not_followed(tree):
    files, rest = names(walk(tree, set()))
    assert files == ["top", "a/link", "a/x", "a/sub/deep", "a-/z", "b/y"]
    assert rest == ["self", "a/to_b", "b/to_a"]


def test_links_that_are_followed(tree):
    """Each file is found once, whichever way leads to it first."""
    files, rest = names(walk(tree, set(), follow_links=True))
    assert sorted(files) == ["a-/z", "a/link", "a/sub/deep", "a/x", "b/y", "top"]
    assert rest == ["self", "a/to_b", "b/to_a"]
    files, rest = names(walk(tree / "a", set(), follow_links=True))
    assert files == ["link", "x", "sub/deep", "to_b/y"]
    assert rest == ["to_b/to_a"]


def test_seen_folders(tree):
    seen = set()
    assert names(walk(tree / "a", seen))[0] == ["link", "x", "sub/deep"]
    assert names(walk(tree, seen))[0] == ["top", "a-/z", "b/y"]


def test_what_is_no_regular_file(tmp_path, monkeypatch):
    """It is looked at, and never opened."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "device").symlink_to("/dev/zero")
    (tmp_path / "broken").symlink_to("nowhere")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
    monkeypatch.setattr("builtins.open", lambda *arguments, **options: pytest.fail("it was opened"))
    found = {one.name: one for one in walk(tmp_path, set())}
    for name in ("pipe", "device", "socket"):
        assert (str(found[name].problem), found[name].is_note) == ("not a regular file", True)
    assert isinstance(found["broken"].problem, FileNotFoundError) and not found["broken"].is_note
    (alone,) = walk(tmp_path / "pipe", set())  # this one somebody asked for
    assert str(alone.problem) == "not a regular file" and not alone.is_note


def test_a_folder_that_cannot_be_read():
    with folder_of_another_user() as folder:
        for name in ("a", "closed/b", "d"):
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).touch()
        (folder / "closed").chmod(0)
        with as_another_user():
            found = list(walk(folder, set()))
        (folder / "closed").chmod(0o755)
    assert [one.name for one in found] == ["a", "d", "closed"]
    assert isinstance(found[-1].problem, PermissionError) and not found[-1].is_note


def test_a_deep_folder(tmp_path):
    """Deeper than Python would call functions here."""
    deep = tmp_path.joinpath(*"d" * 200)
    deep.mkdir(parents=True)
    (deep / "file").touch()
    former = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + 100)
    try:
        found = list(walk(tmp_path, set()))
    finally:
        sys.setrecursionlimit(former)
    assert [one.path for one in found] == [str(deep / "file")]


def test_reasons():
    assert _walk.reason(FileNotFoundError(2, "No such file", "a"), "a") == "No such file"
    assert _walk.reason(FileNotFoundError(2, "No such file", "b"), "a") == "No such file: 'b'"
    assert _walk.reason(ValueError(), "a") == "ValueError"


def test_a_link_to_a_folder_is_a_note(tree, tmp_path):
    result = run("bytes", tree, "-o", tmp_path / "out")
    assert (result.returncode, result.stdout) == (0, f"6 images in {tmp_path / 'out'}\n")
    assert result.stderr.splitlines() == [
        f"isopixel: note: {tree / name}: a link to a folder, which is not followed"
        for name in ("self", "a/to_b", "b/to_a")
    ]


@pytest.mark.parametrize(
    "arguments", [["a/x", "a/x"], ["a", "a/x"], ["a/x", "a"], ["b/to_a", "a"], ["a", "b/../a/sub"]]
)
@pytest.mark.parametrize("dry", [False, True])
def test_the_same_file_twice(arguments, dry, tree, tmp_path):
    """Made once, and counted once."""
    out = tmp_path / "out"
    result = run("bytes", *(tree / name for name in arguments), "-o", out, *["--dry-run"] * dry)
    expected = 1 if arguments == ["a/x", "a/x"] else 3
    assert result.returncode == 0
    if dry:
        assert len(result.stdout.splitlines()) == expected
    else:
        assert result.stdout == f"{expected} image{'s' if expected > 1 else ''} in {out}\n"
        assert len([path for path in out.rglob("*") if path.is_file()]) == expected


def test_a_link_to_a_file_is_another_file(tree, tmp_path):
    assert run("bytes", tree / "a" / "x", tree / "a" / "link", "-o", tmp_path / "out").stdout.startswith("2 images")
