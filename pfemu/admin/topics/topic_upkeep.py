"""What administrators look at and put right in a topic's log (``PersistentTopicsBase``): analyse, trim, end, complete partitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pfemu.admin.answer import DONE, Answer, ErrorPage, UnexpectedError, answer_json
from pfemu.admin.bodies import read_json, read_object
from pfemu.admin.cluster import BROKER
from pfemu.admin.routes import Routes
from pfemu.admin.topics.named_topics import existing_stored_topic, existing_topic, refuse_not_stored, refuse_partitioned, topic_name
from pfemu.admin.topics.topic_figures import stored_log
from pfemu.admin.topics.topics import last_place
from pfemu.broker.refusals import InvalidValue, NotFound
from pfemu.errors import NotAllowedError

if TYPE_CHECKING:
    from pfemu.admin.request import Request
    from pfemu.emulator import Emulator

_TOPIC = "/{domain}/{tenant}/{namespace}/{topic}"
routes = Routes("/admin/v2")
_MESSAGE_ID = "org.apache.pulsar.client.impl.MessageIdImpl"


@routes("POST", _TOPIC + "/subscription/{subscription}/analyzeBacklog")
def analyze_backlog(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Count what a subscription has not acknowledged; without filters all of it is accepted."""
    refuse_partitioned(
        emulator, named, "Analyze backlog on a partitioned topic is not allowed, please try do it on specific topic partition"
    )
    entries = list(existing_topic(emulator, named).subscription(named["subscription"]).cursor.unacknowledged())
    messages = sum(entry.message_count for entry in entries)
    found: dict[str, object] = {"entries": len(entries), "messages": messages}
    for what, count in (("Entries", len(entries)), ("Messages", messages)):
        found |= {f"filterRejected{what}": 0, f"filterAccepted{what}": count, f"filterRescheduled{what}": 0}
    places = [f"{entry.ledger_id}:{entry.entry_id}" for entry in entries]
    ends = {"firstMessageId": places[0], "lastMessageId": places[-1]} if places else {}
    return answer_json({**found, "aborted": False, **ends})


@routes("PUT", _TOPIC + "/backlogSize")
def backlog_size(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Show how many bytes are stored after a message."""
    place = read_object(request, _MESSAGE_ID)
    if read_json(request) is None:
        raise UnexpectedError(f'Cannot invoke "{_MESSAGE_ID}.getLedgerId()" because "messageId" is null')
    refuse_partitioned(emulator, named, "calculate backlog size is not allowed for partitioned-topic")
    ledger = existing_topic(emulator, named).ledger
    ledger_id, entry_id = place.get("ledgerId"), place.get("entryId")
    if not isinstance(ledger_id, int) or not isinstance(entry_id, int):
        raise ErrorPage(400)
    return answer_json(ledger.size_after(ledger.position_of(ledger_id, entry_id)) if ledger.holds(ledger_id) else 0)


@routes("GET", _TOPIC + "/backlog")
def offline_stats(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show what is stored of a topic as if nobody had it loaded: its cursors are not looked at (``PersistentOfflineTopicStats``)."""
    name = topic_name(named)
    topic = emulator.broker.topic(name)
    newest = None if topic is None else topic.ledger.last_entry
    return answer_json(
        {
            "storageSize": 0 if topic is None else topic.ledger.size_bytes,
            "totalMessages": 0 if newest is None else newest.entry_id,
            "messageBacklog": 0,
            "brokerName": BROKER.partition(":")[0],
            "topicName": f"{name.namespace_name}/{name.domain}/{name.local_name}",
            "dataLedgerDetails": [],
            "cursorDetails": {},
            "statGeneratedAt": emulator.scheduler.now_ms(),
        }
    )


@routes("GET", _TOPIC + "/internal-info")
def stored_info(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show what is stored of a topic's ledgers and cursors (``ManagedLedgerInfo``)."""
    name = topic_name(named)
    if not name.is_persistent:
        raise ErrorPage(500)
    if emulator.broker.partitions_of(name):
        return answer_json({"version": 0, "partitions": {topic.name.full: stored_log(topic) for topic in emulator.topics_of(name)}})
    topic = emulator.broker.topic(name)
    if topic is None:
        raise ErrorPage(500)
    return answer_json(stored_log(topic))


@routes("PUT", _TOPIC + "/offload")
def offload(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Begin to offload what is older than a message, which fails later: there is nowhere to offload it to."""
    if read_json(request) is None:
        raise InvalidValue("messageId is null")
    existing_topic(emulator, named)
    return DONE


@routes("GET", _TOPIC + "/offload")
def offload_status(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show that offloading was never tried.

    Differs: also where it was, and failed.
    """
    existing_stored_topic(emulator, named)
    return answer_json({"status": "NOT_RUN", "lastError": ""})


@routes("POST", _TOPIC + "/trim")
def trim(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Drop what nobody needs and nothing keeps."""
    refuse_not_stored(named, "Trim")
    for topic in emulator.topics_of(topic_name(named)) or [existing_topic(emulator, named)]:
        topic.trim()
    return Answer(200)


@routes("POST", _TOPIC + "/createMissedPartitions")
def create_missed_partitions(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Make the partitions that are not there.

    Raises:
        NotFound: the topic is not partitioned.
    """
    name = topic_name(named)
    partitions = emulator.broker.partitions_of(name)
    if not partitions:
        raise NotFound(f"Topic {name.full} does not exist")
    emulator.broker.update_partitions(name, partitions, emulator.scheduler.now_ms())
    emulator.engine.notice_topics()
    return DONE


@routes("POST", _TOPIC + "/terminate/partitions")
def terminate_partitions(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Let no partition take any more messages.

    Raises:
        NotAllowedError: the topic is not partitioned.
    """
    name = topic_name(named)
    if not emulator.broker.partitions_of(name):
        way = "using partitioned-terminate, please use terminate commands"
        raise NotAllowedError(f"Termination of a non-partitioned topic is not allowed {way}")
    ended: dict[str, object] = {}
    for topic in emulator.topics_of(name):
        topic.terminate()
        ended[str(topic.name.partition_index)] = {**last_place(topic), "partitionIndex": -1, "batchIndex": -1, "batchSize": 0}
    return answer_json(ended)
