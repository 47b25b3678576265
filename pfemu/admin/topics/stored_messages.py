"""Stored messages by their place in a topic (``PersistentTopicsBase``): the first or last ones, by id, by time. Nothing is acknowledged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pfemu.admin.answer import Answer, UnexpectedError, answer_bytes, answer_json
from pfemu.admin.paths import whole_number
from pfemu.admin.routes import Routes
from pfemu.admin.topics.named_topics import existing_topic, refuse_not_stored, refuse_partitioned
from pfemu.admin.topics.subscriptions import message_headers
from pfemu.broker.refusals import NotFound, PreconditionFailed

if TYPE_CHECKING:
    from pfemu.admin.request import Request
    from pfemu.emulator import Emulator
    from pfemu.model.message import Entry

_TOPIC = "/{domain}/{tenant}/{namespace}/{topic}"
routes = Routes("/admin/v2")
_NO_ENTRY = "Incorrect parameter input error code: -14"
"""What a bookie says of an entry before its ledger's first."""
_NOT_BY_TIME = "Get message ID by timestamp on a partitioned topic is not allowed, please try do it on specific topic partition"


def _shown(entry: Entry | None) -> Answer:
    if entry is None:
        raise UnexpectedError(_NO_ENTRY)
    return answer_bytes(entry.payload, message_headers(entry))


@routes("GET", _TOPIC + "/examinemessage")
def examine(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Show the n-th message from the beginning, or from the end, which any other ``initialPosition`` than ``earliest`` means."""
    refuse_not_stored(named, "Examine messages")
    refuse_partitioned(
        emulator, named, "Examine messages on a partitioned topic is not allowed, please try examine message on specific topic partition"
    )
    ledger = existing_topic(emulator, named).ledger
    if ledger.last_entry is None:
        raise PreconditionFailed("Could not examine messages due to the total message is zero")
    number = max(1, whole_number(request.query.get("messagePosition", "1")))
    first, last = ledger.first_position, ledger.next_position - 1
    from_start = request.query.get("initialPosition") == "earliest"
    position = min(last, first + number - 1) if from_start else last - number + 1
    return _shown(ledger.entry_at(position) if position >= first else None)


@routes("GET", _TOPIC + "/ledger/{ledger}/entry/{entry}")
def message_by_id(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show the message of an id."""
    refuse_partitioned(emulator, named, "GetMessageById is not allowed on partitioned-topic")
    ledger = existing_topic(emulator, named).ledger
    ledger_id, entry_id = whole_number(named["ledger"]), whole_number(named["entry"])
    segment = next((segment for segment in ledger.segments if segment.ledger_id == ledger_id), None)
    if segment is None or not segment.entries:
        raise NotFound("Message id not found")
    last = len(segment.entries) - 1
    if entry_id > last:
        raise UnexpectedError(f"LastConfirmedEntry is {ledger_id}:{last} when reading entry {entry_id}")
    return _shown(None if entry_id < 0 else segment.entries[entry_id])


@routes("GET", _TOPIC + "/messageid/{time_ms}")
def id_by_time(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show the id of the first message published at a time or later; the place after the last one when there is none."""
    refuse_not_stored(named, "Get message ID by timestamp")
    refuse_partitioned(emulator, named, _NOT_BY_TIME)
    topic = existing_topic(emulator, named)
    position = topic.ledger.position_at(whole_number(named["time_ms"]))
    segment = topic.ledger.segment_of(position)
    place = {"ledgerId": segment.ledger_id, "entryId": position - segment.first}
    return answer_json({**place, "partitionIndex": topic.name.partition_index, "batchIndex": -1, "batchSize": 0})
