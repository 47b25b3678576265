"""Messages that arrived and were not taken yet (``ConsumerImpl.cc``, ``MultiTopicsConsumerImpl.cc``: the receiver queue).

* A listener takes them in a step of its own, one after the other, never two at once. One that raises is logged, and the next
  message follows; the message stays unacknowledged.
* A live client's listeners run on a thread of their own, and each message is taken when the one before it is done with.
* Without one, ``receive`` takes the next, and whoever asked first gets it.
* Several consumers may share an inbox: those of the partitions of a topic, or of several topics.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import pulsar

from pfemu.client.consuming.batch_receive import BatchReceivePolicy, BatchRequest
from pfemu.client.consuming.listener_thread import ListenerThread
from pfemu.client.message import Message
from pfemu.client.results import client_error, result_of_error
from pfemu.client.waiting import Callback, wait
from pfemu.errors import PfemuError
from pfemu.ports import Scheduler
from pfemu.scheduling.stepping import SteppingScheduler

if TYPE_CHECKING:
    from pfemu.client.consuming.consumer_impl import ConsumerImpl

Listener = Callable[[object, Message], object]
OK = pulsar.Result.Ok

_log = logging.getLogger(__name__)


class Inbox:
    """The receiver queue and the ways out of it. ``handle`` is what a listener is given as its consumer."""

    def __init__(
        self, scheduler: Scheduler, listener: Listener | None, policy: BatchReceivePolicy, listener_thread: ListenerThread | None = None
    ) -> None:
        self.messages: deque[Message] = deque()
        self.handle: object = None
        self.listener = listener
        self.closed = False
        self.sole_source: ConsumerImpl | None = None
        self._scheduler = scheduler
        self._callers_thread = isinstance(scheduler, SteppingScheduler)
        self._policy = policy
        self._listener_thread = listener_thread
        self._listening = False
        self._paused = False
        self._asked: deque[Callback] = deque()
        self._batch_asked: deque[BatchRequest] = deque()
        self._serving = False

    def notify(self) -> None:
        """Have somebody look: messages were added."""
        if self.listener is not None:
            if not self._listening and not self._paused:
                self._listening = True
                if self._listener_thread is None:
                    self._scheduler.soon(self._listen)
                else:
                    self._listener_thread.soon(self._listen_apart)
        elif self._asked or self._batch_asked:
            self._serve()

    def _listen(self) -> None:
        listener, source = self.listener, self.sole_source
        try:
            if listener is not None and source is not None:
                self._listen_to(listener, source)
            elif listener is not None:
                self._listen_with_bookkeeping(listener)
        except Exception as error:
            if isinstance(error, PfemuError):
                raise
            _log.exception("Exception thrown from listener")
        finally:
            self._listening = False
            if self.messages:
                self.notify()

    def _listen_to(self, listener: Listener, source: ConsumerImpl) -> None:
        """Take all messages of a consumer that has no inbox-mates and tracks nothing."""
        messages, handle = self.messages, self.handle
        taken = 0
        try:
            while messages and not self._paused:
                message = messages.popleft()
                taken += 1
                listener(handle, message)
        finally:
            source.give_permits(taken)

    def _listen_with_bookkeeping(self, listener: Listener) -> None:
        messages, handle = self.messages, self.handle
        while messages and not self._paused:
            message = messages.popleft()
            message._source.taken(message)
            listener(handle, message)

    def _listen_apart(self) -> None:
        """Have the listener take one message on its thread."""
        message: Message | None = self._scheduler.call(self._next_to_listen)
        if message is None or self.listener is None:
            return
        try:
            self.listener(self.handle, message)
        except Exception as error:
            if isinstance(error, PfemuError):
                raise
            _log.exception("Exception thrown from listener")
        finally:
            self._scheduler.soon(self._listen_on)

    def _next_to_listen(self) -> Message | None:
        if self.messages and not self._paused:
            return self._take()
        self._listening = False
        return None

    def _listen_on(self) -> None:
        self._listening = False
        if self.messages:
            self.notify()

    def _check_may_receive(self) -> None:
        if self.closed:
            raise client_error("AlreadyClosed")
        if self.listener is not None:
            raise client_error("InvalidConfiguration")

    def receive(self, timeout_ms: int | None) -> Message:
        """Take the next message, or wait for one.

        Raises:
            pulsar.Timeout: none came in time.
            pulsar.AlreadyClosed: the consumer is closed.
            pulsar.InvalidConfiguration: it has a listener.
            WaitsForeverError: there is no timeout, and none can come any more.
        """
        self._check_may_receive()
        if self.messages and self._callers_thread:
            return self._take()
        message: Message = wait(self._scheduler, self.ask, timeout_ms, self.cancel)
        return message

    def receive_async(self, callback: Callback) -> None:
        """Call back with the next message."""
        try:
            self._check_may_receive()
        except pulsar.exceptions.PulsarException as error:
            self._scheduler.soon(partial(callback, result_of_error(error), None))
            return
        self.ask(callback)

    def ask(self, callback: Callback) -> None:
        """Queue up for a message; at a closed inbox, which another thread may have closed meanwhile, hear so."""
        if self.closed:
            self._scheduler.soon(partial(callback, pulsar.Result.AlreadyClosed, None))
            return
        self._asked.append(callback)
        if self.messages:
            self._serve()

    @property
    def is_asked(self) -> bool:
        """Whether somebody waits for a message."""
        return bool(self._asked)

    def cancel(self, callback: Callback) -> None:
        """Leave the queue."""
        if callback in self._asked:
            self._asked.remove(callback)

    def _serve(self) -> None:
        if not self._serving:
            self._serving = True
            self._scheduler.soon(self._hand_out)

    def _hand_out(self) -> None:
        self._serving = False
        while self._asked and self.messages:
            self._asked.popleft()(OK, self._take())
        while self._batch_asked and self._batch_asked[0].is_full(self.messages):
            self._answer_batch()

    def _take(self) -> Message:
        message = self.messages.popleft()
        message._source.taken(message)
        return message

    def batch_receive(self) -> list[Message]:
        """Take messages until the policy's number, size or time is reached; none where there is a listener.

        Raises:
            pulsar.AlreadyClosed: the consumer is closed.
        """
        if self.closed:
            raise client_error("AlreadyClosed")
        if self.listener is not None:
            return []
        taken: list[Message] = wait(self._scheduler, self.batch_receive_async, cancel=self.cancel_batch)
        return taken

    def batch_receive_async(self, callback: Callback) -> None:
        """Call back with a list of messages."""
        if self.closed:
            self._scheduler.soon(partial(callback, pulsar.Result.AlreadyClosed, None))
            return
        request = BatchRequest(self._policy, callback)
        self._batch_asked.append(request)
        if self._policy.timeout_ms > 0:
            request.timer = self._scheduler.at(self._scheduler.now_ms() + self._policy.timeout_ms, partial(self._batch_over, request))
        if self.messages:
            self._serve()

    def cancel_batch(self, callback: Callback) -> None:
        """Leave the queue of those who want several messages."""
        for request in [each for each in self._batch_asked if each.callback is callback]:
            self._stop_timer(request)
            self._batch_asked.remove(request)

    def _batch_over(self, request: BatchRequest) -> None:
        while self._batch_asked and request in self._batch_asked:
            self._answer_batch()

    def _answer_batch(self) -> None:
        request = self._batch_asked.popleft()
        self._stop_timer(request)
        request.callback(OK, [self._take() for _ in range(request.count(self.messages))])

    @staticmethod
    def _stop_timer(request: BatchRequest) -> None:
        if request.timer is not None:
            request.timer.cancel()

    def pause(self) -> None:
        """Have the listener take nothing more.

        Raises:
            pulsar.InvalidConfiguration: there is no listener.
        """
        if self.listener is None:
            raise client_error("InvalidConfiguration")
        self._paused = True

    def resume(self) -> None:
        """Have the listener go on.

        Raises:
            pulsar.InvalidConfiguration: there is no listener.
        """
        if self.listener is None:
            raise client_error("InvalidConfiguration")
        self._paused = False
        if self.messages:
            self.notify()

    def drop(self, source: object) -> int:
        """Forget the messages of one consumer and return how many they were."""
        kept = [message for message in self.messages if message._source is not source]
        dropped = len(self.messages) - len(kept)
        self.messages.clear()
        self.messages.extend(kept)
        return dropped

    def reopen(self) -> None:
        """Let somebody wait again, for nothing will come."""
        self.closed = False

    def close(self) -> None:
        """Forget everything; whoever waits hears ``AlreadyClosed``."""
        self.closed = True
        self.messages.clear()
        while self._asked:
            self._scheduler.soon(partial(self._asked.popleft(), pulsar.Result.AlreadyClosed, None))
        while self._batch_asked:
            request = self._batch_asked.popleft()
            self._stop_timer(request)
            self._scheduler.soon(partial(request.callback, pulsar.Result.AlreadyClosed, None))
