"""``python -m pfemu``, and what the ``pfemu`` command starts."""

import sys


def main() -> int:
    """Run the command line; return the exit code. Ctrl-C while it is imported ends it as it does later."""
    try:
        from pfemu.cli.main import main as run
    except KeyboardInterrupt:
        from pfemu.cli.exit_codes import INTERRUPTED

        sys.stderr.write("interrupted\n")
        return INTERRUPTED
    return run()


if __name__ == "__main__":
    sys.exit(main())
