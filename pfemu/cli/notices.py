"""What a cluster takes without a word and then leaves out: said before the function runs."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pfemu.model.config_reading import Dropped
    from pfemu.model.function_config import FunctionConfig


def notices(config: FunctionConfig) -> Iterator[str]:
    """Yield one line for each thing written in the configuration that has no effect on a cluster."""
    for dropped in config.dropped:
        yield _dropped(dropped)


def _dropped(dropped: Dropped) -> str:
    path = ".".join(str(step) for step in dropped.path)
    name = str(dropped.path[-1] if dropped.is_field else dropped.value)
    nearest = get_close_matches(name.upper() if not dropped.is_field else name, dropped.choices, n=1)
    hint = f" Did you mean {nearest[0]}?" if nearest else ""
    if dropped.is_field:
        return f"{path} is no field that Pulsar knows; it leaves it out without a word.{hint}"
    return f"{path}: {dropped.value!r} is none of {', '.join(dropped.choices)}; Pulsar takes the default without a word.{hint}"
