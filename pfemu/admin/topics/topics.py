"""``/admin/v2/persistent`` and ``non-persistent``: topics and their partitions (``PersistentTopics``, ``NonPersistentTopics``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pfemu.admin.answer import DONE, Answer, UnexpectedError, answer_json
from pfemu.admin.bodies import read_as, read_int, read_properties
from pfemu.admin.cluster import BROKER
from pfemu.admin.routes import Routes
from pfemu.admin.topics.named_topics import NOT_CAST, check_domain, existing_topic, refuse_not_stored, refuse_partitioned, topic_name
from pfemu.admin.topics.topic_figures import all_figures, log_figures, topic_figures
from pfemu.broker.refusals import NotAcceptable, NotFound, PreconditionFailed
from pfemu.engine import interruptions
from pfemu.errors import TopicNotFound
from pfemu.model.configuration.config_reading import read_plain_integer
from pfemu.model.configuration.config_structures import part, read_text_map, setting
from pfemu.model.topic_name import TopicName

if TYPE_CHECKING:
    from pfemu.admin.request import Request
    from pfemu.broker.topic import Topic
    from pfemu.emulator import Emulator

routes = Routes("/admin/v2")
_TOPIC = "/{domain}/{tenant}/{namespace}/{topic}"


@dataclass(frozen=True, slots=True)
class _Metadata:
    """``PartitionedTopicMetadata``."""

    partitions: int = setting(read_plain_integer, default=0)
    properties: Mapping[str, str | None] | None = setting(read_text_map)


_METADATA_TYPE = "application/vnd.partitioned-topic-metadata+json"
_metadata = part(_Metadata, "org.apache.pulsar.common.partition.PartitionedTopicMetadata")


@routes("GET", "/{domain}/{tenant}/{namespace}")
def topics(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """List a namespace's topics, partitions one by one."""
    check_domain(named)
    namespace = _namespace(emulator, named)
    return answer_json(listed(emulator, namespace, persistent=named["domain"] == "persistent"))


def listed(emulator: Emulator, namespace: str, *, persistent: bool) -> list[str]:
    """Return the full names of a namespace's topics of one domain; a partition that stores nothing is there once it is used."""
    return sorted(
        topic.name.full
        for topic in emulator.broker.topics_of(namespace)
        if topic.is_persistent is persistent and (persistent or topic.name.partition_index < 0 or topic.producers or topic.subscriptions)
    )


