"""``python -m pfemu``, and what the ``pfemu`` command starts."""

import sys

from pfemu.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
