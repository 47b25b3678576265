"""What a person is told of warnings: after what runs was introduced, and from then on the moment they arise."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pfemu.model.warnings.function_warning import FunctionWarning


class WarningsTold:
    """Hands warnings on to ``told``, once it may."""

    def __init__(self, told: Callable[[FunctionWarning], object]) -> None:
        self._told = told
        self._waiting: list[FunctionWarning] | None = []
        self.any_strict = False
        """Whether there was one that strictness makes an error of."""

    def __call__(self, warning: FunctionWarning) -> None:
        """Tell a warning, or keep it until it may be told; on any thread."""
        self.any_strict = self.any_strict or warning.strict
        if self._waiting is not None:
            self._waiting.append(warning)
        else:
            self._told(warning)

    def tell(self) -> None:
        """Tell what waits, and what comes later at once."""
        waiting, self._waiting = self._waiting or [], None
        for warning in waiting:
            self(warning)
