"""The ``pfemu`` command: its sub-commands, and the last word when something ends it."""

from __future__ import annotations

import os
import sys

import click

import pfemu
from pfemu.cli.check import check
from pfemu.cli.exit_codes import INTERRUPTED, USAGE
from pfemu.cli.functions import functions
from pfemu.cli.graph import graph
from pfemu.cli.inspect import inspect
from pfemu.cli.run import run


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(pfemu.__version__, "-V", "--version", message="pfemu %(version)s (as Apache Pulsar 4.0)")
def cli() -> None:
    """Run Apache Pulsar Functions on your own machine: a broker, the functions' runtime and this command in one process.

    \b
    pfemu run function.py                    type messages, see what the function does
    cat lines.txt | pfemu run function.py    every line is a message, outputs go to stdout
    pfemu check function.py                  what a cluster would refuse, ignore or trip on
    pfemu graph pfemu.yaml                   functions and their topics as a picture
    pfemu inspect 42                         what a function gets of these bytes
    pfemu functions list                     pulsar-admin functions, for a running pfemu run --admin-port
    pfemu run --help                         all options, with examples
    """  # noqa: D301 - click's own mark for lines that are not to be joined


cli.add_command(run)
cli.add_command(check)
cli.add_command(graph)
cli.add_command(inspect)
cli.add_command(functions)


def main() -> int:
    """Run the command line; return the exit code."""
    _have_streams()
    try:
        return cli.main(standalone_mode=False) or 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        sys.stderr.write("interrupted\n")
        return INTERRUPTED
    except OSError as error:  # a full disk, most of all
        sys.stderr.write(f"error: {error}\n")
        return USAGE
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else 1


def _have_streams() -> None:
    """Let what goes to a stream that whoever started this has closed go nowhere."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - it stays open
