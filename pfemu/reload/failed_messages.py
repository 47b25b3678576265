"""The messages that failed since the last successful reload: an observer that stands before another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pfemu.reload.reports import FailedMessage
from pfemu.runtime.traceback_text import error_line

if TYPE_CHECKING:
    from pfemu.ports import Message
    from pfemu.runtime.observer import Failure, Observer

_KEPT = 100
_PAYLOAD_BYTES = 500


class FailedMessages:
    """Keeps the last messages that failed, and passes everything on; those that succeed later are no longer listed."""

    def __init__(self, observer: Observer) -> None:
        self._observer = observer
        self._failed: dict[str, FailedMessage] = {}
        self.watches_acknowledgements = observer.watches_acknowledgements
        self.logged = observer.logged
        self.published = observer.published
        self.negatively_acknowledged = observer.negatively_acknowledged
        self.metric_recorded = observer.metric_recorded

    def failed(self, failure: Failure) -> None:
        """Keep the message, and pass the failure on."""
        if failure.origin is not None:
            self._keep(failure.origin, failure.error)
        self._observer.failed(failure)

    def acknowledged(self, message: object, topic: str) -> None:
        """Pass it on."""
        self._observer.acknowledged(message, topic)

    def _keep(self, message: Message, error: BaseException) -> None:
        key = f"{message.topic_name()} {message.message_id()}"
        self._failed.pop(key, None)
        self._failed[key] = FailedMessage(str(message.message_id()), message.data()[:_PAYLOAD_BYTES], error_line(error))
        if len(self._failed) > _KEPT:
            del self._failed[next(iter(self._failed))]

    def take(self) -> tuple[FailedMessage, ...]:
        """Return them, oldest first, and forget them."""
        failed, self._failed = self._failed, {}
        return tuple(failed.values())
