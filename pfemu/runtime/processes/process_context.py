"""The Context that user code gets in its own process: the methods of ``pulsar.Context``, done by the context of its instance."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pulsar

from pfemu.runtime.processes.failures import is_plain
from pfemu.runtime.processes.values import without_subclass

if TYPE_CHECKING:
    from pfemu.runtime.processes.peer import Peer

CONTEXT_RECORD = "context_record"
_NO_CLIENT = (
    "context.get_pulsar_client() is not there in a function's own process: the emulator's client is in the emulator's."
    " Publish through the context, or use the thread runtime (--runtime thread)."
)


class ContextLogger(logging.Logger):
    """The logger of the context; its level is the one that the emulator's has, until user code sets another."""

    def __init__(self) -> None:
        super().__init__("root", logging.INFO)
        self._told = logging.INFO

    def set_level(self, level: int) -> None:
        """Take the emulator's level, if that is another one than before."""
        if level != self._told:
            self._told = level
            self.setLevel(level)

    def setLevel(self, level: int | str) -> None:  # noqa: N802 - logging's own name
        """Set the level, and forget which levels were enabled: no manager knows this logger and does it."""
        super().setLevel(level)
        self._cache.clear()  # type: ignore[attr-defined] # typeshed leaves this attribute of Logger out


class CurrentMessage:
    """``context.message``: the methods of the message that is being processed."""

    def __init__(self, ask: Callable[..., Any]) -> None:
        self._ask = ask

    def __getattr__(self, name: str) -> Callable[[], Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda: self._message_id() if name == "message_id" else self._ask("message", name)

    def _message_id(self) -> Any:  # noqa: ANN401 - pulsar.MessageId has no stubs
        return pulsar.MessageId.deserialize(self._ask("message", "message_id"))


class ProcessContext(pulsar.Context):
    """Asks for everything; ``publish`` alone has something to keep here, the callback."""

    def __init__(self, peer: Peer, wire_value: Callable[[object], tuple[Any, ...]]) -> None:
        self._peer = peer
        self._wire_value = wire_value
        self._callbacks: dict[int, Callable[[Any, Any], object]] = {}
        self._numbers = 0
        self.logger = ContextLogger()
        self.message = CurrentMessage(self._ask)

    def _ask(self, name: str, *arguments: object, **named: object) -> Any:  # noqa: ANN401 - whatever the context answers
        by_name = {key: self._crossing(value) for key, value in named.items()}
        return self._peer.call("context", name, tuple(map(self._crossing, arguments)), by_name)

    def _crossing(self, value: object) -> tuple[Any, ...]:
        plain = without_subclass(value)
        return (plain,) if is_plain(plain) else self._wire_value(value)

    def get_logger(self) -> logging.Logger:
        """Return the logger."""
        return self.logger

    @property
    def log(self) -> logging.Logger:
        """The logger, under the name it has in the real runtime."""
        return self.logger

    def get_message_id(self) -> Any:  # noqa: ANN401 - pulsar.MessageId has no stubs
        """Return the id of the message being processed."""
        return pulsar.MessageId.deserialize(self._ask("get_message_id"))

    def get_pulsar_client(self) -> Any:  # noqa: ANN401 - pulsar.Client has no stubs
        """Refuse.

        Differs: a function in its own process has no client; on a cluster it has the instance's.

        Raises:
            RuntimeError: always.
        """
        raise RuntimeError(_NO_CLIENT)

    def publish(  # the real method's arguments
        self,
        topic_name: str,
        message: object,
        serde_class_name: str = "serde.IdentitySerDe",
        properties: dict[str, str] | None = None,
        compression_type: Any = None,  # noqa: ANN401 - pulsar.CompressionType, which has no stubs
        callback: Callable[[Any, Any], object] | None = None,
        message_conf: dict[str, Any] | None = None,
    ) -> None:
        """Publish a message to any topic; see the context of an instance."""
        number = None
        if callback is not None:
            self._numbers += 1
            number = self._numbers
            self._callbacks[number] = callback
        compression = getattr(compression_type, "name", compression_type)
        if properties:
            message_conf = {} if message_conf is None else message_conf
            message_conf["properties"] = properties
        conf = None if message_conf is None else {key: _crossing_setting(value) for key, value in message_conf.items()}
        self._peer.call("publish", str(topic_name), self._wire_value(message), str(serde_class_name), compression, number, conf)

    def call_back(self, number: int, result: str, message_id: bytes | None) -> None:
        """Call a callback of :meth:`publish`."""
        made = None if message_id is None else pulsar.MessageId.deserialize(message_id)
        self._callbacks.pop(number)(getattr(pulsar.Result, result), made)

    def ack(self, msgid: Any, topic: str) -> None:  # noqa: ANN401 - pulsar.MessageId has no stubs
        """Acknowledge a message of an input."""
        self._peer.call("ack", msgid.serialize(), topic)


def _crossing_setting(value: object) -> object:
    """Return a setting of a message; a time span, the one that is no plain value, as its three numbers."""
    return (value.days, value.seconds, value.microseconds) if isinstance(value, timedelta) else value


def _asking(name: str) -> Callable[..., Any]:
    def ask(self: ProcessContext, *arguments: object, **named: object) -> Any:  # noqa: ANN401 - as in _ask
        return self._ask(name, *arguments, **named)

    ask.__name__ = name
    return ask


for _name in (
    *(name for name in vars(pulsar.Context) if name.startswith(("get_", "put_", "incr_", "del_", "record_"))),
    *("get_message_sequence_id", "get_message_partition_index", "get_metrics", "reset_metrics", "get_and_reset_metrics"),
):
    if _name not in vars(ProcessContext):
        setattr(ProcessContext, _name, _asking(_name))
