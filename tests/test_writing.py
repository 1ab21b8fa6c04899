# SPDX-License-Identifier: MIT
"""Where files are written: what is replaced and what is not, with which mode and owner, and what is left behind."""

import os
import signal
import stat
import subprocess
import sys
import time
from contextlib import contextmanager

import numpy as np
import pytest

import isopixel
from isopixel import _atomic
from tests.program import assert_refused, run
from tests.support import as_another_user, folder_of_another_user

IMAGE = np.arange(12, dtype=np.uint8).reshape(3, 4)
NOBODY = 65534

needs_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can act as several users"
)


@contextmanager
def umask(mask):
    former = os.umask(mask)
    try:
        yield
    finally:
        os.umask(former)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.skipif(sys.platform == "win32", reason="has no limit of a file's length")
def test_what_cannot_be_written_has_a_name(tmp_path):
    """Though the file is closed after the error, which is a second one without a name."""
    import resource

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5, limits[1]))
    try:
        with pytest.raises(OSError, match="file") as raised, _atomic.replacing(tmp_path / "file") as (file,):
            file.write(b"more than five bytes")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert raised.value.filename == str(tmp_path / "file")
    assert list(tmp_path.iterdir()) == []


@needs_root
@pytest.mark.parametrize("link", ["link.png", "folder/link.png"])
def test_a_link_of_another_user(link, tmp_path):
    """Into a folder like /tmp anybody can put a link to what root alone may write."""
    tmp_path.chmod(0o1777)
    (tmp_path / "secrets").mkdir()
    secret = tmp_path / "secrets" / "link.png"
    secret.write_bytes(b"secret")
    at = tmp_path / link.split("/")[0]
    at.symlink_to("secrets" if "/" in link else "secrets/link.png")
    os.lchown(at, NOBODY, NOBODY)
    with pytest.raises(PermissionError, match="a link of another user, in a sticky folder where everybody may write"):
        isopixel.save(tmp_path / link, IMAGE)
    (tmp_path / "source").write_bytes(b"bytes")
    assert_refused(run("bytes", tmp_path / "source", "-o", tmp_path / link), "a link of another user")
    assert secret.read_bytes() == b"secret"
    os.lchown(at, 0, 0)  # one's own is followed,
    isopixel.save(tmp_path / link, IMAGE)
    assert np.array_equal(isopixel.load(secret), IMAGE) and at.is_symlink()
    os.lchown(at, NOBODY, NOBODY)
    for allowed in (0o755, 0o777):  # and everybody's where nobody else can write, or nobody protects anything
        tmp_path.chmod(allowed)
        isopixel.save(tmp_path / link, IMAGE)
    tmp_path.chmod(0o1777)
    os.chown(tmp_path, NOBODY, NOBODY)  # and that of the folder's owner
    isopixel.save(tmp_path / link, IMAGE)


def test_links_are_followed(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.png").symlink_to("sub/../b.png")
    (tmp_path / "b.png").symlink_to(tmp_path / "sub" / "c.png")
    isopixel.save(tmp_path / "a.png", IMAGE)
    assert (tmp_path / "sub" / "c.png").is_file()
    assert (tmp_path / "a.png").is_symlink() and (tmp_path / "b.png").is_symlink()


def test_links_without_end(tmp_path):
    """Each leads twice to the next one: to follow them all would take for ever."""
    for i in range(40):
        (tmp_path / f"l{i}").symlink_to(f"l{i + 1}/../l{i + 1}")
    (tmp_path / "l40").mkdir()
    begun = time.monotonic()
    with pytest.raises(OSError):
        isopixel.save(tmp_path / "l0" / "x.png", IMAGE)
    assert time.monotonic() - begun < 5


def make_pipe(path):
    os.mkfifo(path)


def make_device(path):
    os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 3))


