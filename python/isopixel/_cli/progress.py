# SPDX-License-Identifier: MIT
"""The progress of long work, on stderr: a bar on a terminal; elsewhere, as in the log of a CI, a line now and then."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

EVERY = 10.0  # seconds between two lines
REFRESH = 0.1  # seconds between two texts on a terminal


@contextmanager
def progress(
    length: int,
    label: str,
    amount: Callable[[int], str] | None = None,
    *,
    rates: bool = True,
    hidden: bool = False,
) -> Iterator[Callable[[int], None]]:
    """Yields what is called with how much more is done.

    Args:
        length: all that is to be done.
        label: of the bar.
        amount: returns how much is done as a text, for the lines; if not given, megabytes.
        rates: whether it is bytes, whose rate the bar shows; otherwise it shows their number.
        hidden: whether there is no bar, since the work is short.
    """
    begun = time.monotonic()

    def rate(item: object) -> str:
        return f"{bar.pos / max(time.monotonic() - begun, 1e-9) / 1e6:.0f} MB/s"

    if sys.stderr.isatty() and not hidden:
        options: dict[str, Any] = {"item_show_func": rate} if rates else {"show_pos": True}
        bar = click.progressbar(length=length, label=label, file=sys.stderr, **options)
        with bar:
            yield bar.update
        return
    done, due = 0, begun + EVERY

    def advance(more: int) -> None:
        nonlocal done, due
        done += more
        now = time.monotonic()
        if now >= due:
            due = now + EVERY
            text = amount(done) if amount else f"{done / 1e6:,.0f} of {length / 1e6:,.0f} MB"
            click.echo(f"isopixel: {text}, {now - begun:.0f} s", err=True)

    yield advance


@contextmanager
def status() -> Iterator[Callable[[str], None]]:
    """Yields what is called with a text that says how far the work is, where no bar could show its length.

    On a terminal the text is replaced by the next one; elsewhere there is one every EVERY seconds.
    """
    is_terminal = sys.stderr.isatty()
    wait = REFRESH if is_terminal else EVERY
    due = time.monotonic() + wait
    is_dirty = False

    def show(text: str) -> None:
        nonlocal due, is_dirty
        if time.monotonic() < due:
            return
        due = time.monotonic() + wait
        if is_terminal:
            click.echo(f"\r{text}\x1b[K", err=True, nl=False)
            is_dirty = True
        else:
            click.echo(f"isopixel: {text}", err=True)

    try:
        yield show
    finally:
        if is_dirty:
            click.echo("\r\x1b[K", err=True, nl=False)
