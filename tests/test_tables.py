# SPDX-License-Identifier: MIT
"""The commands that list methods and layouts, the one of fingerprints, what --help shows, and what shells complete."""

import json
import os
import subprocess

import click
import numpy as np
import pytest

import isopixel
from isopixel import _core
from isopixel._cli.commands import main
from isopixel._methods import kind_of_filter, kinds_of_filters
from tests.program import PROGRAM, assert_refused, run


def groups(command, path=()):
    if isinstance(command, click.Group):
        yield path
        for name, inner in command.commands.items():
            yield from groups(inner, (*path, name))


@pytest.mark.parametrize("group", list(groups(main)), ids=lambda path: " ".join(path) or "isopixel")
def test_no_summary_is_cut(group, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    usage, *lines = run(*group, "--help").stdout.splitlines()
    assert usage.endswith("[ARGS]...") and len(lines) > 5
    assert [line for line in lines if line.rstrip().endswith("...") or len(line) > 80] == []


def test_methods():
    lines = run("methods").stdout.splitlines()
    assert [line.split()[0] for line in lines[1:]] == [method.name for method in isopixel.methods()]
    words = [line.split() for line in lines]
    assert ["pillow-12.2-bilinear-alpha", "pillow", "12.2.0", "to", "12.3.0", "bilinear-alpha", "2,", "4"] in words
    assert lines[1].endswith("  any")
    for kind in kinds_of_filters():
        listed = run("methods", "--filter", kind).stdout.splitlines()
        assert listed[0].split() == words[0]
        names = [method.name for method in isopixel.methods() if kind_of_filter(method) == kind]
        assert [line.split()[0] for line in listed[1:]] == names and names
        assert [record["name"] for record in json.loads(run("methods", "--filter", kind, "--json").stdout)] == names
    records = json.loads(run("methods", "--json").stdout)
    for record, method in zip(records, isopixel.methods(), strict=True):
        assert record["name"] == method.name and record["releases"] == list(method.releases)
        for channels in (1, 2, 3, 4, 5, 513, 70000):
            given = record["channels"]
            in_range = isinstance(given, dict) and given["least"] <= channels <= (given["most"] or channels)
            assert (in_range or (isinstance(given, list) and channels in given)) == method.covers(channels)


def test_layouts():
    """Each default is what leaving an option out means, and each text is a layout."""
    lines = run("layouts").stdout.splitlines()
    assert [line.split()[0] for line in lines[1:] if not line.startswith(" ")] == list(_core.layouts)
    record = json.loads(run("layouts", "--json").stdout)
    assert list(record) == list(_core.layouts)
    needed = {"fixed": ("width=7",), "logmel": ("rate=16000", "window=400", "hop=160", "bands=8")}
    needed["logfft"] = needed["logmel"][:3]
    for rule, options in record.items():
        base = ",".join([rule, *needed.get(rule, ())])
        for name, option in options.items():
            if option["default"] is None:
                assert name in ("length", "unknown", "high") or any(n.startswith(f"{name}=") for n in needed[rule])
            else:
                assert _core.canonical_layout(f"{base},{name}={option['default']}") == base
            if any(n.startswith(f"{name}=") for n in needed.get(rule, ())):
                continue
            other = {"low": "1", "high": "2000", "gain": "64", "channel": "8"}.get(name, option["values"][-1])
            other = "255" if name in ("pad", "offset", "length") else other
            assert _core.canonical_layout(f"{base},{name}={other}") == f"{base},{name}={other}"
    assert (
        "unit" in record["wide"]
        and "unit" not in record["square"]
        and list(record["line"]) == ["offset", "length", "unknown"]
    )


def test_fingerprint(tmp_path):
    image = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    isopixel.save(tmp_path / "a.png", image)
    np.save(tmp_path / "b.npy", image)
    lines = run("fingerprint", tmp_path / "a.png", tmp_path / "b.npy").stdout.splitlines()
    assert lines == [f"{isopixel.fingerprint(image)}  {tmp_path}/{name}" for name in ("a.png", "b.npy")]
    (tmp_path / "c.npy").write_bytes(b"no array")
    result = run("fingerprint", tmp_path / "c.npy", tmp_path / "b.npy")
    assert result.returncode == 1 and result.stdout.splitlines() == lines[1:]
    assert result.stderr.startswith(f"isopixel: {tmp_path}/c.npy: ") and result.stderr.count("\n") == 1
    assert_refused(run("fingerprint"), "FILES")


@pytest.mark.parametrize(
    ("words", "found", "not_found"),
    [
        (["resize", "--method", "pillow-13"], {"pillow-13-bilinear", "pillow-13-bilinear-alpha"}, {"bilinear"}),
        (["compare", "--method", ""], {method.name for method in isopixel.methods()}, set()),
        (["bytes", "--layout", "b"], {"bigram"}, {"line"}),
        (["bytes", "--layout", "nataraj,edge=le,r"], {"nataraj,edge=le,rows="}, {"rows="}),
        (["compare", "--bytes", "hilbert,"], {"hilbert,pad="}, {"hilbert,width="}),
        (["finger"], {"fingerprint"}, {"audit"}),
    ],
)
def test_shells_complete(words, found, not_found):
    environment = os.environ | {
        "_ISOPIXEL_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(["isopixel", *words]),
        "COMP_CWORD": str(len(words)),
    }
    result = subprocess.run([PROGRAM], env=environment, capture_output=True, text=True, check=False)
    offered = {line.split(",", 1)[1] for line in result.stdout.splitlines()}
    assert found <= offered and not not_found & offered, result


def test_a_fingerprint_of_nothing(tmp_path):
    """What is wrong with a file names it once."""
    (tmp_path / "a.jpg").touch()
    result = run("fingerprint", tmp_path / "a.jpg", tmp_path / "missing.png")
    assert result.returncode == 1
    first, second = result.stderr.splitlines()
    assert first == f"isopixel: {tmp_path / 'a.jpg'}: it is empty"
    assert second == f"isopixel: {tmp_path / 'missing.png'}: No such file or directory"
