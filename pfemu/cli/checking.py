"""What ``pfemu check`` looks at: everything up to the first message, as ``pfemu run`` would do it.

The function is deployed in an emulator that nothing is sent to: the worker's checks, the package, the class and its constructor, the
consumers with their SerDes and schemas. Then the output's, which an instance makes only when it has an output.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from pfemu.cli.deployment import Deployment, deployment
from pfemu.cli.start_errors import CONFIGURATION_REFUSED, USAGE, exit_code, explained
from pfemu.emulator import Emulator
from pfemu.errors import PfemuError
from pfemu.model.function_registration import create
from pfemu.model.happenings import OUTPUT_CANNOT_BE_ENCODED
from pfemu.model.ignored_settings import NO_CLASS_NAME
from pfemu.model.pulsar_version import release_line
from pfemu.runtime.preflight import each_message_fails, input_failures

if TYPE_CHECKING:
    from pfemu.cli.settings import FunctionRequest, RunSettings
    from pfemu.function_handle import FunctionHandle
    from pfemu.model.function_warning import FunctionWarning

OK = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found; ``code`` is the exit code it alone would give."""

    level: Literal["error", "warning"]
    about: str
    text: str
    source: str = ""
    code: int = OK

    def __str__(self) -> str:
        return f"{self.level}: {f'{self.about} ' if self.about else ''}{self.text}"


@dataclass(frozen=True, slots=True)
class CheckReport:
    """All that was found of a function, which has no name where not even its configuration can be read."""

    function: str | None
    findings: tuple[Finding, ...]

    @property
    def exit_code(self) -> int:
        """That of the first error; 0 without."""
        return next((each.code for each in self.findings if each.level == "error"), OK)


def checked(settings: RunSettings, request: FunctionRequest) -> CheckReport:
    """Check a function. What its code prints goes to stderr."""
    found: Deployment | None = None
    warnings: list[FunctionWarning] = []
    with redirect_stdout(sys.stderr):
        try:
            release_line(settings.cluster.pulsar_version)
            found = deployment(request)
            errors = _deployed(found, warnings)
        except Exception as error:  # noqa: BLE001 - the edge: whatever keeps it from starting is a finding
            errors = _refused(found, error, full_traceback=settings.full_traceback)
    findings = [*errors, *_unless_an_error(warnings, errors, strict=settings.cluster.strict)]
    return CheckReport(None if found is None else found.source.fqfn, tuple(findings))


def _deployed(found: Deployment, warnings: list[FunctionWarning]) -> list[Finding]:
    """Deploy it, and return what would fail with the first message."""
    with Emulator(on_warning=warnings.append) as emulator:
        return list(_failing_later(emulator.create_function(found.source, pass_prints_on=False)))


def _failing_later(function: FunctionHandle) -> Iterator[Finding]:
    loaded = function.function.instances[0].loaded
    if loaded is not None and loaded.warnings and each_message_fails(loaded):
        yield Finding("error", "", loaded.warnings[0], code=USAGE)
    for warning in function.warnings:
        if warning.text == NO_CLASS_NAME.text:
            yield Finding("error", warning.about, warning.text, warning.source, CONFIGURATION_REFUSED)
        if warning.text == OUTPUT_CANNOT_BE_ENCODED.text:
            yield Finding("error", warning.about, warning.text, warning.source, USAGE)


def _refused(found: Deployment | None, error: Exception, *, full_traceback: bool) -> list[Finding]:
    """Return why it does not start: by the name of the setting where an input's SerDe or schema is the reason."""
    if found is not None and not isinstance(error, PfemuError):
        named = [
            Finding("error", setting, f"cannot be made, and no instance starts: {type(raised).__name__}: {raised}", code=_code(raised))
            for setting, raised in input_failures(create(found.source.config), found.source.load())
        ]
        if named:
            return named
    return [Finding("error", "", explained(error, full_traceback=full_traceback), code=exit_code(error))]


def _code(raised: Exception) -> int:
    """A pattern is nothing that could be loaded."""
    return CONFIGURATION_REFUSED if isinstance(raised, re.error) else USAGE


def _unless_an_error(warnings: list[FunctionWarning], errors: list[Finding], *, strict: bool) -> Iterator[Finding]:
    said = {error.text for error in errors}
    for warning in warnings:
        if warning.text not in said:
            finding = Finding("warning", warning.about, warning.text, warning.source)
            yield replace(finding, level="error", code=CONFIGURATION_REFUSED) if strict and warning.strict else finding
