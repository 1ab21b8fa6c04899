# SPDX-License-Identifier: MIT
"""Files of models that would run code of their own: none does, unless it is trusted."""

import contextlib
import json
import pickle
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


def rewritten(path, change):
    """Writes the file again, with each member as change(name, bytes) returns it; returns whether one is different."""
    with zipfile.ZipFile(path) as archive:
        members = {info: archive.read(info) for info in archive.infolist()}
    found = False
    with zipfile.ZipFile(path, "w") as archive:
        for info, content in members.items():
            new = change(info.filename, content)
            found |= new != content
            archive.writestr(info, new)
    return found


def assert_harmless(path, mark, *words):
    """Is refused with these words, and leaves no mark; trusted, it leaves one."""
    with pytest.raises(ValueError, match=r"could run any code.*--trust") as raised:
        load_model(str(path))
    assert all(word in str(raised.value) for word in words)
    assert not mark.exists()
    with contextlib.suppress(ValueError, TypeError):  # it runs its code, and then is broken
        load_model(str(path), trust=True)(IMAGE)
    assert mark.exists()


def test_a_good_program_needs_no_trust(model):
    for trust in (False, True):
        assert load_model(str(model), trust)(IMAGE).tolist() == [0, 0]


def test_pickled_inputs(model, tmp_path):
    mark = tmp_path / "mark"
    hostile = tmp_path / "inputs"
    torch.save((Touch(mark),), hostile)

    def change(name, content):
        return hostile.read_bytes() if "sample_inputs" in name or "example_inputs" in name else content

    assert rewritten(model, change)
    assert_harmless(model, mark, "pickled objects")


def test_pickled_constants(tmp_path):
    """Whatever a member of the archive is unpickled by."""
    mark = tmp_path / "mark"

    class Constant(Classes):
        def __init__(self):
            super().__init__()
            self.register_buffer("one", torch.ones(1))

        def forward(self, x):
            return super().forward(x) * self.one

    path = tmp_path / "model.pt2"
    torch.export.save(torch.export.export(Constant(), (torch.zeros(1, *IMAGE.shape),)), path)
    hostile = tmp_path / "weights"
    torch.save(Touch(mark), hostile)

    def change(name, content):
        if re.search(r"data/weights/weight_\d+$", name):
            return hostile.read_bytes()
        if name.endswith("weights_config.json"):
            return re.sub(rb'"use_pickle": ?false', b'"use_pickle": true', content)
        return content

    if not rewritten(path, change):
        pytest.skip("torch of this release writes another format")
    assert_harmless(path, mark, "pickled objects")


def test_expressions(model, tmp_path):
    mark = tmp_path / "mark"
    code = f"open({str(mark)!r}, 'w').close() or 2"

    def change(name, content):
        return re.sub(rb'("expr_str": ?)"[^"]*"', lambda m: m[1] + json.dumps(code).encode(), content)

    assert rewritten(model, change)
    assert_harmless(model, mark, "expression")


@pytest.mark.parametrize(
    "expression",
    [
        "exec(chr(49))",
        "s0.__class__",
        "S.x",
        "eval(s0)",
        "().x",
        "[1]",
        "__import__",
        "'s'",
        "S('exec(1)')",
        "exec (1)",
        "exec==1",
    ],
)
def test_hostile_expressions(model, expression):
    rewritten(
        model,
        lambda name, content: re.sub(rb'("expr_str": ?)"[^"]*"', rb"\1" + json.dumps(expression).encode(), content),
    )
    with pytest.raises(ValueError, match="is not one of sizes"):
        load_model(str(model))


def test_functions_in_the_graph(model, tmp_path):
    mark = tmp_path / "mark"

    def change(name, content):
        if b"torch.ops.aten.sum.dim_IntList" not in content:
            return content
        record = json.loads(content)
        (module,) = (m for m in [record["graph_module"]])
        node = next(n for n in module["graph"]["nodes"] if n["target"] == "torch.ops.aten.sum.dim_IntList")
        node["target"] = "torch.os.mkdir"
        node["inputs"] = [{"name": "path", "arg": {"as_string": str(mark)}, "kind": 1}]
        return json.dumps(record).encode()

    assert rewritten(model, change)
    with pytest.raises(ValueError):
        load_model(str(model))(IMAGE)
    assert not mark.exists()


def test_pickles_of_others_go_on(model):
    """The rule is for the time of the loading, in its thread."""
    load_model(str(model))
    assert pickle.loads(pickle.dumps(Touch)) is Touch


def test_the_command(model, tmp_path):
    mark = tmp_path / "mark"
    hostile = tmp_path / "inputs"
    torch.save((Touch(mark),), hostile)
    rewritten(model, lambda name, content: hostile.read_bytes() if "_inputs" in name else content)
    (tmp_path / "file").write_bytes(bytes(range(100)))
    arguments = (
        "skew",
        model,
        tmp_path / "file",
        "--recipe",
        "isopixel 1: line | bilinear 4,4 | normalize mean=0 std=1",
    )
    program.assert_refused(program.run(*arguments), "model.pt2", "--trust")
    assert not mark.exists()
    program.run(*arguments, "--trust")
    assert mark.exists()


def test_modules_are_imported(tmp_path, monkeypatch):
    """The name of a module is an import of the user's own."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own_model.py").write_text("def model(x):\n    return x.reshape(1, 2, -1).sum(-1)\n")
    assert load_model("own_model:model")(IMAGE).tolist() == [0, 0]
