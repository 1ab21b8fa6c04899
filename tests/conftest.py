# SPDX-License-Identifier: MIT
"""What tests of several files need: the programs of tests/native, and the instruction sets one by one."""

import os
from types import SimpleNamespace

import pytest
from hypothesis import settings

import isopixel
from tests.builds import build_with_sanitizers

ISAS = ("scalar", "plain", "avx2", "avx512", "avx512vnni", "neon", "neondot", "simd128")

# A machine that does something else besides may take its time for an example.
settings.register_profile("isopixel", deadline=None)
settings.load_profile("isopixel")


def pytest_deselected(items):
    """A worker of pytest-xdist keeps the number for pytest_testnodedown: the summary would leave it out."""
    output = getattr(items[0].config, "workeroutput", {})
    output["deselected"] = output.get("deselected", 0) + len(items)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """All workers deselect the same tests: the summary tells how many."""
    reporter = node.config.pluginmanager.get_plugin("terminalreporter")
    reporter.stats["deselected"] = [SimpleNamespace()] * getattr(node, "workeroutput", {}).get("deselected", 0)


def pytest_collection_modifyitems(items):
    """What needs the programs of tests/native, or an installation for hosts, is slow: they are compiled for minutes."""
    for item in items:
        if not {"native", "installed", "installed_either_way"}.isdisjoint(item.fixturenames):
            item.add_marker("native")
            item.add_marker("slow")


@pytest.fixture(scope="session")
def native():
    """The folder of the programs of tests/native, built with the sanitizers."""
    return build_with_sanitizers() / "tests" / "native"


@pytest.fixture(scope="module")
def planted_pictures(tmp_path_factory):
    """The working folder has the pictures and programs that the pipelines of tests/planted.py read."""
    from tests.planted import write_pictures  # which needs OpenCV and torch

    folder = tmp_path_factory.mktemp("pictures")
    write_pictures(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield


def use(name):
    """A generator for a fixture, during which the instruction set is in use.

    One that this CPU or build lacks is skipped, unless the environment variable ISOPIXEL_TEST_REQUIRE_ISA names it
    (some names with commas between them): then it is a failure.
    """
    required = [word for word in os.environ.get("ISOPIXEL_TEST_REQUIRE_ISA", "").split(",") if word]
    assert set(required) <= set(ISAS), f"ISOPIXEL_TEST_REQUIRE_ISA is {','.join(required)}, and there are {ISAS}"
    if name not in isopixel.available_isas():
        assert name not in required, f"ISOPIXEL_TEST_REQUIRE_ISA names {name}, which this CPU or build does not have"
        pytest.skip(f"this CPU or build does not have {name}")
    former = isopixel.get_isa()
    isopixel.set_isa(name)
    assert isopixel.get_isa() == name
    yield name
    isopixel.set_isa(former)


@pytest.fixture(params=ISAS)
def isa(request):
    """Each instruction set in turn, in use."""
    yield from use(request.param)


@pytest.fixture(params=ISAS[1:])
def vector_isa(request):
    """Each instruction set in turn, in use, but the scalar one, which the others are compared with."""
    yield from use(request.param)
