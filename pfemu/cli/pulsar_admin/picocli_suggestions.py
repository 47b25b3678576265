"""What ``pulsar-admin`` takes for an option, and what it thinks was meant.

* An argument looks like an option when nine of ten option names begin as it does; numbers never do.
* Of options, those are named that begin with the same two letters, dashes aside.
* Of commands, the three that share most pairs of letters; of two that share as many, the later one.

Source: ``CommandSpec.resemblesOption``, ``UnmatchedArgumentException`` and ``CosineSimilarity`` of picocli 4.7.5.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

_NUMBER = re.compile(r"[+-]?(?:0[xX#])?[0-9]+|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[dDfF]?|[+-]?(?:NaN|Infinity)", re.ASCII)
_LEADING = re.compile(r"[^\w$]+")
_MOST = 3


def resembles_option(argument: str, names: Collection[str]) -> bool:
    """Tell whether an argument looks like one of the options."""
    if len(argument) < 2 or _NUMBER.fullmatch(argument):
        return False
    alike = sum(_shared(argument, name) for name in names)
    return alike > 0 and alike * 10 >= len(names) * 9


def _shared(one: str, other: str) -> int:
    return next((index for index, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), min(len(one), len(other)))


def visible_with_prefix(argument: str, names: Iterable[str]) -> list[str]:
    """Return the names that begin with the argument's first two letters."""
    prefix = _stripped(argument)[:2]
    return [name for name in names if _stripped(name).startswith(prefix)]


def _stripped(name: str) -> str:
    return _LEADING.sub("", name, count=1) if _LEADING.match(name) else name


def similar_commands(argument: str, commands: Sequence[str]) -> list[str]:
    """Return the commands that are most like an argument, best first."""
    pattern = _pairs(argument)
    by_score = {score: command for command in commands if (score := _similarity(pattern, _pairs(command))) > 0}
    return [by_score[score] for score in sorted(by_score, reverse=True)[:_MOST]]


def _pairs(text: str) -> Counter[str]:
    lower = text.lower()
    return Counter(lower[index : index + 2] for index in range(len(lower) - 1))


def _similarity(one: Counter[str], other: Counter[str]) -> float:
    lengths = math.sqrt(_product(one, one) * _product(other, other))
    return _product(one, other) / lengths if lengths else 0.0


def _product(one: Counter[str], other: Counter[str]) -> int:
    return sum(count * other[pair] for pair, count in one.items())
