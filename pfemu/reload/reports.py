"""What there is to say of a reload. Values; the command line words them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pfemu.runtime.state.state_table import StateContent


@dataclass(frozen=True, slots=True)
class FailedMessage:
    """A message that raised on the old code, and now comes again."""

    message_id: str
    payload: bytes
    error: str


@dataclass(frozen=True, slots=True)
class Reloaded:
    """New code is in force from the next message on. ``ms`` counts from the last event of the save."""

    generation: int
    ms: int
    files: tuple[str, ...]
    state_keys: int
    redelivered: int
    failed: tuple[FailedMessage, ...] = ()
    """Those of the redelivered messages that are known; the last of them only."""
    threads: tuple[str, ...] = ()
    """Names of threads that the old code has started, and that still run."""
    busy: bool = False
    """Whether a message is still being processed by the code before."""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReloadFailed:
    """The code on disk cannot be used; what ran before runs on."""

    error: str
    traceback: str
    still_running: int
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Configured:
    """The configuration was changed as an update changes it. ``changes``: by field, before and after."""

    ms: int
    changes: Mapping[str, tuple[object, object]]
    restarted: bool


@dataclass(frozen=True, slots=True)
class ConfigurationRefused:
    """The configuration on disk cannot replace the one that is in force; ``error`` is the worker's refusal."""

    error: str


@dataclass(frozen=True, slots=True)
class Effects:
    """What one input came to: outputs and publications, state, metrics, logs, and the exception it raised."""

    outputs: tuple[bytes, ...] = ()
    published: tuple[tuple[str, bytes], ...] = ()
    state: Mapping[str, tuple[StateContent | None, StateContent | None]] = field(default_factory=dict)
    metrics: tuple[tuple[str, float], ...] = ()
    logs: tuple[tuple[str, str], ...] = ()
    exception: str | None = None


@dataclass(frozen=True, slots=True)
class ReplayedInput:
    """One input, and what it came to on the code before and on the new code."""

    message_id: str
    payload: bytes
    before: Effects
    after: Effects

    @property
    def differs(self) -> bool:
        """Whether the edit changed anything for it."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Replayed:
    """The last inputs, run again on new code in a sandbox."""

    generation: int
    inputs: tuple[ReplayedInput, ...]


Report = Reloaded | ReloadFailed | Configured | ConfigurationRefused | Replayed
