"""The asynchronous half of ``_pulsar.Client``, which ``pulsar.asyncio.Client`` calls: as :class:`ClientImpl`, with callbacks.

The calls that end in ``_v2`` call back with what was made, or with a ``_pulsar.Error`` that has the broker's words.

Differs: of why a schema is incompatible, the words are those of pfemu.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import _pulsar
import pulsar

from pfemu.client.client_impl import ClientImpl
from pfemu.client.connection import Given
from pfemu.client.consuming import consumer_settings
from pfemu.client.event_loop.loop_stepper import LoopStepper, Stepped
from pfemu.client.producing import producer_settings
from pfemu.client.results import incompatible_arguments, result_of_error
from pfemu.errors import BrokerError, IncompatibleSchema, ProducerBusy, ProducerFenced, TopicNotFound, TopicTerminated
from pfemu.model.subscription import ProducerAccessMode

Settle = Callable[[object], object]

_BROKER_SERVICE = "org.apache.pulsar.broker.service.BrokerServiceException$"
_EXCEPTION_OF_ERROR = {
    ProducerFenced: f"{_BROKER_SERVICE}ProducerFencedException",
    TopicTerminated: f"{_BROKER_SERVICE}TopicTerminatedException",
}
_INCOMPATIBLE = "org.apache.pulsar.broker.service.schema.exceptions.IncompatibleSchemaException"
_V2_CALLBACK = "collections.abc.Callable[[pulsar::Error | pulsar::{made}], None]"


class Refusal(_pulsar.Error):  # type: ignore[misc] # _pulsar has no stubs
    """A ``_pulsar.Error``, which nobody but the native library can make: result and words are kept beside it."""

    __slots__ = ("error", "message")
    error: pulsar.Result
    message: str


def refusal(result: pulsar.Result, message: str = "") -> Refusal:
    """Return what a callback of a ``_v2`` call is given in place of what it asked for."""
    made: Refusal = Refusal.__new__(Refusal)
    made.error = result
    made.message = message
    return made


def words_of(error: BaseException | None) -> str:
    """Return the broker's words for why it refuses a producer, empty where it has none."""
    if isinstance(error, TopicNotFound):
        return "Namespace not found" if str(error).startswith("Namespace ") else str(error)
    if isinstance(error, ProducerBusy):
        exception = "NamingException" if str(error).startswith("Producer with name") else "ProducerBusyException"
        return f"{_BROKER_SERVICE}{exception}: {error}"
    if isinstance(error, IncompatibleSchema):
        return f"{_INCOMPATIBLE}: {error} caused by {_INCOMPATIBLE}: {error}"
    if isinstance(error, BrokerError) and type(error) in _EXCEPTION_OF_ERROR:
        return f"{_EXCEPTION_OF_ERROR[type(error)]}: {error}"
    return ""


class AsyncNativeClient:
    """One call's view of a client: ``given`` is what the call's configuration cannot be asked for."""

    def __init__(self, client: ClientImpl, stepper: LoopStepper | None, given: Given | None = None) -> None:
        self._client = client
        self._stepper = stepper
        self._given = given or Given()

    def create_producer_async_v2(self, topic: object, conf: Any, callback: Settle) -> None:  # noqa: ANN401 - _pulsar.ProducerConfiguration, which has no stubs
        """Make a producer, then call back with it."""
        if not isinstance(topic, str):
            takes = f"arg0: str, arg1: pulsar::ProducerConfiguration, arg2: {_V2_CALLBACK.format(made='Producer')}"
            raise incompatible_arguments("create_producer_async_v2", "Client", (takes,), topic, conf, callback)
        asked = producer_settings.settings_of(conf)
        told = self._told(callback, waits_for_others=asked.access_mode is ProducerAccessMode.WAIT_FOR_EXCLUSIVE)
        try:
            self._client.open_producer_async(topic, asked, self._given, partial(self._tell_made, told))
        except pulsar.exceptions.PulsarException as error:
            told(refusal(result_of_error(error), words_of(error.__context__)))

    def subscribe_async_v2(self, topics: Any, subscription_name: str, conf: Any, callback: Settle) -> None:  # noqa: ANN401 - a name, a list or _pulsar.TopicRegex; _pulsar.ConsumerConfiguration
        """Make a consumer, then call back with it."""
        if isinstance(topics, list) and not all(isinstance(topic, str) for topic in topics):
            takes = (
                "arg0: str | collections.abc.Sequence[str] | pulsar::TopicRegex, arg1: str, arg2: pulsar::ConsumerConfiguration,"
                f" arg3: {_V2_CALLBACK.format(made='Consumer')}"
            )
            raise incompatible_arguments("subscribe_async_v2", "Client", (takes,), topics, subscription_name, conf, callback)
        told = self._told(callback)
        try:
            made = self._subscribe(topics, subscription_name, conf)
        except pulsar.exceptions.PulsarException as error:
            told(refusal(result_of_error(error), "" if subscription_name else "SubscriptionName cannot be empty."))
        else:
            self._tell_made(told, pulsar.Result.Ok, made)

    def _subscribe(self, topics: Any, subscription_name: str, conf: Any) -> object:  # noqa: ANN401 - as in subscribe_async_v2
        given = self._given
        if given.pattern is not None:
            return self._client.open_consumer_of_pattern(given.pattern, subscription_name, conf, given)
        asked = consumer_settings.settings_of(conf)
        if isinstance(topics, list):
            return self._client.open_consumer_of_list(topics, subscription_name, asked, given)
        return self._client.open_consumer(topics, subscription_name, asked, given)

    def create_reader_async_v2(self, topic: str, start_message_id: object, conf: Any, callback: Settle) -> None:  # noqa: ANN401 - _pulsar.ReaderConfiguration
        """Make a reader, then call back with it."""
        told = self._told(callback)
        try:
            made = self._client.open_reader(topic, start_message_id, conf, self._given)
        except pulsar.exceptions.PulsarException as error:
            told(refusal(result_of_error(error)))
        else:
            self._tell_made(told, pulsar.Result.Ok, made)

    def _told(self, callback: Settle, *, waits_for_others: bool = False) -> Callable[..., object]:
        return callback if self._stepper is None else self._stepper.noting(callback, waits_for_others=waits_for_others)

    def _tell_made(self, told: Callable[..., object], result: pulsar.Result, made: object) -> None:
        if result == pulsar.Result.Ok:
            told(made if self._stepper is None else Stepped(made, self._stepper))
        else:
            told(refusal(result))

    def get_topic_partitions_async(self, topic: str, callback: Callable[[pulsar.Result, list[str]], object]) -> None:
        """Call back with the result and the names of a topic's partitions, or its own."""
        try:
            names = self._client.get_topic_partitions(topic)
        except pulsar.exceptions.PulsarException as error:
            callback(result_of_error(error), [])
        else:
            callback(pulsar.Result.Ok, names)

    def get_schema_info(self, topic: str, version: int) -> _pulsar.SchemaInfo:
        """Return a version of a topic's schema; see :meth:`ClientImpl.get_schema_info`."""
        return self._client.get_schema_info(topic, version)

    def close_async(self, callback: Callable[[pulsar.Result], object]) -> None:
        """Close everything the client made, then call back."""
        try:
            self._client.close()
        except pulsar.exceptions.PulsarException as error:
            callback(result_of_error(error))
        else:
            if self._stepper is not None:
                self._stepper.wake()
            callback(pulsar.Result.Ok)

    def shutdown(self) -> None:
        """Close everything the client made; a second time does nothing."""
        self._client.shutdown()
