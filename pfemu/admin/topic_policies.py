"""What administrators set for one topic (``PersistentTopicsBase``, ``TopicPolicies``): policies, properties, properties of subscriptions.

A policy of a topic wins over its namespace's. What is asked for is what is set for the topic itself, with ``applied`` what counts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pfemu.admin.answer import DONE, Answer, answer_json, answer_setting, reason
from pfemu.admin.bodies import read_flag, read_object, read_properties
from pfemu.admin.namespaces import INVALID_RETENTION, read_retention, shown_retention
from pfemu.admin.paths import policies_of, whole_number
from pfemu.admin.routes import Routes
from pfemu.admin.topics import topic_name
from pfemu.errors import TopicNotFound

if TYPE_CHECKING:
    from pfemu.admin.request import Request
    from pfemu.broker.namespaces import Policies
    from pfemu.broker.topic import Topic
    from pfemu.emulator import Emulator

_TOPIC = "/persistent/{tenant}/{namespace}/{topic}"
routes = Routes("/admin/v2")


def _topics(emulator: Emulator, named: dict[str, str]) -> list[Topic]:
    """Return the topic of a path, or its partitions.

    Raises:
        TopicNotFound: there is none.
    """
    named["domain"] = "persistent"
    name = topic_name(named)
    found = emulator.topics_of(name)
    if not found:
        raise TopicNotFound(f"Topic {name.full} not found")
    return found


def _policies(emulator: Emulator, request: Request, named: dict[str, str]) -> Policies:
    topic = _topics(emulator, named)[0]
    return topic.policies if request.flag("applied") else topic.own_policies


def _set(emulator: Emulator, named: dict[str, str], **changed: object) -> Answer:
    for topic in _topics(emulator, named):
        policies = replace(topic.own_policies, **changed)  # type: ignore[arg-type] # fields by name
        emulator.broker.set_topic_policies(topic, policies)
    emulator.engine.arm_expiry()
    return DONE


@routes("GET", _TOPIC + "/messageTTL")
def message_ttl(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Show the time to live, in seconds."""
    return answer_setting(_policies(emulator, request, named).message_ttl_seconds)


@routes("POST", _TOPIC + "/messageTTL")
def set_message_ttl(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Set the time to live, in seconds."""
    return _set(emulator, named, message_ttl_seconds=whole_number(request.query.get("messageTTL", "")))


@routes("DELETE", _TOPIC + "/messageTTL")
def remove_message_ttl(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Go back to the namespace's time to live."""
    return _set(emulator, named, message_ttl_seconds=None)


@routes("GET", _TOPIC + "/retention")
def retention(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Show what acknowledged messages are kept for."""
    kept = _policies(emulator, request, named).retention
    return answer_setting(None if kept is None else shown_retention(kept))


@routes("POST", _TOPIC + "/retention")
def set_retention(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Set what acknowledged messages are kept for."""
    kept = read_retention(read_object(request, "org.apache.pulsar.common.policies.data.RetentionPolicies"))
    if kept.is_half_nothing:
        return reason(400, INVALID_RETENTION)
    return _set(emulator, named, retention=kept)


@routes("DELETE", _TOPIC + "/retention")
def remove_retention(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Go back to the namespace's retention."""
    return _set(emulator, named, retention=None)


@routes("GET", _TOPIC + "/deduplicationEnabled")
def deduplication(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Show whether messages are deduplicated."""
    return answer_setting(_policies(emulator, request, named).deduplication)


@routes("POST", _TOPIC + "/deduplicationEnabled")
def set_deduplication(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Deduplicate messages, or do not."""
    return _set(emulator, named, deduplication=read_flag(request))


@routes("DELETE", _TOPIC + "/deduplicationEnabled")
def remove_deduplication(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Go back to the namespace's setting."""
    return _set(emulator, named, deduplication=None)


@routes("GET", _TOPIC + "/properties")
def properties(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show what was noted of a topic."""
    return answer_json(_topics(emulator, named)[0].properties)


@routes("PUT", _TOPIC + "/properties")
def set_properties(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Note something of a topic, beside what was noted before."""
    noted = read_properties(request)
    for topic in _topics(emulator, named):
        topic.properties.update(noted)
    return DONE


@routes("DELETE", _TOPIC + "/properties")
def remove_property(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Forget what was noted under one name."""
    for topic in _topics(emulator, named):
        topic.properties.pop(request.query.get("key", ""), None)
    return DONE


@routes("GET", _TOPIC + "/subscription/{subscription}/properties")
def subscription_properties(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show the properties of a subscription."""
    return answer_json(_topics(emulator, named)[0].subscription(named["subscription"]).properties)


@routes("PUT", _TOPIC + "/subscription/{subscription}/properties")
def set_subscription_properties(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Set the properties of a subscription instead of those it had."""
    given = read_properties(request)
    for topic in _topics(emulator, named):
        topic.subscription(named["subscription"]).properties = dict(given)
    return DONE


@routes("GET", _TOPIC + "/permissions")
def permissions(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show who may what: without authorization nobody is named."""
    named["domain"] = "persistent"
    policies_of(emulator, named)
    topic_name(named)
    return answer_json({})
