"""Topics by pattern (``PatternMultiTopicsConsumerImpl.cc``).

* The pattern's tenant and namespace are plain text; only the topic's own part is a pattern. Without them it is one of ``public/default``.
* A topic matches by its whole name without the domain, whatever domain the pattern has; partitions match by their topic's name.

Differs: matching is Python's ``re``, not C++'s ``std::regex``. What the latter does not know (``(?P<name>``, ``(?<=``, ``(?i)``)
ends a real client's process; here it is ``InvalidConfiguration``.
"""

from __future__ import annotations

import re

import _pulsar

from pfemu.client.results import client_error
from pfemu.model.topic_name import TopicName

_UNKNOWN_TO_CPP = re.compile(r"\(\?(?![:=!])")
_DOMAIN = re.compile(r"^(?:non-)?persistent://")


class TopicPattern:
    """A pattern of topic names in one namespace."""

    def __init__(self, text: str, mode: _pulsar.RegexSubscriptionMode) -> None:
        """Read a pattern.

        Raises:
            InvalidTopicName: the pattern is not one of a namespace's topics.
            pulsar.InvalidConfiguration: it has what C++ does not know.
        """
        if _UNKNOWN_TO_CPP.search(text):
            raise client_error("InvalidConfiguration")
        self.name = TopicName.parse(text)
        self._matches = re.compile(_without_domain(self.name.full)).fullmatch
        self._mode = mode

    def select(self, names: list[TopicName]) -> list[TopicName]:
        """Return those that match, partitions included."""
        return [name for name in names if self._has_domain(name) and self._matches(_without_domain(name.partitioned_topic.full))]

    def _has_domain(self, name: TopicName) -> bool:
        modes = _pulsar.RegexSubscriptionMode
        if self._mode == modes.AllTopics:
            return True
        return bool(name.is_persistent == (self._mode == modes.PersistentOnly))


def _without_domain(full: str) -> str:
    return _DOMAIN.sub("", full)
