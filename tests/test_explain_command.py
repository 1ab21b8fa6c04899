# SPDX-License-Identifier: MIT
"""The command that names functions."""

import json

import numpy as np
import pytest
from PIL import Image

import isopixel
from tests import program
from tests.explain_chains import photo


def run(*arguments):
    return program.run("explain", *arguments)


@pytest.fixture
def before(tmp_path):
    image = photo(np.random.default_rng(0), 60, 80)
    isopixel.save(tmp_path / "before.png", image)
    return image


def test_exact(tmp_path, before):
    after = (isopixel.resize(before, (30, 20), method="torch-2.3-bilinear") / 255).astype(np.float64)
    np.save(tmp_path / "after.npy", after)
    done = run(tmp_path / "before.png", tmp_path / "after.npy")
    text = "resize torch-2.3-bilinear size=30,20 | scale divided-by-255 arithmetic=float64"
    assert (done.returncode, done.stdout, done.stderr) == (0, f"= {text}\n", "")
    record = json.loads(run(tmp_path / "before.png", tmp_path / "after.npy", "--json").stdout)
    operations = [
        {"kind": "resize", "name": "torch-2.3-bilinear", "arguments": {"size": [30, 20]}},
        {"kind": "scale", "name": "divided-by-255", "arguments": {"arithmetic": "float64"}},
    ]
    found = {"text": text, "operations": operations, "share": 0.0, "maximum": 0.0}
    assert record == {"exact": True, "explanations": [found], "note": ""}


def test_nothing_exact(tmp_path, before):
    isopixel.save(tmp_path / "after.png", before // 2 + (before > 99))
    done = run(tmp_path / "before.png", tmp_path / "after.png")
    assert done.returncode == 1
    assert done.stdout.startswith("~ the same samples: 9")
    assert "note: each sample is a function of the one before" in done.stdout
    record = json.loads(run(tmp_path / "before.png", tmp_path / "after.png", "--json").stdout)
    assert record["exact"] is False and record["note"] and 0 < record["explanations"][0]["share"] < 1


def test_bytes_of_any_file(tmp_path):
    data = np.random.default_rng(0).integers(0, 256, 3_000, np.uint8).tobytes()
    (tmp_path / "program.exe").write_bytes(data)
    isopixel.save(tmp_path / "after.png", isopixel.from_bytes(data, "square", (20, 20)))
    done = run(tmp_path / "program.exe", tmp_path / "after.png")
    assert (done.returncode, done.stdout) == (0, "= layout square | resize bilinear size=20,20\n")


def test_refusals(tmp_path, before):
    def refused(old, new, text):
        done = run(tmp_path / old, tmp_path / new)
        assert (done.returncode, done.stdout) == (2, "")
        assert text in done.stderr and done.stderr.startswith("isopixel: ") and done.stderr.count("\n") == 1

    Image.fromarray(before).quantize(16).save(tmp_path / "palette.png")
    np.save(tmp_path / "complex.npy", np.zeros((2, 2), complex))
    np.save(tmp_path / "empty.npy", np.zeros((0, 2)))
    (tmp_path / "broken.npy").write_bytes(b"\x93NUMPY\1\0nonsense")
    (tmp_path / "nothing.exe").write_bytes(b"")
    (tmp_path / "after.exe").write_bytes(b"bytes")
    refused("palette.png", "before.png", "palette")
    refused("before.png", "palette.png", "palette")
    refused("complex.npy", "before.png", "not real numbers")
    refused("before.png", "empty.npy", "after is empty")
    refused("broken.npy", "before.png", "cannot be read")
    refused("missing.png", "before.png", "No such file")
    refused("nothing.exe", "before.png", "is empty")
    refused("before.png", "after.exe", "after.exe")


def test_most_pixels(tmp_path, before, monkeypatch):
    np.save(tmp_path / "wide.npy", np.zeros((100, 100)))
    monkeypatch.setenv("ISOPIXEL_MAX_PIXELS", "9999")
    assert "ISOPIXEL_MAX_PIXELS=10000" in run(tmp_path / "before.png", tmp_path / "wide.npy").stderr
