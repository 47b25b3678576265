"""Whether a function reads a topic: by name, as a partition of one, or by a pattern."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import _pulsar

from pfemu.client.consuming.topic_pattern import TopicPattern
from pfemu.errors import InvalidTopicName
from pfemu.model.topic_name import TopicName

if TYPE_CHECKING:
    from pfemu.model.functions.function_details import FunctionDetails


def reads(details: FunctionDetails, topic: TopicName) -> bool:
    """Tell whether a function's inputs hold a topic; a partition is read with its topic."""
    return any(matches(text, topic) if spec.is_regex_pattern else is_same(text, topic) for text, spec in details.input_specs.items())


def is_same(text: str, topic: TopicName) -> bool:
    """Tell whether ``text`` names the topic, or the one it is a partition of."""
    name = TopicName.if_valid(text)
    return name is not None and name.holds(topic)


def matches(pattern: str, topic: TopicName) -> bool:
    """Tell whether a function that reads by a pattern reads the topic: the Python instance asks for persistent ones.

    A pattern that no instance starts with matches nothing.
    """
    try:
        return bool(TopicPattern(pattern, _pulsar.RegexSubscriptionMode.PersistentOnly).select([topic]))
    except (InvalidTopicName, re.error, _pulsar.PulsarException):
        return False
