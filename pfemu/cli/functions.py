"""The ``functions`` command: ``pulsar-admin functions`` without a JVM, for a running ``pfemu run --admin-port`` or a Pulsar."""

from __future__ import annotations

import sys

import click

from pfemu.cli.exit_codes import USAGE
from pfemu.cli.options.cluster_options import DEFAULT_ADMIN_URL
from pfemu.cli.options.flags import option

_EXAMPLES = """
Creates, changes and asks functions by the admin REST of a running `pfemu run --admin-port 8080`, or of a Pulsar.

COMMANDs, their flags and what they print are those of `pulsar-admin functions`: create, update, get, list, status, stats, start,
stop, restart, trigger, querystate, putstate, delete, upload, download, available-functions, reload.

\b
Examples:
  pfemu functions create --py shout.py --classname shout.Shout --inputs words --output shouted --name shout
  pfemu functions trigger --name shout --trigger-value hello
  pfemu functions status --name shout
  pfemu functions querystate --name count -k tea
  pfemu functions --admin-url http://127.0.0.1:9090 list
  pfemu functions create --help

\b
Exit codes: 0 done, 1 refused or not understood, 2 nobody answers.
"""


@click.command(
    "functions",
    help=_EXAMPLES,
    short_help="Create, change and ask functions of a running emulator.",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@option("admin-url", default=DEFAULT_ADMIN_URL, metavar="URL", help=f"Whose functions. [default: {DEFAULT_ADMIN_URL}]")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="COMMAND [FLAGS]...")
@click.pass_context
def functions(context: click.Context, admin_url: str, arguments: tuple[str, ...]) -> None:
    """Run a command of ``pulsar-admin functions``."""
    from pfemu.cli.pulsar_admin.admin_calls import AdminCalls
    from pfemu.cli.pulsar_admin.functions_command import FunctionsCommand
    from pfemu.errors import InputError

    if not arguments:
        click.echo(context.get_help())
        return
    try:
        outcome = FunctionsCommand(AdminCalls(admin_url), relative_paths=True).run(arguments)
    except InputError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(USAGE)
    for line in outcome.stdout:
        click.echo(line)
    for line in outcome.stderr:
        click.echo(line, err=True)
    sys.exit(outcome.exit_code)
