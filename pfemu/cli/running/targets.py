"""The topic that lines go to which name none: the first input of the first function, or the one that was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pfemu.errors import InputError, InvalidTopicName
from pfemu.model.nearest_name import did_you_mean
from pfemu.model.topic_name import TopicName
from pfemu.topology.reading import reads

if TYPE_CHECKING:
    from pfemu.cli.running.running_function import RunningFunction


def target_of(asked_for: str | None, functions: Sequence[RunningFunction]) -> TopicName | None:
    """Return where lines go; None where the first function reads by a pattern alone, and each line must say.

    Raises:
        InputError: the topic that was asked for is no topic, or no function reads it.
    """
    if asked_for is not None:
        return named_target(asked_for, functions)
    topics = functions[0].input_topics if functions else []
    return TopicName.parse(topics[0]) if topics else None


def named_target(text: str, functions: Sequence[RunningFunction]) -> TopicName:
    """Return the topic of that name.

    Raises:
        InputError: it is no topic, or no function reads it.
    """
    try:
        name = TopicName.parse(text)
    except InvalidTopicName as error:
        raise InputError(f"no topic can be called {text!r}: {error}") from None
    details = [function.handle.function.details for function in functions]
    if not any(reads(each, name) for each in details):
        inputs = list(dict.fromkeys(topic for each in details for topic in each.input_specs))
        raise InputError(
            f"no function reads {text}{did_you_mean(text, inputs, otherwise='.', quoted=False)} What is read: {', '.join(inputs)}"
        )
    return name
