"""Recordings replayed and compared, in a process that behaves like a function's own."""

from __future__ import annotations

import gc
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.traces.comparing import Difference, differences
from tests.traces.normalising import Normaliser
from tests.traces.recording import Recording
from tests.traces.replay import Replay, Through
from tests.traces.scripts import run_script


def differences_of(recording: Recording, through: Through = lambda answer: answer) -> list[Difference]:
    """Return where the emulator did something else than Pulsar did; ``through`` is as :class:`Replay` takes it."""
    with _own_process():
        normalise, replayed = _replayed(recording, through)
        if recording.leaves_coroutines:
            gc.collect()  # here, where Python may say that nobody awaited them, and not during some other test
    recorded = {name: value for name, value in recording.recorded.items() if name not in {"recorded_with", "unstable"}}
    return list(differences(normalise(recorded), replayed))


def _replayed(recording: Recording, through: Through) -> tuple[Normaliser, Any]:
    replay = Replay(recording.folder, through)
    normalise = Normaliser(replay.ns, recording.user_files)
    try:
        replayed = replay.run(recording.scenario) if recording.script is None else run_script(recording, replay)
        return normalise, normalise(replayed)
    finally:
        replay.close()


_LOGGERS_OF_SCENARIOS = {"a", "lib", "quiet", "some", "kid", "in", "root"}


@contextmanager
def _own_process() -> Iterator[None]:
    """Set what the real instance sets for its process: the root logger's level, and warnings as Python's default has them."""
    level, threading_hook = logging.root.level, threading.excepthook
    logging.root.setLevel(logging.INFO)
    threading.excepthook = threading.__excepthook__
    with _own_loggers(), warnings.catch_warnings():
        warnings.resetwarnings()
        warnings.simplefilter("default")
        for category in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning):
            warnings.simplefilter("ignore", category)
        warnings.showwarning = _show_warning
        try:
            yield
        finally:
            logging.root.setLevel(level)
            threading.excepthook = threading_hook


@contextmanager
def _own_loggers() -> Iterator[None]:
    """Give back what functions change of ``logging``, which ends with their process there."""
    names = logging.getLevelNamesMapping()
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
        logging.raiseExceptions = True
        for level in set(logging.getLevelNamesMapping().values()) - set(names.values()):
            logging.addLevelName(level, f"Level {level}")
        for name in list(logging.root.manager.loggerDict):
            if name.partition(".")[0] in _LOGGERS_OF_SCENARIOS:
                logger = logging.getLogger(name)
                logger.setLevel(logging.NOTSET)
                logger.propagate = True


def _show_warning(message: Warning | str, category: type[Warning], filename: str, lineno: int, *_others: object) -> None:
    sys.stderr.write(warnings.formatwarning(message, category, filename, lineno))
