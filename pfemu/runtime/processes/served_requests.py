"""What user code in its own process asks of the emulator's: the other end of :class:`ProcessContext`, and of its streams and loggers.

Everything is done by the :class:`ContextImpl` of the instance, on the thread that waits for the process, so that order, scheduler and
sandbox are those of a function on a thread.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pulsar

from pfemu.runtime.processes.process_context import CONTEXT_RECORD
from pfemu.runtime.processes.streams import record_of

if TYPE_CHECKING:
    from pfemu.runtime.context import ContextImpl


class ServedRequests:
    """Does what is asked for. ``value`` makes a value of what crossed; ``call_back`` tells a callback of the user's, by its number."""

    def __init__(self, value: Callable[[tuple[Any, ...]], object], call_back: Callable[[int, Any, Any], object]) -> None:
        self._value = value
        self._call_back = call_back
        self.context: ContextImpl | None = None
        """The instance's, from the first message on."""
        self._served: dict[str, Callable[..., object]] = {
            "context": self._ask,
            "publish": self._publish,
            "ack": self._acknowledge,
            CONTEXT_RECORD: _log,
        }

    def serve(self, name: str, arguments: tuple[Any, ...]) -> object:
        """Do it, and return the answer.

        Raises:
            RuntimeError: the context is asked before there is one.
            BaseException: what the context raises.
        """
        if name == "written":
            getattr(sys, arguments[0]).write(arguments[1])
            return None
        if name == "record":
            record = record_of(arguments[0])
            logging.getLogger(record.name).handle(record)
            return None
        if self.context is None:
            raise RuntimeError("there is no context before the function's first call")
        return self._served[name](self.context, *arguments)

    def _ask(self, context: ContextImpl, name: str, crossed: tuple[Any, ...], named: dict[str, Any]) -> object:
        arguments = [self._value(each) for each in crossed]
        if name == "message":
            answer = getattr(context.message, arguments[0])()  # type: ignore[call-overload] # it is the name of a method
            return answer.serialize() if arguments[0] == "message_id" else answer
        answer = getattr(context, name)(*arguments, **{key: self._value(each) for key, each in named.items()})
        return answer.serialize() if name == "get_message_id" else answer

    def _publish(  # in the order of Context.publish
        self,
        context: ContextImpl,
        topic: str,
        crossed: tuple[Any, ...],
        serde_class_name: str,
        compression: str | None,
        callback: int | None,
        conf: dict[str, Any] | None,
    ) -> None:
        settings = None if conf is None else {key: timedelta(*each) if isinstance(each, tuple) else each for key, each in conf.items()}
        context.publish(
            topic,
            self._value(crossed),
            serde_class_name,
            compression_type=getattr(pulsar.CompressionType, compression) if isinstance(compression, str) else compression,
            callback=None if callback is None else lambda result, message_id: self._call_back(callback, result, message_id),
            message_conf=settings,
        )

    def _acknowledge(self, context: ContextImpl, message_id: bytes, topic: str) -> None:
        context.ack(pulsar.MessageId.deserialize(message_id), topic)


def _log(context: ContextImpl, fields: dict[str, object]) -> None:
    context.log.handle(record_of(fields))
