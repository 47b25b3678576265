"""``pulsar.asyncio`` on an emulator's broker: names, arguments, defaults and refusals are the installed package's.

As in :mod:`pfemu.client.client`, the Python half is pulsar-client's own; each call has a view of the client of its own below it, which
knows the arguments that a native configuration cannot be asked for.
"""

from __future__ import annotations

from typing import Any

import pulsar
from pulsar import asyncio as pulsar_asyncio

from pfemu.client.client import given_to_producer, refuse_encryption
from pfemu.client.client_impl import ClientImpl
from pfemu.client.connection import Given
from pfemu.client.event_loop.loop_stepper import LoopStepper
from pfemu.client.event_loop.native_client import AsyncNativeClient
from pfemu.client.message import Message
from pfemu.client.producing.outgoing import Outgoing, delivery_time_ms
from pfemu.client.schema_info import BYTES
from pfemu.client.signatures import arguments_of, as_in, defaults_of, shown_as
from pfemu.client.waiting import Callback
from pfemu.engine import Engine
from pfemu.scheduling.stepping import SteppingScheduler

_CREATE_PRODUCER = defaults_of(pulsar_asyncio.Client.create_producer)
_SUBSCRIBE = defaults_of(pulsar_asyncio.Client.subscribe)
_CREATE_READER = defaults_of(pulsar_asyncio.Client.create_reader)
_SEND = defaults_of(pulsar_asyncio.Producer.send)


class _Call:
    """Stands for a client or a producer in one call of the real class's method."""

    def __init__(self, **halves: object) -> None:
        self.__dict__.update(halves)


class _NumberedSend:
    """A native producer for one message, whose delivery time and sequence id the native message does not tell."""

    def __init__(self, producer: Any, given: dict[str, Any]) -> None:  # noqa: ANN401 - any native half of a producer
        self._producer = producer
        self._given = given

    def send_async(self, native: object, callback: Callback) -> None:
        """Send it with both."""
        deliver_at_ms = delivery_time_ms(self._given["deliver_at"], self._given["deliver_after"], self._producer.now_ms)
        self._producer.send_async(Outgoing(native, self._given["sequence_id"] or -1, deliver_at_ms), callback)


@shown_as("pulsar.asyncio", "Producer")
class AsyncioProducer(pulsar_asyncio.Producer):
    """A producer; what the real class checks is checked by the real class."""

    @as_in(pulsar_asyncio.Producer.send)
    async def send(self, *args: Any, **kwargs: Any) -> pulsar.MessageId:  # noqa: ANN401 - pulsar.asyncio.Producer's own signature
        """Send a message and return its id."""
        native = _NumberedSend(self._producer, arguments_of(_SEND, args, kwargs))
        call: Any = _Call(_producer=native, _schema=self._schema)
        return await pulsar_asyncio.Producer.send(call, *args, **kwargs)


@shown_as("pulsar.asyncio", "Consumer")
class AsyncioConsumer(pulsar_asyncio.Consumer):
    """A consumer; what the real class checks is checked by the real class."""

    def __init__(self, consumer: Any, schema: pulsar.schema.Schema, stepper: LoopStepper | None) -> None:  # noqa: ANN401 - any native half of a consumer
        super().__init__(consumer, schema)
        self._stepper = stepper

    @as_in(pulsar_asyncio.Consumer.receive)
    async def receive(self) -> Message:
        """Take the next message, or wait for one."""
        wrapped: Any = await _waiting(self._stepper, super().receive())
        message: Message = wrapped._message
        return message

    @as_in(pulsar_asyncio.Consumer.negative_acknowledge)
    async def negative_acknowledge(self, message: Any) -> None:  # noqa: ANN401 - pulsar.asyncio.Consumer's own signature
        """Ask for a message again, after the delay; the real class asks on another thread, for its library may wait."""
        if isinstance(message, pulsar.MessageId):
            message = message._msg_id
        self._consumer.negative_acknowledge(message)


@shown_as("pulsar.asyncio", "Reader")
class AsyncioReader(pulsar_asyncio.Reader):
    """A reader; what the real class checks is checked by the real class."""

    def __init__(self, reader: Any, schema: pulsar.schema.Schema, stepper: LoopStepper | None) -> None:  # noqa: ANN401 - any native half of a reader
        super().__init__(reader, schema)
        self._stepper = stepper

    @as_in(pulsar_asyncio.Reader.read_next)
    async def read_next(self) -> Message:
        """Read the next message, or wait for one."""
        wrapped: Any = await _waiting(self._stepper, super().read_next())
        message: Message = wrapped._message
        return message


async def _waiting(stepper: LoopStepper | None, call: Any) -> Any:  # noqa: ANN401 - a coroutine of the real class, and what it returns
    """Await what others may have to bring; time goes by meanwhile where it is virtual."""
    if stepper is None:
        return await call
    with stepper.waiting():
        return await call


@shown_as("pulsar.asyncio", "Client")
class AsyncioClient(pulsar_asyncio.Client):
    """A ``pulsar.asyncio.Client`` of an emulator's broker; a stepping emulator is stepped by the event loop, see :class:`LoopStepper`."""

    def __init__(self, engine: Engine) -> None:
        scheduler = engine.scheduler
        self._native = ClientImpl(engine)
        self._stepper = LoopStepper(scheduler) if isinstance(scheduler, SteppingScheduler) else None
        self._client = AsyncNativeClient(self._native, self._stepper)

    def _call(self, given: Given) -> Any:  # noqa: ANN401 - stands for a pulsar.asyncio.Client
        return _Call(_client=AsyncNativeClient(self._native, self._stepper, given))

    @as_in(pulsar_asyncio.Client.create_producer)
    async def create_producer(self, *args: Any, **kwargs: Any) -> AsyncioProducer:  # noqa: ANN401 - pulsar.asyncio.Client's own signature
        """Make a producer."""
        given = arguments_of(_CREATE_PRODUCER, args, kwargs)
        refuse_encryption(given)
        made: Any = await _waiting(
            self._stepper, pulsar_asyncio.Client.create_producer(self._call(given_to_producer(given)), *args, **kwargs)
        )
        return AsyncioProducer(made._producer, made._schema)

    @as_in(pulsar_asyncio.Client.subscribe)
    async def subscribe(self, *args: Any, **kwargs: Any) -> AsyncioConsumer:  # noqa: ANN401 - pulsar.asyncio.Client's own signature
        """Make a consumer."""
        given = arguments_of(_SUBSCRIBE, args, kwargs)
        schema = given["schema"] or BYTES
        pattern = given["topic"] if given["is_pattern_topic"] else None
        call = self._call(Given(schema, given["properties"], pattern=pattern))
        made = await pulsar_asyncio.Client.subscribe(call, *args, **kwargs)
        return AsyncioConsumer(made._consumer, made._schema, self._stepper)

    @as_in(pulsar_asyncio.Client.create_reader)
    async def create_reader(self, *args: Any, **kwargs: Any) -> AsyncioReader:  # noqa: ANN401 - pulsar.asyncio.Client's own signature
        """Make a reader."""
        schema = arguments_of(_CREATE_READER, args, kwargs)["schema"] or BYTES
        made = await pulsar_asyncio.Client.create_reader(self._call(Given(schema)), *args, **kwargs)
        return AsyncioReader(made._reader, made._schema, self._stepper)
