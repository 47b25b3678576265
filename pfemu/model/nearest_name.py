"""The name that somebody who wrote an unknown one may have meant."""

from collections.abc import Iterable

TYPING_ERROR = 0.75
"""The likeness of two names one of which is the other, mistyped."""


def nearest_name(name: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """Return the known name that is most like ``name``, None where none is that much like it (0 to 1)."""
    from difflib import get_close_matches  # only for who has mistyped something

    return next(iter(get_close_matches(name, list(known), n=1, cutoff=likeness)), None)


def did_you_mean(name: str, known: Iterable[str], *, otherwise: str = "", quoted: bool = True) -> str:
    """Return how a refusal of ``name`` goes on: ``; did you mean 'inputs'?``, or ``otherwise`` where no known name is alike."""
    nearest = nearest_name(name, known)
    if nearest is None:
        return otherwise
    return f"; did you mean {nearest!r}?" if quoted else f"; did you mean {nearest}?"
