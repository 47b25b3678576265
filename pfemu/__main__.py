"""``python -m pfemu``, and what the ``pfemu`` command starts."""

import sys

_INTERRUPTED = 130


def main() -> int:
    """Run the command line; return the exit code. Ctrl-C while it is imported ends it as it does later."""
    try:
        from pfemu.cli.main import main as run
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return _INTERRUPTED
    return run()


if __name__ == "__main__":
    sys.exit(main())
