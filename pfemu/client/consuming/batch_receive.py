"""How many messages ``batch_receive`` takes at once (``BatchReceivePolicy.cc``)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pfemu.client.message import Message
from pfemu.ports import Timer


@dataclass(frozen=True, slots=True)
class BatchReceivePolicy:
    """Until this many messages, this many bytes or this time; a number that is not positive sets no limit."""

    max_messages: int = -1
    max_bytes: int = 10 * 1024 * 1024
    timeout_ms: int = 100


class BatchRequest:
    """One ``batch_receive`` that waits. ``callback`` gets the result and the list."""

    __slots__ = ("_policy", "callback", "timer")

    def __init__(self, policy: BatchReceivePolicy, callback: Callable[..., object]) -> None:
        self._policy = policy
        self.callback = callback
        self.timer: Timer | None = None

    def is_full(self, messages: Sequence[Message]) -> bool:
        """Whether the messages reach the policy's number or size."""
        policy = self._policy
        if 0 < policy.max_messages <= len(messages):
            return True
        return policy.max_bytes > 0 and sum(len(message.data()) for message in messages) >= policy.max_bytes

    def count(self, messages: Sequence[Message]) -> int:
        """Return how many of the messages it takes: as many as fit, at least one if there is one."""
        policy = self._policy
        size = 0
        for number, message in enumerate(messages):
            size += len(message.data())
            too_many = 0 < policy.max_messages <= number
            if too_many or (number > 0 and 0 < policy.max_bytes < size):
                return number
        return len(messages)
