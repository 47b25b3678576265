"""What every native consumer is, be it of one topic or of several."""

from __future__ import annotations

from pfemu.client.async_twins import AsyncConsumer
from pfemu.client.consuming.consumer_settings import ConsumerSettings
from pfemu.client.consuming.inbox import Inbox
from pfemu.ports import Scheduler


class NamedConsumer(AsyncConsumer):
    """A consumer's names, whether it is open, and whether its listener takes anything."""

    inbox: Inbox

    def __init__(self, scheduler: Scheduler, subscription_name: str, settings: ConsumerSettings) -> None:
        super().__init__(scheduler)
        self._subscription_name = subscription_name
        self._settings = settings
        self._closed = False
        self._adrift = False

    def subscription_name(self) -> str:
        """Return the name of the subscription."""
        return self._subscription_name

    def consumer_name(self) -> str:
        """Return the consumer's name."""
        return self._settings.consumer_name

    @property
    def is_closed(self) -> bool:
        """Whether it was closed."""
        return self._closed

    def is_connected(self) -> bool:
        """Whether it is open."""
        return not (self._closed or self._adrift)

    def pause_message_listener(self) -> None:
        """Have the listener take nothing more."""
        self.inbox.pause()

    def resume_message_listener(self) -> None:
        """Have the listener go on."""
        self.inbox.resume()
