# SPDX-License-Identifier: MIT
"""Wrapping: what stands in libraries during a trace, and that nothing of it stays."""

import functools
import gc
import subprocess
import sys
import threading
import types

import cv2
import numpy as np
import pytest
import torch
from cv2 import resize as resize_by_name
from PIL import Image, ImageFile, ImageOps
from torch.overrides import TorchFunctionMode

import isopixel
from isopixel import resize as isopixel_resize
from isopixel._trace.recording.libraries import LIBRARIES, pillow
from isopixel._trace.recording.wrapping import MODULES

IMAGE = np.random.default_rng(4).integers(0, 256, (40, 70, 3), dtype=np.uint8)


def everything():
    """What stands at each place where something is wrapped; Python itself keeps a registry of warnings in modules."""
    owners = []
    for library in LIBRARIES:
        for owner in library.functions:
            module, _, of_class = owner.partition(":")
            if module in sys.modules:
                found = sys.modules[module]
                owners.append(getattr(found, of_class) if of_class else found)
    owners += [ImageFile.ImageFile, sys.modules[__name__], sys.modules["isopixel._images"]]
    owners += [torch, torch.utils.data.DataLoader]
    return {
        (repr(owner), name): value
        for owner in owners
        for name, value in vars(owner).items()
        if name != "__warningregistry__"
    }


def names(recording):
    return [step.name for step in recording.trace.steps]


def assert_same(before):
    """That what stood before stands again, and that nothing came but submodules, which a trace is free to load."""
    after = everything()
    assert before.keys() <= after.keys()
    assert [key for key in before if before[key] is not after[key]] == []
    assert [key for key in after.keys() - before.keys() if not isinstance(after[key], types.ModuleType)] == []


def test_everything_is_put_back():
    before, finders = everything(), list(sys.meta_path)
    with isopixel.trace():
        during = everything()
        changed = {name for key, name in before if before[key, name] is not during[key, name]}
        assert {"resize", "imread", "open", "load", "convert", "asarray", "compile", "__iter__"} <= changed
        assert resize_by_name is cv2.resize and isopixel_resize is isopixel.resize
        assert len(sys.meta_path) == len(finders) + 1
    assert_same(before)
    assert sys.meta_path == finders


def test_everything_is_put_back_after_an_error():
    before = everything()
    for error in (ValueError, KeyboardInterrupt, SystemExit):
        with pytest.raises(error), isopixel.trace():
            raise error
        assert_same(before)


def test_everything_is_put_back_after_a_generator():
    """One that is thrown away in the middle of a trace ends it."""

    def pipeline():
        with isopixel.trace():
            yield cv2.flip(IMAGE, 0)
            yield cv2.flip(IMAGE, 1)

    before = everything()
    generator = pipeline()
    next(generator)
    generator.close()
    del generator
    gc.collect()
    assert_same(before)
    with isopixel.trace() as recording:
        assert_same_steps = [array.shape for array in (cv2.flip(IMAGE, 0), cv2.flip(IMAGE, 1))]
    assert len(assert_same_steps) == len(recording.trace.steps) == 2


