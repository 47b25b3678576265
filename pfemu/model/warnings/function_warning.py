"""What a user is warned about, as a value: a cluster would take it, or let it happen, without a word."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FunctionWarning:
    """One thing to know of a function.

    Attributes:
        about: what was configured or happened, the subject of the sentence: ``timeoutMs``.
        text: what a cluster makes of it, the rest of the sentence.
        source: what shows that it does; empty where the code itself shows it.
        strict: whether strictness makes an error of it; not so where it is only good to know, or was asked for.
    """

    about: str
    text: str
    source: str = ""
    strict: bool = True

    def __str__(self) -> str:
        return f"{self.about} {self.text}" if self.about else self.text
