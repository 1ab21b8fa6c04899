# SPDX-License-Identifier: MIT
"""README's examples run as they stand."""

import re
import shlex
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from tests.program import run, run_program

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def test_python(capsys):
    """The code prints what is written below it."""
    (example,) = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", README, re.DOTALL)
    exec(example[0], {})
    assert capsys.readouterr().out == example[1]


def test_length():
    assert len(README.split()) <= 1000


class Constant(torch.nn.Module):
    """A model of two classes that always predicts the first one."""

    def forward(self, images):
        return torch.tensor([[1.0, 0.0]]) + 0 * images.sum()


def test_commands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "FILE").write_bytes(b"some bytes")
    (tmp_path / "FOLDER").mkdir()
    (tmp_path / "FOLDER" / "file").write_bytes(b"some bytes")
    for name in ("IN.png", "OTHER.png", "PHOTO.jpg"):
        Image.fromarray(np.zeros((30, 40, 3), np.uint8)).save(tmp_path / name)
    (tmp_path / "TRAIN.py").write_text("import isopixel, numpy\nisopixel.step('input', numpy.eye(9))\n")
    assert run("trace", "run", "-o", "B.trace", "--", "TRAIN.py").returncode == 0
    example = torch.zeros(1, 1, 64, 64, dtype=torch.uint8)
    torch.export.save(torch.export.export(Constant(), (example,)), tmp_path / "MODEL.pt2")
    commands = re.findall(r"^    (isopixel .*?) *(?: #.*)?$", README, re.MULTILINE)
    assert len(commands) == 14
    for command in commands:
        program, *options = shlex.split(command)
        assert program == "isopixel"
        if options != ["audit"]:
            result = run(*options)
            assert result.returncode == 0, (command, result.stderr)


@pytest.mark.slow
def test_audit():
    """The only one of README's commands that takes long."""
    assert "\n    isopixel audit " in README
    assert run_program("audit").returncode in (0, 1)  # 1 where a newer library is installed than was measured


def test_every_link_leads_somewhere():
    targets = re.findall(r"\]\(([^)]+)\)|src=\"([^\"]+)\"", README)
    assert targets
    for target in (a or b for a, b in targets):
        assert (Path(__file__).parents[1] / target).exists(), target
