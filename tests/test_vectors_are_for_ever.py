# SPDX-License-Identifier: MIT
"""The vectors that were published: more may be added behind them, and none may ever change (R-9).

`python -m tests.test_vectors_are_for_ever` prints PUBLISHED for the vectors of now: to pin those that a release adds.
"""

import copy
import hashlib
import json
from pathlib import Path

import pytest

VECTORS = json.loads((Path(__file__).parents[1] / "spec" / "vectors.json").read_text(encoding="ascii"))

# Of each section, how many vectors are published, and the digest of these: of their inputs and of their results.
PUBLISHED = {
    "resize": (426, "b132d1f6fe8c2e3d14723efaa9f8885e36b0495e07de5641a2e1f58e60a30c9c"),
    "layout": (254, "0d0ad3d6c29b4ad25eb2394774313cae57ff06db2d808881bb9e2a98ce618210"),
    "frozen": (764, "21630e2afa3505fee60ef450691e218bfb5cec27ba09fe5e8cb9e9979d3f06ec"),
    "fingerprint": (14, "f99f5b296f096ecd04ac98cf1eca0fc70b2d8fda846bd786df20e5951ec7202b"),
    "recipe": (19, "12f54cd4121ec6a94f376b65ea9c2f0d6632874536440fdc45d1fd9333eec56a"),
    "normalize": (57, "d90db60e1f49776eec3349105ae4a5b9a4e878fb7c237de49b212d38de8306e5"),
    "refused": (24, "81a00c656d66906d64473933503e96f14ea6963db51f54cfac129a7686c13218"),
    "image_line": (58, "71baa03e661bc6f089232bfa4b35f9186e1ae776caf2bf43c6ff55ec11561963"),
    "image_refused": (123, "5442591b7b51fa6c3e367de9df31ddf034c5050d6d57bd769de210ed9100e8c1"),
    "sizes": (55, "1dea99f8d3bc9843bb127d5a576c55ac8281f0cfbe150d3e42669593d94b9e1c"),
    "picture": (53, "2a52cb1601ea6e04f3ad6483965983e1c878d35a6e5d8d6f75da687ee8962033"),
    "image": (166, "9f189bdc998c5250c1535c2b9d1e9f079d9278bf916ce925e5a4954a66b4c004"),
    "jpeg": (52, "fc7bb77f6fcbb73d2c9fa909528a4b196f19dfd29bb94211552e413c44df994e"),
    "pow2": (99, "3f706e201bff12968118588f065acb0c75633fe3ea98dbbc06ec11ff5007e21e"),
    "part": (71, "7cb301cf16838ee52ce3b6f0fd8c9e9efd680e82a63168777bbb4a2b9c3d4007"),
    "part_line": (19, "2d63e10f2e1f89972e3e88979a60639625b31a53e84cb46fce835b731bbb6a0c"),
    "corpus": (5, "a5cca2abf91113ce8e2d082fab6d17c563c1b96eb1f40c207fc3414ecd26433b"),
    "sound": (95, "91d5b33a3065773d163070a481d3fea8c4ab94fb26e5ef221f98a7125f7c2f47"),
    "sound_line": (42, "0b5f9c3a561be1c9de005835c434369b658fa77fd5eeac4575b089ebba9aef7b"),
}


def digest(vectors):
    """The digest of some vectors, in their order."""
    return hashlib.sha256(json.dumps(vectors, sort_keys=True).encode("ascii")).hexdigest()


def changed(vectors):
    """The sections in which a published vector is another, or gone."""
    return [name for name, (count, pinned) in PUBLISHED.items() if digest(vectors[name][:count]) != pinned]


def sections():
    return {name: value for name, value in VECTORS.items() if isinstance(value, list)}


def test_published_vectors_are_as_they_were():
    assert changed(VECTORS) == [], "published vectors may be added to, at the end of a section, but never changed"


def test_every_section_is_published():
    assert PUBLISHED.keys() == sections().keys()
    for name, (count, _) in PUBLISHED.items():
        assert 0 < count <= len(VECTORS[name])


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_change_is_found(name):
    count, _ = PUBLISHED[name]
    more = VECTORS | {name: [*VECTORS[name], {"input": "noise 1"}]}
    assert changed(more) == []
    for at in (0, count - 1):
        for key, value in VECTORS[name][at].items():
            other = copy.deepcopy(VECTORS)
            other[name][at][key] = f"{value}0"
            assert changed(other) == [name], key
        gone = VECTORS | {name: VECTORS[name][:at] + VECTORS[name][at + 1 :]}
        assert changed(gone) == [name]


if __name__ == "__main__":
    for section, published in sections().items():
        print(f'    "{section}": ({len(published)}, "{digest(published)}"),')