@pytest.mark.parametrize("suffix", [".png", ".npy", ".npy.json"])
@pytest.mark.parametrize("make", [make_pipe, pytest.param(make_device, marks=needs_root)])
def test_what_is_not_a_regular_file(make, suffix, tmp_path):
    """A pipe, a device, or a link to one is neither replaced nor written to."""
    at = tmp_path / f"special{suffix}"
    make(at)
    (tmp_path / f"link{suffix}").symlink_to(at.name)
    (tmp_path / "source").write_bytes(b"bytes")
    before = at.stat()
    for name in ("special", "link"):
        path = tmp_path / f"{name}{suffix.removesuffix('.json')}"
        with pytest.raises(OSError, match=r"special.* is there and not a regular file, and is not replaced"):
            isopixel.save(path, IMAGE)
        # A missing source would be an error, too: that of the output comes before any work.
        assert_refused(run("bytes", tmp_path / "missing", "-o", path), "is there and not a regular file")
    assert (at.stat().st_mode, at.stat().st_ino) == (before.st_mode, before.st_ino)
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"link{suffix}", "source", at.name]


@pytest.mark.parametrize("mask", [0o022, 0o077, 0o000])
def test_the_mode_of_a_new_file(mask, tmp_path):
    with umask(mask), _atomic.replacing(tmp_path / "a") as (file,):
        assert stat.S_IMODE(os.fstat(file.fileno()).st_mode) == 0o666 & ~mask
    assert mode(tmp_path / "a") == 0o666 & ~mask


@pytest.mark.parametrize("wanted", [0o600, 0o400, 0o640, 0o666, 0o755])
def test_the_mode_of_a_file_that_is_replaced(wanted, tmp_path, monkeypatch):
    """It is never more than that, from the moment at which the new file is there."""
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "a").chmod(wanted)
    modes = []
    fchmod = os.fchmod

    def seen(descriptor, to):
        modes.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
        fchmod(descriptor, to)

    monkeypatch.setattr(os, "fchmod", seen)
    with umask(0o000), _atomic.replacing(tmp_path / "a") as (file,):
        assert stat.S_IMODE(os.fstat(file.fileno()).st_mode) == wanted
        file.write(b"new")
    assert (mode(tmp_path / "a"), (tmp_path / "a").read_bytes()) == (wanted, b"new")
    assert modes == [0o600]


@needs_root
def test_the_owner_stays(tmp_path):
    path = tmp_path / "a.png"
    isopixel.save(path, IMAGE)
    os.chown(path, 1234, 4321)
    path.chmod(0o640)
    isopixel.save(path, IMAGE[:2])
    assert (path.stat().st_uid, path.stat().st_gid, mode(path)) == (1234, 4321, 0o640)


@needs_root
def test_an_owner_that_cannot_be_kept():
    """Another user's file can be replaced in one's own folder; the group that may then read it is another one."""
    with folder_of_another_user() as folder:
        os.chown(folder, NOBODY, NOBODY)
        (folder / "a.npy").write_bytes(b"old")
        os.chown(folder / "a.npy", 1234, 4321)
        (folder / "a.npy").chmod(0o664)
        group = os.getegid()
        os.setegid(NOBODY)
        try:
            with as_another_user():
                isopixel.save(folder / "a.npy", IMAGE)
        finally:
            os.setegid(group)
        found = (folder / "a.npy").stat()
        assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (NOBODY, NOBODY, 0o644)


