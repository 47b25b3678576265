"""How Java reads and writes text, where a user can see the difference from Python.

The functions worker and its command are Java programs: their words, the order of their maps and the spelling of their numbers follow
these rules.
"""

import math
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TypeVar

V = TypeVar("V")

_NOT_WHITE_SPACE_IN_JAVA = "\x85\xa0\u2007\u202f"
_TRIMMED = "".join(map(chr, range(0x21)))


def trim(text: str) -> str:
    """``String.trim``: drop blanks and control characters at both ends, but no other white space."""
    return text.strip(_TRIMMED)


def is_blank(text: str | None) -> bool:
    """``StringUtils.isBlank``: None, empty, or nothing but ``Character.isWhitespace``."""
    return text is None or all(character.isspace() and character not in _NOT_WHITE_SPACE_IN_JAVA for character in text)


def split(text: str, separator: str) -> list[str]:
    """``String.split`` at a plain separator: empty parts at the end are dropped, unless there is nothing to split."""
    parts = text.split(separator)
    if len(parts) == 1:
        return parts
    while parts and not parts[-1]:
        parts.pop()
    return parts


def java_int(text: str) -> int | None:
    """``Integer.parseInt``: decimal digits of any script, a sign before them, no more than 32 bits; None for anything else."""
    sign, digits = (text[0], text[1:]) if text[:1] in {"+", "-"} and text else ("", text)
    if not digits.isdecimal():
        return None
    number = int(sign + digits)
    return number if -(2**31) <= number < 2**31 else None


def double_text(number: float) -> str:
    """``Double.toString`` (of Java 19 on): always a fraction; an exponent below a thousandth and from ten million on."""
    if not math.isfinite(number):
        return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"
    if number == 0 or 1e-3 <= abs(number) < 1e7:
        text = f"{number!r}"
        return text if "e" not in text else f"{number:f}"
    written = Decimal(repr(number)).normalize()
    digits = "".join(map(str, written.as_tuple().digits))
    return f"{'-' if number < 0 else ''}{digits[0]}.{digits[1:] or '0'}E{written.adjusted()}"


def string_hash(text: str) -> int:
    """``String.hashCode`` as an unsigned 32-bit number: over UTF-16 units."""
    code = 0
    units = text.encode("utf-16-be", "surrogatepass")
    for high, low in zip(units[::2], units[1::2], strict=True):
        code = (31 * code + (high << 8 | low)) & 0xFFFFFFFF
    return code


def hash_map(entries: Mapping[str, V], *, copied: bool = False) -> dict[str, V]:
    """Return the entries in the order in which a ``HashMap`` goes through them.

    ``copied``: they were added by one ``putAll``, which sizes the table at once and otherwise than adding one by one does
    (``HashMap.putMapEntries`` of Java 17; newer versions size it a little smaller).
    """
    buckets = 2 if copied else 16
    needed = int(len(entries) / 0.75 + 1.0) if copied else 0
    while buckets < needed or len(entries) > buckets * 0.75:
        buckets *= 2
    return {key: entries[key] for key in sorted(entries, key=lambda key: _bucket(key, buckets))}


def concurrent_hash_map(keys: Iterable[str]) -> list[str]:
    """Return keys in the order in which a ``ConcurrentHashMap`` goes through them, which grows one entry earlier."""
    listed = list(keys)
    buckets = 16
    while len(listed) >= buckets * 0.75:
        buckets *= 2
    return sorted(listed, key=lambda key: _bucket(key, buckets))


def _bucket(key: str, buckets: int) -> int:
    code = string_hash(key)
    return (code ^ code >> 16) & (buckets - 1)


def camel_case(name: str) -> str:
    """Return the name of a Python field as Java spells it."""
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def quoted_names(names: Iterable[str]) -> str:
    """``Arrays.toString``: names in square brackets."""
    return f"[{', '.join(names)}]"
