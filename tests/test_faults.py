# SPDX-License-Identifier: MIT
"""The faults that `python -m tests.mutations` plants: it stops at one whose place has changed."""

from pathlib import Path

from tests.mutations import faults


def test_each_is_at_one_place():
    for fault in faults([]):
        for name in fault["tests"].split():
            assert Path(__file__).with_name(f"{name}.py").exists(), fault
