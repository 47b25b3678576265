"""The native half of a table view (``TableViewImpl.cc``): the newest payload of each key, kept up by a reader.

A message without a key is left out; an empty payload removes its key, and is told to listeners, too.
"""

from __future__ import annotations

from collections.abc import Callable

import pulsar

from pfemu.client.consuming.multi_topics import AnyConsumerImpl
from pfemu.client.consuming.reader_impl import acknowledge_read
from pfemu.client.message import Message
from pfemu.client.results import client_error, incompatible_arguments
from pfemu.client.waiting import Callback

Seen = Callable[[str, bytes], object]


class TableViewImpl:
    """Values by key. :meth:`take` is the listener of its consumer."""

    def __init__(self) -> None:
        self._values: dict[str, bytes] = {}
        self._listeners: list[Seen] = []
        self._told_when_caught_up: list[Callback] = []
        self._consumer: AnyConsumerImpl
        self._closed = False

    def follow(self, consumer: AnyConsumerImpl) -> None:
        """Belong to a consumer."""
        self._consumer = consumer

    def take(self, _reader: object, message: Message) -> None:
        """Take in one message."""
        key, payload = message.partition_key(), message.data()
        if key:
            self._values.pop(key, None)
            if payload:
                self._values[key] = payload
            for listener in self._listeners:
                listener(key, payload)
        acknowledge_read(message)
        if self._told_when_caught_up and not self._consumer.has_message_available():
            while self._told_when_caught_up:
                self._told_when_caught_up.pop()(pulsar.Result.Ok)

    def when_caught_up(self, callback: Callback) -> None:
        """Call back once there is nothing left to read."""
        if self._consumer.has_message_available():
            self._told_when_caught_up.append(callback)
        else:
            callback(pulsar.Result.Ok)

    def get(self, key: str) -> tuple[bool, bytes]:
        """Return whether there is a value, and the value.

        Raises:
            TypeError: the key is no text, in the native layer's words.
        """
        if not isinstance(key, str | bytes):
            raise incompatible_arguments("get", "TableView", ("arg0: str",), key, returns="tuple[bool, bytes]")
        value = self._values.get(key)
        return value is not None, value or b""

    def size(self) -> int:
        """Return the number of keys."""
        return len(self._values)

    def for_each(self, callback: Seen) -> None:
        """Call back with each key and value."""
        for key, value in list(self._values.items()):
            callback(key, value)

    def for_each_and_listen(self, callback: Seen) -> None:
        """Call back with each key and value, and from now on with each new one."""
        self.for_each(callback)
        self._listeners.append(callback)

    def close(self) -> None:
        """Stop reading.

        Raises:
            pulsar.ConsumerNotInitialized: it was closed before.
        """
        if self._closed:
            raise client_error("ConsumerNotInitialized")
        self._closed = True
        self._consumer.close()
