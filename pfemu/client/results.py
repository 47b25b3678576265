"""The broker's refusals as the client library reports them (``ClientConnection.cc``, ``Result.cc``)."""

from __future__ import annotations

from typing import Any

import pulsar

from pfemu.errors import BrokerError

_RESULT_OF_CODE = {
    "InvalidTopicName": "InvalidTopicName",
    "TopicNotFound": "TopicNotFound",
    "TopicTerminatedError": "TopicTerminated",
    "ConsumerBusy": "ConsumerBusy",
    "ConsumerNotFound": "ConsumerNotFound",
    "ProducerBusy": "ProducerBusy",
    "ProducerFenced": "ProducerFenced",
    "SubscriptionNotFound": "SubscriptionNotFound",
    "IncompatibleSchema": "IncompatibleSchema",
    "ConsumerAssignError": "ConsumerAssignError",
    "MetadataError": "BrokerMetadataError",
    "PersistenceError": "BrokerPersistenceError",
    "NotAllowedError": "NotAllowedError",
    "MessageTooBig": "MessageTooBig",
    "ProducerBlockedQuotaExceededError": "ProducerBlockedQuotaExceededError",
    "ProducerBlockedQuotaExceededException": "ProducerBlockedQuotaExceededException",
    "RequestHeld": "Timeout",
}

_TEXT_OF_RESULT = {
    "Timeout": "TimeOut",
    "CumulativeAcknowledgementNotAllowedError": "ResultCumulativeAcknowledgementNotAllowedError",
    "ProducerFenced": "ResultProducerFenced",
    "ConsumerAssignError": "ResultConsumerAssignError",
    "Interrupted": "ResultInterrupted",
    "NotAllowedError": "ResultNotAllowedError",
}

_HIGHEST_TIME_MS = (1 << 64) - 1


def result_of(error: BrokerError) -> pulsar.Result:
    """Return the client's result for a refusal of the broker."""
    result: pulsar.Result = getattr(pulsar.Result, _RESULT_OF_CODE.get(error.code, "UnknownError"))
    return result


def client_error(result: str) -> pulsar.exceptions.PulsarException:
    """Return the exception the real client raises for that ``Result``, with its text."""
    raised: type[pulsar.exceptions.PulsarException] = getattr(pulsar.exceptions, result)
    return raised(f"Pulsar error: {_TEXT_OF_RESULT.get(result, result)}")


def as_client_error(error: BrokerError) -> pulsar.exceptions.PulsarException:
    """Return the exception the real client raises for a refusal of the broker."""
    return client_error(result_of(error).name)


def incompatible_arguments(method: str, native_class: str, takes: tuple[str, ...], *given: object, returns: str = "None") -> TypeError:
    """Return the refusal of the native layer (pybind11) for arguments of a type it has no overload for.

    ``takes`` has one entry an overload: the types of its arguments.
    """
    overloads = "".join(
        f"\n    {number}. (self: _pulsar.{native_class}, {types}) -> {returns}" for number, types in enumerate(takes, start=1)
    )
    shown = ", ".join(repr(value) for value in given)
    return TypeError(
        f"{method}(): incompatible function arguments. The following argument types are supported:{overloads}"
        f"\n\nInvoked with: <_pulsar.{native_class} object>, {shown}"
    )


def check_seek_target(native_class: str, target: object, callback: object = None) -> None:
    """Refuse to seek to a time that no unsigned 64 bits hold; with a ``callback``, as ``seek_async`` does.

    Raises:
        TypeError: it is one, in the native layer's words.
    """
    if isinstance(target, int) and not 0 <= target <= _HIGHEST_TIME_MS:
        takes = ("arg0: _pulsar.MessageId", "arg0: typing.SupportsInt")
        if callback is None:
            raise incompatible_arguments("seek", native_class, takes, target)
        raise incompatible_arguments("seek_async", native_class, with_callback(takes), target, callback)


def with_callback(takes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the overloads of the asynchronous twin of a method: a callback comes second."""
    return tuple(f"{first}, arg1: collections.abc.Callable[[pulsar::Result], None]" for first in takes)


def result_of_error(error: Exception) -> pulsar.Result:
    """Return the client's result for a refusal of the broker, or for an exception the client raises."""
    if isinstance(error, BrokerError):
        return result_of(error)
    result: pulsar.Result = getattr(pulsar.Result, type(error).__name__)
    return result


def check_topics(topics: Any, subscription_name: str, conf: Any) -> None:  # noqa: ANN401 - whatever the user gave
    """Refuse a list of topics that are not all text.

    Raises:
        TypeError: one is not, in the native layer's words.
    """
    if not all(isinstance(topic, str) for topic in topics):
        takes = ("arg0: collections.abc.Sequence[str], arg1: str, arg2: pulsar::ConsumerConfiguration",)
        raise incompatible_arguments("subscribe_topics", "Client", takes, topics, subscription_name, conf, returns="pulsar::Consumer")
