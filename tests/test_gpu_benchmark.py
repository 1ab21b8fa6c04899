# SPDX-License-Identifier: MIT
"""`make bench-gpu`, as far as it goes without a device."""

import pytest
import torch
from benchmarks import gpu

import isopixel.torch
from tests.tensors import noise


def test_on_the_cpu(capsys):
    gpu.table(torch.device("cpu"), (2,), ((5, 6),), 0)
    head, _, *rows = capsys.readouterr().out.splitlines()
    assert head.startswith(
        "| | isopixel | isopixel, channels-last | isopixel, normalised | torch, float32 | torch, uint8 |"
    )
    assert len(rows) == 2
    for row in rows:
        assert all(" / " in cell for cell in row.split("|")[2:7]), row
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(isopixel.torch, "resize", lambda image, size: torch.zeros(3, *size, dtype=torch.uint8))
        with pytest.raises(SystemExit, match="not those of the core"):
            gpu.check(noise(1, 3, 5, 6))


def test_without_a_device(monkeypatch):
    monkeypatch.setattr("sys.argv", ["gpu"])
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(SystemExit, match="there is no CUDA device here: nothing was measured"):
        gpu.main()
