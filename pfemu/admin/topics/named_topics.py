"""The topic that a path names, and what a call for it asks of it first (``PersistentTopicsBase``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pfemu.admin.answer import ErrorPage, UnexpectedError
from pfemu.broker.refusals import NotFound
from pfemu.errors import NotAllowedError
from pfemu.model.topic_name import TopicName

if TYPE_CHECKING:
    from pfemu.broker.topic import Topic
    from pfemu.emulator import Emulator

_TOPICS = "org.apache.pulsar.broker.service"
_NOT_STORED, _STORED = f"{_TOPICS}.nonpersistent.NonPersistentTopic", f"{_TOPICS}.persistent.PersistentTopic"
NOT_CAST = f"class {_NOT_STORED} cannot be cast to class {_STORED} ({_NOT_STORED} and {_STORED} are in unnamed module of loader 'app')"
"""What a broker says of a topic that stores nothing where its code expects another."""
_DOMAINS = {"persistent", "non-persistent"}


def topic_name(named: dict[str, str]) -> TopicName:
    """Return the topic a path names.

    Raises:
        InvalidTopicName: no topic can have that name.
        ErrorPage: 404, the first part of the path is no domain.
    """
    check_domain(named)
    return TopicName.parse(f"{named['domain']}://{named['tenant']}/{named['namespace']}/{named['topic']}")


def existing_topic(emulator: Emulator, named: dict[str, str]) -> Topic:
    """Return the topic a path names.

    Raises:
        InvalidTopicName, ErrorPage: see :func:`topic_name`.
        NotFound: its namespace is missing.
        TopicNotFound: there is none.
    """
    name = topic_name(named)
    check_namespace(emulator, name)
    return emulator.broker.existing(name)


def check_namespace(emulator: Emulator, name: TopicName) -> None:
    """Check that a topic's namespace is there.

    Raises:
        NotFound: it is not.
    """
    if not emulator.broker.has_namespace_of(name):
        raise NotFound("Namespace not found")


def refuse_not_stored(named: dict[str, str], what: str) -> None:
    """Refuse a call for what is stored of a topic.

    Raises:
        NotAllowedError: the path names a topic that stores nothing.
    """
    if not topic_name(named).is_persistent:
        raise NotAllowedError(f"{what} on a non-persistent topic is not allowed")


def existing_stored_topic(emulator: Emulator, named: dict[str, str]) -> Topic:
    """Return the topic a path names.

    Raises:
        UnexpectedError: it stores nothing, which the broker's code does not expect.
        TopicNotFound: there is none.
    """
    topic = existing_topic(emulator, named)
    if not topic.is_persistent:
        raise UnexpectedError(NOT_CAST)
    return topic


def refuse_partitioned(emulator: Emulator, named: dict[str, str], words: str) -> None:
    """Refuse a call that is for one topic or one partition.

    Raises:
        NotAllowedError: the path names a partitioned topic.
    """
    if emulator.broker.partitions_of(topic_name(named)):
        raise NotAllowedError(words)


def check_domain(named: dict[str, str]) -> None:
    """Check the first part of a path.

    Raises:
        ErrorPage: 404, it is no domain.
    """
    if named["domain"] not in _DOMAINS:
        raise ErrorPage(404)
