"""What a function instance tells those who watch it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pfemu.ports import Message, MessageIdLike


_MOST_BYTES = 60


def _on(origin: Message | None) -> str:
    """Return in words which message it was, as far as it is short."""
    if origin is None:
        return ""
    data = origin.data()
    return f" on {data[:_MOST_BYTES]!r}{'...' if len(data) > _MOST_BYTES else ''}"


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One record that reached the root logger while the function's code ran, or a piece it printed (level INFO)."""

    level: str
    message: str
    time_ms: int
    instance_id: int
    origin: Message | None
    """The message that was being processed."""

    @property
    def message_id(self) -> MessageIdLike | None:
        """The id of that message."""
        return None if self.origin is None else self.origin.message_id()

    def __repr__(self) -> str:
        return f"<{self.level} {self.message!r}{_on(self.origin)}>"


@dataclass(frozen=True, slots=True)
class Failure:
    """One exception that the runtime caught and counted."""

    kind: Literal["user", "system"]
    """``user``: raised by ``process``. ``system``: decoding, encoding or publishing failed."""
    error: BaseException
    traceback: str
    """As Pulsar keeps it in ``latestUserExceptions``."""
    time_ms: int
    instance_id: int
    origin: Message | None
    input_type: str | None = None
    """The class of what ``process`` was given, as a SerDe or schema made it; None where it did not come to that."""

    @property
    def message_id(self) -> MessageIdLike | None:
        """The id of the message that was being processed."""
        return None if self.origin is None else self.origin.message_id()

    def __repr__(self) -> str:
        return f"<{self.error!r}{_on(self.origin)}>"


@dataclass(frozen=True, slots=True)
class Publication:
    """One message that ``context.publish`` sent."""

    topic: str
    payload: bytes
    message_conf: Mapping[str, object]
    instance_id: int
    origin: Message | None
    message_id: object | None = None
    """The id it was stored under (pulsar-client's own)."""


class Observer(Protocol):
    """Who is told what a function does; called on the thread that runs the function.

    ``watches_acknowledgements``: whether to be told of each one, which costs time; asked once, when an instance starts.
    """

    watches_acknowledgements: bool

    def logged(self, record: LogEntry) -> None:
        """Something was logged or printed by the function."""
        ...

    def failed(self, failure: Failure) -> None:
        """Processing a message raised, or publishing its output failed."""
        ...

    def published(self, publication: Publication) -> None:
        """What ``context.publish`` sent was stored; may be called on the broker's thread."""
        ...

    def acknowledged(self, message: object, topic: str) -> None:
        """A message (or message id) was acknowledged."""
        ...

    def negatively_acknowledged(self, message: Message) -> None:
        """A message is to come again."""
        ...

    def metric_recorded(self, name: str, value: object) -> None:
        """``context.record_metric`` was called."""
        ...