@routes("GET", "/{domain}/{tenant}/{namespace}/partitioned")
def partitioned_topics(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """List a namespace's partitioned topics."""
    check_domain(named)
    found = emulator.broker.partitioned_of(_namespace(emulator, named))
    return answer_json([full for full in found if full.startswith(named["domain"] + "://")])


def _namespace(emulator: Emulator, named: dict[str, str]) -> str:
    namespace = f"{named['tenant']}/{named['namespace']}"
    if namespace not in emulator.broker.namespaces.policies:
        raise NotFound("Namespace does not exist")
    return namespace


@routes("PUT", _TOPIC)
def create(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Make an unpartitioned topic, with the properties in the body."""
    name = topic_name(named)
    noted = read_properties(request)
    _refuse_foreign_partition(emulator, name)
    topic = emulator.broker.create_topic(name, emulator.scheduler.now_ms())
    topic.properties.update(noted)
    emulator.engine.notice_topics()
    return DONE


def _refuse_foreign_partition(emulator: Emulator, name: TopicName) -> None:
    """Refuse a name that only a partition could have, of a topic that has no such partition (``internalCreateNonPartitionedTopicAsync``).

    Raises:
        PreconditionFailed: there is no topic of that name without the number, or it has fewer partitions.
    """
    if name.partition_index < 0:
        return
    whole = name.partitioned_topic
    partitions = emulator.broker.partitions_of(whole)
    if not partitions:
        why = f"numeric value if there isn't a partitioned topic {whole.local_name} created."
    elif name.partition_index >= partitions:
        why = f"a number smaller than number of partition of partitioned topic {whole.local_name}"
    else:
        return
    raise PreconditionFailed(f'Can\'t create topic {name.local_name} with "-partition-" followed by {why}')


@routes("DELETE", _TOPIC)
def delete(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Remove an unpartitioned topic."""
    name = topic_name(named)
    if emulator.broker.partitions_of(name):
        emulator.broker.delete_topic(name, force=request.flag("force"))
    interruptions.delete_topic(emulator.engine, name, force=request.flag("force"))
    return DONE


@routes("PUT", _TOPIC + "/unload")
def unload(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Let the clients of a topic connect anew."""
    interruptions.unload(emulator.engine, topic_name(named))
    return DONE


@routes("GET", _TOPIC + "/partitions")
def partitions(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show how many partitions a topic has, 0 for an unpartitioned one."""
    name = topic_name(named)
    count = emulator.broker.partitions_of(name)
    if not count:
        existing_topic(emulator, named)
    noted = emulator.broker.partitioned_properties.get(name.full)
    return answer_json({"partitions": count, "deleted": False} | ({"properties": noted} if noted else {}))


@routes("PUT", _TOPIC + "/partitions")
def create_partitioned(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Make a partitioned topic; a body that says it is its metadata has properties beside the number."""
    name = topic_name(named)
    if name.partition_index >= 0:
        raise PreconditionFailed("Partitioned Topic Name should not contain '-partition-'")
    given = read_as(request, _metadata, _METADATA_TYPE) if request.content_type == _METADATA_TYPE else None
    count = read_int(request, may_be_text=True) if given is None else given.partitions
    emulator.broker.create_partitioned_topic(name, count, emulator.scheduler.now_ms())
    if given is not None and given.properties:
        emulator.broker.partitioned_properties[name.full] = {noted: str(value) for noted, value in given.properties.items()}
    emulator.engine.notice_topics()
    return DONE


@routes("POST", _TOPIC + "/partitions")
def update_partitions(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Give a partitioned topic more partitions."""
    emulator.broker.update_partitions(topic_name(named), read_int(request, may_be_text=True), emulator.scheduler.now_ms())
    emulator.engine.notice_topics()
    return DONE


@routes("DELETE", _TOPIC + "/partitions")
def delete_partitioned(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Remove a partitioned topic."""
    name = topic_name(named)
    if not emulator.broker.partitions_of(name):
        emulator.broker.delete_partitioned_topic(name)
    interruptions.delete_topic(emulator.engine, name, force=request.flag("force"))
    return DONE


@routes("GET", _TOPIC + "/stats")
def stats(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show a topic's figures."""
    return answer_json(topic_figures(existing_topic(emulator, named), BROKER))


@routes("GET", _TOPIC + "/partitioned-stats")
def partitioned_stats(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Show the figures of all partitions, added up and each."""
    name = topic_name(named)
    count = emulator.broker.partitions_of(name)
    if not count:
        raise TopicNotFound(f"Partitioned Topic {name.full} not found")
    found = {topic.name.full: topic_figures(topic, BROKER) for topic in emulator.topics_of(name)}
    total = all_figures(list(found.values()))
    each = {"partitions": found if request.query.get("perPartition", "true") == "true" else {}}
    return answer_json({**total, "metadata": {"partitions": count, "deleted": False}, **each})


@routes("GET", _TOPIC + "/internalStats")
def stats_of_log(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show a topic's log and cursors."""
    return answer_json(log_figures(existing_topic(emulator, named)))


@routes("GET", _TOPIC + "/lastMessageId")
def last_message_id(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show the id of a topic's newest message."""
    refuse_not_stored(named, "GetLastMessageId")
    return answer_json(_last_id(existing_topic(emulator, named)))


def _last_id(topic: Topic) -> dict[str, int]:
    """Return the id of the newest message; of a batch it is that of its last one."""
    entry = topic.ledger.last_entry
    size = entry.message_count if entry is not None and entry.metadata.in_batch else 0
    of_batch = {"outstandingAcksInSameBatch": 0, "originalBatchSize": 0} if size else {}
    return {**last_place(topic), "batchIndex": size - 1, "batchSize": 0, **of_batch}


def last_place(topic: Topic) -> dict[str, int]:
    """Return where the newest entry is; in an empty topic the place before the first one."""
    entry = topic.ledger.last_entry
    if entry is None:
        shown_id = {"ledgerId": topic.ledger.segment_of(topic.ledger.next_position).ledger_id, "entryId": -1}
    else:
        shown_id = {"ledgerId": entry.ledger_id, "entryId": entry.entry_id}
    return {**shown_id, "partitionIndex": topic.name.partition_index}


@routes("GET", _TOPIC + "/partitioned-internalStats")
def partitioned_stats_of_logs(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show the logs and cursors of all partitions."""
    name = topic_name(named)
    count = emulator.broker.partitions_of(name)
    if not count:
        raise TopicNotFound(f"Partitioned Topic {name.full} not found")
    found = {topic.name.full: log_figures(topic) for topic in emulator.topics_of(name)}
    return answer_json({"metadata": {"partitions": count, "deleted": False}, "partitions": found})


def _refuse_not_stored(named: dict[str, str]) -> None:
    """Refuse a topic that stores nothing.

    Raises:
        NotAcceptable: it is such a one.
    """
    if not topic_name(named).is_persistent:
        raise NotAcceptable("Need to provide a persistent topic name")


@routes("POST", _TOPIC + "/terminate")
def terminate(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Let a topic take no more messages."""
    _refuse_not_stored(named)
    refuse_partitioned(emulator, named, "Termination of a partitioned topic is not allowed")
    topic = existing_topic(emulator, named)
    interruptions.terminate(topic)
    return answer_json({**last_place(topic), "batchIndex": -1, "batchSize": 0})


@routes("DELETE", _TOPIC + "/truncate")
def truncate(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Acknowledge everything, and drop what no longer is in the open ledger."""
    if not topic_name(named).is_persistent:
        raise PreconditionFailed("unsupport truncate")
    for topic in emulator.topics_of(topic_name(named)) or [existing_topic(emulator, named)]:
        topic.truncate()
    return DONE


@routes("PUT", _TOPIC + "/compaction")
def compact(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Compact a topic.

    Differs: it is done before the call returns.
    """
    for topic in emulator.topics_of(topic_name(named)) or [existing_topic(emulator, named)]:
        if not topic.is_persistent:
            raise UnexpectedError(NOT_CAST)
        topic.compact(emulator.scheduler.now_ms())
    return DONE


@routes("GET", _TOPIC + "/compaction")
def compaction_status(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show whether a topic was compacted."""
    was_run = existing_topic(emulator, named).compacted.last_run_ms
    return answer_json({"status": "SUCCESS" if was_run else "NOT_RUN", "lastError": ""})
