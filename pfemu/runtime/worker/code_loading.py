"""The code of an instance that is about to start, loaded on a thread of its own: an import may take long, and the broker goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pfemu.runtime.function import Function
    from pfemu.runtime.instance_start import Load
    from pfemu.runtime.loader import LoadedFunction


class CodeLoading:
    """Begins at once. ``loaded`` is told by way of ``hand_over``, unless it was given up; then ``ended`` is done."""

    def __init__(self, function: Function, hand_over: Callable[[Callable[[], object]], object], loaded: Callable[[Load], object]) -> None:
        self._function = function
        self._hand_over = hand_over
        self._tell = loaded
        self._outcome: Future[LoadedFunction] = Future()
        self.ended: Future[None] = Future()
        threading.Thread(target=self._load, name=f"pfemu-load {function.fqfn}", daemon=True).start()

    def _load(self) -> None:
        try:
            self._outcome.set_result(self._function.load())
        except BaseException as error:  # noqa: BLE001 - the instance dies of it, where it would have loaded the code
            self._outcome.set_exception(error)
        self._hand_over(self._end)

    def _end(self) -> None:
        if self.ended.done():
            if self._outcome.exception() is None:
                self._outcome.result().unload()
            return
        try:
            self._tell(self._outcome.result)
        finally:
            self.ended.set_result(None)

    def give_up(self) -> None:
        """Want the code no more, which is unloaded once it is there; on the scheduler's thread."""
        if not self.ended.done():
            self.ended.set_result(None)
