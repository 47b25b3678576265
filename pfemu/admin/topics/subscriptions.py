"""Subscriptions of a topic: make, move, skip, peek (``PersistentTopicsBase``)."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING

from pfemu.admin.answer import DONE, Answer, ErrorPage, UnexpectedError, answer_bytes, answer_json, reason
from pfemu.admin.bodies import read_as
from pfemu.admin.routes import Routes
from pfemu.admin.topics.named_topics import (
    check_namespace,
    existing_stored_topic,
    existing_topic,
    refuse_not_stored,
    refuse_partitioned,
    topic_name,
)
from pfemu.admin.topics.reset_cursor_data import given_place, read_place
from pfemu.broker.expiry import expire_by_request, expire_to
from pfemu.broker.refusals import Conflict, NotFound
from pfemu.engine import interruptions
from pfemu.errors import SubscriptionNotFound, TopicNotFound
from pfemu.model.java_text import concurrent_hash_map
from pfemu.model.stored_size import batch_size, uncompressed_size
from pfemu.model.subscription import InitialPosition

if TYPE_CHECKING:
    from pfemu.admin.request import Request
    from pfemu.broker.subscription import Subscription
    from pfemu.broker.topic import Topic
    from pfemu.emulator import Emulator
    from pfemu.model.message import Entry

_TOPIC = "/{domain}/{tenant}/{namespace}/{topic}"
_SUBSCRIPTION = _TOPIC + "/subscription/{subscription}"
routes = Routes("/admin/v2")


def _topics(emulator: Emulator, named: dict[str, str]) -> list[Topic]:
    """Return the topic of a path, or its partitions.

    Raises:
        TopicNotFound: there is none.
    """
    name = topic_name(named)
    check_namespace(emulator, name)
    found = emulator.topics_of(name)
    if not found:
        raise TopicNotFound(f"Topic {name.full} not found")
    return found


def _subscriptions(emulator: Emulator, named: dict[str, str], *, words: str | None = None) -> list[Subscription]:
    """Return the subscription, or those of all partitions.

    Raises:
        SubscriptionNotFound: there is none; of partitions it is said of the topic as named, or in ``words``.
    """
    topics = _topics(emulator, named)
    if len(topics) > 1 and named["subscription"] not in topics[0].subscriptions:
        raise SubscriptionNotFound(words or f"Subscription {named['subscription']} not found for topic {topic_name(named).full}")
    return [topic.subscription(named["subscription"]) for topic in topics]


@routes("GET", _TOPIC + "/subscriptions")
def subscriptions(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """List a topic's subscriptions."""
    names = dict.fromkeys(name for topic in _topics(emulator, named) for name in topic.subscriptions)
    return answer_json(concurrent_hash_map(names))


