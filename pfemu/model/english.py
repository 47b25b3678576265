"""Numbers and names of classes with the words that go with them, in texts for people."""


def counted(count: int, one: str, several: str = "") -> str:
    """Return a number and its noun; ``several`` is the plural where it is not ``one`` with an s."""
    return f"{count:,} {one if count == 1 else several or f'{one}s'}"


def an(kind: str) -> str:
    """Put the article before the name of a class."""
    return f"an {kind}" if kind[0] in "aeiouAEIOU" else f"a {kind}"
