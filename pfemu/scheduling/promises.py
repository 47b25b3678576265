"""Work that one thread does for another, which waits for it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def fulfil(future: Future[T], run: Callable[[], T]) -> None:
    """Run it, and have whoever waits for the future get what it returns, or raises."""
    try:
        future.set_result(run())
    except BaseException as error:  # noqa: BLE001 - it is raised in the thread that asked
        future.set_exception(error)
