"""Reports of reloads as lines for a person, and as events."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING

from pfemu.cli.reporting.previews import payload_preview
from pfemu.cli.reporting.replay_text import replay_event, replay_lines
from pfemu.model.english import counted
from pfemu.reload.reports import ConfigurationRefused, Configured, Reloaded, ReloadFailed, Replayed, Report

if TYPE_CHECKING:
    from pfemu.cli.reporting.events import Event
    from pfemu.cli.reporting.styles import Styles

_FAILED_SHOWN = 5


def report_lines(report: Report, styles: Styles, function: str = "") -> Iterator[str]:
    """Yield what to tell a person; ``function`` goes before it where there are several."""
    lines = _lines(report, styles)
    first = next(lines)
    yield f"{styles.strong(function)}: {first}" if function else first
    yield from lines


def _lines(report: Report, styles: Styles) -> Iterator[str]:
    if isinstance(report, Reloaded):
        yield from _reloaded(report, styles)
    elif isinstance(report, ReloadFailed):
        yield styles.error_title(f"not reloaded: {report.error}")
        lines = report.traceback.splitlines()
        yield from (styles.error(f"  {line}") for line in lines[lines[0] == report.error :])
        yield styles.warning(f"still running #{report.still_running}")
    elif isinstance(report, Configured):
        yield from _configured(report, styles)
    elif isinstance(report, ConfigurationRefused):
        yield styles.error_title(f"configuration not changed: {report.error}")
    elif isinstance(report, Replayed):
        yield from replay_lines(report, styles)


def _reloaded(report: Reloaded, styles: Styles) -> Iterator[str]:
    parts = [f"reloaded #{report.generation} in {report.ms} ms", _names(report.files), f"state {counted(report.state_keys, 'key')} kept"]
    if report.redelivered:
        parts.append(f"{report.redelivered} unacknowledged redelivered")
    if report.busy:
        parts.append("a message is still being processed by the code before")
    yield styles.strong(" · ".join(parts))
    for failed in report.failed[-_FAILED_SHOWN:]:
        yield styles.faint(f"  again: {failed.message_id} {payload_preview(failed.payload, 60)} ({failed.error})")
    if len(report.failed) > _FAILED_SHOWN:
        yield styles.faint(f"  and {len(report.failed) - _FAILED_SHOWN} more")
    if report.threads:
        yield styles.warning(f"  threads of the code before run on, and nothing can end them: {', '.join(report.threads)}")
    for warning in report.warnings:
        yield styles.warning(f"  warning: {warning}")


def _configured(report: Configured, styles: Styles) -> Iterator[str]:
    how = "instances started anew" if report.restarted else "in force from the next message on"
    yield styles.strong(f"configuration changed in {report.ms} ms · {how}")
    for name, (before, after) in report.changes.items():
        yield f"  {name}: {before!r} → {after!r}"


def _names(files: tuple[str, ...]) -> str:
    if not files:
        return "asked for"
    first = PurePath(files[0]).name
    return first if len(files) == 1 else f"{first} (+{counted(len(files) - 1, 'file')})"


def report_event(report: Report) -> Event:
    """Return the event of a report."""
    if isinstance(report, Reloaded):
        return {
            "event": "reload",
            "generation": report.generation,
            "ms": report.ms,
            "files": list(report.files),
            "state_keys": report.state_keys,
            "redelivered": report.redelivered,
            "failed": [{"message_id": each.message_id, "error": each.error} for each in report.failed],
            "threads": list(report.threads),
        }
    if isinstance(report, ReloadFailed):
        return {
            "event": "reload_failed",
            "error": report.error,
            "traceback": report.traceback,
            "still_running": report.still_running,
            "files": list(report.files),
        }
    if isinstance(report, Configured):
        return {"event": "config", "changes": {name: list(pair) for name, pair in report.changes.items()}, "restarted": report.restarted}
    if isinstance(report, ConfigurationRefused):
        return {"event": "config_refused", "error": report.error}
    return replay_event(report)
