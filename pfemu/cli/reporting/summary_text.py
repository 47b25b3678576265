"""The summary as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from pfemu.model.english import counted

if TYPE_CHECKING:
    from pfemu.cli.reporting.styles import Styles
    from pfemu.cli.reporting.summary import Summary

_NAMED_TOPICS = 8


def summary_lines(summary: Summary, styles: Styles, *, show_state: bool, is_one_of_several: bool = False) -> Iterator[str]:
    """Yield state and metrics if asked for, then the figures: what is long comes first, so that the end says how it went."""
    if show_state:
        yield from state_lines(summary.state, summary.counters, styles, summary.function if is_one_of_several else "")
    if summary.metrics is not None:
        yield summary.metrics.rstrip("\n")
    yield _figures(summary, styles)
    if summary.ended_by is not None:
        what = f"{summary.ended_by} ended the function's thread: a cluster shows it as running, and it never processes again."
        yield styles.error(summary.died_of or what)
    if summary.published:
        yield styles.faint(f"published: {_by_topic(summary)}")
    for topic, subscriptions in summary.backlog.items():
        for subscription, backlog in subscriptions.items():
            if backlog:
                yield styles.warning(f"backlog: {counted(backlog, 'message')} of {topic} not acknowledged by {subscription}")


def _figures(summary: Summary, styles: Styles) -> str:
    failed = summary.user_exceptions + summary.system_exceptions
    figures = [
        f"received {summary.received:,}",
        f"processed {summary.processed:,}",
        styles.error(f"failed {failed:,}") if failed else "failed 0",
        f"outputs {summary.outputs:,}",
        f"{summary.seconds:.2f} s",
    ]
    return f"{styles.strong(summary.function)}{' (interrupted)' if summary.interrupted else ''}: {' · '.join(figures)}"


def _by_topic(summary: Summary) -> str:
    most = sorted(summary.published.items(), key=lambda item: -item[1])
    shown = ", ".join(f"{topic} {count:,}" for topic, count in most[:_NAMED_TOPICS])
    return shown if len(most) <= _NAMED_TOPICS else f"{shown} and {counted(len(most) - _NAMED_TOPICS, 'more topic')}"


def state_lines(state: Mapping[str, object], counters: Mapping[str, int], styles: Styles, function: str = "") -> Iterator[str]:
    """Yield a function's state, counters by size; ``function`` names it where there are several."""
    title = f"state of {function}:" if function else "state:"
    yield styles.strong(title) if state or counters else styles.faint(f"{title} empty")
    for key, value in state.items():
        yield f"  {key} = {value!r}"
    for key, count in sorted(counters.items(), key=lambda item: (-item[1], item[0])):
        yield f"  {key} = {count}"