def test_nothing_is_wrapped_by_an_import_alone():
    program = (
        "import sys, cv2, numpy, PIL.Image\n"
        "def things(): return [cv2.resize, numpy.asarray, PIL.Image.open, *sys.meta_path]\n"
        "before = things()\nimport isopixel\nisopixel.trace()\n"
        "assert all(a is b for a, b in zip(before, things(), strict=True))\n"
        "assert not {'torch', 'click'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_what_somebody_rebound_meanwhile_stays(monkeypatch):
    def mine(*args, **kwargs):
        return "mine"

    original = cv2.flip
    monkeypatch.setattr(cv2, "flip", original)  # which puts it back after the test
    monkeypatch.setattr(Image.Image, "crop", Image.Image.crop)
    crop = Image.Image.crop
    with isopixel.trace():
        wrapped = cv2.flip
        cv2.flip = mine
        Image.Image.crop = mine
        cv2.rotate, rotate = mine, cv2.rotate
        cv2.rotate = rotate
    assert cv2.flip is mine and Image.Image.crop is mine
    assert not hasattr(cv2.rotate, "__wrapped__")
    with isopixel.trace() as recording:
        assert wrapped(IMAGE, 0) is not None and names(recording) == []  # one of a trace that has ended
    cv2.flip, Image.Image.crop = original, crop


def test_what_was_inherited_is_inherited_again():
    class Parent:
        def call(self):
            return "parent"

    class Child(Parent):
        pass

    recording = isopixel.trace()
    with recording:
        recording._wrapping.put(Child, "call", lambda self: "ours")
        assert Child().call() == "ours"
    assert Child().call() == "parent" and "call" not in vars(Child)


def test_a_name_that_is_deleted_meanwhile(monkeypatch):
    module = types.ModuleType("names_of_others")
    module.resize = cv2.resize
    monkeypatch.setitem(sys.modules, "names_of_others", module)
    with isopixel.trace() as recording:
        module.resize(IMAGE, (3, 3))
        del module.resize
    assert names(recording) == ["resize"] and not hasattr(module, "resize")


def test_names_that_were_imported_before(monkeypatch):
    odd = types.ModuleType("odd")
    odd.__dict__.update({"a": cv2.flip, "b": Image.open, "c": [cv2.flip], "d": None})
    monkeypatch.setitem(sys.modules, "odd", odd)
    monkeypatch.setitem(sys.modules, "not a module", None)
    monkeypatch.setitem(sys.modules, "no module either", object())
    partial = functools.partial(cv2.flip, flipCode=0)
    with isopixel.trace() as recording:
        resize_by_name(IMAGE, (3, 3))
        isopixel_resize(IMAGE, (3, 3))
        odd.a(IMAGE, 0)
        partial(IMAGE)  # which is not seen, as the guide says
        odd.c[0](IMAGE, 0)
    assert names(recording) == ["resize", "resize", "flip"]
    assert odd.a is cv2.flip and not hasattr(odd.b, "__wrapped__")


def test_names_that_are_imported_meanwhile(monkeypatch, tmp_path):
    """What modules got in the trace is ours, and nothing of it stays; nor of a library that was loaded twice."""
    (tmp_path / "meanwhile.py").write_text("from cv2 import flip\nfrom PIL.ImageOps import mirror", encoding="ascii")
    monkeypatch.syspath_prepend(tmp_path)
    before = everything()
    with isopixel.trace() as recording:
        meanwhile = __import__("meanwhile")
        meanwhile.flip(IMAGE, 0)
        recording._wrapping._imported("cv2")
        meanwhile.again = cv2.flip
        meanwhile.again(IMAGE, 0)
    del sys.modules["meanwhile"]
    assert names(recording) == ["flip", "flip"] and meanwhile.again is meanwhile.flip is cv2.flip
    assert meanwhile.mirror is ImageOps.mirror
    assert_same(before)


def test_libraries_that_are_imported_later(tmp_path):
    program = (
        "import sys, numpy as np, isopixel\nfrom isopixel._trace.file import load\n"
        "image = np.zeros((40, 70, 3), np.uint8)\n"
        "with isopixel.trace('a.trace') as recording:\n"
        "    import cv2\n    from cv2 import resize\n    import PIL.Image\n    from PIL import ImageOps\n"
        "    resize(image, (3, 3)); cv2.flip(image, 0)\n"
        "    ImageOps.mirror(PIL.Image.fromarray(image))\n"
        "    PIL.Image.fromarray(image).save('a.png'); PIL.Image.open('a.png').load()\n"
        "for name in ('cv2', 'PIL.Image', 'PIL.ImageOps'):\n"
        "    module = sys.modules[name]\n"
        "    assert type(module.__loader__).__module__ != 'isopixel._trace.recording.imports', name\n"
        "    assert type(module.__spec__.loader).__module__ != 'isopixel._trace.recording.imports', name\n"
        "    wrapped = [key for key, value in vars(module).items() if hasattr(value, '__wrapped__')]\n"
        "    wrapped = [key for key in wrapped if 'isopixel' in vars(module)[key].__code__.co_filename]\n"
        "    assert not wrapped, wrapped\n"
        "names = [step.name for step in recording.trace.steps]\n"
        "assert names == ['resize', 'flip', 'fromarray', 'mirror', 'fromarray', 'save', 'decode'], names\n"
        "assert load('a.trace') == recording.trace\n"
        "assert {'opencv', 'pillow', 'pillow.jpeg', 'numpy', 'isopixel'} <= recording.trace.libraries.keys()\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=tmp_path)


def test_an_import_that_fails_and_one_that_does_not_exist(monkeypatch, tmp_path):
    monkeypatch.setattr("isopixel._trace.recording.wrapping.MODULES", MODULES | {"broken_module", "missing_module"})
    (tmp_path / "broken_module.py").write_text("1 / 0", encoding="ascii")
    monkeypatch.syspath_prepend(tmp_path)
    with isopixel.trace() as recording:
        with pytest.raises(ZeroDivisionError):
            __import__("broken_module")
        with pytest.raises(ModuleNotFoundError, match="missing_module"):
            __import__("missing_module")
    assert "broken_module" not in sys.modules and recording.trace.warnings == ()


def test_a_release_with_other_things_inside(monkeypatch):
    def hook(wrapping):
        raise AttributeError(f"no such thing in {__file__}")

    monkeypatch.setitem(pillow.LIBRARY.hooks, "PIL.ImageFile", hook)
    before = everything()
    with isopixel.trace() as recording:
        cv2.flip(IMAGE, 0)
    assert names(recording) == ["flip"]
    why = "PIL.ImageFile is not recorded: AttributeError: no such thing in test_trace_wrapping.py"
    assert recording.trace.warnings == (why,)
    assert_same(before)


def test_modes_of_others():
    """Ours leaves the stack alone, wherever it lies there."""

    class Mine(TorchFunctionMode):
        calls = 0

        def __torch_function__(self, func, types, args=(), kwargs=None):
            Mine.calls += 1
            return func(*args, **(kwargs or {}))

    depth = torch.overrides._len_torch_function_stack()
    mine = Mine()
    recording = isopixel.trace()
    recording.__enter__()
    mine.__enter__()
    torch.ones(3, 4).flip(0)
    recording.__exit__(None, None, None)
    assert torch.overrides._len_torch_function_stack() == depth + 1
    before = Mine.calls
    torch.ones(3, 4).flip(0)
    assert Mine.calls > before
    mine.__exit__(None, None, None)
    assert torch.overrides._len_torch_function_stack() == depth
    assert "flip" in names(recording)


def test_what_torch_does_in_other_threads_is_not_seen():
    def work():
        cv2.flip(IMAGE, 0)
        torch.ones(3, 4).flip(0)

    with isopixel.trace() as recording:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert names(recording) == ["flip"] and recording.trace.steps[0].library == "opencv"
    assert len(recording.trace.warnings) == 1


class Data(torch.utils.data.Dataset):
    def __len__(self):
        return 2

    def __getitem__(self, index):
        return torch.from_numpy(cv2.flip(IMAGE, index))


@pytest.mark.parametrize("workers", [0, 1])
def test_workers_of_a_loader_are_not_seen(workers):
    with isopixel.trace() as recording:
        (batch,) = torch.utils.data.DataLoader(Data(), batch_size=2, num_workers=workers)
    assert batch.shape == (2, 40, 70, 3)
    if workers:
        assert names(recording) == []
        assert "num_workers=1: what these processes do is not recorded" in recording.trace.warnings[0]
    else:
        assert names(recording) == ["flip", "from_numpy", "flip", "from_numpy", "stack"]
        assert recording.trace.warnings == ()


@pytest.mark.slow
def test_what_is_compiled_is_not_seen():
    def function(x):
        return torch.nn.functional.interpolate(x, (4, 4), mode="bilinear") * 2

    x = torch.arange(300.0).reshape(1, 3, 10, 10)
    expected = function(x)
    early = torch.compile(function, backend="eager")
    with isopixel.trace() as recording:
        late = torch.compile(function, backend="eager")
        assert torch.equal(early(x), expected) and torch.equal(late(x), expected)
    assert any("torch.compile was called" in warning for warning in recording.trace.warnings)
    assert torch.equal(early(x), expected) and torch.equal(late(x), expected)


def test_wrappers_look_like_the_functions():
    original = ImageOps.fit
    with isopixel.trace():
        assert ImageOps.fit is not original
        assert (ImageOps.fit.__name__, ImageOps.fit.__doc__) == (original.__name__, original.__doc__)
        assert ImageOps.fit.__module__ == original.__module__ and ImageOps.fit.__wrapped__ is original


@pytest.mark.parametrize(
    "library",
    [
        pytest.param(library, marks=[pytest.mark.slow] if library.name == "isopixel" else [], id=library.name)
        for library in LIBRARIES  # isopixel.torch takes seconds to import
    ],
)
def test_the_tables_name_things_that_exist(library):
    """Names of the releases that the tests have; a table may name what another release has alone."""
    optional = {"cover", "effect_spread"}
    for owner, kinds in library.functions.items():
        module, _, of_class = owner.partition(":")
        if module.startswith("torchvision"):
            continue
        found = __import__(module, fromlist=["x"])
        found = getattr(found, of_class) if of_class else found
        missing = {name for name in kinds if not callable(vars(found).get(name))}
        assert missing <= optional, (owner, missing)
