"""The ``graph`` command: functions and their topics as a picture."""

from __future__ import annotations

import shutil
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pfemu.cli.options.flags import admin_options, option
from pfemu.cli.run import function_options, function_settings

if TYPE_CHECKING:
    from pfemu.cli.reporting.styles import Styles
    from pfemu.topology.graph import Topology
    from pfemu.topology.terminal_picture import Paints

_EXAMPLES = """
Shows which functions read and write which topics.

TARGETs and flags are those of `pfemu run`. What is drawn is known for sure: inputs, outputs and log topics of the configuration, and the
topics that the code names where it publishes. What only a run can tell is said below the picture, or seen with --observed.

\b
Examples:
  pfemu graph pfemu.yaml
  pfemu graph split.py count.yaml --format mermaid
  pfemu graph --format svg -o pipeline.svg
  pfemu graph --observed
"""
_WIDTH_WITHOUT_TERMINAL = 100
_SHAPES = {".svg": "svg", ".mmd": "mermaid", ".mermaid": "mermaid", ".json": "json", ".txt": "terminal", "": "terminal"}


@click.command("graph", help=_EXAMPLES, short_help="Show functions and their topics as a picture.")
@function_options
@option(
    "format",
    "shape",
    type=click.Choice(["terminal", "mermaid", "svg", "json"]),
    default=None,
    help="What to write. [default: by the name of the file, else terminal]",
)
@option("output-file", "-o", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Where to, instead of stdout.")
@option("observed", is_flag=True, help="Send a project's seeds first, and show what came of them, with figures.")
@partial(admin_options, short_names=False)
def graph(**arguments: Any) -> None:  # noqa: ANN401 - click hands every option over by its name
    """Show functions and their topics."""
    from pfemu.cli.graphing import topology_of
    from pfemu.cli.reporting.styles import Styles, wants_color
    from pfemu.cli.start_errors import exit_code, explained

    file: Path | None = arguments["output_file"]
    shape: str = arguments["shape"] or _shape_of(file)
    settings = function_settings(arguments)
    try:
        found = topology_of(settings.functions, observed=arguments["observed"])
    except Exception as error:  # noqa: BLE001 - the edge: everything becomes a message and an exit code
        styles = Styles(on=wants_color(settings.color, sys.stderr))
        click.echo(styles.error(f"error: {explained(error, full_traceback=settings.full_traceback)}"), err=True, color=True)
        sys.exit(exit_code(error))
    styles = Styles(on=file is None and wants_color(settings.color, sys.stdout))
    text = "\n".join(_lines(found, shape, styles)) + "\n"
    if file is None:
        click.echo(text, nl=False, color=True)
    else:
        file.write_text(text, encoding="utf-8")


def _shape_of(file: Path | None) -> str:
    suffix = "" if file is None else file.suffix
    if suffix not in _SHAPES:
        known = ", ".join(sorted(filter(None, _SHAPES)))
        raise click.UsageError(f"A name that ends in {suffix} does not tell what to write: say --format, or end it in one of {known}.")
    return _SHAPES[suffix]


def _lines(found: Topology, shape: str, styles: Styles) -> list[str]:
    if shape == "mermaid":
        from pfemu.topology.mermaid import mermaid

        return mermaid(found)
    if shape == "svg":
        from pfemu.topology.svg import svg

        return svg(found)
    if shape == "json":
        from pfemu.topology.document import document

        return document(found)
    from pfemu.topology.terminal_picture import picture

    return picture(found, shutil.get_terminal_size((_WIDTH_WITHOUT_TERMINAL, 24)).columns, paints(styles))


def paints(styles: Styles) -> Paints:
    """Return how the parts of a picture look."""
    from pfemu.topology.terminal_picture import Paints

    return Paints(function=styles.strong, topic=styles.published, fact=styles.faint)