@routes("PUT", _SUBSCRIPTION)
def create(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Make a subscription, at the end unless the body says another position."""
    place = read_as(request, read_place)
    if not topic_name(named).is_persistent:
        return reason(400, "Create subscription on non-persistent topic can only be done through client")
    check_namespace(emulator, topic_name(named))
    if not emulator.topics_of(topic_name(named)):
        emulator.broker.get_or_create(topic_name(named), emulator.scheduler.now_ms())
        emulator.engine.notice_topics()
    for topic in _topics(emulator, named):
        if named["subscription"] in topic.subscriptions:
            raise Conflict("Subscription already exists for topic")
        start = InitialPosition.LATEST if place is None else place.start_in(topic)
        noted = {} if place is None else place.noted
        topic.ensure_subscription(named["subscription"], start, properties=noted).replicated = request.flag("replicated")
    return DONE


@routes("DELETE", _SUBSCRIPTION)
def delete(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Remove a subscription."""
    for subscription in _subscriptions(emulator, named, words="Subscription not found"):
        interruptions.remove_subscription(subscription, force=request.flag("force"))
    return DONE


@routes("POST", _SUBSCRIPTION + "/skip_all")
def skip_all(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Acknowledge everything."""
    if not topic_name(named).is_persistent:
        existing_stored_topic(emulator, named)
    for subscription in _subscriptions(emulator, named):
        subscription.skip_all()
    return DONE


@routes("POST", _SUBSCRIPTION + "/skip/{count}")
def skip(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Acknowledge the next messages."""
    refuse_partitioned(emulator, named, "Skip messages on a partitioned topic is not allowed")
    subscription = existing_topic(emulator, named).subscription(named["subscription"])
    subscription.skip(max(0, _number(named["count"])))
    return DONE


@routes("POST", _SUBSCRIPTION + "/expireMessages/{seconds}")
def expire(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Acknowledge what is older."""
    for subscription in _subscriptions(emulator, named):
        expire_by_request(subscription, _number(named["seconds"]), emulator.scheduler.now_ms())
    return DONE


@routes("POST", _SUBSCRIPTION + "/expireMessages")
def expire_up_to(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Acknowledge everything up to a message id, which ``isExcluded`` leaves out."""
    refuse_partitioned(emulator, named, "Expire message at position is not supported for partitioned-topic")
    topic = existing_topic(emulator, named)
    subscription = topic.subscription(named["subscription"])
    place = given_place(request)
    expire_to(subscription, place.position_in(topic) - place.excluded, emulator.scheduler.now_ms())
    return DONE


@routes("POST", _TOPIC + "/all_subscription/expireMessages/{seconds}")
def expire_all(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Acknowledge what is older for all subscriptions."""
    refuse_not_stored(named, "Expire messages for all subscriptions")
    for topic in _topics(emulator, named):
        for subscription in topic.expiring:
            expire_by_request(subscription, _number(named["seconds"]), emulator.scheduler.now_ms())
    return DONE


@routes("POST", _SUBSCRIPTION + "/resetcursor/{time_ms}")
def reset_to_time(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Move a subscription to what was published at a time."""
    for subscription in _subscriptions(emulator, named):
        _reset(emulator, subscription, subscription.topic.ledger.position_at(_number(named["time_ms"], 1 << 63)))
    return DONE


@routes("POST", _SUBSCRIPTION + "/resetcursor")
def reset_to_id(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Move a subscription to a message id."""
    place = given_place(request)
    refuse_partitioned(emulator, named, "Reset-cursor at position is not allowed for partitioned-topic")
    subscription = existing_topic(emulator, named).subscription(named["subscription"])
    _reset(emulator, subscription, place.position_in(subscription.topic))
    return DONE


def _reset(emulator: Emulator, subscription: Subscription, position: int) -> None:
    emulator.engine.reset(subscription, position)


@routes("GET", _SUBSCRIPTION + "/position/{number}")
def peek(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show a message that is not acknowledged, counted from 1; a subscription that is not there is made."""
    refuse_not_stored(named, "Peek messages")
    refuse_partitioned(emulator, named, "Peek messages on a partitioned topic is not allowed")
    number = _number(named["number"])
    topic = existing_topic(emulator, named)
    if named["subscription"] not in topic.subscriptions:
        topic.ensure_subscription(named["subscription"], InitialPosition.EARLIEST)
    if number <= 0:
        raise UnexpectedError("null")
    entry = topic.subscription(named["subscription"]).peek(number)
    if entry is None:
        raise NotFound("Message not found")
    return answer_bytes(entry.payload, message_headers(entry))


def message_headers(entry: Entry) -> dict[str, str]:
    """Return what a stored message is shown with beside its payload."""
    metadata = entry.metadata
    headers = {
        "X-Pulsar-Message-ID": f"{entry.ledger_id}:{entry.entry_id}",
        "X-Pulsar-producer-name": entry.producer_name,
        "X-Pulsar-sequence-id": str(entry.sequence_id),
        "X-Pulsar-Is-Encrypted": "false",
        "X-Pulsar-txn-uncommitted": "false",
        "X-Pulsar-PROPERTY": json.dumps({} if metadata.in_batch else dict(metadata.properties)),
    }
    if metadata.in_batch:
        headers["X-Pulsar-num-batch-message"] = str(entry.message_count)
        size = batch_size(entry)
        if size is not None:
            headers["X-Pulsar-batch-size"] = str(size)
    if metadata.partition_key:
        headers["X-Pulsar-partition-key"] = metadata.partition_key
    if metadata.ordering_key:
        headers["X-Pulsar-Base64-ordering-key"] = b64encode(metadata.ordering_key.encode()).decode()
    if metadata.schema_version:
        headers["X-Pulsar-Base64-schema-version"] = b64encode(metadata.schema_version).decode()
    if metadata.compression:
        headers["X-Pulsar-compression"] = metadata.compression
        headers["X-Pulsar-uncompressed-size"] = str(uncompressed_size(entry))
    return headers


def _number(text: str, limit: int = 1 << 31) -> int:
    """Return a number of a path, which fits no call when it is none or too large."""
    try:
        number = int(text)
    except ValueError:
        raise ErrorPage(404) from None
    if not -limit <= number < limit:
        raise ErrorPage(404)
    return number
