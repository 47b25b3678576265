"""What a functions worker refuses, in its own words (``RestException`` as ``FunctionsImpl`` and ``ComponentImpl`` throw it)."""

from pfemu.errors import PfemuError


class WorkerError(PfemuError):
    """A call to the worker is refused: HTTP ``status`` and the ``reason`` of the answer, None where it gives none."""

    def __init__(self, status: int, reason: str | None) -> None:
        super().__init__(reason or f"HTTP {status}")
        self.status = status
        self.reason = reason


def no_such_function(name: str, status: int = 404) -> WorkerError:
    """Make the answer for a function that does not exist; an update says it with 400."""
    return WorkerError(status, f"Function {name} doesn't exist")
