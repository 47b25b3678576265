"""The text of ``putstate --state``: its key, or Jackson's words for what cannot be read (``FunctionState``, Jackson 2.17)."""

from __future__ import annotations

import json
from json import JSONDecodeError, JSONDecoder

from pfemu.cli.pulsar_admin.picocli import RefusedError
from pfemu.cli.pulsar_admin.state_fields import Fraction, check_field
from pfemu.model.jackson_syntax import syntax_error

_MISMATCH = "com.fasterxml.jackson.databind.exc.MismatchedInputException"
_STATE = "org.apache.pulsar.common.functions.FunctionState"
_AN_INSTANCE = f"Cannot construct instance of `{_STATE}` (although at least one Creator exists): no"


def key_of_state(text: str) -> str:
    """Return the key of a state; what follows the state is not looked at.

    Raises:
        RefusedError: the text is no state, or has no key.
    """
    begin = len(text) - len(text.lstrip())
    if begin == len(text):
        raise RefusedError(f"{_MISMATCH}: No content to map due to end-of-input")
    try:
        state, _ = JSONDecoder(parse_float=Fraction).raw_decode(text, begin)
    except JSONDecodeError as error:
        raise RefusedError(syntax_error(error)[0]) from None
    if state is None:
        raise RefusedError(*_null_pointer(f'Cannot invoke "{_STATE}.getKey()" because "state" is null'))
    if not isinstance(state, dict):
        raise RefusedError(f"{_MISMATCH}: {_no_state(state)}")
    for name, value in state.items():
        check_field(name, value)
    key = state.get("key")
    if key is None:
        raise RefusedError(*_null_pointer("path is 'null'."))
    return str(key) if isinstance(key, str | Fraction) else json.dumps(key)


def _null_pointer(text: str) -> tuple[str, str, str]:
    return "null", "", f"Reason: java.lang.NullPointerException: {text}"


def _no_state(value: object) -> str:
    if isinstance(value, list):
        return f"Cannot deserialize value of type `{_STATE}` from Array value (token `JsonToken.START_ARRAY`)"
    if isinstance(value, str):
        return f"{_AN_INSTANCE} String-argument constructor/factory method to deserialize from String value ('{value}')"
    kind, said = {bool: ("boolean/Boolean", "boolean"), int: ("int/Int", "Number")}.get(type(value), ("double/Double", "Number"))
    return f"{_AN_INSTANCE} {kind}-argument constructor/factory method to deserialize from {said} value ({json.dumps(value)})"
