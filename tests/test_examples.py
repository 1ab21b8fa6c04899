# SPDX-License-Identifier: MIT
"""Every public function and class has an example in its docstring, which runs as it stands and prints what it says."""

import doctest

import pytest

import isopixel
import isopixel.arrow
import isopixel.corpus
import isopixel.torch
from isopixel import pytest_plugin

MODULES = (isopixel, isopixel.arrow, isopixel.corpus, isopixel.torch, pytest_plugin)
PUBLIC = {
    f"{module.__name__}.{name}": getattr(module, name)
    for module in MODULES
    for name in module.__all__
    if name not in ("__version__", "MethodName")  # a text, and a type
}


def run_examples(name, thing):
    """Runs the example of a docstring, and those of the methods of a class; returns the names that it defined.

    An example starts without any names: it imports what it uses.
    """
    found = doctest.DocTestFinder().find(thing, name, module=False, globs={})
    own = next((test for test in found if test.name == name), None)
    assert own is not None and own.examples and "Example:\n" in own.docstring, f"{name} has no Example"
    runner, report = doctest.DocTestRunner(verbose=False), []
    for test in found:
        runner.run(test, out=report.append, clear_globs=False)
    if runner.failures:
        raise AssertionError("".join(report))
    return own.globs


SLOW = ("isopixel.torch.onnx_translations",)  # exports a program


@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.slow] * (name in SLOW)) for name in PUBLIC])
def test_examples(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    isa, threads = isopixel.get_isa(), isopixel.get_num_threads()
    try:
        run_examples(name, PUBLIC[name])
    finally:
        isopixel.set_isa(isa)
        isopixel.set_num_threads(threads)


def test_the_example_of_the_fixture_is_a_test(isopixel_golden, tmp_path, monkeypatch):
    test = run_examples("isopixel_golden", pytest_plugin.isopixel_golden)["test_pipeline"]
    monkeypatch.setattr(isopixel_golden, "folder", tmp_path / "goldens")
    with pytest.raises(pytest.fail.Exception, match="there is no golden"):
        test(isopixel_golden)
    monkeypatch.setattr(isopixel_golden, "update", True)
    test(isopixel_golden)
    monkeypatch.setattr(isopixel_golden, "update", False)
    test(isopixel_golden)


def without():
    """Returns one."""
    return 1


def without_a_heading():
    """Returns one.

    >>> 1
    1
    """


def wrong():
    """Returns one.

    Example:
        >>> 1 + 1
        3
    """


def raises():
    """Returns one.

    Example:
        >>> isopixel
        >>> 1
        1
    """


class WithAWrongMethod:
    """Something.

    Example:
        >>> 1
        1
    """

    def method(self):
        """Returns one.

        Example:
            >>> 1 + 1
            3
        """


@pytest.mark.parametrize(
    ("thing", "message"),
    [
        (without, "thing has no Example"),
        (without_a_heading, "thing has no Example"),
        (wrong, "Expected:\n    3\nGot:\n    2"),
        (raises, "NameError: name 'isopixel' is not defined"),
        (WithAWrongMethod, "in thing.method\n"),
    ],
)
def test_an_example_that_is_missing_or_wrong_fails(thing, message):
    with pytest.raises(AssertionError) as failure:
        run_examples("thing", thing)
    assert message in str(failure.value)
