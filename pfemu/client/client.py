"""The client: the Python half is pulsar-client's own, the native half is this package's.

``pulsar.Client`` checks arguments, builds configurations, encodes by schema and wraps what it gets back; below it, the
real package calls its C++ library. :class:`Client` puts :class:`~pfemu.client.client_impl.ClientImpl` in that place, so
names, arguments, defaults and refusals are the installed package's, whatever its version.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import pulsar

from pfemu.client.client_impl import ClientImpl
from pfemu.client.connection import Given
from pfemu.client.consuming.consumer import Consumer, Reader
from pfemu.client.plain_calls import consumer_settings_of_call, producer_settings_of_call
from pfemu.client.producing.open_batches import OpenBatches
from pfemu.client.producing.producer import Producer
from pfemu.client.signatures import arguments_of, as_in, defaults_of, shown_as
from pfemu.engine import Engine
from pfemu.errors import NotEmulatedError

_CREATE_PRODUCER = defaults_of(pulsar.Client.create_producer)
_SUBSCRIBE = defaults_of(pulsar.Client.subscribe)
_CREATE_READER = defaults_of(pulsar.Client.create_reader)
_CREATE_TABLE_VIEW = defaults_of(pulsar.Client.create_table_view)

_NO_ENCRYPTION = (
    "pfemu does not encrypt, and refuses a producer that would, instead of publishing in the clear. Leave encryption_key and"
    " crypto_key_reader (of a function: producerConfig.cryptoConfig) out here; a real client encrypts with them."
)

C = TypeVar("C", Consumer, Reader)


def given_to_producer(given: dict[str, Any]) -> Given:
    """Return what of a call's arguments a native configuration cannot be asked for."""
    return Given(properties=given.get("properties"), router=given.get("message_router"), chunking=bool(given["chunking_enabled"]))


def refuse_encryption(given: dict[str, Any]) -> None:
    """Refuse a producer that would encrypt.

    Raises:
        NotEmulatedError: it would.
    """
    if given.get("encryption_key") and isinstance(given.get("crypto_key_reader"), pulsar.CryptoKeyReader):
        raise NotEmulatedError(_NO_ENCRYPTION)


@shown_as("pulsar", "Client")
class Client(pulsar.Client):
    """A ``pulsar.Client`` of an emulator's broker.

    ``for_instance``: the client of a function instance. The instance ends its batches after each message (``_open_batches``), unless
    ``timed_batches`` leaves that to time, as in a real client; as its listeners do nothing but queue, they have no thread of their own.
    """

    def __init__(self, engine: Engine, *, for_instance: bool = False, timed_batches: bool = False) -> None:
        self._client = ClientImpl(engine, for_instance=for_instance, timed_batches=timed_batches)
        self._consumers: list[Any] = []

    @property
    def _open_batches(self) -> OpenBatches | None:
        """What an instance ends after each message; None where time does."""
        batches: OpenBatches | None = self._client.open_batches
        return batches

    def _tell_when_asked(self, asked: Callable[[], object] | None) -> None:
        """Have ``asked`` told before anything that waits for the broker, until None comes in its place."""
        self._client.tell_when_asked(asked)

    @as_in(pulsar.Client.create_producer)
    def create_producer(self, *args: Any, **kwargs: Any) -> Producer:  # noqa: ANN401 - pulsar.Client's own signature
        """Make a producer."""
        arguments = arguments_of(_CREATE_PRODUCER, args, kwargs)
        given = given_to_producer(arguments)
        asked = producer_settings_of_call(args, kwargs)
        if asked is not None:
            return Producer(self._client.open_producer(args[0], asked, given), arguments["schema"], self._client)
        refuse_encryption(arguments)
        with self._client.given(given):
            made = super().create_producer(*args, **kwargs)
        return Producer(made._producer, made._schema, self._client)

    @as_in(pulsar.Client.subscribe)
    def subscribe(self, *args: Any, **kwargs: Any) -> Consumer:  # noqa: ANN401 - pulsar.Client's own signature
        """Make a consumer."""
        arguments = arguments_of(_SUBSCRIBE, args, kwargs)
        schema = arguments["schema"]
        given = Given(schema, arguments.get("properties"), arguments.get("message_listener"))
        asked = consumer_settings_of_call(args, kwargs)
        if asked is not None:
            ours = Consumer(self._client.open_consumer(*args, asked, given), schema, self)
            self._consumers.append(ours)
            return ours
        with self._client.given(given):
            made = super().subscribe(*args, **kwargs)
        return self._instead(made, Consumer(made._consumer, schema, self))

    @as_in(pulsar.Client.create_reader)
    def create_reader(self, *args: Any, **kwargs: Any) -> Reader:  # noqa: ANN401 - pulsar.Client's own signature
        """Make a reader."""
        given = arguments_of(_CREATE_READER, args, kwargs)
        schema = given["schema"]
        with self._client.given(Given(schema, listener=given.get("reader_listener"))):
            made = super().create_reader(*args, **kwargs)
        return self._instead(made, Reader(made._reader, schema, self))

    @as_in(pulsar.Client.create_table_view)
    def create_table_view(self, *args: Any, **kwargs: Any) -> pulsar.TableView:  # noqa: ANN401 - pulsar.Client's own signature
        """Make a table view."""
        given = arguments_of(_CREATE_TABLE_VIEW, args, kwargs)
        with self._client.given(Given(given["schema"], subscription_name=given.get("subscription_name"))):
            return super().create_table_view(*args, **kwargs)

    def _instead(self, made: object, ours: C) -> C:
        """Put our consumer in the place of the one pulsar-client made; other threads may open and close theirs meanwhile."""
        self._consumers.remove(made)
        self._consumers.append(ours)
        return ours
