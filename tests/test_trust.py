# SPDX-License-Identifier: MIT
"""Files of models that run code of their own while they are loaded: none is, unless it is trusted."""

import contextlib
import json
import re
import zipfile

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from isopixel._skew import load_model  # noqa: E402
from tests import program  # noqa: E402

IMAGE = np.zeros((1, 4, 4), np.float32)


class Classes(torch.nn.Module):
    """The sums of the halves of an image."""

    def forward(self, x):
        return x.reshape(x.shape[0], 2, -1).sum(-1)


class Touch:
    """An object that makes a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "model.pt2"
    batch = {0: torch.export.Dim("batch", min=1, max=9)}
    example = torch.zeros(2, *IMAGE.shape)
    torch.export.save(torch.export.export(Classes(), (example,), dynamic_shapes=(batch,)), path)
    return path


def rewrite(path, change):
    """Writes the file again, with each member as change(name, bytes) returns it, of which one is different."""
    with zipfile.ZipFile(path) as archive:
        members = {info: archive.read(info) for info in archive.infolist()}
    changed = {info: change(info.filename, content) for info, content in members.items()}
    assert changed != members
    with zipfile.ZipFile(path, "w") as archive:
        for info, content in changed.items():
            archive.writestr(info, content)


def pickled_inputs(mark):
    hostile = mark.with_name("inputs")
    torch.save((Touch(mark),), hostile)
    return lambda name, content: hostile.read_bytes() if "_inputs" in name else content


def an_expression(mark):
    code = json.dumps(f"open({str(mark)!r}, 'w').close() or 2").encode()
    return lambda name, content: re.sub(rb'("expr_str": ?)"[^"]*"', lambda found: found[1] + code, content)


def a_guard(mark):
    code = json.dumps([f"open({str(mark)!r}, 'w').close() or True"]).encode()
    return lambda name, content: re.sub(rb'("guards_code": ?)\[[^]]*\]', lambda found: found[1] + code, content)


@pytest.mark.parametrize("hostile", [pickled_inputs, an_expression, a_guard])
def test_an_exported_program_is_loaded_if_it_is_trusted(model, tmp_path, hostile):
    """Whatever it runs code by, of which torch 2.13 has these ways and more."""
    mark = tmp_path / "mark"
    rewrite(model, hostile(mark))
    with pytest.raises(ValueError, match=r"is not loaded: torch runs code of .*--trust allows"):
        load_model(str(model))
    assert not mark.exists()
    with contextlib.suppress(ValueError, TypeError):  # it runs its code, and then is broken
        load_model(str(model), trust=True)(IMAGE)
    assert mark.exists()


def test_a_good_program(model):
    assert load_model(str(model), trust=True)(IMAGE).tolist() == [0, 0]
    with pytest.raises(ValueError, match="--trust allows"):
        load_model(str(model))


@pytest.mark.filterwarnings("ignore:.*torch.jit.*:DeprecationWarning")
def test_torchscript_needs_no_trust(tmp_path):
    torch.jit.script(Classes()).save(tmp_path / "model.pt")
    assert load_model(str(tmp_path / "model.pt"))(IMAGE).tolist() == [0, 0]


def test_the_command(model, tmp_path):
    (tmp_path / "file").write_bytes(b"some bytes")
    command = ["skew", model, tmp_path / "file", "--recipe", "isopixel 1: fixed,width=4 | bilinear 4,4", "--against"]
    refused = program.run(*command, "jpeg-75")
    assert (refused.returncode, refused.stdout) == (2, "") and "--trust" in refused.stderr
    assert "\nmodel " in "\n" + program.run(*command, "jpeg-75", "--trust").stdout


def test_a_callable_is_its_users_own(tmp_path, monkeypatch):
    """Who names a module runs it, as `python -m` does."""
    (tmp_path / "own_model.py").write_text(
        "def model(x):\n    return x.reshape(x.shape[0], 2, -1).sum(-1)\n", encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    assert load_model("own_model:model")(IMAGE).tolist() == [0, 0]
