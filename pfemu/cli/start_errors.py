"""Errors that keep a run from starting, as text for a person and an exit code."""

from __future__ import annotations

import sysconfig
import traceback

from pfemu.cli.exit_codes import CONFIGURATION_REFUSED, USAGE
from pfemu.cli.running.pump import ENDLESS
from pfemu.errors import BrokerError, ConfigError, EndlessLoopError, InputError, LoadError, PfemuError

_STANDARD_LIBRARY = sysconfig.get_path("stdlib")


def exit_code(error: Exception) -> int:
    """Return 3 for a configuration that is refused, 2 for anything else that cannot be loaded or read."""
    return CONFIGURATION_REFUSED if isinstance(error, ConfigError | BrokerError) or _of_pulsar(error) else USAGE


def explained(error: Exception, *, full_traceback: bool) -> str:
    """Return what to tell: the error's own text if it is one of ours, else where it comes from as well."""
    if full_traceback:
        return "".join(traceback.format_exception(error)).rstrip()
    if isinstance(error, ConfigError):
        return "\n".join([f"The configuration is refused: {error}", *getattr(error, "__notes__", ())])
    if isinstance(error, LoadError | InputError):
        return str(error)
    if isinstance(error, PfemuError):  # an endless loop's own words tell a program what it may do
        return ENDLESS if isinstance(error, EndlessLoopError) else f"{type(error).__name__}: {error}"
    if _of_pulsar(error):
        refused = f"A cluster takes this configuration, but no instance starts with it: {type(error).__name__}: {error}"
        return "\n".join([refused, *getattr(error, "__notes__", ())])
    return _unforeseen(error)


def _unforeseen(error: Exception) -> str:
    """Return what to tell of an error that nobody foresaw, with its traceback where some of it is the user's."""
    from pfemu.runtime.traceback_text import user_frames, user_traceback

    frames = user_frames(error.__traceback__)
    if frames is None or frames.tb_frame.f_code.co_filename.startswith(_STANDARD_LIBRARY):
        return f"No instance starts: {type(error).__name__}: {error}"
    return f"No instance starts:\n{user_traceback(error).rstrip()}"


def _of_pulsar(error: Exception) -> bool:
    """Tell whether pulsar-client raised it: by its class, or by the frame it comes from."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    raised_in = "" if trace is None else str(trace.tb_frame.f_globals.get("__name__", ""))
    return any(name.partition(".")[0] in {"pulsar", "_pulsar"} for name in (type(error).__module__, raised_in))
