"""What ``pfemu check`` looks at: everything up to the first message, as ``pfemu run`` would do it.

The function is deployed in an emulator that nothing is sent to: the worker's checks, the package, the class and its constructor, the
consumers with their SerDes and schemas. Then the output's, which an instance makes only when it has an output.
"""

from __future__ import annotations

import re
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pfemu.cli.deployment import Deployment, deployment
from pfemu.cli.exit_codes import CONFIGURATION_REFUSED, OK, USAGE
from pfemu.cli.planning import Plan, planned, project_in
from pfemu.cli.start_errors import exit_code, explained
from pfemu.emulator import Emulator
from pfemu.errors import ConfigError, PfemuError
from pfemu.model.functions.function_registration import create
from pfemu.model.pulsar_version import release_line
from pfemu.model.warnings.happenings import OUTPUT_CANNOT_BE_ENCODED
from pfemu.model.warnings.ignored_settings import NO_CLASS_NAME
from pfemu.runtime.preflight import each_message_fails, input_failures
from pfemu.runtime.traceback_text import error_with_notes

if TYPE_CHECKING:
    from pfemu.cli.options.settings import FunctionRequest, RunSettings
    from pfemu.cli.project.values import Project
    from pfemu.function_handle import FunctionHandle
    from pfemu.model.warnings.function_warning import FunctionWarning


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
    """All that was found of a function, which has no name where not even its configuration can be read; or of a project.

    ``asked_for`` is what to call it without a name.
    """

    function: str | None
    findings: tuple[Finding, ...]
    asked_for: str = "the function"

    @property
    def exit_code(self) -> int:
        """That of the first error; 0 without."""
        return next((each.code for each in self.findings if each.level == "error"), OK)


def checked_all(settings: RunSettings) -> list[CheckReport]:
    """Check the functions that are asked for, and the project that they are of. What their code prints goes to stderr."""
    try:
        plan = planned(settings.functions)
        problem = None if plan.project is None else _project_problem(plan.project)
    except PfemuError as error:
        problem, plan = error, Plan(())
    if problem is not None:
        finding = Finding("error", "", explained(problem, full_traceback=settings.full_traceback), code=exit_code(problem))
        return [CheckReport(None, (finding,), _asked_for(settings.functions[0]))]
    reports: list[CheckReport] = []
    for request in plan.functions:
        report = checked(settings, request, plan.project)
        if report.function is not None and report.function in {each.function for each in reports}:
            taken = Finding("error", "", f"Function {report.function.rpartition('/')[2]} already exists", code=CONFIGURATION_REFUSED)
            report = replace(report, findings=(taken, *report.findings))
        reports.append(report)
    names = [report.function for report in reports if report.function is not None]
    return reports if plan.project is None or len(names) < len(reports) else [*_state_problem(plan.project, names), *reports]


def _asked_for(request: FunctionRequest) -> str:
    named = request.flags.get("py") or request.flags.get("function-config-file") or project_in(Path()) or "the function"
    return request.target or request.config_name or str(named)


def _project_problem(project: Project) -> PfemuError | None:
    """Return why the topics, policies and seeds of a project cannot be had."""
    from pfemu.cli.project.applying import prepare
    from pfemu.cli.project.seeding import read_lines

    try:
        with Emulator() as emulator:
            prepare(emulator, project)
        for seed in project.seeds:
            deque(read_lines(seed.lines) if seed.lines is not None else (), maxlen=0)
    except PfemuError as error:
        return error
    return None


def _state_problem(project: Project, names: list[str]) -> Iterator[CheckReport]:
    from pfemu.cli.project.applying import preload_state

    with Emulator() as emulator:
        try:
            preload_state(emulator, project.state, names)
        except ConfigError as error:
            yield CheckReport(None, (Finding("error", "", str(error), code=CONFIGURATION_REFUSED),), str(project.path))


def checked(settings: RunSettings, request: FunctionRequest, project: Project | None = None) -> CheckReport:
    """Check a function. What its code prints goes to stderr."""
    found: Deployment | None = None
    warnings: list[FunctionWarning] = []
    with redirect_stdout(sys.stderr):
        try:
            release_line(settings.cluster.pulsar_version)
            found = deployment(request)
            errors = _deployed(found, warnings, project)
        except Exception as error:  # noqa: BLE001 - the edge: whatever keeps it from starting is a finding
            errors = _refused(found, error, full_traceback=settings.full_traceback)
    findings = [*errors, *_unless_an_error(warnings, errors, strict=settings.cluster.strict)]
    return CheckReport(None if found is None else found.source.fqfn, tuple(findings), _asked_for(request))


def _deployed(found: Deployment, warnings: list[FunctionWarning], project: Project | None) -> list[Finding]:
    """Deploy it, and return what would fail with the first message."""
    with Emulator(on_warning=warnings.append) as emulator:
        if project is not None:
            from pfemu.cli.project.applying import prepare

            prepare(emulator, project)
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
            Finding("error", setting, f"cannot be made, and no instance starts: {error_with_notes(raised)}", code=_code(raised))
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
