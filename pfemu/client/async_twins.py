"""The native methods that end in ``_async``: the same, with a callback that is called in a later step.

A callback gets the ``pulsar.Result``, and the value where the method has one. ``pulsar.asyncio`` builds on these.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import partial

import pulsar

from pfemu.client.consuming.acknowledging import check_acknowledged
from pfemu.client.results import check_seek_target, result_of_error
from pfemu.client.waiting import Callback
from pfemu.ports import Scheduler

_log = logging.getLogger(__name__)


def call_back(callback: Callback, *given: object) -> bool:
    """Call a user's callback; one that raises, or would end the process, is logged. Return whether it went well."""
    try:
        callback(*given)
    except (Exception, SystemExit):  # noqa: BLE001 - the user's, logged as the real client logs it
        _log.exception("a callback of send_async raised")
        return False
    return True


def answer(scheduler: Scheduler, callback: Callback | None, run: Callable[[], object]) -> None:
    """Run it now; call back with the result later."""
    try:
        run()
    except pulsar.exceptions.PulsarException as error:
        result = result_of_error(error)
    else:
        result = pulsar.Result.Ok
    if callback is not None:
        scheduler.soon(partial(callback, result))


def answer_with_value(scheduler: Scheduler, callback: Callback, run: Callable[[], object]) -> None:
    """Run it now; call back with the result and the value later."""
    try:
        value = run()
    except pulsar.exceptions.PulsarException as error:
        scheduler.soon(partial(callback, result_of_error(error), None))
    else:
        scheduler.soon(partial(callback, pulsar.Result.Ok, value))


class AsyncConsumer(ABC):
    """The asynchronous methods of a native consumer, by its others."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler

    @abstractmethod
    def acknowledge(self, message: object) -> None:
        """Acknowledge a message."""

    @abstractmethod
    def acknowledge_cumulative(self, message: object) -> None:
        """Acknowledge everything up to a message."""

    @abstractmethod
    def negative_acknowledge(self, message: object) -> None:
        """Ask for a message again."""

    @abstractmethod
    def unsubscribe(self) -> None:
        """Delete the subscription."""

    @abstractmethod
    def seek(self, target: object) -> None:
        """Move the subscription."""

    @abstractmethod
    def get_last_message_id(self) -> object:
        """Return the newest id."""

    @abstractmethod
    def close(self) -> None:
        """Disconnect."""

    def acknowledge_async(self, message: object, callback: Callback | None) -> None:
        """Acknowledge a message, then call back."""
        check_acknowledged("acknowledge_async", message, callback)
        answer(self._scheduler, callback, partial(self.acknowledge, message))

    def acknowledge_cumulative_async(self, message: object, callback: Callback | None) -> None:
        """Acknowledge everything up to a message, then call back."""
        check_acknowledged("acknowledge_cumulative_async", message, callback)
        answer(self._scheduler, callback, partial(self.acknowledge_cumulative, message))

    def negative_acknowledge_async(self, message: object, callback: Callback | None) -> None:
        """Ask for a message again, then call back."""
        answer(self._scheduler, callback, partial(self.negative_acknowledge, message))

    def unsubscribe_async(self, callback: Callback | None) -> None:
        """Delete the subscription, then call back."""
        answer(self._scheduler, callback, self.unsubscribe)

    def seek_async(self, target: object, callback: Callback | None) -> None:
        """Move the subscription, then call back."""
        check_seek_target("Consumer", target, callback)
        answer(self._scheduler, callback, partial(self.seek, target))

    def get_last_message_id_async(self, callback: Callback) -> None:
        """Call back with the newest id."""
        answer_with_value(self._scheduler, callback, self.get_last_message_id)

    def close_async(self, callback: Callback | None) -> None:
        """Disconnect, then call back."""
        answer(self._scheduler, callback, self.close)
