"""Where in a topic a body says (``ResetCursorData``): a message by its id, or one of the topic's ends as a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pfemu.admin.answer import UnexpectedError
from pfemu.admin.bodies import read_as
from pfemu.model.configuration.config_reading import JsonValue, Place, Reading, read_plain_flag, read_plain_integer, read_plain_long, refuse
from pfemu.model.configuration.config_structures import part, read_text_map, setting
from pfemu.model.subscription import InitialPosition

if TYPE_CHECKING:
    from pfemu.admin.request import Request
    from pfemu.broker.topic import Topic

_CLASS = "org.apache.pulsar.client.impl.ResetCursorData"
_ENDS = {"latest": InitialPosition.LATEST, "earliest": InitialPosition.EARLIEST}


@dataclass(frozen=True, slots=True)
class ResetCursorData:
    """A place in a topic; ``end`` is set instead of an id where a text said so."""

    ledger_id: int = setting(read_plain_long, default=0)
    entry_id: int = setting(read_plain_long, default=0)
    partition_index: int = setting(read_plain_integer, default=-1)
    batch_index: int = setting(read_plain_integer, default=-1)
    excluded: bool = setting(read_plain_flag, default=False, name="isExcluded")
    properties: Mapping[str, str | None] | None = setting(read_text_map)
    end: InitialPosition | None = None

    def start_in(self, topic: Topic) -> InitialPosition | int:
        """Return where a subscription made here begins."""
        return topic.ledger.position_of(self.ledger_id, self.entry_id) if self.end is None else self.end

    def position_in(self, topic: Topic) -> int:
        """Return the position in a topic's log."""
        start = self.start_in(topic)
        if isinstance(start, InitialPosition):
            return topic.ledger.first_position if start is InitialPosition.EARLIEST else topic.ledger.next_position
        return start

    @property
    def noted(self) -> dict[str, str]:
        """The properties of the subscription to be made."""
        return {name: value or "" for name, value in (self.properties or {}).items()}


_data = part(ResetCursorData, _CLASS)


def read_place(reading: Reading, place: Place, value: JsonValue) -> ResetCursorData | None:
    """Read a place, None for null."""
    if not isinstance(value, str):
        return _data(reading, place, value)
    if value not in _ENDS:
        allowed = "Allowed values are [latest, earliest]"
        refuse(place, f"Cannot construct instance of `{_CLASS}`, problem: Invalid value {value} for the position. {allowed}")
    return ResetCursorData(end=_ENDS[value])


def given_place(request: Request) -> ResetCursorData:
    """Return where a body says.

    Raises:
        UnexpectedError: there is none.
    """
    place = read_as(request, read_place)
    if place is None:
        raise UnexpectedError(f'Cannot invoke "{_CLASS}.getLedgerId()" because "resetCursorData" is null')
    return place
