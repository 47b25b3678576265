"""The JSON texts in which user configuration and secrets travel to an instance: written and read back by Gson.

Gson drops nulls in maps (not in lists), escapes what HTML could take for its own, and reads every number back as a double.
"""

import json
import math
from collections.abc import Mapping, Sequence

from pfemu.errors import ConfigError
from pfemu.model.configuration.config_reading import JsonValue
from pfemu.model.java_text import double_text

_ESCAPED = str.maketrans({character: f"\\u{ord(character):04x}" for character in "<>&='\u2028\u2029"})


def gson_text(value: JsonValue) -> str:
    """Write a value.

    Raises:
        ConfigError: a number in it is not finite, in Gson's words.
    """
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).translate(_ESCAPED)
    if isinstance(value, Mapping):
        items = (f"{gson_text(name)}:{gson_text(item)}" for name, item in value.items() if item is not None)
        return f"{{{','.join(items)}}}"
    if isinstance(value, Sequence):
        return f"[{','.join(map(gson_text, value))}]"
    return str(value) if isinstance(value, int) else _double(value)


def gson_values(text: str) -> dict[str, JsonValue]:
    """Read a map as ``Map<String, Object>``: numbers become doubles."""
    values: dict[str, JsonValue] = json.loads(text, parse_int=float)
    return values


def _double(number: float) -> str:
    if not math.isfinite(number):
        raise ConfigError(
            f"{double_text(number)} is not a valid double value as per JSON specification. "
            "To override this behavior, use GsonBuilder.serializeSpecialFloatingPointValues() method."
        )
    return double_text(number)
