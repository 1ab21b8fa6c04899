# SPDX-License-Identifier: MIT
"""Signals that end a command, and leave nothing half-written."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

NAMES = ("SIGINT", "SIGTERM", "SIGHUP")  # as far as the system has them
GRACE = 2.0  # seconds in which another signal does not disturb what the first one ends


class EndedError(BaseException):
    """What such a signal raises.

    Attributes:
        number: of the signal.
    """

    def __init__(self, number: int) -> None:
        """Keeps the number of the signal."""
        self.number = number


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Raises EndedError for signals, in the main thread, which alone gets them; those that are ignored stay so."""
    last = -GRACE

    def end(number: int, frame: FrameType | None) -> None:
        nonlocal last
        if time.monotonic() - last >= GRACE:
            last = time.monotonic()
            raise EndedError(number)

    former = {}
    if threading.current_thread() is threading.main_thread():
        numbers = [getattr(signal, name) for name in NAMES if hasattr(signal, name)]
        former = {number: signal.getsignal(number) or signal.SIG_DFL for number in numbers}
    try:
        for number, handler in former.items():
            if handler is not signal.SIG_IGN:
                signal.signal(number, end)
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
