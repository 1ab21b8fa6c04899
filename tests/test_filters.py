# SPDX-License-Identifier: MIT
"""The filters other than bilinear (R-37 to R-49), by the public functions: what the libraries were seen to compute."""

import pytest

import isopixel
from tests.peer_images import digest, image, load_cases
from tests.support import cmyk, isa_in_use

CASES = load_cases("filters.json")
METHODS = {method for _, _, digests in CASES for method in digests}


def test_all_results_are_there():
    assert len(CASES) == 150 and len(METHODS) == 32
    assert sum(len(digests) for _, _, digests in CASES) == 3232


@pytest.mark.parametrize("method", sorted(METHODS))
def test_recorded_results(method):
    """With each instruction set of this CPU."""
    for name, size, digests in CASES:
        if method in digests:
            array = image(name)
            channels = cmyk(method, array.shape[2])
            for isa in isopixel.available_isas():
                with isa_in_use(isa):
                    made = isopixel.resize(array, size, method=method, axes="HWC", channels=channels)
                assert digest(made) == digests[method], (isa, name, size)


def test_every_frozen_method_has_recorded_results():
    """Those of bilinear that premultiply have none, and are compared with Pillow itself."""
    bilinear = {method for _, _, digests in load_cases() for method in digests}
    bilinear |= {f"{method}-alpha" for method in bilinear if method.startswith("pillow")}
    assert {method.name for method in isopixel.methods() if method.is_frozen} == METHODS | bilinear
