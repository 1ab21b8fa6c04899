# SPDX-License-Identifier: MIT
"""The frozen peers (R-18 to R-28, R-37 to R-49), by the public functions: what the libraries were seen to compute."""

import pytest

import isopixel
from tests.peer_images import digest, image, load_cases
from tests.support import cmyk, isa_in_use

BILINEAR, OTHERS = load_cases(), load_cases("filters.json")


def methods_of(cases):
    return {method for _, _, digests in cases for method in digests}


def test_all_results_are_there():
    assert len(OTHERS) == 150 and len(methods_of(OTHERS)) == 32
    assert sum(len(digests) for _, _, digests in OTHERS) == 3232
    for method in methods_of(BILINEAR):
        assert sum(method in digests for _, _, digests in BILINEAR) == (258 if method.startswith("pillow") else 268)


@pytest.mark.parametrize("method", sorted(methods_of(BILINEAR + OTHERS)))
@pytest.mark.parametrize("isas", ["the best", pytest.param("all", marks=pytest.mark.slow)])
def test_recorded_results(method, isas):
    """With the best instruction set of this CPU, or each."""
    names = isopixel.available_isas() if isas == "all" else (isopixel.get_isa(),)
    for name, size, digests in BILINEAR + OTHERS:
        if method in digests:
            array = image(name)
            channels = cmyk(method, array.shape[2])
            for isa in names:
                with isa_in_use(isa):
                    made = isopixel.resize(array, size, method=method, axes="HWC", channels=channels)
                assert digest(made) == digests[method], (isa, name, size)


def test_every_frozen_method_has_recorded_results():
    """Those of bilinear that premultiply have none, and are compared with Pillow itself."""
    bilinear = methods_of(BILINEAR)
    bilinear |= {f"{method}-alpha" for method in bilinear if method.startswith("pillow")}
    assert {method.name for method in isopixel.methods() if method.is_frozen} == methods_of(OTHERS) | bilinear
