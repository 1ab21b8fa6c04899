# SPDX-License-Identifier: MIT
"""The digest of a corpus against the reference (R-70)."""

import hashlib
import random

import pytest
from spec import reference

from isopixel._corpus_digest import CorpusDigest

SHA = hashlib.sha256(b"").hexdigest()


def digest_of(rows):
    """By blocks of two rows."""
    digest = CorpusDigest()
    for at in range(0, len(rows), 2):
        digest.update(rows[at : at + 2])
    return digest.text()


def test_equals_the_reference():
    letters = random.Random(70)
    paths = {"".join(letters.choices("ab/. \n\\-é\u0301～\U0001f600", k=letters.randrange(1, 9))) for _ in range(200)}
    rows = [(path, letters.choice([None, 0, 7, 10**12]), letters.choice(["input", "io"])) for path in paths]
    theirs = [
        (path, n, SHA if n is not None else None, kind if n is None else "sha256:" + SHA) for path, n, kind in rows
    ]
    ours = [
        (path, n, None, None, kind) if n is None else (path, n, SHA, "sha256:" + SHA, None)
        for path, n, kind in sorted(rows, key=lambda row: row[0].encode())
    ]
    assert digest_of(ours) == reference.corpus_digest(theirs)


def test_a_line_end_in_a_path_does_not_make_two_corpora_equal():
    result = f"0 {SHA} sha256:{SHA}"
    one = [(f"a\n{result}\n1 b", 0, SHA, f"sha256:{SHA}", None)]
    two = [("a", 0, SHA, f"sha256:{SHA}", None), ("b", 0, SHA, f"sha256:{SHA}", None)]
    assert digest_of(one) != digest_of(two)


@pytest.mark.parametrize("paths", [("b", "a"), ("a", "a"), ("a/b", "a.b"), ("\U0001f600", "～")])
def test_rows_that_are_not_in_order_are_refused(paths):
    with pytest.raises(ValueError, match="is not behind"):
        digest_of([(path, None, None, None, "io") for path in paths])