def killed(folder):
    """What a process leaves in a folder that is killed while it writes."""
    script = """
import os, signal, sys
from pathlib import Path
from isopixel._atomic import replacing
with replacing(Path(sys.argv[1], "a.png")) as (file,):
    file.write(b"half of it")
    os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", script, folder], check=False)
    assert done.returncode == -signal.SIGKILL
    (left,) = folder.iterdir()
    return left


def test_what_a_killed_process_leaves(tmp_path, monkeypatch):
    """It is no source, and goes once nobody can be writing to it any more."""
    (tmp_path / "in").mkdir()
    left = killed(tmp_path / "in")
    (tmp_path / "in" / "a").write_bytes(b"bytes")
    result = run("bytes", tmp_path / "in", "-o", tmp_path / "out")
    assert (result.returncode, result.stdout, result.stderr) == (0, f"1 image in {tmp_path / 'out'}\n", "")
    for age, is_there in ((_atomic.STALE - 600, True), (_atomic.STALE + 600, False)):
        monkeypatch.setattr(_atomic, "_cleaned", set())
        os.utime(left, (time.time() - age,) * 2)
        isopixel.save(tmp_path / "in" / "b.png", IMAGE)
        assert left.exists() is is_there, age


def test_what_is_not_ours_stays(tmp_path):
    """Another user's file, a folder and a link of such a name, and files of other names."""
    kept = [
        tmp_path / name for name in (".isopixel-0123456789abcde", ".isopixel-0123456789abcdeF", "isopixel-" + "0" * 16)
    ]
    for path in kept:
        path.touch()
    kept.append(tmp_path / f".isopixel-{0:016x}")
    kept[-1].mkdir()
    kept.append(tmp_path / f".isopixel-{1:016x}")
    kept[-1].symlink_to("isopixel-" + "0" * 16)
    if os.geteuid() == 0:
        kept.append(tmp_path / f".isopixel-{2:016x}")
        kept[-1].touch()
        os.chown(kept[-1], NOBODY, NOBODY)
    for path in kept:
        os.utime(path, (1, 1), follow_symlinks=False)
    ours = tmp_path / f".isopixel-{3:016x}"
    ours.touch()
    os.utime(ours, (1, 1))
    isopixel.save(tmp_path / "a.png", IMAGE)
    assert sorted(tmp_path.iterdir()) == sorted([*kept, tmp_path / "a.png"])


@needs_root
def test_a_file_of_another_user(tmp_path):
    """What replaces it would be that user's, who could write to it."""
    path = tmp_path / "a.png"
    path.write_bytes(b"theirs")
    os.chown(path, NOBODY, NOBODY)
    tmp_path.chmod(0o1777)
    with pytest.raises(PermissionError, match="a file of another user, in a sticky folder"):
        isopixel.save(path, IMAGE)
    assert path.read_bytes() == b"theirs"
    tmp_path.chmod(0o755)
    isopixel.save(path, IMAGE)


@needs_root
def test_no_folder_is_made_through_a_link_of_another_user(tmp_path):
    tmp_path.chmod(0o1777)
    (tmp_path / "private").mkdir()
    (tmp_path / "link").symlink_to("private")
    os.lchown(tmp_path / "link", NOBODY, NOBODY)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "file").write_bytes(b"bytes")
    refused = run("bytes", tmp_path / "in", "-o", tmp_path / "link" / "new")
    assert_refused(refused, "a link of another user")
    assert refused.stderr.count("\n") == 1 and not list((tmp_path / "private").iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the length of files")
@pytest.mark.parametrize("suffix", [".png", ".npy"])
def test_a_file_that_does_not_fit(suffix, tmp_path):
    """The message names the file, whoever writes its samples; nothing is left of it."""
    source = tmp_path / "source"
    source.write_bytes(np.random.default_rng(1).bytes(100_000))
    output = tmp_path / f"out{suffix}"
    limited = "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)); del sys.path[0]\n"
    command = [sys.executable, "-c", f"{limited}runpy.run_module('isopixel', run_name='__main__', alter_sys=True)"]
    result = subprocess.run([*command, "bytes", source, "-o", output], capture_output=True, text=True, check=False)
    assert result.returncode == 2 and len(result.stderr.splitlines()) == 1 and str(output) in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["source"]
    result = subprocess.run(
        [*command, "bytes", source, source, "-o", tmp_path / "folder"], capture_output=True, text=True, check=False
    )
    assert result.returncode == 1 and "source.png'" in result.stderr
