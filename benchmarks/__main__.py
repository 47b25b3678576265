"""Run every benchmark of this folder and print one table: ``python -m benchmarks [name ...]``."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from benchmarks.rows import Row, print_rows

NOT_BENCHMARKS = {"__init__", "__main__", "rows"}


def main(names: list[str]) -> None:
    """Measure the named benchmarks, or all."""
    known = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in NOT_BENCHMARKS)
    unknown = [name for name in names if name not in known]
    if unknown:
        sys.exit(f"no benchmark {', '.join(unknown)}; there are: {', '.join(known)}")
    for name in names or known:
        print(f"\n{name}: measuring ...", file=sys.stderr, flush=True)
        rows: list[Row] = []
        for row in import_module(f"benchmarks.{name}").measure():
            rows.append(row)
            print("  ".join(row.cells()).rstrip(), file=sys.stderr, flush=True)
        print(f"\n{name}")
        print_rows(rows)


if __name__ == "__main__":
    main(sys.argv[1:])
