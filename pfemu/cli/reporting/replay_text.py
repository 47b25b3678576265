"""What a replay showed: for each input that comes to something else, before → after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from pfemu.cli.reporting.events import payload_fields
from pfemu.cli.reporting.previews import payload_preview
from pfemu.model.english import counted

if TYPE_CHECKING:
    from pfemu.cli.reporting.events import Event
    from pfemu.cli.reporting.styles import Styles
    from pfemu.reload.reports import Effects, Replayed, ReplayedInput
    from pfemu.runtime.state.state_table import StateContent

_WIDTH = 60
_NOTHING = "nothing"


def replay_lines(report: Replayed, styles: Styles) -> Iterator[str]:
    """Yield the lines of a replay."""
    different = [each for each in report.inputs if each.differs]
    outcome = counted(len(different), "differs", "differ")
    yield styles.strong(
        f"replayed {counted(len(report.inputs), 'input')} on #{report.generation} · {outcome if different else 'nothing differs'}"
    )
    for each in different:
        yield styles.faint(f"  {each.message_id} {payload_preview(each.payload, _WIDTH)}")
        yield from (f"    {what:<10} {styles.error(before)} → {styles.output(after)}" for what, before, after in _changes(each))


def _changes(replayed: ReplayedInput) -> Iterator[tuple[str, str, str]]:
    before, after = replayed.before, replayed.after
    for what, old, new in (
        ("output", [payload_preview(each, _WIDTH) for each in before.outputs], [payload_preview(each, _WIDTH) for each in after.outputs]),
        ("publish", _published(before), _published(after)),
        ("metric", _named(before.metrics), _named(after.metrics)),
        ("log", _named(before.logs), _named(after.logs)),
        ("exception", [before.exception or _NOTHING], [after.exception or _NOTHING]),
    ):
        if old != new:
            yield what, ", ".join(old) or _NOTHING, ", ".join(new) or _NOTHING
    for key in sorted({*before.state, *after.state}):
        if before.state.get(key) != after.state.get(key):
            yield f"state {key}", _content(before.state, key), _content(after.state, key)


def _published(effects: Effects) -> list[str]:
    return [f"{topic}: {payload_preview(payload, _WIDTH)}" for topic, payload in effects.published]


def _named(pairs: Sequence[tuple[str, object]]) -> list[str]:
    return [f"{name} {value}" for name, value in pairs]


def _content(state: Mapping[str, tuple[StateContent | None, StateContent | None]], key: str) -> str:
    if key not in state:
        return "unchanged"
    content = state[key][1]
    return _NOTHING if content is None else payload_preview(content, _WIDTH) if isinstance(content, bytes) else str(content)


def replay_event(report: Replayed) -> Event:
    """Return the event of a replay."""
    inputs = [
        {
            "message_id": each.message_id,
            **payload_fields(each.payload),
            "differs": each.differs,
            "before": _effects(each.before),
            "after": _effects(each.after),
        }
        for each in report.inputs
    ]
    return {"event": "replay", "generation": report.generation, "differ": sum(each.differs for each in report.inputs), "inputs": inputs}


def _effects(effects: Effects) -> dict[str, object]:
    return {
        "outputs": [payload_fields(each) for each in effects.outputs],
        "published": [{"topic": topic, **payload_fields(payload)} for topic, payload in effects.published],
        "state": {key: [_plain(each) for each in pair] for key, pair in effects.state.items()},
        "metrics": [{"name": name, "value": value} for name, value in effects.metrics],
        "logs": [{"level": level, "message": message} for level, message in effects.logs],
        "exception": effects.exception,
    }


def _plain(content: StateContent | None) -> object:
    return content.decode(errors="backslashreplace") if isinstance(content, bytes) else content
