"""What a functions worker refuses, in its own words (``RestException`` as ``FunctionsImpl`` and ``ComponentImpl`` throw it)."""

from pfemu.errors import ConfigError, PfemuError, UnexplainedConfigError


class WorkerError(PfemuError):
    """A call to the worker is refused: HTTP ``status`` and the ``reason`` of the answer.

    ``reason`` is empty where the worker says nothing, and None where it is not the worker that answers but the web server, with a page.
    ``text`` is for people where there is no reason.
    """

    def __init__(self, status: int, reason: str | None, text: str = "") -> None:
        super().__init__(reason or text or f"HTTP {status}")
        self.status = status
        self.reason = reason


def refused(error: ConfigError) -> WorkerError:
    """Make the answer for a configuration that is refused."""
    return WorkerError(400, "" if isinstance(error, UnexplainedConfigError) else str(error), str(error))


def no_such_function(name: str, status: int = 404) -> WorkerError:
    """Make the answer for a function that does not exist; an update says it with 400."""
    return WorkerError(status, f"Function {name} doesn't exist")
