"""What pulsar-client makes of plain arguments, remembered.

``pulsar.Client`` checks some twenty arguments of a producer or consumer and copies them, one by one, into a native configuration, which is
then read back. That takes longer than all the rest, and plain arguments (texts, numbers, choices) that it took once it takes again: the
settings it made of them are kept. What it refuses it refuses anew each time, in its own words.

A topic, a subscription, bytes for a schema, properties and a listener do not change what the settings are, so they are left out of what is
looked up. A call with anything else, a policy or another schema, is not plain: pulsar-client itself is called for it.
"""

from __future__ import annotations

from functools import lru_cache
from types import NoneType
from typing import Any

import pulsar

from pfemu.client.consuming import consumer_settings
from pfemu.client.consuming.consumer_settings import ConsumerSettings
from pfemu.client.producing import producer_settings
from pfemu.client.producing.producer_settings import ProducerSettings

_PLAIN = frozenset(
    {
        *(str, int, bool, NoneType),
        *(pulsar.ProducerAccessMode, pulsar.CompressionType, pulsar.BatchingType, pulsar.PartitionsRoutingMode),
        *(pulsar.ConsumerType, pulsar.InitialPosition, pulsar.RegexSubscriptionMode, pulsar.ConsumerCryptoFailureAction),
    }
)
_TEXT = {str}
_REMEMBERED_CALLS = 256


def producer_settings_of_call(args: tuple[Any, ...], kwargs: dict[str, Any]) -> ProducerSettings | None:
    """Return what ``create_producer(topic, …)`` asks for, without its properties; None for a call that is not plain.

    Raises:
        ValueError, TypeError: pulsar-client refuses an argument.
    """
    plain = _plain_arguments(kwargs) if len(args) == 1 and type(args[0]) is str and "message_listener" not in kwargs else None
    return None if plain is None else _producer_settings(**plain)


def consumer_settings_of_call(args: tuple[Any, ...], kwargs: dict[str, Any]) -> ConsumerSettings | None:
    """Return what ``subscribe(topic, subscription_name, …)`` asks for, without properties and listener; None for a call that is not plain.

    Raises:
        ValueError, TypeError: pulsar-client refuses an argument.
        pulsar.InvalidConfiguration: so would the native half.
    """
    plain = _plain_arguments(kwargs) if len(args) == 2 and type(args[0]) is type(args[1]) is str else None
    return None if plain is None else _consumer_settings(**plain)


def _plain_arguments(kwargs: dict[str, Any]) -> dict[str, Any] | None:
    plain = {name: value for name, value in kwargs.items() if type(value) in _PLAIN}
    return plain if all(_changes_nothing(name, kwargs[name]) for name in kwargs.keys() - plain.keys()) else None


def _changes_nothing(name: str, value: object) -> bool:
    if name == "schema":
        return type(value) is pulsar.schema.BytesSchema
    if name == "properties":
        return type(value) is dict and {*map(type, value), *map(type, value.values())} <= _TEXT
    return name == "message_listener"


# Typed, because pulsar-client takes True for a number, but not 1 for True.
@lru_cache(maxsize=_REMEMBERED_CALLS, typed=True)
def _producer_settings(**plain: Any) -> ProducerSettings:  # noqa: ANN401 - pulsar.Client's own signature
    native = _NativeHalf()
    _Client(native).create_producer("", **plain)
    return producer_settings.settings_of(native.configuration)


@lru_cache(maxsize=_REMEMBERED_CALLS, typed=True)
def _consumer_settings(**plain: Any) -> ConsumerSettings:  # noqa: ANN401 - as above
    native = _NativeHalf()
    _Client(native).subscribe("", "", **plain)
    return consumer_settings.settings_of(native.configuration)


class _NativeHalf:
    """Keeps the configuration of what it is asked for, and makes nothing of it."""

    configuration: Any

    def create_producer(self, _topic: str, configuration: Any) -> None:  # noqa: ANN401 - _pulsar.ProducerConfiguration
        self.configuration = configuration

    def subscribe(self, _topic: str, _subscription_name: str, configuration: Any) -> None:  # noqa: ANN401 - _pulsar.ConsumerConfiguration
        self.configuration = configuration


class _Client(pulsar.Client):
    """pulsar-client's own client, over that."""

    def __init__(self, native: _NativeHalf) -> None:
        self._client = native
        self._consumers: list[object] = []
