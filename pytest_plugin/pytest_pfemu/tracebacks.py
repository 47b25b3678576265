"""Tracebacks of failed tests end at the test's own line: the frames of pfemu below it tell nobody what to change.

Where pfemu did not raise the error on purpose, the line at which it broke stays.
"""

from __future__ import annotations

import linecache
import sys
from collections.abc import Iterator
from types import FrameType, TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

_OWN_PACKAGES = {"pfemu", "pytest_pfemu"}
_OWN_FIXTURES = {"pulsar_emulator", "pulsar_context"}


def hide_own_frames(item: pytest.Item, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
    """Take the frames of pfemu out of an error of a test that uses it; ``pytest --full-trace`` shows them.

    Of a test without its fixtures only where the error is pfemu's own: what else breaks there may be what it tests.
    """
    if item.config.getoption("fulltrace") or getattr(excinfo.value, "pytrace", True) is False:
        return  # the second is pytest.fail(text, pytrace=False)
    if not (_uses_fixtures(item) or _is_refusal(excinfo.value)):
        return
    for error in _chain(excinfo.value):
        error.__traceback__ = _without_own(error.__traceback__)
        if error.__cause__ is not None and _is_refusal(error):
            error.__cause__ = None  # its text has what it came from, as far as that is the user's
    kept = {id(each.tb_frame) for each in _links(excinfo.value.__traceback__)}
    excinfo.traceback = excinfo.traceback.filter(lambda entry: id(entry.frame.raw) in kept)


def _uses_fixtures(item: pytest.Item) -> bool:
    return not _OWN_FIXTURES.isdisjoint(getattr(item, "fixturenames", ()))


def _is_refusal(error: BaseException) -> bool:
    errors = sys.modules.get("pfemu.errors")
    return errors is not None and isinstance(error, errors.PfemuError) and not isinstance(error, errors.InternalError)


def _without_own(trace: TracebackType | None) -> TracebackType | None:
    kept = list(_kept(list(_links(trace))))
    for each, following in zip(kept, [*kept[1:], None], strict=True):
        each.tb_next = following
    return kept[0] if kept else None


def _kept(links: list[TracebackType]) -> Iterator[TracebackType]:
    """Yield what is neither pfemu's nor, called by it, pulsar-client's."""
    below_own = False
    for each in links:
        below_own = _is_own(each.tb_frame) or (below_own and _package(each.tb_frame) == "pulsar")
        if not below_own or (each is links[-1] and not _raises(each)):
            yield each


def _is_own(frame: FrameType) -> bool:
    """Whether pytest should not hear of a frame; of those that hide themselves it should, to say that something is hidden."""
    return _package(frame) in _OWN_PACKAGES and not frame.f_locals.get("__tracebackhide__")


def _package(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]


def _raises(trace: TracebackType) -> bool:
    """Whether an error arose where somebody wrote ``raise``."""
    return linecache.getline(trace.tb_frame.f_code.co_filename, trace.tb_lineno).lstrip().startswith("raise ")


def _links(trace: TracebackType | None) -> Iterator[TracebackType]:
    while trace is not None:
        yield trace
        trace = trace.tb_next


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error, then what it came from, each once."""
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        yield following
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)
