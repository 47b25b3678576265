"""Which topics a test or script sent to and looked at: what strict tests ask at their end."""

from __future__ import annotations


class UsedTopics:
    """Full names of topics, as handles were asked for them."""

    def __init__(self) -> None:
        self.sent: dict[str, int] = {}
        self.looked_at: set[str] = set()
        self.backlogs: set[tuple[str, str]] = set()
        self.cleared: dict[str, int] = {}
        """Of topics and partitions that were cleared, the position from which on their messages count."""

    def sent_to(self, topic: str) -> None:
        """Note a call that sends."""
        self.sent[topic] = self.sent.get(topic, 0) + 1

    def read(self, topic: str) -> None:
        """Note a look at a topic's messages."""
        self.looked_at.add(topic)

    def counted_backlog(self, topic: str, subscription: str) -> None:
        """Note a look at what a subscription has not acknowledged."""
        self.backlogs.add((topic, subscription))
