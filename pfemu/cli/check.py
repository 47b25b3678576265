"""The ``check`` command: what a cluster would refuse, ignore or trip on, without a message."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from pfemu.cli.options.cluster_options import cluster_settings, strictness_options
from pfemu.cli.options.flags import admin_options, option
from pfemu.cli.run import function_options, function_settings
from pfemu.model.english import counted

if TYPE_CHECKING:
    from pfemu.cli.checking import CheckReport
    from pfemu.cli.reporting.styles import Styles

_EXAMPLES = """
Says what a cluster would refuse, ignore or trip on, without sending a function a message.

TARGETs and flags are those of `pfemu run`. The code is loaded and constructed, as by an instance that starts: the configuration,
the names of topics, the package and what it requires, the class and its process, SerDes and schemas.

\b
Examples:
  pfemu check exclamation.py
  pfemu check function.yaml --strict
  pfemu check functions.zip --classname functions.Greet --inputs a --output b --json

\b
Exit codes: 0 a cluster would run it, 2 it cannot be loaded or each message would fail,
3 it would be refused (with --strict: or there is something to warn about).
"""


@click.command("check", help=_EXAMPLES, short_help="Say what a cluster would refuse, ignore or trip on.")
@function_options
@option("json", "as_json", is_flag=True, help="One JSON object for each function on stdout.")
@strictness_options
@admin_options
def check(**arguments: Any) -> None:  # noqa: ANN401 - click hands every option over by its name
    """Check a function."""
    from pfemu.cli.checking import checked_all
    from pfemu.cli.reporting.styles import Styles, wants_color

    settings = function_settings(arguments, cluster=cluster_settings(arguments))
    reports = checked_all(settings)
    styles = Styles(on=wants_color(settings.color, sys.stdout))
    for report in reports:
        for line in [_json(report)] if arguments["as_json"] else _lines(report, styles):
            click.echo(line, color=True)
    sys.exit(max(report.exit_code for report in reports))


def _json(report: CheckReport) -> str:
    findings = [{"level": each.level, "about": each.about, "text": each.text, "source": each.source} for each in report.findings]
    return json.dumps({"function": report.function, "exitCode": report.exit_code, "findings": findings}, ensure_ascii=False)


def _lines(report: CheckReport, styles: Styles) -> Iterator[str]:
    for finding in report.findings:
        yield (styles.error if finding.level == "error" else styles.warning)(str(finding))
    name = report.function or report.asked_for
    counts = {level: sum(each.level == level for each in report.findings) for level in ("error", "warning")}
    figures = ", ".join(counted(count, level) for level, count in counts.items() if count)
    yield f"{name}: {figures or 'nothing that a cluster would refuse or ignore'}"
